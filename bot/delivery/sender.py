"""Sends what the outbox holds, each row from the truth of the moment, and settles it.

It knows rows; what a row means its kind says (bot/delivery/kinds/).
"""

import asyncio
import contextlib
import random
import weakref
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.delivery.carrier import Carrier
from bot.delivery.kind import NOTHING_CAME, Came, Parcel, ToMember
from bot.delivery.kinds import Kinds
from bot.edge import Edge
from bot.errors import CallError, TryAgain, Undeliverable, Unfit, Unsent
from bot.logs import log
from storage.errors import StorageError, Unreadable
from storage.outbox import Due, Lane, Outbox
from storage.tx import Tx
from storage.writer import Writer

LONGEST_WAIT = 60.0
OUTSIDE_TRIES = 8
GOES_ON_EVERY = 10.0  # seconds; less than a row is taken for (storage/outbox.py)


_What = tuple[str, int | None, int | None]  # kind, case, member


class Rests:
    """Rows of a kind about a case for a member that come sooner than it rests wait here, each only once.

    Not where the member has just pressed or written: they look at what comes of it.
    """

    def __init__(self) -> None:
        self._until: dict[_What, float] = {}
        self._waiting: dict[int, tuple[int | None, asyncio.Event]] = {}  # row -> whose, and that it rests no more

    async def over(self, due: Due, seconds: float) -> bool:
        """Waits until the row may be drawn; False when it waits already: it was queued anew meanwhile.

        What waits says what is true then, and settles the row.
        """
        if not seconds:
            return True
        what, clock = (due.kind, due.case_row, due.member_id), asyncio.get_running_loop().time
        if due.id in self._waiting:
            return False
        ended = asyncio.Event()
        self._waiting[due.id] = due.member_id, ended
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), self._until.get(what, 0.0) - clock())
        finally:
            del self._waiting[due.id]
        self._until = {one: until for one, until in self._until.items() if until > clock()} | {what: clock() + seconds}
        return True

    def end(self, member_id: int) -> None:
        """Nothing for this member rests any more, nor does what comes next."""
        self._until = {what: until for what, until in self._until.items() if what[2] != member_id}
        for whose, ended in self._waiting.values():
            if whose == member_id:
                ended.set()


class Turns:
    """Rows that may replace or change one message go one after another: each is drawn when the one before is settled.

    Else a call in place of an alert and a change of that alert would leave two messages, of which one is known. Those
    of one kind about one case for one member are such rows, and those of kinds that name the same `message`.
    """

    def __init__(self) -> None:
        self._locks: weakref.WeakValueDictionary[_What, asyncio.Lock] = weakref.WeakValueDictionary()

    def of(self, due: Due, message: str) -> contextlib.AbstractAsyncContextManager[None]:
        """The turn of a row."""
        if due.member_id is None:
            return contextlib.nullcontext()
        return self._locks.setdefault((message or due.kind, due.case_row, due.member_id), asyncio.Lock())


class Sender:
    """The loop that empties the outbox."""

    def __init__(
        self,
        *,
        writer: Writer,
        outbox: Outbox,
        kinds: Kinds,
        carrier: Carrier,
        edge: Edge,
        rests: Rests,
        now: Callable[[], datetime],
        works: Callable[[], bool],
    ) -> None:
        self._writer, self._outbox, self._kinds, self._carrier = writer, outbox, kinds, carrier
        self._edge, self._now, self._works = edge, now, works
        self._woken = asyncio.Event()
        self._found_nothing = False
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._rests, self._turns = rests, Turns()

    def wake(self) -> None:
        """Something was queued."""
        self._found_nothing = False
        self._woken.set()

    async def run(self) -> None:
        """Sends until it is cancelled; looks at least once a second."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                batch = await self._take()
                self._found_nothing = not batch and not self._woken.is_set()
                for due in batch:
                    task = group.create_task(self._deliver(due))
                    self._on_their_way.add(task)
                    task.add_done_callback(self._on_their_way.discard)
                try:
                    async with asyncio.timeout(1.0):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    @property
    def idle(self) -> bool:
        """True when nothing is due and nothing is on its way."""
        return self._found_nothing and not self._on_their_way

    async def _take(self) -> list[Due]:
        if not self._works():
            return []
        try:
            return list(await self._writer.run(self._outbox.take))
        except Exception as error:  # what is on its way goes on
            log.error("storage is not available, messages wait", error=type(error).__name__)
            return []

    async def _deliver(self, due: Due) -> None:
        """One row: drawn, brought, settled, behind the edge. What storage does not take now is due again."""
        await self._edge.row("outbox", due.id, lambda: self._bring(due), given_up=due.lane is not Lane.urgent)

    async def _bring(self, due: Due) -> None:
        """A refusal that may pass puts the row off; a chat that cannot be reached is told to whoever relied on it.

        Anything else that lasts is the edge's (bot/edge.py); what called a lawyer calls the next one all the same.
        """
        try:
            if not due.readable:
                raise Unreadable("outbox")
            await self._message(due)
        except TryAgain as error:
            await self._later(due, error.after, error)
        except Unsent as error:
            await self._not_outside(due, error)
        except Undeliverable:
            log.warning("undeliverable", kind=due.kind, lane=due.lane.name)
            await self._writer.run(lambda tx: self._lost(tx, due))
            self.wake()
        except Unfit:
            await self._writer.run(lambda tx: self._kinds.room(due).lost(tx, due, gone=False))
            self.wake()
            raise

    async def _message(self, due: Due) -> None:
        room = self._kinds.room(due)
        if await self._rests.over(due, room.rests):
            async with self._turns.of(due, room.message):
                await self._brings(due)

    async def _brings(self, due: Due) -> None:
        later = due.lane is not Lane.urgent
        parcel = await self._writer.run(lambda tx: self._draw(tx, due), later=later)
        came = NOTHING_CAME if parcel is None else await self._brought(due, parcel)
        await self._writer.run(lambda tx: self._settle(tx, due, came), later=later)
        if due.chain is not None or came.wraps is not None or came.content is not None:
            self.wake()  # the next one of the chain may go; what was fetched is answered

    async def _brought(self, due: Due, parcel: Parcel) -> Came:
        """What is large may wait for its turn, and takes its time: the row stays taken meanwhile."""
        if not isinstance(parcel, ToMember) or parcel.sealed is None:
            return await self._carrier.bring(due.lane, parcel)
        going_on = asyncio.create_task(self._goes_on(due))
        try:
            return await self._carrier.bring(due.lane, parcel)
        finally:
            going_on.cancel()

    async def _goes_on(self, due: Due) -> None:
        while True:
            await asyncio.sleep(GOES_ON_EVERY)
            with contextlib.suppress(StorageError):  # it is tried again, and the row is taken for a while
                await self._writer.run(lambda tx: self._outbox.goes_on(tx, due))

    def _draw(self, tx: Tx, due: Due) -> Parcel | None:
        return self._kinds.room(due).draw(tx, due)

    def _settle(self, tx: Tx, due: Due, came: Came) -> None:
        self._kinds.room(due).kept(tx, due, came)
        self._outbox.sent(tx, due)

    def _lost(self, tx: Tx, due: Due) -> None:
        """Nobody is there any more: the row goes, and whoever relied on it is told."""
        self._outbox.sent(tx, due)
        self._kinds.room(due).lost(tx, due, gone=True)

    async def _later(self, due: Due, after: float | None, error: CallError | Unsent) -> None:
        backoff = random.uniform(0.5, 1.0) * min(LONGEST_WAIT, 2.0**due.attempts)  # noqa: S311 - jitter
        at = self._now() + timedelta(seconds=after if after is not None else backoff)
        log.warning("put off", kind=due.kind, lane=due.lane.name, attempts=due.attempts, error=str(error))
        await self._writer.run(lambda tx: self._outbox.later(tx, due, at, type(error).__name__))

    async def _not_outside(self, due: Due, error: Unsent) -> None:
        """One way that fails is tried again for a while."""
        if due.attempts < OUTSIDE_TRIES:
            await self._later(due, None, error)
            return
        log.error("outside Telegram nobody could be told", kind=due.kind, error=str(error))
        await self._writer.run(lambda tx: self._lost(tx, due))
