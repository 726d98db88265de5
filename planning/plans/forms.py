"""What a coordinator writes in the editor, turned into the values that services take.

Every form of the editor speaks the same small language: made from posted data or from plain values, it answers
``is_valid()`` and ``values()``, takes back ``add_error(None, …)``, and says a plain value in words by ``say()``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.codelists import CodeQuerySet
from kpss.czech import czk
from kpss.czech import date as czech_date
from kpss.territory.models import Municipality
from providers.directory.models import Organisation, PlanningGroup, Service, TargetGroup

from .enums import IndicatorKind, PartyRole
from .fields import CommaDecimalField, CrownsField
from .models import Chapter, FundingSource, PlanNode, PlanVersion, Task
from .values import (
    ChapterValues,
    FundingValues,
    IndicatorValues,
    NetworkValues,
    NodeValues,
    PartyValues,
    TaskValues,
)

MOST_LINES = 60
_NEW_CODE_HINT = _("Leave it empty and the next free number will be used.")
_CODE_HINT = _("The code stays the same wherever this moves, so that years can be compared.")


def _still_valid(items: CodeQuerySet, chosen: object) -> CodeQuerySet:
    """Items of a code list that may be chosen today, and those chosen earlier."""
    keys = chosen if isinstance(chosen, list | tuple) else [chosen]
    return items.filter(
        Q(pk__in=items.current().values("pk")) | Q(pk__in=[key for key in keys if key])
    ).order_by("position", "code")


class ValuesForm:
    """What forms of one table share: keep ``initial`` for choices, add errors from services, speak."""

    def add_errors(self, error: ValidationError) -> None:
        """Put errors of a service beside the fields, those of unknown fields on top."""
        for field, messages in _by_field(error).items():
            self.add_error(field if field in self.fields else None, messages)

    def label_of(self, name: str) -> str:
        return str(self.fields[name].label)

    def say(self, name: str, value: Any) -> str:
        """A plain value in words, as people see it in the form."""
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(str(item) for item in field.queryset.filter(pk__in=value or []))
        if isinstance(field, forms.ModelChoiceField):
            return str(field.queryset.filter(pk=value).first() or "") if value else ""
        if isinstance(field, forms.DateField):
            return czech_date(parse_date(value)) if value else ""
        if isinstance(field, CrownsField):
            return czk(value)
        return str(field.prepare_value(value) if value is not None else "")


def _by_field(error: ValidationError) -> dict[str, list]:
    if hasattr(error, "error_dict"):
        return error.error_dict
    return {NON_FIELD_ERRORS: error.error_list}


class NodeForm(ValuesForm, forms.ModelForm):
    """A priority, goal or measure."""

    class Meta:
        model = PlanNode
        fields = [
            "code", "title", "need", "goal", "description", "planning_group", "target_groups", "municipalities",
        ]  # fmt: skip
        widgets = {
            "code": forms.TextInput(attrs={"class": "code-input", "autocomplete": "off"}),
            "need": forms.Textarea(attrs={"rows": 4}),
            "goal": forms.Textarea(attrs={"rows": 4}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "target_groups": forms.CheckboxSelectMultiple,
            "municipalities": forms.CheckboxSelectMultiple,
        }
        error_messages = {"title": {"required": _("Write the title.")}}

    def __init__(
        self, data=None, *, initial: Mapping[str, Any] | None = None, is_new: bool = False
    ):
        super().__init__(data, initial=initial)
        shown = initial or {}
        self.fields["code"].required = False
        self.fields["code"].help_text = _NEW_CODE_HINT if is_new else _CODE_HINT
        self.fields["planning_group"].queryset = _still_valid(
            PlanningGroup.objects.all(),
            data.get("planning_group") if data else shown.get("planning_group"),
        )
        self.fields["target_groups"].queryset = _still_valid(
            TargetGroup.objects.all(),
            data.getlist("target_groups") if data else shown.get("target_groups"),
        )
        self.fields["municipalities"].queryset = Municipality.objects.in_district()

    def values(self) -> NodeValues:
        cleaned = self.cleaned_data
        return NodeValues(
            title=cleaned["title"],
            code=cleaned["code"],
            need=cleaned["need"],
            goal=cleaned["goal"],
            description=cleaned["description"],
            planning_group=cleaned["planning_group"].pk if cleaned["planning_group"] else None,
            target_groups=_keys(cleaned["target_groups"]),
            municipalities=_keys(cleaned["municipalities"]),
        )


def _keys(items: Iterable) -> tuple[int, ...]:
    return tuple(sorted(item.pk for item in items))


# --- A task: its own fields and three lists of lines -------------------------------------------------------------------


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
        self.fields["code"].help_text = _NEW_CODE_HINT if is_new else _CODE_HINT

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
            (source.pk, source.name) for source in _still_valid(FundingSource.objects.all(), keys)
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


# --- Chapters, the network ---------------------------------------------------------------------------------------------


class ChapterForm(ValuesForm, forms.ModelForm):
    """A chapter in Markdown."""

    class Meta:
        model = Chapter
        fields = ["title", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18, "class": "text-input"})}
        error_messages = {"title": {"required": _("Write the title.")}}

    def __init__(self, data=None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=initial)

    def values(self) -> ChapterValues:
        return ChapterValues(self.cleaned_data["title"], self.cleaned_data["body"])


class ServiceChoice(forms.ModelChoiceField):
    """Services grouped by their providers."""

    def label_from_instance(self, service):
        return f"{service.name} ({service.organisation.name})"


class NetworkForm(ValuesForm, forms.Form):
    """A service in the district network."""

    service = ServiceChoice(
        Service.objects.none(),
        label=_("Service"),
        error_messages={"required": _("Choose the service.")},
    )
    fte = CommaDecimalField(
        label=_("Full-time jobs"), required=False, min_value=0, max_digits=6, decimal_places=2
    )
    beds = forms.IntegerField(
        label=_("Beds"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, data=None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=initial)
        services = Service.objects.select_related("organisation").order_by("sort_key", "pk")
        standing = (initial or {}).get("service") or (data or {}).get("service")
        chosen = Q(pk=standing) if str(standing or "").isdecimal() else Q(pk=None)
        self.fields["service"].queryset = services.filter(
            Q(pk__in=Service.objects.public().values("pk")) | chosen
        )

    def values(self) -> NetworkValues:
        cleaned = self.cleaned_data
        return NetworkValues(
            cleaned["service"].pk, cleaned["fte"], cleaned["beds"], cleaned["note"]
        )


# --- Moves and versions --------------------------------------------------------------------------------------------------


class StepForm(forms.Form):
    """A press of ↑ or ↓ beside a thing: ``n12`` a node, ``t5`` a task, ``c3`` a chapter, ``s9`` a service."""

    up = forms.RegexField(r"^[ntcs]\d{1,18}$", required=False)
    down = forms.RegexField(r"^[ntcs]\d{1,18}$", required=False)

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("up")) == bool(cleaned.get("down")):
            raise ValidationError(_t("Say what should move and where."))
        return cleaned

    def ref(self) -> str:
        return self.cleaned_data["up"] or self.cleaned_data["down"]

    def step(self) -> int:
        return -1 if self.cleaned_data["up"] else 1


class OpenForm(forms.Form):
    """Which node of a large tree shows its tasks."""

    open = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class ItemForm(forms.Form):
    """Which node or task the page is about."""

    item = forms.RegexField(r"^[nt]\d{1,18}$")


class MoveForm(forms.Form):
    """Where a node or a task should stand: under what, and first, last or after which of its future siblings.

    The choice shows only what makes sense; whether a move is possible is for the service to say.
    """

    TOP = 0

    parent = forms.IntegerField(
        label=_("Under what"), min_value=TOP, max_value=2**63 - 1, widget=forms.Select
    )
    place = forms.RegexField(
        r"^(first|last|\d{1,18})$",
        label=_("Place"),
        widget=forms.RadioSelect(
            choices=[("last", _("as the last one")), ("first", _("as the first one"))]
        ),
        error_messages={"required": _("Choose the place.")},
    )

    def __init__(self, data=None, *, parents: list[tuple[int, str]], initial=None):
        super().__init__(data, initial=initial)
        self.fields["parent"].widget.choices = parents


class ConfirmForm(forms.Form):
    """The agreement to a deletion, with what the person was told would go."""

    nodes = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    tasks = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class VersionStartForm(forms.Form):
    """How the next version of a plan begins."""

    based_on = forms.ModelChoiceField(
        PlanVersion.objects.none(),
        label=_("Begin with"),
        required=False,
        blank=True,
        empty_label=_("an empty plan"),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What this version changes"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Members who follow the plan read it. For example: second working version after comments."
        ),
    )

    def __init__(self, data=None, *, sources, initial=None):
        super().__init__(data, initial=initial)
        self.fields["based_on"].queryset = sources
        self.fields["based_on"].label_from_instance = _copy_label


def _copy_label(version: PlanVersion) -> str:
    return _t("a copy: %(version)s (%(state)s)") % {
        "version": version,
        "state": version.get_state_display(),
    }


class DeriveForm(forms.Form):
    """Which parts of the plan above come into the action plan."""

    nodes = forms.ModelMultipleChoiceField(
        PlanNode.objects.none(),
        label=_("Parts of the plan above"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part of the plan.")},
    )

    def __init__(self, data=None, *, nodes):
        super().__init__(data)
        self.fields["nodes"].queryset = nodes
