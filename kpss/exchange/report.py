"""What a file would do, said so that it can be kept, compared and read in any language.

A room gives ``Problem`` its sentences and ``Change`` its fields in subclasses, and names them in its ``Item`` and
``Report``.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from .cells import UNPRINTABLE

Words = Mapping[str, str | Promise]

# Faults that any table may have.
SENTENCES: Words = {
    "not_a_date": _("“%(value)s” is not a date. Write it as %(example)s."),
    "too_long": _("The text has %(length)s characters, at most %(limit)s fit here."),
    "unprintable": _("The text contains an invisible control character. Write it again."),
    "column_unknown": _("We do not know the column “%(value)s”. It was passed over."),
    "sheet_unknown": _("We do not know the sheet “%(value)s”. It was passed over."),
}

OUTCOMES = ("created", "changed", "unchanged", "refused", "absent")


@dataclass(frozen=True)
class Place:
    """Where in the file: sheet, row as Excel numbers it, letters of the column (may be empty)."""

    sheet: str
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        words = {"sheet": self.sheet, "row": self.row, "column": self.column}
        if self.row and self.column:
            return _t("Sheet %(sheet)s, row %(row)s, column %(column)s") % words
        if self.row:
            return _t("Sheet %(sheet)s, row %(row)s") % words
        if self.column:
            return _t("Sheet %(sheet)s, column %(column)s") % words
        return _t("Sheet %(sheet)s") % words


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place, as a key of ``sentences`` and its words."""

    sentences: ClassVar[Words] = SENTENCES

    place: Place
    kind: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The sentence without the place."""
        return str(self.sentences[self.kind]) % self.params

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(Place(**data["place"]), data["kind"], data["params"])


@dataclass(frozen=True)
class Change:
    """One field of one row: what stands in the portal and what would stand there, as in a cell."""

    fields: ClassVar[Words] = {}

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return str(self.fields[self.field])


@dataclass(frozen=True)
class Item:
    """One thing that the report speaks of; ``row`` is 0 for what is not in the file.

    ``kind`` says what it is, ``code`` by what it is told apart, ``title`` what it is called.
    """

    problem_class: ClassVar[type[Problem]] = Problem
    change_class: ClassVar[type[Change]] = Change

    kind: str
    code: str
    title: str
    row: int = 0
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        """Where it stands in the file; the room knows on which sheet."""
        raise NotImplementedError

    @property
    def short(self) -> str:
        """How a table names it."""
        return self.code

    @property
    def rest(self) -> str:
        """What a table says of it beside the name."""
        return self.title

    @property
    def name(self) -> str:
        """How a change names it."""
        return f"{self.code} {self.title}".strip()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            data["kind"],
            data["code"],
            data["title"],
            data["row"],
            tuple(cls.change_class(**change) for change in data["changes"]),
            tuple(cls.problem_class.from_json(problem) for problem in data["problems"]),
        )


@dataclass(frozen=True)
class Report:
    """The dry run: everything in the file under exactly one outcome, and what the file does not name.

    ``state`` is a fingerprint of the content against which the file was compared, where one is needed.
    """

    item_class: ClassVar[type[Item]] = Item

    created: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    unchanged: tuple[Item, ...] = ()
    refused: tuple[Item, ...] = ()
    absent: tuple[Item, ...] = ()
    notices: tuple[Problem, ...] = ()
    state: str = ""

    @property
    def changes_anything(self) -> bool:
        return bool(self.created or self.changed)

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, in the order of the file."""
        return [problem for item in self.refused for problem in item.problems]

    def as_json(self) -> dict[str, Any]:
        """The report as a database can keep it: what no text column carries is shown as �."""
        return json.loads(json.dumps(asdict(self)), object_hook=_printable)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        problem_class = cls.item_class.problem_class
        return cls(
            **{
                outcome: tuple(cls.item_class.from_json(item) for item in data[outcome])
                for outcome in OUTCOMES
            },
            notices=tuple(problem_class.from_json(problem) for problem in data["notices"]),
            state=data["state"],
        )


def _printable(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) else value
        for key, value in data.items()
    }
