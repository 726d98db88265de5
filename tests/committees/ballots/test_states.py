"""Trials S1 and S2: who may do what in which state, and that no order of steps breaks what must hold."""

import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.ballots import services
from committees.ballots.enums import BallotState, Channel, Method
from committees.ballots.models import Ballot, Urn, Vote
from committees.ballots.services import CastRefused
from committees.ballots.workflow import BALLOT_WORKFLOW
from committees.bodies.enums import Role
from committees.bodies.seating import end_seat
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import (
    after_deadline,
    at_meeting,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
)
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db

REFUSALS = (PermissionDenied, TransitionRefused, CastRefused, ValidationError)

# --- S2 ----------------------------------------------------------------------------------------------------------------

DRAFT, OPEN, LATE, CLOSED, CANCELLED = (
    "draft",
    "open",
    "open after the deadline",
    "closed",
    "cancelled",
)
STATES = [DRAFT, OPEN, LATE, CLOSED, CANCELLED]
ROLES = [
    "anybody",
    "former chair",
    "chair elsewhere",
    "guest",
    "substitute",
    "member",
    "secretary",
    "vice-chair",
    "chair",
    "coordinator",
]
RUN = {"secretary", "vice-chair", "chair", "coordinator"}
HAVE_A_VOTE = {"member", "vice-chair", "chair"}
# Written by hand: who may do what in which state. What is not here is refused.
ALLOWED = {
    ("change", DRAFT): RUN,
    ("add a paper", DRAFT): RUN,
    ("open", DRAFT): RUN,
    ("cancel", DRAFT): RUN,
    ("cancel", OPEN): RUN,
    ("cancel", LATE): RUN,
    ("close", LATE): RUN,
    ("remind", OPEN): RUN,
    ("enter a vote", OPEN): RUN,
    ("vote", OPEN): HAVE_A_VOTE,
    ("declare a conflict", OPEN): HAVE_A_VOTE,
}
ACTIONS = {
    "change": lambda ballot, person, _other: services.change_ballot(
        ballot, actor=person, title="Jinak"
    ),
    "add a paper": lambda ballot, person, _other: services.add_paper(
        ballot, PaperStub, actor=person
    ),
    "open": lambda ballot, person, _other: services.open_per_rollam(ballot, actor=person),
    "cancel": lambda ballot, person, _other: services.cancel_ballot(
        ballot, actor=person, note="Proto."
    ),
    "close": lambda ballot, person, _other: services.close_ballot(ballot, actor=person),
    "remind": lambda ballot, person, _other: services.remind(ballot, actor=person),
    "enter a vote": lambda ballot, person, other: services.cast_vote(
        ballot, other, "pro", channel=Channel.OPERATOR, entered_by=person
    ),
    "vote": lambda ballot, person, _other: services.cast_vote(
        ballot, person, "pro", channel=Channel.SIGNED_IN
    ),
    "declare a conflict": lambda ballot, person, _other: services.declare_conflict(
        ballot, person, channel=Channel.SIGNED_IN
    ),
}


class PaperStub:
    """A checked file that is in the store already."""

    name = "podklad.pdf"

    @staticmethod
    def put():
        from tests.factories import stored  # noqa: PLC0415 - the row is made when it is asked for

        return stored()


def people_of(committee):
    former = SeatFactory(committee=committee, role=Role.MEMBER)
    end_seat(former, actor=None)
    by_role = {
        name: SeatFactory(committee=committee, role=role).person
        for name, role in (
            ("guest", Role.GUEST),
            ("substitute", Role.SUBSTITUTE),
            ("secretary", Role.SECRETARY),
            ("vice-chair", Role.VICE_CHAIR),
        )
    }
    chair, member, _other = members_of(committee)[:3]
    return by_role | {
        "anybody": PersonFactory(),
        "former chair": former.person,
        "chair elsewhere": SeatFactory(chair=True).person,
        "member": member,
        "chair": chair,
        "coordinator": manager(),
    }


def in_state(committee, state, actor) -> Ballot:
    if state == DRAFT:
        return draft(committee, actor=actor)
    ballot = opened(committee, actor=actor)
    if state == CLOSED:
        with after_deadline(ballot):
            services.close_ballot(ballot, actor=actor)
    if state == CANCELLED:
        services.cancel_ballot(ballot, actor=actor, note="Proto.")
    ballot.refresh_from_db()
    return ballot


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_role_in_every_state_does_what_is_written_here_and_nothing_else(action, state):
    committee = committee_of(3)
    people = people_of(committee)
    other = members_of(committee)[2]
    done = set()

    for role in ROLES:
        ballot = in_state(committee, state, people["coordinator"])
        moment = clock.at(ballot.deadline) if state == LATE else clock.at(clock.now())
        with moment:
            try:
                ACTIONS[action](Ballot.objects.get(pk=ballot.pk), people[role], other)
            except REFUSALS:
                continue
        done.add(role)

    assert done == ALLOWED.get((action, state), set())


def test_buttons_offer_what_the_table_allows():
    committee = committee_of(3)
    people = people_of(committee)
    for state in STATES:
        ballot = in_state(committee, state, people["coordinator"])
        moment = clock.at(ballot.deadline) if state == LATE else clock.at(clock.now())
        for role in ROLES:
            with (
                moment
                if role == ROLES[0]
                else clock.at(ballot.deadline if state == LATE else clock.now())
            ):
                offered = {
                    offer.name
                    for offer in BALLOT_WORKFLOW.available_to(people[role], ballot)
                    if offer.is_open
                }
            expected = {
                action
                for action in ("open", "close", "cancel", "remind")
                if role in ALLOWED.get((action, state), set())
            }
            assert offered == expected, (role, state)


# --- S1 ----------------------------------------------------------------------------------------------------------------

STEPS = 1000


def check(ballot: Ballot) -> None:
    """What must hold of a ballot at every moment."""
    ballot.refresh_from_db()
    voters = list(ballot.voters.all())
    votes = Vote.objects.filter(ballot=ballot)
    events = list(ballot.events.order_by("pk").values_list("from_state", "to_state"))
    assert events[0] == ("", BallotState.DRAFT)
    assert all(left[1] == right[0] for left, right in zip(events, events[1:], strict=False))
    assert events[-1][1] == ballot.state
    assert [to for source, to in events if source != to].count(BallotState.CLOSED) <= 1
    assert votes.count() == len({vote.voter_id for vote in votes})
    assert not votes.filter(voter__is_excluded=True).exists()
    assert (len(voters) > 0) is (ballot.opened_at is not None)
    assert (ballot.resolution is not None) is bool(ballot.is_adopted)
    if ballot.method == Method.SECRET:
        assert Urn.objects.filter(ballot=ballot).exists() is (ballot.state == BallotState.OPEN)
        assert votes.count() == 0
    if ballot.state == BallotState.CLOSED and ballot.method == Method.NAMED:
        assert ballot.votes_for + ballot.votes_against + ballot.abstained == votes.count()
        assert ballot.excluded == sum(voter.is_excluded for voter in voters)
        assert ballot.silent + votes.count() + ballot.excluded == len(voters)
    if ballot.state == BallotState.DRAFT:
        assert votes.count() == 0


def test_random_steps_break_nothing():
    chance = random.Random(1)  # noqa: S311 - repeatable chance
    committee, actor = committee_of(4, per_rollam_closes_early=True), manager()
    people = [*members_of(committee), actor, PersonFactory(), SeatFactory(chair=True).person]
    ballots: list[Ballot] = []
    done: dict[str, int] = {}

    def step(name, work):
        try:
            work()
        except (*REFUSALS, ValueError):
            done[f"{name} refused"] = done.get(f"{name} refused", 0) + 1
        else:
            done[name] = done.get(name, 0) + 1

    for number in range(STEPS):
        if not ballots or chance.random() < 0.04:
            ballots.append(
                draft(committee, actor=actor)
                if chance.random() < 0.5
                else at_meeting(committee, actor=actor, method=chance.choice(list(Method)))
            )
        ballot = chance.choice(ballots[-6:])
        who = chance.choice(people)
        name = chance.choice(
            ["vote"] * 6
            + [
                "enter",
                "conflict",
                "open",
                "close",
                "close late",
                "due",
                "cancel",
                "remind",
                "change",
            ]
        )
        match name:
            case "vote":
                choice = chance.choice(["pro", "proti", "zdrzel"])
                step(
                    name,
                    lambda b=ballot, w=who, c=choice: services.cast_vote(
                        b, w, c, channel=Channel.SIGNED_IN
                    ),
                )
            case "enter":
                step(
                    name,
                    lambda b=ballot, w=who: services.cast_vote(
                        b, people[1], "pro", channel=Channel.OPERATOR, entered_by=w
                    ),
                )
            case "conflict":
                step(
                    name,
                    lambda b=ballot, w=who: services.declare_conflict(b, w, channel=Channel.LINK),
                )
            case "open":
                step(name, lambda b=ballot: services.open_per_rollam(b, actor=actor))
            case "close":
                numbers = [chance.randint(0, 3) for _number in range(3)]
                step(
                    name,
                    lambda b=ballot, w=who, n=numbers: services.close_ballot(
                        b, actor=w, votes_for=n[0], votes_against=n[1], abstained=n[2]
                    ),
                )
            case "close late" if ballot.deadline:
                with after_deadline(ballot):
                    step(name, lambda b=ballot, w=who: services.close_ballot(b, actor=w))
            case "due" if ballot.deadline and number % 5 == 0:
                with after_deadline(ballot):
                    step(name, services.close_due)
            case "cancel" if chance.random() < 0.2:
                step(name, lambda b=ballot, w=who: services.cancel_ballot(b, actor=w, note="x"))
            case "remind":
                step(name, lambda b=ballot, w=who: services.remind(b, actor=w))
            case "change":
                step(
                    name, lambda b=ballot, w=who: services.change_ballot(b, actor=w, title="Jinak")
                )
        check(ballot)
    for ballot in ballots:
        check(ballot)

    assert {"vote", "enter", "conflict", "open", "close", "cancel", "remind", "change"} <= set(done)
    assert Ballot.objects.filter(state=BallotState.CLOSED).count() > 10
