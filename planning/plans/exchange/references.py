"""Names in cells ↔ rows of the directory and of code lists, in both directions without loss.

Writing checks itself: a name is written plainly only when reading would find the very same thing, otherwise something
that says more is written, such as "Charita [99000148]".
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from kpss.codelists import CodeItem
from kpss.territory.models import Municipality
from planning.plans.models import FundingSource
from providers.directory.models import Organisation, PlanningGroup, TargetGroup

from . import cells
from .cells import CellProblem
from .layout import plain
from .snapshot import FundingState, PartyState

ONLY_TEXT = "text"  # "[text]" after a name: nothing in the directory is meant
_MARKED = re.compile(r"(.*?)[ \u00a0]?\[([^\[\]]*)\]", re.DOTALL)
_OFFICES = ("", "obec ", "mesto ", "mestys ")


@dataclass(frozen=True)
class Party:
    organisation: int | None
    name: str


@dataclass(frozen=True)
class Money:
    source: int
    amount: int | None
    note: str


@dataclass
class Codes:
    """A code list by label and by code; ``current`` are the keys that may be newly chosen."""

    problem: str
    labels: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    current: set[int] = field(default_factory=set)
    _by_words: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_code: dict[str, int] = field(default_factory=dict)

    def add(self, pk: int, code: str, label: str, *, is_current: bool) -> None:
        self.labels[pk], self.codes[pk] = label, code
        self._by_words[plain(label)].append(pk)
        self._by_code[code] = pk
        if is_current:
            self.current.add(pk)

    def find(self, text: str) -> int:
        """The key of what ``text`` names: its code, its label, or a beginning of one label only.

        Raise CellProblem when nothing, or more than one thing, answers to it.
        """
        if text in self._by_code:
            return self._by_code[text]
        words = plain(text)
        found = self._by_words.get(words, [])
        if len(found) == 1:
            return found[0]
        if not found and words:
            starts = [
                pks for label, pks in self._by_words.items() if f"{label} ".startswith(f"{words} ")
            ]
            if len(starts) == 1 and len(starts[0]) == 1:
                return starts[0][0]
        raise CellProblem(self.problem, value=text[:80])

    def write(self, pk: int) -> str:
        """The label, or the code where the label would not be understood."""
        try:
            if self.find(self.labels[pk]) == pk:
                return self.labels[pk]
        except CellProblem:
            pass
        return self.codes[pk]

    def write_all(self, pks: Collection[int]) -> str:
        """Labels of a set of items as one cell, in the order of the list."""
        return cells.join_items(self.write(pk) for pk in self.labels if pk in pks)

    def choices(self) -> list[str]:
        """What is offered in the sheet of code lists, in the order of the list."""
        return [self.write(pk) for pk in self.labels if pk in self.current]


class References:
    """Everything that names in cells may mean. Five queries."""

    def __init__(self) -> None:
        today = timezone.localdate()
        self.groups = _code_list(PlanningGroup, "group_unknown", today)
        self.target_groups = _code_list(TargetGroup, "target_group_unknown", today)
        self.sources = _code_list(FundingSource, "source_unknown", today)
        self.municipalities = Codes("municipality_unknown")
        for pk, code, name in Municipality.objects.order_by("sort_key").values_list(
            "pk", "csu_code", "name"
        ):
            self.municipalities.add(pk, code, name, is_current=True)
        self.organisations: dict[int, str] = {}
        self._marks: dict[int, str] = {}
        self._by_mark: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._offices: dict[str, int] = {}
        self._read_organisations()

    def _read_organisations(self) -> None:
        for pk, name, ico, slug, municipality in Organisation.objects.order_by(
            "sort_key", "pk"
        ).values_list("pk", "name", "ico", "slug", "represents__name"):
            self.organisations[pk] = name
            self._marks[pk] = ico or slug
            self._by_mark[slug] = pk
            if ico:
                self._by_mark[ico] = pk
            self._by_name[plain(name)].append(pk)
            if municipality:
                for office in _OFFICES:
                    self._offices[office + plain(municipality)] = pk

    def party(self, text: str) -> Party:
        """A party as written: a name from the directory, "Name [IČO]", a municipality, or other words.

        Raise CellProblem when the mark in brackets leads nowhere or the name to more organisations.
        """
        if match := _MARKED.fullmatch(text):
            name, mark = match[1], match[2].removeprefix("IČO").strip(" \u00a0")
            if name and mark == ONLY_TEXT:
                return Party(None, name)
            if mark in self._by_mark:
                pk = self._by_mark[mark]
                return Party(pk, name or self.organisations[pk])
            if re.fullmatch(r"\d{8}", mark):
                raise CellProblem("organisation_unknown", value=mark)
        found = self._by_name.get(plain(text), [])
        if len(found) > 1:
            raise CellProblem(
                "organisation_ambiguous", value=text[:80], example=self._marks[found[0]]
            )
        organisation = found[0] if found else self._offices.get(plain(text))
        if plain(text) and organisation:
            return Party(organisation, self.organisations[organisation])
        return Party(None, text)

    def write_party(self, party: Party | PartyState) -> str:
        mark = self._marks[party.organisation] if party.organisation else ONLY_TEXT
        try:
            read = self.party(party.name)
        except CellProblem:
            return f"{party.name} [{mark}]"
        same = (read.organisation, read.name) == (party.organisation, party.name)
        return party.name if same else f"{party.name} [{mark}]"

    def organisation_choices(self) -> list[str]:
        """Organisations in the Czech order as they are written into a cell."""
        return [self.write_party(Party(pk, name)) for pk, name in self.organisations.items()]

    def money(self, text: str) -> Money:
        """A funding line: "Rozpočet města", "Rozpočet města: 120000", "Nadace: 5000 [přislíbeno]".

        Raise CellProblem when the source is not in the code list or the amount is not one.
        """
        fault: CellProblem | None = None
        for head, note in _notes(text):
            for name, amount in _amounts(head):
                try:
                    source = self.sources.find(name)
                    return Money(source, cells.as_amount(amount) if amount else None, note)
                except CellProblem as problem:
                    # A wrong amount of a known source says more than an unknown source.
                    if fault is None or fault.kind == "source_unknown":
                        fault = problem
        assert fault
        raise fault

    def write_money(self, line: Money | FundingState) -> str:
        amount = "" if line.amount is None else f": {line.amount}"
        note = f" [{line.note}]" if line.note else ""
        text = f"{self.sources.write(line.source)}{amount}{note}"
        try:
            read = self.money(text)
        except CellProblem:
            read = None
        if read == Money(line.source, line.amount, line.note):
            return text
        return f"{self.sources.codes[line.source]}{amount}{note}"

    def write_parties(self, parties: Iterable[Party | PartyState]) -> str:
        return cells.join_items(self.write_party(party) for party in parties)

    def write_funding(self, lines: Iterable[Money | FundingState]) -> str:
        return cells.join_items(self.write_money(line) for line in lines)


def _notes(text: str) -> list[tuple[str, str]]:
    """Ways to part the note in brackets from what stands before it; the last one is "no note"."""
    starts = re.finditer(r"[ \u00a0]?\[", text) if text.endswith("]") else ()
    return [*((text[: at.start()], text[at.end() : -1]) for at in starts), (text, "")]


def _amounts(head: str) -> list[tuple[str, str]]:
    name, colon, amount = head.rpartition(":")
    return (
        [(head, ""), (name.strip(), amount.strip())] if colon and amount.strip() else [(head, "")]
    )


def _code_list(model: type[CodeItem], problem: str, today: datetime.date) -> Codes:
    codes = Codes(problem)
    for item in model.objects.order_by("position", "code"):
        is_current = (
            item.is_active
            and (item.valid_from is None or item.valid_from <= today)
            and (item.valid_to is None or item.valid_to >= today)
        )
        codes.add(item.pk, item.code, item.name_cs, is_current=is_current)
    return codes
