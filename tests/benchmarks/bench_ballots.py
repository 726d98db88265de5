"""Votes per second when everybody votes at once, and the closing of a ballot of a thousand seats.

Both against the bare inserts of the same rows of votes, on the engine at hand.
"""

import time

from committees.ballots import services
from committees.ballots.models import Ballot, Vote, Voter
from tests.benchmarks import Row
from tests.committees.ballots.building import at_meeting, cast, committee_of, manager, members_of
from tests.committees.ballots.crowd import at_once

MEMBERS, TRIES, PROCESSES = 50, 10, 5
SEATS = 1000
ROUNDS = 3


def run() -> list[Row]:
    votes = [_votes() for _round in range(ROUNDS)]
    closings = [_closing() for _round in range(ROUNDS)]
    ours, bare, counted = min(votes)
    rows = [
        Row(
            f"{MEMBERS} × {TRIES} votes in {PROCESSES} processes",
            ours,
            bare,
            f"{counted / ours:.0f} voices counted and {counted * (TRIES - 1) / ours:.0f} refused"
            " a second, against the inserts alone",
        )
    ]
    ours, bare = min(closings)
    rows.append(
        Row(
            f"ballot of {SEATS} seats closed",
            ours,
            bare,
            "against the inserts of its votes",
            at_most=1,
        )
    )
    return rows


def _votes() -> tuple[float, float, int]:
    """Seconds of trial V1, of as many processes that only insert its 50 rows, and the votes counted."""
    committee, actor = committee_of(MEMBERS), manager()
    people = members_of(committee)
    ballot, bare = at_meeting(committee, actor=actor), at_meeting(committee, actor=actor)
    voters = {voter.person_id: voter for voter in Voter.objects.filter(ballot=bare)}

    def vote(person):
        def work():
            try:
                cast(ballot, person)
            except services.CastRefused:
                return False
            return True

        return work

    def insert(person):
        return lambda: Vote.objects.create(**_row(bare, voters[person.pk])).pk

    began = time.perf_counter()
    outcomes = at_once([vote(person) for _try in range(TRIES) for person in people], PROCESSES)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    at_once([insert(person) for person in people], PROCESSES)
    baseline = time.perf_counter() - began
    assert outcomes.count(True) == MEMBERS
    assert outcomes.count(False) == MEMBERS * (TRIES - 1)
    return ours, baseline, MEMBERS


def _closing() -> tuple[float, float]:
    """Seconds to close a ballot of a thousand votes, and to insert them one by one."""
    actor = manager()
    committee = committee_of(SEATS)
    ballot = at_meeting(committee, actor=actor)
    voters = list(Voter.objects.filter(ballot=ballot))
    began = time.perf_counter()
    for voter in voters:
        Vote.objects.create(**_row(ballot, voter))
    baseline = time.perf_counter() - began
    began = time.perf_counter()
    closed = services.close_ballot(ballot, actor=actor)
    ours = time.perf_counter() - began
    assert closed.votes_for == SEATS
    return ours, baseline


def _row(ballot: Ballot, voter: Voter) -> dict:
    return {
        "ballot": ballot,
        "voter": voter,
        "choice": "pro",
        "channel": "signed_in",
        "receipt": "ABCDEFGH",
    }
