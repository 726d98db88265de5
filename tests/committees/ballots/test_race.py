"""Trials V1 to V5: votes, closings and ends of mandates that come at the same moment from several processes."""

import datetime
import random
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from committees.ballots import services
from committees.ballots.enums import BallotState
from committees.ballots.models import Ballot, BallotEvent, Vote, Voter
from committees.ballots.notifications import voting_link
from committees.ballots.services import CastRefused, casting, locking
from committees.bodies.models import Seat
from committees.bodies.seating import end_seat
from kpss import clock
from kpss.outbox.models import Message
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import (
    add_members,
    at_meeting,
    cast,
    committee_of,
    manager,
    members_of,
    opened,
    path_of,
)
from tests.committees.ballots.crowd import at_once
from tests.trials import rounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MEMBERS, TRIES = 50, 10
SAYS = ("pro", "proti", "zdrzel")


@pytest.fixture(autouse=True)
def _idle_worker(settings):
    """Mails and protocols are queued and nobody takes them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def shuffled(works: list) -> list:
    random.Random(1).shuffle(works)  # noqa: S311 - repeatable chance
    return works


def voting(ballot, person, choice="pro"):
    """A work: give the voice, return what came of it."""

    def work():
        try:
            cast(ballot, person, choice)
        except CastRefused as refused:
            return "repeated" if refused.is_repeated else f"refused: {refused}"
        return "counted"

    return work


def everybody_tries(ballot, times=TRIES) -> Counter:
    people = members_of(ballot.committee)
    works = [voting(ballot, person, SAYS[n % 3]) for n in range(times) for person in people]
    return Counter(at_once(shuffled(works)))


# --- V1, V2 ------------------------------------------------------------------------------------------------------------


def test_50_members_by_10_submissions_count_50():
    ballot = opened(committee_of(MEMBERS))

    outcomes = everybody_tries(ballot)

    assert outcomes == {"counted": 50, "repeated": 450}
    assert Vote.objects.filter(ballot=ballot).values("voter").distinct().count() == 50
    assert Vote.objects.count() == 50
    assert Message.objects.filter(dedup_key__contains="-counted-").count() == 50


def test_the_same_through_the_pages_of_personal_links():
    """Each request is answered by a receipt or by a clear refusal, none by a fault."""
    members, tries = rounds(MEMBERS, 10), TRIES
    ballot = opened(committee_of(members))
    bases = [path_of(voting_link(ballot, person)) for person in members_of(ballot.committee)]

    def posting(base):
        return lambda: Client().post(f"{base}odevzdat/", {"answer": "pro"}).status_code

    works = [posting(base) for _try in range(tries) for base in bases]
    outcomes = Counter(at_once(shuffled(works)))

    assert outcomes == {302: members, 409: members * (tries - 1)}
    assert Vote.objects.filter(ballot=ballot).count() == members


def test_the_same_in_a_secret_ballot():
    ballot = at_meeting(committee_of(MEMBERS), method="secret")

    outcomes = everybody_tries(ballot, times=4)
    closed = services.close_ballot(ballot, actor=manager())

    assert outcomes == {"counted": 50, "repeated": 150}
    assert closed.votes_for + closed.votes_against + closed.abstained == 50
    assert Voter.objects.filter(ballot=ballot, has_voted=True).count() == 50


@pytest.fixture
def _no_unique_index():
    """The database lets a seat have more votes; put back with an empty table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX ballots_vote_once")
    yield
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNIQUE INDEX ballots_vote_once ON ballots_vote (voter_id)"
            " WHERE voter_id IS NOT NULL"
        )


def without_lock(patch):
    patch.setattr(locking, "lock", lambda pk: Ballot.objects.select_related("committee").get(pk=pk))


def without_look(patch):
    patch.setattr(casting, "has_voted", lambda voter: False)


@pytest.mark.usefixtures("_no_unique_index")
def test_without_any_guard_the_trial_fails(monkeypatch):
    without_lock(monkeypatch)
    without_look(monkeypatch)
    ballot = opened(committee_of(10))

    outcomes = everybody_tries(ballot)

    assert outcomes == {"counted": 100}  # 90 too many
    assert Vote.objects.count() == 100


@pytest.mark.usefixtures("_no_unique_index")
def test_without_lock_and_index_people_vote_twice(monkeypatch):
    """The look before the vote does not help where nobody waits."""
    if connection.vendor == "sqlite":
        pytest.skip(
            "On SQLite every transaction that writes waits for the one before: a lock of its own"
        )
    without_lock(monkeypatch)
    monkeypatch.setattr(locking, "holds_mandate", lambda voter, since: True)  # locks the seat too
    ballot = opened(committee_of(10))

    for _round in range(5):
        everybody_tries(ballot)

    assert Vote.objects.count() > 10


@pytest.mark.usefixtures("_no_unique_index")
def test_lock_and_look_alone_are_enough():
    ballot = opened(committee_of(10))

    assert everybody_tries(ballot) == {"counted": 10, "repeated": 90}


def test_the_index_alone_is_enough(monkeypatch):
    without_lock(monkeypatch)
    without_look(monkeypatch)
    ballot = opened(committee_of(10))

    assert everybody_tries(ballot) == {"counted": 10, "repeated": 90}


# --- V3 ----------------------------------------------------------------------------------------------------------------


def closing_among_votes(ballots: int, votes: int) -> list[tuple[int, int, int]]:
    """Round after round a ballot is closed while votes arrive: counted answers, rows, and the tally."""
    committee, actor = committee_of(votes), manager()
    people = members_of(committee)
    opened_one_by_one = [at_meeting(committee, actor=actor) for _ballot in range(ballots)]
    chance = random.Random(3)  # noqa: S311 - repeatable chance
    works = []
    for ballot in opened_one_by_one:
        queue = [voting(ballot, person, SAYS[n % 3]) for n, person in enumerate(people)]
        chance.shuffle(queue)
        queue.insert(
            chance.randint(5, votes - 5),
            lambda ballot=ballot: services.close_ballot(ballot, actor=actor).state,
        )
        works += queue
    outcomes = at_once(works)
    size = votes + 1
    rows = []
    for number, ballot in enumerate(opened_one_by_one):
        counted = outcomes[number * size : (number + 1) * size].count("counted")
        ballot.refresh_from_db()
        assert ballot.state == BallotState.CLOSED
        tally = ballot.votes_for + ballot.votes_against + ballot.abstained
        rows.append((counted, Vote.objects.filter(ballot=ballot).count(), tally))
    return rows


def test_in_50_rounds_the_tally_equals_the_accepted_answers():
    closed = closing_among_votes(ballots=50, votes=50)

    assert all(counted == kept == tally for counted, kept, tally in closed), closed
    assert sum(1 for counted, _kept, _tally in closed if 0 < counted < 50) > 25


# --- V4 ----------------------------------------------------------------------------------------------------------------


def test_50_closings_at_once_make_one_transition_one_event_and_one_mail_each():
    committee, actor = committee_of(5), manager()
    ballot = opened(committee, actor=actor)
    for person in members_of(committee):
        cast(ballot, person)
    late = ballot.deadline + datetime.timedelta(seconds=1)

    def by_hand():
        with clock.at(late):
            try:
                return services.close_ballot(ballot, actor=actor).state
            except TransitionRefused:
                return "refused"

    def by_itself():
        with clock.at(late):
            return services.close_due()

    outcomes = Counter(at_once([by_hand, by_itself] * 25))

    assert outcomes[BallotState.CLOSED] + outcomes[1] == 1
    assert outcomes["refused"] + outcomes[0] == 49
    assert BallotEvent.objects.filter(ballot=ballot, to_state=BallotState.CLOSED).count() == 1
    ballot.refresh_from_db()
    assert committee.resolutions.get() == ballot.resolution
    sent = Message.objects.filter(dedup_key__contains="-closed-")
    assert Counter(sent.values_list("person", flat=True)) == {
        p.pk: 1 for p in members_of(committee)
    }


def test_ballots_closed_at_once_get_numbers_of_their_own():
    committee, actor = committee_of(1), manager()
    ballots = [at_meeting(committee, actor=actor) for _ballot in range(10)]
    for ballot in ballots:
        cast(ballot, members_of(committee)[0])

    at_once([lambda b=b: services.close_ballot(b, actor=actor).state for b in ballots])

    numbers = committee.resolutions.values_list("number", flat=True)
    assert sorted(int(number.rpartition("/")[2]) for number in numbers) == list(range(1, 11))


def test_opened_and_reminded_at_once_asks_and_reminds_once():
    committee, actor = committee_of(4), manager()
    ballot = services.prepare_ballot(
        committee,
        place="per_rollam",
        title="Návrh",
        text="Text.",
        verb="schvaluje",
        deadline=clock.now() + datetime.timedelta(days=10),
        actor=actor,
    )

    def opening():
        try:
            return services.open_per_rollam(ballot, actor=actor).state
        except TransitionRefused:
            return "refused"

    outcomes = Counter(at_once([opening] * 10))
    assert outcomes == {BallotState.OPEN: 1, "refused": 9}
    halfway = clock.now() + datetime.timedelta(days=6)
    assert sum(at_once([lambda: services.remind_due(halfway)] * 10)) == 4
    assert Message.objects.filter(dedup_key__contains="-opened-").count() == 4
    assert Message.objects.filter(dedup_key__contains="-reminder-").count() == 4


# --- V5 ----------------------------------------------------------------------------------------------------------------


def test_in_100_runs_a_mandate_ended_between_page_and_vote_counts_nothing():
    committee = committee_of(1)
    seats = add_members(committee, 100)
    ballot = opened(committee)
    pages = [(seat, path_of(voting_link(ballot, seat.person))) for seat in seats]

    def ended_meanwhile(seat, base):
        def work():
            client = Client()
            if seat.pk % 10 == 0:  # a page is slow to draw; the others have it open already
                assert client.get(base).status_code == 200
            end_seat(seat, actor=None)
            return client.post(f"{base}odevzdat/", {"answer": "pro"}).status_code

        return work

    outcomes = Counter(at_once([ended_meanwhile(*page) for page in pages]))

    assert outcomes == {409: 100}
    assert Vote.objects.count() == 0


def test_a_mandate_that_ends_while_its_voice_is_given_ends_before_or_after_it():
    committee = committee_of(1)
    seats = add_members(committee, 40)
    ballot = at_meeting(committee)

    works = []
    for seat in seats:
        works += [voting(ballot, seat.person), lambda seat=seat: bool(end_seat(seat, actor=None))]
    outcomes = at_once(works, processes=2)

    counted = outcomes[::2].count("counted")
    assert Vote.objects.count() == counted
    assert Seat.objects.filter(pk__in=[s.pk for s in seats], ended_at=None).count() == 0
    assert all("mandát" in outcome for outcome in outcomes[::2] if outcome != "counted")
