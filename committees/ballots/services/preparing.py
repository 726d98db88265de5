"""Ballots before anybody votes: written, changed, opened with their roll and rules, or cancelled."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _t

from committees.ballots import notifications, urn
from committees.ballots.enums import BallotState, Method, Place
from committees.ballots.models import Ballot, BallotPaper, Urn, Voter
from committees.ballots.roll import Entry
from committees.ballots.workflow import BALLOT_WORKFLOW
from committees.bodies.deciding import chair_breaks_tie, majority_in_force, silence_in_force
from committees.bodies.enums import Mode, Role
from committees.bodies.models import Committee, Seat
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import lock

CHANGEABLE = frozenset({"title", "verb", "text", "background", "method", "deadline"})


@transaction.atomic
def prepare_ballot(
    committee: Committee,
    *,
    place: str,
    title: str,
    text: str,
    verb: str,
    actor,
    mode: str = Mode.PER_ROLLAM,
    method: str = Method.NAMED,
    background: str = "",
    deadline: datetime.datetime | None = None,
    meeting_number: int | None = None,
    token: uuid.UUID | None = None,
) -> Ballot:
    """Write down a ballot to be opened later. The same ``token`` sent again is the same ballot.

    ``meeting_number`` belongs to a ballot at a meeting, whose ``mode`` is not per rollam. Raise
    PermissionDenied for who may not manage ballots of the committee.
    """
    if (place == Place.PER_ROLLAM) != (mode == Mode.PER_ROLLAM):
        raise ValueError("Per rollam is where and how at once.")
    if not actor.has_perm("ballots.manage_ballot", committee):
        raise PermissionDenied
    ballot, is_new = Ballot.objects.get_or_create(
        token=token or uuid.uuid4(),
        defaults={
            "committee": committee,
            "place": place,
            "mode": mode,
            "method": method,
            "title": title.strip(),
            "text": text.strip(),
            "verb": verb,
            "background": background.strip(),
            "deadline": deadline,
            "meeting_number": meeting_number,
            "created_by": actor,
            "created_at": clock.now(),
        },
    )
    if ballot.committee_id != committee.pk:
        raise PermissionDenied  # somebody else's token
    if is_new:
        BALLOT_WORKFLOW.record_birth(ballot, actor=actor)
    return ballot


@transaction.atomic
def change_ballot(ballot: Ballot, *, actor, **values: Any) -> Ballot:
    """Change columns of CHANGEABLE of a ballot that is not open yet.

    Raise PermissionDenied, or TransitionRefused when it has been opened meanwhile.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"These do not change: {', '.join(sorted(unknown))}")
    current = _draft(ballot, actor)
    for name, value in values.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    current.save(update_fields=list(values))
    return current


def add_paper(ballot: Ballot, file: CheckedFile, *, actor) -> BallotPaper:
    """Lay a paper beside the proposal; the same file twice is one paper.

    Raises as ``change_ballot``, and StoreError. The file is in the store before the transaction begins.
    """
    if not actor.has_perm("ballots.manage_ballot", ballot):
        raise PermissionDenied
    stored = file.put()
    with transaction.atomic():
        current = _draft(ballot, actor)
        last = current.papers.aggregate(last=Max("position"))["last"] or 0
        paper, _is_new = BallotPaper.objects.get_or_create(
            ballot=current,
            file=stored,
            defaults={"file_name": file.name, "position": last + 1},
        )
    return paper


@transaction.atomic
def remove_paper(paper: BallotPaper, *, actor) -> None:
    """Take a paper away; raises as ``change_ballot``."""
    _draft(paper.ballot, actor)
    paper.delete()


def _draft(ballot: Ballot, actor) -> Ballot:
    current = lock(ballot.pk)
    if not actor.has_perm("ballots.manage_ballot", current):
        raise PermissionDenied
    if current.state != BallotState.DRAFT:
        raise TransitionRefused(_t("The ballot has been opened, so its text no longer changes."))
    return current


@transaction.atomic
def open_per_rollam(ballot: Ballot, *, actor) -> Ballot:
    """Open a vote outside a meeting: every member with a vote gets a personal link by mail.

    Rules, the number of members and who may vote are those of this moment. Raise PermissionDenied,
    or TransitionRefused with sentences.
    """
    current = _to_be_opened(ballot, actor, Place.PER_ROLLAM)
    seats = list(
        Seat.objects.current()
        .filter(committee=current.committee_id)
        .voting()
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    if not seats:
        raise TransitionRefused(_t("Nobody sits on the committee with a vote now."))
    roll = [Entry(seat.pk, seat.person_id) for seat in seats]
    _open(current, roll, seats, members_total=len(seats), excluded=(), actor=actor)
    notifications.ballot_opened(current)
    return current


@transaction.atomic
def open_at_meeting(
    ballot: Ballot,
    *,
    roll: Iterable[Entry],
    members_total: int,
    excluded: Collection[int] = (),
    actor,
) -> Ballot:
    """Open a vote at the table for those on the roll; ``excluded`` are keys of persons in conflict.

    ``members_total`` is the number of all seats with a vote. Raises as ``open_per_rollam``.
    """
    current = _to_be_opened(ballot, actor, Place.MEETING)
    roll = list(roll)
    if not roll:
        raise TransitionRefused(_t("Nobody who may vote is present."))
    seats = list(Seat.objects.filter(pk__in=[entry.seat for entry in roll]))
    _open(current, roll, seats, members_total=members_total, excluded=excluded, actor=actor)
    if current.method == Method.SECRET:
        Urn.objects.create(ballot=current, sealed=urn.seal({}, about=current.token.bytes))
    return current


def _to_be_opened(ballot: Ballot, actor, place: Place) -> Ballot:
    current = lock(ballot.pk)
    if current.place != place:
        raise ValueError(f"This ballot is not held {place}.")
    if not actor.has_perm("ballots.manage_ballot", current):
        raise PermissionDenied
    if current.state != BallotState.DRAFT:
        raise TransitionRefused(_t("This ballot has been opened or cancelled already."))
    return current


def _open(
    ballot: Ballot,
    roll: list[Entry],
    seats: list[Seat],
    *,
    members_total: int,
    excluded: Collection[int],
    actor,
) -> None:
    by_key = {seat.pk: seat for seat in seats}
    presiding = _presiding(roll, by_key)
    Voter.objects.bulk_create(
        Voter(
            ballot=ballot,
            seat=by_key[entry.seat],
            person_id=entry.person,
            side=by_key[entry.seat].side,
            presides=entry is presiding,
            is_excluded=entry.person in excluded,
        )
        for entry in roll
    )
    rules = ballot.committee.rules_on(clock.today())
    kind = ballot.committee.kind
    frozen: dict[str, Any] = {"opened_at": clock.now(), "members_total": members_total}
    if rules is not None:  # without rules the guard below refuses with its sentence
        frozen |= {
            "rules": rules,
            "quorum": rules.quorum,
            "majority": majority_in_force(rules.majority, kind=kind, mode=ballot.mode),
            "chair_decides_tie": chair_breaks_tie(rules.chair_decides_tie, kind=kind),
            "silence": silence_in_force(rules.per_rollam_silence, kind=kind)
            if ballot.is_per_rollam
            else "",
            "closes_early": ballot.is_per_rollam and rules.per_rollam_closes_early,
            "votes_public": rules.votes_public,
        }
    BALLOT_WORKFLOW.advance(ballot, "open", actor=actor, changes=frozen)


def _presiding(roll: list[Entry], seats: dict[int, Seat]) -> Entry | None:
    """The chair when at the table in person, else the vice-chair."""
    for role in (Role.CHAIR, Role.VICE_CHAIR):
        for entry in roll:
            seat = seats[entry.seat]
            if seat.role == role and seat.person_id == entry.person:
                return entry
    return None


@transaction.atomic
def cancel_ballot(ballot: Ballot, *, actor, note: str) -> Ballot:
    """Call a ballot off before its result; votes given stay written down and count for nothing.

    Raise PermissionDenied, or TransitionRefused (no reason given, closed meanwhile).
    """
    current = lock(ballot.pk)
    was_open = current.state == BallotState.OPEN
    BALLOT_WORKFLOW.advance(current, "cancel", actor=actor, note=note)
    Urn.objects.filter(ballot=current).delete()
    if was_open and current.place == Place.PER_ROLLAM:
        notifications.ballot_cancelled(current, note)
    return current
