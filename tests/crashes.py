"""Work in processes that are killed: at a random moment, or exactly before a chosen step with the database."""

import os
import random
import signal
import time
from collections.abc import Callable

from django.db import connection, connections


def in_child(work: Callable[[], object]) -> int:
    """Run ``work`` in a forked process with connections of its own; returns its process id."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            connections.close_all()
            os._exit(code)
    return child


def seconds_of(work: Callable[[], object]) -> float:
    """How long the whole work takes in a child of its own."""
    began = time.monotonic()
    os.waitpid(in_child(work), 0)
    return time.monotonic() - began


def kill_within(work: Callable[[], object], seconds: float) -> None:
    """Kill -9 the child after so many seconds of its work, or after it has ended."""
    child = in_child(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def steps_of(work: Callable[[], object]) -> int:
    """How many statements and commits the work makes, counted in a child that finishes it."""
    read, write = os.pipe()
    os.waitpid(in_child(lambda: _count(work, write)), 0)
    os.close(write)
    with os.fdopen(read) as answer:
        return int(answer.read())


def kill_before(work: Callable[[], object], step: int) -> bool:
    """Kill -9 the child just before that statement or commit, the first is 1; whether it came to it."""

    def dying():
        _each_step(lambda number: number == step and os.kill(os.getpid(), signal.SIGKILL))
        work()

    _pid, status = os.waitpid(in_child(dying), 0)
    return os.WIFSIGNALED(status)


def spread(steps: int, kills: int, dice: random.Random) -> list[int]:
    """So many steps, evenly from the first to the last; all in turn when there are more kills than steps."""
    if kills >= steps:
        return [1 + number % steps for number in range(kills)]
    width = steps / kills
    return [1 + int(number * width + dice.random() * width) for number in range(kills)]


def _count(work, write: int) -> None:
    made = []
    _each_step(made.append)
    work()
    os.write(write, str(len(made)).encode())


def _each_step(told: Callable[[int], object]) -> None:
    """Tell the number of each statement and commit just before it; in a child, for the rest of its life."""
    number = 0
    commit = connection._commit

    def step():
        nonlocal number
        number += 1
        told(number)

    def execute_and_tell(execute, *statement):
        step()
        return execute(*statement)

    def commit_and_tell():
        step()
        return commit()

    connection.execute_wrappers.append(execute_and_tell)
    connection._commit = commit_and_tell
