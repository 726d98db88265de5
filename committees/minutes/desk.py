"""What of minutes waits on desks. Every function costs a constant number of queries."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _t

from committees.bodies.enums import Role
from committees.bodies.models import Seat
from committees.bodies.rules import roles_with
from committees.meetings.models import Meeting
from kpss import clock
from kpss.desk import Line

from .enums import MinutesState
from .models import Minutes, MinutesVerifier
from .reminders import VERIFY_WITHIN, Unwritten, secretaries, unwritten, waiting_verifiers

SEALED_TOO_LONG = datetime.timedelta(minutes=10)


def waiting_for(person) -> list[Line]:
    """Minutes the person is to verify, write, begin or approve. Seven queries at most."""
    return [*_to_verify(person), *_to_write(person), *_to_begin(person), *_to_approve(person)]


def waiting_for_manager(user) -> list[Line]:
    """Minutes that stand still, for who may write them everywhere. Four queries at most."""
    if not user.has_perm("minutes.write_minutes"):
        return []
    now = clock.now()
    return [
        *(_begin(one) for one in unwritten(now) if one.due_on < clock.today()),
        *_late_drafts(),
        *_slow_verifiers(now),
        *_not_sealed(now),
    ]


def _about(meeting: Meeting) -> str:
    return _t("%(committee)s, meeting %(number)s/%(year)s") % {
        "committee": meeting.committee,
        "number": meeting.number,
        "year": meeting.year,
    }


def _line(minutes: Minutes, what: str, action: str, until=None, when: str = "") -> Line:
    return Line(what, _about(minutes.meeting), minutes.get_absolute_url(), action, until, when)


def _to_verify(person) -> Iterable[Line]:
    return [
        _line(
            verifier.minutes,
            _t("You verify the minutes"),
            _t("Read and confirm"),
            verifier.asked_at + VERIFY_WITHIN,
        )
        for verifier in waiting_verifiers().filter(person=person)
    ]


def _to_write(person) -> Iterable[Line]:
    drafts = (
        Minutes.objects.filter(writer=person, state=MinutesState.DRAFT)
        .select_related("meeting__committee")
        .order_by("due_on")
    )
    return [
        _line(minutes, _t("You write the minutes"), _t("Go on writing"), minutes.due_on)
        for minutes in drafts
    ]


def _to_begin(person) -> Iterable[Line]:
    own = Seat.objects.current().filter(person=person, role__in=[Role.SECRETARY, Role.CHAIR])
    waiting = unwritten(clock.now(), own.values("committee"))
    if not waiting:
        return []
    writers = secretaries({one.meeting.committee_id for one in waiting})
    return [_begin(one) for one in waiting if person in writers.get(one.meeting.committee_id, [])]


def _begin(one: Unwritten) -> Line:
    return Line(
        _t("The minutes have not been begun"),
        _about(one.meeting),
        one.url,
        _t("Begin the minutes"),
        one.due_on,
    )


def _to_approve(person) -> Iterable[Line]:
    own = Seat.objects.current().filter(
        person=person, role__in=roles_with("minutes.approve_minutes")
    )
    still = MinutesVerifier.objects.filter(
        minutes=OuterRef("pk"), round=OuterRef("round"), confirmed_at=None
    )
    verified = Minutes.objects.filter(
        ~Exists(still), state=MinutesState.VERIFYING, meeting__committee__in=own.values("committee")
    )
    return [
        _line(minutes, _t("The minutes are verified"), _t("Approve the minutes"), minutes.due_on)
        for minutes in verified.select_related("meeting__committee").order_by("due_on")
    ]


def _late_drafts() -> Iterable[Line]:
    drafts = (
        Minutes.objects.filter(state=MinutesState.DRAFT, due_on__lt=clock.today())
        .select_related("meeting__committee", "writer")
        .order_by("due_on")
    )
    return [
        _line(
            minutes,
            _t("The minutes are late, written by %(name)s") % {"name": minutes.writer},
            _t("Open the minutes"),
            minutes.due_on,
        )
        for minutes in drafts
    ]


def _slow_verifiers(now: datetime.datetime) -> Iterable[Line]:
    return [
        _line(
            verifier.minutes,
            _t("%(name)s has not verified the minutes") % {"name": verifier.person},
            _t("Open the minutes"),
            verifier.asked_at + VERIFY_WITHIN,
        )
        for verifier in waiting_verifiers().filter(asked_at__lte=now - VERIFY_WITHIN)
    ]


def _not_sealed(now: datetime.datetime) -> Iterable[Line]:
    sealed = Minutes.objects.filter(
        state=MinutesState.SEALING, approved_at__lt=now - SEALED_TOO_LONG
    )
    return [
        _line(minutes, _t("The files of the minutes have not been made"), _t("Open the minutes"))
        for minutes in sealed.select_related("meeting__committee").order_by("approved_at")
    ]
