"""A lock between processes and threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import NotKept, Refused, StorageError
from storage.locks import FileLock
from storage.sealing.keyring import KeyRing
from storage.tx import Tx


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("same", [True, False])
def test_one_thread_holds_it_at_a_time_and_nothing_stays_open(tmp_path: Path, same: bool) -> None:
    """Whether they share one lock or each has its own; taken again by its holder, and left by an error, too."""
    shared, before, inside, most = FileLock(tmp_path / "lock"), open_files(), [0], [0]

    def works(number: int) -> None:
        lock = shared if same else FileLock(tmp_path / "lock")
        for _ in range(20):
            with lock, lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0002 * (number % 3))
                inside[0] -= 1
            with pytest.raises(ZeroDivisionError), lock:
                raise ZeroDivisionError

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(works, range(8)))
    assert (most, inside) == ([1], [0])
    assert open_files() == before


def test_who_holds_it_for_life_keeps_everybody_out(tmp_path: Path) -> None:
    """Until the process ends; who tries and fails leaves no file open."""
    assert FileLock(tmp_path / "lock").try_for_life()
    before = open_files()
    assert not FileLock(tmp_path / "lock").try_for_life()
    assert open_files() == before
    waits = threading.Thread(target=FileLock(tmp_path / "lock").__enter__, daemon=True)
    waits.start()
    waits.join(0.1)
    assert waits.is_alive()


@pytest.mark.parametrize("first", [0, 1, 2])
def test_by_whatever_name_a_database_is_opened_it_is_one(tmp_path: Path, first: int) -> None:
    """Two bots under two names would take each other's updates, and two writers may damage the file (SQLite's WAL)."""
    real, links = tmp_path / "real", tmp_path / "links"
    real.mkdir()
    links.mkdir()
    (real / "pana.db").touch()
    (links / "to-the-file.db").symlink_to(real / "pana.db")
    (links / "to-the-folder").symlink_to(real)
    names = [real / "pana.db", links / "to-the-file.db", links / "to-the-folder" / "pana.db"]
    bots = [Database(f"sqlite:///{name}") for name in names]
    bots[first].claim_for_bot()
    for other in {0, 1, 2} - {first}:
        with pytest.raises(Refused, match="another `pana run` works on this database"):
            bots[other].claim_for_bot()
    assert [one.name for one in links.iterdir() if not one.is_symlink()] == []


def test_what_stands_behind_a_link_is_mended_and_the_link_stays(tmp_path: Path) -> None:
    """The key file is written anew where it is, and links that lead in a circle are no crash."""
    KeyRing.create(tmp_path / "real.key")
    (tmp_path / "server.key").symlink_to(tmp_path / "real.key")
    KeyRing.load(tmp_path / "server.key").rotate()
    assert (tmp_path / "server.key").is_symlink()
    assert KeyRing.load(tmp_path / "real.key").numbers == [1, 2]
    (tmp_path / "circle.db").symlink_to(tmp_path / "circle.db")
    with closing(Database(f"sqlite:///{tmp_path / 'circle.db'}")) as circle, pytest.raises((StorageError, OSError)):
        circle.change(lambda _tx: None)


@pytest.mark.parametrize("lock", ["pana.db.lock", "server.key.lock"])
def test_a_lock_that_cannot_be_taken_is_not_the_fault_of_the_change(tmp_path: Path, lock: str) -> None:
    """Too many open files, a mode, a full disk: the same change may be run again, and nobody's update is set aside."""
    ring = KeyRing.create(tmp_path / "server.key")
    (tmp_path / lock).mkdir()

    def change(_tx: Tx) -> bytes:
        return ring.drafts.seal(date(2026, 11, 20), "intake", "state", "1", b"options")

    with closing(Database(f"sqlite:///{tmp_path / 'pana.db'}")) as database:
        with pytest.raises(NotKept, match=f"{lock}: is a folder"):
            database.change(change)
        (tmp_path / lock).rmdir()
        assert ring.drafts.open("intake", "state", "1", database.change(change)) == b"options"
