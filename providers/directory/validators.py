"""Checks of identifiers from the registers."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def ico_is_valid(ico: str) -> bool:
    """True for an IČO of eight digits whose last digit is the right check digit (modulo 11)."""
    if len(ico) != 8 or not ico.isascii() or not ico.isdigit():
        return False
    remainder = (
        sum(int(digit) * weight for digit, weight in zip(ico, range(8, 1, -1), strict=False)) % 11
    )
    return int(ico[7]) == (11 - remainder) % 10


def validate_ico(ico: str) -> None:
    """Raise ValidationError with a sentence that says what to do."""
    if not ico_is_valid(ico):
        raise ValidationError(
            _("“%(ico)s” is not a valid IČO. Write eight digits; the last one is a check digit."),
            code="ico",
            params={"ico": ico},
        )
