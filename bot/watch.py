"""What time brings: a table of jobs, each with how often, and whether only the process that leads the clock does it.

Each job runs by itself behind the same edge (bot/edge.py): one that fails, or takes long, stops no other.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.clock import TelegramTime, believed
from bot.conversation.incoming import Outcome
from bot.due_work import DueWork, Work
from bot.edge import Edge
from bot.handoff.rota_file import RotaFile
from bot.handoff.upkeep import Upkeep
from bot.house import House
from bot.logs import log
from bot.unreadable import unreadable
from storage import seen_time
from storage.seen_time import Moment
from storage.tx import Tx
from storage.writer import Writer

CAUGHT_UP = timedelta(seconds=5)  # what was typed meanwhile is answered first
STEP = timedelta(seconds=1)
LOST_PRESSES = timedelta(seconds=150)  # older presses that nobody has fetched are dropped by Telegram
TOLD_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table. `leads`: of several processes on one database only one does it."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]
    leads: bool = False


class Watch:
    """Runs the jobs until it is cancelled.

    `leads()`: whether this process leads the clock. `is_heard()`: whether Telegram has been reached. `ticked()`: the
    ladder has been looked at. `show`: shows what a chat is to see. `wake()`: something may have been queued.
    """

    def __init__(
        self,
        *,
        house: House,
        writer: Writer,
        edge: Edge,
        telegram_time: TelegramTime,
        rota: RotaFile | None,
        upkeep: Upkeep,
        leads: Callable[[], bool],
        is_heard: Callable[[], bool],
        ticked: Callable[[], None],
        show: Callable[[int, Outcome], None],
        wake: Callable[[], None],
    ) -> None:
        self._house, self._office = house, house.office
        self._writer, self._edge, self._telegram_time = writer, edge, telegram_time
        self._rota, self._upkeep = rota, upkeep
        self._leads, self._is_heard, self._ticked, self._show, self._wake = leads, is_heard, ticked, show, wake
        self._due = DueWork(house)
        self._now = house.office.database.clock
        self._wall, self._steady = self._now(), time.monotonic()
        self._back_at: datetime | None = None  # when an outage was over, until those it may have cost are asked again
        self._heard: set[int] = set()  # chats that were answered since
        self._told: dict[str, datetime] = {}
        self.jobs = (
            Job("ladder", 1, self._ladder),
            Job("clock", 1, self._follow_clock, leads=True),
            Job("seen", 10, self.see, leads=True),
            Job("ask again", 1, self._ask_again),
            Job("rota in force", 1, self._read_rota),
            Job("rota", 1, self._look_at_rota, leads=True),
            Job("reconcile", 60, self._reconcile),
            Job("veil", 60, partial(self._each, self._due.veil)),
            Job("destroy", 60, self._destroy, leads=True),
            Job("upkeep", 60, self._members, leads=True),
            Job("unreadable", 6 * 3600, self._count_unreadable, leads=True),
        )

    async def begin(self) -> None:
        """Before anything else: the time, and the rota, as it is in force and as its file now is."""
        for job in self.jobs:
            if job.name in {"seen", "rota in force", "rota"} and (self._leads() or not job.leads):
                await self._edge.job(job.name, job.work)

    async def run(self) -> None:
        """Every job, each as often as it says."""
        async with asyncio.TaskGroup() as group:
            for job in self.jobs:
                group.create_task(self._keep(job))

    async def _keep(self, job: Job) -> None:
        while True:
            if job.leads and not self._leads():
                await asyncio.sleep(1.0)
                continue
            pause = await self._edge.job(job.name, job.work)
            self._wake()
            await asyncio.sleep(max(job.seconds, pause))

    # --- an outage of Telegram ---

    def missed(self) -> None:
        """An outage is over in which presses may have been lost."""
        self._back_at = self._now()

    def reached(self) -> None:
        """Telegram is reached for the first time: an outage that was noticed before is over only now."""
        if self._back_at is not None:
            self.missed()

    def heard(self, chat_id: int) -> None:
        """A chat is being answered."""
        if self._back_at is not None:
            self._heard.add(chat_id)

    async def _ask_again(self) -> None:
        """Once after an outage: people may have pressed, and Telegram has dropped it."""
        if self._back_at is None or not self._is_heard() or self._now() - self._back_at < CAUGHT_UP:
            return
        intakes = self._office.intakes
        rows = await self._writer.run(intakes.rows)
        self._back_at, heard = None, frozenset(self._heard)
        self._heard.clear()
        await self._rows(
            Work(what="ask again", rows=intakes.rows, do=partial(self._house.seeker.ask_again, heard=heard)), rows
        )

    async def redraw(self, since: timedelta) -> None:
        """After a start: cards whose reply may have been lost are drawn again."""
        intakes = self._office.intakes
        rows = await self._writer.run(lambda tx: intakes.rows(tx, touched_since=tx.now - since))
        await self._rows(Work(what="redraw", rows=intakes.rows, do=self._house.seeker.redraw), rows)

    # --- due work ---

    async def _ladder(self) -> None:
        """Unanswered urgent calls and due ladders."""
        await self._each(self._due.calls)
        await self._each(self._due.handoffs)
        self._ticked()

    async def _reconcile(self) -> None:
        """Nothing that waits is without a due time."""
        await self._writer.run(self._office.cases.handoffs.without_due_time)

    async def _each(self, work: Work) -> None:
        """All that it is time for; what has failed before is left alone for its pause."""
        while rows := await self._writer.run(work.rows):
            if not await self._rows(work, rows):
                return

    async def _rows(self, work: Work, rows: Sequence[int]) -> bool:
        """Each row as a change of its own; False when none of them was done, so that nobody asks again at once."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._row(work, row)) for row in rows]
        return any(task.result() for task in tasks)

    async def _row(self, work: Work, row: int) -> bool:
        async def do() -> None:
            shown = await self._writer.run(partial(work.do, row=row))
            if shown is not None:
                self._show(*shown)

        return await self._edge.row(work.what, row, do, given_up=work.given_up)

    # --- the clock, and what depends on it ---

    async def _follow_clock(self) -> None:
        """A clock that is set back delays nothing that is due."""
        now, steady = self._now(), time.monotonic()
        back = self._wall + timedelta(seconds=steady - self._steady) - now
        self._wall, self._steady = now, steady
        if back > STEP:
            log.warning("the clock was set back; due times follow it", seconds=round(back.total_seconds()))
            await self._writer.run(lambda tx: seen_time.set_back(tx, back))

    async def see(self) -> None:
        """Keeps the time, and notices what it tells: a clock that was set back while nobody ran, a long outage."""
        back, away = await self._writer.run(self._see)
        if back:
            log.warning("the clock was set back; due times follow it", seconds=round(back.total_seconds()))
        if away and self._back_at is None:
            self.missed()

    def _see(self, tx: Tx) -> tuple[timedelta, bool]:
        before = seen_time.kept(tx, Moment.last)
        if self._believes(tx):
            seen_time.keep(tx, Moment.believed, tx.now)
        away = before is not None and tx.now - before > LOST_PRESSES
        return seen_time.see(tx, shared=self._office.database.shared), away

    def _believes(self, tx: Tx) -> bool:
        return believed(tx.now, self._telegram_time.ahead, seen_time.kept(tx, Moment.believed))

    async def _destroy(self) -> None:
        """Expiry, retention, keys: only by a clock that is believed."""
        if not await self._writer.run(self._may_destroy):
            log.error("the clock is not believed, nothing is erased: see pana doctor")
            return
        await self._writer.run(self._due.announce)
        for work in self._due.destroys:
            await self._each(work)
        await self._writer.run(self._due.forget)
        await self._writer.run(self._upkeep.forget)

    def _may_destroy(self, tx: Tx) -> bool:
        if self._believes(tx):
            return True
        self._tell(tx, "clock")
        return False

    # --- members, files, rows ---

    async def _read_rota(self) -> None:
        """Works out the rota in force for the weeks to come, outside any change."""
        await asyncio.to_thread(self._office.duty.make_ready, self._office.database)

    async def _look_at_rota(self) -> None:
        """Puts a rota in force whose file has changed; of several processes one has the file that counts."""
        rota = self._rota
        seen = await asyncio.to_thread(rota.look, self._now()) if rota is not None else None
        if rota is not None and seen is not None:
            await self._writer.run(lambda tx: rota.take(tx, seen))

    async def _members(self) -> None:
        await self._writer.run(self._upkeep.minute)

    async def _count_unreadable(self) -> None:
        """Damaged rows are told before somebody needs one of them."""
        found = await asyncio.to_thread(self._office.database.read, partial(unreadable, self._office))
        if found:
            log.error("some rows cannot be read: see pana doctor", count=sum(found.values()))
            await self._writer.run(partial(self._tell, what="unreadable"))

    def _tell(self, tx: Tx, what: str) -> None:
        """A line to the coordinators, once a day."""
        last = self._told.get(what)
        if last is None or tx.now - last >= TOLD_EVERY:
            self._office.dispatch.to_coordinators(tx, what)
            tx.after(lambda: self._told.update({what: tx.now}))
