"""The life of minutes: written, verified, sealed, approved; an objection brings them back to the writer.

Approving does not freeze by itself. It seals the minutes and hands them to the worker, which renders
the files from the locked content and only then freezes all in one transaction (docs/adr/0012).
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from committees.meetings.enums import MeetingState
from kpss.workflow import Transition, Workflow

from .enums import MinutesState
from .models import Minutes, MinutesEntry, MinutesEvent, MinutesVerifier
from .texts import unbalanced

# What was sent to verifiers is put aside when the minutes come back to the writer.
PUT_ASIDE: dict[str, Any] = {"content": None, "content_sha256": "", "sent_at": None}
NOT_APPROVED: dict[str, Any] = {
    "approved_by": None,
    "approved_at": None,
    "is_published": False,
}


def _why_not_send(minutes: Minutes) -> Iterator[str]:
    if minutes.meeting.state != MeetingState.ENDED:
        yield _t("The meeting goes on. End it first.")
    texts = MinutesEntry.objects.filter(minutes=minutes).values_list("text", flat=True)
    yield from filter(None, map(unbalanced, (minutes.opening, *texts, minutes.closing)))


def _why_not_approve(minutes: Minutes) -> Iterator[str]:
    waiting = MinutesVerifier.objects.filter(
        minutes=minutes, round=minutes.round, confirmed_at=None
    ).select_related("person")
    if names := ", ".join(str(verifier.person) for verifier in waiting):
        yield _t("These verifiers have not confirmed the minutes yet: %(names)s.") % {
            "names": names
        }


MINUTES_WORKFLOW = Workflow(
    event_model=MinutesEvent,
    event_field="minutes",
    transitions={
        "send": Transition(
            label=_("Send to verifiers"),
            sources=frozenset({MinutesState.DRAFT}),
            target=MinutesState.VERIFYING,
            permission="minutes.write_minutes",
            guard=_why_not_send,
        ),
        "confirm": Transition(
            label=_("Confirmed by a verifier"),
            sources=frozenset({MinutesState.VERIFYING}),
            target=MinutesState.VERIFYING,
            internal=True,  # services.verifying asks whether it is a verifier
        ),
        "object": Transition(
            label=_("Returned with an objection"),
            sources=frozenset({MinutesState.VERIFYING}),
            target=MinutesState.DRAFT,
            needs_note=True,
            internal=True,
        ),
        "take_back": Transition(
            label=_("Take back to write"),
            sources=frozenset({MinutesState.VERIFYING}),
            target=MinutesState.DRAFT,
            permission="minutes.write_minutes",
            needs_note=True,
        ),
        "approve": Transition(
            label=_("Approve the minutes"),
            sources=frozenset({MinutesState.VERIFYING}),
            target=MinutesState.SEALING,
            permission="minutes.approve_minutes",
            guard=_why_not_approve,
        ),
        "freeze": Transition(
            label=_("Approved and frozen"),
            sources=frozenset({MinutesState.SEALING}),
            target=MinutesState.APPROVED,
            internal=True,
        ),
        "unseal": Transition(
            label=_("The files could not be made"),
            sources=frozenset({MinutesState.SEALING}),
            target=MinutesState.VERIFYING,
            needs_note=True,
            internal=True,
        ),
    },
)
