"""Minutes on paper: whole, public, and the extract of resolutions; the same bytes whenever they say the same.

Nothing here reads the clock: what is printed stands in the locked content and in the rows of the
verifiers and of the approval, which no longer change.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from committees.bodies.models import Seat
from documents import store
from documents.engine import render_pdf
from kpss.canonical import canonical, fingerprint, parse
from kpss.territory.models import Region

from .attendance import who_of
from .content import MinutesContent, VoteContent, Who
from .layers import public_layer
from .models import Minutes, MinutesVerifier

LANGUAGE = "cs"


@dataclass(frozen=True)
class Signature:
    """Who stands behind the minutes, in what role, and when it was confirmed in the portal."""

    role: str
    who: Who
    done: str
    at: datetime.datetime


@dataclass(frozen=True)
class Paper:
    """Everything that is stored when minutes are frozen; extracts only where something was adopted."""

    public_content: bytes
    public_sha256: str
    pdf: bytes
    public_pdf: bytes
    extract: bytes | None
    public_extract: bytes | None


@dataclass(frozen=True)
class Sheet:
    """What a template of paper prints."""

    title: str
    content: MinutesContent
    resolutions: list[VoteContent]
    signatures: tuple[Signature, ...]
    region: Region
    fingerprint: str
    url: str
    qr: SafeString


def frozen_content(minutes: Minutes) -> MinutesContent:
    """What was sent to verifiers. Raise ``documents.store.StoreError`` when it is lost or damaged."""
    assert minutes.content, "the database keeps no sent minutes without content"
    return parse(MinutesContent, store.read(minutes.content))


def withdrawn_seats(content: MinutesContent) -> frozenset[int]:
    """Keys of seats named in the content whose names are no longer public. One query."""
    named = {who.seat for who in content.people() if who.is_public and who.seat}
    seats = Seat.objects.filter(pk__in=named).select_related("person")
    return frozenset(
        seat.pk for seat in seats if not seat.name_is_public or _is_hidden_by_erasure(seat)
    )


def _is_hidden_by_erasure(seat: Seat) -> bool:
    return seat.person.erased_at is not None and seat.name_consent_on is not None


def files_of(minutes: Minutes) -> Paper:
    """Make all files of sealed minutes, in Czech.

    Raise ``documents.engine.EngineError`` or ``documents.store.StoreError``.
    """
    with translation.override(LANGUAGE):
        content = frozen_content(minutes)
        withdrawn = withdrawn_seats(content)
        public = public_layer(content, withdrawn=withdrawn)
        signed = signatures(minutes, content)
        signed_publicly = tuple(_public(one, withdrawn) for one in signed)
        return Paper(
            public_content=canonical(public),
            public_sha256=fingerprint(public),
            pdf=minutes_pdf(minutes, content, signed),
            public_pdf=minutes_pdf(minutes, public, signed_publicly),
            extract=extract_pdf(minutes, content, signed),
            public_extract=extract_pdf(minutes, public, signed_publicly),
        )


def signatures(minutes: Minutes, content: MinutesContent) -> tuple[Signature, ...]:
    """The writer, the verifiers and who approved, with the moments of what they did. Two queries."""
    assert minutes.sent_at, "the database keeps no verified minutes that were not sent"
    assert minutes.approved_at, "the database keeps no sealed minutes that nobody approved"
    assert minutes.approved_by, "the database keeps no sealed minutes that nobody approved"
    asked = MinutesVerifier.objects.filter(
        minutes=minutes, round=minutes.round, confirmed_at__isnull=False
    ).order_by("pk")
    seat = (
        Seat.objects.on(timezone.localdate(minutes.approved_at))
        .filter(committee=minutes.meeting.committee_id, person=minutes.approved_by)
        .first()
    )
    approver = who_of(minutes.approved_by, seat)
    return (
        Signature(_("Written by"), content.writer, _("sent to verifiers"), minutes.sent_at),
        *(
            Signature(_("Verified by"), who, _("confirmed electronically"), moment)
            for who, moment in zip(
                content.verifiers, asked.values_list("confirmed_at", flat=True), strict=True
            )
            if moment
        ),
        Signature(_("Approved by"), approver, _("approved electronically"), minutes.approved_at),
    )


def minutes_pdf(minutes: Minutes, content: MinutesContent, signed: tuple[Signature, ...]) -> bytes:
    """The minutes, whole or public by their content, as a tagged PDF."""
    title = _("Minutes of meeting %(number)s/%(year)s: %(committee)s") % {
        "number": content.number,
        "year": content.year,
        "committee": content.committee,
    }
    return _pdf("minutes/pdf/minutes.html", _sheet(minutes, content, signed, title))


def extract_pdf(
    minutes: Minutes, content: MinutesContent, signed: tuple[Signature, ...]
) -> bytes | None:
    """The extract of resolutions; None when nothing was adopted."""
    if not content.resolutions():
        return None
    title = _("Resolutions of meeting %(number)s/%(year)s: %(committee)s") % {
        "number": content.number,
        "year": content.year,
        "committee": content.committee,
    }
    return _pdf("minutes/pdf/extract.html", _sheet(minutes, content, signed, title))


def html_of(minutes: Minutes, content: MinutesContent, signed: tuple[Signature, ...]) -> str:
    """The HTML from which the PDF of the minutes is made."""
    with translation.override(LANGUAGE):
        sheet = _sheet(minutes, content, signed, _("Minutes"))
        return render_to_string("minutes/pdf/minutes.html", {"sheet": sheet})


def _sheet(
    minutes: Minutes, content: MinutesContent, signed: tuple[Signature, ...], title: str
) -> Sheet:
    url = settings.SITE_URL + minutes.get_absolute_url()
    return Sheet(
        title=title,
        content=content,
        resolutions=content.resolutions(),
        signatures=signed,
        region=Region.load(),
        fingerprint=fingerprint(content),
        url=url,
        qr=_qr(url),
    )


def _pdf(template: str, sheet: Sheet) -> bytes:
    return render_pdf(
        render_to_string(template, {"sheet": sheet}),
        identifier=bytes.fromhex(sheet.fingerprint),
        created=sheet.signatures[-1].at,
        language=LANGUAGE,
        author=sheet.content.committee,
        description=sheet.title,
    )


def _public(signature: Signature, withdrawn: Collection[int]) -> Signature:
    who = signature.who
    shown = who.is_public and who.seat not in withdrawn
    return replace(signature, who=Who(who.name if shown else who.label))


def _qr(url: str) -> SafeString:
    title = _("QR code of the address %(url)s") % {"url": url}
    return mark_safe(segno.make(url, error="m").svg_inline(border=0, title=title))  # segno escapes
