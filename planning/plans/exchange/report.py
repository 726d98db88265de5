"""What a file would do to a plan, said so that it can be kept, compared and read in any language."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from .cells import UNPRINTABLE
from .layout import SHEET_OF, Kind

SENTENCES: dict[str, str | Promise] = {
    # one cell
    "not_a_date": _("“%(value)s” is not a date. Write it as %(example)s."),
    "not_an_amount": _("“%(value)s” is not an amount. Write whole crowns, for example 120 000."),
    "amount_negative": _("“%(value)s”: an amount cannot be negative."),
    "amount_not_whole": _("“%(value)s”: write the amount in whole crowns."),
    "number_too_big": _("“%(value)s” is more than fits here. Check the number of zeros."),
    "not_a_number": _("“%(value)s” is not a number. Write it for example as 9,5."),
    "number_is_date": _(
        "Excel turned the number into the date %(value)s. Format the cell as a number and write it again."
    ),
    "too_many_decimals": _("“%(value)s” has more than two decimal places."),
    "code_is_date": _(
        "Excel turned the code into the date %(value)s. Format the cell as text and write the code again, for example 1.1.2."
    ),
    "code_missing": _("The code is missing."),
    "code_wrong": _("“%(value)s” is not a code. Write numbers with dots, for example 1.1.2."),
    "code_twice": _("The code %(code)s stands in the file more than once, on rows %(rows)s."),
    "title_missing": _("The name is missing."),
    "too_long": _("The text has %(length)s characters, at most %(limit)s fit here."),
    "unprintable": _("The text contains an invisible control character. Write it again."),
    "quotes_open": _("A quotation mark is not closed here: %(value)s"),
    # the tree
    "parent_unknown": _("The code %(code)s is neither in the file nor in the plan."),
    "parent_refused": _("The row with the code %(code)s cannot be used, so neither can this one."),
    "parent_inside": _("%(code)s cannot stand under itself."),
    "level_wrong": _(
        "“%(value)s” does not agree with the code above. Here belongs “%(expected)s”."
    ),
    "level_too_deep": _("The plan has no level so deep. Its lowest level is “%(lowest)s”."),
    "no_levels": _("The levels of this plan have no names yet. Name them first on the plan."),
    "node_missing": _("The code of the measure to which it belongs is missing."),
    "term_reversed": _("The term cannot end before it begins."),
    # names from code lists
    "group_unknown": _("The group “%(value)s” is not in the code list."),
    "target_group_unknown": _("The target group “%(value)s” is not in the code list."),
    "municipality_unknown": _("We do not know the municipality “%(value)s”."),
    "source_unknown": _("The source of funding “%(value)s” is not in the code list."),
    "source_twice": _("The source “%(value)s” is listed twice."),
    "not_in_use": _("“%(value)s” is no longer in use."),
    "organisation_unknown": _("There is no organisation with the IČO or the address “%(value)s”."),
    "organisation_ambiguous": _(
        "More organisations are called “%(value)s”. Add the IČO in square brackets, for example [%(example)s]."
    ),
    "party_twice": _("“%(value)s” is listed twice."),
    "indicator_nameless": _("The indicator has a unit or a value, but no name."),
    "indicator_twice": _("The indicator “%(value)s” is listed twice."),
    "indicator_kind_unknown": _(
        "“%(value)s” is not a kind of indicator. Choose from: %(choices)s."
    ),
    # what is said, but does not stand in the way
    "code_was_number": _(
        "Excel keeps this code as a number; we read it as %(code)s. If it should end with zero, format the cell as text."
    ),
    "column_unknown": _("We do not know the column “%(value)s”. It was passed over."),
    "sheet_unknown": _("We do not know the sheet “%(value)s”. It was passed over."),
    "sheet_absent": _(
        "The sheet “%(value)s” is not in the file. What belongs on it stays as it is."
    ),
}

FIELDS: dict[str, str | Promise] = {
    "code": _("code"),
    "parent": _("stands under"),
    "node": _("belongs to"),
    "order": _("order"),
    "title": _("title"),
    "need": _("need"),
    "goal": _("goal"),
    "description": _("description"),
    "planning_group": _("planning group"),
    "target_groups": _("target groups"),
    "municipalities": _("municipalities concerned"),
    "date_from": _("from"),
    "date_to": _("to"),
    "term_text": _("term in words"),
    "cost_planned": _("planned costs (CZK)"),
    "cost_note": _("note on costs"),
    "responsible": _("responsible"),
    "partners": _("cooperates"),
    "funding": _("sources of funding"),
    "indicators": _("indicators"),
}


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
    """What is wrong at one place, as a key of ``SENTENCES`` and its words."""

    place: Place
    kind: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The sentence without the place."""
        return str(SENTENCES[self.kind]) % self.params

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True)
class Change:
    """One field of one row: what stands in the plan and what would stand there, as in a cell."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return str(FIELDS[self.field])


@dataclass(frozen=True)
class Item:
    """One node or task in the report; ``row`` is 0 for what is not in the file."""

    kind: str
    code: str
    title: str
    row: int = 0
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        return Place(SHEET_OF[Kind(self.kind)], self.row)


@dataclass(frozen=True)
class Report:
    """The dry run: every row of the file under exactly one outcome, and what the file does not name.

    ``state`` is a fingerprint of the plan's content against which the file was compared.
    """

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
    def from_json(cls, data: dict[str, Any]) -> "Report":
        return cls(
            **{
                outcome: tuple(_item(item) for item in data[outcome])
                for outcome in ("created", "changed", "unchanged", "refused", "absent")
            },
            notices=tuple(_problem(problem) for problem in data["notices"]),
            state=data["state"],
        )


def _printable(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) else value
        for key, value in data.items()
    }


def _item(data: dict[str, Any]) -> Item:
    return Item(
        data["kind"],
        data["code"],
        data["title"],
        data["row"],
        tuple(Change(**change) for change in data["changes"]),
        tuple(_problem(problem) for problem in data["problems"]),
    )


def _problem(data: dict[str, Any]) -> Problem:
    return Problem(Place(**data["place"]), data["kind"], data["params"])
