"""A task: its own fields and three lists of lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.czech import czk
from planning.plans.enums import IndicatorKind, PartyRole
from planning.plans.fields import CommaDecimalField, CrownsField
from planning.plans.models import FundingSource, Task
from planning.plans.values import FundingValues, IndicatorValues, PartyValues, TaskValues
from providers.directory.models import Organisation

from .base import CODE_HINT, NEW_CODE_HINT, ValuesForm, still_valid

MOST_LINES = 60


class TaskForm(ValuesForm, forms.ModelForm):
    """The task's own fields."""

    cost_planned = CrownsField(label=_("Planned costs (CZK)"), required=False)

    class Meta:
        model = Task
        fields = [
            "code", "title", "description", "date_from", "date_to", "term_text", "cost_planned", "cost_note",
        ]  # fmt: skip
        widgets = {
            "code": forms.TextInput(attrs={"class": "code-input", "autocomplete": "off"}),
            "title": forms.Textarea(attrs={"rows": 2, "class": "title-input"}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "date_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "date_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {
            "title": {"required": _("Write what is to be done.")},
            "date_from": {"invalid": _("Write the day as 1. 3. 2021.")},
            "date_to": {"invalid": _("Write the day as 1. 3. 2021.")},
        }

    def __init__(
        self, data=None, *, initial: Mapping[str, Any] | None = None, is_new: bool = False
    ):
        super().__init__(data, initial=initial)
        self.fields["code"].required = False
        self.fields["code"].help_text = NEW_CODE_HINT if is_new else CODE_HINT

    def clean_title(self):
        """A title is one line, however it was pasted."""
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("date_from"), cleaned.get("date_to")
        if start and end and end < start:
            # The constraint of the table would say it on top of the form, away from the field.
            del cleaned["date_to"]
            self.add_error("date_to", _("The term cannot end before it begins."))
        return cleaned


class LineForm(forms.Form):
    """One line of a list. A line left empty is no line."""

    # Which fields tell lines apart, what to say of a line that stands twice, what is never empty.
    key: tuple[str, ...] = ()
    twice = ""
    always_given: tuple[str, ...] = ()

    def has_changed(self):
        return any(
            (self.data.get(self.add_prefix(name)) or "").strip()
            for name, field in self.fields.items()
            if not field.widget.is_hidden and name not in self.always_given
        )


class PartyForm(LineForm):
    key = ("role", "name")
    always_given = ("role",)
    twice = _("This party is already listed.")

    role = forms.ChoiceField(label=_("Role"), choices=PartyRole, initial=PartyRole.RESPONSIBLE)
    name = forms.CharField(
        label=_("Organisation or name"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )
    # Which organisation stood here: a name kept as it was written need not be its name of today.
    organisation = forms.IntegerField(required=False, widget=forms.HiddenInput)


class FundingForm(LineForm):
    key = ("source",)
    twice = _("This source is already listed.")

    source = forms.TypedChoiceField(
        label=_("Source"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Choose the source of the money.")},
    )
    amount = CrownsField(label=_("Amount (CZK)"), required=False)
    note = forms.CharField(label=_("Note"), max_length=160, required=False)


class IndicatorForm(LineForm):
    key = ("name",)
    always_given = ("kind",)
    twice = _("This indicator is already listed.")

    kind = forms.ChoiceField(label=_("Kind"), choices=IndicatorKind, initial=IndicatorKind.OUTPUT)
    name = forms.CharField(
        label=_("What is measured"),
        max_length=200,
        error_messages={"required": _("Write what is measured.")},
    )
    planned = CommaDecimalField(
        label=_("Planned value"), required=False, max_digits=14, decimal_places=2
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)


class Lines(BaseFormSet):
    """A list of lines in which every line may be left empty, and none may stand twice."""

    def initial_form_count(self):
        return 0

    def clean(self):
        seen = set()
        for form in self.forms:
            cleaned = form.cleaned_data if form.is_valid() else {}
            if not cleaned or not form.has_changed():
                continue
            key = tuple(str(cleaned[name]).casefold() for name in form.key)
            if key in seen:
                form.add_error(form.key[-1], form.twice)
            seen.add(key)

    def filled(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.has_changed()]


_LINES = {
    name: formset_factory(form, Lines, max_num=MOST_LINES, absolute_max=MOST_LINES)
    for name, form in {
        "parties": PartyForm,
        "funding": FundingForm,
        "indicators": IndicatorForm,
    }.items()
}


class TaskInput:
    """The whole page of a task: its fields, parties, funding and indicators."""

    def __init__(
        self,
        data=None,
        *,
        initial: Mapping[str, Any] | None = None,
        loaded: Mapping[str, Any] | None = None,
        blank: Mapping[str, int] | None = None,
        is_new: bool = False,
    ):
        """From ``data`` posted by the page, or from plain values with ``blank`` lines more in each list.

        ``loaded`` are the plain values the page was filled with: a party whose name stands as it was
        written keeps its organisation.
        """
        shown = initial or {}
        self.loaded = loaded or {}
        self.form = TaskForm(data, initial=shown, is_new=is_new)
        self.lists: dict[str, Lines] = {}
        for name, lines in _LINES.items():
            if data is not None:
                self.lists[name] = lines(data, prefix=name)
                continue
            rows = list(shown.get(name) or [])
            self.lists[name] = lines(initial=rows, prefix=name)
            self.lists[name].extra = len(rows) + (blank or {}).get(name, 0 if rows else 1)
            if blank and name in blank:
                first = next(iter(self.lists[name].forms[-1].fields.values()))
                first.widget.attrs["autofocus"] = True
        for form in self.lists["funding"].forms:
            form.fields["source"].choices = [("", "–"), *self.sources]

    @cached_property
    def sources(self) -> list[tuple[int, str]]:
        """Key and name of each source one may choose today or has chosen before. Causes one query."""
        chosen = [row.get("source") for row in self.lists["funding"].initial or []]
        if self.form.is_bound:
            chosen = [
                value
                for key, value in self.form.data.items()
                if key.startswith("funding-") and key.endswith("-source")
            ]
        keys = [key for key in chosen if str(key).isdecimal()]
        return [
            (source.pk, source.name) for source in still_valid(FundingSource.objects.all(), keys)
        ]

    @cached_property
    def organisations(self) -> list[tuple[str, int, str]]:
        """Label, key and name of each organisation; the label tells namesakes apart. Causes one query."""
        rows = list(Organisation.objects.order_by("sort_key").values_list("pk", "name", "ico"))
        names = [name for _pk, name, _ico in rows]
        return [
            (
                _t("%(name)s (IČO %(ico)s)") % {"name": name, "ico": ico}
                if ico and names.count(name) > 1
                else name,
                pk,
                name,
            )
            for pk, name, ico in rows
        ]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(lines.is_valid() for lines in self.lists.values())])

    def values(self) -> TaskValues:
        cleaned = self.form.cleaned_data
        return TaskValues(
            **{name: cleaned[name] for name in TaskForm.Meta.fields},
            parties=tuple(
                sorted(self._parties(), key=lambda party: party.role != PartyRole.RESPONSIBLE)
            ),
            funding=tuple(
                FundingValues(line["source"], line["amount"], line["note"])
                for line in self.lists["funding"].filled()
            ),
            indicators=tuple(
                IndicatorValues(line["kind"], line["name"], line["unit"], line["planned"])
                for line in self.lists["indicators"].filled()
            ),
        )

    def _parties(self) -> Iterator[PartyValues]:
        known = {label.casefold(): (pk, name) for label, pk, name in self.organisations}
        as_written = {
            (party["organisation"], party["name"]) for party in self.loaded.get("parties", [])
        }
        for line in self.lists["parties"].filled():
            if (line["organisation"], line["name"]) in as_written:
                yield PartyValues(line["role"], line["name"], line["organisation"])
                continue
            pk, name = known.get(line["name"].casefold(), (None, line["name"]))
            yield PartyValues(line["role"], name, pk)

    # What the error summary and the comparison of two people's work ask for.

    @property
    def errors(self) -> list:
        return (
            [
                self.form.errors,
                *(form.errors for lines in self.lists.values() for form in lines.forms),
            ]
            if any(self._all_errors())
            else []
        )

    def _all_errors(self) -> Iterator[Any]:
        if self.form.is_bound:
            yield self.form.errors
            for lines in self.lists.values():
                yield lines.non_form_errors()
                yield from lines.errors

    def non_field_errors(self) -> list[str]:
        return [
            *self.form.non_field_errors(),
            *(
                error
                for lines in self.lists.values()
                if lines.is_bound
                for error in lines.non_form_errors()
            ),
        ]

    def __iter__(self) -> Iterator[forms.BoundField]:
        yield from self.form
        for lines in self.lists.values():
            for form in lines.forms:
                yield from form

    def add_errors(self, error: ValidationError) -> None:
        self.form.add_errors(error)

    def label_of(self, name: str) -> str:
        labels = {
            "parties": _("Who"),
            "funding": _("Sources of funding"),
            "indicators": _("Indicators"),
        }
        return str(labels[name]) if name in labels else self.form.label_of(name)

    def say(self, name: str, value: Any) -> str:
        """A plain value in words; a list of lines one under another."""
        if name == "parties":
            return "\n".join(f"{PartyRole(row['role']).label}: {row['name']}" for row in value)
        if name == "funding":
            names = {source.pk: str(source) for source in FundingSource.objects.all()}
            return "\n".join(
                ", ".join(
                    filter(None, [names.get(row["source"], ""), czk(row["amount"]), row["note"]])
                )
                for row in value
            )
        if name == "indicators":
            field = IndicatorForm.base_fields["planned"]
            return "\n".join(
                f"{row['name']}: {field.prepare_value(row['planned']) or '–'} {row['unit']}".rstrip()
                for row in value
            )
        return self.form.say(name, value)


def lines_as_typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was posted by the page of a task, unchecked, in the shape of plain values.

    Serves the buttons that add or take away a line without saving.
    """
    typed: dict[str, Any] = {name: data.get(name, "") for name in TaskForm.Meta.fields}
    for name, lines in _LINES.items():
        total = data.get(f"{name}-TOTAL_FORMS", "")
        count = min(int(total), MOST_LINES) if total.isdecimal() else 0
        typed[name] = [
            {field: data.get(f"{name}-{index}-{field}", "") for field in lines.form.base_fields}
            for index in range(count)
        ]
    return typed
