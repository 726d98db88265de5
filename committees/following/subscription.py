"""The private address of a member's calendar and feed: made when asked for, closed at once when not wanted."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from committees.people.models import Person
from kpss.links import services as links
from kpss.links.models import PersonalLink

# What such links are for; the paths which follow the token.
PURPOSE = "kalendar"
CALENDAR, FEED = "kalendar.ics", "novinky.atom"


@dataclass(frozen=True)
class Subscription:
    """The addresses as the member copies them. ``key`` tells one address from the one before it."""

    key: uuid.UUID
    calendar_url: str
    feed_url: str

    @property
    def webcal_url(self) -> str:
        """The same calendar in an address that phones and computers offer to their calendars."""
        return as_webcal(self.calendar_url)


def as_webcal(url: str) -> str:
    """The address of a calendar with the scheme by which devices subscribe to it."""
    return f"webcal:{url.partition(':')[2]}"


def subscription_of(person: Person) -> Subscription | None:
    """The person's addresses; None when there are none. One query."""
    link = PersonalLink.objects.valid().filter(purpose=PURPOSE, person=person).first()
    if link is None:
        return None
    url = links.url_of(link)
    return Subscription(link.key, url + CALENDAR, url + FEED)


@transaction.atomic
def renew(person: Person, *, instead_of: uuid.UUID | None = None) -> PersonalLink:
    """Make the person's address; that of the key ``instead_of`` stops working at once.

    Asked twice to replace the same address, it makes one new address.
    """
    cancel(person, instead_of)
    return links.issue(PURPOSE, person=person)


def cancel(person: Person, key: uuid.UUID | None) -> None:
    """Close the person's address of that key; one that is closed or is not theirs stays as it is."""
    for link in PersonalLink.objects.standing().filter(purpose=PURPOSE, person=person, key=key):
        links.revoke(link)
