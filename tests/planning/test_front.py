"""Home, about, language, and the desks of members and coordinators."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.bodies.enums import Side
from documents.news.models import Article
from planning.approvals import workflow
from planning.front import selectors
from tests.factories import (
    CommitteeFactory,
    OrganisationFactory,
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

    with django_assert_num_queries(5):  # region, situations, lines, plans, news
        response = client.get(reverse("front:home"))

    assert len(response.context["articles"]) == count
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


@pytest.mark.parametrize("count", [1, 3])
def test_my_desk_has_a_constant_number_of_queries(client, count, django_assert_num_queries):
    person = PersonFactory()
    for _number in range(count):
        SeatFactory(person=person, committee=plan_ready_for_approval().plan.committee)
    client.force_login(person)

    with django_assert_num_queries(
        8
    ):  # session, person, region, seats, drafts, dates, last, grants
        client.get(reverse("front:my_desk"))


def test_the_coordinators_desk_is_for_coordinators(client):
    desk = reverse("front:coordinator_desk")

    assert client.get(desk).status_code == 302
    client.force_login(SeatFactory().person)
    assert client.get(desk).status_code == 403
    client.force_login(PersonFactory(superuser=True))
    assert client.get(desk).status_code == 200


def desk_texts(person):
    return [
        [f"{line.what} {line.about}" for line in found.lines]
        for found in selectors.desk_lists(person, timezone.localdate())
    ]


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

    to_approve, overdue, unbalanced, ageing = desk_texts(coordinator)

    assert len(to_approve) == 1
    assert "Čeká na usnesení" in to_approve[0]
    assert any(ruleless.name in line for line in overdue)
    assert any(waiting.plan.title in line for line in overdue)  # its period has begun
    assert any(lame.name in line for line in unbalanced)
    assert not any(whole.name in line for line in unbalanced)
    assert len(ageing) == 1
    assert ageing[0].startswith("1 ")


def test_steps_wait_only_for_those_who_may_record_them():
    waiting = plan_ready_for_approval()
    workflow.open_approval(waiting, actor=PersonFactory(superuser=True))
    member = SeatFactory(committee=waiting.plan.committee).person

    assert selectors.waiting_steps(member) == []


def test_the_number_on_the_desk_counts_things_and_not_lines():
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    for name in ("Stará", "Starší", "Nejstarší"):
        ServiceProfileFactory(service=ServiceFactory(name=name), confirmed_on=long_ago)

    *_others, ageing = selectors.desk_lists(PersonFactory(superuser=True), timezone.localdate())

    assert (len(ageing.lines), ageing.count) == (1, 3)
