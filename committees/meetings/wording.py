"""Meetings in whole sentences of the reader's language."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _t

from committees.bodies.enums import Role
from committees.bodies.models import Rules, Seat
from committees.bodies.wording import public_role
from kpss import clock, czech

from .enums import Answer, Format, MeetingState
from .models import Meeting, Participant

CZECH = "cs"


def weekday_and_date(meeting: Meeting) -> str:
    """ "čtvrtek 10. 9. 2026", in English "Thursday, 10 September 2026"."""
    if (get_language() or CZECH).startswith(CZECH):
        return f"{date_format(meeting.day, 'l')} {czech.date(meeting.day)}"
    return date_format(meeting.day, "l, j F Y")


def hours(meeting: Meeting) -> str:
    """ "od 9:00 do 11:30 hodin", or "od 9:00 hodin" when nobody has said until when."""
    start = time_of(meeting.starts_at)
    if meeting.ends_at is None:
        return _t("from %(start)s") % {"start": start}
    if timezone.localdate(meeting.ends_at) != meeting.day:
        end = czech.datetime_(meeting.ends_at)
        return _t("from %(start)s until %(end)s") % {"start": start, "end": end}
    return _t("from %(start)s to %(end)s") % {"start": start, "end": time_of(meeting.ends_at)}


def time_of(moment) -> str:
    """ "9:05" in local time."""
    local = timezone.localtime(moment)
    return f"{local.hour}:{local.minute:02}"


def where(meeting: Meeting) -> str:
    """The place and how people meet, without the link for attending online."""
    match Format(meeting.format):
        case Format.IN_PERSON:
            return meeting.place
        case Format.ONLINE:
            return _t("online")
        case Format.HYBRID:
            return _t("%(place)s, or online") % {"place": meeting.place}


def heading(meeting: Meeting) -> str:
    """ "2. jednání v roce 2026", with what it is about: "2. jednání v roce 2026: ustavující"."""
    words = _t("Meeting no. %(number)s in %(year)s") % {
        "number": meeting.number,
        "year": meeting.year,
    }
    return f"{words}: {meeting.title}" if meeting.title else words


def state_sentence(meeting: Meeting, reason: str = "") -> str:
    """In what state the meeting is; of a cancelled one also why."""
    match MeetingState(meeting.state):
        case MeetingState.PLANNED:
            return _t("The meeting is being prepared. Nobody has been called yet.")
        case MeetingState.INVITED:
            return _t("The meeting was called on %(date)s.") % {
                "date": czech.date(meeting.invited_at)
            }
        case MeetingState.RUNNING:
            return _t("The meeting is under way, it began at %(time)s.") % {
                "time": time_of(meeting.started_at)
            }
        case MeetingState.ENDED:
            return _t("The meeting took place, it ended at %(time)s.") % {
                "time": time_of(meeting.ended_at)
            }
        case MeetingState.CANCELLED:
            if reason:
                return _t("The meeting is cancelled. Reason: %(reason)s") % {"reason": reason}
            return _t("The meeting is cancelled.")


def short_notice(meeting: Meeting) -> str:
    """Two sentences when fewer days are left than the rules of its day ask for; else nothing."""
    rules = meeting.rules()
    left = (meeting.day - clock.today()).days
    if rules is None or left >= rules.notice_days:
        return ""
    if left <= 0:
        first = _t("The meeting is today.")
    else:
        first = ngettext(
            "%(days)s day is left until the meeting.",
            "%(days)s days are left until the meeting.",
            left,
        ) % {"days": left}
    return f"{first} {_notice_asked(rules)}"


def called_late(meeting: Meeting) -> str:
    """Two sentences when people were called later than the rules of the day ask; else nothing."""
    rules = meeting.rules()
    if rules is None or meeting.invited_at is None:
        return ""
    ahead = (meeting.day - timezone.localdate(meeting.invited_at)).days
    if ahead >= rules.notice_days:
        return ""
    if ahead <= 0:
        first = _t("The invitation went out on the day of the meeting.")
    else:
        first = ngettext(
            "The invitation went out %(days)s day before the meeting.",
            "The invitation went out %(days)s days before the meeting.",
            ahead,
        ) % {"days": ahead}
    return f"{first} {_notice_asked(rules)}"


def _notice_asked(rules: Rules) -> str:
    return ngettext(
        "The rules of procedure ask for an invitation at least %(days)s day ahead.",
        "The rules of procedure ask for an invitation at least %(days)s days ahead.",
        rules.notice_days,
    ) % {"days": rules.notice_days}


def what_changed(
    meeting: Meeting, before: dict[str, Any], changed: list[str], *, with_notice: bool
) -> str:
    """What those invited have to know, a sentence on a line; Czech as all mail and history."""
    with override(CZECH):
        sentences = [_change(meeting, name, before[name]) for name in changed]
        if with_notice and (short := short_notice(meeting)):
            sentences.append(short)
    return "\n".join(sentences)


def _change(meeting: Meeting, name: str, former: Any) -> str:
    match name:
        case "starts_at":
            return _t("It begins on %(now)s, not on %(before)s.") % {
                "now": czech.datetime_(meeting.starts_at),
                "before": czech.datetime_(former),
            }
        case "ends_at":
            if meeting.ends_at is None:
                return _t("The end is not set any more.")
            return _t("It is expected to end on %(now)s.") % {
                "now": czech.datetime_(meeting.ends_at)
            }
        case "place" if meeting.place and former:
            return _t("The place has changed: %(now)s (before: %(before)s).") % {
                "now": meeting.place,
                "before": former,
            }
        case "place" if meeting.place:
            return _t("The place is: %(now)s.") % {"now": meeting.place}
        case "place":
            return _t("The place %(before)s does not hold any more.") % {"before": former}
        case "format":
            return {
                Format.IN_PERSON: _t("People meet in person."),
                Format.ONLINE: _t("People meet online."),
                Format.HYBRID: _t("People meet in person and online."),
            }[Format(meeting.format)]
        case "online_url":
            return _t("The link for online attendance has changed.")
        case "is_public" if meeting.is_public:
            return _t("The meeting is open to the public.")
        case "is_public":
            return _t("The meeting is not open to the public.")
        case "title" if meeting.title:
            return _t("The meeting is about: %(title)s.") % {"title": meeting.title}
        case _:
            return _t("The words of the invitation have changed.")


def agenda_changed() -> str:
    """What those invited read when only the agenda or the papers have changed; Czech."""
    with override(CZECH):
        return _t("The agenda or its papers have changed.")


def answer_in_words(participant: Participant) -> str:
    """What somebody answered, for who prepares the meeting."""
    match participant.answer:
        case Answer.YES:
            return pgettext("answer", "comes")
        case Answer.ONLINE:
            return pgettext("answer", "joins online")
        case Answer.NO:
            return pgettext("answer", "does not come")
        case Answer.SUBSTITUTE:
            return pgettext("answer", "sends a substitute")
        case _:
            return pgettext("answer", "has not answered")


def role_in_words(seat: Seat | None) -> str:
    """What somebody does on the committee; for a plain member the function in life, if any."""
    if seat is None:
        return pgettext("at a meeting", "guest")
    return public_role(seat.role) or seat.function


def office_in_words(seat: Seat) -> str:
    """Under a signature: what the person is on the committee, or does in life."""
    offices = {
        Role.CHAIR: pgettext("under a signature", "chairs the committee"),
        Role.VICE_CHAIR: pgettext("under a signature", "stands in for the chair of the committee"),
        Role.SECRETARY: pgettext("under a signature", "keeps the papers of the committee"),
    }
    return offices.get(Role(seat.role)) or seat.function
