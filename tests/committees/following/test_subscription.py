"""The private address: made on the desk, dead at once when replaced, cancelled or of a closed account."""

import pytest

from committees.following.subscription import PURPOSE, renew, subscription_of
from kpss.links import services as links
from kpss.links.models import PersonalLink
from tests.factories import PersonFactory, SeatFactory

from .telling import path_of

pytestmark = pytest.mark.django_db


ADDRESS = "/muj-stul/odbery/"


def paths_of(person):
    subscription = subscription_of(person)
    return [path_of(subscription.calendar_url), path_of(subscription.feed_url)]


def test_the_desk_makes_an_address_and_shows_it(client):
    person = SeatFactory().person
    client.force_login(person)
    assert subscription_of(person) is None

    response = client.post(ADDRESS, {"action": "renew"}, follow=True)

    subscription = subscription_of(person)
    page = response.content.decode()
    assert subscription.calendar_url in page
    assert subscription.feed_url in page
    assert f'href="{subscription.webcal_url}"' in page
    assert subscription.webcal_url.startswith("webcal://")
    client.logout()
    assert [client.get(path).status_code for path in paths_of(person)] == [200, 200]


def test_answers_are_kept_nowhere_and_set_no_cookie(client):
    person = SeatFactory().person
    renew(person)

    for path in paths_of(person):
        response = client.get(path)
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies


def test_a_new_address_kills_the_old_one_at_once(client):
    person = SeatFactory().person
    renew(person)
    old, key = paths_of(person), subscription_of(person).key
    client.force_login(person)

    client.post(ADDRESS, {"action": "renew", "key": str(key)})

    new = paths_of(person)
    assert set(old).isdisjoint(new)
    assert [client.get(path).status_code for path in old + new] == [404, 404, 200, 200]


def test_the_same_click_twice_makes_one_new_address(client):
    person = SeatFactory().person
    renew(person)
    click = {"action": "renew", "key": str(subscription_of(person).key)}
    client.force_login(person)

    client.post(ADDRESS, click)
    made = subscription_of(person)
    client.post(ADDRESS, click)

    assert subscription_of(person) == made
    assert PersonalLink.objects.filter(person=person, purpose=PURPOSE).count() == 2


def test_an_address_can_be_cancelled_without_a_new_one(client):
    person = SeatFactory().person
    renew(person)
    (path, _feed), key = paths_of(person), subscription_of(person).key
    client.force_login(person)

    client.post(ADDRESS, {"action": "cancel", "key": str(key)})

    assert subscription_of(person) is None
    assert client.get(path).status_code == 404


def test_nobody_cancels_the_address_of_somebody_else(client):
    victim, attacker = PersonFactory(), PersonFactory()
    renew(victim)
    client.force_login(attacker)

    for action in ("renew", "cancel", "zničit"):
        client.post(ADDRESS, {"action": action, "key": str(subscription_of(victim).key)})

    assert client.get(paths_of(victim)[0]).status_code == 200


def test_a_closed_account_has_no_address(client):
    person = SeatFactory().person
    renew(person)
    paths = paths_of(person)

    person.is_active = False
    person.save()

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_wrong_links_tell_nothing(client):
    person = SeatFactory().person
    renew(person)
    right = paths_of(person)[0]
    base = right.removesuffix("kalendar.ics")
    elsewhere = links.url_of(links.issue("odhlasit", person=person))

    wrong = [
        base,
        f"{base}tajne.ics",
        f"{base}kalendar.ics/",
        "/o/vymysleny/kalendar.ics",
        "/o/vymysleny/novinky.atom",
    ]
    pages = {client.get(path).content for path in wrong}

    assert len(pages) == 1
    assert [client.get(path).status_code for path in wrong] == [404] * len(wrong)
    assert client.get(path_of(elsewhere) + "kalendar.ics").status_code != 200
    assert client.post(right).status_code == 405
