"""Writing down what happens to a seat: it ends, its holder lets the name be published or not.

Each leaves a row in the history of the seat, which only grows.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from committees.people.models import Person
from kpss import clock
from kpss.czech import date as czech_date

from .enums import SeatChange, Side
from .models import Seat, SeatEvent


@transaction.atomic
def end_seat(
    seat: Seat,
    *,
    actor: Person | None,
    at: datetime.datetime | None = None,
    reason: str = "",
) -> Seat:
    """End the mandate at the moment ``at`` (now unless told); rights that follow the seat end then.

    That day is the last one of the seat. What the holder has by another seat or by name stays.
    Raise ValidationError with a sentence when the seat has not begun or had ended before ``at``.
    """
    current = Seat.objects.select_for_update().get(pk=seat.pk)
    # Read once the row is ours: a vote that was cast while we waited had its mandate.
    moment = at or clock.now()
    day = timezone.localdate(moment)
    if day < current.valid_from:
        raise ValidationError(
            _t("This seat begins on %(date)s, it cannot end before.")
            % {"date": czech_date(current.valid_from)}
        )
    if _is_over(current, moment, day):
        raise ValidationError(
            _t("This seat ended on %(date)s already.") % {"date": czech_date(current.valid_to)}
        )
    current.valid_to = day
    current.ended_at = moment
    current.save(update_fields=["valid_to", "ended_at"])
    remember(current, SeatChange.ENDED, actor=actor, note=reason)
    return _same(seat, current)


@transaction.atomic
def give_name_consent(seat: Seat, *, day: datetime.date, text: str, actor: Person | None) -> Seat:
    """Record that the holder agreed on ``day``, in the words ``text``, to have the name published.

    Raise ValidationError by field for a day to come, for no words, and when the consent is given
    already; on other sides than the users' names are public without it.
    """
    current = Seat.objects.select_for_update().get(pk=seat.pk)
    if current.side != Side.USER:
        raise ValidationError(_t("Consent is needed on the users' side only."))
    if current.has_name_consent:
        raise ValidationError(_t("This consent has been recorded already."))
    if day > clock.today():
        raise ValidationError({"day": _t("This day has not come yet.")})
    if not text.strip():
        raise ValidationError({"text": _t("Write the words of the consent.")})
    current.name_consent_on = day
    current.name_consent_text = text.strip()
    current.name_consent_withdrawn_on = None
    current.save(
        update_fields=["name_consent_on", "name_consent_text", "name_consent_withdrawn_on"]
    )
    remember(current, SeatChange.CONSENT_GIVEN, actor=actor, note=current.name_consent_text)
    return _same(seat, current)


@transaction.atomic
def withdraw_name_consent(
    seat: Seat, *, actor: Person | None, day: datetime.date | None = None
) -> Seat:
    """Hide the name at once: the holder took the consent back on ``day`` (today unless told).

    The words once given stay as evidence. Taking back twice is as once. Raise ValidationError when
    no consent was given, or for a day before it was given or to come.
    """
    day = day or clock.today()
    current = Seat.objects.select_for_update().get(pk=seat.pk)
    if current.name_consent_on is None:
        raise ValidationError(_t("There is no consent to be taken back."))
    if current.name_consent_withdrawn_on is not None:
        return _same(seat, current)
    if day > clock.today():
        raise ValidationError({"day": _t("This day has not come yet.")})
    if day < current.name_consent_on:
        raise ValidationError({"day": _t("A consent cannot be taken back before it was given.")})
    current.name_consent_withdrawn_on = day
    current.save(update_fields=["name_consent_withdrawn_on"])
    remember(current, SeatChange.CONSENT_WITHDRAWN, actor=actor)
    return _same(seat, current)


def remember_new(seat: Seat, *, actor: Person | None) -> None:
    """Begin the history of a seat that was just made, with its consent when it has one."""
    remember(seat, SeatChange.SEATED, actor=actor)
    if seat.has_name_consent:
        remember(seat, SeatChange.CONSENT_GIVEN, actor=actor, note=seat.name_consent_text)


def remember(seat: Seat, what: SeatChange, *, actor: Person | None, note: str = "") -> SeatEvent:
    """Write a row into the history of the seat."""
    return SeatEvent.objects.create(
        seat=seat, what=what, actor=actor, note=note.strip(), at=clock.now()
    )


def _is_over(seat: Seat, moment: datetime.datetime, day: datetime.date) -> bool:
    if seat.valid_to is None or seat.valid_to > day:
        return False
    return seat.valid_to < day or (seat.ended_at is not None and seat.ended_at <= moment)


def _same(seat: Seat, current: Seat) -> Seat:
    """The caller's object, brought up to what is now in the database."""
    for name in (
        "valid_to",
        "ended_at",
        "name_consent_on",
        "name_consent_text",
        "name_consent_withdrawn_on",
    ):
        setattr(seat, name, getattr(current, name))
    return seat
