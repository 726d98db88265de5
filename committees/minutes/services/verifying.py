"""Minutes before their verifiers: sent with their content locked, confirmed, objected to, taken back."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _t

from committees.minutes import notifications
from committees.minutes.enums import MinutesState
from committees.minutes.gathering import content_of
from committees.minutes.models import Minutes, MinutesVerifier
from committees.minutes.workflow import MINUTES_WORKFLOW, PUT_ASIDE
from committees.people.models import Person
from documents import store
from kpss import clock
from kpss.canonical import canonical, fingerprint
from kpss.workflow import TransitionRefused

from .locking import lock


@transaction.atomic
def send_to_verifiers(minutes: Minutes, verifiers: Collection[Person], *, actor) -> Minutes:
    """Lock the content of the minutes and ask each verifier by a personal link to confirm it.

    From now on neither the texts nor the facts change, whatever happens to the meeting. Raise
    PermissionDenied, or TransitionRefused with sentences (nobody chosen, sent already).
    """
    current = lock(minutes.pk)
    people = list(dict.fromkeys(verifiers))
    if not people:
        raise TransitionRefused(_t("Choose at least one verifier."))
    if not actor.has_perm("minutes.write_minutes", current):
        raise PermissionDenied
    content = content_of(current, verifiers=people)
    try:
        stored = store.put(canonical(content), content_type="application/json")
    except store.StoreError as error:
        raise TransitionRefused(str(error)) from error
    MINUTES_WORKFLOW.advance(
        current,
        "send",
        actor=actor,
        changes={
            "round": current.round + 1,
            "sent_at": clock.now(),
            "content": stored,
            "content_sha256": fingerprint(content),
        },
    )
    for person in people:
        verifier = MinutesVerifier.objects.create(
            minutes=current, round=current.round, person=person, asked_at=clock.now()
        )
        notifications.asked_to_verify(verifier)
    return current


@transaction.atomic
def confirm(verifier: MinutesVerifier, *, actor) -> None:
    """Confirm the minutes as they were sent; once is as twice.

    When the last verifier confirms, those who approve are told. Raise PermissionDenied for anybody
    else, or TransitionRefused when the minutes went back meanwhile.
    """
    current, answer = _answering(verifier, actor)
    if answer.confirmed_at is not None:
        return
    answer.confirmed_at = clock.now()
    answer.save(update_fields=["confirmed_at"])
    MINUTES_WORKFLOW.advance(current, "confirm", actor=actor)
    if not _waiting(current).exists():
        notifications.ready_to_approve(current)


@transaction.atomic
def object_to(verifier: MinutesVerifier, *, actor, note: str) -> None:
    """Return the minutes to the writer, who is told the words of the objection.

    Raise as ``confirm``, and TransitionRefused when there are no words or it was confirmed already.
    """
    current, answer = _answering(verifier, actor)
    if not note.strip():
        raise TransitionRefused(_t("Write what is to be changed in the minutes."))
    if answer.confirmed_at is not None:
        raise TransitionRefused(_t("You have already confirmed these minutes."))
    answer.objected_at, answer.objection = clock.now(), note.strip()
    answer.save(update_fields=["objected_at", "objection"])
    event = MINUTES_WORKFLOW.advance(current, "object", actor=actor, note=note, changes=PUT_ASIDE)
    notifications.objected(current, event)


@transaction.atomic
def take_back(minutes: Minutes, *, actor, note: str) -> Minutes:
    """Bring the minutes back to be written on. Raise PermissionDenied or TransitionRefused."""
    current = lock(minutes.pk)
    MINUTES_WORKFLOW.advance(current, "take_back", actor=actor, note=note, changes=PUT_ASIDE)
    return current


def _answering(verifier: MinutesVerifier, actor) -> tuple[Minutes, MinutesVerifier]:
    if verifier.person_id != actor.pk:
        raise PermissionDenied
    current = lock(verifier.minutes_id)
    answer = MinutesVerifier.objects.get(pk=verifier.pk)
    if answer.confirmed_at is None and (
        current.state != MinutesState.VERIFYING or current.round != answer.round
    ):
        raise TransitionRefused(_t("The minutes have gone back to the writer meanwhile."))
    return current, answer


def _waiting(minutes: Minutes):
    return MinutesVerifier.objects.filter(minutes=minutes, round=minutes.round, confirmed_at=None)
