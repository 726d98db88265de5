"""What is said aloud at a meeting: quorum, missing sides, how far a vote is, how it ended."""

from collections.abc import Iterable
from typing import cast

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext

from committees.ballots.models import Ballot
from committees.bodies import wording
from committees.bodies.deciding import has_quorum
from committees.bodies.enums import CommitteeKind, Side
from committees.bodies.models import Committee, Resolution

from .table import Table


def quorum_sentence(committee: Committee, table: Table) -> str:
    """Return "Přítomno 7 z 9 členů, komise je usnášeníschopná." or what is missing for it."""
    present = wording.attendance_sentence(
        Resolution(members_present=table.members_present, members_total=table.members_total)
    )
    if table.has_quorum:
        return _CAN_DECIDE[_noun(committee)]() % {"present": present}
    sentence = _CANNOT_DECIDE[_noun(committee)]() % {"present": present}
    if table.rules is None:
        return f"{sentence} {_t('It has no rules of procedure valid today.')}"
    lacking = members_lacking(table)
    if not lacking:
        return sentence
    more = ngettext(
        "%(count)s more member is needed.", "%(count)s more members are needed.", lacking
    )
    return f"{sentence} {more % {'count': lacking}}"


def members_lacking(table: Table) -> int:
    """How many more members would make a quorum; 0 when there is one or nothing would."""
    if table.rules is None:
        return 0
    for more in range(table.members_total - table.members_present + 1):
        if has_quorum(
            table.rules.quorum,
            members_total=table.members_total,
            members_present=table.members_present + more,
        ):
            return more
    return 0


def missing_sides(committee: Committee, table: Table) -> list[str]:
    """Sentences naming the sides of the triad for which nobody votes at the table now."""
    if CommitteeKind(committee.kind).is_elected:
        return []
    side_of = {seat.pk: seat.side for seat in table.seats}
    here = {side_of[entry.seat] for entry in table.roll}
    sentences = {
        Side.USER: _t("Nobody is here for users."),
        Side.PROVIDER: _t("Nobody is here for providers."),
        Side.COMMISSIONER: _t("Nobody is here for commissioners."),
    }
    return [sentence for side, sentence in sentences.items() if side not in here]


def result_sentence(ballot: Ballot) -> str:
    """Return "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů" for a closed ballot."""
    return wording.vote_sentence(cast(Resolution, ballot))  # it has the same columns of a vote


def progress_sentence(*, voted: int, may_vote: int) -> str:
    """Return "Odevzdané hlasy: 5. Ještě chybí: 4." """
    if voted >= may_vote:
        return _t("Everybody has voted.")
    return _t("Votes cast: %(voted)s. Still missing: %(missing)s.") % {
        "voted": voted,
        "missing": may_vote - voted,
    }


def waiting_sentence(names: Iterable[str]) -> str:
    """Return "Čeká se na: Jana Nová, Petr Starý" or nothing."""
    listed = ", ".join(names)
    return _t("Waiting for: %(names)s") % {"names": listed} if listed else ""


def _noun(committee: Committee) -> str:
    return _NOUNS[CommitteeKind(committee.kind)]


_NOUNS = {
    CommitteeKind.ASSEMBLY: "assembly",
    CommitteeKind.COUNCIL: "council",
    CommitteeKind.ASSEMBLY_COMMITTEE: "committee",
    CommitteeKind.COMMISSION: "commission",
    CommitteeKind.STEERING: "group",
    CommitteeKind.WORKING_GROUP: "group",
    CommitteeKind.COORDINATION: "group",
}
_CAN_DECIDE = {
    "assembly": lambda: pgettext("assembly", "%(present)s, the assembly can decide."),
    "council": lambda: pgettext("council", "%(present)s, the council can decide."),
    "committee": lambda: pgettext("committee", "%(present)s, the committee can decide."),
    "commission": lambda: pgettext("commission", "%(present)s, the commission can decide."),
    "group": lambda: pgettext("group", "%(present)s, the group can decide."),
}
_CANNOT_DECIDE = {
    "assembly": lambda: pgettext("assembly", "%(present)s, the assembly cannot decide yet."),
    "council": lambda: pgettext("council", "%(present)s, the council cannot decide yet."),
    "committee": lambda: pgettext("committee", "%(present)s, the committee cannot decide yet."),
    "commission": lambda: pgettext("commission", "%(present)s, the commission cannot decide yet."),
    "group": lambda: pgettext("group", "%(present)s, the group cannot decide yet."),
}
