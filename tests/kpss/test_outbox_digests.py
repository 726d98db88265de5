"""One mail a day about what is not urgent, and how one stops it by one click (RFC 8058)."""

import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from committees.people.models import Person
from kpss.links import services as links
from kpss.outbox import services
from kpss.outbox.models import MailPreference, Message, Notice
from kpss.outbox.services.preferences import unsubscribe_link
from kpss.territory.models import Region
from tests.factories import PersonFactory
from tests.kpss.mails import IDLE, queue

PRAGUE = ZoneInfo("Europe/Prague")
MORNING = datetime.datetime(2026, 11, 25, 7, 0, tzinfo=PRAGUE)
DAY = datetime.timedelta(days=1)


def tell(person, key, text="Přibyl zápis z jednání.", url="/vybory/komise/"):
    return services.tell(person, kind="zapis", text=text, url=url, key=key)


@pytest.fixture
def person():
    return PersonFactory(email="jana@example.cz")


# --- The daily mail --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_news_of_a_day_come_in_one_mail(person, settings):
    settings.SITE_URL = "https://portal.example.cz"
    Region.objects.create(pk=1, short_name="Židlochovicko")
    link = links.issue("zkouska", person=person)
    tell(person, "a", text="Přibyl zápis\nz jednání.")
    tell(person, "b", text="Máte úkol.", url=links.placeholder(link))

    assert services.make_digests(MORNING) == 1

    message = Message.objects.get()
    assert (message.person, message.to_email, message.kind) == (person, "jana@example.cz", "daily")
    assert message.subject == "Co je nového – 25. 11. 2026, Židlochovicko"
    assert not message.is_urgent
    lines = message.body.splitlines()
    assert lines[2:8] == [
        "máme pro vás 2\u00a0novinky:",
        "",
        "– Přibyl zápis z\u00a0jednání.",
        "  https://portal.example.cz/vybory/komise/",
        "",
        "– Máte úkol.",
    ]
    assert f"  {links.placeholder(link)}" in lines
    assert set(Notice.objects.values_list("message", flat=True)) == {message.pk}


@pytest.mark.django_db
def test_daily_mail_does_not_come_before_seven_in_prague(person):
    tell(person, "a")

    for early in (
        MORNING - datetime.timedelta(seconds=1),
        datetime.datetime(2026, 11, 25, 5, 59, 59, tzinfo=datetime.UTC),
        datetime.datetime(2026, 11, 25, 0, 30, tzinfo=PRAGUE),
    ):
        assert services.make_digests(early) == 0
    assert services.make_digests(datetime.datetime(2026, 11, 25, 6, 0, tzinfo=datetime.UTC)) == 1


@pytest.mark.django_db
def test_daily_mail_comes_once_a_day_and_later_news_tomorrow(person):
    tell(person, "a")
    assert services.make_digests(MORNING) == 1
    late = tell(person, "b")

    for hour in range(7, 24):
        assert services.make_digests(MORNING.replace(hour=hour)) == 0
    assert services.make_digests(MORNING + DAY) == 1

    late.refresh_from_db()
    assert late.message == Message.objects.latest("pk")
    assert "máme pro vás jednu novinku:" in late.message.body
    assert services.make_digests(MORNING + 2 * DAY) == 0


@pytest.mark.django_db
def test_same_key_tells_once(person):
    first = tell(person, "a")

    assert tell(person, "a", text="Jinak.") == first
    services.make_digests(MORNING)
    assert tell(person, "a") == first

    assert services.make_digests(MORNING + DAY) == 0


@pytest.mark.django_db
def test_each_gets_their_own_and_nobody_the_news_of_another(person):
    other = PersonFactory()
    tell(person, "a", text="Pro Janu.")
    tell(other, "b", text="Pro druhou.")

    assert services.make_digests(MORNING) == 2

    assert "Pro druhou." not in Message.objects.get(person=person).body
    assert "Pro Janu." not in Message.objects.get(person=other).body


@pytest.mark.django_db
def test_nobody_is_told_without_an_address_an_account_or_the_wish():
    unsubscribed = PersonFactory()
    services.stop_daily(unsubscribed)

    assert tell(PersonFactory(email=None), "a") is None
    assert tell(PersonFactory(is_active=False), "b") is None
    assert tell(unsubscribed, "c") is None


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["closed", "unsubscribed"])
def test_waiting_news_do_not_go_to_who_left_meanwhile(person, change):
    tell(person, "a")
    if change == "closed":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    else:
        MailPreference.objects.create(person=person, daily_off_at=timezone.now())

    assert services.make_digests(MORNING) == 0


@pytest.mark.django_db
def test_who_returns_gets_news_from_then_on(person):
    tell(person, "before")
    services.stop_daily(person)
    tell(person, "during")
    services.start_daily(person)
    tell(person, "after", text="Po návratu.")

    assert services.make_digests(MORNING) == 1

    assert Notice.objects.get().text == "Po návratu."


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_made_at_once_it_is_one_mail(person, settings):
    settings.TASKS = IDLE
    for number in range(5):
        tell(person, str(number))
    start = threading.Barrier(8)
    made = []

    def make():
        try:
            start.wait(timeout=20)
            made.append(services.make_digests(MORNING))
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(made) == [0] * 7 + [1]
    assert "máme pro vás 5\u00a0novinek:" in Message.objects.get().body
    assert not Notice.objects.waiting().exists()


# --- Unsubscribing ---------------------------------------------------------------------------------------------------


def headers_of(message, mailoutbox):
    assert services.deliver(message.pk)
    return mailoutbox[-1].extra_headers


@pytest.mark.django_db
def test_daily_mail_and_reminders_can_be_stopped_and_urgent_mail_cannot(person, mailoutbox):
    tell(person, "a")
    services.make_digests(MORNING)
    url = links.url_of(unsubscribe_link(person))

    for message in (Message.objects.get(), queue(person, is_reminder=True)):
        headers = headers_of(message, mailoutbox)
        assert headers["List-Unsubscribe"] == f"<{url}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert url in mailoutbox[-1].body
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(
        headers_of(queue(person), mailoutbox)
    )
    assert "/o/" not in mailoutbox[-1].body


@pytest.fixture
def strict():
    """A mail program: it has no cookie of ours and checks of forged requests are on."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def path(person, settings):
    return links.url_of(unsubscribe_link(person)).removeprefix(settings.SITE_URL)


@pytest.mark.django_db
def test_one_post_of_a_mail_program_stops_it(strict, person, path):
    for _time in range(2):
        response = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200

    assert not services.wants_daily(person)
    assert MailPreference.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "jinak"}, {"choice": "stop"}], ids=str)
def test_any_other_post_needs_the_token_of_our_page(strict, person, path, data):
    assert strict.post(path, data).status_code == 403
    assert services.wants_daily(person)


@pytest.mark.django_db
def test_opening_the_link_stops_nothing(client, person, path):
    for method in ("get", "head", "options"):
        getattr(client, method)(path)

    assert services.wants_daily(person)
    assert not MailPreference.objects.exists()


@pytest.mark.django_db
def test_page_stops_it_and_takes_it_back(client, person, path):
    page = client.get(path).content.decode()
    assert page.count("<h1") == 1
    assert "Vypnout přehled a\u00a0připomenutí" in page

    stopped = client.post(path, {"choice": "stop"}, follow=True)

    assert stopped.redirect_chain == [(path, 302)]
    assert "vám už nechodí" in stopped.content.decode()
    assert not services.wants_daily(person)
    client.post(path, {"choice": "start"})
    assert services.wants_daily(person)
    client.post(path, {"choice": "něco"})
    assert services.wants_daily(person)


@pytest.mark.django_db
def test_link_to_stop_it_leads_nowhere_else(client, path):
    assert client.get(f"{path}dal/").status_code == 404
    nobodys = links.token_of(links.issue("odhlasit"))
    assert client.get(f"/o/{nobodys}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_making_daily_mails_asks_the_same_for_each_person(count, django_assert_num_queries):
    Region.objects.create(pk=1)
    for number in range(count):
        person = PersonFactory()
        tell(person, f"{number}-a")
        tell(person, f"{number}-b")
        unsubscribe_link(person)

    # people; of each: transaction, news, region, key, link, region, mail in a savepoint, mark
    with django_assert_num_queries(1 + 13 * count):
        assert services.make_digests(MORNING) == count
