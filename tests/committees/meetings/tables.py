"""Committees at work, for tests of meetings: who sits there, and a meeting with an agenda."""

import datetime
import uuid

from django.utils import timezone
from icalendar import Calendar

from committees.bodies.enums import Role, Side
from committees.meetings import services
from committees.meetings.models import Meeting
from kpss.outbox.models import Message
from tests.factories import CommitteeFactory, RulesFactory, SeatFactory


def in_days(days: int, hour: int = 9) -> datetime.datetime:
    """The moment so many days from now, at a whole hour of the local clock."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def committee_at_work(members: int = 3, **rules):
    """A committee with rules, a chair, plain members and a secretary."""
    committee = CommitteeFactory()
    RulesFactory(committee=committee, **{"notice_days": 7, "substitutes_allowed": True, **rules})
    SeatFactory(committee=committee, chair=True)
    SeatFactory(committee=committee, secretary=True)
    sides = [Side.USER, Side.PROVIDER, Side.COMMISSIONER]
    for order in range(members):
        SeatFactory(committee=committee, side=sides[order % 3])
    return committee


def chair_of(committee):
    return committee.seats.get(role=Role.CHAIR).person


def members_of(committee):
    seats = committee.seats.filter(role=Role.MEMBER).order_by("pk")
    return [seat.person for seat in seats]


def planned(committee, *, days: int = 10, items: int = 1, **values) -> Meeting:
    """A meeting in that many days, with an agenda."""
    values = {"starts_at": in_days(days), "place": "Radnice, malý sál", **values}
    chair = chair_of(committee)
    meeting = services.plan_meeting(committee=committee, actor=chair, token=uuid.uuid4(), **values)
    for order in range(items):
        services.add_item(meeting, actor=chair, title=f"Bod programu {order + 1}")
    return meeting


def called(committee, **values) -> Meeting:
    """A meeting to which people have been called and told by the worker."""
    meeting = planned(committee, **values)
    services.call_meeting(meeting, actor=chair_of(committee), short_notice_confirmed=True)
    services.spread(meeting.pk)
    meeting.refresh_from_db()
    return meeting


# --- What people got -------------------------------------------------------------------------------------------------


def mails_to(person) -> list[Message]:
    """Mails written to the person, in order."""
    return list(Message.objects.filter(person=person).order_by("pk"))


def attached(message) -> list[str]:
    """Names of the files in a mail."""
    return [attachment.name for attachment in message.attachments.all()]


def event_in(message):
    """The method of the calendar in a mail, and its one event."""
    calendar = message.attachments.get(name="jednani.ics")
    read = Calendar.from_ical(bytes(calendar.content))
    (event,) = read.walk("VEVENT")
    method = str(read["method"])
    assert calendar.content_type == f"text/calendar; method={method}"
    return method, event
