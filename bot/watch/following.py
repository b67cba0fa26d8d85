"""The clock is followed: what is due is not delayed by one that goes back, and no claim ends because it goes ahead."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.logs import log
from bot.roles import Roles
from bot.watch.outage import Outage
from storage import seen_time
from storage.database import Database
from storage.seen_time import Moment
from storage.tx import Reading, Tx
from storage.writer import Writer

STEP = timedelta(seconds=1)
SEEN_EVERY = timedelta(seconds=10)
RESTART = timedelta(minutes=1)  # an absence that is longer does not count against a claim


class Following:
    """`now()`: by the bot's clock, which is `clock` where it is not a test's."""

    def __init__(
        self,
        *,
        roles: Roles,
        writer: Writer,
        database: Database,
        clock: Clock,
        outage: Outage,
        now: Callable[[], datetime],
    ) -> None:
        self._roles, self._writer, self._database = roles, writer, database
        self._clock, self._outage, self._now = clock, outage, now
        self._seen_at, self._steady = now(), clock.steady()
        self._has_seen, self._kept_at = False, now()

    async def follow(self) -> None:
        """Once a second, before anything that is due is looked for."""
        if not self._roles.leads():
            self._has_seen = False
        elif not self._has_seen:  # who comes to lead begins where the one before was
            await self.see()
            await self._outage.redraw()
        await self._follow_a_step()
        # Before anything rings by it: a process that comes after a pause of the machine must not begin before it.
        if self._roles.leads() and abs(self._seen_at - self._kept_at) >= SEEN_EVERY:
            await self.see()

    async def _follow_a_step(self) -> None:
        """Due times and claims go with a clock that was set."""
        now, steady = self._now(), self._clock.steady()
        step = now - self._seen_at - timedelta(seconds=steady - self._steady)
        if abs(step) > STEP and self._roles.leads():
            follow, by = (seen_time.set_back, -step) if step < timedelta() else (seen_time.set_ahead, step)
            await self._writer.run(lambda tx: follow(tx, by))
            log.warning("the time was set; due times and claims follow it", seconds=round(step.total_seconds()))
        self._seen_at, self._steady = now, steady

    async def see(self) -> None:
        """Keeps the time, and notices what it tells: a clock that was set back while nobody ran, a long outage."""
        first = not self._has_seen
        if first:
            last, sure = await asyncio.to_thread(self._database.read, _kept_times)
            self._clock.begin(last, sure)
            self._seen_at, self._steady = self._now(), self._clock.steady()
        back, away = await self._writer.run(partial(self._see, first=first))
        self._has_seen, self._kept_at = True, self._now()
        if back:
            log.warning("the clock was set back; due times follow it", seconds=round(back.total_seconds()))
        self._outage.away(away)

    def _see(self, tx: Tx, first: bool) -> tuple[timedelta, timedelta]:
        before = seen_time.kept(tx, Moment.last)
        away = timedelta() if before is None else tx.now - before
        if first and away > RESTART:
            seen_time.set_ahead(tx, away)
        seen_time.keep(tx, Moment.sure, self._clock.sure or tx.now)
        return seen_time.see(tx, shared=self._database.shared), away


def _kept_times(tx: Reading) -> tuple[datetime | None, datetime | None]:
    """When the bot was seen last, and the last time that was sure; an earlier version kept only the first."""
    last = seen_time.kept(tx, Moment.last)
    return last, seen_time.kept(tx, Moment.sure) or last
