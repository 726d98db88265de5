"""Input of the approval pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Resolution

from .models import ApprovalStep


class UseResolutionForm(forms.Form):
    """Choose a resolution of the step's committee that the portal already knows."""

    resolution = forms.ModelChoiceField(
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


def usable_resolutions(step: ApprovalStep):
    """Adopted resolutions of the step's committee by which no step has been passed yet."""
    return (
        Resolution.objects.filter(committee=step.committee_id, is_adopted=True, approval_steps=None)
        .order_by("-adopted_on", "-pk")
        .select_related("committee")
    )
