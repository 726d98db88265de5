"""Plans in the admin: what can be said there, what is only shown, what cannot be done at all."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from planning.plans import services
from planning.plans.models import FundingSource, Plan, PlanVersion
from planning.plans.workflow import VERSION_WORKFLOW
from tests.factories import CommitteeFactory, FundingSourceFactory, PersonFactory, PlanFactory
from tests.planning.factories import add_node, coordinator, empty_version, frozen, rich_version
from tests.planning.pages import messages_of, sent_by, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = coordinator()
    client.force_login(person)
    return person


def address(thing) -> str:
    return reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk])


ADD = "admin:plans_plan_add"

NEW_PLAN = {
    "kind": "community",
    "title": "Komunitní plán 2020–2023",
    "slug": "",
    "period_from": "2020-01-01",
    "period_to": "2023-12-31",
    "levels-0-depth": "1",
    "levels-0-singular": "priorita",
    "levels-0-plural": "priority",
    "levels-1-depth": "2",
    "levels-1-singular": "opatření",
    "levels-1-plural": "opatření",
}


def test_plan_is_made_with_its_levels_and_its_address(client, person):
    response = client.post(reverse(ADD), sent_by(client.get(reverse(ADD)), **NEW_PLAN))

    assert response.status_code == 302
    plan = Plan.objects.get()
    assert plan.slug == "komunitni-plan-2020-2023"
    assert [(level.depth, level.singular) for level in plan.levels.all()] == [
        (1, "priorita"),
        (2, "opatření"),
    ]


def test_plan_is_made_with_its_approval_route(client, person):
    commission = CommitteeFactory()
    route = {
        "route-0-order": "1",
        "route-0-committee": str(commission.pk),
        "route-0-verb": "approves",
    }

    client.post(reverse(ADD), sent_by(client.get(reverse(ADD)), **NEW_PLAN, **route))

    step = Plan.objects.get().route.get()
    assert (step.order, step.committee, step.verb) == (1, commission, "approves")


def test_addresses_of_namesakes_differ(client, person):
    for _ in range(2):
        client.post(reverse(ADD), sent_by(client.get(reverse(ADD)), **NEW_PLAN))

    assert sorted(Plan.objects.values_list("slug", flat=True)) == [
        "komunitni-plan-2020-2023",
        "komunitni-plan-2020-2023-2",
    ]


def test_levels_have_no_gaps(client, person):
    data = sent_by(client.get(reverse(ADD)), **{**NEW_PLAN, "levels-1-depth": "3"})

    response = client.post(reverse(ADD), data)

    assert "Očíslujte úrovně shora 1, 2, 3 a žádnou nevynechte." in words_of(response)
    assert not Plan.objects.exists()


def test_a_level_in_use_cannot_go(client, person):
    version = empty_version()
    add_node(version, add_node(version))
    page = client.get(address(version.plan))

    response = client.post(address(version.plan), sent_by(page, **{"levels-1-DELETE": "on"}))

    assert "Strom tohoto plánu sahá do úrovně 2." in words_of(response)
    assert version.plan.levels.count() == 2


def test_plan_with_an_approved_version_keeps_what_was_approved(client, person):
    plan = frozen(rich_version()).plan
    page = client.get(address(plan))
    data = sent_by(page)
    assert "title" not in data
    assert "levels-0-singular" not in data
    committee = CommitteeFactory()

    response = client.post(
        address(plan), {**data, "title": "Jiný název", "committee": str(committee.pk)}
    )

    assert response.status_code == 302
    title = plan.title
    plan.refresh_from_db()
    assert (plan.title, plan.committee) == (title, committee)


def test_plan_page_leads_to_the_editor_or_to_a_new_version(client, person):
    plan = PlanFactory()
    start = reverse("plans:version_start", args=[plan.slug])
    assert f'href="{start}"' in client.get(address(plan)).content.decode()

    version = services.start_version(plan, actor=person)

    page = client.get(address(plan)).content.decode()
    assert f'href="{reverse("plans:editor", args=[plan.slug, version.number])}"' in page
    assert f'href="{start}"' not in page


def test_plan_with_a_version_is_not_deleted(client, person):
    version = empty_version()
    delete = reverse("admin:plans_plan_delete", args=[version.plan.pk])

    assert client.get(delete).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Plan.objects.filter(pk=version.plan.pk).exists()


def test_plans_are_found_without_diacritics(client, person):
    PlanFactory(title="Akční plán Židlochovicka")
    PlanFactory(title="Komunitní plán")

    response = client.get(reverse("admin:plans_plan_changelist"), {"q": "AKCNI zidlochov"})

    assert [plan.title for plan in response.context["cl"].result_list] == [
        "Akční plán Židlochovicka"
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_plan_list_query_count(client, django_assert_num_queries, count):
    for _ in range(count):
        empty_version()
    client.force_login(coordinator())

    with django_assert_num_queries(8):
        client.get(reverse("admin:plans_plan_changelist"))


def test_version_shows_facts_and_history_and_takes_nothing(client, person):
    version = rich_version()
    VERSION_WORKFLOW.advance(version, "discard", actor=person, note="Začneme znovu.")

    response = client.get(address(version))

    words = words_of(response)
    assert "Začneme znovu." in words
    assert str(person) in words
    assert client.post(address(version), {"state": "approved", "number": "7"}).status_code == 403
    version.refresh_from_db()
    assert (version.state, version.number) == ("discarded", 1)


@pytest.mark.parametrize("make", [empty_version, lambda: frozen(rich_version())])
def test_version_is_neither_added_nor_deleted(client, person, make):
    version = make()
    changelist = reverse("admin:plans_planversion_changelist")
    delete = reverse("admin:plans_planversion_delete", args=[version.pk])

    assert client.get(reverse("admin:plans_planversion_add")).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    client.post(
        changelist, {"action": "delete_selected", "_selected_action": [version.pk], "post": "yes"}
    )

    assert PlanVersion.objects.filter(pk=version.pk).exists()


def test_version_offers_only_where_one_can_go(client, person):
    draft, approved = rich_version(), frozen(rich_version())

    def links(version):
        page = client.get(address(version)).content.decode()
        names = ["version_detail", "editor", "exchange", "version_pdf"]
        slug, number = version.plan.slug, version.number
        return [n for n in names if f'href="{reverse(f"plans:{n}", args=[slug, number])}"' in page]

    assert links(draft) == ["version_detail", "editor", "exchange"]
    assert links(approved) == ["version_detail", "version_pdf"]


def test_source_of_funding_keeps_its_code(client, person):
    source = FundingSourceFactory()
    page = client.get(address(source))

    client.post(address(source), {**sent_by(page), "code": "jiny", "name_cs": "Město"})

    assert FundingSource.objects.values_list("code", "name_cs").get() == ("rozpocet_mesta", "Město")


def test_staff_without_the_permission_sees_no_plans(client):
    staff = PersonFactory(coordinator=True)
    client.force_login(staff)
    plan = PlanFactory()
    assert client.get(address(plan)).status_code == 403

    staff.user_permissions.add(Permission.objects.get(codename="view_plan"))

    page = client.get(address(plan))
    assert page.status_code == 200
    assert reverse("plans:version_start", args=[plan.slug]) not in page.content.decode()
    assert messages_of(page) == []
