"""What comes from the screens of a running meeting; everything else on them is a button."""

import uuid
from typing import NamedTuple, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.ballots.enums import Choice, Method
from committees.bodies.enums import Role, Verb
from committees.bodies.models import Seat

from .models import AgendaItem, Participant
from .table import Table


class Step(NamedTuple):
    """A button beside somebody's name: what to write down about whom."""

    name: str
    participant: int


class StepForm(forms.Form):
    """One of the buttons beside names: its name says what happened, its value to whom."""

    here = forms.IntegerField(required=False)
    online = forms.IntegerField(required=False)
    left = forms.IntegerField(required=False)
    excused = forms.IntegerField(required=False)
    undo = forms.IntegerField(required=False)

    def clean(self):
        pressed = [Step(name, key) for name, key in self.cleaned_data.items() if key]
        if len(pressed) != 1:
            raise forms.ValidationError(_("Choose one of the buttons."))
        return {"step": pressed[0]}


class GuestForm(forms.Form):
    guest_name = forms.CharField(label=_("Name of the guest"), max_length=160)


class RepresentForm(forms.Form):
    """Which substitute stands in for which member."""

    participant = forms.ChoiceField(label=pgettext_lazy("standing in", "Substitute"))
    seat = forms.ChoiceField(label=_("Stands in for"), required=False)

    def __init__(self, *args, table: Table, **kwargs):
        super().__init__(*args, **{"auto_id": "zastupuje_%s"} | kwargs)
        seats = {seat.pk: seat for seat in table.seats}
        self._substitutes = {
            one.pk: one
            for one in table.participants
            if one.seat_id in seats and seats[one.seat_id].role == Role.SUBSTITUTE
        }
        present = table.here
        self._members = {
            seat.pk: seat
            for seat in table.seats
            if Role(seat.role).votes and seat.person_id not in present
        }
        members = [(str(pk), str(seat.person)) for pk, seat in self._members.items()]
        _offer(self, "participant", _choices(self._substitutes))
        _offer(self, "seat", [("", pgettext_lazy("standing in", "nobody")), *members])

    @property
    def is_possible(self) -> bool:
        """Whether there is a substitute at all."""
        return bool(self._substitutes)

    def clean_participant(self) -> Participant:
        return self._substitutes[int(self.cleaned_data["participant"])]

    def clean_seat(self) -> Seat | None:
        seat = self.cleaned_data["seat"]
        return self._members[int(seat)] if seat else None


class ConflictForm(forms.Form):
    """Somebody with a voice who leaves a vote out."""

    participant = forms.ChoiceField(label=_("Who has a conflict of interest"))
    reason = forms.CharField(
        label=pgettext_lazy("conflict of interest", "Why"), max_length=300, required=False
    )

    def __init__(self, *args, table: Table, declared: set[int], **kwargs):
        super().__init__(*args, **{"auto_id": "stret_%s"} | kwargs)
        voices = {entry.person for entry in table.roll}
        self._people = {
            one.pk: one
            for one in table.participants
            if one.person_id in voices and one.pk not in declared
        }
        _offer(self, "participant", _choices(self._people))

    @property
    def is_possible(self) -> bool:
        return bool(self._people)

    def clean_participant(self) -> Participant:
        return self._people[int(self.cleaned_data["participant"])]


class OwnConflictForm(forms.Form):
    """A member's own conflict of interest at the item that her page showed."""

    item = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=pgettext_lazy("conflict of interest", "Why"),
        max_length=300,
        required=False,
        help_text=_("It is read out and stands in the minutes."),
    )


class ProposalForm(forms.Form):
    """The text of a resolution as it is put to the vote, and how people vote."""

    title = forms.CharField(
        label=_("What is voted on"),
        max_length=200,
        help_text=_("For example: the amendment of Mrs Nová"),
    )
    verb = forms.ChoiceField(label=_("What the resolution does"), choices=Verb)
    text = forms.CharField(label=_("Proposed resolution"), widget=forms.Textarea(attrs={"rows": 4}))
    method = forms.ChoiceField(label=_("How people vote"), choices=Method, widget=forms.RadioSelect)
    token = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, item: AgendaItem) -> "ProposalForm":
        """The form filled with what the agenda proposes, with a token of its own."""
        return cls(
            initial={
                "title": item.title[:200],
                "verb": item.verb or Verb.APPROVES,
                "text": item.proposal,
                "method": Method.HANDS,
                "token": uuid.uuid4(),
            }
        )


class SavedProposalForm(forms.Form):
    """The same text when it is only kept for later."""

    verb = forms.ChoiceField(label=_("What the resolution does"), choices=Verb)
    text = forms.CharField(label=_("Proposed resolution"), required=False)


def _number(label, **attrs) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off", **attrs}),
    )


class HandsForm(forms.Form):
    """Hands or slips as they were counted. How the chair voted is asked only when it decides."""

    votes_for = _number(pgettext_lazy("number of votes", "For"))
    votes_against = _number(pgettext_lazy("number of votes", "Against"))
    abstained = _number(pgettext_lazy("number of votes", "Abstained"))
    chair_voted_for = forms.TypedChoiceField(
        label=_("How the chair voted"),
        choices=[
            ("", pgettext_lazy("how the chair voted", "not needed")),
            ("yes", pgettext_lazy("how the chair voted", "for")),
            ("no", pgettext_lazy("how the chair voted", "not for")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, may_vote: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_vote = may_vote
        for name in ("votes_for", "votes_against", "abstained"):
            self.fields[name].widget.attrs["max"] = may_vote

    @property
    def asks_chair(self) -> bool:
        """Whether the count has come back because the chair decides a tie."""
        return self.is_bound and "chair_voted_for" in self.errors


class CallForm(forms.Form):
    """A button beside a voter: whose voice was called out, and what it said ("12-pro")."""

    vote = forms.RegexField(rf"^\d+-({'|'.join(Choice.values)})$")

    def clean_vote(self) -> tuple[int, str]:
        person, _dash, choice = self.cleaned_data["vote"].partition("-")
        return int(person), choice


class CastForm(forms.Form):
    """What somebody chose on her telephone, in which vote."""

    hlasovani = forms.IntegerField()
    volba = forms.ChoiceField(choices=Choice)


class CallOffForm(forms.Form):
    reason = forms.CharField(label=_("Why the vote is called off"), max_length=300)


class TaskForm(forms.Form):
    """A task given at the meeting."""

    text = forms.CharField(label=_("What is to be done"), max_length=500)
    person = forms.ChoiceField(label=pgettext_lazy("task from a meeting", "Who"), required=False)
    responsible = forms.CharField(
        label=pgettext_lazy("task from a meeting", "Somebody else"), max_length=160, required=False
    )
    due_on = forms.DateField(
        label=pgettext_lazy("task from a meeting", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, table: Table, **kwargs):
        super().__init__(*args, **{"auto_id": "ukol_%s"} | kwargs)
        self._people = {one.pk: one for one in table.participants if one.person_id}
        nobody = ("", pgettext_lazy("task from a meeting", "somebody else"))
        _offer(self, "person", [nobody, *_choices(self._people)])

    def clean_person(self):
        chosen = self.cleaned_data["person"]
        return self._people[int(chosen)].person if chosen else None

    def clean(self):
        if not self.cleaned_data.get("person") and not self.cleaned_data.get("responsible"):
            self.add_error("person", _("Say who does it."))
        return self.cleaned_data


class StampForm(forms.Form):
    """What the screen that asks for news has seen last."""

    z = forms.CharField(max_length=40, required=False)
    k = forms.CharField(max_length=40, required=False)


def _offer(form: forms.Form, name: str, choices: list) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def _choices(people: dict[int, Participant]) -> list[tuple[str, str]]:
    return [(str(pk), str(one)) for pk, one in people.items()]
