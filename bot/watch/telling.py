"""A line to the coordinators about the service itself, of each kind once a day."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bot.handoff.queue import Queue
from bot.logs import log
from storage import seen_time
from storage.database import Database
from storage.outbox import LineKind
from storage.seen_time import Moment
from storage.tx import Reading, Tx
from storage.writer import Writer

TOLD_EVERY = timedelta(days=1)
_LINES = {Moment.told_clock: LineKind.clock, Moment.told_unreadable: LineKind.unreadable}


class Telling:
    """`count(tx)`: table -> how many of its rows cannot be read."""

    def __init__(
        self, *, writer: Writer, database: Database, queue: Queue, count: Callable[[Reading], Mapping[str, int]]
    ) -> None:
        self._writer, self._database, self._queue, self._count = writer, database, queue, count

    async def tell(self, what: Moment) -> None:
        """Tells it, if a day has passed since."""
        await self._writer.run(partial(self._tell, what=what))

    async def count_unreadable(self) -> None:
        """Damaged rows are told before somebody needs one of them."""
        found = await asyncio.to_thread(self._database.read, self._count)
        if found:
            log.error("some rows cannot be read: see pana doctor", count=sum(found.values()))
            await self.tell(Moment.told_unreadable)

    def _tell(self, tx: Tx, what: Moment) -> None:
        last = seen_time.kept(tx, what)
        if last is None or abs(tx.now - last) >= TOLD_EVERY:
            self._queue.to_coordinators(tx, _LINES[what])
            seen_time.keep(tx, what, tx.now)
