"""Calling a meeting: who is invited and how, short notice, changes, cancelling, guests; nothing is told twice."""

import datetime
import re
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.bodies import seating
from committees.bodies.enums import Role
from committees.meetings import printing, services
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, MeetingEvent
from documents.engine import EngineUnavailable
from kpss import clock
from kpss.outbox.models import Message
from kpss.workflow import TransitionRefused
from tests.factories import PersonFactory, SeatFactory

from .tables import (
    attached,
    called,
    chair_of,
    committee_at_work,
    event_in,
    in_days,
    mails_to,
    members_of,
    planned,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@pytest.mark.django_db(transaction=True)
def test_invitation_leaves_by_itself_with_a_link_that_opens():
    committee = committee_at_work(members=1)
    (member,) = members_of(committee)
    meeting = planned(committee)

    services.call_meeting(meeting, actor=chair_of(committee))

    assert len(mail.outbox) == 3
    (letter,) = [one for one in mail.outbox if one.to == [member.email]]
    assert re.search(r"http\S+/o/[\w-]{30,}/", letter.body)


def test_member_gets_a_calendar_a_paper_and_the_agenda():
    committee = committee_at_work()
    member = members_of(committee)[0]
    meeting = called(committee)

    (letter,) = mails_to(member)

    assert letter.subject.startswith("Pozvánka: ")
    assert member.last_name not in letter.subject
    assert letter.is_urgent
    assert "1. Bod programu 1" in letter.body.replace("\xa0", " ")
    assert attached(letter) == ["jednani.ics", "pozvanka.pdf"]
    method, event = event_in(letter)
    assert method == "REQUEST"
    assert str(event["uid"]) == str(meeting.uid)
    assert str(event["attendee"]) == f"mailto:{member.email}"
    assert str(event["organizer"]).startswith("mailto:")


def test_everybody_who_sits_that_day_is_invited_but_substitutes():
    committee = committee_at_work(members=2)
    SeatFactory(committee=committee, role=Role.SUBSTITUTE)
    SeatFactory(committee=committee, ended=True)
    SeatFactory(committee=committee, valid_from=timezone.localdate(in_days(11)))
    to_come = SeatFactory(committee=committee, valid_from=timezone.localdate(in_days(10)))
    SeatFactory(committee=committee, role=Role.GUEST)

    meeting = called(committee, days=10)

    roles = sorted(meeting.participants.values_list("seat__role", flat=True))
    assert roles == ["chair", "guest", "member", "member", "member", "secretary"]
    assert meeting.participants.filter(seat=to_come).exists()


def test_member_without_email_is_on_the_list_and_gets_no_mail():
    committee = committee_at_work(members=1)
    silent = SeatFactory(committee=committee, person__email=None)

    meeting = called(committee)

    assert meeting.participants.get(seat=silent).invited_at is None
    assert meeting.participants.exclude(invited_at=None).count() == 3
    assert Message.objects.count() == 3


MISSING = {
    "agenda": {"items": 0},
    "place": {"place": ""},
    "link": {"format": "hybrid"},
    "past": {"starts_at": in_days(-1)},
}


@pytest.mark.parametrize("values", MISSING.values(), ids=MISSING)
def test_meeting_is_not_called_until_people_know_all(values):
    committee = committee_at_work()
    meeting = planned(committee, **values)

    with pytest.raises(TransitionRefused):
        services.call_meeting(meeting, actor=chair_of(committee), short_notice_confirmed=True)

    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED
    assert not meeting.participants.exists()


def test_short_notice_has_to_be_confirmed_and_is_written_down():
    committee = committee_at_work(notice_days=7)
    meeting = planned(committee, days=5)
    chair = chair_of(committee)

    with pytest.raises(services.ShortNotice):
        services.call_meeting(meeting, actor=chair)
    services.call_meeting(meeting, actor=chair, short_notice_confirmed=True)
    services.spread(meeting.pk)

    note = meeting.events.last().note
    assert note == "Do jednání zbývá 5 dní. Jednací řád žádá pozvánku nejméně 7 dní předem."
    body = " ".join(Message.objects.first().body.split())
    assert "Pozvánka odešla 5 dní před jednáním." in body


@pytest.mark.parametrize(("days", "is_short"), [(6, True), (7, False), (8, False)])
def test_notice_is_counted_in_days(days, is_short):
    committee = committee_at_work(notice_days=7)
    meeting = planned(committee, days=days)

    if is_short:
        with pytest.raises(services.ShortNotice):
            services.call_meeting(meeting, actor=chair_of(committee))
    else:
        services.call_meeting(meeting, actor=chair_of(committee))

    meeting.refresh_from_db()
    assert (meeting.state == MeetingState.INVITED) is not is_short


def test_calling_needs_the_right_and_happens_once():
    committee = committee_at_work()
    meeting = planned(committee)

    for outsider in (members_of(committee)[0], SeatFactory(chair=True).person):
        with pytest.raises(PermissionDenied):
            services.call_meeting(meeting, actor=outsider)
    services.call_meeting(meeting, actor=chair_of(committee))
    for _click in range(20):
        with pytest.raises(TransitionRefused):
            services.call_meeting(meeting, actor=chair_of(committee))

    assert meeting.events.filter(transition="invite").count() == 1
    assert meeting.participants.count() == 5


def test_invitation_goes_without_paper_where_none_can_be_made(monkeypatch):
    away = Mock(side_effect=EngineUnavailable("chybí Pango"))
    monkeypatch.setattr(printing, "invitation_pdf", away)
    committee = committee_at_work()

    meeting = called(committee)

    assert meeting.invitation is None
    assert attached(Message.objects.first()) == ["jednani.ics"]
    assert Message.objects.count() == meeting.participants.count()


def test_change_and_cancellation_follow_the_same_event_in_the_calendar():
    committee = committee_at_work()
    chair, member = chair_of(committee), members_of(committee)[0]
    meeting = called(committee)

    services.change_meeting(meeting, actor=chair, place="Klub seniorů")
    services.spread(meeting.pk)
    services.add_item(meeting, actor=chair, title="Nový bod")
    services.announce_agenda(meeting, actor=chair)
    services.spread(meeting.pk)
    services.cancel_meeting(meeting, actor=chair, note="Předsedkyně onemocněla.")
    services.spread(meeting.pk)

    letters = mails_to(member)
    seen = [event_in(letter) for letter in letters]
    assert [method for method, _event in seen] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["uid"]) for _method, event in seen} == {str(meeting.uid)}
    sequences = [event["sequence"] for _method, event in seen]
    assert sequences == sorted(set(sequences))
    assert str(seen[-1][1]["status"]) == "CANCELLED"
    assert "Klub seniorů" in letters[1].body
    assert "Nový bod" in letters[2].body
    assert "Předsedkyně onemocněla." in letters[3].body


def test_cancelling_needs_a_reason_and_before_the_call_tells_nobody():
    committee = committee_at_work()
    meeting = planned(committee)
    chair = chair_of(committee)

    with pytest.raises(TransitionRefused):
        services.cancel_meeting(meeting, actor=chair, note="  ")
    services.cancel_meeting(meeting, actor=chair, note="Není o čem jednat.")
    services.spread(meeting.pk)

    assert not Message.objects.exists()
    assert not Meeting.objects.called().exists()


def test_nothing_is_told_twice():
    committee = committee_at_work()
    meeting = called(committee)
    sent = Message.objects.count()

    for _run in range(5):
        services.spread(meeting.pk)
        services.spread_due(timezone.now() + datetime.timedelta(hours=1))

    assert Message.objects.count() == sent
    assert not MeetingEvent.objects.filter(transition="invite", notified_at=None).exists()


def test_what_a_crash_left_is_told_later():
    committee = committee_at_work()
    meeting = planned(committee)
    services.call_meeting(meeting, actor=chair_of(committee))  # and the worker never comes

    now = timezone.now()
    too_soon = services.spread_due(now)
    later = services.spread_due(now + datetime.timedelta(minutes=10))

    assert (too_soon, later) == (0, meeting.participants.count())
    assert Message.objects.count() == later


def test_change_made_while_the_paper_was_being_drawn_is_told_whole(monkeypatch):
    committee = committee_at_work()
    chair, member = chair_of(committee), members_of(committee)[0]
    meeting = planned(committee)
    services.call_meeting(meeting, actor=chair)

    def slowly(drawn):
        if drawn.place != "Klub":
            services.change_meeting(drawn, actor=chair, place="Klub")
        return b"%PDF-1.7"

    monkeypatch.setattr(printing, "invitation_pdf", slowly)
    first, second = services.spread(meeting.pk), services.spread(meeting.pk)

    assert (first, second) == (0, 5)
    (letter,) = mails_to(member)
    assert "Klub" in letter.body


def test_who_is_seated_after_the_call_is_invited_by_the_clock():
    committee = committee_at_work()
    meeting = called(committee)
    seat = SeatFactory(committee=committee)

    told = services.spread_due(timezone.now() + datetime.timedelta(minutes=10))

    assert told == 1
    assert len(mails_to(seat.person)) == 1
    assert meeting.participants.get(seat=seat).invited_at is not None


def test_whose_mandate_ended_is_told_nothing_more():
    committee = committee_at_work()
    meeting = called(committee)
    member = members_of(committee)[0]
    seating.end_seat(committee.seats.get(person=member), actor=None)

    services.change_meeting(meeting, actor=chair_of(committee), place="Klub")
    services.spread(meeting.pk)

    assert len(mails_to(member)) == 1
    assert len(mails_to(members_of(committee)[1])) == 2
    assert services.invited(meeting, member) is None


def test_retold_meeting_is_told_at_its_own_time():
    committee = committee_at_work()
    then = timezone.now() - datetime.timedelta(days=400)
    with clock.at(then):
        meeting = planned(committee, starts_at=then + datetime.timedelta(days=10))
        services.call_meeting(meeting, actor=chair_of(committee))

    meeting.refresh_from_db()
    assert meeting.invited_at == then
    assert {message.sent_at for message in Message.objects.all()} == {then}
    assert services.spread_due(timezone.now()) == 0


# --- Guests -----------------------------------------------------------------------------------------------------------


def test_guest_is_invited_after_the_call_and_sees_nothing_internal():
    committee = committee_at_work()
    meeting = called(committee)
    chair = chair_of(committee)
    services.add_item(meeting, actor=chair, title="Kanárek uvnitř", is_internal=True)
    person = PersonFactory()

    guests = {services.add_guest(meeting, actor=chair, person=person) for _click in range(3)}
    named = {services.add_guest(meeting, actor=chair, name=" Jan  Host ") for _click in range(3)}
    services.spread(meeting.pk)

    assert (len(guests), len(named)) == (1, 1)
    (letter,) = mails_to(person)
    _method, event = event_in(letter)
    assert "Kanárek" not in letter.body + str(event["description"])
    assert attached(letter) == ["jednani.ics"]


def test_guest_taken_off_the_list_is_told():
    committee = committee_at_work()
    meeting = called(committee)
    chair = chair_of(committee)
    person = PersonFactory()
    guest = services.add_guest(meeting, actor=chair, person=person)
    services.spread(meeting.pk)

    services.remove_guest(guest, actor=chair)
    services.remove_guest(guest, actor=chair)

    assert [event_in(letter)[0] for letter in mails_to(person)] == ["REQUEST", "CANCEL"]


def test_member_is_no_guest():
    committee = committee_at_work()
    meeting = called(committee)
    chair = chair_of(committee)

    with pytest.raises(TransitionRefused):
        services.remove_guest(meeting.participants.first(), actor=chair)
    for values in ({}, {"person": PersonFactory(), "name": "Host"}):
        with pytest.raises(ValidationError):
            services.add_guest(meeting, actor=chair, **values)
    with pytest.raises(PermissionDenied):
        services.add_guest(meeting, actor=members_of(committee)[0], name="Host")
