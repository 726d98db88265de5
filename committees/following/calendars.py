"""Calendars to subscribe to: the public one, that of one committee, and the private one of a member."""

import datetime
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from icalendar import Calendar, Event, vDuration, vUri

from committees.ballots.models import Ballot
from committees.ballots.selectors import waiting_voters
from committees.meetings.calendar import PRODUCT, event_of, lines, one_line, organizer
from committees.meetings.models import Meeting, MeetingTask
from committees.people.models import Person
from kpss import clock

from .entries import absolute
from .scope import Scope

CONTENT_TYPE = "text/calendar; charset=utf-8"
# How much of the past a calendar keeps, and how often it asks for more.
KEPT = datetime.timedelta(days=400)
ASKS_EVERY = datetime.timedelta(hours=1)


def calendar_for(scope: Scope, name: str) -> bytes:
    """The calendar of all that ``scope`` covers, called ``name``. A constant number of queries.

    A member has there also the deadlines of votes they have not cast and the terms of tasks from
    meetings which they have not done.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", one_line(name))
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("refresh-interval", ASKS_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASKS_EVERY))  # the same for Outlook
    for event in _events(scope):
        calendar.add_component(event)
    return calendar.to_ical()


def _events(scope: Scope) -> Iterator[Event]:
    by = organizer()
    for meeting in _meetings(scope):
        yield event_of(meeting, by=by, public=not scope.sees_internal)
    if scope.person is not None:
        yield from (_deadline(voter.ballot) for voter in waiting_voters([scope.person]))
        yield from map(_term, _tasks(scope.person))


def _meetings(scope: Scope) -> QuerySet[Meeting]:
    return (
        scope.meetings()
        .filter(starts_at__gte=clock.now() - KEPT)
        .select_related("committee")
        .prefetch_related("items")
        .order_by("starts_at", "pk")
    )


def _deadline(ballot: Ballot) -> Event:
    assert ballot.deadline, "the database keeps no open ballot per rollam without one"
    event = Event()
    event.add("uid", f"hlasovani-{ballot.token}")
    event.add("dtstamp", ballot.opened_at)
    event.add("dtstart", ballot.deadline.astimezone(datetime.UTC))
    title = _t("The vote ends: %(ballot)s") % {"ballot": ballot.title}
    _describe(event, title, ballot.committee.name, ballot.text, absolute(ballot.get_absolute_url()))
    return event


def _tasks(person: Person) -> QuerySet[MeetingTask]:
    return (
        MeetingTask.objects.open()
        .filter(person=person, due_on__isnull=False)
        .select_related("meeting__committee")
        .order_by("due_on", "pk")
    )


def _term(task: MeetingTask) -> Event:
    event = Event()
    event.add("uid", f"ukol-{task.token}")
    event.add("dtstamp", task.created_at)
    event.add("dtstart", task.due_on)
    title = _t("Term of a task: %(task)s") % {"task": task.text}
    _describe(event, title, str(task.meeting), task.text, absolute(task.meeting.get_absolute_url()))
    return event


def _describe(event: Event, title: str, where_from: str, text: str, url: str) -> None:
    """What stands at a term: it takes no time of the day."""
    event.add("transp", "TRANSPARENT")
    event.add("summary", one_line(title))
    event.add("description", "\n\n".join([lines(where_from), lines(text), url]))
    event.add("url", vUri(url))
