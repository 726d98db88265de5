"""Forgetting a person: what was sent to them, where, and what was to be sent (GDPR, art. 17)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kpss.outbox.enums import MessageState
from kpss.outbox.models import MailPreference, Message, MessageAttachment, Notice


@transaction.atomic
def forget(person: Any) -> int:
    """Empty every mail to the person and drop their notices and choices; return how many mails.

    That a mail of some kind was sent at some time stays; waiting ones are cancelled.
    """
    Notice.objects.filter(person=person).delete()
    MailPreference.objects.filter(person=person).delete()
    return _empty(Message.objects.filter(person=person))


@transaction.atomic
def forget_address(email: str, *, kinds: str) -> int:
    """Empty mails to an address that is nobody's account, of kinds beginning so; return how many."""
    mails = Message.objects.filter(person=None, to_email__iexact=email, kind__startswith=kinds)
    return _empty(mails)


def _empty(mails: QuerySet[Message]) -> int:
    emptied = list(mails.values_list("pk", flat=True))
    mails = Message.objects.filter(pk__in=emptied)
    mails.filter(state=MessageState.QUEUED).update(state=MessageState.CANCELLED)
    mails.update(person=None, to_email="", body="")
    MessageAttachment.objects.filter(message__in=emptied).delete()
    return len(emptied)
