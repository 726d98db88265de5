"""Queueing, taking back, sending again; a mail that was sent never changes."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from committees.people.models import Person
from kpss import clock
from kpss.outbox import services
from kpss.outbox.enums import MessageState
from kpss.outbox.models import (
    ATTACHMENT_MAX_BYTES,
    MailPreference,
    Message,
    MessageAttachment,
    Notice,
)
from kpss.workflow import TransitionRefused
from tests.factories import PersonFactory
from tests.kpss.mails import IDLE, queue

HOUR = datetime.timedelta(hours=1)


def sent(**values):
    """A mail that has gone, with an attachment."""
    message = queue(attachments=[services.Attachment("a.txt", "text/plain", b"a")], **values)
    assert services.deliver(message.pk)
    message.refresh_from_db()
    return message


# --- Queueing --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_same_key_gives_the_same_mail_as_it_was():
    first = queue(key="pozvanka:1", subject="Pozvánka")

    again = queue(first.person, key="pozvanka:1", subject="Jiná pozvánka")

    assert again == first
    assert Message.objects.get().subject == "Pozvánka"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_same_key_at_once_makes_one_mail(settings):
    settings.TASKS = IDLE
    person = PersonFactory()
    start = threading.Barrier(8)
    made = []

    def send():
        try:
            start.wait(timeout=20)
            made.append(queue(person, key="pozvanka:1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert made == [Message.objects.get().pk] * 8


@pytest.mark.django_db
def test_mail_goes_to_the_address_that_is_given_or_to_the_persons_own():
    person = PersonFactory(email="jana@example.cz")

    assert queue(person).to_email == "jana@example.cz"
    assert queue(person, email="urad@example.cz").to_email == "urad@example.cz"
    stranger = queue(email="kdosi@example.cz")
    assert (stranger.to_email, stranger.person) == ("kdosi@example.cz", None)


@pytest.mark.django_db
def test_nobody_is_written_to_without_an_address_or_with_a_closed_account():
    assert queue(PersonFactory(email=None)) is None
    assert queue(PersonFactory(is_active=False)) is None
    assert queue(PersonFactory(is_active=False), email="urad@example.cz") is None
    assert queue(email="") is None
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_reminder_is_not_written_to_who_stopped_them():
    person = PersonFactory()
    services.stop_daily(person)

    assert queue(person, is_reminder=True) is None
    assert queue(person).is_urgent
    services.start_daily(person)
    reminder = queue(person, is_reminder=True)
    assert not reminder.is_urgent
    assert "⟦odkaz:" in reminder.body


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 201])
def test_key_is_asked_for_and_fits(key):
    with pytest.raises(ValueError, match="key"):
        queue(key=key)


def test_attachment_is_small_and_has_a_type():
    services.Attachment("a", "text/calendar; method=REQUEST; charset=utf-8", b"")
    services.Attachment("a", "application/pdf", b"a" * ATTACHMENT_MAX_BYTES)

    with pytest.raises(ValueError, match="bytes"):
        services.Attachment("a", "application/pdf", b"a" * (ATTACHMENT_MAX_BYTES + 1))
    for wrong in ("text", "text/plain\r\nX: 1", "text/plain; a=b\n", ""):
        with pytest.raises(ValueError, match="type"):
            services.Attachment("a", wrong, b"")


@pytest.mark.django_db
def test_database_refuses_a_large_attachment():
    message = queue()

    with pytest.raises(IntegrityError), transaction.atomic():
        MessageAttachment.objects.create(
            message=message,
            name="a",
            content_type="text/plain",
            content=b"a" * (ATTACHMENT_MAX_BYTES + 1),
        )


@pytest.mark.django_db
def test_mail_of_a_retold_past_went_when_it_happened():
    moment = datetime.datetime(2020, 11, 12, 9, tzinfo=datetime.UTC)

    with clock.at(moment):
        message = queue(attachments=[services.Attachment("a.txt", "text/plain", b"a")])
        assert services.tell(message.person, kind="x", text="Nic", url="/", key="x") is None

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.SENT, moment)
    assert message.attachments.count() == 1
    assert services.deliver_due() == 0


@pytest.mark.django_db
def test_waiting_mail_is_taken_back_and_a_sent_one_is_not():
    later = queue(key="pripomenuti:1", send_after=timezone.now() + HOUR)
    gone = sent(key="pozvanka:1")

    assert services.cancel("pripomenuti:1") is True
    assert services.cancel("pripomenuti:1") is False
    assert services.cancel("pozvanka:1") is False
    assert services.cancel("neni") is False

    later.refresh_from_db()
    gone.refresh_from_db()
    assert (later.state, gone.state) == (MessageState.CANCELLED, MessageState.SENT)
    with clock.at(timezone.now() + 2 * HOUR):
        assert services.deliver_due() == 0


# --- Sending again ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_resend_makes_a_fresh_mail_to_the_present_address(mailoutbox):
    actor = PersonFactory(superuser=True)
    original = sent()
    before = Message.objects.filter(pk=original.pk).values().get()
    Person.objects.filter(pk=original.person.pk).update(email="nova@example.cz")
    original.person.refresh_from_db()

    copy = services.resend(original, actor=actor)
    again = services.resend(original, actor=actor)

    assert again == copy
    assert (copy.original, copy.resent_by, copy.to_email) == (original, actor, "nova@example.cz")
    assert (copy.subject, copy.body) == (original.subject, original.body)
    assert copy.message_id != original.message_id
    assert services.deliver(copy.pk)
    assert [len(letter.attachments) for letter in mailoutbox] == [1, 1]
    assert Message.objects.filter(pk=original.pk).values().get() == before
    assert services.resend(original, actor=actor) not in (original, copy)


@pytest.mark.django_db
def test_resend_is_refused_without_the_right_or_sense():
    actor, waiting, gone = PersonFactory(superuser=True), queue(), sent()

    with pytest.raises(PermissionDenied):
        services.resend(gone, actor=PersonFactory(coordinator=True))
    with pytest.raises(TransitionRefused, match="čeká"):
        services.resend(waiting, actor=actor)
    Person.objects.filter(pk=gone.person.pk).update(is_active=False)
    gone.person.refresh_from_db()
    with pytest.raises(TransitionRefused, match="nelze nic poslat"):
        services.resend(gone, actor=actor)

    assert Message.objects.count() == 2


# --- A sent mail -----------------------------------------------------------------------------------------------------

CHANGES = [
    {"subject": "jiný"},
    {"body": "jiný"},
    {"body": ""},
    {"to_email": "jiny@example.cz"},
    {"person": None},
    {"state": "queued", "sent_at": None},
    {"state": "failed", "sent_at": None},
    {"sent_at": timezone.now()},
    {"message_id": "<jine@example.cz>"},
    {"claimed_until": timezone.now()},
    {"attempts": 7},
    {"last_error": "nic"},
    {"dedup_key": None},
    {"kind": "jiny"},
    {"is_urgent": False},
    {"person": None, "to_email": "", "body": "", "subject": "jiný"},
]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_sent_mail_never_changes(change):
    message = sent()
    waiting = queue()

    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)

    Message.objects.filter(pk=waiting.pk).update(
        **{k: v for k, v in change.items() if k != "sent_at"}
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM outbox_messageattachment",
        "DELETE FROM outbox_message",
        "UPDATE outbox_message SET subject = 'jiny'",
        "UPDATE outbox_messageattachment SET content = NULL",
        "UPDATE outbox_messageattachment SET name = 'jiny'",
        "INSERT INTO outbox_messageattachment (message_id, name, content_type, content)"
        " SELECT id, 'b', 'text/plain', '' FROM outbox_message",
    ],
)
def test_sent_mail_and_its_attachments_resist_sql(statement):
    sent()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert MessageAttachment.objects.count() == 1


@pytest.mark.django_db
def test_sent_mail_is_dated_and_nothing_else_is():
    message = queue()

    for wrong in ({"sent_at": timezone.now()}, {"state": MessageState.SENT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**wrong)


@pytest.mark.django_db
def test_forgetting_empties_mails_and_keeps_that_they_went():
    message = sent(subject="Pozvánka na jednání")
    person, other = message.person, queue()
    waiting = queue(person)
    services.tell(person, kind="x", text="Něco", url="/", key="x")
    services.stop_daily(person)

    assert services.forget(person) == 2

    message.refresh_from_db()
    waiting.refresh_from_db()
    assert (message.person, message.to_email, message.body) == (None, "", "")
    assert (message.state, message.subject) == (MessageState.SENT, "Pozvánka na jednání")
    assert waiting.state == MessageState.CANCELLED
    assert not message.attachments.exists()
    assert not Notice.objects.exists()
    assert not MailPreference.objects.exists()
    other.refresh_from_db()
    assert other.body
    with pytest.raises(TransitionRefused):
        services.resend(message, actor=PersonFactory(superuser=True))


@pytest.mark.django_db
def test_forgetting_an_address_takes_the_given_kinds_only():
    asked = queue(email="kdosi@example.cz", kind="zajem-prijat")
    other = queue(email="kdosi@example.cz", kind="jine")
    of_person = queue(PersonFactory(email="jana@example.cz"), kind="zajem-prijat")

    assert services.forget_address("Kdosi@example.cz", kinds="zajem") == 1
    assert services.forget_address("jana@example.cz", kinds="zajem") == 0

    kept = dict(Message.objects.values_list("pk", "to_email"))
    assert kept == {asked.pk: "", other.pk: "kdosi@example.cz", of_person.pk: "jana@example.cz"}
