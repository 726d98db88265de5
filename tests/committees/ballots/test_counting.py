"""Trial V7: what a ballot comes to, against an oracle that counts people and not numbers."""

import itertools
import random
from fractions import Fraction

import pytest

from committees.ballots.counting import Count, Terms, decide, is_settled, needs_chair
from committees.bodies.enums import Majority, Quorum, Silence

MEMBERS = 50
SHARES = {
    Quorum.MAJORITY_OF_ALL: lambda share: share > Fraction(1, 2),
    Quorum.HALF_OF_ALL: lambda share: share >= Fraction(1, 2),
    Quorum.THIRD_OF_ALL: lambda share: share >= Fraction(1, 3),
    Quorum.NONE: lambda share: share > 0,
}


def oracle(terms: Terms, here: list[str], chair: str | None) -> bool:
    """``here`` says of each person present: for, against, abstained, silent or excluded."""
    if not here or not SHARES[terms.quorum](Fraction(len(here), terms.members_total)):
        return False
    favour = here.count("for")
    if favour == 0:
        return False
    deciding = [said for said in here if said != "excluded"]
    base = len(deciding) if terms.majority == Majority.OF_PRESENT else terms.members_total
    share = Fraction(favour, base)
    if terms.majority == Majority.TWO_THIRDS_OF_ALL:
        return share >= Fraction(2, 3)
    if share == Fraction(1, 2):
        return terms.chair_decides_tie and chair == "for"
    return share > Fraction(1, 2)


def count_of(here: list[str], chair: str | None) -> Count:
    return Count(
        votes_for=here.count("for"),
        votes_against=here.count("against"),
        abstained=here.count("abstained"),
        present=len(here),
        excluded=here.count("excluded"),
        may_vote=len(here) - here.count("excluded"),
        chair_voted_for=None if chair is None else chair == "for",
    )


def splits(present: int):
    """Every number of those for; the rest against, abstaining, silent, some of them excluded."""
    for favour in range(present + 1):
        rest = present - favour
        for other in ("against", "abstained", "silent"):
            for excluded in {0, min(1, rest), rest // 2}:
                yield ["for"] * favour + ["excluded"] * excluded + [other] * (rest - excluded)


@pytest.mark.parametrize("majority", Majority)
@pytest.mark.parametrize("quorum", Quorum)
def test_equals_the_oracle_for_0_to_50_present(quorum, majority):
    for decides in (False, True):
        terms = Terms(quorum, majority, decides, MEMBERS)
        for present in range(MEMBERS + 1):
            for here in splits(present):
                for chair in ("for", "against", None) if decides else (None,):
                    result = decide(terms, count_of(here, chair))
                    assert result.is_adopted is oracle(terms, here, chair), (here, terms, chair)


def test_silence_of_those_who_may_vote_is_consent_only_where_the_rules_say_so():
    count = Count(votes_for=2, votes_against=1, abstained=0, present=4, excluded=1, may_vote=8)

    silent = decide(Terms(Quorum.NONE, Majority.OF_ALL, False, 9), count)
    consent = decide(Terms(Quorum.NONE, Majority.OF_ALL, False, 9, Silence.CONSENT), count)

    assert (silent.votes_for, silent.present, silent.silent, silent.is_adopted) == (2, 4, 5, False)
    assert (consent.votes_for, consent.present, consent.silent) == (7, 9, 5)
    assert consent.is_adopted


def test_a_tie_waits_for_the_chair_only_where_the_chair_decides():
    tie = Count(votes_for=4, votes_against=4, abstained=0, present=8, excluded=0, may_vote=8)

    assert needs_chair(Terms(Quorum.NONE, Majority.OF_ALL, True, 8), tie)
    assert not needs_chair(Terms(Quorum.NONE, Majority.OF_ALL, False, 8), tie)
    assert not needs_chair(Terms(Quorum.NONE, Majority.OF_ALL, True, 9), tie)


@pytest.mark.parametrize("silence", Silence)
def test_settled_means_that_nothing_to_come_changes_the_result(silence):
    """Every way in which the rest of a small committee may answer, the chair first or last."""
    chance = random.Random(2)  # noqa: S311 - repeatable chance
    seen = {True: 0, False: 0}
    for _case in range(1200):
        total = chance.randint(1, 5)
        given = [chance.choice(SAID) for _ in range(chance.randint(0, total))]
        terms = Terms(
            chance.choice(list(Quorum)),
            chance.choice([Majority.OF_ALL, Majority.TWO_THIRDS_OF_ALL]),
            chance.random() < 0.5,
            total,
            silence,
        )
        chair = chance.choice([0, total - 1])

        settled = is_settled(terms, per_rollam(given, terms, chair, is_over=False))

        futures = {
            decide(terms, per_rollam([*given, *rest], terms, chair, is_over=True)).is_adopted
            for length in range(total - len(given) + 1)
            for rest in itertools.product(SAID, repeat=length)
        }
        if settled:
            assert len(futures) == 1, (given, terms, chair)
        seen[settled] += 1
    assert min(seen.values()) > 100


SAID = ["for", "against", "abstained", "excluded"]


def per_rollam(answers: list[str], terms: Terms, chair: int, *, is_over: bool) -> Count:
    """Answers as they came; the chair's is the one with the index ``chair``."""
    said = answers[chair] if chair < len(answers) else None
    consents = is_over and terms.silence == Silence.CONSENT
    return Count(
        votes_for=answers.count("for"),
        votes_against=answers.count("against"),
        abstained=answers.count("abstained"),
        present=len(answers),
        excluded=answers.count("excluded"),
        may_vote=terms.members_total - answers.count("excluded"),
        chair_voted_for={None: True if consents else None, "excluded": None}.get(
            said, said == "for"
        ),
    )
