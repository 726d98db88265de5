"""Minutes read for their pages; each function says how many queries it costs."""

import datetime
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import Role
from committees.bodies.models import Seat
from committees.meetings.models import Meeting, Participant
from committees.people.models import Person
from kpss.canonical import fingerprint

from .content import ItemContent, MinutesContent
from .document import frozen_content, withdrawn_seats
from .enums import MinutesState
from .gathering import content_of
from .layers import public_layer
from .models import Minutes, MinutesEvent, MinutesVerifier
from .texts import names_outside

EVENTS = {
    "create": _("The minutes were begun"),
    "send": _("Sent to verifiers, the content is locked"),
    "confirm": _("Confirmed by a verifier"),
    "object": _("Returned to the writer with an objection"),
    "take_back": _("Taken back to be written on"),
    "approve": _("Approved, the files are being made"),
    "freeze": _("Frozen, the files are stored"),
    "unseal": _("The files could not be made"),
}


@dataclass(frozen=True)
class HistoryLine:
    at: datetime.datetime
    what: str
    who: str
    note: str


def minutes_for_pages(user) -> QuerySet[Minutes]:
    """Minutes that the user may see, with what their pages touch."""
    return Minutes.objects.visible_to(user).select_related(
        "meeting__committee",
        "writer",
        "approved_by",
        "content",
        "pdf",
        "public_pdf",
        "public_content",
        "extract",
        "public_extract",
    )


def is_insider(user, minutes: Minutes) -> bool:
    """Whether the user reads the whole wording: coordinators, members, and who verifies them now."""
    if not user.is_authenticated:
        return False
    return (
        user.has_perm("bodies.view_committee_work", minutes)
        or verifier_of(minutes, user) is not None
    )


def verifier_of(minutes: Minutes, person) -> MinutesVerifier | None:
    """The person as a verifier of minutes that are being verified now. One query."""
    return MinutesVerifier.objects.filter(
        minutes=minutes,
        person=person,
        minutes__state=MinutesState.VERIFYING,
        round=F("minutes__round"),
    ).first()


def verifiers_of(minutes: Minutes) -> QuerySet[MinutesVerifier]:
    """Verifiers of the present round with their answers. One query."""
    return (
        MinutesVerifier.objects.filter(minutes=minutes, round=minutes.round)
        .select_related("person")
        .order_by("pk")
    )


def whole_content(minutes: Minutes) -> MinutesContent:
    """What the minutes say: the rows while they are written, then what was sent to verifiers.

    Raise ``documents.store.StoreError`` when the sent content is lost or damaged.
    """
    return content_of(minutes) if minutes.content is None else frozen_content(minutes)


def public_content(content: MinutesContent) -> MinutesContent:
    """What the public may read of ``content`` now, withdrawn consents heeded. One query."""
    return public_layer(content, withdrawn=withdrawn_seats(content))


def public_files_hold(minutes: Minutes, public: MinutesContent) -> bool:
    """Whether the frozen public files say what the public may read now.

    They do not once somebody who is named in them has taken back the consent.
    """
    return minutes.is_approved and fingerprint(public) == minutes.public_sha256


def possible_verifiers(minutes: Minutes) -> QuerySet[Person]:
    """Those who were at the meeting and can be reached by mail, without the writer."""
    present = Participant.objects.filter(meeting=minutes.meeting_id, presences__isnull=False)
    return (
        Person.objects.filter(pk__in=present.values("person"), is_active=True)
        .exclude(email=None)
        .exclude(pk=minutes.writer_id)
        .order_by("sort_key")
    )


def usual_verifier(minutes: Minutes) -> Person | None:
    """The chair of the day when present and not the writer. One query."""
    chairs = Seat.objects.on(minutes.meeting.day).filter(
        committee=minutes.meeting.committee_id, role=Role.CHAIR
    )
    return possible_verifiers(minutes).filter(pk__in=chairs.values("person")).first()


def history(minutes: Minutes) -> list[HistoryLine]:
    """What happened to the minutes, the newest first. One query."""
    return [
        HistoryLine(
            event.at,
            str(EVENTS[event.transition]),
            str(event.actor) if event.actor else _t("the portal"),
            event.note,
        )
        for event in MinutesEvent.objects.filter(minutes=minutes)
        .with_actor()
        .order_by("-at", "-pk")
    ]


def names_in_facts(item: ItemContent, surnames: frozenset[str]) -> list[str]:
    """Surnames which stand in what the public reads of an item though nobody typed it into the minutes."""
    if item.is_internal:
        return []
    texts = [item.title, *(text for vote in item.votes for text in (vote.title, vote.text))]
    return names_outside("\n".join(texts), surnames)


def held_meeting(user, slug: str, year: int, number: int) -> Meeting | None:
    """A meeting that the user may see. One query."""
    return (
        Meeting.objects.visible_to(user)
        .select_related("committee")
        .filter(committee__slug=slug, year=year, number=number)
        .first()
    )
