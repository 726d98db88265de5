"""Input of the approval pages."""

import uuid

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Resolution
from kpss.templatetags.czech import cz_datetime

from . import bringing
from .enums import StepVerb
from .models import ApprovalStep


class ResolutionChoiceField(forms.ModelChoiceField):
    """A resolution told by its number, date and the beginning of its text."""

    def label_from_instance(self, resolution):
        return f"{resolution}: {Truncator(resolution.text).words(14)}"


class UseResolutionForm(forms.Form):
    """Choose a resolution of the step's committee that the portal already knows."""

    resolution = ResolutionChoiceField(
        Resolution.objects.none(), label=_("Resolution"), empty_label=_("Choose a resolution")
    )

    def __init__(self, *args, step: ApprovalStep, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resolution"].queryset = usable_resolutions(step)


class ReturnForm(forms.Form):
    """Why the version goes back for rework."""

    note = forms.CharField(
        label=_("What is to be reworked"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The reason stays in the history of the plan and members will read it."),
        max_length=4000,
    )


class MeetingChoiceField(forms.ModelChoiceField):
    """A meeting told by its day and hour."""

    def label_from_instance(self, meeting):
        return cz_datetime(meeting.starts_at)


class PerRollamForm(forms.Form):
    """Until when the committee votes per rollam on the plan. The token makes one ballot of two clicks."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    deadline = forms.SplitDateTimeField(
        label=_("People vote until"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )

    def __init__(self, *args, step: ApprovalStep, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = bringing.usual_deadline(step)


class AgendaForm(forms.Form):
    """The meeting on whose agenda the plan is put."""

    meeting = MeetingChoiceField(None, label=_("Meeting"), empty_label=_("Choose a meeting"))

    def __init__(self, *args, step: ApprovalStep, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = bringing.meetings_to_choose(step)


def usable_resolutions(step: ApprovalStep):
    """Adopted resolutions of the committee with a verb that fits, by which no step was passed yet."""
    return (
        Resolution.objects.filter(
            committee=step.committee_id,
            is_adopted=True,
            approval_steps=None,
            verb__in=StepVerb(step.verb).resolution_verbs,
        )
        .order_by("-adopted_on", "-pk")
        .select_related("committee")
    )
