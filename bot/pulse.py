"""Tells how the bot fares: the supervisor each second, an outside watcher each minute, everybody when nobody is heard.

| who | hears it while | its silence means |
|---|---|---|
| systemd (`WATCHDOG=1`) | due work is done and the poll loop turns | the process is stuck: it is started again |
| `server.heartbeat_url` | that, and a getUpdates was answered within a minute | nobody is heard: somebody is called |
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.errors import TokenInUse, Unsent
from bot.hearing import Hearing, Trouble, alarm, must_stop, status, words
from bot.logs import log
from bot.outside.push import Push
from bot.watchdog import Watchdog

TICKED_WITHIN = 30.0
QUIET_START = 2.0  # a start like any other says only that it is ready
EXTENDED_BY, EXTENDED_EVERY = 60, 10.0
AGAIN_AFTER = 3600.0
IN_USE = (
    "another program receives what people write to this bot: stop the other copy or delete its webhook; "
    "if there is none, the token is stolen, so revoke it with @BotFather"
)


class Pulse:
    """`everybody(trouble)` rings on every way, and returns False when storage could not take it.

    `reachable`: does Telegram answer a process that stands by? `watcher`: the address of one outside, if there is one.
    """

    def __init__(
        self,
        *,
        hearing: Hearing,
        watchdog: Watchdog,
        push: Push,
        watcher: str | None,
        everybody: Callable[[Trouble], Awaitable[bool]],
        reachable: Callable[[], Awaitable[bool]],
    ) -> None:
        self._hearing, self._watchdog, self._push, self._watcher = hearing, watchdog, push, watcher
        self._everybody, self._reachable = everybody, reachable
        self._ticked = hearing.clock()
        self._extended = float("-inf")
        self._told: dict[Trouble, float] = {}

    def ticked(self) -> None:
        """Due work was done and kept."""
        self._ticked = self._hearing.clock()

    async def run(self) -> None:
        """Once a second; raises TokenInUse in a process that somebody else's never lets in."""
        await asyncio.sleep(QUIET_START if self._hearing.seen.heard_at is None else 0.0)
        while True:
            now, seen = self._hearing.clock(), self._hearing.seen
            if must_stop(seen, now):
                raise TokenInUse(IN_USE)
            self._tell_supervisor(now)
            trouble = alarm(seen, now)
            if trouble is not None and now - self._told.get(trouble, float("-inf")) >= AGAIN_AFTER:
                await self._ring(trouble, now)
            await asyncio.sleep(1.0)

    def stops(self) -> None:
        """The bot ends because it was asked to."""
        self._watchdog.stopping()

    async def beat(self) -> None:
        """Tells an outside watcher once a minute that people are heard; its silence is the alarm."""
        while self._watcher is not None:
            if not await self._fares_well():
                await asyncio.sleep(1.0)
                continue
            try:
                await self._push.beat(self._watcher)
            except Unsent as error:
                log.warning("the heartbeat was not heard", error=str(error))
            await asyncio.sleep(60.0)

    async def _fares_well(self) -> bool:
        now, seen = self._hearing.clock(), self._hearing.seen
        if not self._works(now) or not seen.heard(now):
            return False
        return not seen.stands_by or await self._reachable()

    def _works(self, now: float) -> bool:
        return now - self._ticked <= TICKED_WITHIN

    def _tell_supervisor(self, now: float) -> None:
        seen = self._hearing.seen
        if self._works(now) and self._hearing.turns(now):
            self._watchdog.lives()
            if seen.heard_at is None and now - self._extended >= EXTENDED_EVERY:
                self._extended = now
                self._watchdog.is_starting(EXTENDED_BY)
        ago = timedelta(seconds=now - (seen.failing_from or now))
        self._watchdog.status(status(seen, now, f"{(datetime.now(UTC) - ago).astimezone():%H:%M}"))

    async def _ring(self, trouble: Trouble, now: float) -> None:
        silent = round(now - self._hearing.seen.since)
        log.error("people are not heard: everybody is told", error=words(trouble), seconds=silent)
        if await self._everybody(trouble):
            self._told[trouble] = now
