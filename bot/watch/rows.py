"""The rows that it is time for: each a change of its own behind the edge (bot/edge.py)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.due_work import Work
from bot.edge import Edge
from bot.speech.outgoing import Outcome
from storage.writer import Writer

MOST_TIMES = 20  # a row may be due again at once, when much is overdue; one that goes on like that is stuck


class StaysDue(Exception):
    """The work of a row was done, again and again, and it is still time for it."""


class DueRows:
    """`show`: shows what a chat is to see."""

    def __init__(self, *, writer: Writer, edge: Edge, show: Callable[[int, Outcome], None]) -> None:
        self._writer, self._edge, self._show = writer, edge, show

    async def each(self, work: Work, at: datetime | None = None) -> None:
        """All that it is time for; what has failed before is left alone for its pause. `at`: what counts as now.

        A row that stays due although its work was done is one that has failed: else the round would never end.
        """
        done: Counter[int] = Counter()
        while rows := await self._writer.run(work.rows, at=at):
            done.update(rows)
            stuck = [row for row in rows if done[row] > MOST_TIMES]
            for row in stuck:
                await self._edge.row(work.what, row, _stays_due, given_up=work.given_up)
            if not await self.these(work, [row for row in rows if done[row] <= MOST_TIMES], at):
                return

    async def these(self, work: Work, rows: Sequence[int], at: datetime | None = None) -> bool:
        """Each row as a change of its own; False when none of them was done, so that nobody asks again at once.

        What calls nobody rests for as long as it works: much of it leaves time for everybody else.
        """
        done, clock = False, asyncio.get_running_loop().time
        for first in range(0, len(rows), work.together):
            began = clock()
            async with asyncio.TaskGroup() as group:
                some = rows[first : first + work.together]
                tasks = [group.create_task(self._row(work, row, at)) for row in some]
            done = done or any(task.result() for task in tasks)
            if work.given_up and first + work.together < len(rows):
                await asyncio.sleep(clock() - began)
        return done

    async def _row(self, work: Work, row: int, at: datetime | None) -> bool:
        async def do() -> None:
            shown = await self._writer.run(partial(work.do, row=row), at=at, later=work.given_up)
            if shown is not None:
                self._show(*shown)

        return await self._edge.row(work.what, row, do, given_up=work.given_up)


async def _stays_due() -> None:
    raise StaysDue
