"""How SQLite's journal modes bear several processes that read and then write (docs/adr/0006-journal-mode.md).

Run ``python -m tests.benchmarks.journal_modes``; it prints one line a mode with the ratio to the first.
"""

import multiprocessing
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

SECONDS = 5
WRITERS = 4
READERS = 2
TIMEOUT = 20

# Seconds a writer waits after each transaction.
LOADS = [("Without rest", 0), ("A busy office", 0.05)]

# Name, how transactions begin, what every connection says first.
MODES = [
    (
        "TRUNCATE, IMMEDIATE, FULL",
        "IMMEDIATE",
        "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL",
    ),
    ("DELETE, IMMEDIATE, FULL", "IMMEDIATE", "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"),
    ("WAL, IMMEDIATE, FULL", "IMMEDIATE", "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"),
    ("WAL, IMMEDIATE, NORMAL", "IMMEDIATE", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"),
    (
        "TRUNCATE, DEFERRED, FULL",
        "DEFERRED",
        "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL",
    ),
    ("WAL, DEFERRED, FULL", "DEFERRED", "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"),
]


def connect(path, commands):
    connection = sqlite3.connect(path, timeout=TIMEOUT, isolation_level=None)
    for command in commands.split(";"):
        connection.execute(command)
    return connection


def write(path, begin, commands, pause, until, results):
    """Read a row, then write it and an event, as a transition of the workflow does."""
    connection = connect(path, commands)
    times, locked, number = [], 0, 0
    while time.monotonic() < until:
        number += 1
        started = time.monotonic()
        try:
            connection.execute(f"BEGIN {begin}")
            (count,) = connection.execute(
                "SELECT count FROM version WHERE id = ?", [number % 50]
            ).fetchone()
            connection.execute(
                "UPDATE version SET count = ? WHERE id = ?", [count + 1, number % 50]
            )
            connection.execute("INSERT INTO event (note) VALUES (?)", ["x" * 200])
            connection.execute("COMMIT")
            times.append(time.monotonic() - started)
        except sqlite3.OperationalError:
            locked += 1
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        time.sleep(pause)
    results.put(("write", times, locked))


def read(path, commands, until, results):
    connection = connect(path, commands)
    times, locked = [], 0
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            connection.execute("SELECT sum(count) FROM version").fetchone()
            connection.execute("SELECT * FROM event ORDER BY id DESC LIMIT 30").fetchall()
            times.append(time.monotonic() - started)
        except sqlite3.OperationalError:
            locked += 1
        time.sleep(0.002)
    results.put(("read", times, locked))


def measure(begin, commands, pause):
    """Return writes a second, the slowest writes and reads of a hundred in ms, and refusals."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "db.sqlite3")
        connection = connect(path, commands)
        connection.executescript(
            "CREATE TABLE version (id INTEGER PRIMARY KEY, count INTEGER NOT NULL);"
            "CREATE TABLE event (id INTEGER PRIMARY KEY, note TEXT NOT NULL);"
        )
        connection.executemany("INSERT INTO version VALUES (?, 0)", [(n,) for n in range(50)])
        connection.close()
        results = multiprocessing.Queue()
        until = time.monotonic() + SECONDS
        jobs = [(write, (path, begin, commands, pause, until, results))] * WRITERS
        jobs += [(read, (path, commands, until, results))] * READERS
        processes = [multiprocessing.Process(target=job, args=args) for job, args in jobs]
        for process in processes:
            process.start()
        answers = [results.get() for _ in processes]
        for process in processes:
            process.join()
        (total,) = sqlite3.connect(path).execute("SELECT sum(count) FROM version").fetchone()
        (sound,) = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()
    writes = [t for kind, times, _ in answers for t in times if kind == "write"]
    reads = [t for kind, times, _ in answers for t in times if kind == "read"]
    assert total == len(writes), "a write was lost"
    assert sound == "ok", sound
    locked = sum(locked for _, _, locked in answers)
    return len(writes) / SECONDS, slowest(writes), slowest(reads), locked


def slowest(times):
    return statistics.quantiles(times, n=100)[98] * 1000


def main():
    for load, pause in LOADS:
        print(
            f"{load}: SQLite {sqlite3.sqlite_version}, {WRITERS} writing and {READERS} reading"
            f" processes, {SECONDS} s"
        )
        base = None
        for name, begin, commands in MODES:
            rate, write_ms, read_ms, locked = measure(begin, commands, pause)
            base = base or rate
            print(
                f"  {name:26} {rate:6.0f} writes/s ({rate / base:5.2f})  "
                f"p99 write {write_ms:7.1f} ms  read {read_ms:6.1f} ms  refused {locked}"
            )


if __name__ == "__main__":
    main()
