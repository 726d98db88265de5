"""Whatever is clicked at a meeting in whatever order, its books stay true (trials S1, V6, V7)."""

import contextlib
import datetime
import random
import uuid
from collections import Counter
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.utils import timezone

from committees.ballots.enums import BallotState, Channel, Choice, Method
from committees.ballots.models import Ballot, Voter
from committees.ballots.services import CastRefused, cast_vote
from committees.bodies.enums import CommitteeKind, Majority, Quorum, Role
from committees.bodies.seating import end_seat
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import AgendaItem, Meeting, Motion, Participant, Presence
from committees.meetings.services import live
from committees.meetings.table import table_of
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import begun, operator, planned, substitute
from tests.trials import Walk, chance, rounds, wander

pytestmark = pytest.mark.django_db


class LiveWalk(Walk):
    """A meeting through which somebody clicks at random, and what must come of it by the book."""

    refusals = (*Walk.refusals, CastRefused)

    def __init__(self, dice: random.Random):
        super().__init__(dice)
        self.actor = operator()
        committee = committee_of(
            self.dice.choice([3, 4, 5, 7]),
            kind=self.dice.choice([CommitteeKind.WORKING_GROUP, CommitteeKind.COMMISSION]),
            quorum=self.dice.choice(Quorum.values),
            majority=self.dice.choice(Majority.values),
            substitutes_allowed=self.dice.random() < 0.7,
        )
        voting = list(committee.seats.order_by("pk"))
        for _n in range(self.dice.randrange(4)):
            substitute(committee, named_for=self.dice.choice([None, *voting]))
        self.pk = begun(planned(committee, items=3, format=Format.HYBRID)).pk
        self.items = list(self.meeting.items.order_by("pk").values_list("pk", flat=True))
        self.people = list(self.meeting.participants.order_by("pk").values_list("pk", flat=True))
        self.memory = SimpleNamespace(
            now=timezone.now(),
            hands={},  # ballot: the numbers counted
            voices={},  # ballot: what each person said
            checked=set(),  # closed ballots; they never change, tests of ballots say
        )

    @property
    def meeting(self) -> Meeting:
        return Meeting.objects.select_related("committee").get(pk=self.pk)

    def choose(self):
        """Where a vote is open, mostly a step that leads to its end."""
        ballots = Ballot.objects.filter(motion__item__meeting=self.pk, state=BallotState.OPEN)
        ballot = ballots.first()
        if ballot is None or self.dice.random() < 0.4:
            return super().choose()
        counted = Method(ballot.method).is_counted
        return "count" if counted else self.dice.choice(["cast", "call the roll", "close"])

    def take(self, name):
        self.memory.now += datetime.timedelta(seconds=self.dice.choice([1, 20, 90, 400]))
        with clock.at(self.memory.now):
            super().take(name)

    # --- What can be clicked --------------------------------------------------

    def person(self) -> Participant:
        people = Participant.objects.select_related("seat", "person", "meeting__committee")
        return people.get(pk=self.dice.choice(self.people))

    def item(self) -> AgendaItem:
        items = AgendaItem.objects.select_related("meeting__committee")
        return items.get(pk=self.dice.choice(self.items))

    def ballot(self) -> Ballot:
        """The open ballot, or any: clicks on old pages come too."""
        ballots = list(Ballot.objects.filter(motion__item__meeting=self.pk).order_by("pk"))
        if not ballots:
            raise TransitionRefused
        now = [one for one in ballots if one.state == BallotState.OPEN]
        return now[0] if now and self.dice.random() < 0.9 else self.dice.choice(ballots)

    def represent(self):
        seats = self.meeting.committee.seats.order_by("pk")
        seat = self.dice.choice([None, *(one for one in seats if Role(one.role).votes)])
        live.represent(self.person(), seat, actor=self.actor)

    def put(self):
        return live.put_to_vote(
            self.item(),
            title="Návrh",
            text="Skupina schvaluje návrh.",
            verb="schvaluje",
            method=self.dice.choice(Method.values),
            token=uuid.uuid4(),
            actor=self.actor,
        )

    def count(self):
        ballot = self.ballot()
        most = ballot.voters.filter(is_excluded=False).count()
        numbers = self.dice.choice([(most, 0, 0), (most // 2, most // 3, 0), (2, 2, 2)])
        keys = ("votes_for", "votes_against", "abstained")
        if not Method(ballot.method).is_counted:
            raise TransitionRefused
        was_open = ballot.state == BallotState.OPEN
        live.count_hands(ballot, **dict(zip(keys, numbers, strict=True)), actor=self.actor)
        if was_open:
            self.memory.hands[ballot.pk] = numbers

    def cast(self):
        person = self.person().person
        self.cast_by(self.ballot(), person, self.dice.choice(Choice.values))

    def call_the_roll(self):
        """Everybody on the roll says something, most of them yes; who has spoken before is refused."""
        ballot = self.ballot()
        for voter in ballot.voters.select_related("person").order_by("pk"):
            choice = self.dice.choice([Choice.FOR, Choice.FOR, *Choice.values])
            with contextlib.suppress(CastRefused):
                self.cast_by(ballot, voter.person, choice)

    def cast_by(self, ballot, person, choice):
        if ballot.method == Method.NAMED and self.dice.random() < 0.5:
            live.call_out(ballot, person, choice, actor=self.actor)
        else:
            cast_vote(ballot, person, choice, channel=Channel.LINK)
        assert person.pk not in self.memory.voices.setdefault(ballot.pk, {})
        self.memory.voices[ballot.pk][person.pk] = choice

    def close(self):
        ballot = self.ballot()
        if Method(ballot.method).is_counted:
            raise TransitionRefused
        live.close_vote(ballot, actor=self.actor)

    steps = {
        "here": (4, lambda w: live.arrive(w.person(), actor=w.actor)),
        "online": (2, lambda w: live.arrive(w.person(), online=True, actor=w.actor)),
        "everybody": (1, lambda w: live.everybody_here(w.meeting, actor=w.actor)),
        "left": (2, lambda w: live.leave(w.person(), actor=w.actor)),
        "undo": (1, lambda w: live.undo(w.person(), actor=w.actor)),
        "excused": (2, lambda w: live.excuse(w.person(), actor=w.actor)),
        "represent": (2, represent),
        "take up": (1, lambda w: live.take_up(w.item(), actor=w.actor)),
        "conflict": (1, lambda w: live.declare_conflict(w.item(), w.person(), actor=w.actor)),
        "no conflict": (1, lambda w: live.withdraw_conflict(w.item(), w.person(), actor=w.actor)),
        "text": (
            1,
            lambda w: live.save_proposal(w.item(), text="Jinak.", verb="uklada", actor=w.actor),
        ),
        "put": (6, put),
        "count": (1, count),
        "cast": (2, cast),
        "call the roll": (2, call_the_roll),
        "close": (1, close),
        "call off": (0.7, lambda w: live.call_off(w.ballot(), reason="Omyl", actor=w.actor)),
        "end": (0.5, lambda w: live.end_meeting(w.meeting, actor=w.actor)),
        "go on": (2, lambda w: live.resume_meeting(w.meeting, actor=w.actor)),
        "end a mandate": (0.3, lambda w: end_seat(w.person().seat, actor=w.actor)),
    }

    # --- What must hold -------------------------------------------------------

    def check(self) -> None:
        meeting = self.meeting
        with clock.at(self.memory.now):
            self._presence_makes_sense(meeting)
            self._voices_are_one_for_a_seat(table_of(meeting))
            self._votes_end_as_the_oracle_says()

    def _presence_makes_sense(self, meeting):
        last: dict[int, Presence] = {}
        for one in Presence.objects.filter(participant__meeting=self.pk).order_by("pk"):
            before = last.get(one.participant_id)
            assert before is None or before.left_at is not None, "two open stretches"
            assert before is None or before.left_at <= one.arrived_at, "stretches overlap"
            assert one.left_at is None or one.arrived_at <= one.left_at <= self.memory.now
            last[one.participant_id] = one
        if meeting.state == MeetingState.ENDED:
            assert all(one.left_at is not None for one in last.values())

    def _voices_are_one_for_a_seat(self, table):
        roll = {entry.seat: entry.person for entry in table.roll}
        assert len(roll) == len(set(roll.values())) == len(table.roll)
        assert roll == self.roll_by_the_book(table)
        assert Motion.objects.filter(
            item__meeting=self.pk, ballot__state=BallotState.OPEN
        ).count() <= 1  # fmt: skip

    def roll_by_the_book(self, table) -> dict[int, int]:
        """Said once more and otherwise: first holders, then for each seat left the first free deputy."""
        here = set(
            Presence.objects.filter(participant__meeting=self.pk, left_at=None).values_list(
                "participant__person", flat=True
            )
        )
        seats = {seat.pk: seat for seat in table.seats}
        voting = [seat for seat in table.seats if Role(seat.role).votes]
        roll = {seat.pk: seat.person_id for seat in voting if seat.person_id in here}
        if not table.rules.substitutes_allowed:
            return roll
        members = {seat.person_id for seat in voting}
        chosen = {
            one.represents_id: one.person_id
            for one in Participant.objects.filter(meeting=self.pk, represents__isnull=False)
        }
        used: set[int] = set()
        for seat in voting:
            named = [
                other.person_id
                for other in seats.values()
                if other.substitute_for_id == seat.pk and other.person_id not in chosen.values()
            ]
            deputies = [*([chosen[seat.pk]] if seat.pk in chosen else []), *named]
            for deputy in deputies:
                if seat.pk not in roll and deputy in here - members - used:
                    roll[seat.pk] = deputy
                    used.add(deputy)
        return roll

    def _votes_end_as_the_oracle_says(self):
        for ballot in Ballot.objects.filter(
            motion__item__meeting=self.pk, state=BallotState.CLOSED
        ).exclude(pk__in=self.memory.checked):
            self.memory.checked.add(ballot.pk)
            voters = list(Voter.objects.filter(ballot=ballot))
            left_out = sum(voter.is_excluded for voter in voters)
            tally = self.memory.hands.get(ballot.pk)
            if tally is None:
                said = Counter(self.memory.voices.get(ballot.pk, {}).values())
                tally = tuple(said[choice] for choice in Choice.values)
            assert (ballot.votes_for, ballot.votes_against, ballot.abstained) == tally
            assert sum(tally) + ballot.silent == len(voters) - left_out
            assert (ballot.members_present, ballot.excluded) == (len(voters), left_out)
            assert ballot.is_adopted == is_adopted(ballot, tally[0], len(voters), left_out)
            assert (ballot.resolution_id is not None) == ballot.is_adopted

    def ends(self):
        closed = Ballot.objects.filter(motion__item__meeting=self.pk, state=BallotState.CLOSED)
        return [f"{one.method} {'adopted' if one.is_adopted else 'lost'}" for one in closed]


def is_adopted(ballot, votes_for, present, left_out) -> bool:
    """The oracle: quorum and majority in plain fractions, apart from the portal's own counting."""
    all_members = ballot.members_total
    quorum = {"majority": present > all_members / 2, "half": present >= all_members / 2,
              "third": present >= all_members / 3, "none": True}[ballot.quorum]  # fmt: skip
    carried = {"of_all": votes_for > all_members / 2,
               "of_present": votes_for > (present - left_out) / 2,
               "two_thirds": votes_for >= all_members * 2 / 3}[ballot.majority]  # fmt: skip
    return quorum and votes_for > 0 and carried


def test_whatever_is_clicked_the_books_stay_true():
    figures = wander(LiveWalk, seed=20, sequences=rounds(10_000, 120), length=16)

    assert set(figures.done) == set(LiveWalk.steps)
    assert set(figures.ends) == {
        f"{method} {result}" for method in Method.values for result in ("adopted", "lost")
    }


def test_whoever_stands_in_for_whomever_each_seat_has_one_voice():
    """Trial V6: tables of random people, ten rounds at each."""
    dice, opened = chance(100), 0
    for _table in range(rounds(20, 8)):
        walk = LiveWalk(dice)
        for _round in range(10):
            Presence.objects.filter(participant__meeting=walk.pk).delete()
            here = dice.sample(walk.people, dice.randint(1, len(walk.people)))
            Presence.objects.bulk_create(
                Presence(participant_id=one, arrived_at=walk.memory.now) for one in here
            )
            for _choice in range(3):
                with contextlib.suppress(TransitionRefused):
                    walk.represent()
            with contextlib.suppress(TransitionRefused):
                ballot = walk.put()
                opened += 1
                voters = dict(ballot.voters.values_list("seat", "person"))
                assert len(set(voters.values())) == len(voters)
                assert voters == walk.roll_by_the_book(table_of(walk.meeting))
                live.call_off(ballot, reason="Další kolo", actor=walk.actor)

    assert opened > rounds(80, 30)
    assert Voter.objects.exclude(seat__person=F("person")).exists()
