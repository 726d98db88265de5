"""The page on which minutes are written: facts, a field for each text, what is wrong with it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django import forms

from .content import ItemContent, MinutesContent
from .forms import EditorForm
from .selectors import names_in_facts
from .services.writing import ITEM, Saved, mark
from .texts import names_outside, unbalanced


@dataclass(frozen=True)
class Field:
    """One text: its control, the mark of what it was filled with, and what is to be said under it.

    ``theirs`` is what somebody else wrote meanwhile, None when nothing clashes; ``names`` are words
    that look like surnames that are not public; ``faults`` sentences about brackets; ``refused`` why
    it could not be saved at all.
    """

    name: str
    control: forms.BoundField
    seen: str
    item: ItemContent | None = None
    theirs: str | None = None
    faults: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    names_in_facts: tuple[str, ...] = ()
    saved_at: datetime.datetime | None = None
    refused: str = ""

    @property
    def seen_name(self) -> str:
        return f"seen-{self.name}"

    @property
    def their_name(self) -> str:
        return f"their-{self.name}"

    @property
    def their_mark(self) -> str:
        return "" if self.theirs is None else mark(self.theirs)

    @property
    def is_internal(self) -> bool:
        return self.item is not None and self.item.is_internal


@dataclass(frozen=True)
class EditorPage:
    """What the page draws: ``content`` as it was read for it, the form, and what became of a save."""

    content: MinutesContent
    form: EditorForm
    saved: Saved | None = None

    @cached_property
    def fields(self) -> list[Field]:
        """The fields in the order of the minutes."""
        return [self.field(name) for name in self.form.names]

    @property
    def has_faults(self) -> bool:
        """Whether something has to be put right before the page may be left."""
        return any(field.theirs is not None or field.faults for field in self.fields)

    @property
    def faulty(self) -> Iterator[Field]:
        return (field for field in self.fields if field.theirs is not None or field.faults)

    @cached_property
    def _items(self) -> dict[str, ItemContent]:
        return {f"{ITEM}{item.key}": item for item in self.content.all_items()}

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return self.content.hidden_surnames()

    def field(self, name: str, *, now: datetime.datetime | None = None) -> Field:
        """The field of that name; ``now`` is said as the moment when it was saved."""
        item = self._items.get(name)
        text = self.form[name].value() or ""
        clashes = self.saved is not None and name in self.saved.clashing
        stands = self.saved.stands.get(name, "") if self.saved else ""
        is_internal = item is not None and item.is_internal
        fault = unbalanced(text)
        errors = [str(error) for error in self.form[name].errors]
        return Field(
            name=name,
            control=self.form[name],
            seen=self._seen(name, clashes, stands),
            item=item,
            theirs=stands if clashes else None,
            faults=tuple(filter(None, [*errors, fault])),
            names=() if is_internal else tuple(names_outside(text, self._hidden)),
            names_in_facts=tuple(names_in_facts(item, self._hidden)) if item else (),
            saved_at=None if clashes else now,
        )

    def _seen(self, name: str, clashes: bool, stands: str) -> str:
        """A clashing text keeps its old mark, so that nothing but a decision writes over the other one."""
        if clashes or self.saved is None:
            return str(self.form[f"seen-{name}"].value() or "")
        return mark(stands)
