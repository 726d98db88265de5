"""Trial H3: five hundred payloads in everything that people write stay text in everything that is made of it."""

import io
import json

import openpyxl
import pikepdf
import pytest
from django.template import Context, Template
from django.test import Client

from kpss.outbox.models import Message
from kpss.outbox.services.delivery import build as letter_of
from tests.payloads.planting import Planter, on_sqlite
from tests.payloads.reading import Reading
from tests.payloads.scene import build, decide
from tests.payloads.texts import COUNT, payload
from tests.payloads.walk import walk

NUMBERS = range(1, COUNT + 1)
EVERY_KIND = {
    "application/atom+xml",
    "application/json",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "message/rfc822",
    "text/calendar",
    "text/css",
    "text/csv",
    "text/html",
}


@pytest.mark.django_db
@pytest.mark.any_engine
@on_sqlite
def test_nothing_that_people_write_becomes_more_than_text():
    planter, reading = Planter(), Reading()
    scene = build()
    planter.plant()
    decide(scene)
    planter.plant()

    pages = sum(_open(person, url, reading) for person, url in walk(scene))
    for message in Message.objects.all():
        data = letter_of(message).message().as_bytes()
        reading.read(data, "message/rfc822", f"mail {message.kind}")

    assert reading.faults == [], "\n".join(reading.faults)
    assert sorted(set(NUMBERS) - reading.seen) == []
    assert reading.kinds == EVERY_KIND
    assert pages > 350
    assert planter.cells > 4 * COUNT


def _open(person, url: str, reading: Reading) -> bool:
    """Read the answer; whether there was anything to read."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    answer = client.get(url)
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    who = f"as {person.email}" if person else "as anybody"
    if answer.status_code >= 500:
        reading.faults.append(f"{url} {who}: {answer.status_code}")
    if answer.status_code != 200 or not data:
        return False
    reading.read(data, answer["Content-Type"], f"{url} {who}")
    return True


# --- The trial is able to fail ---------------------------------------------------------------------------------------


def drawn(source: str, text: str) -> bytes:
    page = f'<!DOCTYPE html><html lang="cs"><title>x</title><h1>x</h1>{source}</html>'
    return Template(page).render(Context({"text": text})).encode()


def test_raw_payloads_would_be_noticed():
    for number in NUMBERS:
        text, raw, escaped = payload(number), Reading(), Reading()
        raw.read(drawn("<p>{{ text|safe }}</p>", text), "text/html", "raw")
        escaped.read(drawn("<p>{{ text }}</p>", text), "text/html", "escaped")

        if "<" in text:  # the others are meant for other places
            assert raw.faults != [], text
        assert (escaped.faults, escaped.seen) == ([], {number})


@pytest.mark.parametrize(
    "source",
    [
        "<p title={{ text }}>x</p>",
        '<p title="{% autoescape off %}{{ text }}{% endautoescape %}">x</p>',
        "<p title='{% autoescape off %}{{ text }}{% endautoescape %}'>x</p>",
        '<script type=\'application/ld+json\'>{"a": "{{ text|safe }}"}</script>',
        "<a href='{{ text }}'>x</a>",
    ],
)
def test_a_place_that_escapes_too_little_would_be_noticed(source):
    reading = Reading()

    for number in NUMBERS:
        text = payload(number).partition("(")[2] if "href" in source else payload(number)
        reading.read(drawn(source, text), "text/html", source)

    assert reading.faults != []


def test_other_kinds_would_be_noticed_too():
    """One thing wrong in each kind of answer."""
    mark = "kpssx001"
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nX-{mark}:1\r\nEND:VCALENDAR\r\n"
    feed = f"<feed><summary type='html'>&lt;b {mark}&gt;</summary></feed>"
    link = f"<feed><link href='javascript:{mark}'/></feed>"
    wrong = {
        ("text/calendar", calendar.encode()),
        ("application/atom+xml", feed.encode()),
        ("application/atom+xml", link.encode()),
        ("application/json", json.dumps({"a": [{mark: 1}]}).encode()),
        ("text/csv", f'a,b\n"=HYPERLINK({mark})",x\n'.encode()),
        ("message/rfc822", f"Subject: x\r\nBcc: {mark}@example.cz\r\n\r\nx".encode()),
        ("application/pdf", paper_that_runs()),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook_that_counts(),
        ),
    }
    for kind, data in wrong:
        reading = Reading()
        reading.read(data, kind, kind)
        assert len(reading.faults) == 1, (kind, reading.faults)


def paper_that_runs() -> bytes:
    pdf, target = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), T="x" * 1_000)
    pdf.save(target)
    return target.getvalue()


def workbook_that_counts() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "=1+1"
    book.save(target)
    return target.getvalue()
