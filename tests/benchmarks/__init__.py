"""What must be fast, measured beside what it is compared with, both in one run on one machine.

``python -m tests.benchmarks`` runs every module ``bench_*.py`` here and prints ratios. A module has
``run() -> list[Row]``; it finds an empty migrated test database and Django's test environment.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One comparison in seconds: ours against the baseline, with the ratio allowed (if any)."""

    name: str
    ours_s: float
    baseline_s: float
    note: str = ""
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours_s / self.baseline_s

    @property
    def is_within(self) -> bool:
        return self.at_most is None or self.ratio <= self.at_most


def in_turns(
    ours: Callable[[], object],
    baseline: Callable[[], object],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Median seconds of both, called in turns, so that a busy machine slows both alike.

    ``time.process_time`` as the clock counts the processor only, for work that waits for nothing.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(rounds):
        pair = ((ours, times[0]), (baseline, times[1]))
        for call, taken in pair if round_ % 2 else reversed(pair):
            began = clock()
            call()
            taken.append(clock() - began)
    return statistics.median(times[0]), statistics.median(times[1])
