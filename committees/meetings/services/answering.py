"""Answers to invitations: given by the person through a link or signed in, or written down by phone."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _t

from committees.bodies.enums import Role
from committees.bodies.models import Seat
from committees.meetings import notifications
from committees.meetings.enums import Answer, Format, MeetingState
from committees.meetings.models import Meeting, Participant
from committees.meetings.selectors import seats_in_force
from committees.people.models import Person
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import lock
from .spreading import spread_after_commit
from .summoning import is_invited


def invited(meeting: Meeting, person: Person) -> Participant | None:
    """The person's place on the list, while it holds: the mandate has not ended. Two queries."""
    participant = (
        Participant.objects.filter(meeting=meeting, person=person)
        .select_related("person", "seat", "represents__person")
        .first()
    )
    if participant is None:
        return None
    seats = set(seats_in_force(meeting).filter(person=person).values_list("pk", flat=True))
    return participant if is_invited(participant, seats) else None


def is_open(meeting: Meeting) -> bool:
    """Whether answers are still taken: people are called and the meeting has not begun."""
    return meeting.state == MeetingState.INVITED and clock.now() < meeting.starts_at


def substitutes_for(participant: Participant, meeting: Meeting) -> list[Seat]:
    """Whom the member may send: substitutes named for the seat or for nobody, still free; by name.

    Nobody for guests, for those who do not vote, and where the rules know no substitutes.
    """
    seat = participant.seat
    if seat is None or not Role(seat.role).votes:
        return []
    rules = meeting.rules()
    if rules is None or not rules.substitutes_allowed:
        return []
    taken = (
        Participant.objects.filter(meeting=meeting, represents__isnull=False)
        .exclude(represents=seat)
        .values("person")
    )
    seats = (
        seats_in_force(meeting)
        .filter(role=Role.SUBSTITUTE)
        .exclude(person__in=taken)
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    return [one for one in seats if one.substitute_for_id in (None, seat.pk)]


def possible_answers(meeting: Meeting, substitutes: list[Seat]) -> list[Answer]:
    """What can be answered: coming where people meet in person, joining where they meet online."""
    answers = [Answer.NO]
    if meeting.format != Format.IN_PERSON:
        answers.insert(0, Answer.ONLINE)
    if meeting.format != Format.ONLINE:
        answers.insert(0, Answer.YES)
    return [*answers, Answer.SUBSTITUTE] if substitutes else answers


@transaction.atomic
def answer_invitation(
    meeting: Meeting,
    *,
    person: Person,
    answer: str,
    substitute: Seat | None = None,
    note: str = "",
) -> Participant:
    """Write down the person's answer; it may be changed until the meeting begins.

    A ``substitute`` is asked by mail, and one who is not needed any more is told. Raise
    PermissionDenied for who is not invited, ValidationError by field, or TransitionRefused when it
    is late.
    """
    current = lock(meeting.pk)
    participant = invited(current, person)
    if participant is None:
        raise PermissionDenied
    return _write(current, participant, answer, substitute, note)


@transaction.atomic
def record_answer(
    participant: Participant,
    *,
    actor,
    answer: str,
    substitute: Seat | None = None,
    note: str = "",
) -> Participant:
    """Write down what somebody answered by phone or in person; raises as ``answer_invitation``."""
    current = lock(participant.meeting_id)
    if not actor.has_perm("meetings.prepare_meeting", current):
        raise PermissionDenied
    standing = (
        Participant.objects.filter(pk=participant.pk)
        .select_related("person", "seat", "represents__person")
        .get()
    )
    return _write(current, standing, answer, substitute, note)


def _write(
    meeting: Meeting, participant: Participant, answer: str, substitute: Seat | None, note: str
) -> Participant:
    if not is_open(meeting):
        raise TransitionRefused(_t("The meeting has begun or is cancelled; answers are closed."))
    substitutes = substitutes_for(participant, meeting)
    if answer not in possible_answers(meeting, substitutes):
        raise ValidationError({"answer": _t("Choose one of the answers offered.")})
    if answer == Answer.SUBSTITUTE and substitute not in substitutes:
        raise ValidationError({"substitute": _t("Choose who will come in your place.")})
    participant.answer = answer
    participant.answered_at = clock.now()
    participant.note = note.strip()
    participant.is_excused = answer in {Answer.NO, Answer.SUBSTITUTE}
    participant.save(update_fields=["answer", "answered_at", "note", "is_excused"])
    if participant.seat is not None:
        _send_instead(
            meeting, participant.seat, substitute if answer == Answer.SUBSTITUTE else None
        )
    return participant


def _send_instead(meeting: Meeting, member: Seat, substitute: Seat | None) -> None:
    """Have ``substitute`` stand in for the member and let go whoever was to do so before."""
    standing_in = (
        Participant.objects.filter(meeting=meeting, represents=member)
        .select_related("person", "seat")
        .first()
    )
    if standing_in is not None:
        if substitute is not None and standing_in.person_id == substitute.person_id:
            return
        notifications.released(meeting, standing_in)
        standing_in.delete()
    if substitute is not None:
        Participant.objects.create(
            meeting=meeting, person_id=substitute.person_id, seat=substitute, represents=member
        )
        spread_after_commit(meeting)
