"""The instance that talks in process have one after the other: a folder that is made equal to what each begins with.

Its database stays open. To open one anew, and to have SQLite prepare each statement anew, takes as long as half of what
most tests tell. What the bot keeps in memory is each talk's own; so are the rows: before a talk they are those that it
begins with, and in the file and its log nothing is left of others. Elsewhere, and in `make both`, each has a copy.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from sqlalchemy import event

from storage import database as databases
from storage.database import Database
from storage.schema import metadata
from tests.bot.in_process import BESIDE

T = TypeVar("T")
_DATABASE, _KEYS = "pana.db", "server.key"
_WRITTEN_ONCE = {"flow_revision": "revision"}  # large rows that never change, and what they are known by
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Contents:
    """What an instance holds: every row by table, and the key file, which has a key for each day.

    A table stands behind those that it refers to.
    """

    rows: Mapping[str, Rows] = field(repr=False)
    keys: bytes = field(repr=False)


class Stand:
    """One in a process, in a folder of its own. Who has it says so to nobody else: it is theirs until it is back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.begins, self.free = folder, folder, True
        self._known: dict[Path, tuple[Contents, Mapping[str, bytes]]] = {}
        self._kept: Database | None = None
        self._lent: Database | None = None
        self._made: tuple[int, int] | None = None
        self.untouched = False  # nobody has opened the database since its rows were put here

    def make(self, begins: Path) -> None:
        """The folder is that of another instance from here on."""
        if begins not in self._known:
            self._known[begins] = _all_in(begins)
        contents, files = self._known[begins]
        for one in self.folder.iterdir():
            if not one.name.startswith(_DATABASE) and files.get(one.name) != (
                one.read_bytes() if one.is_file() else b""
            ):
                shutil.rmtree(one) if one.is_dir() else one.unlink()
        for name in files.keys() - {one.name for one in self.folder.iterdir()}:
            shutil.copy(begins / name, self.folder / name)
        if self._kept is None:
            shutil.copy(begins / _DATABASE, self.folder / _DATABASE)
            self._kept = Database(f"sqlite:///{self.folder / _DATABASE}")
            event.remove(self._kept._engine, "after_execute", self._kept._notice)
            for engine in (self._kept._engine, self._kept._reading):
                event.listen(engine, "begin", self._touched)
            self._made = self._is()
        self.put(contents)
        self.begins = begins

    @contextlib.contextmanager
    def opened(self, opens: Callable[[], T], database_of: Callable[[T], Database]) -> Iterator[T]:
        """Whoever opens the database of the folder has the connections that are open already."""
        kept = self._kept
        assert kept is not None
        kept._let_go()
        with mock.patch.multiple(databases, _writing=lambda _: kept._engine, _reading=lambda _: kept._reading):
            who = opens()
        made = database_of(who)
        made._lock = None  # nobody else writes
        self._lent = made
        databases._OPEN.discard(made)  # a command does not close it
        try:
            yield who
        finally:
            self._lent = None
            made._let_go()
            event.remove(made._engine, "after_execute", made._notice)
            pools: tuple[Any, ...] = (made._engine.pool, made._reading.pool)
            if any(pool.checkedout() for pool in pools) or self._is() != self._made:
                self.close()  # more than rows may have changed

    def close(self) -> None:
        """The next who comes has another file."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        for one in self.folder.glob(f"{_DATABASE}*"):
            one.unlink()

    # --- its rows ---

    def contents(self) -> Contents:
        """As they are now."""
        known = self._known[self.begins][0].rows
        with self._connection() as connection:
            rows: dict[str, Rows] = dict.fromkeys(known, ())
            for table in _full(connection, list(known)):
                same = _same(connection, table, known[table])
                rows[table] = known[table] if same else _rows(connection, table)
        return Contents(rows, (self.folder / _KEYS).read_bytes())

    def put(self, contents: Contents) -> None:
        """All rows are these, and so are the keys."""
        (self.folder / _KEYS).write_bytes(contents.keys)
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            other = [one for one in contents.rows if not _same(connection, one, contents.rows[one])]
            for table in _full(connection, other[::-1]):  # before those that it refers to
                connection.execute(f'DELETE FROM "{table}"')
            for table, rows in ((one, contents.rows[one]) for one in other if contents.rows[one]):
                connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.untouched = True

    def _touched(self, *_: object) -> None:
        self.untouched = False

    def _is(self) -> tuple[int, int]:
        """Which file it is, and as which its tables were made."""
        file = self.folder / _DATABASE
        with self._connection() as connection:
            ((schema,),) = connection.execute("PRAGMA schema_version")
        return file.stat().st_ino if file.exists() else 0, schema

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        who = self._lent or self._kept
        assert who is not None
        with contextlib.ExitStack() as stack:
            connection: Any = who._connected(stack).connection.driver_connection
            yield connection


class Copy:
    """An instance of somebody's own."""

    untouched = False

    @contextlib.contextmanager
    def opened(self, opens: Callable[[], T], database_of: Callable[[T], Database]) -> Iterator[T]:
        """Whoever opens its database closes it afterwards."""
        who = opens()
        made = database_of(who)
        made._lock = None  # nobody else writes
        try:
            yield who
        finally:
            made.close()


STAND: list[Stand] = []  # while talks have one after the other the same (tests/conftest.py)


@contextlib.contextmanager
def placed(begins: Path, folder: Path, *, own: bool = False) -> Iterator[Stand | Copy]:
    """An instance equal to another one is in a folder. `own`: nobody else has ever had it."""
    stand = None if own else next((one for one in STAND if one.free), None)
    if stand is None:
        shutil.copytree(begins, folder, ignore=BESIDE)
        yield Copy()
        return
    stand.make(begins)
    folder.symlink_to(stand.folder)
    stand.free = False
    try:
        yield stand
    finally:
        stand.free = True


def _all_in(folder: Path) -> tuple[Contents, Mapping[str, bytes]]:
    """The contents of an instance, and its other files."""
    files = {one.name: one.read_bytes() for one in folder.iterdir() if not one.name.startswith(_DATABASE)}
    with contextlib.closing(sqlite3.connect(folder / _DATABASE)) as connection:
        return Contents({one.name: _rows(connection, one.name) for one in metadata.sorted_tables}, files[_KEYS]), files


def _rows(connection: sqlite3.Connection, table: str) -> Rows:
    return connection.execute(f'SELECT * FROM "{table}"').fetchall()


def _full(connection: sqlite3.Connection, tables: Sequence[str]) -> list[str]:
    """Those that have a row."""
    each = ", ".join(f'EXISTS (SELECT 1 FROM "{one}")' for one in tables)
    (here,) = connection.execute(f"SELECT {each}")
    return [table for table, full in zip(tables, here, strict=True) if full]


def _same(connection: sqlite3.Connection, table: str, rows: Rows) -> bool:
    """Whether a table of rows that never change has these; of any other nobody knows."""
    if (known_by := _WRITTEN_ONCE.get(table)) is None:
        return False
    names = [name for (name, *_) in connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description]
    here = [name for (name,) in connection.execute(f'SELECT "{known_by}" FROM "{table}" ORDER BY 1')]
    return here == sorted(row[names.index(known_by)] for row in rows)
