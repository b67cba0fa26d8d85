"""The one thread that owns the database connection, and the batches it commits.

A change is a plain synchronous function of a connection. The writer takes the changes that are waiting (at most
64), runs them in one transaction, commits once and only then answers all of them. There are no savepoints: when
anything raises, the batch is rolled back and each change runs again alone, so a change must be able to run twice.
What then fails alone with a program error is that change's own failure; what fails with an operational error
(disk full, lock, connection) comes back as `TryLater` and nothing of it was kept.

Tried and rejected: savepoints. On SQLITE_FULL SQLite rolls the whole transaction back, pysqlite's commit() then
succeeds without doing anything, and people are told "saved" about rows that are not in the file. Hence the
assertion before COMMIT. Held by tests/storage/test_writer.py.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from storage.errors import NotReady, Refused, StorageError, TryLater
from storage.locks import Election, FileLock

# The rest of Pana handles a connection without knowing SQLAlchemy.
__all__ = ["BATCH", "Change", "Connection", "Database", "Writer", "lock_path", "open_engine", "require_tables"]

T = TypeVar("T")
Change = Callable[[Connection], T]

BATCH = 64
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA busy_timeout=10000",
    "PRAGMA journal_size_limit=0",
)

_POSTGRES_SETTINGS = (
    "SET synchronous_commit = on",  # an answer that was confirmed survives a crash of the server
    "SET lock_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)
_SOUND = {0, 2}  # psycopg.pq.TransactionStatus: IDLE (nothing was asked yet), INTRANS; COMMIT in INERROR rolls back


def open_engine(url: str) -> Engine:
    """Returns an engine whose errors carry no values; on SQLite transactions begin with BEGIN IMMEDIATE."""
    engine = create_engine(url, hide_parameters=True, pool_size=1, max_overflow=0, pool_pre_ping=True)
    if engine.dialect.name != "sqlite":

        @event.listens_for(engine, "connect")
        def _settle(connection: DBAPIConnection, _record: object) -> None:
            cursor = connection.cursor()
            for setting in _POSTGRES_SETTINGS:
                cursor.execute(setting)
            cursor.close()
            connection.commit()

        return engine

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # sqlite3 must not begin or commit by itself: its defaults let a RELEASE commit half a batch.
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def lock_path(engine: Engine) -> Path | None:
    """The file whose lock every writing process holds (SQLite before 3.51.3 may corrupt a WAL written by two)."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name + ".lock")


@dataclass(slots=True)
class _Waiting:
    change: Change[Any]
    done: Callable[[Any, BaseException | None], None]
    place: int
    answer: Any = None
    error: BaseException | None = field(default=None, repr=False)


class Database:
    """A database as one process sees it: `now(change)` for commands, the writer thread for the bot."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        path = lock_path(self.engine)
        self._lock = FileLock(path) if path else None
        self._shred = False

    @property
    def shared(self) -> bool:
        """True when several processes may work on this database at once (PostgreSQL)."""
        return self.engine.dialect.name != "sqlite"

    def claim_for_bot(self) -> None:
        """Makes this process the one bot of a SQLite database; raises Refused when another one runs."""
        path = lock_path(self.engine)
        if path is None:
            return
        self._bot_lock = FileLock(path.with_suffix(".bot"))
        if not self._bot_lock.try_for_life():
            raise Refused("another `pana run` works on this database; one bot is enough")

    def election(self) -> Election:
        """Who of several processes may poll Telegram."""
        return Election(self.engine.url if self.shared else None)

    def close(self) -> None:
        """Closes the connection."""
        self.engine.dispose()

    def now(self, change: Change[T]) -> T:
        """Runs one change in a transaction of its own and returns its answer; raises TryLater or its own error."""
        try:
            with self._transaction() as connection:
                answer = change(connection)
        except DBAPIError as error:
            raise _named(error) from None
        self._after_commit()
        return answer

    def shred_after_commit(self) -> None:
        """Asks for a checkpoint after the running transaction, so that what it deleted leaves the WAL too."""
        self._shred = True

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with contextlib.ExitStack() as stack:
            if self._lock:
                stack.enter_context(self._lock)
            connection = stack.enter_context(self.engine.connect())
            transaction = connection.begin()
            try:
                yield connection
            except BaseException:
                with contextlib.suppress(DBAPIError):
                    transaction.rollback()
                raise
            _assert_still_open(connection)
            transaction.commit()

    def run_batch(self, batch: list[_Waiting]) -> None:
        """Runs changes together, or each alone when together one of them fails; fills in answer or error."""
        try:
            with self._transaction() as connection:
                for one in batch:
                    one.answer = one.change(connection)
        except Exception:  # whose failure it was shows when each runs alone
            for one in batch:
                self._run_alone(one)
        self._after_commit()

    def _run_alone(self, one: _Waiting) -> None:
        try:
            with self._transaction() as connection:
                one.answer = one.change(connection)
        except DBAPIError as error:
            one.error = _named(error)
        except Exception as error:
            one.error = error

    def _after_commit(self) -> None:
        if self._shred and self.engine.dialect.name == "sqlite":
            self._shred = not self.checkpoint()

    def checkpoint(self) -> bool:
        """Moves the WAL into the file and empties it; False when a reader kept it from that (it is tried again).

        `wal_checkpoint(TRUNCATE)` does not raise when a reader is in the way: its result row says busy.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with contextlib.ExitStack() as stack:
            if self._lock:
                stack.enter_context(self._lock)
            raw = stack.enter_context(contextlib.closing(self.engine.raw_connection()))
            cursor = raw.cursor()
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                row = cursor.fetchone()
            except sqlite3.OperationalError:
                return False
            return row is not None and row[0] == 0


class Writer:
    """The writer thread of a running bot. Start it, hand it changes with `run`, stop it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Finishes the changes that are waiting, then ends the thread."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def run(self, change: Change[T], place: int = 0) -> T:
        """Returns the change's answer once it is committed; raises TryLater, or what the change itself raised.

        `place` (a chat) orders a batch: two processes whose batches lock rows in opposite orders would deadlock.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(answer: T, error: BaseException | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)

        def done(answer: T, error: BaseException | None) -> None:
            loop.call_soon_threadsafe(settle, answer, error)

        self._queue.put(_Waiting(change, done, place))
        return await future

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, last = self._with_waiting(first)
            batch.sort(key=lambda one: one.place)  # stable: a chat's changes stay in their order
            self.database.run_batch(batch)
            for one in batch:
                with contextlib.suppress(RuntimeError):  # the loop has gone: nobody waits any more
                    one.done(one.answer, one.error)
            if last:
                return

    def _with_waiting(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        batch = [first]
        while len(batch) < BATCH:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
            if one is None:
                return batch, True
            batch.append(one)
        return batch, False


def _assert_still_open(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    still = raw.in_transaction if isinstance(raw, sqlite3.Connection) else raw.info.transaction_status in _SOUND
    if not still:
        raise OperationalError("COMMIT", None, Exception("the transaction was rolled back underneath"))


def _named(error: DBAPIError) -> StorageError:
    """Drivers put values into their messages: only the kind of error passes this door."""
    if isinstance(error, OperationalError | InterfaceError):  # deadlock, serialization, lock, disk, lost connection
        return TryLater(type(error.orig).__name__)
    return StorageError(type(error).__name__)


def require_tables(database: Database, version: str) -> None:
    """Raises NotReady when the database is not at this program's version."""
    lock = lock_path(database.engine)
    if lock is not None and not lock.with_suffix("").exists():  # to look must not make an empty one
        raise NotReady("there is no database: run `pana init`")
    try:
        connection = database.engine.connect()
    except DBAPIError:
        raise NotReady("the database cannot be opened: see database.url, and whether its server runs") from None
    with connection:
        try:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DBAPIError:
            raise NotReady("the database has no tables: run `pana init`") from None
    if found != version:
        raise NotReady(f"the database is at version {found}, this program needs {version}: run `pana migrate`")
