"""What a change knows it does not ask again, and what it gathers it writes together: within one change alone."""

from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, event, insert, select, text, update

from storage.database import Database
from storage.outbox import Outbox, RowKind
from storage.schema import outbox, seen_update, set_aside
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from tests.storage.tables import make_tables
from tests.storage.test_record import NOW


@pytest.fixture
def database(database_url: str) -> Database:
    """With this program's tables."""
    made = Database(database_url)
    made.change(make_tables)
    return made


def count(tx: Reading) -> int:
    """How many updates were seen, as far as it is known."""
    return tx.once("seen", [seen_update], lambda: len(tx.execute(select(seen_update)).all()))


def see(tx: Tx, number: int) -> None:
    """One more."""
    tx.execute(insert(seen_update).values(update_id=number, at=tx.now))


def test_what_a_change_has_found_is_asked_again_after_it_has_written_there(database: Database) -> None:
    """Of another table what is written changes nothing."""

    def change(tx: Tx) -> list[object]:
        tx.know("seen", [seen_update], 7)
        tx.execute(insert(set_aside).values(update_id=1, error_class="X", at=tx.now))
        before = count(tx)
        see(tx, 1)
        return [before, count(tx)]

    assert database.change(change, at=NOW) == [7, 1]
    database.close()


def test_who_has_waited_for_a_lock_sees_what_the_other_has_done(database: Database) -> None:
    """Whatever it locked; but what holds for the whole change is still known."""

    def change(tx: Tx) -> list[object]:
        tx.know("seen", [seen_update], 7)
        tx.know("for good", (), 7)
        tx.execute(select(set_aside).with_for_update()).all()
        return [count(tx), tx.once("for good", (), lambda: 0)]

    assert database.change(change, at=NOW) == [0, 7]
    database.close()


def test_the_next_change_and_who_only_looks_know_nothing_of_it(database: Database) -> None:
    """Not even when the change before was thrown away."""

    def fails(tx: Tx) -> None:
        see(tx, 1)
        assert count(tx) == 1
        raise LookupError

    with pytest.raises(LookupError):
        database.change(fails, at=NOW)
    assert database.change(count, at=NOW) == 0
    database.change(lambda tx: see(tx, 1), at=NOW)
    assert database.read(lambda tx: [tx.know("seen", [seen_update], 7), count(tx)][1]) == 1
    database.close()


def test_rows_of_the_outbox_are_written_together_in_their_order(database: Database, tmp_path: Path) -> None:
    """Also where some are there already, of which only the time changes; a key that is put twice is one row."""
    queue, asked = Outbox(KeyRing.create(tmp_path / "server.key")), list[str]()

    def puts(tx: Tx, *keys: str, what: str = "first") -> None:
        for key in keys:
            queue.put(tx, RowKind.news, args={"what": what}, key=key)

    database.change(lambda tx: puts(tx, "b"), at=NOW)
    event.listen(database._engine, "before_cursor_execute", lambda *said: asked.append(str(said[2])))
    database.change(lambda tx: puts(tx, "c", "b", "a", "c", what="second"), at=NOW)
    runs = 2  # each change is rehearsed (tests/rehearsal.py)
    assert len([one for one in asked if one.startswith("INSERT")]) == runs
    taken = database.change(queue.take, at=NOW)
    assert [due.args["what"] for due in taken] == ["first", "second", "second"]
    found = database.read(lambda tx: tx.execute(select(outbox.c.dedupe_key).order_by(outbox.c.id)).scalars().all())
    assert list(found) == ["b", "c", "a"]
    database.close()


def test_what_was_gathered_is_there_for_whoever_asks_the_outbox_in_the_same_change(
    database: Database, tmp_path: Path
) -> None:
    """Whether it waits, and to be dropped."""
    queue = Outbox(KeyRing.create(tmp_path / "server.key"))

    def change(tx: Tx) -> list[bool]:
        queue.put(tx, RowKind.news, key="a")
        return [queue.waits(tx, "a"), queue.drop(tx, "a"), queue.waits(tx, "a")]

    assert database.change(change, at=NOW) == [True, True, False]
    assert not database.change(queue.take, at=NOW)
    database.close()


ABOUT_THE_OUTBOX = {
    "rows": select(outbox.c.id),
    "rows of another table by it": select(seen_update.c.update_id).where(
        seen_update.c.update_id.not_in(select(outbox.c.id))
    ),
    "a change": update(outbox).values(attempts=3),
    "a removal": delete(outbox).where(outbox.c.attempts == 0),
    "words": text("SELECT count(*) FROM outbox"),
}


@pytest.mark.parametrize("statement", ABOUT_THE_OUTBOX.values(), ids=ABOUT_THE_OUTBOX)
def test_whatever_a_statement_is_about_is_written_before_it(
    database: Database, tmp_path: Path, statement: Executable
) -> None:
    """Nobody has to remember it, wherever the statement stands; one about another table writes nothing."""
    queue, asked = Outbox(KeyRing.create(tmp_path / "server.key")), list[str]()
    event.listen(database._engine, "before_cursor_execute", lambda *said: asked.append(str(said[2])))

    def change(tx: Tx) -> list[int]:
        queue.put(tx, RowKind.news, key="a")
        places = list[int]()
        for one in (select(set_aside.c.update_id), statement):
            tx.execute(one)
            places.append(sum(each.startswith("INSERT INTO outbox") for each in asked))
        asked.clear()
        return places

    assert database.change(change, at=NOW) == [0, 1]
    database.close()
