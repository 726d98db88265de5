"""Who is told what about minutes. Mails are queued in the caller's transaction and leave after it commits."""

import datetime

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from committees.bodies.models import Seat
from committees.bodies.rules import roles_with
from committees.meetings.models import Meeting
from committees.people.models import Person
from kpss import clock
from kpss.events import Event
from kpss.links import services as links
from kpss.links.models import PersonalLink
from kpss.outbox import services as outbox
from kpss.outbox.models import Message

from .models import Minutes, MinutesVerifier

CZECH = "cs"
PURPOSE = "zapis"
VERIFY, REMINDER, OBJECTED, READY, APPROVED, FAILED, LATE = (
    "minutes-verify",
    "minutes-reminder",
    "minutes-objected",
    "minutes-ready",
    "minutes-approved",
    "minutes-failed",
    "minutes-late",
)
KINDS = {
    VERIFY: _("verification of minutes"),
    REMINDER: _("reminder of a verification"),
    OBJECTED: _("objection of a verifier"),
    READY: _("minutes to approve"),
    APPROVED: _("approved minutes"),
    FAILED: _("minutes that could not be sealed"),
    LATE: _("late minutes"),
}
LINK_LIVES = datetime.timedelta(days=60)


def verifier_link(verifier: MinutesVerifier) -> PersonalLink:
    """The link by which the verifier reads the minutes and answers."""
    return links.issue(
        PURPOSE,
        person=verifier.person,
        about=verifier,
        expires_at=clock.now() + LINK_LIVES,
    )


@override(CZECH)
def asked_to_verify(verifier: MinutesVerifier) -> None:
    """Ask a verifier to read the minutes and confirm them."""
    outbox.send(
        person=verifier.person,
        kind=VERIFY,
        subject=_t("Please verify the minutes: %(about)s")
        % {"about": _about(verifier.minutes.meeting)},
        template="minutes/mail/verify.txt",
        context=_context(verifier.minutes) | {"link": links.placeholder(verifier_link(verifier))},
        key=f"minutes-verify:{verifier.pk}",
    )


@override(CZECH)
def reminded_to_verify(verifier: MinutesVerifier, *, nth: int) -> bool:
    """Remind a verifier who has not answered; False when the mail is there already or cannot go."""
    asked_at = clock.now()
    message = outbox.send(
        person=verifier.person,
        kind=REMINDER,
        subject=_t("The minutes wait for you to verify them: %(about)s")
        % {"about": _about(verifier.minutes.meeting)},
        template="minutes/mail/verify_reminder.txt",
        context=_context(verifier.minutes)
        | {"link": links.placeholder(verifier_link(verifier)), "asked_at": verifier.asked_at},
        key=f"minutes-verify:{verifier.pk}:{nth}",
        is_reminder=True,
    )
    return _is_new(message, asked_at)


@override(CZECH)
def objected(minutes: Minutes, event: Event) -> None:
    """Tell the writer that the minutes came back, and the words of the objection."""
    outbox.send(
        person=minutes.writer,
        kind=OBJECTED,
        subject=_t("The minutes came back to be changed: %(about)s")
        % {"about": _about(minutes.meeting)},
        template="minutes/mail/objected.txt",
        context=_context(minutes) | {"note": event.note, "who": event.actor},
        key=f"minutes-event:{event.pk}",
    )


@override(CZECH)
def ready_to_approve(minutes: Minutes) -> None:
    """Tell those who approve minutes of the committee that all verifiers have confirmed."""
    for person in approvers(minutes):
        outbox.send(
            person=person,
            kind=READY,
            subject=_t("The minutes are verified and wait to be approved: %(about)s")
            % {"about": _about(minutes.meeting)},
            template="minutes/mail/ready.txt",
            context=_context(minutes),
            key=f"minutes-ready:{minutes.pk}:{minutes.round}:{person.pk}",
        )


@override(CZECH)
def approved(minutes: Minutes) -> None:
    """Tell the writer by a mail and the members in their daily mail that the minutes are approved."""
    outbox.send(
        person=minutes.writer,
        kind=APPROVED,
        subject=_t("The minutes are approved: %(about)s") % {"about": _about(minutes.meeting)},
        template="minutes/mail/approved.txt",
        context=_context(minutes) | {"is_published": minutes.is_published},
        key=f"minutes-approved:{minutes.pk}",
    )
    members = Person.objects.filter(
        pk__in=Seat.objects.current()
        .filter(committee=minutes.meeting.committee_id)
        .values("person"),
    ).exclude(pk=minutes.writer_id)
    for person in members:
        outbox.tell(
            person,
            kind=APPROVED,
            text=_t("The minutes are approved: %(about)s") % {"about": _about(minutes.meeting)},
            url=minutes.get_absolute_url(),
            key=f"minutes-approved:{minutes.pk}:{person.pk}",
        )


@override(CZECH)
def sealing_failed(minutes: Minutes, approver: Person | None, event: Event) -> None:
    """Tell who approved the minutes that they wait again, and why."""
    outbox.send(
        person=approver or minutes.writer,
        kind=FAILED,
        subject=_t("The minutes could not be sealed: %(about)s")
        % {"about": _about(minutes.meeting)},
        template="minutes/mail/failed.txt",
        context=_context(minutes) | {"note": event.note},
        key=f"minutes-event:{event.pk}",
    )


@override(CZECH)
def late(meeting: Meeting, person: Person, *, due_on: datetime.date, url: str, nth: int) -> bool:
    """Remind ``person`` that the minutes are late; False when the mail is there already or cannot go."""
    asked_at = clock.now()
    message = outbox.send(
        person=person,
        kind=LATE,
        subject=_t("The minutes are late: %(about)s") % {"about": _about(meeting)},
        template="minutes/mail/late.txt",
        context={
            "meeting": meeting,
            "heading": _about(meeting),
            "due_on": due_on,
            "page": settings.SITE_URL + url,
        },
        key=f"minutes-late:{meeting.pk}:{person.pk}:{nth}",
        is_reminder=True,
    )
    return _is_new(message, asked_at)


def approvers(minutes: Minutes) -> list[Person]:
    """Members whose seat lets them approve the minutes now."""
    seats = Seat.objects.current().filter(
        committee=minutes.meeting.committee_id, role__in=roles_with("minutes.approve_minutes")
    )
    return list(Person.objects.filter(pk__in=seats.values("person")).order_by("sort_key"))


def _about(meeting: Meeting) -> str:
    return _t("%(committee)s, meeting %(number)s/%(year)s") % {
        "committee": meeting.committee,
        "number": meeting.number,
        "year": meeting.year,
    }


def _context(minutes: Minutes) -> dict:
    return {
        "minutes": minutes,
        "heading": _about(minutes.meeting),
        "page": settings.SITE_URL + minutes.get_absolute_url(),
    }


def _is_new(message: Message | None, asked_at: datetime.datetime) -> bool:
    """Whether the mail was written by this asking, not by one before."""
    return message is not None and message.created_at >= asked_at
