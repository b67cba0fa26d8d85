"""Locks between processes: on a file beside what it protects, and one in the database for who polls Telegram."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from storage.files import give_to_owner_of

_ELECTION = 0x70616E61  # "pana", the number of the advisory lock


class FileLock:
    """An exclusive lock held by at most one process and one of its threads; the file itself stays empty (flock(2)).

    It lies beside what it protects, under its name and `ending`, and whoever owns that may take it. It may be taken
    again by the thread that holds it, and is given back with the last of them, with its open file.
    """

    def __init__(self, protected: Path, ending: str = ".lock") -> None:
        self._protected, self._path = protected, protected.with_name(protected.name + ending)
        self._thread, self._taken = threading.RLock(), 0
        self._handle = -1

    def __enter__(self) -> Self:
        self._thread.acquire()
        try:
            if self._taken == 0:
                self._take(fcntl.LOCK_EX)
        except BaseException:
            self._thread.release()
            raise
        self._taken += 1
        return self

    def try_for_life(self) -> bool:
        """Takes the lock for as long as this process lives; False when another process has it."""
        try:
            self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _take(self, how: int) -> None:
        handle = self._opened()
        try:
            fcntl.flock(handle, how)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(FileNotFoundError):  # what it protects is not made yet: the lock is its maker's
            give_to_owner_of(self._protected, self._path)
        return handle

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._taken -= 1
        if self._taken == 0:
            os.close(self._handle)  # which unlocks it
        self._thread.release()


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """What one does here, the next finds done. Nothing is left behind: the lock is the folder's own (flock(2))."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Election:
    """One poller among the processes of a PostgreSQL database: a session's advisory lock; on SQLite always this one.

    The lock lives as long as its connection, so a process that dies or is cut off loses it by itself. Blocking:
    call it from a thread.
    """

    def __init__(self, url: URL | None) -> None:
        self._engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT") if url else None
        self._connection: Connection | None = None

    def leads(self) -> bool:
        """True while this process may poll; tries to become the one when nobody is."""
        if self._engine is None:
            return True
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            connection = self._engine.connect()
            won = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ELECTION}).scalar_one()
        except DBAPIError:
            self.resign()
            return False
        if won:
            self._connection = connection
            return True
        connection.close()
        return False

    def resign(self) -> None:
        """Lets another process poll."""
        if self._engine is not None:
            if self._connection is not None:
                self._connection.invalidate()  # really closed: a pooled connection would keep the lock
                self._connection.close()
                self._connection = None
            self._engine.dispose()
