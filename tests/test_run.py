"""What `./run` says to a newcomer who mistypes; that it starts the portal, CI shows by using it."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def run(*arguments):
    return subprocess.run(
        ["./run", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )


def test_help_names_every_command():
    answer = run("help")

    assert answer.returncode == 0
    for command in ("./run 0.0.0.0:8080", "./run manage", "./run test", "./run lint"):
        assert command in answer.stdout


def test_unknown_command_shows_help():
    answer = run("strat")

    assert answer.returncode == 2
    assert answer.stderr.startswith("Příkaz „strat“ neznám.\n./run ")


@pytest.mark.parametrize("address", ["0", "99999", "127.0.0.1:80000", "127.0.0.1:x1", "x:-1"])
def test_unreadable_address_is_explained(address):
    answer = run(address)

    assert answer.returncode == 1
    assert answer.stderr == (
        f"Adrese „{address}“ nerozumím. Napište ji takto: ./run 127.0.0.1:8000\n"
    )


@pytest.mark.skipif(
    Path(sys.prefix) != PROJECT / ".venv", reason="would set up an environment beside this one"
)
def test_taken_port_is_explained():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        answer = run(f"127.0.0.1:{port}")

    assert answer.returncode == 1
    assert answer.stderr == (
        f"Port {port} je obsazený, něco na něm už běží. Ukončete to, nebo spusťte portál jinde:\n"
        f"    ./run 127.0.0.1:{port + 1}\n"
    )
