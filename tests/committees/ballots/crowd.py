"""Many people at once: work shared out among forked processes, each with connections of its own."""

import os
import pickle
import traceback
from collections.abc import Callable, Sequence

from django.db import connections

PROCESSES = 5


def at_once(works: Sequence[Callable[[], object]], processes: int = PROCESSES) -> list:
    """Run the works in forked processes that begin together; return what came of each, in order.

    What a work raises is returned as text, so that the test sees it.
    """
    connections.close_all()
    held, start = os.pipe()
    shares = [range(first, len(works), processes) for first in range(min(processes, len(works)))]
    children = [_fork(works, share, held, start) for share in shares]
    os.close(held)
    os.close(start)  # whoever waits at the other end goes
    results: list = [None] * len(works)
    for pid, pipe, share in children:
        with os.fdopen(pipe, "rb") as answers:
            data = answers.read()
        os.waitpid(pid, 0)
        for index, result in zip(share, pickle.loads(data), strict=True):  # noqa: S301 - our own
            results[index] = result
    return results


def _fork(works, share, held, start) -> tuple:
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read, share
    try:
        os.close(read)
        os.close(start)
        os.read(held, 1)
        results = [_outcome(works[index]) for index in share]
        connections.close_all()
        with os.fdopen(write, "wb") as answers:
            answers.write(pickle.dumps(results))
    finally:
        os._exit(0)


def _outcome(work):
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
        return f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
