"""States change here and nowhere else.

A ``Workflow`` is a table of ``Transition``s over one model. ``advance`` walks one arrow: it asks for the permission, the
guards and the source state, lets the database decide who was first (compare-and-set) and writes the event row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _t

from kpss import clock

Guard = Callable[[Any], Iterable[str]]


class TransitionRefused(Exception):
    """The arrow cannot be walked; ``reasons`` are sentences for the person who tried."""

    def __init__(self, *reasons: str):
        self.reasons = tuple(str(reason) for reason in reasons)
        super().__init__(" ".join(self.reasons))


@dataclass(frozen=True)
class Transition:
    """One arrow: from any of ``sources`` to ``target``, for who holds ``permission`` on the object.

    ``guard`` yields sentences saying why the arrow is closed now; ``needs_note`` asks for a reason.
    A transition with ``internal`` is walked by code only (another transition's consequence or the
    worker), never offered as a button, and asks no permission of the actor.
    """

    label: Any
    sources: frozenset[str]
    target: str
    permission: str = ""
    guard: Guard | None = None
    needs_note: bool = False
    internal: bool = False


@dataclass(frozen=True)
class Offer:
    """A transition as a button: its name, label, and the sentences that disable it (if any)."""

    name: str
    transition: Transition
    refusals: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.refusals


@dataclass(frozen=True)
class Workflow:
    """The arrows of one model, with the event table that remembers them.

    ``subject`` gives the object on which a permission is asked, where it is not the moved one.
    """

    event_model: type[models.Model]
    event_field: str
    transitions: dict[str, Transition]
    notify: Callable[[int], None] | None = None
    subject: Callable[[Any], models.Model] = field(default=lambda obj: obj)
    state_field: str = "state"

    def available_to(self, user, obj) -> list[Offer]:
        """The transitions that ``user`` may try on ``obj`` now, closed ones with their reasons."""
        state = getattr(obj, self.state_field)
        return [
            Offer(name, transition, tuple(str(r) for r in self._refusals(transition, obj)))
            for name, transition in self.transitions.items()
            if state in transition.sources
            and not transition.internal
            and user.has_perm(transition.permission, self.subject(obj))
        ]

    @staticmethod
    def _refusals(transition: Transition, obj) -> Iterable[str]:
        return transition.guard(obj) if transition.guard else ()

    @transaction.atomic
    def advance(
        self, obj, name: str, *, actor=None, note: str = "", changes: dict[str, Any] | None = None
    ):
        """Walk the transition ``name`` on ``obj`` and return its event.

        ``changes`` are further columns written in the same statement as the state. Raise
        PermissionDenied when the actor may not, TransitionRefused with sentences when a guard is
        closed, a reason is missing, or somebody else was first. People are told only after the
        transaction commits.
        """
        transition = self.transitions[name]
        if not transition.internal and (
            actor is None or not actor.has_perm(transition.permission, self.subject(obj))
        ):
            raise PermissionDenied
        source = getattr(obj, self.state_field)
        if source not in transition.sources:
            raise TransitionRefused(_t("This step is not possible in the present state."))
        if transition.needs_note and not note.strip():
            raise TransitionRefused(_t("Say why: a reason is required here."))
        if reasons := [str(reason) for reason in self._refusals(transition, obj)]:
            raise TransitionRefused(*reasons)

        values = {self.state_field: transition.target, **(changes or {})}
        # Compare-and-set: the database, not our copy, decides which request was first.
        claimed = type(obj)._default_manager.filter(pk=obj.pk, **{self.state_field: source})
        if not claimed.update(**values):
            raise TransitionRefused(
                _t("Somebody else has already moved this on. Load the page again.")
            )
        event = self.event_model._default_manager.create(
            **{self.event_field: obj},
            actor=actor,
            transition=name,
            from_state=source,
            to_state=transition.target,
            note=note.strip(),
            at=clock.now(),
        )
        obj.refresh_from_db(fields=list(values))
        if self.notify:
            transaction.on_commit(partial(self.notify, event.pk))
        return event

    def record_birth(self, obj, *, actor=None, note: str = ""):
        """Write the first event of a newly made object; its history starts with its making."""
        return self.event_model._default_manager.create(
            **{self.event_field: obj},
            actor=actor,
            transition="create",
            from_state="",
            to_state=getattr(obj, self.state_field),
            note=note.strip(),
            at=clock.now(),
        )
