"""Forgetting a person: what was sent to them, where, and what was to be sent (GDPR, art. 17)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kpss.outbox.enums import MessageState
from kpss.outbox.models import MailPreference, Message, MessageAttachment, Notice


@transaction.atomic
def forget(person: Any) -> int:
    """Empty every mail to the person and drop their notices and choices; return how many mails.

    That a mail of some kind was sent at some time stays; waiting ones are cancelled.
    """
    mails = Message.objects.filter(person=person)
    mails.filter(state=MessageState.QUEUED).update(state=MessageState.CANCELLED)
    emptied = list(mails.values_list("pk", flat=True))
    Notice.objects.filter(person=person).delete()
    MailPreference.objects.filter(person=person).delete()
    mails.update(person=None, to_email="", body="")
    MessageAttachment.objects.filter(message__in=emptied).delete()
    return len(emptied)
