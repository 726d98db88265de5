"""Ballots in sentences of the reader's language."""

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext

from committees.bodies.deciding import has_quorum
from committees.bodies.enums import Majority, Quorum, Silence
from committees.bodies.wording import (
    MAJORITY_IN_WORDS,
    QUORUM_IN_WORDS,
    SILENCE_IN_WORDS,
    RuleRow,
    vote_sentence,
)
from kpss.czech import datetime_

from .enums import BallotState, Choice
from .models import Ballot


def result_sentence(ballot: Ballot) -> str:
    """Return "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů" for a closed ballot; else nothing."""
    if ballot.state != BallotState.CLOSED:
        return ""
    return vote_sentence(ballot)  # type: ignore[arg-type] # the same columns as a resolution's


def remarks(ballot: Ballot) -> list[str]:
    """What explains the result: how many were silent and what it meant, a missing quorum."""
    sentences = []
    if ballot.silent and ballot.is_per_rollam:
        answered = ngettext(
            "%(count)s member did not answer", "%(count)s members did not answer", ballot.silent
        ) % {"count": ballot.silent}
        meaning = (
            _t("by the rules of procedure it means consent, so they are counted as being for")
            if ballot.silence == Silence.CONSENT
            else _t("by the rules of procedure it is not a vote")
        )
        sentences.append(
            _t("%(answered)s; %(meaning)s.") % {"answered": answered, "meaning": meaning}
        )
    if ballot.members_total and not has_quorum(
        ballot.quorum,
        members_total=ballot.members_total,
        members_present=ballot.members_present or 0,
    ):
        sentences.append(_t("Fewer members took part than the rules of procedure ask for."))
    return sentences


def rules_in_words(ballot: Ballot) -> list[RuleRow]:
    """The rules written down at the opening, by which the ballot counts; none for a draft."""
    if not ballot.opened_at:
        return []
    majority = MAJORITY_IN_WORDS[Majority(ballot.majority)]()
    if ballot.chair_decides_tie:
        majority = _t("%(majority)s; the chair decides a tie") % {"majority": majority}
    rows = [
        RuleRow(_t("Members in all"), str(ballot.members_total)),
        RuleRow(_t("When the committee may decide"), QUORUM_IN_WORDS[Quorum(ballot.quorum)]()),
        RuleRow(_t("When a resolution is adopted"), majority),
    ]
    if ballot.is_per_rollam:
        rows += [
            RuleRow(_t("Silence"), SILENCE_IN_WORDS[Silence(ballot.silence)]()),
            RuleRow(
                _t("When the vote ends"),
                _t("at the deadline, or as soon as it is decided")
                if ballot.closes_early
                else _t("at the deadline"),
            ),
            RuleRow(
                _t("Who voted how"),
                pgettext("votes", "published")
                if ballot.votes_public
                else pgettext("votes", "not published"),
            ),
        ]
    return rows


ANSWERS = {
    Choice.FOR: lambda: pgettext("answer", "for"),
    Choice.AGAINST: lambda: pgettext("answer", "against"),
    Choice.ABSTAINED: lambda: pgettext("answer", "abstained"),
}


def answer_in_words(choice: str, *, is_excluded: bool = False, silence: str = "") -> str:
    """What a voter said: "pro", "střet zájmů", and for nothing said what it meant."""
    if is_excluded:
        return pgettext("answer", "conflict of interest, did not vote")
    if choice:
        return ANSWERS[Choice(choice)]()
    if silence == Silence.CONSENT:
        return pgettext("answer", "did not answer, counted as for")
    return pgettext("answer", "did not answer")


def state_sentence(ballot: Ballot) -> str:
    """Where a ballot stands, in one sentence for lists and badges."""
    if ballot.state == BallotState.CLOSED:
        return result_sentence(ballot)
    if ballot.state == BallotState.OPEN and ballot.deadline:
        return _t("People vote until %(moment)s") % {"moment": datetime_(ballot.deadline)}
    return str(ballot.get_state_display())


def outcome(ballot: Ballot) -> str:
    """The same in a word or two where the result stands beside in full."""
    if ballot.state != BallotState.CLOSED:
        return state_sentence(ballot)
    if ballot.is_adopted:
        return pgettext("ballot", "adopted")
    return pgettext("ballot", "not adopted")


def badge(ballot: Ballot) -> str:
    """The key of the mark that goes with the sentence."""
    if ballot.state == BallotState.CLOSED:
        return "passed" if ballot.is_adopted else "refused"
    return ballot.state


def who_reads_reasons(ballot: Ballot) -> str:
    """Said to a voter before a reason is written."""
    if ballot.votes_public:
        return _t(
            "It stands in the protocol beside your vote. The public reads it too, if your name is"
            " public."
        )
    return _t("It stands in the protocol beside your vote; members of the committee read it.")
