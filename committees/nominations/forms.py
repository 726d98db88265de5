"""What people and coordinators write: an interest, answers to it, nominations and their end."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import CommitteeKind, Role, Side
from committees.bodies.models import Committee, Resolution, Seat
from committees.people.models import Person
from kpss import clock, phones
from kpss.robots import GuardedForm
from kpss.typography import NBSP
from providers.directory.models import Organisation

from .enums import Channel, InterestState, Standing
from .models import Interest, Nomination
from .services import InterestValues, NominationValues

WORDS_MAX = 2000


def committees_to_join():
    """Public committees at work today where one may sit without being elected."""
    elected = [kind for kind in CommitteeKind if kind.is_elected]
    return (
        Committee.objects.filter(is_public=True)
        .active_on(clock.today())
        .exclude(kind__in=elected)
        .order_by("position", "sort_key")
    )


def committees_to_fill():
    """Committees at work today to which somebody may be nominated; hidden ones too."""
    elected = [kind for kind in CommitteeKind if kind.is_elected]
    return Committee.objects.active_on(clock.today()).exclude(kind__in=elected)


class InterestFields(forms.Form):
    """What one says who wants to take part; on the site, on paper or by word."""

    name = forms.CharField(
        label=_("Your first and last name"),
        max_length=140,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    reach = forms.CharField(
        label=_("How to reach you best"),
        required=False,
        max_length=200,
        help_text=_("For example: phone in the afternoon, post, through my daughter."),
    )
    standing = forms.ChoiceField(
        label=_("Who you are in planning"), choices=Standing, widget=forms.RadioSelect
    )
    organisation = forms.CharField(
        label=_("Organisation or municipality"),
        required=False,
        max_length=160,
        help_text=_("When you come for one."),
    )
    committees = forms.ModelMultipleChoiceField(
        Committee.objects.none(),
        label=_("Where you would like to sit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wants_advice = forms.BooleanField(
        label=_("I do not know yet, please advise me"), required=False
    )
    words = forms.CharField(
        label=_("In a few words: what do you care about?"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("There is no need to write about your health."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committees"].queryset = committees_to_join()

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and not phones.href(phone):
            raise ValidationError(_("This is not a phone number. Write it as 777 123 456."))
        return phones.readable(phone).replace(NBSP, " ") if phone else ""

    def clean(self):
        cleaned = super().clean()
        reachable = [name for name in self.ways_to_reach if cleaned.get(name)]
        if not reachable and not any(name in self.errors for name in self.ways_to_reach):
            self.add_error("email", _("Leave us an e-mail or a phone, so that we can answer you."))
        wanted = cleaned.get("committees") or cleaned.get("wants_advice")
        if not wanted and "committees" not in self.errors:
            self.add_error("committees", _("Choose a group, or tick that we should advise you."))
        return cleaned

    ways_to_reach: tuple[str, ...] = ("email", "phone")

    @property
    def values(self) -> InterestValues:
        """The clean values as the service takes them."""
        names = InterestValues.__dataclass_fields__
        return InterestValues(**{name: self.cleaned_data[name] for name in names})


class InterestForm(GuardedForm, InterestFields):
    """The public form: the same with a consent, and with what keeps robots away."""

    agrees = forms.BooleanField(
        label=_(
            "I agree that the coordinator keeps what I have written here, to be able to answer me"
        )
    )
    step = forms.ChoiceField(
        choices=[("check", "check"), ("send", "send"), ("edit", "edit")],
        required=False,
        widget=forms.HiddenInput,
    )

    field_order = [
        "name",
        "email",
        "phone",
        "reach",
        "standing",
        "organisation",
        "committees",
        "wants_advice",
        "words",
        "agrees",
    ]


class RecordForm(InterestFields):
    """An interest that came on paper or by word, written down by the coordinator."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(c.value, c.label) for c in (Channel.PAPER, Channel.TOLD)],
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(
        label=_("When it came"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ["channel", "received_on"]
    ways_to_reach = ("email", "phone", "reach")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today
        self.fields["name"].label = _("First and last name")
        self.fields["reach"].label = _("How to reach them best")
        self.fields["standing"].label = _("Who they are in planning")
        self.fields["committees"].label = _("Where they would like to sit")
        self.fields["wants_advice"].label = _("They want advice where to go")
        self.fields["words"].label = _("What they care about")
        self.fields["words"].help_text = ""
        self.fields["name"].widget.attrs = self.fields["email"].widget.attrs = {}

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise ValidationError(_("This day has not come yet."))
        return day


class InterestFilterForm(forms.Form):
    """Which interests the list shows."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *[(s.value, s.label) for s in InterestState]],
    )
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label=_("Committee"),
        required=False,
        empty_label=_("all"),
    )
    standing = forms.ChoiceField(
        label=_("Who they are"),
        required=False,
        choices=[("", _("anybody")), *Standing.choices],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees_to_join()


class ReplyForm(forms.Form):
    """The words with which somebody is thanked or declined; they go by mail."""

    reply = forms.CharField(
        label=_("Your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ReasonForm(forms.Form):
    """Why a nomination is turned down or withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class SeatOfSomebody(forms.ModelChoiceField):
    """A seat told by the name of who holds it."""

    def label_from_instance(self, seat):
        return seat.person.get_full_name()


class NominationForm(forms.Form):
    """The seat for which somebody is put forward."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("Committee"), empty_label=_("Choose a committee")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.MEMBER)
    side = forms.ChoiceField(label=_("Side of the triad"), choices=Side, widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("sort_key"),
        label=_("Organisation"),
        required=False,
        empty_label=pgettext_lazy("organisation", "none"),
    )
    function = forms.CharField(label=_("Function"), required=False, max_length=160)
    valid_from = forms.DateField(
        label=_("Seat from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When it is left empty, the seat begins on the day of the resolution."),
    )
    substitute_for = SeatOfSomebody(
        Seat.objects.none(),
        label=_("Substitutes for"),
        required=False,
        empty_label=_("nobody in particular"),
        help_text=_("For the role of substitute only."),
    )

    def __init__(self, *args, committee: Committee | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.committee = committee
        self.fields["committee"].queryset = committees_to_fill()
        if committee is None:
            del self.fields["substitute_for"]
            return
        del self.fields["committee"]
        members = Seat.objects.current().voting().filter(committee=committee)
        self.fields["substitute_for"].queryset = members.select_related("person").order_by(
            "person__sort_key"
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("substitute_for") and cleaned.get("role") != Role.SUBSTITUTE:
            self.add_error(
                "substitute_for", _("Only a seat with the role of substitute stands for another.")
            )
        return cleaned

    @property
    def values(self) -> NominationValues:
        """The clean values as the service takes them."""
        cleaned: dict[str, Any] = {"committee": self.committee, **self.cleaned_data}
        names = NominationValues.__dataclass_fields__
        return NominationValues(**{name: cleaned[name] for name in names if name in cleaned})


class NominateInterestForm(NominationForm):
    """A nomination of who wanted to take part: somebody known already, or a new person."""

    NEW = "new"

    person = forms.ChoiceField(
        label=_("Who it is"), widget=forms.RadioSelect, initial=NEW, choices=()
    )
    first_name = forms.CharField(label=_("First name"), required=False, max_length=60)
    last_name = forms.CharField(label=_("Last name"), required=False, max_length=80)

    field_order = ["person", "first_name", "last_name", "committee"]

    def __init__(self, *args, interest: Interest, candidates: list[Person], **kwargs):
        first, _space, last = interest.name.rpartition(" ")
        chosen = interest.committees.first()
        kwargs["initial"] = {
            "first_name": first,
            "last_name": last,
            "side": interest.side,
            "committee": chosen and chosen.pk,
            "person": str(candidates[0].pk) if candidates else self.NEW,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self._candidates = {str(person.pk): person for person in candidates}
        self.fields["person"].choices = [
            *((key, _described(person)) for key, person in self._candidates.items()),
            (self.NEW, pgettext_lazy("person", "somebody new")),
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("person") == self.NEW and not cleaned.get("last_name"):
            self.add_error("last_name", _("Write the last name of the new person."))
        return cleaned

    @property
    def chosen_person(self) -> Person | None:
        """The person known already; None for a new one."""
        return self._candidates.get(self.cleaned_data["person"])


def _described(person: Person) -> str:
    return f"{person.get_full_name()}, {person.email}" if person.email else person.get_full_name()


class PersonSearchForm(forms.Form):
    """Whom the nomination is about, by a part of the name or e-mail."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    person = forms.ModelChoiceField(
        Person.objects.filter(erased_at=None), required=False, widget=forms.HiddenInput
    )


class ResolutionChoice(forms.ModelChoiceField):
    """A resolution told by its committee, number, date and the beginning of its text."""

    def label_from_instance(self, resolution):
        text = Truncator(resolution.text).words(12)
        return f"{resolution.committee}: {resolution}: {text}"


class NominatedPeople(forms.ModelMultipleChoiceField):
    """Nominations told by the person, the role and the side."""

    def label_from_instance(self, nomination):
        role, side = nomination.get_role_display(), nomination.get_side_display()
        return f"{nomination.person}: {role}, {side}"


class AppointForm(forms.Form):
    """Who is appointed, and by which resolution."""

    nominations = NominatedPeople(
        Nomination.objects.none(),
        label=_("Whom the resolution appoints"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one person.")},
    )
    resolution = ResolutionChoice(
        Resolution.objects.none(), label=_("Resolution"), empty_label=_("Choose a resolution")
    )

    def __init__(self, *args, nominations, resolutions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nominations"].queryset = nominations
        self.fields["resolution"].queryset = resolutions
