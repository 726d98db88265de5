"""The invitation and the attendance sheet on paper. Both are Czech, as all papers of committees."""

import base64
import hashlib
import logging
from dataclasses import dataclass

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import override

from committees.bodies.enums import Role, Side
from committees.bodies.models import Seat
from committees.bodies.selectors import ROLE_ORDER
from documents import store
from documents.engine import EngineError, render_pdf
from kpss.territory.models import Region

from . import selectors, wording
from .agenda import AgendaLine, agenda_tree, walk
from .models import Meeting, MeetingTask

logger = logging.getLogger(__name__)

PDF = "application/pdf"
# Rows for people nobody has thought of.
EMPTY_ROWS = 4


@dataclass(frozen=True)
class Invitation:
    """Everything that the invitation prints."""

    meeting: Meeting
    region: Region
    arms: str
    heading: str
    when: str
    where: str
    agenda: tuple[AgendaLine, ...]
    tasks: tuple[MeetingTask, ...]
    planned_minutes: int
    notice: str
    caller: str
    caller_role: str
    url: str
    qr: SafeString


@dataclass(frozen=True)
class SheetRow:
    """One line to sign: a member, a substitute, a guest."""

    name: str
    role: str
    organisation: str
    note: str = ""


@dataclass(frozen=True)
class SheetGroup:
    """Those on the attendance sheet who come for the same side, or as guests."""

    title: str
    rows: tuple[SheetRow, ...]
    empty_rows: int = 0

    @property
    def blanks(self) -> range:
        return range(self.empty_rows)


@dataclass(frozen=True)
class AttendanceSheet:
    """Everything that the attendance sheet prints."""

    meeting: Meeting
    region: Region
    arms: str
    heading: str
    when: str
    where: str
    groups: tuple[SheetGroup, ...]


def keep_invitation(meeting: Meeting) -> bytes | None:
    """The invitation as it stands in the store; made now when it is not there yet.

    None when it cannot be made here: mails then go without it. Nothing is written when the meeting
    has been changed meanwhile. ``meeting`` has its ``invitation`` at hand.
    """
    try:
        if meeting.invitation is not None:
            return store.read(meeting.invitation)
        data = invitation_pdf(meeting)
        stored = store.put(data, content_type=PDF)
    except (EngineError, store.StoreError):
        logger.exception("The invitation to meeting %s could not be made", meeting.pk)
        return None
    Meeting.objects.filter(pk=meeting.pk, sequence=meeting.sequence).update(invitation=stored)
    return data


def invitation_pdf(meeting: Meeting) -> bytes:
    """The invitation as a tagged PDF. Raise ``documents.engine.EngineError``."""
    with override(wording.CZECH):
        invitation = invitation_of(meeting)
        html = render_to_string("meetings/pdf/invitation.html", {"invitation": invitation})
        return render_pdf(
            html,
            identifier=_identifier("invitation", meeting),
            created=meeting.revised_at,
            author=invitation.region.name,
        )


def attendance_pdf(meeting: Meeting) -> bytes:
    """The sheet that people sign, as a tagged PDF. Raise ``documents.engine.EngineError``."""
    with override(wording.CZECH):
        sheet = sheet_of(meeting)
        html = render_to_string("meetings/pdf/attendance.html", {"sheet": sheet})
        return render_pdf(
            html,
            identifier=_identifier("attendance", meeting),
            created=meeting.revised_at,
            author=sheet.region.name,
        )


def invitation_of(meeting: Meeting) -> Invitation:
    """What the invitation prints, gathered in the language of the moment."""
    region = Region.load()
    agenda = tuple(walk(agenda_tree(selectors.items_of(meeting), insider=True)))
    url = settings.SITE_URL + meeting.get_absolute_url()
    caller, caller_role = _caller(meeting, region)
    return Invitation(
        meeting=meeting,
        region=region,
        arms=_arms(region),
        heading=wording.heading(meeting),
        when=f"{wording.weekday_and_date(meeting)}, {wording.hours(meeting)}",
        where=wording.where(meeting),
        agenda=agenda,
        tasks=tuple(selectors.tasks_to_review(meeting))
        if any(line.item.reviews_tasks for line in agenda)
        else (),
        planned_minutes=sum(line.item.minutes or 0 for line in agenda),
        notice=wording.called_late(meeting),
        caller=caller,
        caller_role=caller_role,
        url=url,
        qr=_qr(url),
    )


def sheet_of(meeting: Meeting) -> AttendanceSheet:
    """What the attendance sheet prints: those who may come by their seats that day, and guests."""
    region = Region.load()
    seats = list(
        Seat.objects.on(meeting.day)
        .filter(committee=meeting.committee_id)
        .select_related("person", "organisation", "substitute_for__person")
    )
    seats.sort(key=lambda seat: (ROLE_ORDER[Role(seat.role)], seat.person.sort_key, seat.pk))
    members = [seat for seat in seats if Role(seat.role) not in {Role.SUBSTITUTE, Role.GUEST}]
    groups = [
        SheetGroup(str(side.label), tuple(_row(seat) for seat in members if seat.side == side))
        for side in Side
    ]
    substitutes = tuple(_row(seat) for seat in seats if seat.role == Role.SUBSTITUTE)
    guests = [
        *(_row(seat) for seat in seats if seat.role == Role.GUEST),
        *(SheetRow(str(guest), "", "") for guest in selectors.guests_of(meeting)),
    ]
    return AttendanceSheet(
        meeting=meeting,
        region=region,
        arms=_arms(region),
        heading=wording.heading(meeting),
        when=f"{wording.weekday_and_date(meeting)}, {wording.hours(meeting)}",
        where=wording.where(meeting),
        groups=(
            *(group for group in groups if group.rows),
            *([SheetGroup(_t("Substitutes"), substitutes)] if substitutes else []),
            SheetGroup(_t("Guests"), tuple(guests), EMPTY_ROWS),
        ),
    )


def _row(seat: Seat) -> SheetRow:
    stands_for = seat.substitute_for
    return SheetRow(
        name=seat.person.get_full_name(),
        role=wording.role_in_words(seat) if seat.role != Role.SUBSTITUTE else seat.function,
        organisation=seat.organisation.name if seat.organisation else "",
        note=_t("stands in for: %(name)s") % {"name": stands_for.person} if stands_for else "",
    )


def _caller(meeting: Meeting, region: Region) -> tuple[str, str]:
    """Who called the meeting and in what role; the coordinator while nobody has."""
    event = (
        meeting.events.filter(transition="invite").select_related("actor").order_by("-pk").first()
    )
    person = event.actor if event else None
    if person is None:
        return region.coordinator_name, region.coordinator_role
    seat = (
        Seat.objects.on(meeting.day).filter(committee=meeting.committee_id, person=person).first()
    )
    if seat is None:
        is_coordinator = person.get_full_name() == region.coordinator_name
        return person.get_full_name(), region.coordinator_role if is_coordinator else ""
    return person.get_full_name(), wording.office_in_words(seat)


def _identifier(kind: str, meeting: Meeting) -> bytes:
    return hashlib.sha256(f"{kind}:{meeting.uid}:{meeting.sequence}".encode()).digest()


def _arms(region: Region) -> str:
    if not region.arms:
        return ""
    return f"data:image/png;base64,{base64.b64encode(bytes(region.arms)).decode()}"


def _qr(url: str) -> SafeString:
    title = _t("QR code of the address %(url)s") % {"url": url}
    return mark_safe(segno.make(url, error="m").svg_inline(border=0, title=title))  # segno escapes
