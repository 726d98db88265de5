"""Atom documents (RFC 4287): from entries to bytes, the same entries to the same bytes."""

import datetime
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
LANGUAGE = "cs"
# A feed in which nothing has happened yet has to say some time of its last change.
NEVER = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Entry:
    """One thing that happened: ``url`` is its permanent address and its id, ``summary`` safe HTML."""

    url: str
    title: str
    summary: SafeString
    category: str
    at: datetime.datetime
    updated_at: datetime.datetime


class Feed(Atom1Feed):
    """Django's Atom without signs that XML cannot carry; an empty one is always as old.

    Readers take descriptions for HTML: plain text has to be escaped before.
    """

    def __init__(self, title, *args, **more):
        super().__init__(printable(title), *args, **more)

    def add_item_elements(self, handler, item):
        texts = {name: printable(item[name]) for name in ("title", "description")}
        super().add_item_elements(handler, item | texts)

    def latest_post_date(self):
        dates = [item["updateddate"] or item["pubdate"] for item in self.items]
        return max((date for date in dates if date), default=NEVER)


def render(
    *,
    title: str,
    subtitle: str,
    id: str,
    page: str,
    entries: Iterable[Entry],
    url: str | None = None,
) -> bytes:
    """Return the document; ``page`` is its page for people, ``url`` its own address when it may stand there."""
    feed = Feed(title, page, "", subtitle=subtitle, language=LANGUAGE, feed_url=url, feed_guid=id)
    for entry in entries:
        feed.add_item(
            entry.title,
            entry.url,
            entry.summary,
            unique_id=entry.url,
            pubdate=entry.at,
            updateddate=entry.updated_at,
            categories=[entry.category],
            author_name=printable(title),
        )
    target = io.BytesIO()
    feed.write(target, "utf-8")
    return target.getvalue()


def printable(text: str) -> str:
    """The text with a space in place of each sign that XML refuses or that breaks lines unseen."""
    return "".join(
        " " if sign != "\n" and unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign
        for sign in text
    )
