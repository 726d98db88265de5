import errno
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from documents import store
from documents.store import files
from documents.store.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_dir(settings, tmp_path):
    settings.STORE_DIR = tmp_path / "store"
    return settings.STORE_DIR


def test_put_keeps_bytes_under_their_hash():
    stored = store.put(b"plan", content_type="application/pdf")

    assert stored.sha256 == hashlib.sha256(b"plan").hexdigest()
    assert (stored.size, stored.content_type) == (4, "application/pdf")
    assert store.path(stored).parts[-3:] == (stored.sha256[:2], stored.sha256[2:4], stored.sha256)
    assert store.read(stored) == b"plan"
    assert list(files.files()) == [store.path(stored)]
    assert store.path(stored).stat().st_mode & 0o777 == 0o440


def test_put_of_the_same_bytes_gives_the_same_row():
    first = store.put(b"plan", content_type="application/pdf")
    second = store.put(b"plan", content_type="text/plain")

    assert first == second
    assert second.content_type == "application/pdf"
    assert StoredFile.objects.count() == 1


def test_put_mends_a_damaged_copy():
    stored = store.put(b"plan", content_type="application/pdf")
    _overwrite(stored, b"plaN")

    store.put(b"plan", content_type="application/pdf")

    assert store.read(stored) == b"plan"


def test_read_refuses_a_damaged_and_a_missing_file():
    stored = store.put(b"plan", content_type="application/pdf")

    _overwrite(stored, b"plaN")
    with pytest.raises(store.StoreCorrupted):
        store.read(stored)
    store.path(stored).unlink()
    with pytest.raises(store.StoreMissing):
        store.read(stored)


@pytest.mark.parametrize(
    ("number", "raised"),
    [
        (errno.ENOSPC, store.StoreFull),
        (errno.EDQUOT, store.StoreFull),
        (errno.EIO, store.StoreError),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_put_leaves_nothing_behind_when_the_disk_fails(monkeypatch, step, number, raised):
    def fail(*args):
        raise OSError(number, "no")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(raised) as caught:
        store.put(b"plan", content_type="application/pdf")

    assert type(caught.value) is raised
    assert list(files.files()) == []
    assert not StoredFile.objects.exists()


def test_put_on_a_really_full_disk_leaves_nothing(store_dir):
    store_dir.mkdir()
    script = (
        "import resource, sys, signal;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "from pathlib import Path; from documents.store import files;\n"
        "try: files._write(Path(sys.argv[1]) / 'aa' / 'bb' / 'file', b'x' * 5000)\n"
        "except OSError as error: print(error.errno)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(store_dir)], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) in files._FULL
    assert list(files.files()) == []


def test_many_writers_of_the_same_bytes_agree(store_dir):
    data = os.urandom(300_000)
    target = files.location(hashlib.sha256(data).hexdigest())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: files._write(target, data), range(40)))

    assert list(files.files()) == [target]
    assert target.read_bytes() == data


def test_two_processes_put_at_once(store_dir):
    script = (
        "import sys; from pathlib import Path; from documents.store import files;"
        "[files._write(Path(sys.argv[1]) / f'{n:02}' / 'file', b'x' * 50_000) for n in range(30)]"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(store_dir)]) for _ in range(3)]

    assert [process.wait() for process in processes] == [0, 0, 0]
    assert [found.name for found in files.files()] == ["file"] * 30


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_location_takes_nothing_but_a_hash(name):
    with pytest.raises(ValueError, match="SHA-256"):
        files.location(name)


def test_database_refuses_to_change_a_row():
    stored = store.put(b"plan", content_type="application/pdf")

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(content_type="text/html")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        stored.save()
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE store_storedfile SET size = 0")

    if connection.vendor == "sqlite":  # elsewhere a conflict becomes an UPDATE
        for taken in ("id", "sha256"):
            values = {"id": stored.pk, "sha256": stored.sha256} | (
                {"sha256": "0" * 64} if taken == "id" else {"id": stored.pk + 1}
            )
            with (
                pytest.raises(DatabaseError, match="never changes"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(
                    "REPLACE INTO store_storedfile (id, sha256, size, content_type, created_at)"
                    " VALUES (%s, %s, 0, 'text/html', '2020-01-01')",
                    [values["id"], values["sha256"]],
                )

    stored.refresh_from_db()
    assert (stored.content_type, stored.size) == ("application/pdf", 4)


def test_check_store_passes_whole_files_and_names_the_others(capsys):
    whole = store.put(b"whole", content_type="text/plain")
    call_command("check_store")
    assert "1 files are whole." in capsys.readouterr().out

    damaged = store.put(b"damaged", content_type="text/plain")
    missing = store.put(b"missing", content_type="text/plain")
    _overwrite(damaged, b"?")
    store.path(missing).unlink()
    stray = store.path(whole).with_name(files.PART_PREFIX + "x")
    stray.write_bytes(b"half")

    with pytest.raises(CommandError, match="2 of 3"):
        call_command("check_store")
    said = capsys.readouterr()
    assert sorted(said.err.split()) == sorted(
        ["damaged", damaged.sha256, "missing", missing.sha256]
    )
    assert str(stray) in said.out


def _overwrite(stored, data):
    store.path(stored).chmod(0o640)
    store.path(stored).write_bytes(data)
