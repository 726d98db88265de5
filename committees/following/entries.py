"""What happened, as entries of feeds: for everybody, or for one member with what only members see."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.ballots.models import BallotEvent
from committees.bodies.wording import vote_sentence
from committees.meetings.agenda import agenda_tree, walk
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import AgendaItem, Meeting, MeetingEvent
from documents.news.models import Article
from kpss.atom import Entry
from kpss.czech import date as czech_date
from kpss.czech import datetime_
from kpss.passages import public_text

from .scope import Scope

NEWEST = 30


def entries_for(scope: Scope, *, with_articles: bool = False) -> list[Entry]:
    """The newest entries that ``scope`` covers, the last thing first. A constant number of queries."""
    sources: list[Iterable[Entry]] = [
        _meetings(scope),
        _minutes(scope),
        _resolutions(scope),
        _ballots(scope) if scope.sees_internal else (),
        _articles() if with_articles else (),
    ]
    found = [entry for source in sources for entry in source]
    return sorted(found, key=lambda entry: (entry.at, entry.url), reverse=True)[:NEWEST]


def absolute(path: str) -> str:
    """The whole address of a page of this portal."""
    return settings.SITE_URL + path


# --- Meetings --------------------------------------------------------------------------------------------------------
# Each event is an entry of its own, so that a reader who saw the call does not miss that it was called off. What it
# says is how the meeting stands now. Reasons in the history are for those invited and do not stand here.


def _meetings(scope: Scope) -> Iterator[Entry]:
    sentences = {
        "invite": pgettext("news", "Called: %(meeting)s"),
        "change": pgettext("news", "Changed: %(meeting)s"),
        "cancel": pgettext("news", "Cancelled: %(meeting)s"),
    }
    events = (
        MeetingEvent.objects.filter(transition__in=sentences, meeting__in=scope.meetings())
        .select_related("meeting__committee")
        .prefetch_related(Prefetch("meeting__items", AgendaItem.objects.order_by("position", "pk")))
        .order_by("-at", "-pk")[:NEWEST]
    )
    for event in events:
        meeting = event.meeting
        yield Entry(
            url=absolute(f"{meeting.get_absolute_url()}#zmena-{event.pk}"),
            title=sentences[event.transition] % {"meeting": meeting},
            summary=_about_meeting(meeting, scope),
            category=_t("meeting"),
            at=event.at,
            updated_at=max(event.at, meeting.revised_at),
        )


def _about_meeting(meeting: Meeting, scope: Scope) -> SafeString:
    lines = [_shown(meeting.title, scope), datetime_(meeting.starts_at)]
    if meeting.state == MeetingState.CANCELLED:
        lines.insert(0, _t("The meeting is cancelled."))
    if meeting.format != Format.ONLINE:
        lines.append(meeting.place)
    if meeting.format != Format.IN_PERSON:
        lines.append(_t("online"))
    agenda = format_html_join(
        "",
        "<li>{} {}</li>",
        (
            (line.number, _shown(line.item.title, scope))
            for line in walk(agenda_tree(meeting.items.all(), insider=scope.sees_internal))
        ),
    )
    return format_html(
        "{}{}",
        _paragraphs(lines),
        format_html("<ul>{}</ul>", agenda) if agenda else "",
    )


# --- Minutes, resolutions, votes -------------------------------------------------------------------------------------


def _minutes(scope: Scope) -> Iterator[Entry]:
    """Approved minutes. What they say is read on their page, which keeps the layers."""
    sentence = (
        pgettext("news", "Minutes approved: %(meeting)s")
        if scope.sees_internal
        else pgettext("news", "Minutes published: %(meeting)s")
    )
    frozen = scope.minutes().select_related("meeting__committee").order_by("-approved_at", "-pk")
    for minutes in frozen[:NEWEST]:
        assert minutes.approved_at, "the database keeps no approved minutes without the moment"
        yield Entry(
            url=absolute(minutes.get_absolute_url()),
            title=sentence % {"meeting": minutes.meeting},
            summary=_paragraphs(
                [czech_date(minutes.meeting.day), _shown(minutes.meeting.title, scope)]
            ),
            category=_t("minutes"),
            at=minutes.approved_at,
            updated_at=minutes.approved_at,
        )


def _resolutions(scope: Scope) -> Iterator[Entry]:
    for resolution in scope.resolutions().order_by("-recorded_at", "-pk")[:NEWEST]:
        page = reverse("minutes:resolution_detail", args=[resolution.committee.slug, resolution.pk])
        yield Entry(
            url=absolute(page),
            title=_t("%(committee)s: %(resolution)s")
            % {"committee": resolution.committee, "resolution": resolution},
            summary=_paragraphs([_shown(resolution.text, scope), vote_sentence(resolution)]),
            category=_t("resolution"),
            at=resolution.recorded_at,
            updated_at=resolution.recorded_at,
        )


def _ballots(scope: Scope) -> Iterator[Entry]:
    """Votes outside meetings as their members see them: asked, called off, ended."""
    sentences = {
        "open": pgettext("news", "A vote per rollam has begun: %(ballot)s"),
        "close": pgettext("news", "A vote per rollam has ended: %(ballot)s"),
        "close_by_itself": pgettext("news", "A vote per rollam has ended: %(ballot)s"),
        "cancel": pgettext("news", "A vote per rollam was called off: %(ballot)s"),
    }
    events = (
        BallotEvent.objects.filter(
            transition__in=sentences,
            ballot__in=scope.ballots(),
        )
        .exclude(from_state="draft", transition="cancel")
        .select_related("ballot__committee", "ballot__resolution")
        .order_by("-at", "-pk")[:NEWEST]
    )
    for event in events:
        ballot = event.ballot
        lines = [ballot.committee.name, ballot.text]
        if ballot.deadline:
            lines.append(_t("Votes until %(moment)s.") % {"moment": datetime_(ballot.deadline)})
        yield Entry(
            url=absolute(f"{ballot.get_absolute_url()}#zmena-{event.pk}"),
            title=sentences[event.transition] % {"ballot": ballot.title},
            summary=_paragraphs(lines),
            category=_t("ballot"),
            at=event.at,
            updated_at=event.at,
        )


# --- News ------------------------------------------------------------------------------------------------------------


def _articles() -> Iterator[Entry]:
    for article in Article.objects.published().news()[:NEWEST]:
        yield Entry(
            url=absolute(article.get_absolute_url()),
            title=article.title,
            summary=_paragraphs([article.lead]),
            category=_t("news"),
            at=article.published_at,
            updated_at=article.revised_at or article.published_at,
        )


def _shown(text: str, scope: Scope) -> str:
    """The text without passages that are for members only, unless the reader is one."""
    return text if scope.sees_internal else public_text(text)


def _paragraphs(lines: Iterable[str]) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines if line))
