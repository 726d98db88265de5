"""Votes at the table. Who may vote, who is left out and how many sit there is settled at the opening."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState, Channel, Method, Place
from committees.ballots.models import Ballot
from committees.ballots.services import (
    CastRefused,
    Receipt,
    cancel_ballot,
    cast_vote,
    close_ballot,
    open_at_meeting,
    prepare_ballot,
)
from committees.meetings.enums import Format
from committees.meetings.models import AgendaItem, Conflict, Meeting, Motion
from committees.meetings.table import Table, table_of
from kpss import clock
from kpss.workflow import TransitionRefused

from .guard import lock_running, open_motion
from .items import make_current


@transaction.atomic
def put_to_vote(
    item: AgendaItem,
    *,
    title: str,
    text: str,
    verb: str,
    method: str,
    token: uuid.UUID,
    actor,
) -> Ballot:
    """Open a vote on the text at the item for those at the table now; the item becomes the current one.

    The same ``token`` sent again is the same vote. Raise TransitionRefused without quorum, while
    another vote is open, and when nobody who may vote is present.
    """
    meeting = lock_running(item.meeting_id, actor)
    known = Ballot.objects.filter(token=token).first()
    if known is not None:
        if vote_of(meeting, known.pk) is None:
            raise TransitionRefused(_t("This form is out of date. Load the page again."))
        return known
    if open_motion(meeting) is not None:
        raise TransitionRefused(_t("Another vote is open. Close it first."))
    table = table_of(meeting, clock.now())
    excluded = set(
        Conflict.objects.filter(item=item).values_list("participant__person_id", flat=True)
    )
    _refuse_without_voters(table, excluded)
    if meeting.current_item_id != item.pk:
        make_current(meeting, item)
    ballot = prepare_ballot(
        meeting.committee,
        place=Place.MEETING,
        mode=Format(meeting.format).mode,
        method=method,
        title=title,
        text=text,
        verb=verb,
        meeting_number=meeting.number,
        token=token,
        actor=actor,
    )
    Motion.objects.create(item=item, ballot=ballot)
    return open_at_meeting(
        ballot,
        roll=table.roll,
        members_total=table.members_total,
        excluded=excluded,
        actor=actor,
    )


def _refuse_without_voters(table: Table, excluded: set[int]) -> None:
    if not table.has_quorum:
        raise TransitionRefused(_t("There is no quorum, so nothing can be put to the vote now."))
    if all(entry.person in excluded for entry in table.roll):
        raise TransitionRefused(
            _t("Everybody present has a conflict of interest, so there is nobody to vote.")
        )


@transaction.atomic
def count_hands(
    ballot: Ballot,
    *,
    votes_for: int,
    votes_against: int,
    abstained: int,
    chair_voted_for: bool | None = None,
    actor,
) -> Ballot:
    """Close a vote in which hands or slips were counted. The same numbers sent again are one count.

    Raise ValidationError by field when the numbers cannot be true, or when the vote is a tie that
    the chair decides and ``chair_voted_for`` does not say how.
    """
    current = _of_running_meeting(ballot, actor)
    if current.state == BallotState.CLOSED and (
        (current.votes_for, current.votes_against, current.abstained)
        == (votes_for, votes_against, abstained)
    ):
        return current
    return close_ballot(
        current,
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        chair_voted_for=chair_voted_for,
        actor=actor,
    )


@transaction.atomic
def close_vote(ballot: Ballot, *, actor) -> Ballot:
    """Close a vote by name or a secret one on devices and count it; closed already, it stays so."""
    current = _of_running_meeting(ballot, actor)
    if current.state == BallotState.CLOSED:
        return current
    return close_ballot(current, actor=actor)


@transaction.atomic
def call_off(ballot: Ballot, *, reason: str, actor) -> Ballot:
    """Call an open vote off and say why; what was voted until then counts for nothing."""
    current = _of_running_meeting(ballot, actor)
    if current.state == BallotState.CANCELLED:
        return current
    return cancel_ballot(current, actor=actor, note=reason)


def call_out(ballot: Ballot, person, choice: str, *, actor) -> Receipt:
    """Write down a voice that somebody called out in a vote by name. Raise CastRefused as ``cast_vote``."""
    with transaction.atomic():
        current = _of_running_meeting(ballot, actor)
    if current.method != Method.NAMED:
        raise CastRefused(_t("Votes are called out only when people vote by name."))
    return cast_vote(ballot, person, choice, channel=Channel.OPERATOR, entered_by=actor)


def _of_running_meeting(ballot: Ballot, actor) -> Ballot:
    """The ballot as it is once its meeting is held; other clicks on that meeting wait."""
    motion = Motion.objects.select_related("item").get(ballot=ballot)
    lock_running(motion.item.meeting_id, actor)
    return Ballot.objects.select_related("committee").get(pk=ballot.pk)


def vote_of(meeting: Meeting, ballot_pk: int) -> Ballot | None:
    """The ballot held at this meeting; None for one of another meeting."""
    return Ballot.objects.filter(pk=ballot_pk, motion__item__meeting=meeting).first()
