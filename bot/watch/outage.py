"""An outage of Telegram, or of this process, in which presses and replies may have been lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.due_work import Work
from bot.seeker.over_time import OverTime
from bot.watch.rows import DueRows
from storage.intakes import Intakes
from storage.writer import Writer

CAUGHT_UP = timedelta(seconds=5)  # what was typed meanwhile is answered first
REDRAWN = timedelta(seconds=60)
LOST_PRESSES = timedelta(seconds=150)  # older presses that nobody has fetched are dropped by Telegram


class Outage:
    """`is_over()`: whether Telegram has been reached. `now()`: by the bot's clock."""

    def __init__(
        self,
        *,
        writer: Writer,
        rows: DueRows,
        intakes: Intakes,
        over_time: OverTime,
        now: Callable[[], datetime],
        is_over: Callable[[], bool],
    ) -> None:
        self._writer, self._rows, self._intakes, self._over_time = writer, rows, intakes, over_time
        self._now, self._is_over = now, is_over
        self._back_at: datetime | None = None  # when it was over, until those it may have cost are asked again
        self._heard: set[int] = set()  # chats that were answered since

    def missed(self) -> None:
        """An outage is over in which presses may have been lost."""
        self._back_at = self._now()

    def away(self, by: timedelta) -> None:
        """Nobody ran for so long before this process began."""
        if by > LOST_PRESSES and self._back_at is None:
            self.missed()

    def reached(self) -> None:
        """Telegram is reached for the first time: an outage that was noticed before is over only now."""
        if self._back_at is not None:
            self.missed()

    def heard(self, chat_id: int) -> None:
        """A chat is being answered."""
        if self._back_at is not None:
            self._heard.add(chat_id)

    async def ask_again(self) -> None:
        """Once after an outage: people may have pressed, and Telegram has dropped it."""
        if self._back_at is None or not self._is_over() or self._now() - self._back_at < CAUGHT_UP:
            return
        rows = await self._writer.run(self._intakes.rows)
        self._back_at, heard = None, frozenset(self._heard)
        self._heard.clear()
        ask = partial(self._over_time.ask_again, heard=heard)
        await self._rows.these(Work(what="ask again", rows=self._intakes.rows, do=ask), rows)

    async def redraw(self) -> None:
        """At the beginning: cards whose reply may have been lost with the process before are drawn again."""
        rows = await self._writer.run(lambda tx: self._intakes.rows(tx, touched_since=tx.now - REDRAWN))
        await self._rows.these(Work(what="redraw", rows=self._intakes.rows, do=self._over_time.redraw), rows)
