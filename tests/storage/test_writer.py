"""The writer: batches commit together, failures stay alone, a full disk tells nobody "saved"."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from storage.database import Database
from storage.errors import NotKept
from storage.outbox import Due, Lane, Outbox, RowKind
from storage.schema import metadata, outbox, seen_update
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from storage.updates import first_time
from storage.writer import Writer
from tests.storage.tables import make_tables
from tests.storage.test_record import NOW


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    """A running writer on an empty database."""
    database = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    database.change(make_tables)
    found = Writer(database)
    found.start()
    yield found
    await found.stop()
    database.close()


def rows(path: Path) -> set[int]:
    """The update ids in the file, read by a connection of its own."""
    with sqlite3.connect(path) as connection:
        found = {row[0] for row in connection.execute("SELECT update_id FROM seen_update")}
    connection.close()
    return found


async def test_one_failing_change_takes_no_other_along(writer: Writer, tmp_path: Path) -> None:
    """Of 200 changes at once every seventh fails; the others are kept exactly once."""

    def change(number: int) -> "object":
        def run(tx: Tx) -> int:
            assert first_time(tx, number)
            if number % 7 == 0:
                raise ValueError(number)
            return number

        return writer.run(run)

    answers = await asyncio.gather(*(change(number) for number in range(200)), return_exceptions=True)
    kept = {one for one in answers if isinstance(one, int)}
    assert kept == {number for number in range(200) if number % 7}
    assert all(isinstance(one, ValueError) for one in answers if not isinstance(one, int))
    assert rows(tmp_path / "pana.db") == kept


async def test_a_full_disk_in_the_middle_of_a_batch_tells_nobody_saved(writer: Writer, tmp_path: Path) -> None:
    """SQLITE_FULL: whoever got an answer has their row in the file; the others may try again, and then succeed."""
    limit = "PRAGMA max_page_count = {}"

    def pages(tx: Tx) -> int:
        return int(tx.execute(text("PRAGMA page_count")).scalar_one())

    def big(number: int) -> "object":
        def run(tx: Tx) -> int:
            first_time(tx, number)
            row = {"update_id": number + 10_000, "error_class": "x" * 2000, "at": NOW}
            tx.execute(insert(metadata.tables["set_aside"]).values(**row))
            return number

        return writer.run(run)

    now = await writer.run(pages)
    await writer.run(lambda tx: tx.execute(text(limit.format(now + 6))).scalar())
    answers = await asyncio.gather(*(big(number) for number in range(64)), return_exceptions=True)
    told = {one for one in answers if isinstance(one, int)}
    assert 0 < len(told) < 64
    assert {type(one) for one in answers if not isinstance(one, int)} == {NotKept}
    assert rows(tmp_path / "pana.db") == told
    await writer.run(lambda tx: tx.execute(text(limit.format(100_000))).scalar())
    again = await asyncio.gather(*(big(number) for number in range(64) if number not in told))
    assert rows(tmp_path / "pana.db") == told | set(again) == set(range(64))


async def test_two_processes_write_beside_each_other(writer: Writer, tmp_path: Path) -> None:
    """A command that writes at the same time as the bot loses nothing and stops nobody."""
    code = (
        "import sys; from storage.database import Database\n"
        "from storage.updates import first_time\n"
        "database = Database(sys.argv[1])\n"
        "for number in range(1000, 1200):\n"
        "    database.change(lambda tx: first_time(tx, number))\n"
    )
    url = f"sqlite:///{tmp_path / 'pana.db'}"
    other = subprocess.Popen([sys.executable, "-c", code, url])
    for number in range(200):
        await writer.run(lambda tx, number=number: first_time(tx, number))
    assert await asyncio.to_thread(other.wait) == 0
    assert rows(tmp_path / "pana.db") == {*range(200), *range(1000, 1200)}


def test_a_checkpoint_that_a_reader_holds_up_says_so(tmp_path: Path) -> None:
    """With a reader open the checkpoint reports busy instead of pretending."""
    database = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    database.change(make_tables)
    database.change(lambda tx: first_time(tx, 1))
    reader = sqlite3.connect(tmp_path / "pana.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM seen_update").fetchall()
    database.change(lambda tx: first_time(tx, 2))
    assert not database.checkpoint()
    reader.close()
    assert database.checkpoint()
    assert (tmp_path / "pana.db-wal").stat().st_size == 0
    assert database.change(lambda tx: len(tx.execute(select(seen_update)).all())) == 2
    database.close()


async def test_what_somebody_waits_for_goes_before_what_may_be_done_later(tmp_path: Path) -> None:
    """A few of the others are made in each batch all the same, in their order."""
    database = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    writer, made = Writer(database), dict[object, None]()
    later = [
        asyncio.create_task(writer.run(lambda _tx, one=one: made.setdefault(one), later=True)) for one in range(20)
    ]
    await asyncio.sleep(0)
    taps = [asyncio.create_task(writer.run(lambda _tx, one=one: made.setdefault(one))) for one in "abc"]
    await asyncio.sleep(0)
    writer.start()
    await asyncio.gather(*taps, *later)
    await writer.stop()
    database.close()
    assert [*made] == [*"abc", *range(20)]


SOON = timedelta(seconds=30)
QUEUES: dict[str, tuple[bool, Callable[[Outbox, Tx], object]]] = {
    "a row that is due": (True, lambda queue, tx: queue.put(tx, RowKind.ring, key="a")),
    "a row that is due later": (False, lambda queue, tx: queue.put(tx, RowKind.ring, key="a", at=tx.now + SOON)),
    "one of two is due": (
        True,
        lambda queue, tx: [queue.put(tx, RowKind.ring, key=f"{at}", at=tx.now + at) for at in (SOON, -SOON)],
    ),
    "what waits is due now": (True, lambda queue, tx: queue.hurry(tx, "a", tx.now)),
    "what waits is due sooner": (False, lambda queue, tx: queue.hurry(tx, "a", tx.now + SOON)),
    "the next of a chain may go": (True, lambda queue, tx: queue.sent(tx, due("chain"))),
    "a row is settled": (False, lambda queue, tx: queue.sent(tx, due(None))),
    "what is due is taken": (False, lambda queue, tx: queue.take(tx)),
    "something else is kept": (False, lambda _queue, tx: first_time(tx, 1)),
}


def due(chain: str | None) -> Due:
    """A row that was taken."""
    return Due(
        id=1,
        lane=Lane.urgent,
        kind="ring",
        case_row=None,
        member_id=None,
        secret=None,
        args={},
        attempts=0,
        chain=chain,
    )


@pytest.mark.parametrize("what", QUEUES)
async def test_whoever_sends_looks_when_something_is_due_and_only_then(
    writer: Writer, tmp_path: Path, what: str
) -> None:
    """After the commit: what is not kept wakes nobody. No tap pays for a look in vain."""
    wakes, change = QUEUES[what]
    queue, woken = Outbox(KeyRing.create(tmp_path / "server.key")), list[int]()
    writer.when_queued(outbox, lambda: woken.append(len(rows(tmp_path / "pana.db"))))

    def fails(tx: Tx) -> None:
        change(queue, tx)
        first_time(tx, 2)
        raise LookupError

    with pytest.raises(LookupError):
        await writer.run(fails)
    assert woken == []
    await writer.run(lambda tx: (change(queue, tx), first_time(tx, 3)))
    await asyncio.sleep(0)
    assert bool(woken) is wakes
    assert all(woken)  # what has woken it is there


async def test_a_batch_wakes_the_loop_once(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait for it."""
    loop, woken = asyncio.get_running_loop(), []
    wake = loop.call_soon_threadsafe
    monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *given: woken.append(1) or wake(*given))
    gate = threading.Event()
    first = asyncio.create_task(writer.run(lambda _tx: gate.wait(10)))
    await asyncio.sleep(0.05)
    others = [asyncio.create_task(writer.run(lambda _tx: None)) for _ in range(30)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(first, *others)
    assert len(woken) == 2
