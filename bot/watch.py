"""What time brings: a table of jobs, each with how often, and whether only the process that leads the clock does it.

Each job runs by itself behind the same edge (bot/edge.py): one that fails, or takes long, stops no other.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.due_work import DueWork, Work
from bot.edge import Edge
from bot.handoff.checks import Checks
from bot.handoff.rota.file import RotaFile
from bot.house import House
from bot.logs import log
from bot.speech.outgoing import Outcome
from bot.unreadable import unreadable
from storage import seen_time
from storage.seen_time import Moment
from storage.tx import Reading, Tx
from storage.writer import Writer

CAUGHT_UP = timedelta(seconds=5)  # what was typed meanwhile is answered first
STEP = timedelta(seconds=1)
SEEN_EVERY = timedelta(seconds=10)
REDRAWN = timedelta(seconds=60)
LOST_PRESSES = timedelta(seconds=150)  # older presses that nobody has fetched are dropped by Telegram
TOLD_EVERY = timedelta(days=1)
RESTART = timedelta(minutes=1)  # an absence that is longer does not count against a claim
FIRST_ANSWER = 30  # seconds
MOST_TIMES = 20  # a row may be due again at once, when much is overdue; one that goes on like that is stuck
_LINES = {Moment.told_clock: "clock", Moment.told_unreadable: "unreadable"}


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
        clock: Clock,
        rota: RotaFile | None,
        checks: Checks,
        leads: Callable[[], bool],
        works: Callable[[], bool],
        is_heard: Callable[[], bool],
        ticked: Callable[[], None],
        show: Callable[[int, Outcome], None],
        wake: Callable[[], None],
    ) -> None:
        self._house, self._office = house, house.office
        self._writer, self._edge, self._clock = writer, edge, clock
        self._rota, self._checks = rota, checks
        self._leads, self._works = leads, works
        self._is_heard, self._ticked, self._show, self._wake = is_heard, ticked, show, wake
        self._due = DueWork(house)
        self._now = house.office.database.clock
        self._seen_at, self._steady = self._now(), clock.steady()
        self._has_seen, self._kept_at = False, self._now()
        self._back_at: datetime | None = None  # when an outage was over, until those it may have cost are asked again
        self._heard: set[int] = set()  # chats that were answered since
        self.jobs = (
            Job("ladder", 1, self._ladder),
            Job("ask again", 1, self._ask_again),
            Job("rota in force", 1, self._read_rota),
            Job("rota", 1, self._look_at_rota, leads=True),
            Job("reconcile", 60, self._reconcile),
            *(Job(work.what, 1, partial(self._each, work)) for work in self._due.shown),
            Job("renew", 60, partial(self._each, self._due.renew)),
            Job("destroy", 60, self._destroy, leads=True),
            Job("shred", 30, self._shred, leads=True),
            Job("checks", 60, self._members, leads=True),
            Job("unreadable", 6 * 3600, self._count_unreadable, leads=True),
        )

    async def begin(self) -> None:
        """Before anything else: the time, and the rota, as it is in force and as its file now is."""
        if self._leads():
            await self._edge.job("seen", self.see)
        for job in self.jobs:
            if job.name in {"rota in force", "rota"} and (self._leads() or not job.leads):
                await self._edge.job(job.name, job.work)

    async def run(self) -> None:
        """Every job, each as often as it says."""
        async with asyncio.TaskGroup() as group:
            for job in self.jobs:
                group.create_task(self._keep(job))

    async def _keep(self, job: Job) -> None:
        while True:
            if not (self._leads() if job.leads else self._works()):
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
            Work(what="ask again", rows=intakes.rows, do=partial(self._house.seeker.over_time.ask_again, heard=heard)),
            rows,
        )

    async def redraw(self) -> None:
        """At the beginning: cards whose reply may have been lost with the process before are drawn again."""
        intakes = self._office.intakes
        rows = await self._writer.run(lambda tx: intakes.rows(tx, touched_since=tx.now - REDRAWN))
        await self._rows(Work(what="redraw", rows=intakes.rows, do=self._house.seeker.over_time.redraw), rows)

    # --- due work ---

    async def _ladder(self) -> None:
        """Unanswered urgent calls and due ladders, by a time that has been followed; neither waits for the other."""
        await self._edge.job("clock", self._follow_clock)
        await self._edge.job("call", partial(self._each, self._due.calls))
        await self._each(self._due.handoffs)
        self._ticked()

    async def _reconcile(self) -> None:
        """Nothing that waits is without a due time."""
        await self._writer.run(self._office.cases.handoffs.without_due_time)

    async def _each(self, work: Work, at: datetime | None = None) -> None:
        """All that it is time for; what has failed before is left alone for its pause. `at`: what counts as now.

        A row that stays due although its work was done is one that has failed: else the round would never end.
        """
        done: Counter[int] = Counter()
        while rows := await self._writer.run(work.rows, at=at):
            done.update(rows)
            stuck = [row for row in rows if done[row] > MOST_TIMES]
            for row in stuck:
                await self._edge.row(work.what, row, _stays_due, given_up=work.given_up)
            if not await self._rows(work, [row for row in rows if done[row] <= MOST_TIMES], at):
                return

    async def _rows(self, work: Work, rows: Sequence[int], at: datetime | None = None) -> bool:
        """Each row as a change of its own; False when none of them was done, so that nobody asks again at once."""
        done = False
        for first in range(0, len(rows), work.together):
            async with asyncio.TaskGroup() as group:
                some = rows[first : first + work.together]
                tasks = [group.create_task(self._row(work, row, at)) for row in some]
            done = done or any(task.result() for task in tasks)
        return done

    async def _row(self, work: Work, row: int, at: datetime | None) -> bool:
        async def do() -> None:
            shown = await self._writer.run(partial(work.do, row=row), at=at)
            if shown is not None:
                self._show(*shown)

        return await self._edge.row(work.what, row, do, given_up=work.given_up)

    # --- the clock, and what depends on it ---

    async def _follow_clock(self) -> None:
        """What is due is not delayed by a clock that goes back, and no claim ends because it goes ahead."""
        if not self._leads():
            self._has_seen = False
        elif not self._has_seen:  # who comes to lead begins where the one before was
            await self.see()
            await self.redraw()
        now, steady = self._now(), self._clock.steady()
        step = now - self._seen_at - timedelta(seconds=steady - self._steady)
        if abs(step) > STEP and self._leads():
            follow, by = (seen_time.set_back, -step) if step < timedelta() else (seen_time.set_ahead, step)
            await self._writer.run(lambda tx: follow(tx, by))
            log.warning("the time was set; due times and claims follow it", seconds=round(step.total_seconds()))
        self._seen_at, self._steady = now, steady
        # Before anything rings by it: a process that comes after a pause of the machine must not begin before it.
        if self._leads() and abs(now - self._kept_at) >= SEEN_EVERY:
            await self.see()

    async def see(self) -> None:
        """Keeps the time, and notices what it tells: a clock that was set back while nobody ran, a long outage."""
        first = not self._has_seen
        if first:
            last, sure = await asyncio.to_thread(self._office.database.read, _kept_times)
            self._clock.begin(last, sure)
            self._seen_at, self._steady = self._now(), self._clock.steady()
        back, away = await self._writer.run(partial(self._see, first=first))
        self._has_seen, self._kept_at = True, self._now()
        if back:
            log.warning("the clock was set back; due times follow it", seconds=round(back.total_seconds()))
        if away > LOST_PRESSES and self._back_at is None:
            self.missed()

    def _see(self, tx: Tx, first: bool) -> tuple[timedelta, timedelta]:
        before = seen_time.kept(tx, Moment.last)
        away = timedelta() if before is None else tx.now - before
        if first and away > RESTART:
            seen_time.set_ahead(tx, away)
        seen_time.keep(tx, Moment.sure, self._clock.sure or tx.now)
        return seen_time.see(tx, shared=self._office.database.shared), away

    async def _destroy(self) -> None:
        """Expiry, retention, keys: only by a clock that is believed, and by no later time than is sure.

        Each step stands alone.
        """
        await self._heard_or_waited()
        at = self._clock.as_of
        if at is None:
            log.error("the clock is not believed, nothing is erased: see pana doctor")
            if self._clock.telegram.heard is not None:
                await self._writer.run(partial(self._tell, what=Moment.told_clock))
            return
        steps = {"announce": partial(self._writer.run, self._due.announce, at=at)}
        steps |= {work.what: partial(self._each, work, at) for work in self._due.destroys}
        steps |= {"forget": partial(self._writer.run, self._due.forget, at=at)}
        steps |= {"checks": partial(self._writer.run, self._checks.forget, at=at)}
        for name, step in steps.items():
            await self._edge.job(name, step)

    async def _shred(self) -> None:
        """What was deleted leaves the disk: also what a command has deleted, or an export was in the way of."""
        database = self._office.database
        await self._writer.run(lambda tx: tx.after(database.shred_soon))

    async def _heard_or_waited(self) -> None:
        """Telegram's first answer tells the time; it is waited for, but not for long."""
        for _ in range(20 * FIRST_ANSWER):
            if self._clock.telegram.heard is not None:
                return
            await asyncio.sleep(0.05)

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
        await self._writer.run(self._checks.minute)

    async def _count_unreadable(self) -> None:
        """Damaged rows are told before somebody needs one of them."""
        found = await asyncio.to_thread(self._office.database.read, partial(unreadable, self._office))
        if found:
            log.error("some rows cannot be read: see pana doctor", count=sum(found.values()))
            await self._writer.run(partial(self._tell, what=Moment.told_unreadable))

    def _tell(self, tx: Tx, what: Moment) -> None:
        """A line to the coordinators, once a day."""
        last = seen_time.kept(tx, what)
        if last is None or abs(tx.now - last) >= TOLD_EVERY:
            self._office.queue.to_coordinators(tx, _LINES[what])
            seen_time.keep(tx, what, tx.now)


def _kept_times(tx: Reading) -> tuple[datetime | None, datetime | None]:
    """When the bot was seen last, and the last time that was sure; an earlier version kept only the first."""
    last = seen_time.kept(tx, Moment.last)
    return last, seen_time.kept(tx, Moment.sure) or last


class StaysDue(Exception):
    """The work of a row was done, again and again, and it is still time for it."""


async def _stays_due() -> None:
    raise StaysDue
