"""The two doors to a database: a change is kept whole or leaves no trace, a look holds up nobody."""

import ast
import asyncio
import random
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, delete, insert, select, text, update
from sqlalchemy.exc import OperationalError

from storage.database import _OF_THE_WRITER, SHRED_WITHIN, Database, Pending
from storage.errors import StorageError
from storage.intakes import Intakes
from storage.locks import FileLock
from storage.schema import metadata, seen_update
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.updates import first_time
from storage.writer import Writer
from tests.storage.tables import make_tables
from tests.storage.test_record import NOW
from tests.whole import WHOLE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with this program's tables."""
    made = Database(database_url)
    made.change(make_tables)
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


def test_there_is_no_third_door() -> None:
    """Nothing public of a database is an engine, and nobody else opens one."""
    database = Database("sqlite:///unused.db")
    assert not [name for name, value in vars(database).items() if isinstance(value, Engine) and name[0] != "_"]
    database.close()
    doors = {"storage/database.py", "storage/locks.py"}  # the second elects who polls, on a session of its own
    opens = {"create_engine", "raw_connection", "_engine"}
    for package in ("bot", "flows", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            if any(one in (content := path.read_text()) for one in opens):
                names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(ast.parse(content))}
                name = str(path.relative_to(ROOT))
                assert name in doors or not names & opens, name


SHREDDED_COLUMNS = [
    (table.name, column.name)
    for table in metadata.tables.values()
    for column in table.columns
    if column.info.get("shred") and not column.primary_key
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with this program's tables, made once."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'pana.db'}")
    made.change(make_tables)
    made.close()
    assert made.file is not None
    return made.file


@pytest.fixture
def marked(tmp_path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Database, Path]]:
    """A database of a file without foreign keys, so that each table can be filled by itself."""
    monkeypatch.setattr("storage.database._OF_THE_WRITER", [one for one in _OF_THE_WRITER if "foreign_keys" not in one])
    shutil.copy(empty, tmp_path)
    database = Database(f"sqlite:///{tmp_path / 'pana.db'}")
    yield database, tmp_path
    database.close()


def stands_in(folder: Path, mark: bytes) -> bool:
    """Whether these bytes are in any file of a folder."""
    return any(mark in path.read_bytes() for path in folder.iterdir())


def a_row(table: str, mark: bytes) -> dict[str, object]:
    """A row with a mark wherever one fits."""
    return {one.name: _value(one, mark) for one in metadata.tables[table].columns}


@pytest.mark.parametrize("table", sorted(name for name, one in metadata.tables.items() if one.info.get("shred")))
def test_what_is_deleted_from_a_table_that_must_be_shredded_leaves_the_disk(
    marked: tuple[Database, Path], table: str
) -> None:
    """Nobody asks for it: the bytes are in neither the database nor its log once the change is committed."""
    database, folder = marked
    mark = f"mark-of-{table}".encode().ljust(32, b".")
    database.change(lambda tx: tx.execute(insert(metadata.tables[table]).values(**a_row(table, mark))))
    if any(isinstance(one, bytes | str) for one in a_row(table, mark).values()):
        assert stands_in(folder, mark)
    database.change(lambda tx: tx.execute(delete(metadata.tables[table])))
    assert not stands_in(folder, mark)


@pytest.mark.parametrize(("table", "column"), SHREDDED_COLUMNS)
def test_what_is_replaced_in_a_column_that_must_be_shredded_leaves_the_disk(
    marked: tuple[Database, Path], table: str, column: str
) -> None:
    """A newer value, or none: the old bytes are in neither the database nor its log."""
    database, folder = marked
    place = metadata.tables[table]
    mark, other = (f"{word}-{table}-{column}".encode().ljust(40, b".") for word in ("old", "new"))
    row = a_row(table, b"#" * 32) | {column: _value(place.c[column], mark)}
    database.change(lambda tx: tx.execute(insert(place).values(**row)))
    assert stands_in(folder, mark)
    database.change(lambda tx: tx.execute(update(place).values({column: _value(place.c[column], other)})))
    assert (stands_in(folder, mark), stands_in(folder, other)) == (False, True)
    if place.c[column].nullable:
        database.change(lambda tx: tx.execute(update(place).values({column: None})))
        assert not stands_in(folder, other)


async def test_the_log_is_emptied_within_a_second_and_not_at_every_tap(
    marked: tuple[Database, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft that is replaced over and over costs few checkpoints; the last one comes without another change."""
    database, folder = marked
    place, emptied = metadata.tables["intake"], list[float]()
    checkpoint = database.checkpoint
    monkeypatch.setattr(database, "checkpoint", lambda: emptied.append(time.monotonic()) or checkpoint())
    database.change(lambda tx: tx.execute(insert(place).values(**a_row("intake", b"#" * 32))))
    writer = Writer(database)
    writer.start()
    began = time.monotonic()
    for number in range(200):
        state = f"draft-{number:03}".encode().ljust(40, b".")
        await writer.run(lambda tx, state=state: tx.execute(update(place).values(state_sealed=state)).rowcount)
    assert len(emptied) <= 1 + (time.monotonic() - began) / SHRED_WITHIN
    await asyncio.sleep(SHRED_WITHIN + 0.2)
    assert [number for number in range(200) if stands_in(folder, f"draft-{number:03}".encode())] == [199]
    await writer.stop()


@pytest.mark.parametrize("sent", [True, False])
async def test_whoever_sends_waits_for_no_checkpoint_and_whoever_deletes_does(
    marked: tuple[Database, Path], monkeypatch: pytest.MonkeyPatch, *, sent: bool
) -> None:
    """A draft that was sent is gone within a second; one that was deleted before anybody is told that it is."""
    database, folder = marked
    place, mark, emptied = metadata.tables["intake"], b"draft".ljust(40, b"."), list[float]()
    checkpoint = database.checkpoint
    monkeypatch.setattr(database, "checkpoint", lambda: emptied.append(time.monotonic()) or checkpoint())
    database.change(lambda tx: tx.execute(insert(place).values(**a_row("intake", b"#" * 32) | {"state_sealed": mark})))
    writer = Writer(database)
    writer.start()
    intakes = Intakes(KeyRing.create(folder / "server.key"), timedelta(hours=48))
    await writer.run(lambda tx: intakes.remove(tx, b"#" * 32, sent=sent))
    assert bool(emptied) is not sent
    await asyncio.sleep(SHRED_WITHIN + 0.2 if sent else 0.0)
    assert not stands_in(folder, mark)
    await writer.stop()


@pytest.mark.parametrize("fails", ["lock", "connection", "file"])
async def test_a_log_that_cannot_be_emptied_now_ends_nothing(
    marked: tuple[Database, Path], monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """Too many open files, or a disk that is away for a moment: whoever writes goes on, and it is emptied later."""
    database, folder = marked
    place, mark, broken = metadata.tables["intake"], b"draft".ljust(40, b"."), True
    shred, enter, connected = database.shred, FileLock.__enter__, database._connected

    def shreds(**how: bool) -> float | None:
        with monkeypatch.context() as patch:
            if broken and fails == "lock":
                patch.setattr(FileLock, "__enter__", lambda _lock: no_more_files())
            elif broken:
                fault = no_connection if fails == "connection" else damaged
                patch.setattr(database, "_connected", lambda _stack: fault())
            return shred(**how)

    database.change(lambda tx: tx.execute(insert(place).values(**a_row("intake", b"#" * 32) | {"state_sealed": mark})))
    monkeypatch.setattr(database, "shred", shreds)
    writer = Writer(database)
    writer.start()
    async with asyncio.timeout(10):
        assert await writer.run(lambda tx: tx.execute(delete(place)).rowcount) == 1
        assert await writer.run(lambda _tx: "heard") == "heard"
    broken = False
    await asyncio.sleep(SHRED_WITHIN + 0.3)
    assert not stands_in(folder, mark)
    await writer.stop()
    assert (FileLock.__enter__, database._connected) == (enter, connected)


def no_more_files() -> None:
    """What opening a file says then."""
    raise OSError(24, "Too many open files")


def no_connection() -> None:
    """What SQLAlchemy says of a file that cannot be opened."""
    raise OperationalError("connect", None, Exception("unable to open database file"))


def damaged() -> None:
    """What the driver says of a page that is none."""
    raise sqlite3.DatabaseError("database disk image is malformed")


def test_a_reader_who_holds_the_log_up_is_waited_for(marked: tuple[Database, Path]) -> None:
    """What could not leave the disk leaves it once the reader is done, also when nothing else is changed."""
    database, folder = marked
    mark = b"mark".ljust(40, b".")
    database.change(lambda tx: tx.execute(insert(metadata.tables["wrap"]).values(**a_row("wrap", mark))))

    def look(reading: Reading) -> None:
        reading.execute(select(metadata.tables["wrap"].c.kid)).all()
        database.change(lambda tx: tx.execute(delete(metadata.tables["wrap"])))
        assert stands_in(folder, mark)

    database.read(look)
    time.sleep(SHRED_WITHIN)
    assert database.shred() is None
    assert not stands_in(folder, mark)


def test_every_column_that_is_not_in_clear_says_what_rests_in_it() -> None:
    """Bytes, and whatever is called sealed or a look-up: under which key, what, until when."""
    silent = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) or column.name.endswith(("_sealed", "_look_up", "_mac", "_hash"))
        if not {"rests", "holds", "until", "shred"} <= set(column.info)
    ]
    assert silent == []


def test_the_table_of_the_threat_model_is_that_of_the_schema() -> None:
    """Line by line: what the document says is what the program does."""
    text = (ROOT / "docs" / "threat-model.md").read_text()
    said = [line for line in text.splitlines() if re.match(r"\| `\w+\.\w+` \|", line)]
    assert said == [
        f"| `{table.name}.{column.name}` | {column.info['holds']} | {column.info['rests']} | {column.info['until']} |"
        for table in metadata.tables.values()
        for column in table.columns
        if "rests" in column.info
    ]


def test_what_is_deleted_leaves_no_piece_behind_in_the_pages(marked: tuple[Database, Path]) -> None:
    """Rows of many sizes come, grow, shrink and go while pages are split and joined: no byte of an old one stays.

    A hundred and sixty changes; four hundred in `make both`.
    """
    database, folder = marked
    place, chance, kept, gone = metadata.tables["relay"], random.Random(7), dict[int, bytes](), set[bytes]()
    for number in range(400 if WHOLE else 160):
        mark = b"".join(b"piece-%04d-%02d." % (number, part) for part in range(chance.randrange(1, 300)))
        row, what = number, chance.random()
        if kept and what < 0.6:
            row = chance.choice(list(kept))
            gone.add(kept.pop(row)[len("piece-") :][:4])
        if what < 0.3:
            database.change(lambda tx, row=row: tx.execute(delete(place).where(place.c.id == row)))
        elif what < 0.6:
            change = update(place).where(place.c.id == row).values(text_sealed=mark)
            database.change(lambda tx, change=change: tx.execute(change))
            kept[row] = mark
        else:
            values = a_row("relay", b"#") | {"id": row, "place": str(number), "text_sealed": mark}
            database.change(lambda tx, values=values: tx.execute(insert(place).values(**values)))
            kept[row] = mark
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    assert len(gone) > 50
    assert gone & set(re.findall(rb"piece-(\d{4})-\d\d", content)) == set()


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
