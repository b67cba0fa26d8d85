"""What time brings: a table of jobs, each with how often, and which process does it.

Each job runs by itself behind the same edge (bot/edge.py): one that fails, or takes long, stops no other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.due_work import DueWork
from bot.edge import Edge
from bot.handoff.checks import Checks
from bot.roles import Roles
from bot.watch.destroying import Destroying
from bot.watch.following import Following
from bot.watch.outage import Outage
from bot.watch.rota import WatchedRota
from bot.watch.rows import DueRows
from bot.watch.telling import Telling
from storage import ladder_due
from storage.database import Database
from storage.handoffs import Handoffs
from storage.tx import Tx
from storage.writer import Writer


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table. `who()`: whether this process does it now (bot/roles.py)."""

    name: str
    seconds: float
    who: Callable[[], bool]
    work: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """`first`: done once, before anything else; `shown`: once, when something can be shown; `table`: over and over."""

    first: tuple[Job, ...]
    shown: tuple[Job, ...]
    table: tuple[Job, ...]


def jobs(
    *,
    roles: Roles,
    writer: Writer,
    edge: Edge,
    database: Database,
    handoffs: Handoffs,
    checks: Checks,
    due: DueWork,
    rows: DueRows,
    following: Following,
    outage: Outage,
    rota: WatchedRota,
    destroying: Destroying,
    telling: Telling,
    ticked: Callable[[], None],
) -> Jobs:
    """The table. `ticked()`: the ladder has been looked at."""

    async def ladder() -> None:
        """Unanswered urgent calls and due ladders, by a time that has been followed; neither waits for the other."""
        await edge.job("clock", following.follow)
        await edge.job("call", partial(rows.each, due.calls))
        await rows.each(due.handoffs)
        ticked()

    def shred(tx: Tx) -> None:
        """What was deleted leaves the disk: also what a command has deleted, or an export was in the way of."""
        tx.after(database.shred_soon)

    def changes(change: Callable[[Tx], object]) -> Callable[[], Awaitable[object]]:
        return lambda: writer.run(change)

    file = Job("rota", 1, roles.owns_rota, rota.look_at_file)
    return Jobs(
        first=(
            Job("no rota", 0, _everybody, rota.drop_if_none),
            Job("seen", 0, roles.leads, following.see),
            Job("rota in force", 0, _everybody, rota.read),
            file,
        ),
        shown=(Job("redraw", 0, roles.leads, outage.redraw),),
        table=(
            Job("ladder", 1, roles.works, ladder),
            Job("ask again", 1, roles.works, outage.ask_again),
            Job("rota in force", 1, roles.works, rota.read),
            file,
            Job("reconcile", 60, roles.works, changes(ladder_due.without_due_time)),
            *(Job(work.what, 1, roles.works, partial(rows.each, work)) for work in due.shown),
            Job("renew", 60, roles.works, partial(rows.each, due.renew)),
            Job("destroy", 60, roles.leads, destroying.look),
            Job("shred", 30, roles.leads, changes(shred)),
            Job("checks", 60, roles.leads, changes(checks.minute)),
            Job("unreadable", 6 * 3600, roles.leads, telling.count_unreadable),
        ),
    )


def _everybody() -> bool:
    return True


class Watch:
    """Runs the jobs until it is cancelled."""

    def __init__(self, *, jobs: Jobs, edge: Edge) -> None:
        self.jobs, self._edge = jobs, edge

    async def begin(self) -> None:
        """Before anything else: what had failed before, the time, and the rota as it is in force and in its file."""
        await self._edge.begin()
        await self._once(self.jobs.first)

    async def begin_to_show(self) -> None:
        """Once something can be shown: cards whose reply may have been lost are drawn again."""
        await self._once(self.jobs.shown)

    async def _once(self, jobs: tuple[Job, ...]) -> None:
        for job in jobs:
            if job.who():
                await self._edge.job(job.name, job.work)

    async def run(self) -> None:
        """Every job, each as often as it says."""
        async with asyncio.TaskGroup() as group:
            for job in self.jobs.table:
                group.create_task(self._keep(job))

    async def _keep(self, job: Job) -> None:
        while True:
            if not job.who():
                await asyncio.sleep(1.0)
                continue
            pause = await self._edge.job(job.name, job.work)
            await asyncio.sleep(max(job.seconds, pause))
