"""The one thread of a running bot that changes the database.

It takes the changes that are waiting (at most 64), has them committed together (storage/database.py) and only then
answers all of them, in one wake-up of the loop. Held by tests/storage/test_writer.py.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from storage.database import Database, Pending
from storage.tx import Change

T = TypeVar("T")

BATCH = 64


class Writer:
    """The writer thread of a running bot. Start it, hand it changes with `run` in one event loop, stop it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: queue.SimpleQueue[Pending | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Finishes the changes that are waiting, then ends the thread."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def run(self, change: Change[T], *, place: int = 0, at: datetime | None = None) -> T:
        """Returns the change's answer once it is committed; raises NotKept, or what the change itself raised.

        `place` (a chat) orders a batch: two processes whose batches lock rows in opposite orders would deadlock.
        `at`: what counts as now; the moment of asking unless it is given.
        """
        self._loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(Pending(change, at or self.database.clock(), place, partial(_settle, future)))
        return await future

    def _work(self) -> None:
        while (first := self._next()) is not None:
            batch, last = self._with_waiting(first)
            batch.sort(key=lambda pending: pending.place)  # stable: a chat's changes stay in their order
            self.database.run_batch(batch)
            assert self._loop is not None  # who has asked runs in it
            with contextlib.suppress(RuntimeError):  # it has gone: nobody waits any more
                self._loop.call_soon_threadsafe(_tell, batch)
            if last:
                break
        self.database.shred(all_of_it=True)

    def _next(self) -> Pending | None:
        """The next change; while none comes, what was replaced leaves the disk in its time."""
        while True:
            try:
                return self._queue.get(timeout=self.database.shred())
            except queue.Empty:
                continue

    def _with_waiting(self, first: Pending) -> tuple[list[Pending], bool]:
        batch = [first]
        while len(batch) < BATCH:
            try:
                pending = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
            if pending is None:
                return batch, True
            batch.append(pending)
        return batch, False


def _tell(batch: Sequence[Pending]) -> None:
    for one in batch:
        one.done(one.answer, one.error)


def _settle(future: asyncio.Future[Any], answer: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(answer)
    else:
        future.set_exception(error)
