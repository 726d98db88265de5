"""Input of the pages on which meetings are prepared and answered."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.models import Committee, Seat
from committees.people.models import Person
from documents.store.uploads import DOCUMENTS, PICTURES, CheckedFileField
from kpss.moments import moment_of

from .enums import Answer, Format
from .models import AgendaItem, Meeting

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
HOUR = {
    "widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    "input_formats": ["%H:%M", "%H:%M:%S", "%H.%M"],
}


class MeetingForm(forms.Form):
    """When, where and how; ``values`` are what the services take once the form is valid."""

    title = forms.CharField(
        label=_("What it is about"),
        max_length=200,
        required=False,
        help_text=_("Only when it is not an ordinary meeting. For example: constituent meeting"),
    )
    day = forms.DateField(label=_("Day"), **DAY)
    start = forms.TimeField(label=_("Begins at"), **HOUR)
    end = forms.TimeField(
        label=_("Ends at"),
        required=False,
        help_text=_("An estimate."),
        **HOUR,
    )
    format = forms.ChoiceField(
        label=_("How people meet"),
        choices=Format,
        widget=forms.RadioSelect,
        initial=Format.IN_PERSON,
    )
    place = forms.CharField(label=pgettext_lazy("meeting", "Place"), max_length=200, required=False)
    online_url = forms.URLField(
        label=_("Link for online attendance"),
        max_length=500,
        required=False,
        help_text=_("Only those who are invited see it."),
    )
    message = forms.CharField(
        label=_("Words of the invitation"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_("What people should know beforehand. The public does not see it."),
    )
    is_public = forms.BooleanField(label=_("Open to the public"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    known = forms.IntegerField(widget=forms.HiddenInput, required=False)
    short_notice_confirmed = forms.BooleanField(
        label=_("I know that the notice is short"), required=False
    )

    @classmethod
    def to_plan(cls, committee: Committee, data=None) -> "MeetingForm":
        """An empty form of a new meeting, or the one that was sent."""
        rules = committee.rules_on(timezone.localdate())
        last = Meeting.objects.filter(committee=committee).exclude(place="").first()
        form = cls(
            data,
            initial={
                "token": uuid.uuid4(),
                "place": last.place if last else "",
                "is_public": rules is not None and rules.meetings_public,
            },
        )
        del form.fields["known"], form.fields["short_notice_confirmed"]
        return form

    @classmethod
    def to_change(cls, meeting: Meeting, data=None) -> "MeetingForm":
        """The form with what stands now; the tick comes only once the notice is found short."""
        form = cls(
            data,
            initial={
                "title": meeting.title,
                "day": meeting.day,
                "start": timezone.localtime(meeting.starts_at).time(),
                "end": meeting.ends_at and timezone.localtime(meeting.ends_at).time(),
                "format": meeting.format,
                "place": meeting.place,
                "online_url": meeting.online_url,
                "message": meeting.message,
                "is_public": meeting.is_public,
                "known": meeting.sequence,
            },
        )
        del form.fields["token"]
        form.hide_tick()
        return form

    def hide_tick(self) -> None:
        self.fields["short_notice_confirmed"].widget = forms.HiddenInput()

    def ask_for_tick(self, sentence: str) -> None:
        """Show the tick with the reason why it is needed."""
        field = self.fields["short_notice_confirmed"]
        field.widget = forms.CheckboxInput()
        field.help_text = sentence
        self.add_error("short_notice_confirmed", _t("Confirm that you know it, or change the day."))

    def clean(self):
        cleaned = super().clean()
        cleaned["starts_at"] = self._moment("start")
        cleaned["ends_at"] = self._moment("end")
        starts_at, ends_at = cleaned["starts_at"], cleaned["ends_at"]
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("end", _t("The meeting cannot end before it begins."))
        if cleaned.get("format") == Format.IN_PERSON:
            cleaned["online_url"] = ""
        return cleaned

    def _moment(self, name: str):
        day, hour = self.cleaned_data.get("day"), self.cleaned_data.get(name)
        if day is None or hour is None:
            return None
        try:
            return moment_of(day, hour)
        except ValidationError as error:
            self.add_error(name, error)
            return None

    @property
    def values(self) -> dict[str, Any]:
        """Columns of the meeting."""
        names = (
            "title",
            "starts_at",
            "ends_at",
            "format",
            "place",
            "online_url",
            "message",
            "is_public",
        )
        return {name: self.cleaned_data[name] for name in names}

    def add_faults(self, invalid: ValidationError) -> None:
        """Put what the service refused at the fields of this form."""
        at = {"starts_at": "day", "ends_at": "end"}
        if not hasattr(invalid, "error_dict"):
            self.add_error(None, invalid)
            return
        for name, errors in invalid.error_dict.items():
            self.add_error(at.get(name, name), errors)


class ItemForm(forms.ModelForm):
    """One item of the agenda; in the pages items hang one under another in two levels."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AgendaItem
        fields = [
            "title",
            "parent",
            "presenter",
            "minutes",
            "text",
            "verb",
            "proposal",
            "is_internal",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "proposal": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "minutes": _("How long it should take."),
            "presenter": _("Members see it, the public does not."),
            "proposal": _("What will be put to the vote, if anything."),
        }

    def __init__(self, *args, meeting: Meeting, **kwargs):
        kwargs.setdefault("instance", AgendaItem(meeting=meeting))
        kwargs.setdefault("initial", {"token": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        item = self.instance
        above = AgendaItem.objects.filter(meeting=meeting, parent=None).order_by("position", "pk")
        if item.pk:
            del self.fields["token"]
            above = above.exclude(pk=item.pk)
            if item.children.exists():
                above = above.none()
        self.fields["parent"].queryset = above
        self.fields["parent"].empty_label = _("no other, it stands by itself")
        self.fields["verb"].choices = [
            ("", _("nothing is put to the vote")),
            *[choice for choice in self.fields["verb"].choices if choice[0]],
        ]

    @property
    def values(self) -> dict[str, Any]:
        """Columns of the item."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class StepForm(forms.Form):
    """↑ or ↓ beside an item."""

    up = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class PaperForm(forms.Form):
    """A file to an item."""

    file = CheckedFileField(kinds=(*DOCUMENTS, *PICTURES), label=_("File"))
    for_public = forms.BooleanField(
        label=_("Show it to the public too"),
        required=False,
        help_text=_("Leave it empty when the paper names people or is for members only."),
    )


class PublishForm(forms.Form):
    """Whether a paper is for the public."""

    for_public = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1"
    )


class CallForm(forms.Form):
    """The last page before people are called; the tick is there only when the notice is short."""

    short_notice_confirmed = forms.BooleanField(
        label=_("I know it and call the meeting anyway"), required=False
    )


class CancelForm(forms.Form):
    """Why the meeting does not take place."""

    note = forms.CharField(
        label=_("Why it is cancelled"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Those invited read it in the mail, the public on the page of the meeting."),
    )


class GuestForm(forms.Form):
    """A guest: somebody the portal knows by e-mail, or a name."""

    who = forms.CharField(
        label=_("Name or e-mail of a guest"),
        max_length=160,
        help_text=_(
            "By the e-mail of a person whom the portal knows the guest is invited by mail; by a name"
            " the guest only stands on the list."
        ),
    )

    def clean_who(self) -> str:
        who = self.cleaned_data["who"]
        self.person = None
        if "@" in who:
            self.person = Person.objects.filter(email__iexact=who, is_active=True).first()
            if self.person is None:
                raise ValidationError(
                    _t("The portal knows nobody with this e-mail. Write the name instead.")
                )
        return who

    @property
    def values(self) -> dict[str, Any]:
        """What ``add_guest`` takes."""
        return {"person": self.person, "name": "" if self.person else self.cleaned_data["who"]}


class SubstituteField(forms.ModelChoiceField):
    """A substitute told by name."""

    def label_from_instance(self, seat):
        return seat.person.get_full_name()


class AnswerForm(forms.Form):
    """Whether somebody comes; ``answers`` and ``substitutes`` are what can be chosen."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("to an invitation", "Answer"), widget=forms.RadioSelect
    )
    substitute = SubstituteField(
        Seat.objects.none(),
        label=_("Who will come in your place"),
        required=False,
        empty_label=_("choose a substitute"),
        help_text=_(
            "Choose somebody only when you send a substitute. We will invite them by mail."
        ),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For who prepares the meeting. For example: I will be half an hour late."),
    )

    def __init__(self, *args, answers: list[Answer], substitutes: list[Seat], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [(answer.value, answer.label) for answer in answers]
        if substitutes:
            self.fields["substitute"].queryset = Seat.objects.filter(
                pk__in=[seat.pk for seat in substitutes]
            ).select_related("person")
        else:
            del self.fields["substitute"]

    def clean(self):
        cleaned = super().clean()
        sends = cleaned.get("answer") == Answer.SUBSTITUTE
        if sends and cleaned.get("substitute") is None:
            self.add_error("substitute", _t("Choose who will come in your place."))
        elif not sends:
            cleaned["substitute"] = None
        return cleaned


class SettleForm(forms.Form):
    """A task is done, not needed, or to be done after all."""

    step = forms.ChoiceField(choices=[("finish", ""), ("cancel", ""), ("reopen", "")])
    note = forms.CharField(max_length=500, required=False)


class ListForm(forms.Form):
    """Which meetings of the calendar are shown."""

    skupina = forms.ModelChoiceField(
        Committee.objects.none(),
        to_field_name="slug",
        label=_("Committee"),
        required=False,
        empty_label=_("all"),
    )

    def __init__(self, *args, committees, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["skupina"].queryset = committees
