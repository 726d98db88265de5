"""How a nomination ends: by a resolution that appoints, by being turned down or withdrawn."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from committees.bodies.models import Resolution, Seat
from committees.bodies.seating import remember_new
from committees.nominations.models import Nomination
from committees.nominations.workflow import NOMINATION_WORKFLOW, begins_on, seat_of, why_not_by
from committees.people.models import Person
from kpss.outbox.services import send
from kpss.workflow import TransitionRefused


@transaction.atomic
def appoint(
    nominations: Iterable[Nomination], resolution: Resolution, *, actor: Person
) -> list[Seat]:
    """Appoint all the nominated by one resolution and make their seats; all of them or nobody.

    Each is told by mail. Raise PermissionDenied, or TransitionRefused with every reason, each
    beginning with the name it is about.
    """
    asked = [nomination.pk for nomination in nominations]
    waiting = list(
        Nomination.objects.select_for_update(of=("self",))
        .filter(pk__in=asked)
        .select_related("committee__parent", "person", "organisation", "substitute_for")
        .order_by("pk")
    )
    seats: list[Seat] = []
    reasons: list[str] = []
    for nomination in waiting:
        try:
            with transaction.atomic():
                seats.append(_appoint_one(nomination, resolution, actor))
        except TransitionRefused as refused:
            name = nomination.person.get_full_name()
            reasons += [
                _t("%(name)s: %(reason)s") % {"name": name, "reason": r} for r in refused.reasons
            ]
    if reasons:
        raise TransitionRefused(*reasons)
    return seats


def _appoint_one(nomination: Nomination, resolution: Resolution, actor: Person) -> Seat:
    if reasons := list(why_not_by(nomination, resolution)):
        raise TransitionRefused(*reasons)
    nomination.resolution = resolution
    nomination.seat = _take_seat(nomination, resolution)
    NOMINATION_WORKFLOW.advance(
        nomination,
        "appoint",
        actor=actor,
        changes={"resolution": resolution, "seat": nomination.seat},
    )
    remember_new(nomination.seat, actor=actor)
    _mail(nomination, "appointed", _t("You have been appointed"))
    return nomination.seat


def _take_seat(nomination: Nomination, resolution: Resolution) -> Seat:
    """The saved seat; what the database refuses at the last moment is a sentence."""
    seat = seat_of(nomination, begins_on(nomination, resolution))
    try:
        seat.full_clean(exclude=["committee", "person", "organisation"])
        with transaction.atomic():
            seat.save()
    except ValidationError as error:
        raise TransitionRefused(*error.messages) from error
    except IntegrityError as error:
        raise TransitionRefused(
            _t("Somebody has changed the seats of this committee meanwhile. Look and try again.")
        ) from error
    return seat


@transaction.atomic
def decline(nomination: Nomination, *, reason: str, actor: Person) -> Nomination:
    """Turn the nomination down; the person reads the reason in a mail.

    Raise PermissionDenied, or TransitionRefused without a reason or when it was decided meanwhile.
    """
    _end(nomination, "decline", reason, actor)
    _mail(nomination, "declined", _t("Your nomination was not accepted"))
    return nomination


@transaction.atomic
def withdraw(nomination: Nomination, *, reason: str, actor: Person) -> Nomination:
    """Take the nomination back; nobody is told. Raises as ``decline``."""
    _end(nomination, "withdraw", reason, actor)
    return nomination


def _end(nomination: Nomination, transition: str, reason: str, actor: Person) -> None:
    if not reason.strip():
        raise TransitionRefused(_t("Say why: a reason is required here."))
    NOMINATION_WORKFLOW.advance(
        nomination, transition, actor=actor, changes={"reason": reason.strip()}
    )


def _mail(nomination: Nomination, what: str, subject: str) -> None:
    send(
        person=nomination.person,
        kind=f"nomination-{what}",
        subject=subject,
        template=f"nominations/mail/nomination_{what}.txt",
        context={"nomination": nomination},
        key=f"nomination:{nomination.pk}:{what}",
    )
