"""Planning a meeting and moving it: numbers, times, tasks from before, and what people are told of changes."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committees.meetings import services
from committees.meetings.enums import Answer, Format, MeetingState
from committees.meetings.models import Meeting, Participant
from committees.meetings.selectors import tasks_to_review
from kpss.workflow import TransitionRefused
from tests.factories import CommitteeFactory, MeetingFactory, MeetingTaskFactory, SeatFactory

from .tables import called, chair_of, committee_at_work, in_days, members_of, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


def moment(text):
    return datetime.datetime.fromisoformat(f"{text}+00:00")


def plan(committee, starts_at, **values):
    return services.plan_meeting(
        committee=committee,
        actor=chair_of(committee),
        token=values.pop("token", uuid.uuid4()),
        starts_at=starts_at,
        **values,
    )


def test_meetings_are_numbered_within_the_year_of_the_committee():
    committee, elsewhere = committee_at_work(), committee_at_work()

    numbers = [
        (meeting.year, meeting.number)
        for meeting in (
            plan(committee, moment("2027-03-01T08:00")),
            plan(committee, moment("2027-01-15T08:00")),
            plan(committee, moment("2028-01-10T08:00")),
            plan(elsewhere, moment("2027-05-01T08:00")),
            # Half an hour of local time past midnight of the new year.
            plan(committee, moment("2027-12-31T23:30")),
        )
    ]

    assert numbers == [(2027, 1), (2027, 2), (2028, 1), (2027, 1), (2028, 2)]


def test_number_of_a_cancelled_meeting_is_not_given_again():
    committee = committee_at_work()
    first = plan(committee, moment("2027-03-01T08:00"))
    services.cancel_meeting(first, actor=chair_of(committee), note="Nesejdeme se.")

    second = plan(committee, moment("2027-04-01T08:00"))

    assert second.number == 2


def test_same_form_sent_again_is_the_same_meeting():
    committee = committee_at_work()
    token = uuid.uuid4()

    meetings = [plan(committee, in_days(9), token=token) for _click in range(50)]

    assert len(set(meetings)) == 1
    assert Meeting.objects.get().events.count() == 1


def test_planning_needs_the_right_to_this_committee():
    committee = committee_at_work()
    outsiders = [
        members_of(committee)[0],
        SeatFactory(chair=True).person,
        SeatFactory(committee=committee, chair=True, ended=True).person,
    ]

    for outsider in outsiders:
        with pytest.raises(PermissionDenied):
            services.plan_meeting(
                committee=committee, actor=outsider, token=uuid.uuid4(), starts_at=in_days(9)
            )

    assert not Meeting.objects.exists()


def test_times_that_cannot_be_are_refused_at_their_field():
    committee = committee_at_work()
    committee.dissolved_on = datetime.date(2026, 12, 31)
    committee.save()

    with pytest.raises(ValidationError) as gone:
        plan(committee, moment("2027-01-01T08:00"))
    with pytest.raises(ValidationError) as backwards:
        plan(committee, moment("2026-12-01T08:00"), ends_at=moment("2026-12-01T07:00"))

    assert list(gone.value.message_dict) == ["starts_at"]
    assert list(backwards.value.message_dict) == ["ends_at"]
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(starts_at=in_days(2), ends_at=in_days(1))


def test_agenda_begins_with_tasks_that_are_not_done():
    committee = committee_at_work()
    done = MeetingTaskFactory(meeting__committee=committee)
    services.finish_task(done, actor=done.person)
    without = plan(committee, in_days(8))
    waiting = MeetingTaskFactory(meeting__committee=committee)
    MeetingTaskFactory()

    meeting = plan(committee, in_days(9))

    assert list(without.items.all()) == []
    (item,) = meeting.items.all()
    assert (item.title, item.reviews_tasks) == ("Kontrola úkolů z minula", True)
    assert list(tasks_to_review(meeting)) == [waiting]


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_meeting_not_called_yet_is_changed_without_a_word_and_renumbered():
    committee = committee_at_work()
    meeting = planned(committee, starts_at=moment("2027-03-01T08:00"))

    changed = services.change_meeting(
        meeting, actor=chair_of(committee), starts_at=moment("2028-03-01T08:00"), place="Klub"
    )

    changed.refresh_from_db()
    assert (changed.year, changed.number, changed.place) == (2028, 1, "Klub")
    assert changed.events.count() == 1


def test_change_after_calling_says_what_changed_and_asks_again():
    committee = committee_at_work()
    meeting = called(committee, days=20)
    member = members_of(committee)[0]
    services.answer_invitation(meeting, person=member, answer=Answer.YES)

    changed = services.change_meeting(
        meeting,
        actor=chair_of(committee),
        known=meeting.sequence,
        starts_at=in_days(21, 10),
        place="Klub seniorů",
    )

    changed.refresh_from_db()
    assert changed.state == MeetingState.INVITED
    assert changed.sequence == meeting.sequence + 1
    note = changed.events.last().note.replace("\xa0", " ").splitlines()
    assert len(note) == 2
    assert note[0].startswith("Začíná ")
    assert note[1] == "Místo se změnilo: Klub seniorů (dříve Radnice, malý sál)."
    assert Participant.objects.get(meeting=meeting, person=member).answer == ""


def test_change_of_the_place_only_keeps_answers():
    committee = committee_at_work()
    meeting = called(committee)
    member = members_of(committee)[0]
    services.answer_invitation(meeting, person=member, answer=Answer.YES)

    services.change_meeting(meeting, actor=chair_of(committee), place="Klub")

    assert Participant.objects.get(meeting=meeting, person=member).answer == Answer.YES


def test_nothing_changed_is_no_change():
    committee = committee_at_work()
    meeting = called(committee)

    same = services.change_meeting(
        meeting, actor=chair_of(committee), place=meeting.place, starts_at=meeting.starts_at
    )

    assert same.sequence == meeting.sequence
    assert [event.transition for event in same.events.all()] == ["create", "invite"]


def test_second_editor_is_told_and_writes_nothing():
    committee = committee_at_work()
    meeting = called(committee)
    known = meeting.sequence
    services.change_meeting(meeting, actor=chair_of(committee), known=known, place="Klub")

    with pytest.raises(TransitionRefused):
        services.change_meeting(meeting, actor=chair_of(committee), known=known, place="Sokolovna")

    meeting.refresh_from_db()
    assert meeting.place == "Klub"


REFUSED = {
    "past": {"starts_at": in_days(-1)},
    "nowhere": {"place": ""},
    "no link": {"format": Format.HYBRID},
}


@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED)
def test_people_called_always_know_where_and_when(values):
    committee = committee_at_work()
    meeting = called(committee)

    with pytest.raises(TransitionRefused):
        services.change_meeting(
            meeting, actor=chair_of(committee), short_notice_confirmed=True, **values
        )

    assert Meeting.objects.get().sequence == meeting.sequence


def test_moving_to_a_near_day_has_to_be_confirmed():
    committee = committee_at_work()
    meeting = called(committee, days=20)
    near = {"starts_at": in_days(3)}

    with pytest.raises(services.ShortNotice):
        services.change_meeting(meeting, actor=chair_of(committee), **near)
    services.change_meeting(meeting, actor=chair_of(committee), short_notice_confirmed=True, **near)

    note = Meeting.objects.get().events.last().note.replace("\xa0", " ")
    assert "Do jednání zbývají 3 dny." in note
    assert "nejméně 7 dní předem" in note


def test_called_meeting_keeps_its_number_and_uid():
    committee = committee_at_work()
    meeting = called(committee, starts_at=moment("2027-03-01T08:00"))

    moved = services.change_meeting(
        meeting, actor=chair_of(committee), starts_at=moment("2028-03-01T08:00")
    )

    assert (moved.year, moved.number, moved.uid) == (2027, 1, meeting.uid)
    for values in ({"number": 9}, {"year": 2028}, {"uid": uuid.uuid4()}, {"sequence": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk)._raw_delete("default")


def test_ended_and_cancelled_meetings_do_not_change():
    committee = CommitteeFactory()
    chair = SeatFactory(committee=committee, chair=True).person

    for trait in ("running", "ended", "cancelled"):
        meeting = MeetingFactory(committee=committee, **{trait: True})
        with pytest.raises(TransitionRefused):
            services.change_meeting(meeting, actor=chair, place="Klub")
