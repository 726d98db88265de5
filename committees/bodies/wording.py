"""Votes and rules of procedure in whole sentences of the reader's language."""

from typing import NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, npgettext, pgettext

from kpss.czech import date as czech_date

from .deciding import chair_breaks_tie, majority_in_force, silence_in_force
from .enums import CommitteeKind, Majority, Mode, Quorum, Role, Silence
from .models import Committee, Resolution, Rules


class RuleRow(NamedTuple):
    """One rule of procedure: what it is about and what it says."""

    term: str
    value: str
    url: str = ""


def vote_sentence(resolution: Resolution) -> str:
    """Return "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů" for the resolution.

    Where somebody was excluded, it goes on: ", nehlasoval 1 pro střet zájmů".
    """
    vote = _votes(resolution)
    if not resolution.excluded:
        return vote
    return npgettext(
        "vote",
        "%(vote)s, %(count)s did not vote for a conflict of interest",
        "%(vote)s, %(count)s did not vote for a conflict of interest",
        resolution.excluded,
    ) % {"vote": vote, "count": resolution.excluded}


def _votes(resolution: Resolution) -> str:
    sentence = (
        pgettext("resolution", "Adopted: for %(for)s, against %(against)s, %(abstained)s %(of)s")
        if resolution.is_adopted
        else pgettext(
            "resolution", "Not adopted: for %(for)s, against %(against)s, %(abstained)s %(of)s"
        )
    )
    return sentence % {
        "for": resolution.votes_for,
        "against": resolution.votes_against,
        "abstained": npgettext(
            "vote", "abstained %(count)s", "abstained %(count)s", resolution.abstained
        )
        % {"count": resolution.abstained},
        "of": _of_members(resolution.members_total),
    }


def attendance_sentence(resolution: Resolution) -> str:
    """Return "Přítomno 14 z 15 členů"; per rollam "Odpovědělo 9 z 9 členů"."""
    if resolution.mode == Mode.PER_ROLLAM:
        sentence = npgettext(
            "per rollam",
            "%(present)s %(of)s answered",
            "%(present)s %(of)s answered",
            resolution.members_present,
        )
    else:
        sentence = pgettext("attendance", "%(present)s %(of)s present")
    return sentence % {
        "present": resolution.members_present,
        "of": _of_members(resolution.members_total),
    }


def _of_members(total: int) -> str:
    """Return "z 9 členů", "ze 7 členů": Czech says the preposition by the sound of the numeral."""
    if _sounds_after_ze(total):
        words = npgettext("ze", "of %(count)s member", "of %(count)s members", total)
    else:
        words = npgettext("z", "of %(count)s member", "of %(count)s members", total)
    return words % {"count": total}


def _sounds_after_ze(number: int) -> bool:
    """Whether the Czech numeral begins as dva, tři, čtyři, šest, sedm or sto do."""
    if number < 20:
        return number % 10 in {2, 3, 4, 6, 7}
    return number >= 100 or number // 10 in {2, 3, 4, 6, 7}


def public_role(role: str) -> str:
    """What a seat's role means in words that fit a woman and a man; nothing for a plain member."""
    return {
        Role.CHAIR: pgettext("public role", "chairs"),
        Role.VICE_CHAIR: pgettext("public role", "stands in for the chair"),
        Role.SECRETARY: pgettext("public role", "keeps the papers, without a vote"),
        Role.MEMBER: "",
        Role.SUBSTITUTE: pgettext("public role", "stands in for a member"),
        Role.GUEST: pgettext("public role", "permanent guest, without a vote"),
    }[Role(role)]


def rules_in_words(committee: Committee, rules: Rules) -> list[RuleRow]:
    """The rules of procedure as rows of term and sentence."""
    rows = [
        RuleRow(
            _t("Invitation"),
            ngettext(
                "at least %(days)s day ahead", "at least %(days)s days ahead", rules.notice_days
            )
            % {"days": rules.notice_days},
        ),
        RuleRow(_t("When the committee may decide"), QUORUM_IN_WORDS[Quorum(rules.quorum)]()),
        RuleRow(_t("When a resolution is adopted"), _majority_in_words(committee, rules)),
        RuleRow(
            _t("Voting outside a meeting (per rollam)"), _per_rollam_in_words(committee, rules)
        ),
        RuleRow(
            _t("Who voted how"),
            pgettext("votes", "published")
            if rules.votes_public
            else pgettext("votes", "not published"),
        ),
        RuleRow(
            _t("Substitutes"),
            _t("a member may be represented by a substitute")
            if rules.substitutes_allowed
            else _t("members cannot be represented"),
        ),
        RuleRow(
            _t("Meetings"), _t("open to the public") if rules.meetings_public else _t("not public")
        ),
        RuleRow(
            _t("Minutes"),
            ngettext(
                "within %(days)s day of the meeting",
                "within %(days)s days of the meeting",
                rules.minutes_days,
            )
            % {"days": rules.minutes_days},
        ),
    ]
    if rules.min_meetings_per_year:
        rows.insert(
            1,
            RuleRow(
                _t("How often it meets"),
                ngettext(
                    "at least %(count)s time a year",
                    "at least %(count)s times a year",
                    rules.min_meetings_per_year,
                )
                % {"count": rules.min_meetings_per_year},
            ),
        )
    return rows


QUORUM_IN_WORDS = {
    Quorum.MAJORITY_OF_ALL: lambda: _t("when more than half of all its members are present"),
    Quorum.HALF_OF_ALL: lambda: _t("when at least half of all its members are present"),
    Quorum.THIRD_OF_ALL: lambda: _t("when at least a third of all its members are present"),
    Quorum.NONE: lambda: _t("whoever is present"),
}

MAJORITY_IN_WORDS = {
    Majority.OF_ALL: lambda: _t("when more than half of all members vote for it"),
    Majority.OF_PRESENT: lambda: _t("when more than half of those present vote for it"),
    Majority.TWO_THIRDS_OF_ALL: lambda: _t("when at least two thirds of all members vote for it"),
}


def _majority_in_words(committee: Committee, rules: Rules) -> str:
    majority = majority_in_force(rules.majority, kind=committee.kind, mode=Mode.IN_PERSON)
    words = MAJORITY_IN_WORDS[majority]()
    if not chair_breaks_tie(rules.chair_decides_tie, kind=committee.kind):
        return words
    return _t("%(majority)s; the chair decides a tie") % {"majority": words}


def _per_rollam_in_words(committee: Committee, rules: Rules) -> str:
    if not rules.per_rollam_allowed:
        return _t("not possible")
    possible = ngettext(
        "possible; members have at least %(days)s day to answer",
        "possible; members have at least %(days)s days to answer",
        rules.per_rollam_days,
    ) % {"days": rules.per_rollam_days}
    silence = SILENCE_IN_WORDS[silence_in_force(rules.per_rollam_silence, kind=committee.kind)]()
    if not rules.per_rollam_closes_early:
        return _t("%(possible)s; %(silence)s") % {"possible": possible, "silence": silence}
    return _t("%(possible)s; %(silence)s; the vote ends as soon as it is decided") % {
        "possible": possible,
        "silence": silence,
    }


SILENCE_IN_WORDS = {
    Silence.NOT_VOTED: lambda: _t("who does not answer is counted as not having voted"),
    Silence.CONSENT: lambda: _t("who does not answer is counted as being for"),
}


def paper_in_words(rules: Rules) -> str:
    """Return "Jednací řád komise ve znění platném od 26. 2. 2020"; empty where none is named."""
    if rules.paper is None:
        return ""
    if rules.document_version is None:
        return rules.paper.title
    return _t("%(document)s, in the wording in force from %(date)s") % {
        "document": rules.paper.title,
        "date": czech_date(rules.document_version.valid_from),
    }


def kind_in_words(kind: str) -> str:
    """What a body of this kind does in planning, in one sentence."""
    return {
        CommitteeKind.ASSEMBLY: _t("Elected by citizens. It approves plans and larger grants."),
        CommitteeKind.COUNCIL: _t(
            "Runs the town between sessions of the assembly and recommends plans to it."
        ),
        CommitteeKind.ASSEMBLY_COMMITTEE: _t("Advises the assembly and checks its decisions."),
        CommitteeKind.COMMISSION: _t("Advises the council; it steers the planning of services."),
        CommitteeKind.STEERING: _t("Steers the planning and approves its papers first."),
        CommitteeKind.WORKING_GROUP: _t(
            "People who know one group of clients best: they say what is needed and propose what"
            " to do."
        ),
        CommitteeKind.COORDINATION: _t("A small team that prepares papers and meetings."),
    }[CommitteeKind(kind)]


def consent_words(committee: Committee) -> str:
    """What a member agrees to when she lets her name be published."""
    return _t("I agree that the portal shows my name beside my seat on “%(committee)s”.") % {
        "committee": committee.name
    }
