"""Whether a body could decide and whether it did: pure functions over numbers, no database.

Abstaining and not voting never count as being for (§ 87 of Act 128/2000 Sb. and the like).
"""

from .enums import CommitteeKind, Majority, Mode, Quorum, Silence


def has_quorum(quorum: str, *, members_total: int, members_present: int) -> bool:
    """Whether enough members are present to decide at all; nobody present never is."""
    if members_present < 1:
        return False
    match Quorum(quorum):
        case Quorum.MAJORITY_OF_ALL:
            return members_present * 2 > members_total
        case Quorum.HALF_OF_ALL:
            return members_present * 2 >= members_total
        case Quorum.THIRD_OF_ALL:
            return members_present * 3 >= members_total
        case Quorum.NONE:
            return True


def is_tie(
    majority: str,
    *,
    votes_for: int,
    members_total: int,
    members_present: int,
    excluded: int = 0,
) -> bool:
    """Whether exactly half of those who count are for, so that one vote more would carry.

    Those ``excluded`` for a conflict of interest are among the present, but where the present
    decide, they do not count. A rule of two thirds knows no tie.
    """
    if votes_for < 1:
        return False
    match Majority(majority):
        case Majority.OF_ALL:
            return votes_for * 2 == members_total
        case Majority.OF_PRESENT:
            return votes_for * 2 == members_present - excluded
        case Majority.TWO_THIRDS_OF_ALL:
            return False


def is_carried(
    majority: str,
    *,
    votes_for: int,
    members_total: int,
    members_present: int,
    excluded: int = 0,
    chair_decides_tie: bool = False,
    chair_voted_for: bool | None = None,
) -> bool:
    """Whether the votes for reach the majority; a tie is carried by the chair where the rules say so.

    ``excluded`` are those present who may not vote for a conflict of interest: a majority of the
    present is counted without them, a majority of all members with them.
    """
    if votes_for < 1:
        return False
    match Majority(majority):
        case Majority.OF_ALL:
            carried = votes_for * 2 > members_total
        case Majority.OF_PRESENT:
            carried = votes_for * 2 > members_present - excluded
        case Majority.TWO_THIRDS_OF_ALL:
            carried = votes_for * 3 >= members_total * 2
    return carried or (
        chair_decides_tie
        and bool(chair_voted_for)
        and is_tie(
            majority,
            votes_for=votes_for,
            members_total=members_total,
            members_present=members_present,
            excluded=excluded,
        )
    )


def majority_in_force(majority: str, *, kind: str, mode: str) -> Majority:
    """The majority that really decides, whatever easier one the rules of procedure name.

    The law asks a statutory body for more than half of all its members; outside a meeting those who
    are silent are not absent, so per rollam is counted from all members too.
    """
    majority = Majority(majority)
    from_all = CommitteeKind(kind).is_statutory or mode == Mode.PER_ROLLAM
    return Majority.OF_ALL if from_all and majority == Majority.OF_PRESENT else majority


def chair_breaks_tie(chair_decides_tie: bool, *, kind: str) -> bool:
    """Whether the chair decides a tie: never in a statutory body."""
    return chair_decides_tie and not CommitteeKind(kind).is_statutory


def silence_in_force(silence: str, *, kind: str) -> Silence:
    """What silence per rollam really means: in a statutory body only votes cast count."""
    return Silence.NOT_VOTED if CommitteeKind(kind).is_statutory else Silence(silence)
