"""How the next version of a plan begins."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from planning.plans.models import PlanVersion


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
