"""A lock between processes and threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.locks import FileLock


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
