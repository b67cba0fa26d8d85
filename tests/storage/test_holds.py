"""What the database holds on to: what was said to be saved is in the file, what was deleted is not."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from storage.database import Database
from storage.errors import NotKept, StorageError
from storage.schema import case_file, seen_update, wrap
from storage.tx import Reading, Tx
from storage.updates import first_time
from storage.writer import Writer
from tests.storage.tables import make_tables
from tests.storage.test_record import NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty one on SQLite."""
    made = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    made.change(make_tables)
    yield made
    made.close()


def known(database: Database) -> set[int]:
    """The numbers of updates that are kept."""
    return set(database.read(lambda tx: tx.execute(select(seen_update.c.update_id)).scalars().all()))


def test_nobody_is_told_saved_about_a_transaction_that_was_rolled_back_underneath(database: Database) -> None:
    """As SQLite does by itself on a full disk, where the COMMIT that follows succeeds without doing anything."""

    def change(tx: Tx) -> None:
        first_time(tx, 1)
        raw: Any = tx.connection.connection.dbapi_connection
        raw.execute("ROLLBACK")

    with pytest.raises(NotKept):
        database.change(change, at=NOW)
    assert known(database) == set()
    database.change(lambda tx: first_time(tx, 2), at=NOW)
    assert known(database) == {2}


def test_what_a_reader_holds_up_leaves_the_disk_once_they_are_done(database: Database, tmp_path: Path) -> None:
    """The log is emptied later, not never; meanwhile it is known that something waits."""
    log = tmp_path / "pana.db-wal"
    with sqlite3.connect(tmp_path / "pana.db", isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM seen_update").fetchone()
        database.shred_soon()
        database.change(lambda tx: first_time(tx, 1), at=NOW)
        assert not database.shredded(0.05)
        assert log.stat().st_size > 0
        reader.execute("COMMIT")
    reader.close()
    assert database.shredded(10)
    assert log.stat().st_size == 0


def test_an_answer_that_was_confirmed_survives_a_power_cut_and_what_was_deleted_is_overwritten(
    database: Database,
) -> None:
    """`synchronous=FULL` (2), `secure_delete` and `foreign_keys` (sqlite.org/pragma.html)."""

    def setting(name: str) -> int:
        return int(database.change(lambda tx: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()))

    assert [setting(name) for name in ("synchronous", "secure_delete", "foreign_keys")] == [2, 1, 1]


def test_a_row_of_a_case_that_there_is_not_is_refused(database: Database) -> None:
    """Nothing is left over of a case that goes."""
    row = {"kid": "00", "case_row": 77, "member_id": None, "sealed": b"x"}
    with pytest.raises(StorageError):
        database.change(lambda tx: tx.execute(insert(wrap).values(**row)), at=NOW)
    assert database.read(lambda tx: tx.execute(select(case_file.c.id)).all()) == []


def test_who_only_looks_cannot_change_anything(database: Database) -> None:
    """Not even by the way."""

    def look(tx: Reading) -> None:
        tx.connection.execute(insert(seen_update).values(update_id=1, at=NOW))

    with pytest.raises(StorageError):
        database.read(look)
    assert known(database) == set()


def test_what_follows_a_change_happens_once_and_only_when_it_was_kept(database: Database) -> None:
    """Whatever was tried before."""
    told: list[int] = []

    def change(tx: Tx, number: int) -> None:
        tx.after(lambda: told.append(number))
        if number == 1:
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the change's own
        database.change(lambda tx: change(tx, 1))
    database.change(lambda tx: change(tx, 2))
    assert told == [2]


async def test_of_one_chat_what_was_asked_first_is_done_first(database: Database) -> None:
    """Chats are put in an order, so that two processes do not wait for each other; within one it stays as it was."""
    done: list[tuple[int, int]] = []
    writer = Writer(database)
    futures = []
    import asyncio

    for number in range(12):
        place = number % 3
        futures.append(
            asyncio.ensure_future(
                writer.run(lambda tx, p=place, n=number: tx.after(lambda: done.append((p, n))), place=place)
            )
        )
    await asyncio.sleep(0)
    writer.start()
    await asyncio.gather(*futures)
    await writer.stop()
    assert done == sorted(done)
