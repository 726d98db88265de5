"""Phone numbers as people read them and as telephones dial them."""

import re

import phonenumbers

from kpss.typography import NBSP

_CZECH = re.compile(r"(?:\+420|00420)?(\d{9})")


def readable(raw: str) -> str:
    """Return "+420 000 000 101" with hard spaces; short lines such as 112 stay short.

    What is no phone number comes back as it was written.
    """
    digits = re.sub(r"[^\d+]", "", raw)
    if match := _CZECH.fullmatch(digits):
        number = match[1]
        return NBSP.join(["+420", number[:3], number[3:6], number[6:]])
    if re.fullmatch(r"\d{3,6}", digits):
        return NBSP.join(re.findall(r"\d{1,3}", digits))
    parsed = _parse(digits)
    if parsed is None:
        return raw
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, international).replace(" ", NBSP)


def href(raw: str) -> str:
    """Return the address behind a phone number, such as "tel:+420000000101"; empty for none."""
    digits = re.sub(r"[^\d+]", "", raw)
    if match := _CZECH.fullmatch(digits):
        return f"tel:+420{match[1]}"
    if re.fullmatch(r"\d{3,6}", digits):
        return f"tel:{digits}"
    parsed = _parse(digits)
    if parsed is None:
        return ""
    return "tel:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _parse(digits: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(digits, "CZ")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None
