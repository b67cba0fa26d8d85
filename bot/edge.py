"""The one edge: around each row of the outbox, each row of due work and each job of the watch.

What fails there is one row's or one job's affair. Its class is logged, it is left alone for a pause that grows, and a
row is set aside after some tries; `pana doctor` counts it, and coordinators hear of it once (storage/troubles.py).
Nothing is read here of what has just failed. What storage does not take at this moment is nobody's failure: it stays
due.
"""

import asyncio
from collections.abc import Awaitable, Callable

from bot.logs import log
from storage import troubles
from storage.errors import NotKept
from storage.troubles import Trouble
from storage.tx import Tx
from storage.writer import Writer

Tell = Callable[[Tx, Trouble], object]


class Edge:
    """`tell(tx, trouble)` queues the news for the coordinators, in the change that sets a row aside."""

    def __init__(self, writer: Writer, tell: Tell) -> None:
        self._writer, self._tell = writer, tell
        self._failed: set[tuple[str, str]] = set()

    async def begin(self) -> None:
        """What had failed before this process began: when it works now, it is over."""
        try:
            self._failed |= set(await self._writer.run(troubles.known))
        except Exception as error:
            log.error("earlier failures are not known", error=type(error).__name__)

    async def row(self, what: str, row: int, work: Callable[[], Awaitable[object]], *, given_up: bool = True) -> bool:
        """Does one row's work; False when it was not done. A row that goes on failing is set aside.

        `given_up`: false for what calls a lawyer: that is told, too, and tried on all the same.
        """
        return await self._guard(what, str(row), work, for_good=given_up) is None

    async def job(self, name: str, work: Callable[[], Awaitable[object]]) -> float:
        """Does one job's work; for how many seconds it is to be left alone, 0 when it was done."""
        trouble = await self._guard("job", name, work, for_good=False)
        return 0.0 if trouble is None else trouble.pause.total_seconds()

    async def _guard(
        self, what: str, which: str, work: Callable[[], Awaitable[object]], *, for_good: bool
    ) -> Trouble | None:
        try:
            await work()
        except NotKept:
            log.error("storage is not available, due work waits", kind=what)
            return _wait(what, which)
        except Exception as error:  # the edge: whatever it is, the others go on
            return await self._remember(what, which, type(error).__name__, for_good=for_good)
        if (what, which) in self._failed:
            await self._forget(what, which)
        return None

    async def _remember(self, what: str, which: str, error_class: str, *, for_good: bool) -> Trouble:
        def change(tx: Tx) -> Trouble:
            trouble = troubles.happened(tx, what, which, error_class, for_good=for_good)
            if trouble.tell:
                self._tell(tx, trouble)
            return trouble

        self._failed.add((what, which))
        try:
            trouble = await self._writer.run(change)
        except Exception as error:  # then it is tried again soon, which is the worst that can come of it
            log.error("a failure could not be kept", kind=what, error=type(error).__name__)
            trouble = _wait(what, which)
        said = "set aside" if trouble.aside else "failed, and is tried again"
        log.error(said, kind=what, error=error_class, attempts=trouble.tries, seconds=trouble.pause.total_seconds())
        return trouble

    async def _forget(self, what: str, which: str) -> None:
        try:
            await self._writer.run(lambda tx: troubles.over(tx, what, which))
        except Exception as error:
            log.error("a failure that is over could not be forgotten", kind=what, error=type(error).__name__)
            return
        self._failed.discard((what, which))


async def keep_alive(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Runs what never ends; if it fails all the same, it is begun anew after a pause that grows to half a minute."""
    wait = 1.0
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await work()
            return
        except Exception as error:
            log.error("begun anew", kind=name, error=type(error).__name__, seconds=wait)
        lasted = asyncio.get_running_loop().time() - began
        wait = 1.0 if lasted > 60 else min(wait * 2, 30.0)
        await asyncio.sleep(wait)


def _wait(what: str, which: str) -> Trouble:
    return Trouble(what=what, which=which, tries=1, pause=troubles.pause_after(1), aside=False, tell=False)
