"""How mails are written, and that nothing breaks their headers (trial H6)."""

import email
import email.policy
import itertools

import pytest
from django.utils.translation import override

from kpss.links import services as links
from kpss.outbox import letters, services
from kpss.outbox.enums import MessageState
from kpss.outbox.models import Message
from kpss.outbox.services.delivery import build
from kpss.territory.models import Region
from tests.factories import PersonFactory
from tests.kpss.mails import queue

BREAKS = [
    "\r\n", "\n", "\r", "\n\r", "\r\n ", "\n\t", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85",
    "\u2028", "\u2029", "\0", "\ud800\n", "%0d%0a", "\\r\\n", "=?utf-8?q?=0D=0A?=", "=?utf-8?b?DQo=?=",
]  # fmt: skip
INJECTIONS = [
    "Bcc: zlodej@example.com",
    "To: zlodej@example.com",
    "From: starosta@example.com",
    "Reply-To: zlodej@example.com",
    "Subject: jiny",
    "Message-ID: <jine@example.com>",
    "Content-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "List-Unsubscribe: <https://zly.example.com/>",
    "X-Zly: 1\r\nX-Horsi: 2",
    "\r\n\r\nTelo dopisu",
]
PAYLOADS = [f"{brk}{injection}" for brk, injection in itertools.product(BREAKS, INJECTIONS)]


def as_read(message):
    """The mail as the program of its reader takes it apart."""
    return email.message_from_bytes(
        build(message).message().as_bytes(), policy=email.policy.default
    )


def names(part):
    return [name for name, _value in part.items()]


@pytest.mark.django_db
def test_two_hundred_payloads_add_no_header():
    assert len(PAYLOADS) == 200
    person = PersonFactory()
    region = Region.objects.create(
        pk=1, coordinator_name="Eva Dobrá", coordinator_email="eva@example.cz"
    )
    clean = as_read(queue(person, attachments=[services.Attachment("a.ics", "text/calendar", b"")]))
    expected = names(clean)

    for payload in PAYLOADS:
        Region.objects.filter(pk=region.pk).update(
            coordinator_name=f"Eva{payload}".replace("\0", "\x01").replace("\ud800", "\x02")
        )
        attachment = services.Attachment(f"a.ics{payload}", "text/calendar", b"")
        message = queue(person, subject=f"Pozvánka{payload}", attachments=[attachment])
        letter = as_read(message)

        assert names(letter) == expected
        assert letter.get_content_type() == "multipart/mixed"
        text, file = letter.get_payload()
        for part, clean_part in zip((text, file), clean.get_payload(), strict=True):
            assert names(part) == names(clean_part)
        for shown in (letter["Subject"], letter["Reply-To"], file.get_filename()):
            assert not set(shown) & set("\r\n\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        assert letter["Subject"].strip().startswith("Pozvánka")
        assert [address.addr_spec for address in letter["Reply-To"].addresses] == ["eva@example.cz"]
        assert letter["To"] == person.email
        assert build(message).recipients() == [person.email]


@pytest.mark.django_db
def test_two_hundred_payloads_in_the_address_reach_nobody():
    for payload in PAYLOADS:
        message = queue(email=f"jana@example.cz{payload}")

        assert services.deliver(message.pk) is False

    assert {m.state for m in Message.objects.all()} == {MessageState.FAILED}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Pozvánka\u00a0na \t jednání ", "Pozvánka na jednání"),
        ("Poz\u00advánka\u200b", "Pozvánka"),
        ("jedna\u202edruhá", "jednadruhá"),
        ("", ""),
        ("a" * 201, "a" * 199 + "…"),
        (123, "123"),
    ],
)
def test_one_line(text, line):
    assert letters.one_line(text) == line


def test_wrap_breaks_at_spaces_and_keeps_items_and_addresses_whole():
    address = "https://portal.example.cz/" + "a" * 80 + "-b"
    text = (
        "Vážení, " + "slovo " * 14 + "a\u00a0konec.\n\n\n\n– " + "bod " * 20 + "\n"
        f"  {address}\n1. " + "první " * 14 + "\n\n"
    )

    lines = letters.wrap(text).splitlines()

    assert all(len(line) <= 72 for line in lines if "https" not in line)
    assert "\u00a0".join(["a", "konec."]) in letters.wrap(text)
    assert lines.count("") == 1
    assert f"  {address}" in lines
    assert [line[:3] for line in lines if line and line[0] in "– 1"] == [
        "– b", "  b", "  h", "1. ", "   "
    ]  # fmt: skip


@pytest.mark.django_db
def test_values_are_neither_escaped_nor_run():
    person = PersonFactory()
    hostile = "<b>Komise & {{ region.pk }} {% now 'Y' %}</b> \"O'Neil\""

    message = queue(person, context={"notices": [(hostile, "https://portal.example.cz/?a=1&b=2")]})

    assert "<b>Komise & {{ region.pk }} {% now" in message.body
    assert "O’Neil" in message.body
    assert "https://portal.example.cz/?a=1&b=2" in message.body


@pytest.mark.django_db
def test_letter_is_czech_whatever_language_the_writer_reads():
    with override("en"):
        message = queue()

    assert message.body.startswith("Dobrý den,")


@pytest.mark.django_db
def test_placeholder_survives_typography():
    person = PersonFactory()
    for number in range(50):
        link = links.issue(f"zkouska-{number}", person=person)
        message = queue(person, context={"notices": [("Zde", links.placeholder(link))]})

        assert links.placeholder(link) in message.body
