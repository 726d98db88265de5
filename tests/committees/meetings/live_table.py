"""Meetings under way, made by the services, with people around the table."""

import datetime
import uuid

from django.utils import timezone

from committees.ballots.enums import Method
from committees.ballots.models import Ballot
from committees.bodies.enums import CommitteeKind, Role, Side, Verb
from committees.bodies.models import Committee
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import AgendaItem, Meeting, Participant
from committees.meetings.services import live
from committees.people.models import Person
from tests.committees.ballots.building import committee_of
from tests.factories import PersonFactory, SeatFactory

MINUTE = datetime.timedelta(minutes=1)


def planned(committee: Committee, *, items: int = 2, format=Format.IN_PERSON, **values) -> Meeting:
    """A meeting that begins now; nobody has begun it yet."""
    now = timezone.now()
    meeting = Meeting.objects.create(
        **{
            "committee": committee,
            "year": timezone.localdate(now).year,
            "number": committee.meetings.count() + 1,
            "starts_at": now,
            "place": "Zasedací místnost",
            "online_url": "https://setkani.example.cz/komise",
            "state": MeetingState.INVITED,
            "invited_at": now,
            "format": format,
        }
        | values
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            position=n,
            title=f"Bod programu {n}",
            verb=Verb.APPROVES,
            proposal=f"Skupina schvaluje návrh {n}.",
        )
        for n in range(1, items + 1)
    )
    return meeting


def running(
    members: int = 3,
    *,
    here: int | None = None,
    kind=CommitteeKind.WORKING_GROUP,
    items: int = 2,
    format=Format.IN_PERSON,
    public: bool = False,
    **rules,
) -> Meeting:
    """A meeting under way; the first ``here`` of its members (all unless told) sit at the table."""
    committee = committee_of(members, kind=kind, **rules)
    return begun(planned(committee, items=items, format=format, is_public=public), here=here)


def begun(meeting: Meeting, *, here: int | None = None) -> Meeting:
    """The meeting once begun, the first ``here`` of its people present."""
    actor = operator()
    meeting = live.start_meeting(meeting, actor=actor)
    for participant in list(participants(meeting))[:here]:
        live.arrive(participant, online=meeting.format == Format.ONLINE, actor=actor)
    return meeting


def operator() -> Person:
    """Somebody who may run every meeting."""
    return PersonFactory(superuser=True)


def participants(meeting: Meeting):
    """Those with a seat, by their seats, the chair first."""
    return meeting.participants.exclude(seat=None).order_by("seat")


def members_of(meeting: Meeting) -> list[Person]:
    return [one.person for one in participants(meeting).select_related("person")]


def substitute(committee: Committee, *, named_for=None, side=Side.COMMISSIONER):
    """A seat of a substitute, named for one member's seat or for anybody."""
    return SeatFactory(
        committee=committee, role=Role.SUBSTITUTE, substitute_for=named_for, side=side
    )


def of(meeting: Meeting, person) -> Participant:
    return meeting.participants.get(person=person)


def item(meeting: Meeting, number: int = 1) -> AgendaItem:
    return meeting.items.get(position=number)


def put(meeting: Meeting, *, number: int = 1, method=Method.HANDS, actor=None, **values) -> Ballot:
    """A vote on the proposal of the item, open."""
    point = item(meeting, number)
    return live.put_to_vote(
        point,
        **{
            "title": point.title,
            "text": point.proposal,
            "verb": Verb.APPROVES,
            "method": method,
            "token": uuid.uuid4(),
            "actor": actor or operator(),
        }
        | values,
    )


def count(ballot: Ballot, votes_for: int, votes_against: int = 0, abstained: int = 0, **values):
    """The vote closed with hands counted."""
    return live.count_hands(
        ballot,
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        **{"actor": operator()} | values,
    )
