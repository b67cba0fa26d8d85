"""A database as one process sees it: `change` and `read`, and no other door to it.

A change is a plain synchronous function of a `Tx`. Changes that wait run in one transaction and are committed once.
There are no savepoints: when anything raises, the batch is rolled back and each change runs again alone, so a change
must be able to run twice. What then fails alone with a program error is that change's own failure; what fails with an
operational error (disk full, lock, connection) comes back as `NotKept` and nothing of it was kept.

A look is a function of a `Reading`: it sees one snapshot, however long it takes, and holds up nobody who writes.

What was deleted or replaced must leave the disk, too. Which rows and columns that concerns, and how soon, stands in
storage/schema.py; the log is emptied after the commit or within a second of it, without anybody asking for it, and as
soon as a reader who holds it up is done. Only statements of tables are noticed, not text.

Tried and rejected: savepoints. On SQLITE_FULL SQLite rolls the whole transaction back, pysqlite's commit() then
succeeds without doing anything, and people are told "saved" about rows that are not in the file. Hence the
assertion before COMMIT. Held by tests/storage/test_writer.py and tests/storage/test_database.py.
"""

import contextlib
import functools
import logging
import sqlite3
import time
import weakref
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Delete,
    Engine,
    RootTransaction,
    Update,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.sql.schema import Table

from storage.driver_errors import sentence
from storage.errors import NotKept, Refused, StorageError
from storage.files import itself, why
from storage.locks import Election, FileLock
from storage.prepared import STATEMENTS, Answer, Rows, Statements, say
from storage.salvage import salvage
from storage.schema import SHRED, Shred
from storage.sealing.errors import BadKeyFile
from storage.sqlite_values import prepare, read_whatever_is_there
from storage.tx import Change, Look, Reading, Tx, name_of, utc_now

T = TypeVar("T")


_OF_EVERY_CONNECTION = (
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA busy_timeout=10000",
)
_OF_THE_WRITER = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_size_limit=0",
)
_OF_A_READER = ("PRAGMA query_only=ON",)
_POSTGRES_SETTINGS = (
    "SET synchronous_commit = on",  # an answer that was confirmed survives a crash of the server
    "SET lock_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)
SHRED_WITHIN = 1.0  # seconds: at every tap a checkpoint of its own would cost more than the tap
_SOUND = {0, 2}  # psycopg.pq.TransactionStatus: IDLE (nothing was asked yet), INTRANS; COMMIT in INERROR rolls back


class _Rehearsal(Exception):
    """Ends the first of two runs."""


@dataclass(slots=True)
class Pending:
    """A change that waits to be committed, and then what came of it. `now`: the moment that counts in it."""

    change: Change[Any]
    now: datetime
    place: int = 0
    done: Callable[[Any, BaseException | None], None] = lambda _answer, _error: None
    answer: Any = None
    error: BaseException | None = field(default=None, repr=False)
    tx: Tx | None = field(default=None, repr=False)

    @property
    def queues(self) -> Collection[Table]:
        """Tables in which something is due since it was committed."""
        return () if self.tx is None or self.error is not None else self.tx.queues

    def run(self, connection: Connection) -> None:
        """Runs the change; what an earlier run has left behind is thrown away."""
        self.tx = Tx(connection, self.now, name_of(self.change))
        self.answer = self.change(self.tx)
        self.tx.write_gathered()


# Tests have changes run, be rolled back, and run again: one that alters anything but the database is found so.
rehearses: Callable[[Sequence[Pending]], bool] = lambda _batch: False  # noqa: E731

_OPEN: "weakref.WeakSet[Database]" = weakref.WeakSet()


def close_every() -> None:
    """At the end of a command: what is left open would leave the log (-wal) beside the database."""
    for one in list(_OPEN):
        one.close()
    _OPEN.clear()


class Database:
    """`change(function)` and `read(function)` for commands; the writer thread has batches run (storage/writer.py)."""

    def __init__(self, url: str, clock: Callable[[], datetime] = utc_now) -> None:
        self.clock = clock
        self._url = make_url(url)
        self._engine = _writing(self._url)
        self._reading = _reading(self._url)
        path = self.file
        self._lock = FileLock(path) if path else None
        self._shred, self._shred_by, self._try_again_at = Shred.never, 0.0, 0.0
        self._bot_lock: FileLock | None = None
        self._kept: Connection | None = None  # the one that writes to SQLite
        event.listen(self._engine, "after_execute", self._notice)
        _OPEN.add(self)

    @property
    def shared(self) -> bool:
        """True when several processes may work on this database at once (PostgreSQL)."""
        return self._url.get_backend_name() != "sqlite"

    @property
    def file(self) -> Path | None:
        """The file that the database is, behind links, where SQLite has its log, too; None on a server.

        Every writing process holds a lock beside it (SQLite before 3.51.3 may corrupt a WAL written by two).
        """
        name = self._url.database
        return None if self.shared or not name or name == ":memory:" else itself(Path(name))

    def claim_for_bot(self) -> None:
        """Makes this process the one bot of a SQLite database; raises Refused when another one runs."""
        path = self.file
        if path is None or self._bot_lock is not None:
            return
        self._bot_lock = FileLock(path, ".bot")
        if not self._bot_lock.try_for_life():
            self._bot_lock = None
            raise Refused("another `pana run` works on this database; one bot is enough")

    def mend(self) -> int | None:
        """For the one bot, at its start: a file whose structure is damaged is written anew (storage/salvage.py).

        Returns how many rows were saved, None when nothing was wrong; raises StorageError when nothing can be saved.
        """
        path = self.file
        if path is None or self._lock is None or not path.is_file():
            return None
        self.close()
        with self._lock:
            try:
                return salvage(path)
            except (sqlite3.Error, OSError, ValueError):
                raise StorageError("the database file is damaged: put back a copy") from None

    def election(self) -> Election:
        """Who of several processes may poll Telegram."""
        return Election(self._url if self.shared else None)

    def close(self) -> None:
        """Closes the connections."""
        self._let_go()
        self._engine.dispose()
        self._reading.dispose()

    # --- the two doors ---

    def change(self, change: Change[T], *, at: datetime | None = None) -> T:
        """Runs one change in a transaction of its own and returns its answer; raises NotKept or its own error.

        `at`: what counts as now, this moment unless it is given.
        """
        pending = Pending(change, at or self.clock())
        self._alone(pending)
        self.shred(all_of_it=True)
        if pending.error is not None:
            raise pending.error
        answer: T = pending.answer
        return answer

    def read(self, look: Look[T], *, at: datetime | None = None) -> T:
        """Looks at one snapshot of the database, from any thread; raises NotKept or what the look itself raised.

        It takes no lock and sees nothing of what is committed meanwhile, so an export of hours delays no alert.
        """
        try:
            with self._reading.connect() as connection, connection.begin():
                return look(Reading(connection, at or self.clock(), name_of(look)))
        except DBAPIError as error:
            raise named(error) from None

    def run_batch(self, batch: Sequence[Pending]) -> None:
        """Runs changes together, or each alone when together one of them fails; fills in answer or error."""
        try:
            self._together(batch)
        except Exception:  # whose failure it was shows when each runs alone
            for one in batch:
                self._alone(one)
        self.shred()

    # --- transactions ---

    def _alone(self, pending: Pending) -> None:
        try:
            self._together([pending])
        except DBAPIError as error:
            pending.error = named(error)
        except BadKeyFile as error:  # the file's affair, not the change's
            pending.error = NotKept(str(error))
        except Exception as error:
            pending.error = error

    def _together(self, batch: Sequence[Pending]) -> None:
        if rehearses(batch):
            with contextlib.suppress(_Rehearsal), self._transaction() as connection:
                for one in batch:
                    one.run(connection)
                raise _Rehearsal
        with self._transaction() as connection:
            for one in batch:
                one.run(connection)
        for one in batch:
            _let_follow(one.tx)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with contextlib.ExitStack() as stack:
            if self._lock:
                self._enter(stack, self._lock)
            connection = self._connected(stack)
            transaction = connection.begin()
            try:
                yield connection
            except BaseException:
                with contextlib.suppress(DBAPIError):
                    transaction.rollback()
                raise
            _commit(connection, transaction)

    def _connected(self, stack: contextlib.ExitStack) -> Connection:
        """A connection that writes, for as long as the stack; whoever asks has the lock.

        SQLite's stays open until something fails: to take it out of its pool and give it back is half of what a change
        of one row costs. A server's may be dead meanwhile, and its pool asks.
        """
        if self.shared:
            return stack.enter_context(self._engine.connect())
        stack.push(self._ended)
        if self._kept is None:
            self._kept = self._engine.connect()
        return self._kept

    def _ended(self, failed: type[BaseException] | None, *_about_it: object) -> None:
        if failed is not None:
            self._let_go()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _enter(self, stack: contextlib.ExitStack, lock: FileLock) -> None:
        try:
            stack.enter_context(lock)
        except OSError as error:  # a mode, a full disk, too many open files
            raise NotKept(f"{error.filename or self.file}: {why(error)}") from None

    # --- what was deleted or replaced leaves the disk ---

    def _notice(
        self, _connection: Connection, statement: object, _many: object, _one: object, _options: object, result: object
    ) -> None:
        """After each statement: how soon what it has deleted or replaced must be gone."""
        if isinstance(statement, Delete | Update) and isinstance(result, CursorResult | Rows) and result.rowcount:
            shred = _how_soon(statement, result)
            if shred and not self._shred:
                self._shred_by = time.monotonic() + SHRED_WITHIN
            self._shred = max(self._shred, shred)

    def shred(self, *, all_of_it: bool = False) -> float | None:
        """Empties the log when that is due, or at once; the seconds until it will be, None when nothing waits."""
        if not self._shred:
            return None
        now = time.monotonic()
        due = now if self._shred is Shred.at_once or all_of_it else self._shred_by
        due = max(due, self._try_again_at)  # a long reader costs no change anything
        if due > now:
            return due - now
        if self.checkpoint():
            self._shred = Shred.never
            return None
        self._try_again_at = now + SHRED_WITHIN
        return SHRED_WITHIN

    def shred_soon(self) -> None:
        """The next change is followed by a checkpoint, whoever has deleted something."""
        self._shred = Shred.at_once

    def shredded(self, seconds: float = 60.0) -> bool:
        """For commands, at their end: waits until what was deleted has left the disk; False when it has not."""
        until = time.monotonic() + seconds
        while (wait := self.shred(all_of_it=True)) is not None and time.monotonic() < until:
            time.sleep(min(wait, 0.1))
        return not self._shred

    def checkpoint(self) -> bool:
        """Moves the WAL into the file and empties it; False when a reader kept it from that (it is tried again).

        `wal_checkpoint(TRUNCATE)` does not raise when a reader is in the way: its result row says busy.
        """
        if self.shared:
            return True
        try:
            with contextlib.ExitStack() as stack:
                if self._lock:
                    self._enter(stack, self._lock)
                cursor = self._connected(stack).connection.cursor()
                try:
                    cursor.execute("PRAGMA busy_timeout=0")  # a reader in the way is waited for by trying again later
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    row = cursor.fetchone()
                except sqlite3.OperationalError:
                    return False
                finally:
                    cursor.execute("PRAGMA busy_timeout=10000")
                return row is not None and row[0] == 0
        except (NotKept, DBAPIError, sqlite3.Error):  # as a reader in the way: whoever writes goes on
            return False


def _how_soon(statement: Delete | Update, result: Answer[Any]) -> Shred:
    """When what a statement has deleted or replaced must be gone, as storage/schema.py says."""
    table = statement.table
    if not isinstance(table, Table):
        return Shred.never
    if isinstance(statement, Delete):
        return Shred((table.info | statement.get_execution_options()).get(SHRED, Shred.never))
    if isinstance(result, Rows):
        return _replaced(table, result.named)
    names = result.last_updated_params()
    return _replaced(table, tuple(names[0] if isinstance(names, list) else names))


@functools.lru_cache(500)
def _replaced(table: Table, given: tuple[str, ...]) -> Shred:
    """When the values of these columns are gone, once they are replaced."""
    return max(
        (Shred(table.c[name].info.get("shred", Shred.never)) for name in given if name in table.c), default=Shred.never
    )


def _let_follow(tx: Tx | None) -> None:
    """What a committed change has asked for. Its answer is true already, so a failure here is only logged."""
    for effect in tx.effects if tx is not None else ():
        try:
            effect()
        except Exception as error:
            logging.getLogger(__name__).error("what follows a change failed: %s", type(error).__name__)


def _writing(url: URL) -> Engine:
    """An engine of one connection whose errors carry no values; on SQLite transactions begin with BEGIN IMMEDIATE."""
    pool = {"pool_size": 1, "max_overflow": 0, "pool_pre_ping": url.get_backend_name() != "sqlite"}
    engine = create_engine(url, hide_parameters=True, execution_options={STATEMENTS: Statements()}, **pool)
    if engine.dialect.name != "sqlite":

        @event.listens_for(engine, "connect")
        def _settle(connection: DBAPIConnection, _record: object) -> None:
            cursor = connection.cursor()
            for setting in _POSTGRES_SETTINGS:
                cursor.execute(setting)
            cursor.close()
            connection.commit()

        return engine
    _prepare(engine, (*_OF_EVERY_CONNECTION, *_OF_THE_WRITER), "BEGIN IMMEDIATE")
    return engine


def _reading(url: URL) -> Engine:
    """An engine whose transactions are snapshots that cannot write; as many at once as anybody looks.

    Two connections stay: a new one reads the whole schema before its first look, which costs more than most looks.
    """
    pool = {"pool_size": 2, "max_overflow": -1, "pool_pre_ping": url.get_backend_name() != "sqlite"}
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url,
            hide_parameters=True,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True, STATEMENTS: Statements()},
            **pool,
        )
    engine = create_engine(url, hide_parameters=True, execution_options={STATEMENTS: Statements()}, **pool)
    # The snapshot of a plain BEGIN is taken at the first statement.
    _prepare(engine, (*_OF_EVERY_CONNECTION, *_OF_A_READER), "BEGIN", "SELECT 1 FROM sqlite_master")
    return engine


def _prepare(engine: Engine, settings: Sequence[str], *begin: str) -> None:
    read_whatever_is_there(engine)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        # sqlite3 must not begin or commit by itself: its defaults let a RELEASE commit half a batch.
        connection.isolation_level = None
        prepare(connection)
        for pragma in settings:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        for statement in begin:
            say(connection, statement)


def _commit(connection: Connection, transaction: RootTransaction) -> None:
    try:
        _assert_still_open(connection)
        transaction.commit()
    except BaseException:
        # A COMMIT that fails (a full disk, a deferred constraint) leaves SQLite's transaction open: a new connection.
        connection.invalidate()
        raise


def _assert_still_open(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    still = raw.in_transaction if isinstance(raw, sqlite3.Connection) else raw.info.transaction_status in _SOUND
    if not still:
        raise OperationalError("COMMIT", None, Exception("the transaction was rolled back underneath"))


def named(error: DBAPIError) -> StorageError:
    """Drivers put values into their messages: only the kind of error passes this door."""
    if isinstance(error, OperationalError | InterfaceError):  # deadlock, serialization, lock, disk, lost connection
        return NotKept(sentence(error))
    return StorageError(sentence(error))
