"""A closed ballot as plain data, for pages, minutes, protocols and archives.

Names are resolved at the moment of asking: for the public, members on the users' side without
consent are named by role only.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects
from django.utils.translation import pgettext

from committees.bodies.enums import Side
from committees.bodies.models import Seat
from committees.bodies.wording import attendance_sentence
from kpss import canonical
from kpss.passages import public_text

from . import wording
from .enums import Method
from .models import Ballot, Vote, Voter


@dataclass(frozen=True)
class VoteFact:
    """What one voter said, or did not say.

    ``who`` is a name or "zástupce uživatelů a pečujících" (then ``is_named`` is False and reason, time
    and channel are empty); ``stands_for`` is whose seat a substitute votes for. ``choice`` is a code or
    empty, ``answer`` says it in words; ``reason`` is of the vote, or of the conflict when excluded.
    """

    who: str
    is_named: bool
    side: str
    choice: str
    answer: str
    is_excluded: bool = False
    presides: bool = False
    stands_for: str = ""
    at: datetime.datetime | None = None
    channel: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PaperFact:
    name: str
    sha256: str


@dataclass(frozen=True)
class RuleFact:
    term: str
    value: str


@dataclass(frozen=True)
class BallotFacts:
    """One ballot as it ended. Codes of choices stand beside their words (``verb_label`` and the like).

    ``asked`` are all who might vote, by name or role; ``votes`` who said what: every voter of a named
    vote, nobody where the reader may not know or where hands or secret slips were counted.
    """

    pk: int
    committee: str
    title: str
    text: str
    background: str
    verb: str
    verb_label: str
    place: str
    mode: str
    mode_label: str
    method: str
    method_label: str
    opened_at: datetime.datetime | None
    deadline: datetime.datetime | None
    closed_at: datetime.datetime | None
    members_total: int
    members_present: int
    excluded: int
    votes_for: int
    votes_against: int
    abstained: int
    silent: int
    is_adopted: bool
    result: str
    attendance: str
    resolution_number: str
    fingerprint: str
    remarks: tuple[str, ...] = ()
    rules: tuple[RuleFact, ...] = ()
    papers: tuple[PaperFact, ...] = ()
    asked: tuple[str, ...] = ()
    votes: tuple[VoteFact, ...] = ()

    @property
    def votes_with_reason(self) -> list[VoteFact]:
        return [vote for vote in self.votes if vote.reason]


def facts_of(ballots: Iterable[Ballot], *, internal: bool) -> list[BallotFacts]:
    """The closed ballots as plain data, for members (``internal``) or for the public.

    A constant number of queries however many they are. The public learns who voted how only where the rules that were
    in force let it, never why a user-side member without a name did.
    """
    ballots = list(ballots)
    prefetch_related_objects(
        ballots, "committee", "resolution", "papers__file", "voters__seat__person", "voters__person"
    )
    votes: dict[int, Vote] = {
        vote.voter_id: vote for vote in Vote.objects.filter(ballot__in=[b.pk for b in ballots])
    }
    return [_facts(ballot, votes, internal) for ballot in ballots]


def _facts(ballot: Ballot, votes: dict[int, Vote], internal: bool) -> BallotFacts:
    voters = sorted(ballot.voters.all(), key=lambda voter: voter.person.sort_key)
    shows_votes = ballot.method == Method.NAMED and (internal or ballot.votes_public)
    return BallotFacts(
        pk=ballot.pk,
        committee=ballot.committee.name,
        title=_shown(ballot.title, internal),
        text=_shown(ballot.text, internal),
        background=ballot.background if internal else "",
        verb=ballot.verb,
        verb_label=str(ballot.get_verb_display()),
        place=ballot.place,
        mode=ballot.mode,
        mode_label=str(ballot.get_mode_display()),
        method=ballot.method,
        method_label=str(ballot.get_method_display()),
        opened_at=ballot.opened_at,
        deadline=ballot.deadline,
        closed_at=ballot.closed_at,
        members_total=ballot.members_total or 0,
        members_present=ballot.members_present or 0,
        excluded=ballot.excluded or 0,
        votes_for=ballot.votes_for or 0,
        votes_against=ballot.votes_against or 0,
        abstained=ballot.abstained or 0,
        silent=ballot.silent or 0,
        is_adopted=bool(ballot.is_adopted),
        result=wording.result_sentence(ballot),
        attendance=attendance_sentence(ballot),  # type: ignore[arg-type] # as a resolution
        resolution_number=ballot.resolution.number if ballot.resolution else "",
        fingerprint=fingerprint(ballot, voters, votes),
        remarks=tuple(wording.remarks(ballot)),
        rules=tuple(RuleFact(row.term, row.value) for row in wording.rules_in_words(ballot)),
        papers=tuple(
            PaperFact(paper.file_name, paper.file.sha256) for paper in ballot.papers.all()
        ),
        asked=tuple(sorted((_name(voter.seat, voter, internal) for voter in voters), key=_last)),
        votes=_vote_facts(ballot, voters, votes, internal) if shows_votes else (),
    )


def _vote_facts(
    ballot: Ballot, voters: list[Voter], votes: dict[int, Vote], internal: bool
) -> tuple[VoteFact, ...]:
    """Those named in order of names; then the others by what they said, so that order names nobody."""
    facts = [_vote_fact(ballot, voter, votes.get(voter.pk), internal) for voter in voters]
    unnamed = sorted((fact for fact in facts if not fact.is_named), key=lambda fact: fact.answer)
    return (*(fact for fact in facts if fact.is_named), *unnamed)


def _vote_fact(ballot: Ballot, voter: Voter, vote: Vote | None, internal: bool) -> VoteFact:
    seat = voter.seat
    is_named = internal or seat.name_is_public
    choice = vote.choice if vote else ""
    stands_for = seat.person if voter.person_id != seat.person_id and is_named else None
    fact = VoteFact(
        who=_name(seat, voter, internal),
        is_named=is_named,
        side=str(Side(voter.side).label),
        choice=choice,
        answer=wording.answer_in_words(
            choice, is_excluded=voter.is_excluded, silence=ballot.silence
        ),
        is_excluded=voter.is_excluded,
    )
    if not is_named:
        return fact
    return replace(
        fact,
        presides=voter.presides,
        stands_for=stands_for.get_full_name() if stands_for else "",
        at=vote.cast_at if vote else voter.excluded_at,
        channel=str(vote.get_channel_display()) if vote else "",
        reason=_shown(vote.reason, internal) if vote else (voter.conflict if internal else ""),
    )


def _shown(text: str, internal: bool) -> str:
    """The text without passages in ``[[ … ]]`` unless members read it."""
    return text if internal else public_text(text)


def _name(seat: Seat, voter: Voter, internal: bool) -> str:
    if internal or seat.name_is_public:
        return voter.person.get_full_name()
    return _by_role()


def _by_role() -> str:
    return pgettext("member without a name", "a representative of users and carers")


def _last(name: str) -> bool:
    """Keeps the order of names and puts those without one at the end."""
    return name == _by_role()


# --- The fingerprint -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    seat: int
    side: str
    is_excluded: bool
    choice: str
    reason: str
    at: datetime.datetime | None
    receipt: str


@dataclass(frozen=True)
class _Content:
    token: str
    title: str
    verb: str
    text: str
    background: str
    papers: tuple[str, ...]
    opened_at: datetime.datetime | None
    deadline: datetime.datetime | None
    closed_at: datetime.datetime | None
    rules: tuple[str, ...]
    sums: tuple[int | None, ...]
    is_adopted: bool | None
    said: tuple[_Said, ...]


def fingerprint(ballot: Ballot, voters: Iterable[Voter], votes: dict[int, Vote]) -> str:
    """SHA-256 of what the database keeps unchanged of a closed ballot.

    Seats stand in it and no names, so that it stays the same when a person is erased.
    """
    return canonical.fingerprint(
        _Content(
            token=str(ballot.token),
            title=ballot.title,
            verb=ballot.verb,
            text=ballot.text,
            background=ballot.background,
            papers=tuple(paper.file.sha256 for paper in ballot.papers.all()),
            opened_at=_utc(ballot.opened_at),
            deadline=_utc(ballot.deadline),
            closed_at=_utc(ballot.closed_at),
            rules=(
                ballot.quorum,
                ballot.majority,
                ballot.silence,
                str(ballot.chair_decides_tie),
                str(ballot.closes_early),
                str(ballot.votes_public),
            ),
            sums=(
                ballot.members_total,
                ballot.members_present,
                ballot.excluded,
                ballot.votes_for,
                ballot.votes_against,
                ballot.abstained,
                ballot.silent,
            ),
            is_adopted=ballot.is_adopted,
            said=tuple(
                _said(voter, votes.get(voter.pk))
                for voter in sorted(voters, key=lambda voter: voter.seat_id)
            ),
        )
    )


def _said(voter: Voter, vote: Vote | None) -> _Said:
    return _Said(
        seat=voter.seat_id,
        side=voter.side,
        is_excluded=voter.is_excluded,
        choice=vote.choice if vote else "",
        reason=vote.reason if vote else "",
        at=_utc(vote.cast_at) if vote else None,
        receipt=vote.receipt if vote else "",
    )


def _utc(moment: datetime.datetime | None) -> datetime.datetime | None:
    return moment and moment.astimezone(datetime.UTC)
