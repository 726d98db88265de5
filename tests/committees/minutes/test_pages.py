"""Pages of minutes: who sees which layer, writing without scripts and by htmx, hostile texts."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.meetings.models import AgendaItem
from committees.minutes import services
from committees.minutes.models import Minutes, MinutesEntry, MinutesEvent
from committees.minutes.services.writing import mark
from tests.committees.minutes import held as h
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def idle_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def url(held, name="minutes_detail") -> str:
    meeting = held.meeting
    return reverse(f"minutes:{name}", args=[held.committee.slug, meeting.year, meeting.number])


def status(client, person, address) -> int:
    client.logout()
    if person:
        client.force_login(person)
    return client.get(address).status_code


# --- Who sees what ---------------------------------------------------------------------------------------------------


def test_before_the_approval_only_members_see_the_minutes(client):
    held = h.hold()
    h.begun(held)

    seen = {
        name: status(client, person, url(held))
        for name, person in {
            "nobody": None,
            "stranger": PersonFactory(),
            "chair elsewhere": SeatFactory(chair=True).person,
            "former member": SeatFactory(committee=held.committee, ended=True).person,
            "member": held.provider,
            "coordinator": held.coordinator,
        }.items()
    }

    assert seen == {
        "nobody": 404,
        "stranger": 404,
        "chair elsewhere": 404,
        "former member": 404,
        "member": 200,
        "coordinator": 200,
    }


@pytest.mark.parametrize(("public", "publish", "answer"), [
    (True, True, 200), (True, False, 404), (False, True, 404),
])  # fmt: skip
def test_everybody_reads_what_was_published(client, public, publish, answer):
    held = h.hold(public=public)
    h.frozen(held, publish=publish)

    assert status(client, None, url(held)) == answer
    assert status(client, None, url(held, "public_json")) == answer
    assert status(client, None, url(held, "whole_json")) == 302  # to sign in
    assert status(client, PersonFactory(), url(held, "whole_json")) == 404
    assert status(client, held.provider, url(held)) == 200
    assert status(client, held.provider, url(held, "whole_json")) == 200


def test_members_read_both_layers_and_the_public_one(client):
    held = h.hold()
    h.frozen(held)

    client.force_login(held.provider)
    whole = client.get(url(held)).content.decode()
    public = client.get(url(held) + "?zneni=verejne").content.decode()
    client.logout()
    anybody = client.get(url(held) + "?zneni=uplne").content.decode()

    assert h.HIDDEN in whole
    assert h.SURNAME in whole
    for page in (public, anybody):
        assert h.HIDDEN not in page
        assert "[neveřejné]" in page
        assert "Neveřejný bod" in page


def test_the_public_page_needs_no_cookie(client):
    held = h.hold()
    h.frozen(held)

    assert dict(client.get(url(held)).cookies) == {}


def test_a_consent_taken_back_hides_the_name_and_the_old_pdf(client):
    held = h.hold()
    h.frozen(held)
    assert "Veselý" in client.get(url(held)).content.decode()
    assert status(client, None, url(held, "public_json")) == 200
    seat = held.seat_of_agreed
    seat.name_consent_withdrawn_on = timezone.localdate()
    seat.save()

    page = client.get(url(held)).content.decode()

    assert "Veselý" not in page
    assert "odvolal souhlas" in page
    for name in ("public_json", "public_pdf", "public_extract"):
        assert status(client, None, url(held, name)) == 404
    client.force_login(held.provider)
    assert "Veselý" in client.get(url(held)).content.decode()


# --- Writing ---------------------------------------------------------------------------------------------------------


def test_minutes_are_begun_by_one_button(client):
    held = h.hold()
    client.force_login(held.secretary)
    assert "Založit zápis" in client.get(url(held)).content.decode()

    for _click in range(2):
        assert client.post(url(held, "start")).url == url(held, "editor")

    assert Minutes.objects.count() == 1
    client.force_login(held.provider)
    assert client.post(url(held, "start")).status_code == 403


def fields_of(client, held) -> dict[str, str]:
    """What the editor's form would send, untouched."""
    page = client.get(url(held, "editor")).context["page"]
    sent = {}
    for field in page.fields:
        sent[field.name] = field.control.value() or ""
        sent[field.seen_name] = field.seen
    return sent


def test_the_editor_saves_without_scripts(client):
    held = h.hold()
    h.begun(held)
    client.force_login(held.secretary)
    item = f"item-{held.items[1].pk}"
    sent = fields_of(client, held) | {item: "Komise se shodla.\r\n\r\n- bod"}

    response = client.post(url(held, "editor"), sent)

    assert response.status_code == 302
    assert MinutesEntry.objects.get(item=held.items[1]).text == "Komise se shodla.\n\n- bod"
    assert MinutesEntry.objects.count() == 3  # what was empty and untouched made no row


def test_the_later_of_two_writers_sees_both_texts_and_decides(client):
    held = h.hold()
    h.begun(held)
    item = f"item-{held.items[1].pk}"
    client.force_login(held.secretary)
    mine = fields_of(client, held) | {item: "Moje slova."}
    h.write(Minutes.objects.get(), held.chair, item_2="Cizí slova.")

    clash = client.post(url(held, "editor"), mine)

    assert clash.status_code == 409
    page = clash.content.decode()
    assert "Cizí slova." in page
    assert "Moje slova." in page
    assert MinutesEntry.objects.get(item=held.items[1]).text == "Cizí slova."
    blind = client.post(url(held, "editor"), mine)  # saving again changes nothing
    assert blind.status_code == 409
    kept = client.post(
        url(held, "editor"), mine | {"keep": item, f"their-{item}": mark("Cizí slova.")}
    )
    assert kept.status_code == 302
    assert MinutesEntry.objects.get(item=held.items[1]).text == "Moje slova."


def test_leaving_the_other_text_saves_the_rest(client):
    held = h.hold()
    h.begun(held)
    item = f"item-{held.items[1].pk}"
    client.force_login(held.secretary)
    mine = fields_of(client, held) | {item: "Moje slova.", "closing": "Konec v 15:00."}
    h.write(Minutes.objects.get(), held.chair, item_2="Cizí slova.")

    left = client.post(url(held, "editor"), mine | {"take": item})

    assert left.status_code == 302
    assert MinutesEntry.objects.get(item=held.items[1]).text == "Cizí slova."
    assert Minutes.objects.get().closing == "Konec v 15:00."


def test_htmx_saves_one_field_and_says_so(client):
    held = h.hold()
    h.begun(held)
    client.force_login(held.secretary)
    name = f"item-{held.items[1].pk}"
    post = {name: "Pan Veselý a paní Kanárková [[něco", f"seen-{name}": mark("")}

    answer = client.post(url(held, "save_field"), post, headers=HX)

    fragment = answer.content.decode()
    assert "Uloženo v" in fragment
    assert "není ukončená" in fragment
    assert "Kanárková" in fragment.split("jméno")[1]
    assert "Veselý" not in fragment  # agreed to be named
    assert MinutesEntry.objects.get(item=held.items[1]).text == post[name]
    assert f'name="seen-{name}" value="{mark(post[name])}"' in fragment


def test_htmx_never_overwrites_and_keeps_the_old_mark(client):
    held = h.hold()
    h.begun(held)
    h.write(Minutes.objects.get(), held.chair, item_2="Cizí slova.")
    client.force_login(held.secretary)
    name = f"item-{held.items[1].pk}"

    for _key in range(2):
        fragment = client.post(
            url(held, "save_field"), {name: "Moje.", f"seen-{name}": mark("")}, headers=HX
        ).content.decode()

    assert "Cizí slova." in fragment
    assert f'name="seen-{name}" value="{mark("")}"' in fragment
    assert MinutesEntry.objects.get(item=held.items[1]).text == "Cizí slova."


def test_htmx_says_that_the_minutes_were_sent(client):
    held = h.hold()
    h.sent(held)
    client.force_login(held.secretary)

    post = {"closing": "Pozdě.", "seen-closing": mark("")}

    answer = client.post(url(held, "save_field"), post, headers=HX)

    assert "odešel k" in answer.content.decode()


def test_only_who_may_write_comes_to_the_editor(client):
    held = h.hold()
    h.begun(held)
    addresses = [url(held, name) for name in ("editor", "preview")]

    for person, answer in ((held.provider, 403), (PersonFactory(), 404), (held.chair, 200)):
        assert {status(client, person, address) for address in addresses} == {answer}


def test_the_preview_shows_both_layers(client):
    held = h.hold()
    h.begun(held)
    client.force_login(held.secretary)

    response = client.get(url(held, "preview"))

    assert h.HIDDEN in str(response.context["whole"])
    assert h.HIDDEN not in str(response.context["public"])


# --- From sending to approval ------------------------------------------------------------------------------------------


def test_the_whole_way_by_pages(client):
    held = h.hold()
    h.begun(held)
    client.force_login(held.secretary)
    assert client.post(url(held, "send"), {}).status_code == 422
    client.post(url(held, "send"), {"verifiers": [held.chair.pk]})
    client.force_login(held.chair)
    client.post(url(held, "verify"), {"answer": "confirm"})
    assert client.get(url(held)).context["approve_form"].initial == {"publish": True}

    client.post(url(held, "approve"), {"publish": "on"})

    assert "vytváří PDF" in client.get(url(held)).content.decode()
    fragment = client.get(url(held, "progress"), headers=HX)
    assert "HX-Refresh" not in fragment
    assert services.finish_approval(Minutes.objects.get().pk)
    assert client.get(url(held, "progress"), headers=HX)["HX-Refresh"] == "true"
    pdf = client.get(url(held, "whole_pdf"))
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "private, no-store")
    client.logout()
    assert client.get(url(held, "public_pdf"))["Cache-Control"] == "public, no-cache"
    assert client.get(url(held, "public_extract")).status_code == 200


def test_taking_back_asks_for_a_reason(client):
    held = h.hold()
    h.sent(held)
    client.force_login(held.secretary)

    assert client.post(url(held, "take_back"), {"note": ""}).status_code == 422
    assert client.post(url(held, "take_back"), {"note": "Chybí bod."}).status_code == 302

    assert Minutes.objects.get().state == "draft"
    assert MinutesEvent.objects.get(transition="take_back").note == "Chybí bod."


def test_the_page_of_the_meeting_leads_to_the_minutes(client):
    held = h.hold()
    client.force_login(held.secretary)
    assert "Založit zápis" in client.get(held.meeting.get_absolute_url()).content.decode()
    h.frozen(held)
    client.logout()

    page = client.get(held.meeting.get_absolute_url()).content.decode()

    assert url(held, "public_pdf") in page


@pytest.mark.parametrize("more", [0, 2])
def test_pages_cost_the_same_queries(client, django_assert_num_queries, more):
    held = h.hold()
    for n in range(more):
        AgendaItem.objects.create(meeting=held.meeting, position=10 + n, title=f"Bod {n}")
    h.begun(held)
    client.force_login(held.secretary)
    client.get(url(held))

    with django_assert_num_queries(28):
        client.get(url(held))
    with django_assert_num_queries(20):
        client.get(url(held, "editor"))


# --- Hostile texts -----------------------------------------------------------------------------------------------------

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[klik](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "![x](https://zly.example.cz/x.png)",
    "[[<script>alert(1)</script>]]",
    "<iframe src=//zly.example.cz></iframe>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_scripts_in_texts_are_only_text(client, payload):
    """Trial H3; the strict client refuses inline scripts, handlers and stray template tags."""
    held = h.hold()
    held.meeting.title = payload[:200]
    held.meeting.save(update_fields=["title"])
    minutes = h.begun(held)
    h.write(minutes, held.secretary, item_2=payload, opening=f"{payload} a dál", closing=payload)
    client.force_login(held.secretary)

    pages = [client.get(url(held, name)) for name in ("minutes_detail", "editor", "preview")]
    services.send_to_verifiers(h.reloaded(minutes), [held.chair], actor=held.secretary)
    client.force_login(held.chair)
    pages.append(client.get(url(held, "verify")))

    for page in pages:
        assert page.status_code == 200
        text = page.content.decode().lower()
        for live in ("<script>alert", "<img src=x", "<iframe", "<svg/onload", 'href="javascript'):
            assert live not in text
        assert "zly.example.cz/x.png" not in text.replace("&gt;", "").split("<img")[-1][:80]


def test_public_json_is_the_public_layer(client):
    held = h.hold()
    h.frozen(held)

    answer = client.get(url(held, "public_json"))

    assert json.loads(b"".join(answer) if answer.streaming else answer.content)["is_whole"] is False
    assert answer["Content-Disposition"].startswith("attachment")
