"""Tasks from meetings: given once, settled by who may, reminded of; and what waits on desks."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from committees.bodies import seating
from committees.bodies.enums import Role
from committees.meetings import desk, services
from committees.meetings.enums import Answer, TaskState
from committees.meetings.models import Meeting, MeetingTask
from committees.meetings.selectors import tasks_to_review
from kpss import clock
from kpss.desk import Pile
from kpss.outbox.models import Notice
from kpss.outbox.services import stop_daily
from kpss.workflow import TransitionRefused
from tests.factories import (
    AgendaItemFactory,
    MeetingFactory,
    MeetingTaskFactory,
    PersonFactory,
    SeatFactory,
)

from .tables import called, chair_of, committee_at_work, in_days, members_of, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]
TODAY = datetime.date(2026, 5, 20)
MORNING = datetime.datetime(2026, 5, 20, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def committee():
    return committee_at_work()


def test_task_is_given_once(committee):
    meeting = MeetingFactory(committee=committee, ended=True)
    item = AgendaItemFactory(meeting=meeting)
    person = members_of(committee)[0]
    token = uuid.uuid4()

    tasks = {
        services.add_task(
            meeting,
            actor=chair_of(committee),
            text=" Zjistit ceny ",
            person=person,
            item=item,
            token=token,
        )
        for _click in range(50)
    }

    (task,) = tasks
    assert (task.text, task.person, task.item) == ("Zjistit ceny", person, item)
    assert [event.transition for event in task.events.all()] == ["create"]


WRONG = {
    "nobody": ({"text": "Zjistit"}, "person"),
    "nothing": ({"text": " ", "responsible": "město"}, "text"),
}


@pytest.mark.parametrize(("values", "field"), WRONG.values(), ids=WRONG)
def test_task_needs_somebody_and_something(committee, values, field):
    meeting = MeetingFactory(committee=committee, ended=True)

    with pytest.raises(ValidationError) as refused:
        services.add_task(meeting, actor=chair_of(committee), **values)

    assert list(refused.value.message_dict) == [field]


def test_task_is_not_given_by_a_member_nor_at_a_cancelled_meeting(committee):
    meeting = MeetingFactory(committee=committee, ended=True)
    cancelled = MeetingFactory(committee=committee, cancelled=True)
    foreign = AgendaItemFactory()
    values = {"text": "Zjistit", "responsible": "město"}

    with pytest.raises(PermissionDenied):
        services.add_task(meeting, actor=members_of(committee)[0], **values)
    with pytest.raises(TransitionRefused):
        services.add_task(cancelled, actor=chair_of(committee), **values)
    with pytest.raises(ValidationError):
        services.add_task(meeting, actor=chair_of(committee), item=foreign, **values)

    assert not MeetingTask.objects.exists()


def test_review_keeps_the_tasks_that_were_open_when_the_meeting_began(committee):
    earlier = MeetingFactory(committee=committee, ended=True)
    settled, later, waiting = (
        MeetingTaskFactory(meeting=earlier, text=text) for text in ("dříve", "potom", "čeká")
    )
    services.finish_task(settled, actor=settled.person)
    meeting = MeetingFactory(committee=committee, running=True)
    own = MeetingTaskFactory(meeting=meeting)
    services.finish_task(later, actor=later.person)

    assert set(tasks_to_review(meeting)) == {later, waiting}
    assert own not in tasks_to_review(meeting)


# --- Page ---------------------------------------------------------------------------------------------------------------


def test_member_settles_her_task_on_the_page(client, committee):
    member = members_of(committee)[0]
    meeting = MeetingFactory(committee=committee, ended=True)
    task = MeetingTaskFactory(meeting=meeting, person=member)
    other = MeetingTaskFactory(meeting=meeting)
    client.force_login(member)
    page = reverse("meetings:task_list", args=[committee.slug])

    shown = client.get(page)
    for _click in range(2):
        done = client.post(
            reverse("meetings:task_settle", args=[committee.slug, task.pk]), {"step": "finish"}
        )
    refused = client.post(
        reverse("meetings:task_settle", args=[committee.slug, other.pk]), {"step": "finish"}
    )

    assert set(shown.context["tasks"]) == {task, other}
    assert (done.status_code, refused.status_code) == (302, 403)
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    assert task.closed_at is not None
    assert task.events.filter(transition="finish").count() == 1


def test_manager_cancels_with_a_reason_and_reopens(client, committee):
    task = MeetingTaskFactory(meeting__committee=committee)
    client.force_login(chair_of(committee))
    settle = reverse("meetings:task_settle", args=[committee.slug, task.pk])

    client.post(settle, {"step": "cancel"})
    without = MeetingTask.objects.get().state
    client.post(settle, {"step": "cancel", "note": "Zařídilo město."})
    cancelled = MeetingTask.objects.get()
    page = client.get(reverse("meetings:task_list", args=[committee.slug])).content.decode()
    client.post(settle, {"step": "reopen"})
    nonsense = client.post(settle, {"step": "explode"})

    assert (without, cancelled.state) == (TaskState.OPEN, TaskState.CANCELLED)
    assert "Zařídilo město." in page
    assert MeetingTask.objects.get().closed_at is None
    assert nonsense.status_code == 400


def test_tasks_are_seen_by_members_and_by_who_does_them(client, committee):
    task = MeetingTaskFactory(meeting__committee=committee)
    page = reverse("meetings:task_list", args=[committee.slug])
    statuses = {}

    for name, person in {
        "member": members_of(committee)[0],
        "doer": task.person,
        "elsewhere": SeatFactory(chair=True).person,
        "former": SeatFactory(committee=committee, ended=True).person,
        "coordinator": PersonFactory(superuser=True),
    }.items():
        client.force_login(person)
        statuses[name] = client.get(page).status_code

    assert statuses == {
        "member": 200, "doer": 200, "elsewhere": 404, "former": 404, "coordinator": 200,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_task_page_asks_the_same_number_of_queries(
    client, committee, django_assert_num_queries, count
):
    for _one in range(count):
        meeting = MeetingFactory(committee=committee, ended=True)
        MeetingTaskFactory(meeting=meeting, item=AgendaItemFactory(meeting=meeting))
        done = MeetingTaskFactory(meeting=meeting)
        services.finish_task(done, actor=done.person)
    client.force_login(members_of(committee)[0])
    page = reverse("meetings:task_list", args=[committee.slug])
    client.get(page)

    with django_assert_num_queries(12):
        client.get(page)


# --- Reminders -----------------------------------------------------------------------------------------------------------


def lines():
    return list(Notice.objects.order_by("pk").values_list("text", flat=True))


def test_term_is_reminded_three_days_before_and_every_week_after(committee):
    due = TODAY + datetime.timedelta(days=3)
    task = MeetingTaskFactory(meeting__committee=committee, text="Zjistit ceny", due_on=due)
    MeetingTaskFactory(due_on=TODAY + datetime.timedelta(days=4))
    MeetingTaskFactory(due_on=TODAY, state=TaskState.DONE, closed_at=MORNING)
    MeetingTaskFactory(person=None, responsible="město", due_on=TODAY)
    told = {}

    for day in (0, 0, 1, 3, 4, 5, 11, 18):
        now = MORNING + datetime.timedelta(days=day)
        told[day] = told.get(day, 0) + sum(
            notice.person == task.person for notice in Notice.objects.filter(pk__in=_new_lines(now))
        )

    assert {day for day, count in told.items() if count} == {0, 4, 11, 18}
    mine = [notice.text for notice in Notice.objects.filter(person=task.person).order_by("pk")]
    assert mine[0].replace("\xa0", " ") == "Váš úkol z jednání má termín 23. 5. 2026: Zjistit ceny"
    assert mine[1].replace("\xa0", " ") == "Váš úkol z jednání měl termín 23. 5. 2026: Zjistit ceny"


def _new_lines(now):
    before = set(Notice.objects.values_list("pk", flat=True))
    services.remind_of_tasks(now)
    return set(Notice.objects.values_list("pk", flat=True)) - before


def test_silent_are_asked_again_two_days_before_once(committee):
    meeting = called(committee, days=10)
    answered, silent, unwilling, gone = (
        *members_of(committee), SeatFactory(committee=committee).person,
    )  # fmt: skip
    services.spread_due(timezone.now() + datetime.timedelta(minutes=10))
    services.answer_invitation(meeting, person=answered, answer=Answer.YES)
    stop_daily(unwilling)
    seating.end_seat(committee.seats.get(person=gone), actor=None)

    early = services.remind_of_answers(meeting.starts_at - datetime.timedelta(days=2, minutes=1))
    counts = [
        services.remind_of_answers(meeting.starts_at - datetime.timedelta(days=2)) for _ in range(3)
    ]
    late = services.remind_of_answers(meeting.starts_at)

    asked = set(Notice.objects.values_list("person", flat=True))
    chair = chair_of(committee)
    secretary = committee.seats.get(role=Role.SECRETARY).person
    assert asked == {silent.pk, chair.pk, secretary.pk}
    assert (early, counts, late) == (0, [3, 0, 0], 0)
    assert all("⟦odkaz:" in notice.url for notice in Notice.objects.all())


# --- Desks ---------------------------------------------------------------------------------------------------------------


def test_desk_shows_invitations_meetings_under_way_and_tasks(committee):
    member = members_of(committee)[0]
    meeting = called(committee)
    running = called(committee, days=20)
    Meeting.objects.filter(pk=running.pk).update(state="running", started_at=timezone.now())
    task = MeetingTaskFactory(meeting__committee=committee, person=member, due_on=TODAY)
    MeetingTaskFactory(person=member, state=TaskState.DONE, closed_at=timezone.now())

    waiting = desk.waiting_for(member)
    services.answer_invitation(meeting, person=member, answer=Answer.YES)
    answered = desk.waiting_for(member)

    assert [(line.what, line.until) for line in waiting] == [
        ("Přijdete na jednání?", meeting.starts_at),
        ("Jednání právě probíhá", None),
        (f"Váš úkol z jednání: {task.text}", TODAY),
    ]
    assert [line.what for line in answered] == [line.what for line in waiting[1:]]
    assert desk.waiting_for(PersonFactory()) == []


def test_who_is_no_longer_a_member_has_nothing_on_the_desk(committee):
    member = members_of(committee)[0]
    called(committee)
    assert len(desk.waiting_for(member)) == 1

    seating.end_seat(committee.seats.get(person=member), actor=None)

    assert desk.waiting_for(member) == []


@pytest.mark.parametrize("count", [1, 3])
def test_desk_asks_the_same_number_of_queries(committee, django_assert_num_queries, count):
    member, chair = members_of(committee)[0], chair_of(committee)
    for days in range(10, 10 + count):
        called(committee, days=days)
        planned(committee, days=days)
        MeetingTaskFactory(meeting__committee=committee, person=member, due_on=TODAY)

    with django_assert_num_queries(2):
        assert len(desk.waiting_for(member)) == 2 * count
    fresh = type(chair).objects.get(pk=chair.pk)
    fresh.has_perm("meetings.prepare_meeting")
    with django_assert_num_queries(5):
        assert len(desk.waiting_for_manager(fresh)) == 2 * count


def test_manager_is_told_what_to_do_and_nobody_elses(committee):
    chair, elsewhere = chair_of(committee), SeatFactory(chair=True).person
    soon = planned(committee, days=13)
    planned(committee, days=15)
    changed = called(committee, days=30)
    services.add_item(changed, actor=chair, title="Nový bod")
    task = MeetingTaskFactory(
        meeting__committee=committee, due_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    MeetingTaskFactory(meeting__committee=committee, due_on=timezone.localdate())

    found = {
        pile: [line for one, lines in desk.OFFICE if one == pile for line in lines(chair)]
        for pile in Pile
    }

    called_by = timezone.localdate() + datetime.timedelta(days=6)
    assert [(line.what, line.until) for line in found[Pile.UNDER_WAY]] == [
        ("Svolat jednání", called_by),
        ("Program se změnil a pozvaní o tom nevědí", None),
    ]
    assert found[Pile.UNDER_WAY][0].url.startswith(soon.get_absolute_url())
    assert [line.what for line in found[Pile.OVERDUE]] == [f"Úkol není splněný: {task.text}"]
    assert desk.waiting_for_manager(elsewhere) == []
    assert len(desk.waiting_for_manager(PersonFactory(superuser=True))) == 3


def test_meeting_of_today_is_on_the_desk(committee):
    noon = timezone.make_aware(datetime.datetime.combine(timezone.localdate(), datetime.time(12)))
    MeetingFactory(committee=committee, called=True, starts_at=noon)
    MeetingFactory(committee=committee, called=True, starts_at=in_days(1))
    MeetingFactory(committee=committee, ended=True)

    with clock.at(noon - datetime.timedelta(hours=3)):
        (line,) = desk.meetings_today(chair_of(committee))

    assert line.what == "Dnes se jedná"
