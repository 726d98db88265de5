"""Planning a meeting and moving it: when, where and how it takes place."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import override

from committees.bodies.models import Committee
from committees.bodies.services import lock_committee
from committees.meetings import wording
from committees.meetings.enums import Answer, Format, MeetingState
from committees.meetings.models import AgendaItem, Meeting, MeetingTask, Participant
from committees.meetings.workflow import MEETING_WORKFLOW, why_nobody_could_come
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import BEFORE_START, lock_for
from .spreading import spread_after_commit
from .summoning import summon

CHANGEABLE = (
    "title",
    "format",
    "starts_at",
    "ends_at",
    "place",
    "online_url",
    "message",
    "is_public",
)


@transaction.atomic
def plan_meeting(
    *,
    committee: Committee,
    actor,
    token: uuid.UUID,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime | None = None,
    format: str = Format.IN_PERSON,
    place: str = "",
    online_url: str = "",
    title: str = "",
    message: str = "",
    is_public: bool = False,
) -> Meeting:
    """Plan the next meeting of the committee; nobody is told. The same ``token`` is the same meeting.

    Its number follows the highest one of the year in which it begins. Where tasks from earlier
    meetings are not done, the agenda begins with looking at them. Raise PermissionDenied, or
    ValidationError by field for a day on which the committee does not exist or times out of order.
    """
    if not actor.has_perm("meetings.prepare_meeting", committee):
        raise PermissionDenied
    committee = lock_committee(committee.pk)
    if standing := Meeting.objects.filter(token=token, committee=committee).first():
        return standing
    _refuse_times(committee, starts_at, ends_at)
    now = clock.now()
    meeting = Meeting(
        committee=committee,
        token=token,
        starts_at=starts_at,
        ends_at=ends_at,
        format=format,
        place=place.strip(),
        online_url=online_url.strip(),
        title=title.strip(),
        message=message.strip(),
        is_public=is_public,
        created_by=actor,
        created_at=now,
        revised_at=now,
    )
    _number(meeting)
    meeting.save(force_insert=True)
    MEETING_WORKFLOW.record_birth(meeting, actor=actor)
    if MeetingTask.objects.open().filter(meeting__committee=committee).exists():
        AgendaItem.objects.create(meeting=meeting, title=review_title(), reviews_tasks=True)
    return meeting


def review_title() -> str:
    """The title of the item at which tasks from earlier meetings are looked at; Czech as all data."""
    with override("cs"):
        return _t("Tasks from earlier meetings")


@transaction.atomic
def change_meeting(
    meeting: Meeting,
    *,
    actor,
    known: int | None = None,
    short_notice_confirmed: bool = False,
    **values: Any,
) -> Meeting:
    """Change ``CHANGEABLE`` columns of a meeting that has not begun.

    ``known`` is the SEQUENCE that the editor has seen. Those already invited are told what has
    changed, and asked again whether they come when it begins at another time. Raise
    PermissionDenied, ValidationError by field, or TransitionRefused: somebody was quicker, the
    meeting has begun, people would not know where to go, the notice is short and not confirmed.
    """
    current = lock_for(meeting.pk, actor, states=BEFORE_START)
    if known is not None and known != current.sequence:
        raise TransitionRefused(
            _t("Somebody else has changed the meeting meanwhile. Look at it and try again.")
        )
    if unknown := values.keys() - set(CHANGEABLE):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    before = {name: getattr(current, name) for name in CHANGEABLE}
    for name, value in values.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    changed = [name for name in CHANGEABLE if getattr(current, name) != before[name]]
    if not changed:
        return current
    _refuse_times(current.committee, current.starts_at, current.ends_at)
    if current.state == MeetingState.PLANNED:
        _rewrite(current, changed)
    else:
        _reschedule(current, before, changed, actor, short_notice_confirmed)
    return current


def _rewrite(meeting: Meeting, changed: list[str]) -> None:
    """Write down a change nobody has to be told of; the number follows the year."""
    if timezone.localdate(meeting.starts_at).year != meeting.year:
        lock_committee(meeting.committee_id)
        _number(meeting)
        changed = [*changed, "year", "number"]
    meeting.sequence += 1
    meeting.revised_at = clock.now()
    meeting.save(update_fields=[*changed, "sequence", "revised_at"])


def _reschedule(
    meeting: Meeting,
    before: dict[str, Any],
    changed: list[str],
    actor,
    short_notice_confirmed: bool,
) -> None:
    reasons = list(why_nobody_could_come(meeting))
    if meeting.starts_at <= clock.now():
        reasons.append(_t("The meeting would begin in the past. Change its time."))
    if reasons:
        raise TransitionRefused(*reasons)
    begins_anew = "starts_at" in changed
    short = wording.short_notice(meeting) if begins_anew else ""
    if short and not short_notice_confirmed:
        raise ShortNotice(short)
    now = clock.now()
    MEETING_WORKFLOW.advance(
        meeting,
        "change",
        actor=actor,
        note=wording.what_changed(meeting, before, changed, with_notice=begins_anew),
        changes={name: getattr(meeting, name) for name in changed}
        | {"sequence": F("sequence") + 1, "revised_at": now, "untold_since": None}
        | {"invitation": None, "invited_at": now if begins_anew else meeting.invited_at},
    )
    if begins_anew:
        Participant.objects.filter(meeting=meeting).exclude(answer=Answer.SUBSTITUTE).update(
            answer="", answered_at=None, is_excused=False
        )
    summon(meeting)
    spread_after_commit(meeting)


class ShortNotice(TransitionRefused):
    """The meeting is called later than the rules of procedure ask, and nobody has confirmed it."""


def _number(meeting: Meeting) -> None:
    """Give the next number in the committee's year; the committee is held."""
    meeting.year = timezone.localdate(meeting.starts_at).year
    numbers = Meeting.objects.filter(committee=meeting.committee_id, year=meeting.year)
    last = numbers.exclude(pk=meeting.pk).aggregate(last=Max("number"))["last"]
    meeting.number = (last or 0) + 1


def _refuse_times(
    committee: Committee, starts_at: datetime.datetime, ends_at: datetime.datetime | None
) -> None:
    if not committee.exists_on(timezone.localdate(starts_at)):
        raise ValidationError({"starts_at": _t("The committee does not exist on that day.")})
    if ends_at is not None and ends_at <= starts_at:
        raise ValidationError({"ends_at": _t("The meeting cannot end before it begins.")})
