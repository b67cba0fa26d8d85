"""The one thread of a running bot that changes the database.

It takes the changes that are waiting (at most 64, of those that may wait a few), has them committed together
(storage/database.py) and only then answers all of them, in one wake-up of the loop. Held by
tests/storage/test_writer.py.
"""

import asyncio
import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Table

from storage.database import Database, Pending
from storage.tx import Change

T = TypeVar("T")

BATCH, LATER = 64, 4  # changes; of those that may wait


class Writer:
    """The writer thread of a running bot. Start it, hand it changes with `run` in one event loop, stop it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: queue.SimpleQueue[tuple[Pending, bool] | None] = queue.SimpleQueue()
        self._first: deque[Pending] = deque()  # out of the queue, and the thread's alone
        self._later: deque[Pending] = deque()
        self._ends = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wakes: dict[Table, Callable[[], None]] = {}
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def when_queued(self, table: Table, wake: Callable[[], None]) -> None:
        """`wake()` is called in the loop when a change was committed that put something into this table that is due."""
        self._wakes[table] = wake

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Finishes the changes that are waiting, then ends the thread."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def run(self, change: Change[T], *, place: int = 0, at: datetime | None = None, later: bool = False) -> T:
        """Returns the change's answer once it is committed; raises NotKept, or what the change itself raised.

        `place` (a chat) orders a batch: two processes whose batches lock rows in opposite orders would deadlock.
        `at`: what counts as now; the moment of asking unless it is given. `later`: nobody looks at a phone for it, so
        of many such changes a few are made in each batch, behind all others that wait.
        """
        self._loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((Pending(change, at or self.database.clock(), place, partial(_settle, future)), later))
        return await future

    def _work(self) -> None:
        while batch := self._batch():
            batch.sort(key=lambda pending: pending.place)  # stable: a chat's changes stay in their order
            self.database.run_batch(batch)
            assert self._loop is not None  # who has asked runs in it
            with contextlib.suppress(RuntimeError):  # it has gone: nobody waits any more
                self._loop.call_soon_threadsafe(self._tell, batch)
        self.database.shred(all_of_it=True)

    def _batch(self) -> list[Pending]:
        """What is committed together next; nothing at the end."""
        self._look()
        while not (self._first or self._later or self._ends):
            # While nothing comes, what was replaced leaves the disk in its time.
            with contextlib.suppress(queue.Empty):
                self._sort_in(self._queue.get(timeout=self.database.shred()))
            self._look()
        some = [self._later.popleft() for _ in range(min(LATER, len(self._later)))]
        return [self._first.popleft() for _ in range(min(BATCH - len(some), len(self._first)))] + some

    def _look(self) -> None:
        with contextlib.suppress(queue.Empty):
            while not self._ends:
                self._sort_in(self._queue.get_nowait())

    def _sort_in(self, asked: tuple[Pending, bool] | None) -> None:
        if asked is None:
            self._ends = True
            return
        pending, later = asked
        (self._later if later else self._first).append(pending)

    def _tell(self, batch: Sequence[Pending]) -> None:
        for one in batch:
            one.done(one.answer, one.error)
        for table, wake in self._wakes.items():
            if any(table in one.queues for one in batch):
                wake()


def _settle(future: asyncio.Future[Any], answer: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(answer)
    else:
        future.set_exception(error)
