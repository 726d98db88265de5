"""A priority, goal or measure, and its neighbours: what a coordinator writes, where she moves it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.territory.models import Municipality
from planning.plans.models import PlanNode
from planning.plans.values import NodeValues
from providers.directory.models import PlanningGroup, TargetGroup

from .base import CODE_HINT, NEW_CODE_HINT, ValuesForm, still_valid


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
        self.fields["code"].help_text = NEW_CODE_HINT if is_new else CODE_HINT
        self.fields["planning_group"].queryset = still_valid(
            PlanningGroup.objects.all(),
            data.get("planning_group") if data else shown.get("planning_group"),
        )
        self.fields["target_groups"].queryset = still_valid(
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
