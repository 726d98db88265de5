"""Home, about, language, and the desks of members and coordinators."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.bodies.enums import Side
from committees.following.subscription import renew
from documents.news.models import Article
from kpss import clock, desk
from kpss.desk import Line, Pile
from kpss.outbox.services import wants_daily
from planning.approvals import workflow
from planning.front import office, selectors
from tests.committees.ballots.building import committee_of, members_of, opened
from tests.factories import (
    CommitteeFactory,
    MeetingFactory,
    MeetingTaskFactory,
    OrganisationFactory,
    ParticipantFactory,
    PersonFactory,
    PlanFactory,
    PlanVersionFactory,
    RulesFactory,
    SeatFactory,
    ServiceFactory,
    ServiceProfileFactory,
    freeze,
    plan_ready_for_approval,
)

pytestmark = pytest.mark.django_db

DAY = datetime.date(2021, 6, 1)


def publish(title):
    return Article.objects.create(
        title=title, lead="Krátce.", published_at=timezone.now() - datetime.timedelta(hours=1)
    )


@pytest.mark.parametrize("count", [1, 3])
def test_home_has_a_constant_number_of_queries(client, count, django_assert_num_queries):
    for number in range(count):
        publish(f"Zpráva {number}")
        freeze(PlanVersionFactory())
        MeetingFactory(called=True)

    with django_assert_num_queries(6):  # region, situations, lines, plans, meetings, news
        response = client.get(reverse("front:home"))

    assert len(response.context["articles"]) == len(response.context["meetings"]) == count
    assert not response.cookies


def test_home_shows_the_newest_approved_version_of_each_kind():
    old = freeze(PlanVersionFactory(plan=PlanFactory(period_to=datetime.date(2021, 6, 30))))
    newest = freeze(PlanVersionFactory())
    PlanVersionFactory(plan=PlanFactory(period_to=datetime.date(2022, 12, 31)))  # a draft

    shown = selectors.plans_in_force(DAY)

    assert shown == [newest]
    assert old not in shown


def test_home_never_shows_a_draft(client):
    PlanVersionFactory(plan=PlanFactory(title="Tajný plán"))

    assert "Tajný plán" not in client.get(reverse("front:home")).content.decode()


@pytest.mark.parametrize("name", ["about", "accessibility", "language"])
def test_quiet_pages_stand_without_any_data(client, name):
    assert client.get(reverse(f"front:{name}")).status_code == 200


def test_language_can_be_chosen_without_javascript(client):
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert "How can we help you?" in client.get("/").content.decode()


def test_my_desk_shows_my_committees_drafts_and_terms_and_nobody_elses(client):
    organisation = OrganisationFactory()
    draft = plan_ready_for_approval(title="Můj plán")
    seat = SeatFactory(committee=draft.plan.committee, organisation=organisation)
    foreign = SeatFactory(committee=CommitteeFactory(name="Cizí komise"))
    plan_ready_for_approval(title="Cizí plán")
    approved = plan_ready_for_approval(title="Platný plán")
    task = approved.tasks.get()
    task.parties.update(organisation=organisation)
    approved.tasks.update(date_to=timezone.localdate() + datetime.timedelta(days=30))
    freeze(approved)
    client.force_login(seat.person)

    page = client.get(reverse("front:my_desk")).content.decode()

    assert seat.committee.name in page
    assert "Můj plán" in page
    assert task.title in page
    assert "Cizí plán" not in page
    assert foreign.committee.name not in page


def test_drafts_leave_the_desk_on_the_day_after_the_mandate(client):
    draft = plan_ready_for_approval(title="Můj plán")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    seat = SeatFactory(committee=draft.plan.committee)
    client.force_login(seat.person)
    assert "Můj plán" in client.get(reverse("front:my_desk")).content.decode()

    seat.valid_to = yesterday
    seat.save()

    assert "Můj plán" not in client.get(reverse("front:my_desk")).content.decode()


@pytest.fixture
def without_rooms(monkeypatch):
    """Desks on which no room has put anything."""
    monkeypatch.setattr(desk, "_personal", [])
    monkeypatch.setattr(desk, "_office", [])


@pytest.mark.usefixtures("without_rooms")
@pytest.mark.parametrize("count", [1, 3])
def test_my_desk_has_a_constant_number_of_queries(client, count, django_assert_num_queries):
    person = PersonFactory()
    for _number in range(count):
        seat = SeatFactory(person=person, committee=plan_ready_for_approval().plan.committee)
        MeetingFactory(committee=seat.committee, called=True)
    renew(person)
    client.force_login(person)

    # session, person, seats, their meetings, last, drafts, address, mail, region
    with django_assert_num_queries(9):
        response = client.get(reverse("front:my_desk"))

    assert sum(mine.next_meeting is not None for mine in response.context["committees"]) == count


def busy(person, committee):
    """Something of every room waits for the person, who chairs the committee."""
    meeting = MeetingFactory(committee=committee, called=True)
    ParticipantFactory(meeting=meeting, seat=committee.seats.get(person=person))
    MeetingFactory(committee=committee, ended=True)
    MeetingTaskFactory(meeting=meeting, person=person, due_on=timezone.localdate())
    opened(committee)


def queries_of(client, name):
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(name))
    return len(captured)


def test_desks_ask_as_many_queries_however_much_rooms_have_for_them(client):
    committee = committee_of(3)
    chair = members_of(committee)[0]
    chair.is_staff = True
    chair.save()
    workflow.open_approval(plan_ready_for_approval(), actor=PersonFactory(superuser=True))
    busy(chair, committee)
    client.force_login(chair)
    names = ["front:my_desk", "front:coordinator_desk"]
    lines = len(desk.waiting_for(chair))
    before = [queries_of(client, name) for name in names]

    for _number in range(2):
        busy(chair, committee)
        workflow.open_approval(plan_ready_for_approval(), actor=PersonFactory(superuser=True))

    assert len(desk.waiting_for(chair)) == 3 * lines
    assert [queries_of(client, name) for name in names] == before


def test_the_coordinators_desk_is_for_coordinators(client):
    desk = reverse("front:coordinator_desk")

    assert client.get(desk).status_code == 302
    client.force_login(SeatFactory().person)
    assert client.get(desk).status_code == 403
    client.force_login(PersonFactory(superuser=True))
    assert client.get(desk).status_code == 200


def desk_texts(person):
    return {
        found.pile: [f"{line.what} {line.about}" for line in found.lines]
        for found in office.desk_lists(person)
    }


def test_the_desk_says_what_waits_is_overdue_unbalanced_and_old():
    coordinator = PersonFactory(superuser=True)
    year_ago = timezone.localdate() - datetime.timedelta(days=400)
    waiting = plan_ready_for_approval(title="Čeká na usnesení")
    workflow.open_approval(waiting, actor=coordinator)
    ServiceProfileFactory(service=ServiceFactory(name="Stará"), confirmed_on=year_ago)
    ServiceProfileFactory(service=ServiceFactory(name="Čerstvá"), confirmed_on=timezone.localdate())
    whole = RulesFactory(committee=CommitteeFactory(name="Celá komise")).committee
    for side in (Side.USER, Side.PROVIDER, Side.COMMISSIONER):
        SeatFactory(committee=whole, side=side)
    lame = RulesFactory(committee=CommitteeFactory(name="Kulhá")).committee
    SeatFactory(committee=lame, side=Side.PROVIDER)
    ruleless = CommitteeFactory(name="Bez pravidel")

    texts = desk_texts(coordinator)

    assert len(texts[Pile.TO_APPROVE]) == 1
    assert "Čeká na usnesení" in texts[Pile.TO_APPROVE][0]
    assert any(ruleless.name in line for line in texts[Pile.OVERDUE])
    assert any(waiting.plan.title in line for line in texts[Pile.OVERDUE])  # its period has begun
    assert any(lame.name in line for line in texts[Pile.UNBALANCED])
    assert not any(whole.name in line for line in texts[Pile.UNBALANCED])
    assert len(texts[Pile.AGEING]) == 1
    assert texts[Pile.AGEING][0].startswith("1 ")


def test_steps_wait_only_for_those_who_may_record_them():
    coordinator = PersonFactory(superuser=True)
    waiting = plan_ready_for_approval()
    workflow.open_approval(waiting, actor=coordinator)
    member = SeatFactory(committee=waiting.plan.committee).person

    assert office.waiting_steps(member) == []
    assert [line.about for line in office.waiting_steps(coordinator)] == [str(waiting)]


def test_the_number_on_the_desk_counts_things_and_not_lines():
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    for name in ("Stará", "Starší", "Nejstarší"):
        ServiceProfileFactory(service=ServiceFactory(name=name), confirmed_on=long_ago)

    lists = {found.pile: found for found in office.desk_lists(PersonFactory(superuser=True))}

    assert (len(lists[Pile.AGEING].lines), lists[Pile.AGEING].count) == (1, 3)


@pytest.fixture
def waiting_in_a_room(monkeypatch, without_rooms):
    """Lines that some room has for everybody: one late, one for today, one without a term."""
    now = clock.now()
    lines = [
        Line("Kdykoli", "Komise", "/", "Otevřít"),
        Line("Pozdě", "Komise", "/", "Otevřít", now - datetime.timedelta(days=1)),
        Line("Dnes", "Komise", "/", "Otevřít", timezone.localdate(now)),
    ]
    monkeypatch.setattr(desk, "_personal", [lambda person: lines])
    monkeypatch.setattr(desk, "_office", [(Pile.UNANSWERED, lambda person: lines)])


@pytest.mark.usefixtures("waiting_in_a_room")
def test_both_desks_show_what_rooms_have_for_them(client):
    client.force_login(PersonFactory(superuser=True))

    mine = client.get(reverse("front:my_desk"))
    office_desk = client.get(reverse("front:coordinator_desk"))

    assert [line.what for line in mine.context["waiting"]] == ["Pozdě", "Dnes", "Kdykoli"]
    assert "termín uplynul" in mine.content.decode()
    shown = {
        found.pile: [line.what for line in found.lines] for found in office_desk.context["lists"]
    }
    assert {pile: lines for pile, lines in shown.items() if lines} == {
        Pile.OVERDUE: ["Pozdě"],
        Pile.TODAY: ["Dnes"],
        Pile.UNANSWERED: ["Kdykoli"],
    }


@pytest.mark.usefixtures("without_rooms")
@pytest.mark.parametrize("count", [1, 3])
def test_the_coordinators_desk_has_a_constant_number_of_queries(
    client, count, django_assert_num_queries
):
    coordinator = PersonFactory(superuser=True)
    for _number in range(count):
        plan_ready_for_approval()
        MeetingFactory(called=True)
        MeetingFactory(ended=True)
    client.force_login(coordinator)

    with django_assert_num_queries(6):  # session, person, meetings, plans, their versions, region
        response = client.get(reverse("front:coordinator_desk"))

    assert len(response.context["meetings"]) == count


def test_my_committees_say_when_they_meet_and_whether_my_name_is_public(client):
    seat = SeatFactory(side=Side.USER)
    named = SeatFactory(
        side=Side.USER,
        person=seat.person,
        name_consent_on=DAY,
        name_consent_text="Souhlasím.",
    )
    SeatFactory(person=seat.person, side=Side.PROVIDER)
    MeetingFactory(committee=seat.committee, called=True, place="Klubovna")
    MeetingFactory(committee=named.committee, place="Tajná zasedačka")  # nobody is called yet
    client.force_login(seat.person)

    response = client.get(reverse("front:my_desk"))

    page = response.content.decode()
    assert "Klubovna" in page
    assert "Tajná zasedačka" not in page
    assert reverse("bodies:consent_give", args=[seat.pk]) in page
    assert reverse("bodies:consent_give", args=[named.pk]) in page
    assert page.count("Vaše jméno veřejné není") == 1
    assert page.count("Vaše jméno je veřejné") == 1


def test_my_desk_has_my_open_tasks_among_what_waits_and_nobody_elses(client):
    mine = MeetingTaskFactory(text="Zjistit cenu svozu")
    MeetingTaskFactory(text="Cizí úkol")
    MeetingTaskFactory(person=mine.person, text="Hotový úkol", state="done", closed_at=clock.now())
    client.force_login(mine.person)

    page = client.get(reverse("front:my_desk")).content.decode()

    assert "Zjistit cenu svozu" in page
    assert "Cizí úkol" not in page
    assert "Hotový úkol" not in page


def test_the_daily_mail_is_stopped_and_sent_again_from_the_desk(client):
    person = PersonFactory()
    client.force_login(person)
    address = reverse("front:daily_mail")

    client.post(address, {"wanted": "0"})
    stopped = client.get(reverse("front:my_desk")).content.decode()
    assert not wants_daily(person)
    client.post(address, {"wanted": "1"})
    client.post(address, {"wanted": "možná"})  # nothing that a button sends

    assert wants_daily(person)
    assert 'value="1"' in stopped


def test_home_shows_the_three_nearest_public_meetings(client):
    hidden = CommitteeFactory(is_public=False)
    MeetingFactory(committee=hidden, called=True, place="Skrytá zasedačka")
    MeetingFactory(place="Nesvolaná zasedačka")
    MeetingFactory(cancelled=True, place="Zrušená zasedačka")
    MeetingFactory(ended=True, place="Minulá zasedačka")
    later = [
        MeetingFactory(called=True, starts_at=timezone.now() + datetime.timedelta(days=days))
        for days in (9, 3, 7, 5)
    ]

    shown = client.get(reverse("front:home")).context["meetings"]

    assert list(shown) == [later[1], later[3], later[2]]
