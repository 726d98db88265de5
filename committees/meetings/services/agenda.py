"""Putting an agenda together: items in a tree, their order, papers, and the agenda of the last meeting."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _t

from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaItem, AgendaPaper, Meeting, Motion
from documents.store import StoreError
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import lock_for

EDITABLE = (
    "parent",
    "title",
    "text",
    "presenter",
    "minutes",
    "verb",
    "proposal",
    "is_internal",
)
# What an item takes along to the next meeting; its text and proposal belong to this one.
COPIED = ("title", "presenter", "minutes", "is_internal", "reviews_tasks")


@transaction.atomic
def add_item(
    meeting: Meeting, *, actor, token: uuid.UUID | None = None, **values: Any
) -> AgendaItem:
    """Add an item at the end of the agenda, or at the end of those under ``parent``.

    ``values`` are of ``EDITABLE``. The same ``token`` is the same item. Raise PermissionDenied,
    ValidationError by field, or TransitionRefused when the meeting has ended.
    """
    current = lock_for(meeting.pk, actor)
    if token and (standing := AgendaItem.objects.filter(token=token, meeting=current).first()):
        return standing
    item = AgendaItem(meeting=current, token=token)
    _fill(item, values)
    item.position = _last_position(current, item.parent)
    item.save(force_insert=True)
    _agenda_changed(current)
    return item


@transaction.atomic
def change_item(item: AgendaItem, *, actor, **values: Any) -> AgendaItem:
    """Change columns of an item; put under another one, it stands last there. Raises as ``add_item``."""
    meeting = lock_for(item.meeting_id, actor)
    current = _item(item)
    before = {name: getattr(current, name) for name in values}
    _fill(current, values)
    changed = [name for name in values if getattr(current, name) != before[name]]
    if not changed:
        return current
    if "parent" in changed:
        current.position = _last_position(meeting, current.parent)
        changed.append("position")
    current.save(update_fields=changed)
    _agenda_changed(meeting)
    return current


@transaction.atomic
def move_item(item: AgendaItem, *, actor, up: bool) -> bool:
    """Move an item before or after its neighbour; False at the end of the row. Raises as ``add_item``."""
    meeting = lock_for(item.meeting_id, actor)
    current = _item(item)
    siblings = list(
        AgendaItem.objects.filter(meeting=meeting, parent=current.parent_id).order_by(
            "position", "pk"
        )
    )
    here = siblings.index(current)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(siblings):
        return False
    siblings.insert(there, siblings.pop(here))
    for position, sibling in enumerate(siblings):
        sibling.position = position
    AgendaItem.objects.bulk_update(siblings, ["position"])
    _agenda_changed(meeting)
    return True


@transaction.atomic
def remove_item(item: AgendaItem, *, actor) -> None:
    """Take an item with its papers and all under it off the agenda; once is as twice.

    Raise as ``add_item``, and TransitionRefused when something was put to the vote there.
    """
    meeting = lock_for(item.meeting_id, actor)
    current = AgendaItem.objects.filter(pk=item.pk).first()
    if current is None:
        return
    family = [current.pk, *_under(current)]
    if Motion.objects.filter(item__in=family).exists():
        raise TransitionRefused(_t("Something was put to the vote at this item, so it stays."))
    AgendaItem.objects.filter(pk__in=family).delete()
    _agenda_changed(meeting)


@transaction.atomic
def add_paper(
    item: AgendaItem, file: CheckedFile, *, actor, is_internal: bool = True
) -> AgendaPaper:
    """Lay a paper to an item; the same file lies there once. Raises as ``add_item`` by field "file"."""
    meeting = lock_for(item.meeting_id, actor)
    current = _item(item)
    try:
        stored = file.put()
    except StoreError as error:
        raise ValidationError({"file": str(error)}) from error
    paper, is_new = AgendaPaper.objects.get_or_create(
        item=current,
        file=stored,
        defaults={
            "file_name": file.name,
            "is_internal": is_internal,
            "position": current.papers.count(),
        },
    )
    if is_new:
        _agenda_changed(meeting)
    return paper


@transaction.atomic
def publish_paper(paper: AgendaPaper, *, actor, is_internal: bool) -> None:
    """Show a paper to the public with its item, or to members only. Raises as ``add_item``."""
    lock_for(paper.item.meeting_id, actor)
    AgendaPaper.objects.filter(pk=paper.pk).update(is_internal=is_internal)


@transaction.atomic
def remove_paper(paper: AgendaPaper, *, actor) -> None:
    """Take a paper away; once is as twice. Raises as ``add_item``."""
    meeting = lock_for(paper.item.meeting_id, actor)
    if AgendaPaper.objects.filter(pk=paper.pk).delete()[0]:
        _agenda_changed(meeting)


def last_with_agenda(meeting: Meeting) -> Meeting | None:
    """The meeting of the committee before this one whose agenda can be copied. One query."""
    return (
        Meeting.objects.filter(
            committee=meeting.committee_id, starts_at__lt=meeting.starts_at, items__isnull=False
        )
        .exclude(pk=meeting.pk)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("-starts_at", "-pk")
        .first()
    )


@transaction.atomic
def copy_agenda(meeting: Meeting, *, actor) -> int:
    """Copy the items of the last meeting under those already here; return how many.

    Papers, explanations and proposals are not copied, they belong to that meeting. Raise as
    ``add_item``, and TransitionRefused when the agenda has items of its own or there is none to copy.
    """
    current = lock_for(meeting.pk, actor, states=frozenset({MeetingState.PLANNED}))
    if AgendaItem.objects.filter(meeting=current, reviews_tasks=False).exists():
        raise TransitionRefused(_t("The agenda has items of its own, so nothing was copied."))
    source = last_with_agenda(current)
    if source is None:
        raise TransitionRefused(_t("There is no earlier meeting whose agenda could be copied."))
    reviews = current.items.filter(reviews_tasks=True).first()
    copies: dict[int | None, AgendaItem | None] = {None: None}
    waiting = list(source.items.order_by("position", "pk"))
    while ready := [one for one in waiting if one.parent_id in copies]:
        for one in ready:
            waiting.remove(one)
            copies[one.pk] = _copy(one, current, copies[one.parent_id], reviews)
    _agenda_changed(current)
    return len(copies) - 1


def _copy(
    item: AgendaItem, meeting: Meeting, parent: AgendaItem | None, reviews: AgendaItem | None
) -> AgendaItem:
    """The copy of an item; looking at tasks is on the agenda only once, where there are some."""
    if item.reviews_tasks and reviews is not None:
        return reviews
    copy = AgendaItem(meeting=meeting, parent=parent, position=item.position + 1)
    for name in COPIED:
        setattr(copy, name, getattr(item, name))
    copy.save(force_insert=True)
    return copy


def _fill(item: AgendaItem, values: dict[str, Any]) -> None:
    if unknown := values.keys() - set(EDITABLE):
        raise TypeError(f"not editable: {sorted(unknown)}")
    for name, value in values.items():
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    if not item.title:
        raise ValidationError({"title": _t("Write what the item is about.")})
    item.clean()


def _item(item: AgendaItem) -> AgendaItem:
    """The item as it is now. Raise TransitionRefused when somebody has taken it away."""
    current = AgendaItem.objects.select_related("parent").filter(pk=item.pk).first()
    if current is None:
        raise TransitionRefused(_t("Somebody has taken this item off the agenda meanwhile."))
    return current


def _under(item: AgendaItem) -> list[int]:
    found: list[int] = []
    layer = [item.pk]
    while layer := list(
        AgendaItem.objects.filter(parent__in=layer)
        .exclude(pk__in=found)
        .values_list("pk", flat=True)
    ):
        found += layer
    return found


def _last_position(meeting: Meeting, parent: AgendaItem | None) -> int:
    siblings = AgendaItem.objects.filter(meeting=meeting, parent=parent)
    last = siblings.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _agenda_changed(meeting: Meeting) -> None:
    """Remember that those called do not know of the change yet; who prepares decides when they do."""
    if meeting.state == MeetingState.INVITED and meeting.untold_since is None:
        meeting.untold_since = clock.now()
        meeting.save(update_fields=["untold_since"])
