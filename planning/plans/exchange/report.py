"""What a file would do to a plan: the sentences and fields of ``kpss.exchange.report`` for plans."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kpss.exchange import report
from kpss.exchange.report import Place, Words

from .layout import SHEET_OF, Kind

__all__ = ["FIELDS", "SENTENCES", "Change", "Item", "Place", "Problem", "Report"]

SENTENCES: Words = {
    **report.SENTENCES,
    # one cell
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
    "sheet_absent": _(
        "The sheet “%(value)s” is not in the file. What belongs on it stays as it is."
    ),
}

FIELDS: Words = {
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
class Problem(report.Problem):
    """What is wrong with a row of a plan."""

    sentences: ClassVar[Words] = SENTENCES


@dataclass(frozen=True)
class Change(report.Change):
    """One field of a node or a task: what stands in the plan and what would stand there."""

    fields: ClassVar[Words] = FIELDS


@dataclass(frozen=True)
class Item(report.Item):
    """One node or task in the report."""

    problem_class: ClassVar[type[report.Problem]] = Problem
    change_class: ClassVar[type[report.Change]] = Change

    @property
    def place(self) -> Place:
        return Place(SHEET_OF[Kind(self.kind)], self.row)


@dataclass(frozen=True)
class Report(report.Report):
    """The dry run of a plan's file; ``state`` is a fingerprint of the plan's content."""

    item_class: ClassVar[type[report.Item]] = Item
