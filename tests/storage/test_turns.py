"""Of several processes one at a time may change a message of a member's chat."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from storage import turns
from storage.database import Database
from storage.outbox import TAKEN_FOR
from storage.schema import turn
from storage.tx import Tx
from tests.storage.test_record import NOW

ALERT, LATER = "alert:2:1", NOW + TAKEN_FOR - timedelta(seconds=1)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """With this program's tables."""
    made = Database(migrated_url)
    yield made
    made.close()


def begins(database: Database, holder: str, at: datetime = NOW, message: str = ALERT) -> bool:
    """Whether a process has the turn."""
    return database.change(lambda tx: turns.begins(tx, message, holder), at=at)


def ends(database: Database, holder: str) -> bool:
    """Whether a process still had it."""
    return database.change(lambda tx: turns.ends(tx, ALERT, holder), at=NOW)


def test_whoever_has_a_turn_has_it_alone_until_it_is_given_back(database: Database) -> None:
    """At that message; whoever has it may begin anew."""
    assert [begins(database, holder) for holder in ("one", "other", "one")] == [True, False, True]
    assert begins(database, "other", message="alert:2:2")
    assert not ends(database, "other")
    assert not begins(database, "other")
    assert ends(database, "one")
    assert begins(database, "other")


def test_a_turn_is_over_with_the_time_of_a_row(database: Database) -> None:
    """Unless it goes on. Who has lost it learns that, and takes it from nobody."""
    assert begins(database, "one")
    assert not begins(database, "other", LATER)
    database.change(lambda tx: turns.goes_on(tx, ALERT, "one"), at=LATER)
    assert not begins(database, "other", NOW + TAKEN_FOR)
    assert begins(database, "other", LATER + TAKEN_FOR)
    database.change(lambda tx: turns.goes_on(tx, ALERT, "one"), at=LATER + TAKEN_FOR * 9)
    assert not ends(database, "one")
    assert ends(database, "other")


def test_what_a_killed_process_has_left_behind_is_forgotten(database: Database) -> None:
    """A row names a case."""
    count = select(func.count()).select_from(turn)
    assert begins(database, "one")
    left = []
    for at in (LATER, NOW + TAKEN_FOR):
        database.change(turns.forget_old, at=at)
        left.append(database.change(lambda tx: tx.execute(count).scalar_one()))
    assert left == [1, 0]


@pytest.mark.once  # what runs twice lets go of its locks in between
@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("there", [False, True])
def test_of_two_that_ask_at_once_one_has_the_turn(database: Database, migrated_url: str, there: bool) -> None:
    """The second waits for the commit of the first, which it could not see yet; also at a turn that is over."""
    other, found, asked, go = Database(migrated_url), dict[str, bool](), threading.Event(), threading.Event()
    assert not there or begins(database, "killed", NOW - TAKEN_FOR)

    def asks(tx: Tx) -> bool:
        has = turns.begins(tx, ALERT, "one")
        asked.set()
        assert go.wait(10)
        return has

    def first() -> None:
        found["one"] = database.change(asks, at=NOW)

    def second() -> None:
        found["other"] = begins(other, "other")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert asked.wait(10)
    threads[1].start()
    until = time.monotonic() + 10
    while not waits(other) and time.monotonic() < until:
        time.sleep(0.005)
    go.set()
    for thread in threads:
        thread.join(10)
    other.close()
    assert found == {"one": True, "other": False}


def waits(database: Database) -> bool:
    """Whether a connection to this database waits for what another has locked."""
    locked = text("datname = current_database() AND wait_event_type = 'Lock'")
    query = select(func.count()).select_from(text("pg_stat_activity")).where(locked)
    return database.read(lambda tx: tx.execute(query).scalar_one()) > 0
