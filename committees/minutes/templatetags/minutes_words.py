"""How facts of minutes read: who took part and how, who voted how, fingerprints, hours."""

import datetime
from collections import Counter
from typing import NamedTuple

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext

from committees.ballots.enums import Choice, Method
from committees.meetings.enums import Standing
from committees.minutes import attendance
from committees.minutes.content import (
    Attendance,
    MinutesContent,
    SideAttendance,
    TaskContent,
    VoteContent,
)
from kpss.czech import NBSP
from kpss.passages import public_text

register = template.Library()


class Voices(NamedTuple):
    """Those who voted alike."""

    label: str
    number: int
    names: str


@register.filter
def hour(moment: datetime.datetime) -> str:
    """Return "14:05" in local time."""
    return attendance.hour(moment)


@register.filter
def clock(moment: datetime.datetime) -> str:
    """Return "14:05:09" in local time, so that a second save is seen to be one."""
    return f"{timezone.localtime(moment):%H:%M:%S}"


@register.filter
def public(text: str) -> str:
    """The text as the public reads it, without hidden passages."""
    return public_text(text)


@register.filter
def fours(digits: str) -> list[str]:
    """A fingerprint cut into groups of four, so that two people can compare it aloud."""
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


@register.filter
def part(line: Attendance) -> str:
    """How somebody took part, in nouns that fit a woman and a man: "účast od 14:20"."""
    words = {
        Standing.PRESENT: pgettext("attendance", "took part"),
        Standing.ONLINE: pgettext("attendance", "took part online"),
        Standing.EXCUSED: pgettext("attendance", "apologies"),
        Standing.ABSENT: pgettext("attendance", "absent without apologies"),
        Standing.REPRESENTED: pgettext("attendance", "represented"),
        Standing.GUEST: pgettext("attendance", "took part"),
    }[Standing(line.standing)]
    if line.times:
        words = f"{words} {line.times}"
    if line.represented_by:
        return _t("%(part)s, in place of the member: %(name)s") % {
            "part": words,
            "name": line.represented_by.name,
        }
    if line.stands_for:
        return _t("%(part)s, stands for: %(name)s") % {
            "part": words,
            "name": line.stands_for.name,
        }
    return words


@register.filter
def side_count(side: SideAttendance) -> str:
    """Return "přítomno 2 ze 3" for the members of one side, substitutes counted."""
    here = sum(line.is_present or line.represented_by is not None for line in side.lines)
    return pgettext("side of the triad", "%(here)s of %(all)s took part") % {
        "here": here,
        "all": len(side.lines),
    }


@register.filter
def voices(vote: VoteContent) -> list[Voices]:
    """Who voted how in a vote by name, in the order for, against, abstained, silent."""
    labels = {
        Choice.FOR: pgettext("voices", "For"),
        Choice.AGAINST: pgettext("voices", "Against"),
        Choice.ABSTAINED: pgettext("voices", "Abstained"),
        "": pgettext("voices", "Did not vote"),
    }
    found = []
    for choice, label in labels.items():
        names = Counter(voice.who.name for voice in vote.voices if voice.choice == choice)
        if names:
            listed = ", ".join(
                name if count == 1 else f"{name} ({count}{NBSP}×)" for name, count in names.items()
            )
            found.append(Voices(label, names.total(), listed))
    return found


@register.filter
def method_words(vote: VoteContent) -> str:
    """How it was voted, when it was not by show of hands."""
    return "" if vote.method == Method.HANDS else str(Method(vote.method).label)


@register.filter
def doer(task: TaskContent) -> str:
    """Who does a task: a person, somebody in words, or both."""
    name = task.who.name if task.who else ""
    return ", ".join(part for part in (name, task.responsible) if part)


@register.filter
def guests(content: MinutesContent) -> str:
    """Guests by name; in the public wording how many they were."""
    if content.guests:
        return ", ".join(who.name for who in content.guests)
    if not content.guest_count:
        return ""
    return ngettext("%(count)s guest", "%(count)s guests", content.guest_count) % {
        "count": content.guest_count
    }


@register.filter
def deeper(level: int) -> int:
    """The next level of heading."""
    return min(level + 1, 6)
