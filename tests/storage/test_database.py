"""The two doors to a database: a change is kept whole or leaves no trace, a look holds up nobody."""

import ast
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mypy import api as mypy
from sqlalchemy import Engine, delete, insert, select, text

from storage.database import _OF_THE_WRITER, Database, Pending
from storage.errors import StorageError
from storage.schema import metadata, seen_update
from storage.tx import Reading, Tx
from storage.updates import first_time
from tests.storage.test_record import NOW

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with this program's tables."""
    made = Database(database_url)
    made.change(lambda tx: metadata.create_all(tx.connection))
    yield made
    made.close()


def kept(database: Database) -> int:
    """How many rows there are."""
    return database.read(lambda reading: len(reading.execute(select(seen_update.c.update_id)).all()))


def test_what_follows_a_change_happens_only_if_it_is_kept(database: Database) -> None:
    """Of three changes in one batch the second fails: its effect is thrown away with its rows."""
    happened: list[int] = []

    def change(number: int, tx: Tx) -> int:
        first_time(tx, number)
        tx.after(lambda: happened.append(number))
        if number == 2:
            raise ValueError(number)
        return number

    batch = [Pending(lambda tx, number=number: change(number, tx), NOW) for number in (1, 2, 3)]
    database.run_batch(batch)
    assert [one.answer for one in batch if one.error is None] == [1, 3]
    assert happened == [1, 3]
    assert kept(database) == 2


def test_an_effect_that_fails_takes_nothing_back_and_stops_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The change is committed by then; only the kind of the failure is logged."""
    happened: list[str] = []

    def change(tx: Tx) -> str:
        first_time(tx, 1)
        tx.after(lambda: int("said by a person"))
        tx.after(lambda: happened.append("second"))
        return "kept"

    assert database.change(change) == "kept"
    assert (happened, kept(database)) == (["second"], 1)
    assert "ValueError" in caplog.text
    assert "person" not in caplog.text


def test_every_change_of_a_test_runs_twice_and_is_kept_once(database: Database) -> None:
    """So a change that alters memory is seen to do it twice."""
    runs: list[object] = []

    def change(tx: Tx) -> bool:
        runs.append(tx)
        return first_time(tx, 7)

    assert database.change(change) is True
    assert (len(runs), kept(database)) == (2, 1)


def test_a_transaction_has_a_moment_and_a_name(database: Database) -> None:
    """The name is the function's, also when it is handed in as a lambda or with some arguments filled in."""

    def look(tx: Reading) -> tuple[object, str]:
        return tx.now, tx.name

    assert database.read(look, at=NOW) == (NOW, "test_a_transaction_has_a_moment_and_a_name")
    assert database.change(lambda tx: tx.name) == "test_a_transaction_has_a_moment_and_a_name"


def test_a_look_sees_one_snapshot_and_delays_no_change(database: Database) -> None:
    """While a reader holds its snapshot open a change is committed, at once, and the reader does not see it."""
    opened, done = threading.Event(), threading.Event()
    seen: list[int] = []

    def look(reading: Reading) -> None:
        query = select(seen_update.c.update_id)
        seen.append(len(reading.execute(query).all()))
        opened.set()
        assert done.wait(10)
        seen.append(len(reading.execute(query).all()))

    reader = threading.Thread(target=database.read, args=(look,))
    reader.start()
    assert opened.wait(10)
    began = time.monotonic()
    database.change(lambda tx: first_time(tx, 1))
    assert time.monotonic() - began < 1.0
    done.set()
    reader.join(10)
    assert seen == [0, 0]
    assert kept(database) == 1


def test_a_look_cannot_write(database: Database) -> None:
    """Not even past the types."""

    def write(reading: Reading) -> None:
        reading.connection.execute(insert(seen_update).values(update_id=1, at=NOW))

    with pytest.raises(StorageError):
        database.read(write)
    assert kept(database) == 0


def test_mypy_tells_reading_from_changing(tmp_path: Path) -> None:
    """Whoever was given a `Reading` can neither change anything nor call who does."""
    code = (
        "from sqlalchemy import delete\nfrom storage.schema import muted\nfrom storage.tx import Reading\n"
        "from storage.updates import first_time\n"
        "def look(tx: Reading) -> None:\n"
        "    tx.execute(delete(muted))\n"
        "    first_time(tx, 1)\n"
        "    tx.after(print)\n"
    )
    (tmp_path / "looks.py").write_text(code)
    said, _, status = mypy.run(["--strict", "--config-file=", str(tmp_path / "looks.py")])
    assert status == 1
    wrong = {line.split(":")[1] for line in said.splitlines() if ": error: " in line}
    assert wrong == {"6", "7", "8"}


def test_there_is_no_third_door() -> None:
    """Nothing public of a database is an engine, and nobody else opens one."""
    database = Database("sqlite:///unused.db")
    assert not [name for name, value in vars(database).items() if isinstance(value, Engine) and name[0] != "_"]
    database.close()
    doors = {"storage/database.py", "storage/locks.py"}  # the second elects who polls, on a session of its own
    for package in ("bot", "flows", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(ast.parse(path.read_text()))}
            name = str(path.relative_to(ROOT))
            assert name in doors or not names & {"create_engine", "raw_connection", "_engine"}, name


@pytest.mark.parametrize("table", sorted(name for name, one in metadata.tables.items() if one.info.get("shred")))
def test_what_is_deleted_from_a_table_that_must_be_shredded_leaves_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """Nobody asks for it: the bytes are in neither the database nor its log once the change is committed."""
    monkeypatch.setattr("storage.database._OF_THE_WRITER", [one for one in _OF_THE_WRITER if "foreign_keys" not in one])
    database = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    database.change(lambda tx: metadata.create_all(tx.connection))
    mark = f"mark-of-{table}".encode().ljust(32, b".")
    values = {one.name: _value(one, mark) for one in metadata.tables[table].columns}

    def here() -> bool:
        return any(mark in path.read_bytes() for path in tmp_path.iterdir())

    database.change(lambda tx: tx.execute(insert(metadata.tables[table]).values(**values)))
    assert here()
    database.change(lambda tx: tx.execute(delete(metadata.tables[table])))
    assert not here()
    database.close()


def test_a_commit_that_fails_keeps_nothing_and_harms_no_later_change(database: Database) -> None:
    """A constraint that is looked at only at COMMIT; on SQLite the failed COMMIT leaves its transaction open."""
    for made in (
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
    ):
        database.change(lambda tx, made=made: tx.connection.execute(text(made)))
    with pytest.raises(StorageError):
        database.change(lambda tx: tx.connection.execute(text("INSERT INTO child VALUES (1)")))
    assert database.change(lambda tx: first_time(tx, 1))
    assert kept(database) == 1


def _value(column: object, mark: bytes) -> object:
    kind = column.type.python_type  # type: ignore[attr-defined]
    if kind is bytes:
        return mark
    return {int: 1, str: mark.decode()}.get(kind, NOW)
