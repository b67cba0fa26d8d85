"""Expiry, retention, keys: only by a clock that is believed, and by no later time than is sure."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot.clock import Clock
from bot.due_work import DueWork
from bot.edge import Edge
from bot.logs import log
from bot.watch.rows import DueRows
from bot.watch.telling import Telling
from storage.seen_time import Moment
from storage.tx import Tx
from storage.writer import Writer

FIRST_ANSWER = 30  # seconds


class Destroying:
    """`announce(tx)` comes before what it tells of is erased; `forget`: what is over, behind all else."""

    def __init__(
        self,
        *,
        writer: Writer,
        edge: Edge,
        clock: Clock,
        rows: DueRows,
        due: DueWork,
        telling: Telling,
        announce: Callable[[Tx], None],
        forget: Callable[[Tx], None],
    ) -> None:
        self._writer, self._edge, self._clock, self._rows = writer, edge, clock, rows
        self._due, self._telling, self._announce, self._forget = due, telling, announce, forget

    async def look(self) -> None:
        """Each step stands alone."""
        await self._heard_or_waited()
        at = self._clock.as_of
        if at is None:
            log.error("the clock is not believed, nothing is erased: see pana doctor")
            if self._clock.telegram.heard is not None:
                await self._telling.tell(Moment.told_clock)
            return
        steps: dict[str, Callable[[], Awaitable[object]]] = {
            "announce": partial(self._writer.run, self._announce, at=at)
        }
        steps |= {work.what: partial(self._rows.each, work, at) for work in self._due.destroys}
        steps |= {"forget": partial(self._writer.run, self._due.forget, at=at)}
        steps |= {"checks": partial(self._writer.run, self._forget, at=at)}
        for name, step in steps.items():
            await self._edge.job(name, step)

    async def _heard_or_waited(self) -> None:
        """Telegram's first answer tells the time; it is waited for, but not for long."""
        for _ in range(20 * FIRST_ANSWER):
            if self._clock.telegram.heard is not None:
                return
            await asyncio.sleep(0.05)
