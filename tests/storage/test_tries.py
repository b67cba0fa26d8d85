"""A row of the outbox on its way: nobody else takes it, each try counts, and it comes back if nobody settles it."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.outbox import TAKEN_FOR, Outbox, RowKind
from storage.sealing.keyring import KeyRing
from tests.storage.tables import make_tables
from tests.storage.test_record import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """An empty one."""
    return Outbox(ring=KeyRing.create(tmp_path / "server.key"))


@pytest.fixture
def database(tmp_path: Path, outbox: Outbox) -> Database:
    """With one row that is due."""
    made = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    made.change(make_tables)
    made.change(lambda tx: outbox.put(tx, RowKind.alert, key="alert"), at=NOW)
    return made


def test_what_is_on_its_way_is_taken_by_nobody_else_and_due_again_if_nobody_settles_it(
    database: Database, outbox: Outbox
) -> None:
    """For half a minute."""
    assert len(database.change(outbox.take, at=NOW)) == 1
    assert database.change(outbox.take, at=NOW + TAKEN_FOR - SECOND) == []
    assert len(database.change(outbox.take, at=NOW + TAKEN_FOR)) == 1
    database.close()


def test_each_try_counts_so_that_the_next_one_waits_longer(database: Database, outbox: Outbox) -> None:
    """Whoever sends it works out the pause from the number."""
    moment = NOW
    for tries in range(3):
        (due,) = database.change(outbox.take, at=moment)
        assert due.attempts == tries
        moment += timedelta(minutes=1)
        database.change(lambda tx, due=due, at=moment: outbox.later(tx, due, at, "CallError"), at=moment)
    database.close()


def test_what_a_crashed_process_had_in_hand_counts_as_tried_and_is_due_at_once(
    database: Database, outbox: Outbox
) -> None:
    """It may have been sent, and it may be what ended the process."""
    database.change(outbox.take, at=NOW)
    assert database.change(outbox.due_again, at=NOW + SECOND) == 1
    (due,) = database.change(outbox.take, at=NOW + SECOND)
    assert due.attempts == 1
    database.close()
