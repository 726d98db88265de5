"""Public pages of committees: what a citizen reads, and what nobody outside may."""

import datetime
import html

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from committees.bodies import panels
from committees.bodies.enums import CommitteeKind, Side
from committees.bodies.services import correct_resolution
from documents.library.models import Document
from documents.store.uploads import CheckedFile
from tests.factories import (
    CommitteeFactory,
    OrganisationFactory,
    PersonFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db

PAPER = CheckedFile("usneseni.pdf", "application/pdf", b"%PDF-1.7 paper %%EOF")


@pytest.fixture(autouse=True)
def _no_panels(monkeypatch):
    """Queries of other houses are theirs to count."""
    monkeypatch.setattr(panels, "_panels", [])
    monkeypatch.setattr(panels, "_notes", [])


def text(response) -> str:
    """The page with entities read and hard spaces made plain."""
    assert response.status_code == 200
    return html.unescape(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def detail(client, committee):
    return client.get(reverse("bodies:committee_detail", args=[committee.slug]))


def test_list_shows_public_committees_by_what_they_do(client):
    group = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP)
    SeatFactory.create_batch(2, committee=group)
    SeatFactory(committee=group, ended=True)
    assembly = CommitteeFactory(kind=CommitteeKind.ASSEMBLY)
    CommitteeFactory(is_public=False)
    ended = CommitteeFactory(dissolved_on=datetime.date(2019, 12, 31))

    response = client.get(reverse("bodies:committee_list"))

    shown = response.context["groups"]
    assert [part.committees for part in shown] == [[group], [assembly]]
    assert shown[0].committees[0].member_count == 2
    assert response.context["ended"] == [ended]
    page = text(response)
    assert page.count('class="row-title"') == 3
    assert group.get_absolute_url() in page


def test_list_without_committees_says_so(client):
    assert 'class="empty"' in text(client.get(reverse("bodies:committee_list")))


def test_hidden_committee_is_seen_by_those_who_sit_there_and_by_the_coordinator(client):
    hidden = CommitteeFactory(is_public=False, name="Skrytá skupina")
    member = SeatFactory(committee=hidden).person
    former = SeatFactory(committee=hidden, ended=True).person
    superuser = PersonFactory(superuser=True)
    address = reverse("bodies:committee_list")

    for person, sees in [(None, False), (former, False), (member, True), (superuser, True)]:
        if person:
            client.force_login(person)
        assert (hidden.name in text(client.get(address))) is sees
        assert detail(client, hidden).status_code == (200 if sees else 404)


def test_page_names_members_but_not_users_without_consent(client):
    committee = CommitteeFactory()
    SeatFactory(
        committee=committee,
        side=Side.PROVIDER,
        person=PersonFactory(first_name="Pavel", last_name="Jurásek"),
        organisation=OrganisationFactory(name="Charita Podvýhoní"),
        function="vedoucí služby",
    )
    hidden = SeatFactory(
        committee=committee,
        side=Side.USER,
        person=PersonFactory(first_name="Kanárek", last_name="Skrytý", email="kanarek@example.cz"),
        function="pečuje o Kanárka",
        organisation=OrganisationFactory(name="Stacionář Kanárek", slug="kanarek"),
    )
    agreed = SeatFactory(
        committee=committee,
        side=Side.USER,
        person=PersonFactory(first_name="Marie", last_name="Doležalová"),
        name_consent_on=datetime.date(2020, 1, 1),
        name_consent_text="Souhlasím – slova souhlasu.",
    )

    for visitor in (None, agreed.person, hidden.person, PersonFactory(superuser=True)):
        if visitor:
            client.force_login(visitor)
        page = text(detail(client, committee))
        main = page[page.index("<main") : page.index("</main>")]
        assert "Pavel Jurásek" in main
        assert "Charita Podvýhoní" in main
        assert "vedoucí služby" in main
        assert "Marie Doležalová" in main
        assert "slova souhlasu" not in main
        assert "anár" not in main
        assert "Skryt" not in main


def test_lists_never_name_hidden_members(client):
    committee = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP)
    SeatFactory(committee=committee, side=Side.USER, person=PersonFactory(last_name="Kanárek"))

    page = text(client.get(reverse("bodies:committee_list")))

    assert committee.name in page
    assert "Kanárek" not in page


def test_page_tells_who_is_missing_in_the_triad(client):
    committee = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP)
    SeatFactory(committee=committee, side=Side.PROVIDER)
    SeatFactory(committee=committee, side=Side.COMMISSIONER)

    page = text(detail(client, committee))

    assert "triad-uzivatel triad-empty" in page
    assert "Chybí zástupce uživatelů." in page
    assert "Chybí zástupce poskytovatelů." not in page


def test_elected_body_has_no_triad(client):
    council = CommitteeFactory(kind=CommitteeKind.COUNCIL)
    SeatFactory(committee=council)

    page = text(detail(client, council))

    assert 'class="triad"' not in page
    assert "Chybí zástupce" not in page


def test_page_shows_rules_valid_today_in_words(client):
    committee = RulesFactory(valid_from=datetime.date(2020, 1, 1), notice_days=5).committee
    RulesFactory(committee=committee, valid_from=datetime.date(2021, 1, 1), notice_days=7)
    RulesFactory(
        committee=committee,
        valid_from=timezone.localdate() + datetime.timedelta(days=1),
        notice_days=9,
    )

    response = detail(client, committee)

    assert "nejméně 7 dní předem" in text(response)
    assert response.context["rules"].notice_days == 7


def test_page_links_the_paper_of_rules_only_when_published(client):
    paper = Document.objects.create(title="Jednací řád komise", kind="rules")
    committee = RulesFactory(document=paper).committee

    assert "Jednací řád komise" not in text(detail(client, committee))
    Document.objects.filter(pk=paper.pk).update(published_at=timezone.now())

    assert paper.get_absolute_url() in text(detail(client, committee))


def test_page_shows_resolutions_with_the_vote_in_words(client):
    committee = RulesFactory().committee
    ResolutionFactory(
        committee=committee,
        number="4/5",
        text="Komise schvaluje plán.",
        url="https://example.cz/45",
    )
    ResolutionFactory(
        committee=committee,
        number="4/6",
        votes_for=4,
        votes_against=5,
        abstained=0,
        is_adopted=False,
    )

    page = text(detail(client, committee))

    assert "Komise schvaluje plán." in page
    assert "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů" in page
    assert "Nepřijato: pro 4, proti 5, zdrželo se 0 z 9 členů" in page
    assert 'href="https://example.cz/45"' in page


@pytest.mark.parametrize("page", ["1", "2", "3", "0", "-1", "x", "9999999999999999999", "'", ""])
def test_any_page_number_of_resolutions_is_answered(client, page):
    committee = RulesFactory().committee
    ResolutionFactory.create_batch(25, committee=committee)

    response = client.get(committee.get_absolute_url(), {"page": page})

    on_first_page = page in {"1", "x", "'", ""}
    assert len(response.context["page"].object_list) == (20 if on_first_page else 5)


def test_paper_of_a_resolution_is_served_to_those_who_see_the_committee(client):
    committee = RulesFactory().committee
    resolution = ResolutionFactory(committee=committee)
    address = reverse("bodies:resolution_paper", args=[committee.slug, resolution.pk])
    assert client.get(address).status_code == 404
    correct_resolution(resolution, file=PAPER)
    assert address in text(detail(client, committee))

    response = client.get(address)

    assert response.content == PAPER.data
    assert response.headers["Content-Type"] == "application/pdf"
    elsewhere = reverse("bodies:resolution_paper", args=[CommitteeFactory().slug, resolution.pk])
    assert client.get(elsewhere).status_code == 404
    committee.is_public = False
    committee.save()
    assert client.get(address).status_code == 404
    client.force_login(SeatFactory(committee=committee).person)
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


def test_dissolved_committee_shows_its_last_members(client):
    committee = CommitteeFactory(dissolved_on=datetime.date(2020, 6, 30))
    SeatFactory(
        committee=committee,
        valid_to=datetime.date(2020, 6, 30),
        person=PersonFactory(first_name="", last_name="Poslední"),
    )

    assert "Poslední" in text(detail(client, committee))


def test_other_houses_add_their_part(client):
    committee = CommitteeFactory(name="Komise <b>")

    panels.register(lambda request, shown: f"<p>Plány: {shown.pk}</p>")
    panels.register(lambda request, shown: "")

    assert f"<p>Plány: {committee.pk}</p>" in text(detail(client, committee))


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, count, django_assert_num_queries):
    for _number in range(count):
        committee = CommitteeFactory(parent=CommitteeFactory())
        SeatFactory.create_batch(count, committee=committee)

    with django_assert_num_queries(2):  # region in the header, committees with their numbers
        client.get(reverse("bodies:committee_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_detail_query_count(client, count, django_assert_num_queries):
    committee = RulesFactory(committee=CommitteeFactory(parent=CommitteeFactory())).committee
    for side in Side:
        for _number in range(count):
            SeatFactory(committee=committee, side=side, organisation=OrganisationFactory())
    ResolutionFactory.create_batch(count, committee=committee)
    CommitteeFactory.create_batch(count, parent=committee)

    # committee, seats, rules, number of resolutions, resolutions, groups under it, region
    with django_assert_num_queries(7):
        detail(client, committee)


@pytest.mark.parametrize("name", ["list", "detail"])
def test_public_pages_set_no_cookie(client, name):
    committee = RulesFactory().committee
    address = reverse("bodies:committee_list") if name == "list" else committee.get_absolute_url()

    response: HttpResponse = client.get(address)

    assert response.status_code == 200
    assert not response.cookies


def test_pages_are_only_read(client):
    committee = CommitteeFactory()

    assert client.post(reverse("bodies:committee_list")).status_code == 405
    assert client.post(committee.get_absolute_url()).status_code == 405
