"""Handing mails over to the mail server: at least once, and twice only under the same Message-ID.

A worker claims a mail by compare-and-set until a moment (``claimed_until``), talks to the server outside
of any transaction and then writes down what came of it. When it dies in between, the claim runs out and
another worker sends the mail again; its Message-ID is the same, so the reader's program shows it once.
"""

from __future__ import annotations

import datetime
import enum
import logging
import smtplib
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django_tasks import task

from kpss import clock
from kpss.links import services as links
from kpss.outbox import letters
from kpss.outbox.enums import MessageState
from kpss.outbox.models import Message
from kpss.territory.models import Region

from .preferences import unsubscribe_link, wants_daily

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=5)  # the longest talk with a server, several times over
FIRST_RETRY = datetime.timedelta(minutes=1)
LONGEST_RETRY = datetime.timedelta(hours=6)
GIVE_UP_AFTER = 20  # attempts: with these pauses in three days

# The server has looked at this mail and refused it; it will take others.
_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class Outcome(enum.Enum):
    SENT = enum.auto()
    NOT_SENT = enum.auto()
    SERVER_AWAY = enum.auto()


def deliver(message_pk: int) -> bool:
    """Send the mail when it is due and nobody else is sending it; whether it has been sent now."""
    return _deliver(message_pk, mail.get_connection()) is Outcome.SENT


@task()
def deliver_task(message_pk: int) -> bool:
    """``deliver`` as work in the background; safe to run again."""
    return deliver(message_pk)


def deliver_due(limit: int = 100) -> int:
    """Send up to ``limit`` mails that are due, the longest waiting first; return how many were sent.

    When the server does not answer, the rest is left for the next time.
    """
    due = list(Message.objects.due().values_list("pk", flat=True)[:limit])
    if not due:
        return 0
    sent = 0
    connection = mail.get_connection()
    try:
        for pk in due:
            outcome = _deliver(pk, connection)
            sent += outcome is Outcome.SENT
            if outcome is Outcome.SERVER_AWAY:
                break
    finally:
        _close(connection)
    return sent


def _deliver(message_pk: int, connection: BaseEmailBackend) -> Outcome:
    message = _claim(message_pk)
    if message is None:
        return Outcome.NOT_SENT
    if not _is_wanted(message):
        _settle(message, state=MessageState.CANCELLED)
        return Outcome.NOT_SENT
    attempts = message.attempts + 1
    try:
        build(message, connection).send()
    except (ValueError, ValidationError) as error:  # cannot be put on paper, now or ever
        _fail(message, attempts, error)
        return Outcome.NOT_SENT
    except OSError as error:  # as all failures of smtplib are
        _close(connection)
        if attempts >= GIVE_UP_AFTER or _is_final(error):
            _fail(message, attempts, error)
        else:
            pause = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
            _settle(
                message,
                attempts=attempts,
                last_error=_in_short(error),
                claimed_until=clock.now() + pause,
            )
            logger.warning("Mail %s waits for %s: %s", message.pk, pause, _in_short(error))
        return Outcome.NOT_SENT if isinstance(error, _REFUSALS) else Outcome.SERVER_AWAY
    _settle(message, state=MessageState.SENT, sent_at=clock.now(), attempts=attempts, last_error="")
    return Outcome.SENT


def _claim(message_pk: int) -> Message | None:
    """The mail, held for ourselves; None when it is not due or somebody else holds it."""
    now = clock.now()
    if not Message.objects.due(now).filter(pk=message_pk).update(claimed_until=now + LEASE):
        return None
    return Message.objects.select_related("person").get(pk=message_pk)


def _is_wanted(message: Message) -> bool:
    """Whether the mail may still go: accounts get closed and people unsubscribe while it waits."""
    if message.person is None:
        return True
    return message.person.is_active and (message.is_urgent or wants_daily(message.person))


def _settle(message: Message, **changes: Any) -> None:
    """Write down what came of it, unless another worker has already said that it was sent."""
    waiting = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
    waiting.update(**{"claimed_until": None, **changes})


def _fail(message: Message, attempts: int, error: Exception) -> None:
    reason = _in_short(error)
    _settle(message, state=MessageState.FAILED, attempts=attempts, last_error=reason)
    logger.error("Mail %s was not delivered: %s", message.pk, reason)


def _is_final(error: Exception) -> bool:
    """Whether the server said that this address will never take mail (RFC 5321: 5yz)."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _reason in error.recipients.values()
    )


def _in_short(error: Exception) -> str:
    """The failure without what the server said: that tends to name people."""
    codes: set[int] = set()
    if isinstance(error, smtplib.SMTPResponseException):
        codes = {error.smtp_code}
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _reason in error.recipients.values()}
    return " ".join([type(error).__name__, *map(str, sorted(codes))])


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError:
        logger.info("The mail server did not say goodbye")


def build(message: Message, connection: BaseEmailBackend | None = None) -> mail.EmailMessage:
    """The mail as it leaves: links in their places, headers of one line each.

    Raise ValidationError when the address is none.
    """
    validate_email(message.to_email)
    headers = {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": letters.LANGUAGE,
    }
    if message.person is not None and not message.is_urgent:
        headers["List-Unsubscribe"] = f"<{links.url_of(unsubscribe_link(message.person))}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = mail.EmailMessage(
        letters.one_line(message.subject),
        links.fill(message.body, message.person),
        settings.DEFAULT_FROM_EMAIL,
        [message.to_email],
        reply_to=_reply_to(),
        headers=headers,
        connection=connection,
    )
    for attachment in message.attachments.all():
        letter.attach(attachment.name, bytes(attachment.content), attachment.content_type)
    return letter


def _reply_to() -> list[str]:
    """The coordinator, when she has an e-mail: people answer mails whoever signed them."""
    region = Region.load()
    try:
        validate_email(region.coordinator_email)
    except ValidationError:
        return []
    return [formataddr((letters.one_line(region.coordinator_name), region.coordinator_email))]
