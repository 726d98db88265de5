"""Entering what a committee decided elsewhere."""

from collections.abc import Iterable

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.store.uploads import PDF, CheckedFileField
from kpss import clock

from .enums import Verb
from .models import Committee, Resolution, Seat
from .services import VOTE_FIELDS, faults, number_taken_message, same_number

MEMBERS_AT_MOST = 1000


class ResolutionForm(forms.ModelForm):
    """An outside record of a resolution; its ``cleaned_data`` are what ``record_resolution`` takes.

    With ``committee`` the resolution is that committee's and the field is left out; ``verbs`` offers
    only some verbs. Every fault stands at its field. The form itself writes nothing.
    """

    chair_voted_for = forms.TypedChoiceField(
        label=_("How the chair voted"),
        required=False,
        choices=[
            ("", _("does not matter here")),
            ("True", _("for")),
            ("False", _("against or abstained")),
        ],
        coerce=lambda answer: answer == "True",
        empty_value=None,
        help_text=_("Only when the vote is a tie and the rules let the chair decide."),
    )
    paper = CheckedFileField(
        kinds=[PDF],
        label=_("Paper of the resolution"),
        required=False,
        help_text=_("An extract as PDF."),
    )

    class Meta:
        model = Resolution
        fields = [
            "committee",
            "number",
            "adopted_on",
            "mode",
            "verb",
            "text",
            "members_total",
            "members_present",
            "votes_for",
            "votes_against",
            "abstained",
            "excluded",
            "chair_voted_for",
            "url",
            "paper",
        ]
        widgets = {
            "adopted_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(
        self,
        *args,
        committee: Committee | None = None,
        verbs: Iterable[str] | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.committee = committee
        if "excluded" in self.fields:
            self.fields["excluded"].required = False
        if "members_total" in self.fields:  # the admin leaves fields out when it only shows them
            self.fields["members_total"].validators.append(MaxValueValidator(MEMBERS_AT_MOST))
        if committee is not None:
            self.fields.pop("committee", None)
            members = Seat.objects.current().voting().filter(committee=committee).count()
            self.fields["members_total"].initial = members or None
        if verbs is not None:
            offered = [(verb.value, verb.label) for verb in Verb if verb in set(verbs)]
            self.fields["verb"].choices = offered
            self.fields["verb"].initial = offered[0][0] if offered else None

    def clean(self):
        cleaned = super().clean()
        cleaned["file"] = cleaned.pop("paper", None)
        if "excluded" not in self.errors:
            cleaned["excluded"] = cleaned.get("excluded") or 0
        committee = self.committee or cleaned.get("committee")
        if committee is None:
            return cleaned
        for field, sentence in faults(
            committee, **{name: cleaned.get(name) for name in VOTE_FIELDS}
        ):
            self.add_error(field, sentence)
        asked = Resolution(
            pk=self.instance.pk,
            committee=committee,
            number=cleaned.get("number", ""),
            adopted_on=cleaned.get("adopted_on"),
        )
        if same_number(asked).exists():
            self.add_error("number", number_taken_message())
        return cleaned


class RosterForm(forms.Form):
    """As of which day the roster is shown; left empty, as of today. Its address says ``ke-dni``."""

    day = forms.DateField(
        label=_("Roster as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def add_prefix(self, field_name):
        return "ke-dni" if field_name == "day" else field_name

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_t("This day has not come yet."))
        return day
