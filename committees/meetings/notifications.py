"""Mails about meetings: the invitation, what changed, the cancellation, each with a file for calendars."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import override

from kpss import czech
from kpss.links import services as links
from kpss.links.models import PersonalLink
from kpss.outbox import services as outbox
from kpss.outbox.models import ATTACHMENT_MAX_BYTES

from . import wording
from .agenda import AgendaLine, agenda_tree, walk
from .calendar import CANCEL, REQUEST, calendar_of
from .models import Meeting, Participant

# The purpose of personal links to a meeting, and the kinds of mail.
LINK = "jednani"
INVITATION, CHANGE, CANCELLATION, REMINDER = (
    "meeting-invitation",
    "meeting-change",
    "meeting-cancelled",
    "meeting-reminder",
)


def reachable(meeting: Meeting) -> QuerySet[Participant]:
    """Participants to whom a mail can be sent, with what it says of them."""
    return (
        Participant.objects.filter(meeting=meeting, person__is_active=True)
        .exclude(person__email=None)
        .exclude(person__email="")
        .select_related("person", "seat", "represents__person")
        .order_by("pk")
    )


def personal_link(meeting: Meeting, person: Any) -> PersonalLink:
    """The link by which the person answers, good until the end of the day after the meeting."""
    after = meeting.day + datetime.timedelta(days=2)
    ends = timezone.make_aware(datetime.datetime.combine(after, datetime.time.min))
    return links.issue(LINK, person=person, about=meeting, expires_at=ends)


@dataclass(frozen=True)
class Letter:
    """What mails about one called meeting have in common: the agenda, the invitation on paper."""

    meeting: Meeting
    paper: bytes | None
    agenda: tuple[AgendaLine, ...]
    agenda_for_guests: tuple[AgendaLine, ...]
    notice: str

    @classmethod
    @override(wording.CZECH)
    def about(cls, meeting: Meeting, paper: bytes | None = None) -> "Letter":
        """Gather it. A constant number of queries."""
        items = list(meeting.items.all())
        full, shown = (
            tuple(walk(agenda_tree(items, insider=insider))) for insider in (True, False)
        )
        return cls(meeting, paper, full, shown, wording.called_late(meeting))

    @override(wording.CZECH)
    def invite(self, participant: Participant) -> bool:
        """Ask the person to come; whether there is anywhere to send it."""
        return self._send(participant, INVITATION, _t("Invitation"), "invited")

    @override(wording.CZECH)
    def tell_change(self, participant: Participant, news: str) -> bool:
        """Say what changed, sentence by sentence; the calendar puts it in the place of the former."""
        subject = _t("Change of the meeting")
        return self._send(participant, CHANGE, subject, "changed", news=news.splitlines())

    def _send(
        self, participant: Participant, kind: str, subject: str, template: str, **context: Any
    ) -> bool:
        person = participant.person
        is_guest = participant.is_guest
        calendar = calendar_of(
            [self.meeting],
            method=REQUEST,
            for_person=person,
            answer=participant.answer,
            guest=is_guest,
        )
        facts = {
            "agenda": self.agenda_for_guests if is_guest else self.agenda,
            "notice": self.notice,
            "link": links.placeholder(personal_link(self.meeting, person)),
        }
        files = [_file(calendar, REQUEST), *([] if is_guest else self._on_paper())]
        return _mail(self.meeting, participant, kind, subject, template, facts | context, files)

    def _on_paper(self) -> Iterable[outbox.Attachment]:
        if self.paper and len(self.paper) <= ATTACHMENT_MAX_BYTES:
            yield outbox.Attachment("pozvanka.pdf", "application/pdf", self.paper)


@override(wording.CZECH)
def cancelled(meeting: Meeting, participant: Participant, reason: str) -> bool:
    """Tell somebody invited that the meeting does not take place; it goes from their calendar."""
    files = [_cancellation(meeting, participant)]
    context = {"reason": reason}
    subject = _t("The meeting is cancelled")
    return _mail(meeting, participant, CANCELLATION, subject, "cancelled", context, files)


@override(wording.CZECH)
def released(meeting: Meeting, participant: Participant) -> bool:
    """Tell a substitute or a guest who was invited that they need not come any more."""
    if participant.invited_at is None or participant.person is None:
        return False
    files = [_cancellation(meeting, participant)]
    subject = _t("The invitation does not hold any more")
    return _mail(meeting, participant, CANCELLATION, subject, "released", {}, files)


def _cancellation(meeting: Meeting, participant: Participant) -> outbox.Attachment:
    calendar = calendar_of(
        [meeting], method=CANCEL, for_person=participant.person, guest=participant.is_guest
    )
    return _file(calendar, CANCEL)


def _file(calendar: bytes, method: str) -> outbox.Attachment:
    return outbox.Attachment("jednani.ics", f"text/calendar; method={method}", calendar)


def _mail(
    meeting: Meeting,
    participant: Participant,
    kind: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    files: Iterable[outbox.Attachment],
) -> bool:
    name = meeting.committee.short_name or meeting.committee.name
    message = outbox.send(
        person=participant.person,
        kind=kind,
        subject=f"{subject}: {name}, {czech.datetime_(meeting.starts_at)}",
        template=f"meetings/mail/{template}.txt",
        context={
            "meeting": meeting,
            "participant": participant,
            "heading": wording.heading(meeting),
            "when": f"{wording.weekday_and_date(meeting)}, {wording.hours(meeting)}",
            "where": wording.where(meeting),
            "page": settings.SITE_URL + meeting.get_absolute_url(),
            **context,
        },
        attachments=files,
        key=f"{kind}:{participant.pk}:{meeting.sequence}",
    )
    return message is not None
