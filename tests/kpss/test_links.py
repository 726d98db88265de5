"""Personal links: who gets which, what opens, what says nothing (trials A4 and A5)."""

import base64
import datetime
import threading
import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.people import roles
from committees.people.models import Person
from kpss.links import services
from kpss.links.models import PersonalLink
from kpss.territory.models import Region
from tests.factories import CommitteeFactory, PersonFactory
from tests.strict import StrictClient

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def answered(monkeypatch):
    """A purpose "zkouska" whose handler says who came and where to; the list of who came."""
    came = []

    def handler(request, link, rest):
        if rest == "neni/":
            raise Http404
        came.append((request.method, link.pk, rest))
        return HttpResponse(f"{link.person} {rest}", content_type="text/plain")

    monkeypatch.setattr(services, "purposes", dict(services.purposes))
    services.register("zkouska", handler, "zkouška")
    return came


def path_of(link, rest=""):
    return reverse("links:open", kwargs={"token": services.token_of(link), "rest": rest})


# --- Making ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_issue_gives_the_standing_link_again():
    person, committee = PersonFactory(), CommitteeFactory()

    first = services.issue("zkouska", person=person, about=committee)

    assert services.issue("zkouska", person=person, about=committee) == first
    assert first.about == committee
    others = {
        services.issue("jiny", person=person, about=committee),
        services.issue("zkouska", person=PersonFactory(), about=committee),
        services.issue("zkouska", person=person, about=CommitteeFactory()),
        services.issue("zkouska", person=person, about=person),
        services.issue("zkouska", person=person),
        services.issue("zkouska", about=committee),
        services.issue("zkouska"),
    }
    assert len(others | {first}) == 8
    assert services.issue("zkouska") in others


@pytest.mark.django_db
def test_issue_extends_and_never_shortens():
    now = timezone.now()
    person = PersonFactory()
    link = services.issue("zkouska", person=person, expires_at=now + 2 * HOUR)

    for asked, valid_until in [(1, 2), (3, 3), (None, None), (1, None)]:
        expires_at = asked and now + asked * HOUR
        again = services.issue("zkouska", person=person, expires_at=expires_at)

        assert again == link
        assert again.expires_at == (valid_until and now + valid_until * HOUR)
        assert PersonalLink.objects.get().expires_at == again.expires_at


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_issue_makes_another_when_the_former_does_not_open(end):
    person = PersonFactory()
    former = services.issue("zkouska", person=person, expires_at=timezone.now() + HOUR)
    token = services.token_of(former)
    if end == "revoked":
        services.revoke(former)
    else:
        PersonalLink.objects.update(expires_at=timezone.now())

    link = services.issue("zkouska", person=person)

    assert link != former
    assert services.find(services.token_of(link)) == link
    assert services.find(token) is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_issue_at_once_makes_one_link():
    person = PersonFactory()
    start = threading.Barrier(8)
    made = []

    def issue():
        try:
            start.wait(timeout=20)
            made.append(services.issue("zkouska", person=person).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(made) == 8
    assert set(made) == {PersonalLink.objects.get().pk}


@pytest.mark.django_db
def test_database_keeps_one_standing_link_whoever_writes_it():
    link = services.issue("zkouska")

    with pytest.raises(DatabaseError), transaction.atomic():
        PersonalLink.objects.create(purpose="zkouska", token_hash="a" * 64)

    services.revoke(link)
    PersonalLink.objects.create(purpose="zkouska", token_hash="a" * 64)


# --- The token -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_token_stands_nowhere_in_the_database():
    link = services.issue("zkouska", person=PersonFactory())
    token = services.token_of(link)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM links_personallink")
        row = cursor.fetchone()

    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert not any(token in str(value) for value in row)
    assert services.token_of(PersonalLink.objects.get()) == token


@pytest.mark.django_db
def test_token_cannot_be_derived_without_the_secret(settings):
    link = services.issue("zkouska")
    token = services.token_of(link)
    settings.SECRET_KEY = "another secret " * 5

    assert services._derive(link, settings.SECRET_KEY) != token


@pytest.mark.django_db
def test_links_live_through_a_change_of_the_secret(settings):
    former = settings.SECRET_KEY
    link = services.issue("zkouska")
    token = services.token_of(link)
    settings.SECRET_KEY = "another secret " * 5

    assert services.find(token) == link
    settings.SECRET_KEY_FALLBACKS = [former]
    assert services.token_of(link) == token


@pytest.mark.django_db
def test_mail_after_a_change_of_the_secret_carries_a_token_that_opens(settings):
    link = services.issue("zkouska")
    former = services.token_of(link)
    settings.SECRET_KEY = "another secret " * 5

    token = services.token_of(link)

    assert token != former
    assert services.find(token) == link
    assert services.find(former) is None


@pytest.mark.django_db
def test_placeholder_becomes_the_address_when_the_text_is_filled(settings):
    settings.SITE_URL = "https://portal.example.cz"
    person = PersonFactory()
    link = services.issue("zkouska", person=person)
    text = f"Otevřete {services.placeholder(link)} nebo {services.placeholder(link)}podklad/12/."

    filled = services.fill(text, person)

    url = f"https://portal.example.cz/o/{services.token_of(link)}/"
    assert filled == f"Otevřete {url} nebo {url}podklad/12/."
    services.revoke(link)
    assert services.fill(text, person) == filled
    assert services.fill("⟦odkaz:" + uuid.uuid4().hex + "⟧ žádný", person).endswith("žádný")
    assert services.blind(text) == "Otevřete (osobní odkaz) nebo (osobní odkaz)podklad/12/."


@pytest.mark.django_db
@pytest.mark.parametrize("is_somebody", [True, False])
def test_placeholder_of_the_link_of_another_stays_what_it_is(is_somebody):
    link = services.issue("zkouska", person=PersonFactory())
    text = f"Mám zájem. {services.placeholder(link)}"

    assert services.fill(text, PersonFactory() if is_somebody else None) == text


# --- Opening ---------------------------------------------------------------------------------------------------------


def replayed(link):
    services.revoke(link)


def expired(link):
    PersonalLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())


def of_a_closed_account(link):
    Person.objects.filter(pk=link.person.pk).update(is_active=False)


def about_a_thing_that_is_gone(link):
    link.about.delete()


WRONG = [replayed, expired, of_a_closed_account, about_a_thing_that_is_gone]


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", WRONG)
@pytest.mark.parametrize("method", ["get", "post", "head"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_wrong_link_gives_the_page_of_an_unknown_one(client, answered, spoil, method, signed_in):
    Region.objects.create(pk=1, coordinator_name="Eva Dobrá", coordinator_phone="547 428 000")
    link = services.issue("zkouska", person=PersonFactory(), about=CommitteeFactory())
    path = path_of(link)
    if signed_in:
        client.force_login(PersonFactory())
    unknown = "A" * (len(path) - len("/o//"))
    expected = getattr(client, method)(f"/o/{unknown}/")
    assert getattr(client, method)(path).status_code == 200
    answered.clear()

    spoil(link)
    response = getattr(client, method)(path)

    assert response.status_code == 404
    assert response.content == expected.content
    assert dict(response.headers) | {"Expires": ""} == dict(expected.headers) | {"Expires": ""}
    assert answered == []
    if method == "get":
        assert "Tento odkaz neplatí" in response.content.decode()
        assert "Eva Dobrá" in response.content.decode()


@pytest.mark.django_db
def test_link_of_a_purpose_that_nobody_answers_gives_the_same_page(client):
    link = services.issue("neznamy")

    response = client.get(path_of(link))

    assert response.status_code == 404
    assert response.content == client.get("/o/neni/").content


@pytest.mark.django_db
def test_page_that_the_link_does_not_lead_to_is_the_same_page(client, answered):
    link = services.issue("zkouska")

    response = client.get(path_of(link, "neni/"))

    assert response.status_code == 404
    assert response.content == client.get("/o/neni/").content


@pytest.mark.django_db
def test_link_for_another_purpose_is_not_found():
    link = services.issue("zkouska")
    token = services.token_of(link)

    assert services.find(token, "zkouska") == link
    assert services.find(token, "jiny") is None
    assert services.find("") is None
    assert services.find("č⟦🦊") is None


@pytest.mark.django_db
def test_link_opens_until_its_moment_and_not_at_it(client, answered):
    link = services.issue("zkouska")
    second = datetime.timedelta(seconds=1)
    moment = datetime.datetime(2027, 10, 31, 1, 30, tzinfo=datetime.UTC)  # 2:30, the second time
    PersonalLink.objects.update(expires_at=moment)

    assert PersonalLink.objects.valid(moment - second).get() == link
    assert not PersonalLink.objects.valid(moment).exists()


@pytest.mark.django_db
def test_door_hands_over_the_link_and_the_rest_of_the_path(client, answered):
    link = services.issue("zkouska", person=PersonFactory(first_name="Jana", last_name="Nová"))

    response = client.get(path_of(link, "podklad/12/"))

    assert response.content.decode() == "Jana Nová podklad/12/"
    assert answered == [("GET", link.pk, "podklad/12/")]
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert dict(response.cookies) == {}


@pytest.mark.django_db
def test_opening_changes_nothing_but_the_time_of_use_once_an_hour(
    client, answered, django_assert_num_queries
):
    link = services.issue("zkouska", person=PersonFactory())
    path = path_of(link)
    before = PersonalLink.objects.values().get()

    with django_assert_num_queries(2):  # the link with its person, the time of use
        client.get(path)
    used_at = PersonalLink.objects.get().last_used_at
    with django_assert_num_queries(1):
        client.get(path)

    assert PersonalLink.objects.values().get() == before | {"last_used_at": used_at}
    assert timezone.now() - used_at < HOUR
    earlier = timezone.now() - HOUR
    PersonalLink.objects.update(last_used_at=earlier)
    client.get(path)
    assert PersonalLink.objects.get().last_used_at > earlier


@pytest.mark.django_db
def test_post_needs_the_token_of_our_page_unless_the_handler_checks_itself(answered):
    def unchecked(request, link, rest):
        return HttpResponse("bez kontroly", content_type="text/plain")

    services.register("nehlida", unchecked, csrf_exempt=True)
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(path_of(services.issue("zkouska"))).status_code == 403
    assert answered == []
    assert strict.post(path_of(services.issue("nehlida"))).status_code == 200
    assert strict.post("/o/neni/").status_code == 404


def test_form_on_a_link_page_can_be_sent_from_a_browser(page):
    person = PersonFactory()
    page.goto(path_of(services.issue("odhlasit", person=person)))

    page.get_by_role("button", name="Vypnout přehled a připomenutí").click()

    page.get_by_role("button", name="Posílat znovu").wait_for()
    assert person.mail_preference.daily_off_at


# --- Revoking --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_revoking_closes_what_fits_and_counts_it():
    eva, jana, committee = PersonFactory(), PersonFactory(), CommitteeFactory()
    evas = services.issue("zkouska", person=eva)
    evas_about = services.issue("zkouska", person=eva, about=committee)
    janas = services.issue("zkouska", person=jana, about=committee)
    other = services.issue("jiny", person=jana)

    assert services.revoke_for(person=eva, about=committee) == 1
    assert services.revoke_for(about=committee) == 1
    assert services.revoke_for(purpose="zkouska") == 1
    assert services.revoke_for(person=eva) == 0

    assert set(PersonalLink.objects.standing()) == {other}
    assert set(PersonalLink.objects.filter(revoked_at=None)) == {other}
    assert {evas, evas_about, janas, other} == set(PersonalLink.objects.all())
    with pytest.raises(ValueError, match="Say whose"):
        services.revoke_for()


@pytest.mark.django_db
def test_revoking_again_keeps_the_first_moment():
    link = services.issue("zkouska")
    services.revoke(link)
    first = link.revoked_at

    services.revoke(link)

    assert link.revoked_at == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": None},
        {"purpose": "jiny"},
        {"person": None},
        {"object_pk": "999", "content_type": 1},
        {"key": uuid.UUID(int=1)},
    ],
    ids=str,
)
def test_database_refuses_to_make_a_revoked_link_open_or_another(change):
    link = services.issue("zkouska", person=PersonFactory())
    services.revoke(link)

    with pytest.raises(DatabaseError), transaction.atomic():
        PersonalLink.objects.filter(pk=link.pk).update(**change)


# --- Admin -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator():
    roles.sync()
    person = PersonFactory(coordinator=True)
    person.groups.add(Group.objects.get(name=roles.COORDINATORS))
    return person


@pytest.mark.django_db
def test_coordinator_sees_links_without_tokens_and_revokes_them(client, coordinator):
    person = PersonFactory(last_name="Šťastná")
    link = services.issue("odhlasit", person=person)
    services.issue("odhlasit", person=PersonFactory(last_name="Jiná"))
    client.force_login(coordinator)
    listed = reverse("admin:links_personallink_changelist")

    shown = client.get(listed, {"q": "stastna", "valid": "yes", "purpose": "odhlasit"})
    detail = client.get(reverse("admin:links_personallink_change", args=[link.pk]))
    client.post(listed, {"action": "revoke", "_selected_action": [link.pk]}, follow=True)

    assert list(shown.context["cl"].result_list) == [link]
    for page in (shown, detail):
        assert "vypnutí denního přehledu" in page.content.decode()
        assert services.token_of(link) not in page.content.decode()
        assert link.token_hash not in page.content.decode()
        assert str(link.key) not in page.content.decode()
    link.refresh_from_db()
    assert link.revoked_at
    assert list(client.get(listed, {"valid": "no"}).context["cl"].result_list) == [link]


@pytest.mark.django_db
def test_links_are_neither_made_nor_changed_nor_revoked_without_the_right(coordinator):
    link = services.issue("odhlasit", person=PersonFactory())
    looker = PersonFactory(coordinator=True)
    looker.user_permissions.add(
        *Group.objects.get(name=roles.COORDINATORS).permissions.filter(codename="view_personallink")
    )
    listed = reverse("admin:links_personallink_changelist")
    revoking = {"action": "revoke", "_selected_action": [link.pk]}

    for person in (looker, coordinator):
        client = StrictClient()
        client.force_login(person)
        assert client.get(reverse("admin:links_personallink_add")).status_code == 403
        change = reverse("admin:links_personallink_change", args=[link.pk])
        assert client.post(change, {"purpose": "jiny"}).status_code == 403
        delete = reverse("admin:links_personallink_delete", args=[link.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
    client = StrictClient()
    client.force_login(looker)
    assert client.get(listed).status_code == 200
    client.post(listed, revoking, follow=True)

    link.refresh_from_db()
    assert link.revoked_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_list_of_links_has_a_constant_number_of_queries(client, count, django_assert_num_queries):
    for _number in range(count):
        services.issue("odhlasit", person=PersonFactory())
    client.force_login(PersonFactory(superuser=True))

    # session, person, purposes, count × 2, whether there is a region, page, region
    with django_assert_num_queries(8):
        client.get(reverse("admin:links_personallink_changelist"))
