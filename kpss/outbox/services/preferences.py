"""Who does not want the daily mail and reminders."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kpss import clock
from kpss.links import services as links
from kpss.links.models import PersonalLink
from kpss.outbox.models import MailPreference, Notice

# The link in every mail from which one may unsubscribe.
UNSUBSCRIBE = "odhlasit"


def wants_daily(person: Any) -> bool:
    """Whether the person gets the daily mail and reminders; everybody does until they stop them."""
    return not MailPreference.objects.filter(person=person, daily_off_at__isnull=False).exists()


@transaction.atomic
def stop_daily(person: Any) -> None:
    """Stop the daily mail and reminders to the person; what was waiting for it is dropped."""
    choice, _made = MailPreference.objects.get_or_create(person=person)
    MailPreference.objects.filter(pk=choice.pk, daily_off_at=None).update(daily_off_at=clock.now())
    Notice.objects.waiting().filter(person=person).delete()


def start_daily(person: Any) -> None:
    """Send the daily mail and reminders again, with what happens from now on."""
    MailPreference.objects.filter(person=person).update(daily_off_at=None)


def unsubscribe_link(person: Any) -> PersonalLink:
    """The link by which the person stops the daily mail and reminders."""
    return links.issue(UNSUBSCRIBE, person=person)
