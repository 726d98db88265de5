"""Putting mails into the queue, taking them back, sending them again."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kpss import clock
from kpss.links import services as links
from kpss.outbox import letters
from kpss.outbox.enums import MessageState
from kpss.outbox.models import ATTACHMENT_MAX_BYTES, Message, MessageAttachment
from kpss.workflow import TransitionRefused

from .delivery import deliver_task
from .preferences import unsubscribe_link, wants_daily

_CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[\w.-]+)*", re.IGNORECASE)
_KEY_MAX_LENGTH = 200


@dataclass(frozen=True)
class Attachment:
    """A small file for a mail: ``Attachment("jednani.ics", "text/calendar; method=REQUEST", data)``.

    Raise ValueError when it has over 200 kB or its type is not a type of content.
    """

    name: str
    content_type: str
    content: bytes

    def __post_init__(self):
        if len(self.content) > ATTACHMENT_MAX_BYTES:
            raise ValueError(f"The attachment has over {ATTACHMENT_MAX_BYTES} bytes.")
        if not _CONTENT_TYPE.fullmatch(self.content_type):
            raise ValueError(f"Not a type of content: {self.content_type!r}")

    @property
    def safe_name(self) -> str:
        """The name of the file without folders and without what would break a header."""
        return re.sub(r'[/\\:"]', "-", letters.one_line(self.name, 100)) or "priloha"


def send(
    *,
    person: Any = None,
    email: str = "",
    kind: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    attachments: Iterable[Attachment] = (),
    key: str,
    send_after: datetime.datetime | None = None,
    is_reminder: bool = False,
) -> Message | None:
    """Queue one mail in the caller's transaction; it leaves after the commit, or after ``send_after``.

    ``email`` goes before the person's own. ``subject`` is in Czech and names nobody; ``template`` is
    under ``templates/`` and extends ``mail/base.txt``; personal links stand in ``context`` as
    ``links.placeholder(link)``. The same ``key`` gives the mail that is already there. None when
    there is no address, the account is closed, or a reminder would go to who has stopped them.
    """
    if is_reminder and person is not None and not wants_daily(person):
        return None
    message, _is_new = put(
        person=person,
        email=email,
        kind=kind,
        subject=subject,
        template=template,
        context=context,
        attachments=attachments,
        key=key,
        send_after=send_after,
        is_urgent=not is_reminder,
    )
    return message


def put(
    *,
    person: Any,
    email: str = "",
    kind: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    attachments: Iterable[Attachment] = (),
    key: str,
    send_after: datetime.datetime | None = None,
    is_urgent: bool,
) -> tuple[Message | None, bool]:
    """Write the mail as ``send`` does; return it and whether it is new."""
    if not key or len(key) > _KEY_MAX_LENGTH:
        raise ValueError(f"The key has 1 to {_KEY_MAX_LENGTH} characters.")
    address = address_of(person, email)
    if not address:
        return None, False
    if standing := Message.objects.filter(dedup_key=key).first():
        return standing, False
    if person is not None and not is_urgent:
        context = {**context, "unsubscribe": links.placeholder(unsubscribe_link(person))}
    message = Message(
        person=person,
        to_email=address,
        kind=kind,
        subject=letters.one_line(subject),
        body=letters.write(template, context),
        is_urgent=is_urgent,
        send_after=send_after or clock.now(),
        dedup_key=key,
    )
    if clock.is_retold():  # the mail went when it happened
        message.state, message.sent_at = MessageState.SENT, message.created_at
    return _save(message, attachments)


def address_of(person: Any, email: str = "") -> str:
    """Where a mail for the person goes; nothing when the account is closed or has no e-mail."""
    if person is not None and not person.is_active:
        return ""
    return letters.one_line(email or getattr(person, "email", None) or "", 254)


def _save(message: Message, attachments: Iterable[Attachment]) -> tuple[Message, bool]:
    """Store the new mail and have it sent; the one with its key when somebody was quicker."""
    try:
        with transaction.atomic():
            # Attachments of a sent mail are frozen, so a retold one is sent after it has them.
            state, sent_at = message.state, message.sent_at
            message.state, message.sent_at = MessageState.QUEUED, None
            message.save(force_insert=True)
            MessageAttachment.objects.bulk_create(
                MessageAttachment(
                    message=message,
                    name=attachment.safe_name,
                    content_type=attachment.content_type,
                    content=attachment.content,
                )
                for attachment in attachments
            )
            if state == MessageState.SENT:
                message.state, message.sent_at = state, sent_at
                message.save(update_fields=["state", "sent_at"])
    except IntegrityError:
        if standing := Message.objects.filter(dedup_key=message.dedup_key).first():
            return standing, False
        raise
    if message.state == MessageState.QUEUED and message.send_after <= clock.now():
        # What is not handed over for any reason is found by ``deliver_due``.
        transaction.on_commit(partial(deliver_task.enqueue, message.pk), robust=True)
    return message, True


def cancel(key: str) -> bool:
    """Take back the mail with that key; False when it has gone, failed or never was."""
    waiting = Message.objects.filter(dedup_key=key, state=MessageState.QUEUED)
    return bool(waiting.update(state=MessageState.CANCELLED))


@transaction.atomic
def resend(message: Message, *, actor: Any) -> Message:
    """Queue the same mail once more, to the person's present address; return the new row.

    Raise PermissionDenied, or TransitionRefused with a sentence when the mail is still waiting or
    has nowhere to go. A second click gives the row of the first.
    """
    if not actor.has_perm("outbox.resend_message"):
        raise PermissionDenied
    if message.state == MessageState.QUEUED:
        raise TransitionRefused(_t("This mail is still waiting to be sent."))
    address = address_of(message.person, "" if message.person_id else message.to_email)
    if not address:
        raise TransitionRefused(
            _t("This person has no e-mail or may not sign in, so nothing can be sent to them.")
        )
    copies = list(message.copies.order_by("pk"))
    for copy in copies:
        if copy.state == MessageState.QUEUED:
            return copy
    copy = Message(
        person=message.person,
        to_email=address,
        kind=message.kind,
        subject=message.subject,
        body=message.body,
        is_urgent=message.is_urgent,
        dedup_key=f"resend:{message.pk}:{len(copies) + 1}",
        original=message,
        resent_by=actor,
    )
    attachments = [
        Attachment(kept.name, kept.content_type, bytes(kept.content))
        for kept in message.attachments.all()
    ]
    return _save(copy, attachments)[0]
