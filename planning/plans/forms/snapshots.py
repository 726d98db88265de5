"""Keeping a working version and choosing to whom it goes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Committee
from planning.plans.models import Snapshot


class SnapshotForm(forms.ModelForm):
    """The name and what is new; ``token`` lets a form sent twice keep one snapshot."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Snapshot
        fields = ["title", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _(
            "Left empty, it is called “Working version 1” and so on."
        )


class SendForm(forms.Form):
    """Committees in charge to which the snapshot has not gone yet."""

    committees = forms.ModelMultipleChoiceField(
        label=_("To the members of"),
        queryset=Committee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one committee.")},
    )

    def __init__(self, data, *, snapshot: Snapshot):
        super().__init__(data)
        waiting = snapshot.version.committees_in_charge().exclude(
            pk__in=snapshot.sendings.values("committee")
        )
        self.fields["committees"].queryset = waiting.distinct().order_by("name")  # type: ignore[attr-defined]
