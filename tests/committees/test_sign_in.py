"""Both ways in, and nobody else: the same answer for known and unknown addresses, no signing up."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from committees.people.models import Person
from kpss.territory.models import Region
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "dlouhe-heslo-2021"
CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def region():
    return Region.objects.create(
        pk=1,
        name="SO ORP Židlochovice",
        short_name="Židlochovicko",
        coordinator_name="Mgr. Jana Malá",
    )


@pytest.fixture(autouse=True)
def _no_attempts_from_other_tests():
    from django.core.cache import cache  # noqa: PLC0415 - the limits of the sign-in library live there

    cache.clear()


def person(**kwargs):
    made = PersonFactory(**kwargs)
    made.set_password(PASSWORD)
    made.save()
    return made


def signed_in(client):
    """Who is signed in by the client's session, or nobody."""
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def with_password(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def ask_for_code(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email})


def test_password_opens(client):
    jana = person(email="jana@example.cz")

    response = with_password(client, " JANA@example.cz")

    assert response.status_code == 302
    assert signed_in(client) == jana


def test_code_by_mail_opens_a_person_without_a_password(client):
    jana = PersonFactory(email="jana@example.cz")
    jana.set_unusable_password()
    jana.save()

    response = ask_for_code(client, "Jana@example.cz")

    assert response.status_code == 302
    assert signed_in(client) is None
    [letter] = mail.outbox
    assert letter.to == ["jana@example.cz"]
    [code] = CODE.findall(letter.body)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert signed_in(client) == jana
    assert not EmailAddress.objects.exists()


def test_wrong_code_opens_nothing_and_three_are_enough(client):
    PersonFactory(email="jana@example.cz")
    ask_for_code(client, "jana@example.cz")
    [code] = CODE.findall(mail.outbox[0].body)

    for _attempt in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "XXXXXX"})
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert signed_in(client) is None


def test_code_is_for_the_browser_that_asked(client):
    PersonFactory(email="jana@example.cz")
    ask_for_code(client, "jana@example.cz")
    [code] = CODE.findall(mail.outbox[0].body)
    stranger = type(client)()

    stranger.post(reverse("account_confirm_login_code"), {"code": code})

    assert signed_in(stranger) is None


def test_letter_with_code_is_good_czech(client):
    PersonFactory(email="jana@example.cz")

    ask_for_code(client, "jana@example.cz")

    [letter] = mail.outbox
    assert "\n" not in letter.subject
    assert letter.subject.endswith("Židlochovicko")
    assert "Mgr. Jana Malá" in letter.body
    assert "http://127.0.0.1:8000" in letter.body
    for foreign in ("Hello", "testserver", "Thank you", "{{", "&#", "&quot;"):
        assert foreign not in letter.body + letter.subject


@pytest.mark.parametrize("way", ["password", "code", "reset"])
def test_person_who_may_not_sign_in_does_not(client, way):
    person(email="jana@example.cz", is_active=False)

    if way == "password":
        response = with_password(client, "jana@example.cz")
        assert response.status_code in {200, 302}
    elif way == "code":
        ask_for_code(client, "jana@example.cz")
        assert not CODE.search(mail.outbox[0].body)
    else:
        client.post(reverse("account_reset_password"), {"email": "jana@example.cz"})
        assert "/password/reset/key/" not in mail.outbox[0].body

    assert signed_in(client) is None
    assert client.get(reverse("front:my_desk")).status_code == 302


def test_person_without_email_cannot_be_named(client):
    person(email=None)

    for value in ("", "None", "null"):
        with_password(client, value)
        ask_for_code(client, value)

    assert signed_in(client) is None
    assert mail.outbox == []


def answer(response):
    """What the browser gets, without the address that was typed and one-time values."""
    body = re.sub(r'value="[^"]*"', "", response.content.decode())
    return response.status_code, response.headers.get("Location"), body


@pytest.mark.parametrize("way", ["password", "code", "reset"])
def test_known_and_unknown_address_get_the_same_answer(way):
    known = person(email="znama@example.cz").email
    unknown = "cizi@example.cz"

    def ask(email):
        from tests.strict import StrictClient  # noqa: PLC0415 - a browser of its own for each

        client = StrictClient()
        if way == "password":
            first = with_password(client, email, "spatne-heslo-2021")
        elif way == "code":
            first = ask_for_code(client, email)
        else:
            first = client.post(reverse("account_reset_password"), {"email": email})
        answers = [answer(first)]
        if first.status_code == 302:
            answers.append(answer(client.get(first.headers["Location"])))
        return [(status, where, body.replace(email, "…")) for status, where, body in answers], len(
            mail.outbox
        )

    first, letters_first = ask(known)
    second, letters_second = ask(unknown)

    assert first == second
    # Somebody is written to in both cases, or in neither.
    assert letters_second - letters_first == letters_first


def test_unknown_address_gets_a_letter_without_a_way_in(client):
    ask_for_code(client, "cizi@example.cz")

    [letter] = mail.outbox
    assert letter.to == ["cizi@example.cz"]
    assert not CODE.search(letter.body)
    assert "signup" not in letter.body
    assert "Mgr. Jana Malá" in letter.body


def test_password_is_set_by_a_link_of_the_portal(client, settings):
    settings.SITE_URL = "https://kpss.example.cz"
    jana = PersonFactory(email="jana@example.cz")
    jana.set_unusable_password()
    jana.save()

    client.post(
        reverse("account_reset_password"), {"email": "jana@example.cz"}, HTTP_HOST="localhost"
    )

    [letter] = mail.outbox
    [link] = re.findall(r"^https://\S+$", letter.body, re.MULTILINE)[:1]
    assert link.startswith("https://kpss.example.cz/ucet/password/reset/key/")
    page = client.get(link.removeprefix("https://kpss.example.cz"), follow=True)
    form_url = page.redirect_chain[-1][0]
    client.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    jana.refresh_from_db()
    assert jana.check_password(PASSWORD)


def test_signing_up_is_closed_and_says_how_to_get_an_account(client):
    response = client.get(reverse("account_signup"))

    assert "Mgr. Jana Malá" in response.content.decode()
    client.post(
        reverse("account_signup"),
        {"email": "nova@example.cz", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not Person.objects.exists()
    assert signed_in(client) is None


def test_person_does_not_change_the_email_alone(client):
    jana = person(email="jana@example.cz")
    client.force_login(jana)

    page = client.get(reverse("people:email"))
    assert "jana@example.cz" in page.content.decode()
    assert reverse("people:email") == reverse("account_email")
    refused = client.post(
        reverse("account_email"), {"action_add": "", "email": "victim@example.cz"}
    )

    assert refused.status_code == 405
    assert not EmailAddress.objects.exists()
    jana.refresh_from_db()
    assert jana.email == "jana@example.cz"


def test_account_page_is_not_public(client):
    response = client.get(reverse("people:email"))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
