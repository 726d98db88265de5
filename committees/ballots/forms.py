"""Input of the pages on which ballots per rollam are prepared and votes given."""

import datetime
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import Verb
from committees.bodies.models import Committee
from documents.store.uploads import DOCUMENTS, PICTURES, CheckedFileField
from kpss import clock
from kpss.moments import moment_of

from .enums import Choice
from .models import Ballot

VOTE_ENDS = datetime.time(18)
CONFLICT = "stret"


class BallotForm(forms.Form):
    """What is put to the vote and until when; ``values`` are what the services take."""

    title = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("A few words. For example: Contribution to transport of seniors"),
    )
    verb = forms.ChoiceField(label=_("What the resolution does"), choices=Verb)
    text = forms.CharField(
        label=_("Proposed resolution"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
        help_text=_("The whole sentence as it will stand in the resolution."),
    )
    background = forms.CharField(
        label=_("Explanation"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20000,
        required=False,
        help_text=_(
            "Why it is proposed. Only those who vote read it. You may use Markdown:"
            " headings, lists, links."
        ),
    )
    day = forms.DateField(
        label=_("People vote until: day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hour = forms.TimeField(
        label=_("People vote until: hour"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @classmethod
    def to_prepare(cls, committee: Committee, data=None) -> "BallotForm":
        """An empty form with the shortest deadline that the rules allow, or the one that was sent."""
        rules = committee.rules_on(clock.today())
        initial = {"token": uuid.uuid4(), "hour": VOTE_ENDS, "verb": Verb.APPROVES}
        if rules is not None:
            initial["day"] = clock.today() + datetime.timedelta(days=rules.per_rollam_days)
        return cls(data, initial=initial)

    @classmethod
    def to_change(cls, ballot: Ballot, data=None) -> "BallotForm":
        """The form with what stands now."""
        ends = ballot.deadline and timezone.localtime(ballot.deadline)
        form = cls(
            data,
            initial={
                "title": ballot.title,
                "verb": ballot.verb,
                "text": ballot.text,
                "background": ballot.background,
                "day": ends and ends.date(),
                "hour": ends and ends.time(),
            },
        )
        del form.fields["token"]
        return form

    def clean(self):
        cleaned = super().clean()
        day, hour = cleaned.pop("day", None), cleaned.pop("hour", None)
        if day is None or hour is None:
            return cleaned
        try:
            cleaned["deadline"] = moment_of(day, hour)
        except ValidationError as error:
            self.add_error("hour", error)
            return cleaned
        if cleaned["deadline"] <= clock.now():
            self.add_error("day", _t("This moment has passed already. Choose a later one."))
        return cleaned


class PaperForm(forms.Form):
    """One paper laid beside the proposal."""

    file = CheckedFileField(
        label=_("Paper"),
        kinds=(*DOCUMENTS, *PICTURES),
        help_text=_("PDF is best: everybody can open it on a phone."),
    )


class CancelForm(forms.Form):
    """Why a ballot is called off; those who were asked will read it."""

    note = forms.CharField(
        label=_("Why it is called off"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Those who were asked will get the reason by e-mail."),
    )


class VoteForm(forms.Form):
    """What a voter says: for, against, abstains, or has a conflict of interest."""

    REASON_MAX = 2000

    answer = forms.ChoiceField(
        label=_("Your vote"),
        choices=[*Choice.choices, (CONFLICT, pgettext_lazy("vote", "conflict of interest"))],
        error_messages={"required": _("Choose one of the buttons.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EnterVoteForm(VoteForm):
    """What somebody who called or sent a paper said, written down by who runs the ballot."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("What the member said")
        self.fields["answer"].widget = forms.RadioSelect(choices=self.fields["answer"].choices)
        self.fields["reason"].help_text = _("Only what the member wants to have written down.")
