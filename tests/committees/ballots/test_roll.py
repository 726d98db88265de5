"""Trial V6: whoever stands in for whom, each seat has at most one voice and each person at most one seat."""

import random

import pytest

from committees.ballots.models import Voter
from committees.ballots.roll import Entry, Place, represent
from tests.committees.ballots.building import at_meeting, committee_of, members_of

GRAPHS = 200


def graph(chance: random.Random) -> tuple[list[Place], set[int]]:
    """Up to nine seats held by people 1–9, any of 12 people standing in for any of them."""
    seats = chance.randint(0, 9)
    people = range(1, 13)
    places = [
        Place(
            seat=100 + holder,
            holder=holder,
            substitutes=tuple(chance.choices(people, k=chance.randint(0, 4))),
        )
        for holder in range(1, seats + 1)
    ]
    return places, {person for person in people if chance.random() < 0.5}


@pytest.mark.parametrize("allowed", [True, False])
def test_one_vote_for_a_seat_in_200_random_graphs(allowed):
    chance = random.Random(6)  # noqa: S311 - repeatable chance
    stood_in = 0
    for _graph in range(GRAPHS):
        places, present = graph(chance)

        entries = represent(places, present, substitutes_allowed=allowed)

        by_seat = {place.seat: place for place in places}
        holders = {place.holder for place in places}
        assert len({entry.seat for entry in entries}) == len(entries)
        assert len({entry.person for entry in entries}) == len(entries)
        for entry in entries:
            place = by_seat[entry.seat]
            assert entry.person in present
            if place.holder in present or not allowed:
                assert entry.person == place.holder
            else:
                assert entry.person in place.substitutes
                assert entry.person not in holders
                stood_in += 1
        unrepresented = set(by_seat) - {entry.seat for entry in entries}
        used = {entry.person for entry in entries}
        for seat in unrepresented:
            assert by_seat[seat].holder not in present
            free = set(by_seat[seat].substitutes) & present - used - holders
            assert not (allowed and free), "somebody free could have stood in"
    assert (stood_in > 50) is allowed


def test_order_of_substitutes_decides():
    places = [Place(1, 10, (21, 22)), Place(2, 11, (21,)), Place(3, 12, (21, 22))]

    entries = represent(places, {21, 22}, substitutes_allowed=True)

    assert entries == [Entry(1, 21), Entry(3, 22)]


@pytest.mark.django_db
def test_the_database_takes_no_second_voice_of_a_seat_or_person():
    """The same random graphs put on the roll of real ballots: what represent gives fits the constraints."""
    committee = committee_of(12)
    people = {number: person for number, person in enumerate(members_of(committee), 1)}
    seats = {seat.person_id: seat for seat in committee.seats.all()}
    chance = random.Random(66)  # noqa: S311 - repeatable chance
    opened = 0
    for _graph in range(40):
        places, present = graph(chance)
        places = [
            Place(
                seats[people[place.holder].pk].pk,
                people[place.holder].pk,
                tuple(people[person].pk for person in place.substitutes),
            )
            for place in places
        ]
        roll = represent(
            places, {people[person].pk for person in present}, substitutes_allowed=True
        )
        if not roll:
            continue

        ballot = at_meeting(committee, roll=roll)

        kept = Voter.objects.filter(ballot=ballot).values_list("seat", "person")
        assert set(kept) == {(entry.seat, entry.person) for entry in roll}
        opened += 1
    assert opened > 20
