"""Quorum and majority against an oracle that counts people one by one."""

from fractions import Fraction

import pytest

from committees.bodies.deciding import (
    chair_breaks_tie,
    has_quorum,
    is_carried,
    is_tie,
    majority_in_force,
)
from committees.bodies.enums import CommitteeKind, Majority, Mode, Quorum

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
