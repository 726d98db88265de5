"""Quorum and majority against an oracle that counts people one by one."""

from fractions import Fraction

import pytest

from committees.bodies.deciding import (
    chair_breaks_tie,
    has_quorum,
    is_carried,
    is_tie,
    majority_in_force,
    silence_in_force,
)
from committees.bodies.enums import CommitteeKind, Majority, Mode, Quorum, Silence

MEMBERS = range(51)
STATUTORY = [
    CommitteeKind.ASSEMBLY,
    CommitteeKind.COUNCIL,
    CommitteeKind.ASSEMBLY_COMMITTEE,
    CommitteeKind.COMMISSION,
]
OWN_CHARTER = [CommitteeKind.STEERING, CommitteeKind.WORKING_GROUP, CommitteeKind.COORDINATION]


def test_quorum_equals_oracle_for_0_to_50_members():
    shares = {
        Quorum.MAJORITY_OF_ALL: (Fraction(1, 2), False),
        Quorum.HALF_OF_ALL: (Fraction(1, 2), True),
        Quorum.THIRD_OF_ALL: (Fraction(1, 3), True),
        Quorum.NONE: (Fraction(0), False),
    }
    for quorum, (share, equal_is_enough) in shares.items():
        for total in MEMBERS:
            for present in range(total + 1):
                chairs = ["taken"] * present + ["empty"] * (total - present)
                taken = sum(chair == "taken" for chair in chairs)
                expected = taken > 0 and (
                    Fraction(taken, total) > share
                    or (equal_is_enough and Fraction(taken, total) == share)
                )

                assert (
                    has_quorum(quorum, members_total=total, members_present=present) is expected
                ), (quorum, total, present)


def oracle(majority, ballots, total, *, chair_decides, chair_for):
    """Decide by lists of ballots and exact fractions, a tie by counting the chair's ballot twice."""
    favour = [ballot for ballot in ballots if ballot == "for"]
    base = len(ballots) if majority == Majority.OF_PRESENT else total
    if not favour:
        return False
    share = Fraction(len(favour), base)
    if majority == Majority.TWO_THIRDS_OF_ALL:
        return share >= Fraction(2, 3)
    if share == Fraction(1, 2):
        return bool(chair_decides and chair_for)
    return share > Fraction(1, 2)


@pytest.mark.parametrize("majority", Majority.values)
@pytest.mark.parametrize("chair_decides", [False, True])
@pytest.mark.parametrize("chair_for", [None, False, True])
def test_majority_equals_oracle_for_0_to_50_members(majority, chair_decides, chair_for):
    for total in MEMBERS:
        for present in range(total + 1):
            for votes_for in range(present + 1):
                ballots = ["for"] * votes_for + ["abstained"] * (present - votes_for)

                assert is_carried(
                    majority,
                    votes_for=votes_for,
                    members_total=total,
                    members_present=present,
                    chair_decides_tie=chair_decides,
                    chair_voted_for=chair_for,
                ) is oracle(
                    majority, ballots, total, chair_decides=chair_decides, chair_for=chair_for
                ), (total, present, votes_for)


def test_seven_of_fifteen_do_not_carry_in_an_assembly():
    count = {"members_total": 15, "members_present": 9}

    assert not is_carried(Majority.OF_ALL, votes_for=7, **count)
    assert is_carried(Majority.OF_ALL, votes_for=8, **count)
    assert is_carried(Majority.OF_PRESENT, votes_for=7, **count)


def test_tie_is_half_of_those_who_count():
    assert is_tie(Majority.OF_ALL, votes_for=4, members_total=8, members_present=6)
    assert is_tie(Majority.OF_PRESENT, votes_for=3, members_total=8, members_present=6)
    assert not is_tie(Majority.OF_PRESENT, votes_for=3, members_total=8, members_present=7)
    assert not is_tie(Majority.OF_PRESENT, votes_for=0, members_total=8, members_present=0)
    assert not is_tie(Majority.TWO_THIRDS_OF_ALL, votes_for=4, members_total=8, members_present=8)


@pytest.mark.parametrize("kind", STATUTORY)
@pytest.mark.parametrize("mode", Mode.values)
def test_statutory_body_never_decides_by_those_present(kind, mode):
    assert majority_in_force(Majority.OF_PRESENT, kind=kind, mode=mode) == Majority.OF_ALL
    assert majority_in_force(Majority.OF_ALL, kind=kind, mode=mode) == Majority.OF_ALL
    assert (
        majority_in_force(Majority.TWO_THIRDS_OF_ALL, kind=kind, mode=mode)
        == Majority.TWO_THIRDS_OF_ALL
    )
    assert chair_breaks_tie(True, kind=kind) is False


@pytest.mark.parametrize("kind", OWN_CHARTER)
def test_body_with_a_charter_follows_it_but_per_rollam_counts_all(kind):
    assert (
        majority_in_force(Majority.OF_PRESENT, kind=kind, mode=Mode.IN_PERSON)
        == Majority.OF_PRESENT
    )
    assert (
        majority_in_force(Majority.OF_PRESENT, kind=kind, mode=Mode.ONLINE) == Majority.OF_PRESENT
    )
    assert (
        majority_in_force(Majority.OF_PRESENT, kind=kind, mode=Mode.PER_ROLLAM) == Majority.OF_ALL
    )
    assert chair_breaks_tie(True, kind=kind) is True
    assert chair_breaks_tie(False, kind=kind) is False


# --- Excluded for a conflict of interest ------------------------------------------------------------------------------


def people_in_the_room(votes_for, others, excluded):
    """Everybody present, one by one, with what they may and did do."""
    return (
        [{"may_vote": True, "hand_is_up": True}] * votes_for
        + [{"may_vote": True, "hand_is_up": False}] * others
        + [{"may_vote": False, "hand_is_up": False}] * excluded
    )


def oracle_with_excluded(majority, room, total):
    """Count the room by exact fractions; a vote of exactly half is told apart from a win."""
    hands = sum(person["hand_is_up"] for person in room)
    entitled = sum(person["may_vote"] for person in room)
    if not hands:
        return "lost"
    if majority == Majority.TWO_THIRDS_OF_ALL:
        return "won" if Fraction(hands, total) >= Fraction(2, 3) else "lost"
    share = Fraction(hands, entitled if majority == Majority.OF_PRESENT else total)
    if share == Fraction(1, 2):
        return "tie"
    return "won" if share > Fraction(1, 2) else "lost"


@pytest.mark.parametrize("majority", Majority.values)
def test_majority_with_excluded_equals_oracle_for_0_to_50_present(majority):
    for present in MEMBERS:
        for excluded in range(present + 1):
            for votes_for in range(present - excluded + 1):
                room = people_in_the_room(votes_for, present - excluded - votes_for, excluded)
                for total in {max(present, 1), present + 7, 50 if present <= 50 else present}:
                    count = {
                        "votes_for": votes_for,
                        "members_total": total,
                        "members_present": present,
                        "excluded": excluded,
                    }
                    expected = oracle_with_excluded(majority, room, total)

                    assert is_carried(majority, **count) is (expected == "won"), count
                    assert is_tie(majority, **count) is (expected == "tie"), count
                    assert is_carried(
                        majority, chair_decides_tie=True, chair_voted_for=True, **count
                    ) is (expected in {"won", "tie"}), count


def test_excluded_members_are_present_for_the_quorum():
    count = {"members_total": 9, "members_present": 5}

    assert has_quorum(Quorum.MAJORITY_OF_ALL, **count)
    assert is_carried(Majority.OF_PRESENT, votes_for=2, excluded=2, **count)
    assert not is_carried(Majority.OF_PRESENT, votes_for=2, excluded=0, **count)
    assert not is_carried(Majority.OF_ALL, votes_for=4, excluded=1, **count)


@pytest.mark.parametrize("kind", STATUTORY)
def test_silence_is_no_consent_in_a_statutory_body(kind):
    assert [silence_in_force(silence, kind=kind) for silence in Silence] == [
        Silence.NOT_VOTED,
        Silence.NOT_VOTED,
    ]


@pytest.mark.parametrize("kind", OWN_CHARTER)
def test_silence_means_what_the_charter_says(kind):
    assert [silence_in_force(silence, kind=kind) for silence in Silence] == list(Silence)
