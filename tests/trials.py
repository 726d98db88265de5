"""How much of a trial runs, and the walker of the trial "random sequences of transitions".

The full figures of the trials take minutes to hours, so they are run by hand before a release:
``KPSS_TRIALS=full ./run test …``; docs/trials.md keeps what came of it. Each change is guarded by the everyday ones.
``KPSS_SEED`` sets another seed for everything random; a failed walk says with which seed and steps it failed.
"""

import copy
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from kpss.workflow import TransitionRefused

FARTHEST_BACK = 3  # steps
TOWARDS_RARE = 0.2  # how often the step done least is tried


def rounds(full: int, everyday: int) -> int:
    """The figure of the trial when KPSS_TRIALS=full, otherwise the one that guards each change."""
    return full if os.environ.get("KPSS_TRIALS") == "full" else everyday


def seed_of(seed: int) -> int:
    """The seed of the test, or KPSS_SEED."""
    return int(os.environ.get("KPSS_SEED", seed))


def chance(seed: int) -> random.Random:
    """Repeatable chance."""
    return random.Random(seed_of(seed))  # noqa: S311 - not a secret


class Walk:
    """Something with states, through which people click at random; made at the start of sequences.

    ``steps`` says how often each step is tried and what it does. ``memory`` is what the walk knows apart from the
    database; it goes back together with it, so nothing else may be kept between steps but keys and things that no
    step changes.
    """

    steps: ClassVar[dict[str, tuple[float, Callable]]]
    refusals: ClassVar[tuple] = (PermissionDenied, TransitionRefused, ValidationError)

    def __init__(self, dice: random.Random):
        self.dice = dice
        self.memory = SimpleNamespace()

    def choose(self) -> str:
        """The step to try now."""
        (name,) = self.dice.choices(
            list(self.steps), [often for often, _work in self.steps.values()]
        )
        return name

    def take(self, name: str) -> None:
        """Do the step."""
        self.steps[name][1](self)

    def check(self) -> None:
        """Assert what must hold at every moment."""
        raise NotImplementedError

    def ends(self) -> list[str]:
        """In what states the sequence leaves things, for the figures."""
        raise NotImplementedError


class Figures:
    """What a trial went through."""

    def __init__(self):
        self.sequences = 0
        self.done: Counter = Counter()
        self.refused: Counter = Counter()
        self.ends: Counter = Counter()

    def __str__(self):
        steps = self.done.total() + self.refused.total()
        return f"{self.sequences} sequences, {steps} steps, {self.done.total()} of them done"


def wander(begin: Callable[[random.Random], Walk], *, seed: int, sequences: int, length: int):
    """Walk random sequences of ``length`` steps, check after each step done and at each end; the Figures.

    Several sequences leave one start. Each goes back a few steps of the one before and continues otherwise, so most
    of a sequence costs nothing; in the end the database is as it was.
    """
    dice, seed = chance(seed), seed_of(seed)
    figures, began = Figures(), time.process_time()
    while figures.sequences < sequences:
        with transaction.atomic():
            walk, trail, path = begin(dice), [], []
            for _sequence in range(min(rounds(40, 8), sequences - figures.sequences)):
                _go_back(walk, trail, path, dice.randint(1, FARTHEST_BACK))
                try:
                    _walk(walk, trail, path, length, figures)
                except Exception as error:
                    error.add_note(f"Seed {seed}, sequence {figures.sequences}: {', '.join(path)}")
                    raise
                figures.sequences += 1
                figures.ends.update(walk.ends())
            transaction.set_rollback(True)
    print(f"{begin.__name__} on {connection.vendor}, seed {seed}: {figures}, "
          f"{time.process_time() - began:.0f} s of the processor")  # fmt: skip
    return figures


def _walk(walk: Walk, trail: list, path: list, length: int, figures: Figures) -> None:
    while len(path) < length:
        trail.append((transaction.savepoint(), copy.deepcopy(walk.memory)))
        rare = walk.dice.random() < TOWARDS_RARE
        name = min(walk.steps, key=figures.done.__getitem__) if rare else walk.choose()
        path.append(name)
        try:
            walk.take(name)
        except walk.refusals:
            figures.refused[name] += 1
        else:
            figures.done[name] += 1
            walk.check()
    walk.check()


def _go_back(walk: Walk, trail: list, path: list, steps: int) -> None:
    """Take back the last steps, both in the database and in what the walk remembers."""
    if not trail:
        return
    savepoint, walk.memory = trail[-steps]
    transaction.savepoint_rollback(savepoint)
    del trail[-steps:], path[-steps:]
