"""Plans as everybody reads them; working versions only as those in charge do."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.bodies.enums import Role
from documents import store
from planning.approvals import workflow
from planning.plans import content as plan_content
from planning.plans.enums import PlanKind
from planning.plans.models import FundingSource, Plan, PlanVersion
from planning.plans.selectors import plans_for_list
from providers.directory.models import TargetGroup
from tests.factories import (
    CommitteeFactory,
    PersonFactory,
    PlanNodeFactory,
    PlanVersionFactory,
    SeatFactory,
    TaskFactory,
)
from tests.planning.approving import ASSEMBLY, ROUTE, approve, complete_version, pass_steps

pytestmark = pytest.mark.django_db

DAY = datetime.date(2021, 6, 1)


@pytest.fixture
def quick_pdf(monkeypatch):
    """Approval stores a stand-in for the PDF: these tests read pages, not paper."""
    monkeypatch.setattr(workflow, "pdf_of", lambda version, content: b"%PDF-1.7 stand-in")


@pytest.fixture
def approved(quick_pdf) -> PlanVersion:
    return approve(complete_version())


def pdf_url(version: PlanVersion) -> str:
    return reverse("plans:version_pdf", args=[version.plan.slug, version.number])


# --- A version to read -------------------------------------------------------------------------------------------


def test_page_says_who_approved_the_plan_and_shows_the_hash_of_its_file(client, approved):
    response = client.get(approved.get_absolute_url())

    page = response.content.decode().replace("\u00a0", " ")
    assert f"Schválilo {ASSEMBLY} 16. 12. 2020, usnesení č. Z12/8.3." in page
    assert [step.date for step in response.context["steps"]] == [
        facts["adopted_on"] for _name, _kind, _verb, facts in ROUTE
    ]
    for digits in (approved.pdf.sha256, approved.content_sha256):
        assert " ".join(digits[i : i + 4] for i in range(0, 64, 4)) in page
    assert pdf_url(approved) in page
    assert not response.cookies
    assert "no-store" not in response.get("Cache-Control", "")


def test_every_part_has_its_permanent_address(client, approved):
    page = client.get(approved.get_absolute_url()).content.decode()

    for code in ("1", "1.1", "1.1.1", "1.1.2", "2.1.1"):
        assert f'id="{code}"' in page
        assert f'href="#{code}"' in page


def test_a_task_with_the_code_of_a_measure_keeps_an_address_of_its_own(client, quick_pdf):
    version = complete_version()
    TaskFactory(node=version.nodes.get(code="1.1"), code="1.1", title="Stejný kód")
    version = approve(version)

    page = client.get(version.get_absolute_url()).content.decode()

    assert page.count('id="1.1"') == 1
    assert page.count('id="u-1.1"') == 1


def test_approved_version_is_read_as_it_was_frozen(client, approved):
    before = client.get(approved.get_absolute_url()).content

    FundingSource.objects.update(name_cs="Přejmenovaný zdroj")
    TargetGroup.objects.update(name_cs="přejmenovaná skupina")
    after = client.get(approved.get_absolute_url()).content

    assert "Rozpočet kraje" in before.decode()
    assert after == before


def test_working_version_follows_the_code_lists(client):
    version = complete_version()
    client.force_login(PersonFactory(coordinator=True))
    FundingSource.objects.filter(code="kraj").update(name_cs="Přejmenovaný zdroj")

    assert "Přejmenovaný zdroj" in client.get(version.get_absolute_url()).content.decode()


def test_damaged_content_is_never_shown(client, approved, monkeypatch):
    path = store.path(approved.content)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes().replace(b"doma", b"jinde"))
    client.raise_request_exception = False

    response = client.get(approved.get_absolute_url())

    assert response.status_code == 500
    assert "jinde" not in response.content.decode()


def test_page_is_light(client, quick_pdf):
    version = complete_version()
    measure = version.nodes.get(code="1.2")
    for number in range(100):
        TaskFactory(node=measure, code=f"1.2.{number + 50}", title="Uspořádat setkání " * 4)
    version = approve(version)

    whole = client.get(version.get_absolute_url())
    packed = Client().get(version.get_absolute_url(), headers={"Accept-Encoding": "gzip"})

    assert len(whole.content) < 150_000
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < 20_000


# --- Who sees a working version ---------------------------------------------------------------------------------


def readers(version: PlanVersion) -> dict[str, object]:
    """One person of each kind, by name; None is nobody signed in."""
    own = version.plan.committee
    under = CommitteeFactory(parent=own)
    return {
        "anonymous": None,
        "stranger": PersonFactory(),
        "member": SeatFactory(committee=own).person,
        "member of a group under it": SeatFactory(committee=under).person,
        "guest": SeatFactory(committee=own, role=Role.GUEST).person,
        "former member": SeatFactory(committee=own, ended=True).person,
        "member elsewhere": SeatFactory().person,
        "coordinator": PersonFactory(coordinator=True),
    }


SEE_DRAFTS = {"member", "member of a group under it", "coordinator"}


def test_working_version_is_seen_by_those_in_charge_only(client):
    version = complete_version()
    draft_words = "Podpora seniorů doma"

    for name, person in readers(version).items():
        client.logout()
        if person:
            client.force_login(person)
        answers = [
            client.get(version.get_absolute_url()),
            client.get(version.plan.get_absolute_url()),
        ]
        in_list = version.plan.title in client.get(reverse("plans:plan_list")).content.decode()
        if name in SEE_DRAFTS:
            assert [a.status_code for a in answers] == [200, 200], name
            assert draft_words in answers[0].content.decode()
            assert "Pracovní verze" in answers[0].content.decode()
            assert "no-store" in answers[0]["Cache-Control"]
            assert in_list, name
        else:
            assert [a.status_code for a in answers] == [404, 404], name
            assert not in_list, name


def test_working_version_has_no_pdf(client):
    version = complete_version()
    client.force_login(PersonFactory(coordinator=True))

    assert client.get(pdf_url(version)).status_code == 404


def test_a_new_draft_does_not_show_on_the_public_page_of_its_plan(client, approved):
    PlanVersionFactory(plan=approved.plan, number=2, based_on=approved, change_note="Tajná změna")

    page = client.get(approved.plan.get_absolute_url())
    listed = client.get(reverse("plans:plan_list"))

    assert [line.version for line in page.context["versions"]] == [approved]
    assert "Tajná změna" not in page.content.decode()
    assert f"{approved.plan.get_absolute_url()}2/" not in listed.content.decode()


def test_discarded_version_is_not_listed(client):
    version = complete_version()
    PlanVersion.objects.filter(pk=version.pk).update(state="discarded")
    client.force_login(SeatFactory(committee=version.plan.committee).person)

    assert client.get(version.get_absolute_url()).status_code == 404
    assert not client.get(reverse("plans:plan_list")).context["plans"]


def test_chain_of_a_version_being_approved_shows_whose_turn_it_is(client, quick_pdf):
    version = pass_steps(complete_version(), 1)
    client.force_login(PersonFactory(coordinator=True))

    response = client.get(version.get_absolute_url())

    assert [step.state for step in response.context["steps"]] == ["passed", "current", "waiting"]
    assert "Na řadě je Rada města Židlochovice" in response.content.decode().replace("\u00a0", " ")


def test_chain_of_a_returned_version_says_why(client):
    version = pass_steps(complete_version(), 1)
    step = version.steps.get(order=2)
    workflow.return_step(step, actor=PersonFactory(superuser=True), note="Chybí náklady.")
    version.refresh_from_db()
    client.force_login(PersonFactory(coordinator=True))

    steps = client.get(version.get_absolute_url()).context["steps"]

    assert [step.state for step in steps] == ["passed", "returned", "skipped"]
    assert steps[1].note == "Chybí náklady."


# --- The PDF ----------------------------------------------------------------------------------------------------


def test_pdf_is_served_from_the_store_and_nothing_is_rendered(client, approved, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("rendered on request")

    monkeypatch.setattr(workflow, "pdf_of", refuse)
    monkeypatch.setattr("planning.approvals.document.render_pdf", refuse)
    monkeypatch.setattr("weasyprint.HTML", refuse)
    monkeypatch.setattr("planning.plans.views.public.read_content", refuse)

    response = client.get(pdf_url(approved))

    assert response.content == store.read(approved.pdf) == b"%PDF-1.7 stand-in"
    assert response["ETag"] == f'"{approved.pdf.sha256}"'
    assert response["Content-Type"] == "application/pdf"
    assert f"{approved.plan.slug}-verze-1.pdf" in response["Content-Disposition"]
    assert "immutable" in response["Cache-Control"]
    assert not response.cookies


def test_pdf_already_held_is_not_sent_again(client, approved):
    held = f'"{approved.pdf.sha256}"'

    response = client.get(pdf_url(approved), headers={"If-None-Match": held})
    other = client.get(pdf_url(approved), headers={"If-None-Match": '"jiné"'})

    assert (response.status_code, response.content) == (304, b"")
    assert other.status_code == 200


def test_address_of_the_plan_in_force_leads_to_the_newest_approved_version(client, approved):
    url = reverse("plans:current_version", args=[approved.plan.slug])
    PlanVersionFactory(plan=approved.plan, number=2)

    assert client.get(url)["Location"] == approved.get_absolute_url()
    draft_only = PlanVersionFactory().plan
    assert client.get(reverse("plans:current_version", args=[draft_only.slug])).status_code == 404


# --- Lists ------------------------------------------------------------------------------------------------------


def finished(**plan) -> Plan:
    """A plan with one approved version."""
    return approve(complete_version(**plan)).plan


def test_plans_are_listed_in_force_first_with_action_plans_under_them(client, quick_pdf):
    community = finished(
        kind=PlanKind.COMMUNITY,
        title="Komunitní plán 2020–2023",
        period_from=datetime.date(2020, 1, 1),
        period_to=datetime.date(2023, 12, 31),
    )
    last_year = finished(
        title="Akční plán 2020",
        parent=community,
        period_from=datetime.date(2020, 1, 1),
        period_to=datetime.date(2020, 12, 31),
        committee=community.committee,
    )
    this_year = finished(title="Akční plán 2021", parent=community, committee=community.committee)
    old = finished(
        kind=PlanKind.COMMUNITY,
        title="Komunitní plán 2016–2019",
        period_from=datetime.date(2016, 1, 1),
        period_to=datetime.date(2019, 12, 31),
        committee=community.committee,
    )
    to_come = finished(
        title="Akční plán 2024",
        period_from=datetime.date(2024, 1, 1),
        period_to=datetime.date(2024, 12, 31),
        committee=community.committee,
    )

    plans = plans_for_list(PersonFactory(), DAY)

    assert [line.plan for line in plans.in_force] == [community]
    assert [line.plan for line in plans.in_force[0].children] == [this_year, last_year]
    assert [line.plan for line in plans.to_come] == [to_come]
    assert [line.plan for line in plans.ended] == [old]
    assert plans.prepared == []
    page = client.get(reverse("plans:plan_list")).content.decode()
    assert all(plan.title in page for plan in (community, last_year, this_year, old, to_come))


def test_page_of_a_community_plan_lists_its_action_plans(client, quick_pdf):
    community = finished(kind=PlanKind.COMMUNITY, title="Komunitní plán 2020–2023")
    below = finished(title="Akční plán 2021", parent=community, committee=community.committee)
    finished(title="Jiný akční plán", committee=community.committee)

    response = client.get(community.get_absolute_url())

    assert [line.plan for line in response.context["action_plans"]] == [below]
    assert client.get(below.get_absolute_url()).context["above"] == community


def test_plan_above_that_is_only_prepared_is_not_linked(client, quick_pdf):
    draft = PlanVersionFactory(plan__kind=PlanKind.COMMUNITY).plan
    below = finished(title="Akční plán 2021", parent=draft)

    page = client.get(below.get_absolute_url())

    assert page.context["above"] is None
    assert draft.get_absolute_url() not in page.content.decode()


def test_empty_list_says_what_will_be_there(client):
    page = client.get(reverse("plans:plan_list")).content.decode()

    assert "Zatím nebyl schválen žádný plán." in page.replace("\u00a0", " ")


# --- Queries -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_plan_list_query_count(client, quick_pdf, count, django_assert_num_queries):
    plan = finished()
    for number in range(count - 1):
        finished(
            title=f"Akční plán {number}",
            parent=plan if plan.kind == PlanKind.COMMUNITY else None,
            committee=plan.committee,
        )

    with django_assert_num_queries(4):  # plans, versions, steps, region
        response = client.get(reverse("plans:plan_list"))

    assert len(response.context["plans"].ended) == count


@pytest.mark.parametrize("count", [1, 3])
def test_plan_detail_query_count(client, quick_pdf, count, django_assert_num_queries):
    community = finished(kind=PlanKind.COMMUNITY)
    for number in range(count):
        finished(title=f"Akční plán {number}", parent=community, committee=community.committee)

    # plan, the one above, versions, steps; action plans, their versions, steps; region
    with django_assert_num_queries(8):
        response = client.get(community.get_absolute_url())

    assert len(response.context["action_plans"]) == count


def large_version(count: int) -> PlanVersion:
    """A whole version with ``count`` more priorities of ``count`` tasks."""
    version = complete_version()
    for number in range(count):
        TaskFactory.create_batch(count, node=PlanNodeFactory(version=version, code=f"{number + 7}"))
    return version


@pytest.mark.parametrize("count", [1, 3])
def test_approved_version_query_count(client, quick_pdf, count, django_assert_num_queries):
    url = approve(large_version(count)).get_absolute_url()

    with django_assert_num_queries(5):  # version, steps, their returns, sentence, region
        response = client.get(url)

    assert len(response.context["content"].nodes) == 2 + count


def test_working_version_query_count(client):
    client.force_login(PersonFactory(coordinator=True))
    counts = []
    for count in (1, 3):
        url = large_version(count).get_absolute_url()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert len(response.context["content"].nodes) == 2 + count
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_reading_an_approved_version_asks_no_content_tables(client, approved, monkeypatch):
    monkeypatch.setattr(
        plan_content, "content_of", lambda version: pytest.fail("live rows were read")
    )

    assert client.get(approved.get_absolute_url()).status_code == 200
