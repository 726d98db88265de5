"""What the components of the design system ask Python for: marks of states, signs for people, error summaries."""

from typing import NamedTuple

from django import forms, template
from django.utils.html import format_html

from kpss.forms import ErrorLink
from kpss.forms import error_links as gather_error_links

register = template.Library()


class Mark(NamedTuple):
    """How a state looks beside its word: a shape that survives grey printing, and a tone."""

    shape: str
    tone: str


UNKNOWN = Mark("ring", "quiet")

# ● full: done or in force, ◐ half: under way, ○ ring: before the start, ✕ cross: refused, ⏸ pause: put aside.
MARKS = {
    # versions of plans and documents
    "draft": Mark("ring", "quiet"),
    "internal_comments": Mark("half", "now"),
    "public_comments": Mark("half", "now"),
    "settling": Mark("half", "action"),
    "in_review": Mark("half", "action"),
    "in_approval": Mark("half", "action"),
    "sealing": Mark("half", "action"),
    "body_approved": Mark("half", "action"),
    "council_recommended": Mark("half", "action"),
    "assembly_approved": Mark("full", "good"),
    "approved": Mark("full", "good"),
    "published": Mark("full", "good"),
    "extended": Mark("full", "good"),
    "superseded": Mark("pause", "quiet"),
    "returned": Mark("cross", "bad"),
    "withdrawn": Mark("cross", "quiet"),
    "discarded": Mark("cross", "quiet"),
    # tasks of a plan
    "planned": Mark("ring", "quiet"),
    "preparing": Mark("ring", "quiet"),
    "in_progress": Mark("half", "now"),
    "ongoing": Mark("full", "good"),
    "fulfilled": Mark("full", "good"),
    "partly": Mark("half", "now"),
    "not_fulfilled": Mark("cross", "bad"),
    "postponed": Mark("pause", "now"),
    "cancelled": Mark("cross", "quiet"),
    # people who want to take part, nominations
    "new": Mark("half", "now"),
    "thanked": Mark("pause", "quiet"),
    "nominated": Mark("half", "action"),
    "proposed": Mark("half", "now"),
    "appointed": Mark("full", "good"),
    "declined": Mark("cross", "quiet"),
    "erased": Mark("ring", "quiet"),
    # meetings
    "invited": Mark("half", "action"),
    "running": Mark("half", "now"),
    # steps, rounds, seats, places in a service
    "waiting": Mark("ring", "quiet"),
    "current": Mark("half", "now"),
    "open": Mark("half", "now"),
    "passing": Mark("half", "now"),
    "passed": Mark("full", "good"),
    "done": Mark("full", "good"),
    "refused": Mark("cross", "bad"),
    "skipped": Mark("pause", "quiet"),
    "closed": Mark("pause", "quiet"),
    "active": Mark("full", "good"),
    "ended": Mark("pause", "quiet"),
    "free": Mark("full", "good"),
    "few": Mark("half", "now"),
    "full": Mark("cross", "quiet"),
}


@register.filter
def mark(state: str) -> Mark:
    """The shape and tone of ``state``; a quiet ring for a state nobody has drawn yet."""
    return MARKS.get(str(state), UNKNOWN)


@register.filter
def error_links(form: forms.BaseForm) -> list[ErrorLink]:
    """The lines of the error summary of ``form``."""
    return gather_error_links(form)


@register.filter
def breakable_email(email: str) -> str:
    """The address as HTML that a narrow column breaks before its @, not inside a word."""
    local, at, domain = email.rpartition("@")
    return format_html("{}<wbr>{}{}", local, at, domain)


@register.filter
def times(count: int) -> range:
    """A range to draw one sign for each of ``count`` people or things."""
    return range(max(0, int(count or 0)))
