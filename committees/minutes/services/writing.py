"""Minutes while they are written: begun from the meeting, typed by several people without losing a word."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaItem, Meeting
from committees.minutes.enums import MinutesState
from committees.minutes.models import Minutes, MinutesEntry
from committees.minutes.workflow import MINUTES_WORKFLOW
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import lock

ITEM = "item-"
DEFAULT_DAYS = 10  # § 95 of Act 128/2000 Sb., where a committee has no rules of its own


@dataclass(frozen=True)
class Written:
    """A text as it came from a form: ``seen`` is the mark of what the form was filled with."""

    text: str
    seen: str


@dataclass(frozen=True)
class Saved:
    """What became of the texts: what now stands under each name, and which clash with another's work.

    A clashing text was not saved; ``stands`` holds what the other person wrote.
    """

    stands: Mapping[str, str]
    clashing: frozenset[str] = field(default_factory=frozenset)


def mark(text: str) -> str:
    """A short mark by which a form recognises the text it was filled with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def due_on(meeting: Meeting) -> datetime.date:
    """The day by which the minutes of an ended meeting are to be ready. Causes a query."""
    rules = meeting.rules()
    days = rules.minutes_days if rules else DEFAULT_DAYS
    return timezone.localdate(meeting.ended_at) + datetime.timedelta(days=days)


@transaction.atomic
def start_minutes(meeting: Meeting, *, actor) -> Minutes:
    """Begin the minutes of a meeting that has ended; begun already, they are returned as they are.

    ``actor`` becomes the writer. Raise PermissionDenied, or TransitionRefused before the end.
    """
    if not actor.has_perm("minutes.write_minutes", meeting):
        raise PermissionDenied
    if standing := Minutes.objects.filter(meeting=meeting).first():
        return standing
    # Whoever begins them at the same moment waits here and finds them begun.
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.state != MeetingState.ENDED:
        raise TransitionRefused(_t("Minutes are begun when the meeting has ended."))
    minutes, is_new = Minutes.objects.get_or_create(
        meeting=meeting,
        defaults={"writer": actor, "due_on": due_on(meeting), "created_at": clock.now()},
    )
    if is_new:
        MINUTES_WORKFLOW.record_birth(minutes, actor=actor)
    return minutes


@transaction.atomic
def take_over(minutes: Minutes, *, actor) -> Minutes:
    """Make ``actor`` the writer. Raise PermissionDenied, or TransitionRefused when nothing is written now."""
    current = _draft(minutes, actor)
    if current.writer_id != actor.pk:
        current.writer = actor
        current.save(update_fields=["writer"])
    return current


@transaction.atomic
def save_texts(minutes: Minutes, texts: Mapping[str, Written], *, actor) -> Saved:
    """Save what was typed: "opening", "closing", and "item-<key>" for items of the agenda.

    A text that somebody else changed since the form was filled is never overwritten: it is left as
    it stands and named among ``clashing``, unless both wrote the same. Names of what is not in the
    agenda are ignored. Raise PermissionDenied, or TransitionRefused when the minutes are no longer
    being written.
    """
    current = _draft(minutes, actor)
    stands = {"opening": current.opening, "closing": current.closing}
    items = AgendaItem.objects.filter(meeting=current.meeting_id).values_list("pk", flat=True)
    stands |= {f"{ITEM}{pk}": "" for pk in items}
    entries = {f"{ITEM}{entry.item_id}": entry for entry in current.entries.all()}
    stands |= {name: entry.text for name, entry in entries.items()}
    clashing = set()
    for name, written in texts.items():
        if name not in stands or written.text == stands[name]:
            continue
        if mark(stands[name]) == written.seen:
            _write(current, entries, name, written.text)
            stands[name] = written.text
        elif mark(written.text) != written.seen:
            clashing.add(name)
    return Saved(stands, frozenset(clashing))


def _write(minutes: Minutes, entries: dict[str, MinutesEntry], name: str, text: str) -> None:
    if not name.startswith(ITEM):
        setattr(minutes, name, text)
        minutes.save(update_fields=[name])
        return
    MinutesEntry.objects.update_or_create(
        minutes=minutes, item_id=int(name.removeprefix(ITEM)), defaults={"text": text}
    )


def _draft(minutes: Minutes, actor) -> Minutes:
    current = lock(minutes.pk)
    if not actor.has_perm("minutes.write_minutes", current):
        raise PermissionDenied
    if current.state != MinutesState.DRAFT:
        raise TransitionRefused(
            _t("The minutes have been sent to verifiers meanwhile, so they no longer change.")
        )
    return current
