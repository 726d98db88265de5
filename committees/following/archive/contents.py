"""What belongs to a year of a committee: which papers, under which names."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import count

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState
from committees.ballots.facts import BallotFacts, facts_of
from committees.ballots.models import Ballot
from committees.bodies.models import Committee, Resolution, Rules
from committees.meetings.models import AgendaItem, Meeting
from committees.minutes.archive import archive_files
from documents.store.models import StoredFile
from kpss.czech import slug

from . import data
from .packing import Paper, as_bytes

JSON, CSV = "application/json", "text/csv"
_NAME_LENGTH = 60


def years_of(committee: Committee) -> list[int]:
    """The years from which the committee has papers, the newest first. Three queries."""
    years = set(Meeting.objects.called().filter(committee=committee).values_list("year", flat=True))
    years |= set(_resolutions(committee).values_list(ExtractYear("adopted_on"), flat=True))
    years |= set(_ballots(committee).values_list(ExtractYear("opened_at"), flat=True))
    return sorted(years, reverse=True)


def papers_of(committee: Committee, year: int) -> Iterator[Paper]:
    """Every paper of the year: rules, meetings, votes outside meetings, resolutions."""
    yield from _rules_papers(committee, year)
    meetings = list(_meetings(committee, year))
    votes = _votes_at(meetings)
    for meeting in meetings:
        yield from _meeting_papers(meeting, votes)
    ballots = list(_ballots(committee).filter(opened_at__year=year))
    counted = [ballot for ballot in ballots if ballot.state == BallotState.CLOSED]
    votes = {facts.pk: facts for facts in facts_of(counted, internal=True)}
    for ballot in ballots:
        yield from _ballot_papers(ballot, votes)
    yield from _resolution_papers(committee, year)


# --- Rules of procedure ----------------------------------------------------------------------------------------------


def _rules_papers(committee: Committee, year: int) -> Iterator[Paper]:
    """The rules in force on some day of the year with the wording in which they stand."""
    for rules in _rules_of_year(committee, year):
        place = f"jednaci-rad/{rules.valid_from.isoformat()}"
        yield Paper(
            f"{place}-pravidla.json",
            _t("Rules of procedure as the portal counted by them"),
            rules.valid_from,
            as_bytes(data.rules_data(rules)),
            JSON,
        )
        kept = rules.document_version or rules.document
        if kept is not None and kept.file is not None:
            yield _kept(
                f"{place}-{_file_name(kept.file_name)}",
                str(kept),
                kept.valid_from or rules.valid_from,
                kept.file,
            )


def _rules_of_year(committee: Committee, year: int) -> list[Rules]:
    found = list(
        committee.rules.filter(valid_from__lte=datetime.date(year, 12, 31))
        .select_related(
            "committee",
            "document__file",
            "document_version__document__file",
            "document_version__file",
        )
        .order_by("-valid_from")
    )
    in_force = [rules for rules in found if rules.valid_from > datetime.date(year, 1, 1)]
    return in_force + found[len(in_force) : len(in_force) + 1]


# --- Meetings --------------------------------------------------------------------------------------------------------


def _meetings(committee: Committee, year: int) -> QuerySet[Meeting]:
    items = AgendaItem.objects.order_by("position", "pk").prefetch_related(
        "papers__file", "conflicts__participant__person", "motions"
    )
    return (
        Meeting.objects.called()
        .filter(committee=committee, year=year)
        .select_related("committee", "invitation")
        .prefetch_related(
            Prefetch("items", items),
            "participants__person",
            "participants__seat__organisation",
            "participants__represents__person",
            "participants__presences",
            "tasks__person",
            "events__actor",
        )
        .order_by("number")
    )


def _votes_at(meetings: Iterable[Meeting]) -> dict[int, BallotFacts]:
    """Everything that was voted on at the meetings, by the keys of ballots."""
    ballots = Ballot.objects.filter(
        motion__item__meeting__in=meetings, state=BallotState.CLOSED
    ).order_by("pk")
    return {facts.pk: facts for facts in facts_of(ballots, internal=True)}


def _meeting_papers(meeting: Meeting, votes: Mapping[int, BallotFacts]) -> Iterator[Paper]:
    place = f"jednani/{meeting.number:02}-{meeting.day.isoformat()}"
    yield Paper(
        f"{place}/jednani.json",
        _t("%(meeting)s: agenda, attendance, votes and tasks") % {"meeting": meeting},
        meeting.day,
        as_bytes(data.meeting_data(meeting, votes)),
        JSON,
    )
    if meeting.invitation:
        yield _kept(
            f"{place}/pozvanka.pdf",
            _t("Invitation: %(meeting)s") % {"meeting": meeting},
            timezone.localdate(meeting.invited_at) if meeting.invited_at else meeting.day,
            meeting.invitation,
        )
    for name, file in archive_files(meeting):
        yield _kept(f"{place}/{name}", _of_minutes(name) % {"meeting": meeting}, meeting.day, file)
    numbers = count(1)
    for item in meeting.items.all():
        for paper in item.papers.all():
            yield _kept(
                f"{place}/podklady/{next(numbers):02}-{_file_name(paper.file_name)}",
                _t("Paper to the item “%(item)s”") % {"item": item.title},
                meeting.day,
                paper.file,
            )


def _of_minutes(name: str) -> str:
    is_extract, is_public = name.startswith("usneseni"), "verejne" in name
    if is_extract and is_public:
        return _t("Extract of resolutions, public wording: %(meeting)s")
    if is_extract:
        return _t("Extract of resolutions: %(meeting)s")
    if is_public:
        return _t("Minutes, public wording: %(meeting)s")
    return _t("Minutes: %(meeting)s")


# --- Votes outside meetings ------------------------------------------------------------------------------------------


def _ballots(committee: Committee) -> QuerySet[Ballot]:
    """Votes outside meetings which are over: counted, or called off after they had begun."""
    over = Q(state=BallotState.CLOSED) | Q(state=BallotState.CANCELLED, opened_at__isnull=False)
    return (
        Ballot.objects.per_rollam()
        .filter(over, committee=committee)
        .select_related("committee", "resolution", "protocol", "protocol_public")
        .prefetch_related("papers__file", "events__actor")
        .order_by("opened_at", "pk")
    )


def _ballot_papers(ballot: Ballot, votes: Mapping[int, BallotFacts]) -> Iterator[Paper]:
    began = timezone.localdate(ballot.opened_at)
    ended = timezone.localdate(ballot.closed_at or ballot.opened_at)
    place = (
        f"per-rollam/{began.isoformat()}-{slug(ballot.title, max_length=_NAME_LENGTH)}-{ballot.pk}"
    )
    about = {"ballot": ballot.title}
    described = asdict(votes[ballot.pk]) if ballot.pk in votes else data.called_off_data(ballot)
    yield Paper(
        f"{place}/hlasovani.json",
        _t("Vote per rollam: %(ballot)s") % about,
        ended,
        as_bytes(described),
        JSON,
    )
    if ballot.protocol:
        words = _t("Protocol of the vote: %(ballot)s") % about
        yield _kept(f"{place}/protokol.pdf", words, ended, ballot.protocol)
    if ballot.protocol_public:
        words = _t("Protocol of the vote for the public: %(ballot)s") % about
        yield _kept(f"{place}/protokol-verejny.pdf", words, ended, ballot.protocol_public)
    for number, paper in enumerate(ballot.papers.all(), 1):
        yield _kept(
            f"{place}/podklady/{number:02}-{_file_name(paper.file_name)}",
            _t("Paper to the vote “%(ballot)s”") % about,
            began,
            paper.file,
        )


# --- Resolutions -----------------------------------------------------------------------------------------------------


def _resolutions(committee: Committee) -> QuerySet[Resolution]:
    return (
        Resolution.objects.filter(committee=committee)
        .select_related("file")
        .order_by("adopted_on", "pk")
    )


def _resolution_papers(committee: Committee, year: int) -> Iterator[Paper]:
    resolutions = list(_resolutions(committee).filter(adopted_on__year=year))
    if not resolutions:
        return
    last = resolutions[-1].adopted_on
    title = _t("Resolutions of the year %(year)s") % {"year": year}
    described = as_bytes([data.resolution_data(one) for one in resolutions])
    yield Paper("usneseni/usneseni.json", title, last, described, JSON)
    yield Paper("usneseni/usneseni.csv", title, last, data.resolutions_table(resolutions), CSV)
    for number, resolution in enumerate(resolutions, 1):
        if resolution.file:
            name = slug(resolution.number.replace("/", "-"), max_length=_NAME_LENGTH)
            yield _kept(
                f"usneseni/prilohy/{number:02}-{name}.pdf",
                str(resolution),
                resolution.adopted_on,
                resolution.file,
            )


def _kept(path: str, title: str, on: datetime.date | None, file: StoredFile) -> Paper:
    """A paper whose content lies in the store."""
    return Paper(path, title, on, file, file.content_type)


def _file_name(name: str) -> str:
    """The name without accents, signs and spaces; the ending stays."""
    stem, _dot, ending = name.rpartition(".")
    if not stem:
        stem, ending = ending, ""
    stem = slug(stem, max_length=_NAME_LENGTH)
    return f"{stem}.{slug(ending, max_length=8)}" if ending else stem
