"""Runs the benchmarks in a test database of their own and prints their ratios."""

import importlib
import os
import pkgutil
import platform

from django.db import connection
from django.test.utils import (
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)

from kpss.catalogues import compile_catalogues
from tests import benchmarks


def run(wanted: list[str]) -> int:
    """Run the benchmarks named by ``wanted`` (all when empty); return the exit code."""
    compile_catalogues()
    setup_test_environment()
    try:
        return _run_all(wanted)
    finally:
        teardown_test_environment()


def _run_all(wanted: list[str]) -> int:
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if module.name.startswith("bench_")
        and (not wanted or module.name.removeprefix("bench_") in wanted)
    )
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {connection.vendor}")
    print(f"{'what':<58} {'ours':>10} {'baseline':>10} {'ratio':>7} {'limit':>6}  note")
    rows = [row for name in names for row in _run(name)]
    return 0 if all(row.is_within for row in rows) else 1


def _run(name: str) -> list[benchmarks.Row]:
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        rows = importlib.import_module(f"tests.benchmarks.{name}").run()
    finally:
        teardown_databases(databases, verbosity=0)
    for row in rows:
        limit = f"{row.at_most:g}" if row.at_most is not None else ""
        mark = "" if row.is_within else "  ABOVE THE LIMIT"
        print(
            f"{row.name:<58} {_seconds(row.ours_s):>10} {_seconds(row.baseline_s):>10}"
            f" {row.ratio:>7.3f} {limit:>6}  {row.note}{mark}",
            flush=True,
        )
    return rows


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"
