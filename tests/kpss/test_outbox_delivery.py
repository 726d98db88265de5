"""Mails and the mail server: what leaves, what waits, what is given up (trial C7)."""

import datetime
import socket

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from committees.people.models import Person
from kpss import clock
from kpss.links import services as links
from kpss.outbox import services
from kpss.outbox.enums import MessageState
from kpss.outbox.models import Message
from kpss.outbox.services import delivery
from kpss.territory.models import Region
from tests.committees.ballots.crowd import at_once
from tests.factories import PersonFactory
from tests.kpss.mails import IDLE, queue
from tests.smtp import mail_server, speak_smtp

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def server(settings):
    with mail_server() as sink:
        speak_smtp(settings, sink.port)
        yield sink


def nobody_listens(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        speak_smtp(settings, taken.getsockname()[1])


@pytest.mark.django_db
def test_mail_leaves_when_the_transaction_ends(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = queue()
        assert mail.outbox == []

    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert (message.attempts, message.claimed_until, message.last_error) == (1, None, "")
    assert timezone.now() - message.sent_at < MINUTE
    (letter,) = mail.outbox
    assert letter.to == [message.person.email]


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_transaction_that_failed_never_was():
    def told_too_early():
        with transaction.atomic():
            queue()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        told_too_early()

    assert not Message.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db
def test_letter_is_plain_czech_text_from_the_portal_answered_to_the_coordinator(server, settings):
    settings.SITE_URL = "https://portal.example.cz"
    Region.objects.create(
        pk=1,
        short_name="Židlochovicko",
        coordinator_name="Mgr. Eva Dobrá, DiS.",
        coordinator_email="eva@example.cz",
        coordinator_phone="547 428 000",
    )
    message = queue()

    assert services.deliver(message.pk) is True

    (letter,) = server.letters
    assert letter["From"] == settings.DEFAULT_FROM_EMAIL
    assert letter["To"] == message.person.email
    assert "eva@example.cz" in letter["Reply-To"]
    assert letter["Message-ID"] == message.message_id
    assert message.message_id.endswith("@portal.example.cz>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "cs"
    assert letter["Date"]
    assert "List-Unsubscribe" not in letter
    assert letter.get_content_type() == "text/plain"
    text = letter.get_payload(decode=True).decode()
    assert text.splitlines() == [
        "Dobrý den,",
        "",
        "máme pro vás jednu novinku:",
        "",
        "– Komise zasedá v\u00a0úterý.",
        "  https://portal.example.cz/",
        "",
        "--",
        "Mgr.\u00a0Eva Dobrá,\u00a0DiS.",
        "547\u00a0428\u00a0000",
        "eva@example.cz",
        "Židlochovicko\u00a0– portál sociálních služeb",
        "https://portal.example.cz",
    ]


@pytest.mark.django_db
def test_links_are_put_in_only_when_the_mail_leaves(server):
    link = links.issue("zkouska", person=PersonFactory())
    url = links.url_of(link)
    message = queue(link.person, context={"notices": [("Hlasujte", links.placeholder(link))]})

    services.deliver(message.pk)

    assert url in server.letters[0].get_payload(decode=True).decode()
    message.refresh_from_db()
    assert url not in message.body
    assert links.placeholder(link) in message.body


@pytest.mark.django_db
def test_attachments_arrive_as_they_were(server):
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Jednání\r\nEND:VCALENDAR\r\n".encode()
    message = queue(
        attachments=[
            services.Attachment("jednani.ics", "text/calendar; method=REQUEST", calendar),
            services.Attachment("../../pozvánka\r\nX.pdf", "application/pdf", b"%PDF-1.7"),
        ]
    )

    services.deliver(message.pk)

    text, invitation, paper = server.letters[0].get_payload()
    assert text.get_content_type() == "text/plain"
    assert invitation.get_content_type() == "text/calendar"
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_filename() == "jednani.ics"
    assert invitation.get_payload(decode=True).split() == calendar.split()
    assert paper.get_payload(decode=True) == b"%PDF-1.7"
    assert paper.get_filename() == "..-..-pozvánka X.pdf"


@pytest.mark.django_db
def test_mail_waits_for_its_time(server):
    later = timezone.now() + MINUTE
    message = queue(send_after=later)

    assert services.deliver(message.pk) is False
    assert services.deliver_due() == 0
    with clock.at(later):
        assert services.deliver_due() == 1
        assert services.deliver_due() == 0

    assert len(server.letters) == 1


@pytest.mark.django_db
def test_nothing_is_lost_while_the_server_is_away(settings):
    messages = [queue() for _number in range(3)]
    nobody_listens(settings)

    assert services.deliver_due() == 0

    first, *others = Message.objects.order_by("pk")
    assert first.state == MessageState.QUEUED
    assert (first.attempts, first.last_error) == (1, "ConnectionRefusedError")
    assert [other.attempts for other in others] == [0, 0]  # not tried in vain
    with mail_server() as sink, clock.at(timezone.now() + 2 * MINUTE):
        speak_smtp(settings, sink.port)
        assert services.deliver_due() == 3
        assert {letter["Message-ID"] for letter in sink.letters} == {
            message.message_id for message in messages
        }
    assert {m.state for m in Message.objects.all()} == {MessageState.SENT}


@pytest.mark.django_db
def test_attempts_grow_apart_and_end_after_three_days(settings):
    message = queue()
    nobody_listens(settings)
    moment = began = timezone.now()
    pauses = []

    while message.state == MessageState.QUEUED:
        with clock.at(moment):
            assert services.deliver(message.pk) is False
        message.refresh_from_db()
        if message.claimed_until:
            pauses.append((message.claimed_until - moment) / MINUTE)
            with clock.at(message.claimed_until):
                assert services.deliver(message.pk) is False  # not before it
            moment = message.claimed_until + datetime.timedelta(seconds=1)

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256] + [360] * 10
    assert message.state == MessageState.FAILED
    assert message.attempts == 20
    assert message.last_error == "ConnectionRefusedError"
    assert datetime.timedelta(days=2, hours=18) < moment - began < datetime.timedelta(days=3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "state"), [(550, MessageState.FAILED), (451, MessageState.QUEUED)]
)
def test_refused_address_stops_nobody_else(server, code, state):
    refused, accepted = queue(), queue()
    server.refused[refused.to_email] = code

    assert services.deliver_due() == 1

    refused.refresh_from_db()
    accepted.refresh_from_db()
    assert refused.state == state
    assert refused.last_error == f"SMTPRecipientsRefused {code}"  # and not what the server said
    assert accepted.state == MessageState.SENT
    assert [letter["To"] for letter in server.letters] == [accepted.to_email]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["nic", "a@b", "a b@example.cz", "a@example.cz, b@example.cz"])
def test_address_that_is_none_is_given_up_at_once(server, address):
    message = queue(email=address)

    assert services.deliver(message.pk) is False

    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.FAILED, "ValidationError")
    assert server.letters == []


@pytest.mark.django_db
def test_mail_to_an_account_closed_meanwhile_is_cancelled(server):
    message = queue()
    Person.objects.filter(pk=message.person.pk).update(is_active=False)

    assert services.deliver(message.pk) is False

    message.refresh_from_db()
    assert message.state == MessageState.CANCELLED
    assert server.letters == []


@pytest.mark.django_db
def test_reminder_to_who_unsubscribed_meanwhile_is_cancelled(server):
    reminder = queue(is_reminder=True)
    urgent = queue(reminder.person)
    services.stop_daily(reminder.person)

    assert services.deliver_due() == 1

    reminder.refresh_from_db()
    urgent.refresh_from_db()
    assert (reminder.state, urgent.state) == (MessageState.CANCELLED, MessageState.SENT)


@pytest.mark.django_db
def test_mail_held_by_a_worker_is_left_to_it_until_its_claim_runs_out(server):
    message = queue()
    now = timezone.now()
    Message.objects.update(claimed_until=now + delivery.LEASE)

    assert services.deliver(message.pk) is False
    assert services.deliver_due() == 0
    with clock.at(now + delivery.LEASE + MINUTE):
        assert services.deliver_due() == 1


@pytest.mark.django_db
def test_second_mark_of_a_mail_sent_twice_changes_nothing(server):
    """Two workers have it when the claim of the first ran out while it talked to a slow server."""
    message = queue()
    slow = delivery._claim(message.pk)
    with clock.at(timezone.now() + delivery.LEASE + MINUTE):
        services.deliver(message.pk)
    sent = Message.objects.values().get()

    delivery._settle(slow, state=MessageState.FAILED, attempts=9)
    delivery._settle(slow, state=MessageState.SENT, sent_at=timezone.now())

    assert Message.objects.values().get() == sent


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_delivery_asks_the_same_for_each_mail(count, server, django_assert_num_queries):
    for _number in range(count):
        queue()

    # what is due; of each mail: claim, mail with person, region, attachments, mark
    with django_assert_num_queries(1 + 5 * count):
        assert services.deliver_due() == count


# --- Many workers at once --------------------------------------------------------------------------------------------


def deliver_from_many_processes(settings, sink):
    """Twenty mails, five workers, each wanting all of them; returns the Message-IDs in their order."""
    settings.TASKS = IDLE
    speak_smtp(settings, sink.port)
    for _number in range(20):
        queue()
    at_once([services.deliver_due] * 5)
    return sorted(letter["Message-ID"] for letter in sink.letters)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_mail_once(settings):
    with mail_server() as sink:
        sent = deliver_from_many_processes(settings, sink)

    assert sent == sorted(Message.objects.values_list("message_id", flat=True))
    assert {m.state for m in Message.objects.all()} == {MessageState.SENT}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_would_send_it_again_and_again_without_the_claim(settings, monkeypatch):
    monkeypatch.setattr(delivery, "_claim", lambda pk: Message.objects.get(pk=pk))

    with mail_server() as sink:
        sent = deliver_from_many_processes(settings, sink)

    assert len(sent) > 20
