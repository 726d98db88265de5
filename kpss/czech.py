"""Czech order, addresses, dates and numbers, as pure functions; typography from its own module.

Everything here answers in Czech; ``kpss.templatetags.czech`` chooses the language for pages.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from kpss.typography import EN_DASH, NBSP, typo, typo_html

__all__ = [
    "EN_DASH", "KEY_LENGTH", "NBSP", "czk", "date", "datetime_", "free_slug", "number", "period",
    "slug", "sort_key", "typo", "typo_html",
]  # fmt: skip

KEY_LENGTH = 200

# --- Order -----------------------------------------------------------------------------------------
# A key uses only the letters a–z without h: such text is ordered alike byte by byte and by every
# collation of PostgreSQL (digits move and "ch" is one letter in some of them). Codes are prefix-free.
_END, _SPACE, _NUMBER, _FOREIGN = "aa", "ab", "ac", "zz"
_CODES = (
    "a=b b=c c=d č=e d=f e=g f=ia g=ib h=ic ch=id i=j j=k k=l l=m m=n n=o o=p p=q q=r r=s ř=t "
    "s=u š=v t=w u=x v=y w=za x=zb y=zc z=zd ž=ze"
)
_LETTERS = dict(code.split("=") for code in _CODES.split())
_DIGITS = dict(zip("0123456789", "bcdefgijkl", strict=True))
_LENGTHS = "bcdefgijklmnopqrstuvwxyz"
_PLAIN, _OTHER_MARK = "b", "z"
# Order of accents where the letters are the same: acute, caron, ring, diaeresis, circumflex…
_MARKS = dict(
    zip("\u0301\u030c\u030a\u0308\u0302\u0300\u0303\u0328\u0327\u030b", "cdefgijklm", strict=True)
)
_UNDECOMPOSED = str.maketrans(
    {"ł": "l\u0335", "đ": "d\u0335", "ø": "o\u0338", "æ": "ae", "œ": "oe", "ı": "i"}
)
_CARON = "\u030c"
_LETTERS_WITH_CARON = frozenset("crsz")
_TOKENS = re.compile(
    r"(?P<number>\d+)|(?P<letter>ch|[^\W\d_])(?P<marks>[\u0300-\u036f]*)|(?P<gap>.)", re.DOTALL
)


def sort_key(text: str, *, max_length: int = KEY_LENGTH) -> str:
    """Return lowercase ASCII letters whose plain order is the Czech order of ``text``.

    Letters decide first (č after c, ch after h, ř, š, ž), accents only among equals, numbers count
    by value; case and punctuation do not matter. The key is cut to ``max_length``.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    letters: list[str] = []
    marks: list[str] = []
    gap = False
    for token in _TOKENS.finditer(decomposed):
        if token["gap"] is not None:
            gap = bool(letters)
            continue
        if gap:
            letters.append(_SPACE)
            gap = False
        if token["number"] is not None:
            letters.append(_number_code(token["number"]))
            marks.append(_PLAIN)
            continue
        letter, accents = token["letter"], token["marks"]
        if letter in _LETTERS_WITH_CARON and _CARON in accents:
            letter = unicodedata.normalize("NFC", letter + _CARON)
            accents = accents.replace(_CARON, "", 1)
        letters.append(_LETTERS.get(letter) or _foreign_code(letter))
        marks.append(_MARKS.get(accents[0], _OTHER_MARK) if accents else _PLAIN)
    secondary = "".join(marks).rstrip(_PLAIN)
    key = "".join(letters) + (_END + secondary if secondary else "")
    return key[:max_length]


def _number_code(digits: str) -> str:
    value = str(int(digits[:20]))
    return _NUMBER + _LENGTHS[len(value)] + "".join(_DIGITS[digit] for digit in value)


def _foreign_code(letter: str) -> str:
    code, base, point = "", len(_LENGTHS), ord(letter)
    for _place in range(5):
        point, rest = divmod(point, base)
        code = _LENGTHS[rest] + code
    return _FOREIGN + code


# --- Addresses -------------------------------------------------------------------------------------
def slug(text: str, *, max_length: int = 80) -> str:
    """Return ``text`` as a piece of an address: ASCII, lowercase, hyphens; never empty.

    Cut at a word where possible. Text without a single Latin letter or digit becomes a short code
    of itself, so that the page still has an address.
    """
    words = text.casefold().translate(_UNDECOMPOSED).replace(EN_DASH, "-")
    plain = slugify(words).replace("_", "-").strip("-")
    if not plain:
        return "n-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    if len(plain) <= max_length:
        return plain
    head = plain[: max_length + 1].rpartition("-")[0]
    return (head or plain)[:max_length].strip("-")


def free_slug(text: str, exists: Callable[[str], bool], *, max_length: int = 80) -> str:
    """Return the slug of ``text``, numbered when ``exists`` says that it is already taken."""
    base = slug(text, max_length=max_length - 5)
    candidate, number = base, 2
    while exists(candidate):
        candidate = f"{base}-{number}"
        number += 1
    return candidate


# --- Dates and numbers -------------------------------------------------------------------------------
def date(value: dt.date | dt.datetime | None) -> str:
    """Return "12. 11. 2020" with hard spaces; a moment counts by the local day; None is empty."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day}.{NBSP}{value.month}.{NBSP}{value.year}"


def datetime_(value: dt.datetime | None) -> str:
    """Return "12. 11. 2020 v 14:30" with hard spaces, in local time; None is empty."""
    if value is None:
        return ""
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{date(value)}{NBSP}v{NBSP}{value.hour}:{value.minute:02}"


def period(start: int | dt.date | None, end: int | dt.date | None) -> str:
    """Return "2020–2023" for years, "1. 1. 2020 – 31. 12. 2023" for days; open ends in words."""
    first, last = (
        date(end_) if isinstance(end_, dt.date) else str(end_ or "") for end_ in (start, end)
    )
    if first and last:
        if first == last:
            return first
        dash = f"{NBSP}{EN_DASH} " if NBSP in first + last else EN_DASH
        return f"{first}{dash}{last}"
    if first:
        return gettext("from %(start)s") % {"start": first}
    if last:
        return gettext("until %(end)s") % {"end": last}
    return ""


def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Return a number with hard spaces between thousands and a decimal comma; None is empty.

    Without ``places`` whole numbers have no decimals and others keep what they have.
    """
    if value is None:
        return ""
    exact = value if isinstance(value, int) else Decimal(str(value))
    text = (
        f"{exact:,.{places}f}"
        if places is not None
        else f"{exact:,f}"
        if isinstance(exact, Decimal)
        else f"{exact:,}"
    )
    return text.replace(",", NBSP).replace(".", ",").replace("-", "−")


def czk(amount: int | float | Decimal | None) -> str:
    """Return "1 291 040 Kč" with hard spaces; hellers only when there are some; None is empty."""
    if amount is None:
        return ""
    places = 0 if amount == int(amount) else 2
    return f"{number(amount, places)}{NBSP}Kč"
