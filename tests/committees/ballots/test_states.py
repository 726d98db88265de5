"""Trials S1 and S2: who may do what in which state, and that no order of steps breaks what must hold."""

import contextlib

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
from tests.trials import Walk, rounds, wander

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


class BallotWalk(Walk):
    """One ballot, per rollam or at a meeting, and everything that members and others try with it."""

    refusals = (*REFUSALS, ValueError)

    def __init__(self, dice):
        super().__init__(dice)
        committee = committee_of(4, per_rollam_closes_early=dice.random() < 0.5)
        self.actor = manager()
        self.members = members_of(committee)
        self.people = [
            *self.members,
            self.actor,
            PersonFactory(),
            SeatFactory(chair=True).person,
        ]
        make = dice.choice([draft, opened, at_meeting])
        values = {"method": dice.choice(list(Method))} if make is at_meeting else {}
        self.pk = make(committee, actor=self.actor, **values).pk

    @property
    def ballot(self) -> Ballot:
        return Ballot.objects.select_related("committee").get(pk=self.pk)

    def who(self):
        """Mostly a member, sometimes somebody who has no voice."""
        return self.dice.choice(self.members if self.dice.random() < 0.8 else self.people)

    def runner(self):
        """Mostly somebody who may run the ballot."""
        return self.actor if self.dice.random() < 0.7 else self.dice.choice(self.people)

    def vote(self):
        services.cast_vote(self.ballot, self.who(), self.choice(), channel=Channel.SIGNED_IN)

    def choice(self):
        return self.dice.choice(["pro", "pro", "pro", "proti", "zdrzel"])

    def all_vote(self):
        """Every member says something; who has spoken before is refused."""
        ballot = self.ballot
        for person in self.members:
            with contextlib.suppress(CastRefused):
                services.cast_vote(ballot, person, self.choice(), channel=Channel.SIGNED_IN)

    def enter(self):
        services.cast_vote(
            self.ballot,
            self.members[1],
            "pro",
            channel=Channel.OPERATOR,
            entered_by=self.runner(),
        )

    def close(self):
        names = ("votes_for", "votes_against", "abstained")
        numbers = {name: self.dice.randint(0, 3) for name in names}
        services.close_ballot(self.ballot, actor=self.runner(), **numbers)

    def late(self, work):
        if not self.ballot.deadline:
            raise TransitionRefused
        with after_deadline(self.ballot):
            work()

    def close_late(self):
        self.late(lambda: services.close_ballot(self.ballot, actor=self.runner()))

    def end_a_mandate(self):
        end_seat(self.dice.choice(self.members).seats.get(), actor=None)

    steps = {
        "vote": (6, vote),
        "all vote": (2, all_vote),
        "enter": (1, enter),
        "conflict": (
            1,
            lambda w: services.declare_conflict(w.ballot, w.who(), channel=Channel.LINK),
        ),
        "open": (3, lambda w: services.open_per_rollam(w.ballot, actor=w.actor)),
        "close": (1, close),
        "close late": (0.6, close_late),
        "due": (0.3, lambda w: w.late(services.close_due)),
        "cancel": (0.3, lambda w: services.cancel_ballot(w.ballot, actor=w.runner(), note="x")),
        "remind": (1, lambda w: services.remind(w.ballot, actor=w.runner())),
        "change": (
            1.5,
            lambda w: services.change_ballot(w.ballot, actor=w.runner(), title="Jinak"),
        ),
        "end a mandate": (0.3, end_a_mandate),
    }

    def check(self):
        check(self.ballot)

    def ends(self):
        ballot = self.ballot
        if ballot.state == BallotState.CLOSED:
            return [f"{ballot.method} {'adopted' if ballot.is_adopted else 'lost'}"]
        return [ballot.state]


def check(ballot: Ballot) -> None:
    """What must hold of a ballot at every moment."""
    voters = list(ballot.voters.all())
    votes = list(Vote.objects.filter(ballot=ballot))
    events = list(ballot.events.order_by("pk").values_list("from_state", "to_state"))
    excluded = {voter.pk for voter in voters if voter.is_excluded}
    assert events[0] == ("", BallotState.DRAFT)
    assert all(left[1] == right[0] for left, right in zip(events, events[1:], strict=False))
    assert events[-1][1] == ballot.state
    assert [to for source, to in events if source != to].count(BallotState.CLOSED) <= 1
    assert len(votes) == len({vote.voter_id for vote in votes})
    assert not excluded & {vote.voter_id for vote in votes}
    assert (len(voters) > 0) is (ballot.opened_at is not None)
    assert (ballot.resolution_id is not None) is bool(ballot.is_adopted)
    if ballot.method == Method.SECRET:
        assert Urn.objects.filter(ballot=ballot).exists() is (ballot.state == BallotState.OPEN)
        assert votes == []
    if ballot.state == BallotState.CLOSED and ballot.method == Method.NAMED:
        assert ballot.votes_for + ballot.votes_against + ballot.abstained == len(votes)
        assert ballot.excluded == len(excluded)
        assert ballot.silent + len(votes) + len(excluded) == len(voters)
    if ballot.state == BallotState.DRAFT:
        assert votes == []


def test_random_steps_break_nothing():
    figures = wander(BallotWalk, seed=1, sequences=rounds(10_000, 200), length=8)

    assert set(figures.done) == set(BallotWalk.steps)
    assert {"draft", "open", "cancelled", "named adopted", "named lost"} <= set(figures.ends)
    assert figures.ends["secret adopted"] + figures.ends["secret lost"] > 0
