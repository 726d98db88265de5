"""What a file would do with people and seats: the sentences and fields of ``kpss.exchange.report``."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpss.exchange import report
from kpss.exchange.report import Place, Words

from .layout import PEOPLE_SHEET

SENTENCES: Words = {
    **report.SENTENCES,
    # a person
    "last_name_missing": _("The last name is missing."),
    "email_wrong": _("“%(value)s” is not an e-mail address. Write it as jana@example.cz."),
    "phone_wrong": _("“%(value)s” is not a phone number. Write it as 777 123 456."),
    "name_ambiguous": _(
        "More people are called %(name)s. Add the e-mail by which we tell them apart."
    ),
    "other_email": _(
        "%(name)s is in the portal with the e-mail %(email)s. If it is the same person, change the"
        " e-mail in the administration; if it is somebody else, add them there."
    ),
    "email_of_two": _(
        "The e-mail %(email)s is on row %(row)s beside another name. Each person needs their own."
    ),
    "administrator": _("The account of an administrator is changed by administrators only."),
    "row_twice": _("The same is on row %(row)s. Leave only one of them."),
    "contradicts": _("Row %(row)s says “%(value)s” of the same person. Make them the same."),
    # a seat
    "committee_missing": _("The committee to which the seat belongs is missing."),
    "committee_unknown": _("There is no committee “%(value)s”. Choose from the code list."),
    "committee_ambiguous": _("More committees are called “%(value)s”. Write the whole name."),
    "role_unknown": _("“%(value)s” is not a role. Choose from: %(choices)s."),
    "side_unknown": _("“%(value)s” is not a side of the triad. Choose from: %(choices)s."),
    "side_missing": _("A new seat needs a side of the triad."),
    "from_missing": _("The day from which the new seat holds is missing."),
    "dates_reversed": _("The seat would end on %(to)s, before it begins on %(from)s."),
    "seat_overlaps": _(
        "This person already sits there from %(from)s to %(to)s. Begin on a later day, or end that"
        " seat first."
    ),
    "seat_overlaps_open": _(
        "This person already sits there from %(from)s. Write the same day to correct that seat, or"
        " end it first."
    ),
    "committee_away": _("The committee did not exist on %(day)s."),
    "organisation_unknown": _(
        "We do not know the organisation “%(value)s”. Choose from the code list or write its IČO."
    ),
    "organisation_ambiguous": _(
        "More organisations are called “%(value)s”. Write the IČO, for example %(example)s."
    ),
}

FIELDS: Words = {
    "title_before": _("title before the name"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "title_after": _("title after the name"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "role": _("role"),
    "side": _("side of the triad"),
    "organisation": _("organisation"),
    "function": _("function"),
    "valid_to": pgettext_lazy("field of a seat", "until"),
}


@dataclass(frozen=True)
class Problem(report.Problem):
    """What is wrong with a row of people."""

    sentences: ClassVar[Words] = SENTENCES


@dataclass(frozen=True)
class Change(report.Change):
    """One field of a person or a seat: what stands in the portal and what would stand there."""

    fields: ClassVar[Words] = FIELDS


@dataclass(frozen=True)
class Item(report.Item):
    """One person or one seat; the code is the person's e-mail."""

    problem_class: ClassVar[type[report.Problem]] = Problem
    change_class: ClassVar[type[report.Change]] = Change

    @property
    def place(self) -> Place:
        return Place(PEOPLE_SHEET, self.row)

    @property
    def short(self) -> str:
        return self.title or self.code

    @property
    def rest(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return f"{self.title}, {self.code}" if self.code else self.title


@dataclass(frozen=True)
class Report(report.Report):
    """The dry run of a file with people. What the file does not name is not looked for."""

    item_class: ClassVar[type[report.Item]] = Item
