"""Whom a row means: somebody in the portal, or somebody new; several rows may mean one person."""

from collections import defaultdict
from dataclasses import dataclass, field

from kpss import phones
from kpss.exchange.cells import CellProblem

from .parser import Row
from .references import People, PersonState, name_key
from .report import Change


@dataclass
class Subject:
    """One person whom rows of the file mean, and what they say of them.

    ``key`` is the person's key, or words for somebody new; ``said`` has what was given and where.
    """

    key: int | str
    state: PersonState | None
    by_email: bool
    said: dict[str, tuple[str, int]] = field(default_factory=dict)
    bare_row: int = 0  # the row that says nothing of a seat
    is_wanted: bool = False  # some good row speaks of them

    @property
    def is_administrator(self) -> bool:
        return bool(self.state and self.state.is_superuser)

    @property
    def values(self) -> dict[str, str]:
        """Columns of the person that the file gives."""
        return {name: value for name, (value, _row) in self.said.items()}

    @property
    def changes(self) -> list[Change]:
        return self.changes_by(self.values)

    @property
    def outcome(self) -> str:
        if self.state is None:
            return "created"
        return "changed" if self.changes else "unchanged"

    @property
    def email(self) -> str:
        return self.values.get("email") or (self.state.email if self.state else "")

    @property
    def name(self) -> str:
        """First and last name as they would be."""
        names = [
            self.values.get(name) or (getattr(self.state, name) if self.state else "")
            for name in ("first_name", "last_name")
        ]
        return " ".join(name for name in names if name)

    def changes_by(self, given: dict[str, str]) -> list[Change]:
        """What differs from the portal; a phone number written otherwise is the same."""
        if self.state is None:
            return []
        changes = []
        for name, value in given.items():
            old = getattr(self.state, name)
            is_same = old == value or (name == "phone" and phones.href(old) == phones.href(value))
            if not is_same:
                changes.append(Change(name, old, value))
        return changes

    def take(self, row: Row, given: dict[str, str]) -> None:
        """Remember what a good row says."""
        self.is_wanted = True
        if not row.has_seat:
            self.bare_row = row.number
        for name, value in given.items():
            self.said.setdefault(name, (value, row.number))


class Matching:
    """By the e-mail, else by first and last name when only one person has them."""

    def __init__(self, people: People):
        self._people = people
        self._subjects: dict[int | str, Subject] = {}
        self._new_by_name: dict[str, list[Subject]] = defaultdict(list)
        self._owner: dict[str, tuple[str, int]] = {}  # e-mail → name and row that brought it

    def subject(self, row: Row) -> Subject:
        """The person whom the row means; raise CellProblem with what makes it unclear."""
        email = row.values.get("email", "")
        key = name_key(row.values.get("first_name", ""), row.values["last_name"])
        if not email:
            return self._by_name(key, row)
        name, number = self._owner.setdefault(email, (key, row.number))
        if name != key:
            raise CellProblem("email_of_two", email=email, row=str(number))
        if state := self._people.by_email.get(email):
            return self._known(state, by_email=True)
        namesakes = self._people.by_name.get(key, [])
        if other := next((one for one in namesakes if one.email), None):
            raise CellProblem("other_email", name=row.name, email=other.email)
        if len(namesakes) > 1:
            raise CellProblem("name_ambiguous", name=row.name)
        if namesakes:
            return self._known(namesakes[0], by_email=False)
        return self._new(email, key)

    def _by_name(self, key: str, row: Row) -> Subject:
        known = self._people.by_name.get(key, [])
        new = self._new_by_name.get(key, [])
        if len(known) + len(new) > 1:
            raise CellProblem("name_ambiguous", name=row.name)
        if known:
            return self._known(known[0], by_email=False)
        return new[0] if new else self._new(f"|{key}", key)

    def _known(self, state: PersonState, *, by_email: bool) -> Subject:
        return self._subjects.setdefault(state.pk, Subject(state.pk, state, by_email))

    def _new(self, words: str, key: str) -> Subject:
        if words not in self._subjects:
            self._subjects[words] = Subject(words, None, by_email=True)
            self._new_by_name[key].append(self._subjects[words])
        return self._subjects[words]
