"""The running bot: receive, send, watch, in one task group. What it is made of is built in bot/wiring.

A task that dies ends the process; the supervisor starts it again and nothing is lost, because nothing was confirmed
before it was kept.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from bot import ending
from bot.delivery.sender import Sender
from bot.edge import keep_alive
from bot.errors import PanaError
from bot.kept import KeptDatabase
from bot.listening import Listening
from bot.logs import log
from bot.pulse import Pulse
from bot.showing import Showing
from bot.watch.jobs import Watch

DRAIN_SECONDS, DRAIN_STEP = 10.0, 0.02


def leaf(errors: BaseExceptionGroup[PanaError]) -> PanaError:
    """The first error of ours in a group."""
    first = errors.exceptions[0]
    return leaf(first) if isinstance(first, BaseExceptionGroup) else first


class _Stopped(Exception):
    """The bot was asked to end."""


class Bot:
    """`ways`: the connections outside, which last as long as the bot runs. `fetch`: fetches what people send.

    `compare`: compares what strangers type with lost words.
    """

    def __init__(
        self,
        *,
        kept: KeptDatabase,
        ways: AbstractAsyncContextManager[None],
        listening: Listening,
        showing: Showing,
        sender: Sender,
        fetch: Callable[[], Awaitable[None]],
        compare: Callable[[], Awaitable[None]],
        watch: Watch,
        pulse: Pulse,
    ) -> None:
        self._kept, self._ways, self._listening, self._showing = kept, ways, listening, showing
        self._sender, self._fetch, self._compare = sender, fetch, compare
        self._watch, self._pulse = watch, pulse
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Asks it to end: what it has begun is finished, and what is due is sent for at most ten seconds."""
        self._stopping.set()

    async def run(self) -> None:
        """Works until SIGTERM, SIGINT, SIGHUP (a terminal that is gone, where it is not ignored) or `stop`.

        Nothing but the poll loop waits for Telegram: ladder, mail and push run while it cannot be reached.
        """
        loop = asyncio.get_running_loop()
        stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup
        for name in (signal.SIGTERM, signal.SIGINT, *(() if stays else (signal.SIGHUP,))):
            loop.add_signal_handler(name, self.stop)
        if ending.told():
            return
        try:
            async with self._ways, self._kept.in_use():
                await self._watch.begin()
                await self._work()
        except* PanaError as errors:
            raise leaf(errors) from None

    async def _work(self) -> None:
        try:
            await self._work_until_stopped()
        except* _Stopped:
            log.info("stopped")

    async def _work_until_stopped(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._showing.begin(group)
            await self._watch.begin_to_show()
            listening = group.create_task(self._listening.run())
            pulse = group.create_task(self._pulse.run())
            for name, work in (
                ("sender", self._sender.run),
                ("files", self._fetch),
                ("lost words", self._compare),
                ("watch", self._watch.run),
                ("heartbeat", self._pulse.beat),
            ):
                group.create_task(keep_alive(name, work))
            await self._stopping.wait()
            log.info("stopping")
            self._pulse.stops()
            pulse.cancel()
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
            await self._finish()
            raise _Stopped  # ends what is still waiting, such as a reply that is held for minutes

    async def _finish(self) -> None:
        """Shows what was answered and sends what is due, for at most ten seconds."""
        self._sender.wake()
        for _ in range(int(DRAIN_SECONDS / DRAIN_STEP)):
            if self._showing.idle and self._sender.idle:
                return
            await asyncio.sleep(DRAIN_STEP)
