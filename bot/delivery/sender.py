"""Sends what the outbox holds, each row from the truth of the moment, and settles it.

It knows rows; what a row means its kind says (bot/delivery/kinds/).
"""

import asyncio
import contextlib
import random
import secrets
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import partial

from bot.delivery.carrier import Carrier
from bot.delivery.kind import NOTHING_CAME, Came, Kind, Parcel
from bot.delivery.kinds import Kinds
from bot.edge import Edge
from bot.errors import CallError, TryAgain, Undeliverable, Unfit, Unsent
from bot.handoff.queue import Queue
from bot.logs import log
from storage import turns
from storage.errors import StorageError, Unreadable
from storage.outbox import Due, Lane
from storage.tx import Tx
from storage.writer import Writer

LONGEST_WAIT = 60.0
OUTSIDE_TRIES = 8
GOES_ON_EVERY = 10.0  # seconds; less than a row is taken for (storage/outbox.py)
# Rows of one look; and such as are on their way, which are held in one change: whoever taps must not wait for it.
A_LOOK, MOST = 50, 500
LOOKS_AGAIN = (0.1, 0.2, 0.4, *(1.0,) * 10)  # after so many seconds, while another process changes the message

_What = tuple[str, int | None, int | None]  # kind, case, member


@dataclass(slots=True)
class _Resting:
    """A row as it was taken last, and that it rests no more."""

    due: Due
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Rests:
    """Rows of a kind about a case for a member that come sooner than it rests wait here, each only once.

    Not where the member has just pressed or written: they look at what comes of it.
    """

    def __init__(self) -> None:
        self._until: dict[_What, float] = {}
        self._waiting: dict[int, _Resting] = {}

    async def over(self, due: Due, seconds: float) -> Due | None:
        """Waits until the row may be drawn, and returns it as it was taken last.

        None when it waits already: it was queued anew meanwhile. What waits says what is true then, and settles it.
        """
        if not seconds:
            return due
        what, clock = (due.kind, due.case_row, due.member_id), asyncio.get_running_loop().time
        if due.id in self._waiting:
            self._waiting[due.id].due = due
            return None
        resting = self._waiting[due.id] = _Resting(due)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(resting.ended.wait(), self._until.get(what, 0.0) - clock())
        finally:
            del self._waiting[due.id]
        self._until = {one: until for one, until in self._until.items() if until > clock()} | {what: clock() + seconds}
        return resting.due

    def end(self, member_id: int) -> None:
        """Nothing for this member rests any more, nor does what comes next."""
        self._until = {what: until for what, until in self._until.items() if what[2] != member_id}
        for resting in self._waiting.values():
            if resting.due.member_id == member_id:
                resting.ended.set()


class Turns:
    """Rows that may replace or change one message go one after another: each is drawn when the one before is settled.

    Else a call in place of an alert and a change of that alert would leave two messages, of which one is known. Those
    of one kind about one case for one member are such rows, and those of kinds that name the same `message`. `shared`:
    other processes send too, and have turns at what is named so (storage/turns.py).
    """

    def __init__(self, *, shared: bool = False) -> None:
        self._shared, self._holder = shared, secrets.token_hex(8)
        self._locks: weakref.WeakValueDictionary[_What, asyncio.Lock] = weakref.WeakValueDictionary()

    def of(self, due: Due, message: str | None) -> contextlib.AbstractAsyncContextManager[None]:
        """The turn of a row in this process."""
        if due.member_id is None:
            return contextlib.nullcontext()
        return self._locks.setdefault((message or due.kind, due.case_row, due.member_id), asyncio.Lock())

    def name(self, due: Due, message: str | None) -> str:
        """What the turn among all processes is at; nothing where there is none."""
        return f"{message}:{due.case_row or 0}:{due.member_id}" if self._shared and message else ""

    def begins(self, tx: Tx, turn: str) -> bool:
        """False while another process has it."""
        return not turn or turns.begins(tx, turn, self._holder)

    def goes_on(self, tx: Tx, turn: str) -> None:
        """It is this process's for another while."""
        if turn:
            turns.goes_on(tx, turn, self._holder)

    def ends(self, tx: Tx, turn: str) -> bool:
        """False when it was this process's no more."""
        return not turn or turns.ends(tx, turn, self._holder)


class _NotNow(Enum):
    """Another process changes the message."""

    waits = "waits"


_NOT_NOW = _NotNow.waits


class Sender:
    """The loop that empties the outbox."""

    def __init__(
        self,
        *,
        writer: Writer,
        queue: Queue,
        kinds: Kinds,
        carrier: Carrier,
        edge: Edge,
        rests: Rests,
        now: Callable[[], datetime],
        works: Callable[[], bool],
        shared: bool,
    ) -> None:
        """`shared`: other processes may send from the same outbox."""
        self._writer, self._queue, self._kinds, self._carrier = writer, queue, kinds, carrier
        self._outbox = queue.outbox
        self._edge, self._now, self._works = edge, now, works
        self._woken = asyncio.Event()
        self._found_nothing = False
        self._on_their_way: dict[asyncio.Task[None], Due] = {}
        self._rests, self._turns = rests, Turns(shared=shared)

    def wake(self) -> None:
        """Something was queued."""
        self._found_nothing = False
        self._woken.set()

    async def run(self) -> None:
        """Sends until it is cancelled; looks at least once a second."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hold())
            while True:
                self._woken.clear()
                batch = await self._take()
                self._found_nothing = not batch and not self._woken.is_set()
                for due in batch:
                    task = group.create_task(self._deliver(due))
                    self._on_their_way[task] = due
                    task.add_done_callback(self._on_their_way.pop)
                if len(batch) == A_LOOK:  # there may be more
                    continue
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
        """What is urgent is always taken; the lanes have it go first (bot/telegram/lanes.py)."""
        if not self._works():
            return []
        last = Lane.bulk if len(self._on_their_way) <= MOST - A_LOOK else Lane.urgent
        try:
            return list(await self._writer.run(lambda tx: self._outbox.take(tx, A_LOOK, last)))
        except Exception as error:  # what is on its way goes on
            log.error("storage is not available, messages wait", error=type(error).__name__)
            return []

    async def _hold(self) -> None:
        """What is on its way stays taken, however long it waits for its turn: nobody brings it a second time."""
        while True:
            await asyncio.sleep(GOES_ON_EVERY)
            rows = list(self._on_their_way.values())
            with contextlib.suppress(StorageError):  # it is tried again, and they are taken for a while
                await self._writer.run(partial(self._outbox.go_on, rows=rows), later=True)

    async def _deliver(self, due: Due) -> None:
        """One row: drawn, brought, settled, behind the edge. What storage does not take now is due again."""
        await self._edge.row("outbox", due.id, lambda: self._rested(due), given_up=due.lane is not Lane.urgent)

    async def _rested(self, due: Due) -> None:
        if not due.readable:
            raise Unreadable("outbox")
        room = self._kinds.room(due)
        rested = await self._rests.over(due, room.rests)
        if rested is not None:
            await self._bring(rested, room)

    async def _bring(self, due: Due, room: Kind) -> None:
        """A refusal that may pass puts the row off; a chat that cannot be reached is told to whoever relied on it.

        Anything else that lasts is the edge's (bot/edge.py); what called a lawyer calls the next one all the same.
        """
        try:
            async with self._turns.of(due, room.message):
                await self._brings(due, room)
        except TryAgain as error:
            await self._later(due, error.after, error)
        except Unsent as error:
            await self._not_outside(due, error)
        except Undeliverable:
            log.warning("undeliverable", kind=due.kind, lane=due.lane.name)
            await self._writer.run(lambda tx: self._lost(tx, due))
        except Unfit:
            await self._writer.run(lambda tx: room.lost(tx, due, gone=False))
            raise

    async def _brings(self, due: Due, room: Kind) -> None:
        later = due.lane is not Lane.urgent
        turn = self._turns.name(due, room.message)
        parcel = await self._drawn(due, turn, later=later)
        try:
            came = NOTHING_CAME if parcel is None else await self._brought(due, parcel, turn)
            await self._writer.run(lambda tx: self._settle(tx, due, came, turn), later=later)
        except Exception:
            await self._gives_back(turn)
            raise

    async def _drawn(self, due: Due, turn: str, *, later: bool) -> Parcel | None:
        """Drawn once no other process changes the message; raises TryAgain when that takes too long.

        Nothing is drawn where another process has done meanwhile what the row asks for, or is going to.
        """
        for look, pause in enumerate(LOOKS_AGAIN):
            draw = partial(self._draw, due=due, turn=turn, waited=look > 0)
            drawn = await self._writer.run(draw, later=later)
            if drawn is not _NOT_NOW:
                return drawn
            await asyncio.sleep(pause)
        raise TryAgain("another process changes this message", 1.0)

    async def _gives_back(self, turn: str) -> None:
        if turn:
            with contextlib.suppress(StorageError):  # then it is over with its time
                await self._writer.run(lambda tx: self._turns.ends(tx, turn))

    async def _brought(self, due: Due, parcel: Parcel, turn: str) -> Came:
        """However long it takes, other processes wait for their turn at the message."""
        if not turn:
            return await self._carrier.bring(due.lane, parcel)
        going_on = asyncio.create_task(self._goes_on(turn))
        try:
            return await self._carrier.bring(due.lane, parcel)
        finally:
            going_on.cancel()

    async def _goes_on(self, turn: str) -> None:
        while True:
            await asyncio.sleep(GOES_ON_EVERY)
            with contextlib.suppress(StorageError):  # it is tried again, and a turn is held for a while
                await self._writer.run(lambda tx: self._turns.goes_on(tx, turn))

    def _draw(self, tx: Tx, due: Due, turn: str = "", *, waited: bool = False) -> "Parcel | _NotNow | None":
        if not self._turns.begins(tx, turn):
            return _NOT_NOW
        if waited and not self._outbox.is_as_taken(tx, due):
            return None
        return self._kinds.room(due).draw(tx, due)

    def _settle(self, tx: Tx, due: Due, came: Came, turn: str = "") -> None:
        """Where the turn was lost, another process may have changed the message too, and nobody knows which came last.

        So it is after this process has stood still for half a minute.
        """
        room = self._kinds.room(due)
        room.kept(tx, due, came)
        self._outbox.sent(tx, due)
        if not self._turns.ends(tx, turn):
            assert room.message is not None
            assert due.member_id is not None
            self._queue.to_member(tx, room.message, due.member_id, case_row=due.case_row)

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
