"""The outbox: what is queued anew on its way goes out again, and who is called goes before what is tidied up."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.outbox import TAKEN_FOR, Lane, Outbox, RowKind
from storage.sealing.keyring import KeyRing
from tests.storage.tables import make_tables
from tests.storage.test_record import NOW


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """An empty one."""
    return Outbox(KeyRing.create(tmp_path / "server.key"))


@pytest.fixture
def database(database_url: str) -> Database:
    """With this program's tables."""
    made = Database(database_url)
    made.change(make_tables)
    return made


def test_news_that_came_while_a_row_was_on_its_way_goes_out_as_well(database: Database, outbox: Outbox) -> None:
    """What was drawn did not know it yet: what is settled is what was taken, not what was queued since."""
    database.change(lambda tx: outbox.put(tx, RowKind.alert, key="alert"), at=NOW)
    (taken,) = database.change(outbox.take, at=NOW)
    database.change(lambda tx: outbox.put(tx, RowKind.alert, key="alert"), at=NOW)
    database.change(lambda tx: outbox.sent(tx, taken), at=NOW)
    (again,) = database.change(outbox.take, at=NOW)
    assert (again.kind, again.attempts) == (RowKind.alert, 0)
    database.change(lambda tx: outbox.sent(tx, again), at=NOW)
    assert not database.change(outbox.take, at=NOW + TAKEN_FOR)
    database.close()


def test_who_had_a_row_before_it_was_queued_anew_neither_settles_it_nor_puts_it_off(
    database: Database, outbox: Outbox
) -> None:
    """It may have been taken again since: what fails then, or is lost with its process, would be lost for good."""
    database.change(lambda tx: outbox.put(tx, RowKind.alert, key="alert"), at=NOW)
    (before,) = database.change(outbox.take, at=NOW)
    database.change(lambda tx: outbox.put(tx, RowKind.alert, key="alert"), at=NOW)
    (again,) = database.change(outbox.take, at=NOW)
    assert [database.change(lambda tx, due=due: outbox.is_as_taken(tx, due)) for due in (before, again)] == [0, 1]
    database.change(lambda tx: outbox.later(tx, before, NOW + TAKEN_FOR * 9, "TryAgain"), at=NOW)
    database.change(lambda tx: outbox.sent(tx, before), at=NOW)
    database.change(lambda tx: outbox.later(tx, again, NOW, "TryAgain"), at=NOW)
    (tried,) = database.change(outbox.take, at=NOW)
    assert (tried.id, tried.attempts) == (again.id, 1)
    database.change(lambda tx: outbox.sent(tx, tried), at=NOW)
    assert not database.change(lambda tx: outbox.is_as_taken(tx, tried))
    database.close()


def test_what_is_on_its_way_stays_taken_and_what_was_put_off_is_due_when_it_was_said(
    database: Database, outbox: Outbox
) -> None:
    """Also when it is held by whoever has just put it off, or had it before it was queued anew."""
    for key in ("held", "put off", "anew"):
        database.change(lambda tx, key=key: outbox.put(tx, RowKind.alert, key=key), at=NOW)
    rows = database.change(outbox.take, at=NOW)
    database.change(lambda tx: outbox.later(tx, rows[1], NOW + timedelta(seconds=1), "TryAgain"), at=NOW)
    database.change(lambda tx: outbox.put(tx, RowKind.alert, key="anew"), at=NOW)
    database.change(lambda tx: outbox.go_on(tx, rows), at=NOW)
    due = database.change(outbox.take, at=NOW + timedelta(seconds=2))  # a time rests in whole seconds
    assert {one.id for one in due} == {rows[1].id, rows[2].id}
    database.change(lambda tx: outbox.go_on(tx, rows[:1]), at=NOW + TAKEN_FOR - timedelta(seconds=1))
    again = database.change(outbox.take, at=NOW + TAKEN_FOR * 2 - timedelta(seconds=2))
    assert {one.id for one in again} == {rows[1].id, rows[2].id}
    database.close()


def test_what_is_urgent_is_taken_first_however_much_was_queued_before(database: Database, outbox: Outbox) -> None:
    """Of a flood of removals and cards only as much is taken as fits beside the calls."""
    flood = [RowKind.blank, RowKind.news, RowKind.line] * 40
    queued = [*flood, RowKind.ring, RowKind.offer, RowKind.outside]
    for number, kind in enumerate(queued):
        database.change(lambda tx, kind=kind, number=number: outbox.put(tx, kind, key=str(number)), at=NOW)
    lanes: list[Lane] = []
    while rows := database.change(lambda tx: outbox.take(tx, 10), at=NOW):
        lanes += [due.lane for due in rows]
    assert lanes[:3] == [Lane.urgent] * 3
    assert lanes == sorted(lanes)
    assert len(lanes) == len(queued)
    database.close()
