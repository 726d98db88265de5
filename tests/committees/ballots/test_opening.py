"""Preparing a ballot and opening it: what is written down at that moment, and who may do it."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from committees.ballots import services
from committees.ballots.enums import BallotState, Method, Place
from committees.ballots.models import Ballot, BallotPaper
from committees.bodies.enums import CommitteeKind, Majority, Mode, Quorum, Silence
from committees.bodies.models import Rules
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import (
    at_meeting,
    change_rules,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
)
from tests.factories import CommitteeFactory, SeatFactory

pytestmark = pytest.mark.django_db

PAPER = CheckedFile("rozpocet.pdf", "application/pdf", b"%PDF-1.7 rozpocet %%EOF")


def refusal(ballot) -> str:
    with pytest.raises(TransitionRefused) as refused:
        services.open_per_rollam(ballot, actor=manager())
    ballot.refresh_from_db()
    assert ballot.state == BallotState.DRAFT
    assert ballot.voters.count() == 0
    return str(refused.value)


def test_the_same_token_is_the_same_ballot():
    committee, actor, token = committee_of(1), manager(), uuid.uuid4()

    first = draft(committee, actor=actor, token=token)
    second = draft(committee, actor=actor, token=token, title="Něco jiného")

    assert first == second == Ballot.objects.get()
    assert first.events.get().transition == "create"
    with pytest.raises(PermissionDenied):
        draft(committee_of(1), actor=actor, token=token)


def test_who_may_not_manage_ballots_prepares_and_changes_none():
    committee = committee_of(2)
    chair, member = members_of(committee)
    ballot = draft(committee, actor=chair)
    paper = services.add_paper(ballot, PAPER, actor=chair)

    for person in (member, SeatFactory(chair=True).person):
        for forbidden in (
            lambda person=person: draft(committee, actor=person),
            lambda person=person: services.change_ballot(ballot, actor=person, title="Jinak"),
            lambda person=person: services.add_paper(ballot, PAPER, actor=person),
            lambda person=person: services.remove_paper(paper, actor=person),
            lambda person=person: services.open_per_rollam(ballot, actor=person),
            lambda person=person: services.cancel_ballot(ballot, actor=person, note="Proč ne"),
        ):
            with pytest.raises(PermissionDenied):
                forbidden()


def test_a_draft_changes_until_it_is_opened():
    committee, actor = committee_of(2), manager()
    ballot = draft(committee, actor=actor)

    services.change_ballot(ballot, actor=actor, title=" Jiný název ", text="Jiný text.")
    first = services.add_paper(ballot, PAPER, actor=actor)
    assert services.add_paper(ballot, PAPER, actor=actor) == first
    ballot = services.open_per_rollam(ballot, actor=actor)

    assert (ballot.title, ballot.text) == ("Jiný název", "Jiný text.")
    for late in (
        lambda: services.change_ballot(ballot, actor=actor, title="Pozdě"),
        lambda: services.add_paper(ballot, PAPER, actor=actor),
        lambda: services.remove_paper(first, actor=actor),
        lambda: services.open_per_rollam(ballot, actor=actor),
    ):
        with pytest.raises(TransitionRefused):
            late()
    assert BallotPaper.objects.get() == first
    with pytest.raises(TypeError, match="state"):
        services.change_ballot(ballot, actor=actor, state=BallotState.CLOSED)


def test_opening_writes_down_rules_members_and_who_may_vote():
    committee = committee_of(
        5,
        kind=CommitteeKind.WORKING_GROUP,
        quorum=Quorum.HALF_OF_ALL,
        majority=Majority.OF_PRESENT,
        chair_decides_tie=True,
        per_rollam_silence=Silence.CONSENT,
        per_rollam_closes_early=True,
        votes_public=True,
    )

    ballot = opened(committee)

    assert ballot.state == BallotState.OPEN
    assert ballot.rules == Rules.objects.get()
    assert ballot.quorum == Quorum.HALF_OF_ALL
    assert ballot.majority == Majority.OF_ALL  # outside a meeting nobody is absent
    assert (ballot.chair_decides_tie, ballot.closes_early, ballot.votes_public) == (True,) * 3
    assert ballot.silence == Silence.CONSENT
    assert ballot.members_total == 5
    assert ballot.opened_at is not None
    seats = committee.seats.order_by("pk")
    assert [(v.seat, v.person, v.side) for v in ballot.voters.order_by("seat")] == [
        (seat, seat.person, seat.side) for seat in seats
    ]
    assert ballot.voters.get(presides=True).seat == seats[0]


def test_in_a_statutory_body_neither_silence_nor_the_chair_decides_whatever_the_rules_say():
    committee = committee_of(4, kind=CommitteeKind.COMMISSION)
    change_rules(committee, per_rollam_silence=Silence.CONSENT, chair_decides_tie=True)

    ballot = opened(committee)

    assert (ballot.silence, ballot.chair_decides_tie) == (Silence.NOT_VOTED, False)


def test_opening_waits_for_what_is_missing():
    committee = committee_of(2, per_rollam_days=7)
    soon = clock.now() + datetime.timedelta(days=6)

    assert "do kdy" in refusal(draft(committee, deadline=None))
    assert "aspoň 7 dní" in refusal(draft(committee, deadline=soon))
    assert "uplynul" in refusal(draft(committee, days=-1))
    assert "návrh usnesení" in refusal(draft(committee, text=" "))
    change_rules(committee, per_rollam_allowed=False)
    assert "nedovoluje" in refusal(draft(committee))
    Rules.objects.all().delete()
    assert "jednací řád" in refusal(draft(committee))


def test_opening_needs_a_committee_that_stands_and_somebody_to_ask():
    committee = committee_of(1)
    ballot = draft(committee)
    with clock.at(clock.now()):
        type(committee).objects.update(dissolved_on=clock.today() - datetime.timedelta(days=1))
        assert "neexistuje" in refusal(ballot)

    nobody = CommitteeFactory()
    assert "nesedí nikdo" in refusal(draft(nobody))


def test_the_shortest_deadline_of_the_rules_is_enough():
    committee = committee_of(2, per_rollam_days=7)

    assert opened(committee, days=7).state == BallotState.OPEN


def test_a_ballot_at_a_meeting_says_its_meeting_and_how_it_meets():
    committee, actor = committee_of(3), manager()

    for wrong in (
        {"place": Place.MEETING, "mode": Mode.IN_PERSON, "deadline": None},
        {"place": Place.MEETING, "mode": Mode.IN_PERSON, "meeting_number": 1},
        {"meeting_number": 1},
        {"method": Method.SECRET},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            draft(committee, actor=actor, **wrong)
    with pytest.raises(ValueError, match="Per rollam"):
        draft(committee, actor=actor, place=Place.MEETING, deadline=None, meeting_number=1)
    ballot = at_meeting(committee, excluded={members_of(committee)[2].pk})
    assert list(ballot.voters.order_by("seat").values_list("presides", "is_excluded")) == [
        (True, False),
        (False, False),
        (False, True),
    ]
    with pytest.raises(ValueError, match="not held"):
        services.open_per_rollam(ballot, actor=actor)
    with pytest.raises(ValueError, match="not held"):
        services.open_at_meeting(draft(committee), roll=[], members_total=1, actor=actor)
    with pytest.raises(TransitionRefused, match="přítomen"):
        at_meeting(committee, roll=[])


def test_cancelling_needs_a_reason_and_keeps_what_was_said():
    committee, actor = committee_of(2), manager()
    ballot = opened(committee, actor=actor)
    services.cast_vote(ballot, members_of(committee)[0], "pro", channel="link")

    with pytest.raises(TransitionRefused, match="důvod"):
        services.cancel_ballot(ballot, actor=actor, note=" ")
    services.cancel_ballot(ballot, actor=actor, note="V podkladech byla chyba.")

    ballot.refresh_from_db()
    assert ballot.state == BallotState.CANCELLED
    assert ballot.events.last().note == "V podkladech byla chyba."
    assert ballot.votes.count() == 1
    assert (ballot.is_adopted, ballot.resolution) == (None, None)
    with pytest.raises(TransitionRefused):
        services.cancel_ballot(ballot, actor=actor, note="Ještě jednou.")
