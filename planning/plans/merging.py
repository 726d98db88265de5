"""Two people edited the same thing: what each of them changed, and what the form should show now.

Pure functions over plain values (``planning.plans.values.plain``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merged:
    """``values`` for the form; ``taken`` are fields only the other person changed, ``clashing`` those both did."""

    values: dict[str, Any]
    taken: list[str]
    clashing: list[str]


def merge(loaded: Mapping[str, Any], saved: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """Put together what was loaded, what somebody else has saved since, and what I have written.

    What I did not touch takes the saved value. What we both changed keeps mine and is named, so that
    nothing is overwritten unseen and nothing written is lost.
    """
    values, taken, clashing = {}, [], []
    for field, my_value in mine.items():
        values[field] = my_value
        if saved[field] in (loaded[field], my_value):
            continue
        if my_value == loaded[field]:
            values[field] = saved[field]
            taken.append(field)
        else:
            clashing.append(field)
    return Merged(values, taken, clashing)
