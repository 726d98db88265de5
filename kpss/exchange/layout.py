"""A workbook as a form: columns of its sheets, and how a heading written by hand is recognised.

Names of sheets and columns are Czech in every language of the portal: they belong to the file, and a file filled in
last year must come back whole.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_ROWS = 5_000
HEADING_ROWS = 10  # how far down the row with headings may stand
LONGEST_CELL = 32_767  # characters, the limit of Excel

_REMEMBERED = 200  # characters; a column repeats names, not essays


@dataclass(frozen=True)
class Column:
    """One column of a sheet: the key in the code, the heading, other headings it answers to."""

    key: str
    heading: str
    width: int
    aliases: tuple[str, ...] = ()
    is_text: bool = False
    wraps: bool = False
    choices: str = ""  # column of the sheet of code lists whose values are offered
    choices_bind: bool = True


def plain(text: str) -> str:
    """``text`` as it is compared: small letters without accents, words apart by one space."""
    return _plain(text) if len(text) <= _REMEMBERED else _plain.__wrapped__(text)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    marks_apart = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in marks_apart if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", letters))


def letters_of(index: int) -> str:
    """The letters over the column: 0 is A, 25 Z, 26 AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
