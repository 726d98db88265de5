"""Who is at the table: coming, leaving, being excused, standing in for another."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState
from committees.ballots.models import Ballot
from committees.bodies.enums import Role
from committees.bodies.models import Seat
from committees.meetings.enums import Answer, Format
from committees.meetings.models import Meeting, Participant, Presence
from committees.meetings.selectors_live import UNDO_FOR
from committees.meetings.services.summoning import seats_in_force
from kpss import clock
from kpss.workflow import TransitionRefused

from .guard import lock_own, lock_running
from .running import complete_participants


@transaction.atomic
def arrive(participant: Participant, *, online: bool = False, actor) -> Presence:
    """Write down that somebody is here from now on, at the table or online; an excuse is forgotten.

    Who is here already and only changes the way begins a new stretch; when she has come just now,
    the way is put right. A participant herself comes online only, where the meeting is held so.
    """
    meeting, is_own = lock_own(participant, actor)
    if online and meeting.format == Format.IN_PERSON:
        raise TransitionRefused(_t("This meeting is held in person only."))
    if not online and meeting.format == Format.ONLINE:
        raise TransitionRefused(_t("This meeting is held online only."))
    if is_own and not online:
        raise PermissionDenied
    now = clock.now()
    begins = now
    here = _open_stretch(participant)
    if here is not None:
        if here.is_online == online:
            return here
        if _is_fresh(meeting, here.arrived_at, now):
            begins = here.arrived_at
            here.delete()
        else:
            _close(here, now)
    Participant.objects.filter(pk=participant.pk, is_excused=True).update(is_excused=False)
    return Presence.objects.create(participant=participant, arrived_at=begins, is_online=online)


@transaction.atomic
def leave(participant: Participant, *, actor) -> None:
    """Write down that somebody has left; nothing for who is not here. Herself only from online."""
    _meeting, is_own = lock_own(participant, actor)
    here = _open_stretch(participant)
    if here is None:
        return
    if is_own and not here.is_online:
        raise PermissionDenied
    _close(here, clock.now())


@transaction.atomic
def excuse(participant: Participant, *, is_excused: bool = True, actor) -> None:
    """Write down an excuse, or that there is none. Who is here must leave first."""
    lock_running(participant.meeting_id, actor)
    if is_excused and _open_stretch(participant) is not None:
        raise TransitionRefused(
            _t("Who is here cannot be excused. Write down that they left first.")
        )
    Participant.objects.filter(pk=participant.pk).update(is_excused=is_excused)


@transaction.atomic
def undo(participant: Participant, *, actor) -> None:
    """Take back the last coming or leaving, clicked by mistake within the last minutes.

    Refused when it is older, and when people have voted since: the roll of that vote stays true.
    """
    meeting = lock_running(participant.meeting_id, actor)
    now = clock.now()
    stretches = list(participant.presences.order_by("-arrived_at", "-pk")[:2])
    if not stretches:
        raise TransitionRefused(_t("There is nothing to take back."))
    last, before = stretches[0], stretches[1] if len(stretches) > 1 else None
    moment = last.left_at or last.arrived_at
    if now - moment > UNDO_FOR:
        raise TransitionRefused(
            _t("It was more than five minutes ago. Write down what is true from now on.")
        )
    if not _is_fresh(meeting, moment, now):
        raise TransitionRefused(
            _t("People have voted since then. Write down what is true from now on.")
        )
    if last.left_at is not None:
        _reopen(last)
        return
    last.delete()
    if before is not None and before.left_at == last.arrived_at:
        _reopen(before)  # the way was changed in one step, so it is taken back in one


@transaction.atomic
def everybody_here(meeting: Meeting, *, actor) -> int:
    """Write down that all have come who neither excused themselves nor refused; returns how many.

    Substitutes are left out unless they promised to come. Online are all of an online meeting, and
    of a hybrid one those who answered so.
    """
    current = lock_running(meeting.pk, actor)
    now = clock.now()
    complete_participants(current, now)
    coming = [
        one
        for one in Participant.objects.filter(
            meeting=current, seat__in=seats_in_force(current), is_excused=False
        )
        .exclude(answer__in=[Answer.NO, Answer.SUBSTITUTE])
        .exclude(Exists(Presence.objects.filter(participant=OuterRef("pk"), left_at=None)))
        .select_related("seat")
        if one.seat is not None
        and (one.seat.role != Role.SUBSTITUTE or one.answer in {Answer.YES, Answer.ONLINE})
    ]
    Presence.objects.bulk_create(
        Presence(
            participant=one,
            arrived_at=now,
            is_online=current.format == Format.ONLINE
            or (current.format == Format.HYBRID and one.answer == Answer.ONLINE),
        )
        for one in coming
    )
    return len(coming)


@transaction.atomic
def add_guest(meeting: Meeting, name: str, *, actor) -> Participant:
    """Write down a guest by name, present from now on; the same name again is the same guest."""
    current = lock_running(meeting.pk, actor)
    guest, is_new = Participant.objects.get_or_create(
        meeting=current, guest_name=" ".join(name.split()), person=None
    )
    if is_new:
        Presence.objects.create(
            participant=guest,
            arrived_at=clock.now(),
            is_online=current.format == Format.ONLINE,
        )
    return guest


@transaction.atomic
def represent(participant: Participant, seat: Seat | None, *, actor) -> None:
    """Let a substitute stand in for a member, or for nobody when ``seat`` is None.

    Only where the rules allow substitutes, only a substitute of this committee, and who was named
    for one seat only for that one. The member who is here votes herself (``table.table_of``).
    """
    meeting = lock_running(participant.meeting_id, actor)
    if seat is not None:
        _refuse_standing_in(meeting, participant, seat)
    Participant.objects.filter(pk=participant.pk).update(represents=seat)


def _refuse_standing_in(meeting: Meeting, participant: Participant, seat: Seat) -> None:
    rules = meeting.rules()
    if rules is None or not rules.substitutes_allowed:
        raise TransitionRefused(_t("The rules of procedure do not allow substitutes."))
    seats = {one.pk: one for one in seats_in_force(meeting)}
    own = seats.get(participant.seat_id or 0)
    if own is None or own.role != Role.SUBSTITUTE or own.person_id != participant.person_id:
        raise TransitionRefused(_t("Only a substitute of this committee can stand in."))
    if seat.pk not in seats or not Role(seats[seat.pk].role).votes:
        raise TransitionRefused(_t("Choose a member who votes in this committee."))
    if own.substitute_for_id not in (None, seat.pk):
        raise TransitionRefused(_t("This substitute was named for another member."))
    taken = Participant.objects.filter(meeting=meeting, represents=seat).exclude(pk=participant.pk)
    if taken.exists():
        raise TransitionRefused(_t("Somebody else already stands in for this member."))


def _open_stretch(participant: Participant) -> Presence | None:
    return participant.presences.filter(left_at=None).first()


def _close(stretch: Presence, now: datetime.datetime) -> None:
    stretch.left_at = now
    stretch.save(update_fields=["left_at"])


def _reopen(stretch: Presence) -> None:
    stretch.left_at = None
    stretch.save(update_fields=["left_at"])


def _is_fresh(meeting: Meeting, moment: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether what was written down at the moment may still be put right."""
    if now - moment > UNDO_FOR:
        return False
    return (
        not Ballot.objects.filter(motion__item__meeting=meeting, opened_at__gte=moment)
        .exclude(state=BallotState.CANCELLED)
        .exists()
    )
