"""Receives updates: nothing is confirmed to Telegram before it is committed.

python-telegram-bot's own polling confirms an update once it is queued in memory, so a crash loses it
(telegram/ext/_updater.py, 22.8). Here the next getUpdates, which confirms, is sent after the commit.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from bot.errors import CallError, TakenElsewhere, TokenTrouble, TryAgain
from bot.hearing import Hearing, Trouble
from bot.logs import log
from bot.speech.incoming import Said, SentOther
from bot.telegram.api import MOST_UPDATES, POLL_SECONDS, Api
from bot.telegram.flood import FEW_A_SECOND, FEW_AT_ONCE, FEW_OWED, ChatLimit, Line, Overload
from bot.telegram.parse import Received, chat_id_of, chat_of, number_of, parse
from storage.errors import NotKept

LEAST_WAIT, MOST_WAIT = 1.0, 30.0
AT_ONCE_FROM_LINE, WHILE_BEHIND = 8, 0.4  # and the seconds that each of them lets go by while fetches come full
FROM_A_FULL_FETCH = 6  # chats heard before the next fetch while they come full: ten fetches a second must be left
STRANGERS_OF_A_FETCH = 2  # heard with it in a flood, beside these
STAND_BY_SECONDS = 2.0
REST_SECONDS, REST_STEP = 5.0, 0.02  # of the ten that a calm end may take
LATE = timedelta(seconds=60)  # an older text is answered as news are (bot/gate.py)
PRESSES_LIVE = 150.0  # seconds; after that Telegram drops a press that nobody has fetched


def trouble(error: CallError) -> Trouble:
    """Why a call of this bot's own was not answered."""
    match error:
        case TakenElsewhere():
            return Trouble.webhook if error.webhook else Trouble.rival
        case TokenTrouble():
            return Trouble.refused
        case _:
            return Trouble.unreachable


class Waiting(Protocol):
    """Keeps what waits in a flood, so that a crash does not lose what was confirmed."""

    async def keep(self, updates: Mapping[int, Mapping[str, Any]], heard: Sequence[int]) -> None:
        """These wait, by their number; the others were `heard`. Raises NotKept."""

    async def kept(self) -> Sequence[Mapping[str, Any]]:
        """What waits since before, in its order. Raises NotKept."""


class Handle(Protocol):
    """What hears an update; `later`: whoever sent it stood in the line, and nobody else waits behind it."""

    async def __call__(self, received: Received, /, *, later: bool = False) -> None:
        """Returns after the commit; raises NotKept."""


class Receiver:
    """The poll loop. `handle` returns after the commit; NotKept from it keeps the offset where it is.

    `receives` tells whether this process may poll: of several on one database one does, and the others wait for it to
    go (two pollers on one token end each other with 409). `known` tells which chats have something open; of those
    `waiting` keeps what is confirmed before it is heard. `missed` is called when Telegram is reached again after so
    long that presses are lost. `hearing` is told of every answer.
    """

    def __init__(
        self,
        *,
        api: Api,
        handle: Handle,
        receives: Callable[[], Awaitable[bool]],
        known: Callable[[Sequence[int]], Awaitable[frozenset[int]]],
        waiting: Waiting,
        missed: Callable[[], None],
        hearing: Hearing,
    ) -> None:
        self._api, self._handle, self._receives, self._known, self._missed = api, handle, receives, known, missed
        self._hearing, self._waiting = hearing, waiting
        self._to_keep: dict[int, Mapping[str, Any]] = {}  # stands in the line and is not kept yet, by its number
        self._kept: set[int] = set()
        self._was_heard: set[int] = set()  # stood in the line, and is heard by now
        self._stands = False  # what was kept by a process before stands in the line again
        self._offset: int | None = None
        clock = hearing.clock
        self._limit, self._few = ChatLimit(clock), ChatLimit(clock, FEW_AT_ONCE, FEW_A_SECOND, FEW_OWED)
        self._overload = Overload(clock)
        self._line: Line[Received | Mapping[str, Any]] = Line(clock)
        self._came = asyncio.Event()
        self._ends = False  # nothing is fetched any more

    async def run(self) -> None:
        """Polls until it is cancelled, whatever Telegram answers."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE_FROM_LINE):
                group.create_task(self._hear_the_line())
            try:
                await self._poll()
            finally:
                await self._hear_the_rest()

    async def _hear_the_rest(self) -> None:
        """At the end: of strangers, what is confirmed and waits in memory would be lost with it."""
        self._ends, until = True, self._hearing.clock() + REST_SECONDS
        while not self._line.empty and self._hearing.clock() < until:  # noqa: ASYNC110 - for seconds, at the end
            await asyncio.sleep(REST_STEP)
        with contextlib.suppress(NotKept):  # then the next process hears it once more, which changes nothing
            await self._keep()

    async def _poll(self) -> None:
        wait, polls = LEAST_WAIT, True
        while True:
            polled, polls = polls, await self._receives()
            if polls != polled:
                log.info("this process polls now" if polls else "standing by: another process polls")
            if not polls:
                self._offset, self._stands = None, False  # another process confirms meanwhile
                self._hearing.stands_by()
                await asyncio.sleep(STAND_BY_SECONDS)
                continue
            try:
                await self._stand_again()
                await self._batch(await self._fetch())
                wait = LEAST_WAIT
                continue
            except TryAgain as error:
                pause = error.after or wait
                log.warning("poll failed", error=str(error), seconds=pause)
                self._hearing.failed(trouble(error), pause)
            except NotKept:
                log.error("storage is not available, nothing is confirmed", seconds=wait)
                pause = wait
            await asyncio.sleep(pause)
            wait = min(wait * 2, MOST_WAIT)

    async def _fetch(self) -> list[dict[str, Any]]:
        """The next updates; the first time only what waits already: people are heard once that is answered."""
        self._hearing.turned()
        before = self._hearing.seen
        raws = await self._api.fetch(self._offset, 0 if before.heard_at is None else POLL_SECONDS)
        silence = self._hearing.heard()
        if before.failing_since is not None:
            log.info("people are heard", seconds=round(silence))
        if silence > PRESSES_LIVE:
            self._missed()
        return raws

    async def _batch(self, raws: list[dict[str, Any]]) -> None:
        """Handles a batch: chats in parallel, the order kept within each; then the offset moves."""
        chats = await self._heard_now(raws)
        self._came.set()
        later: BaseExceptionGroup[NotKept] | None = None
        try:
            async with asyncio.TaskGroup() as group:
                for waiting in chats.values():
                    group.create_task(self._in_order(waiting))
                if self._overload.may_begin:
                    group.create_task(self._count_waiting())
        except* NotKept as errors:
            later = errors
        if later is not None:
            raise NotKept(str(later.exceptions[0]))
        await self._keep()
        numbers = [number for raw in raws if (number := number_of(raw)) is not None]
        if numbers:
            self._offset = max(numbers) + 1
        elif raws:
            raise TryAgain("updates without a number")

    async def _count_waiting(self) -> None:
        try:
            self._overload.waits((await self._api.webhook()).waiting)
        except CallError:
            self._overload.waits(None)

    async def _heard_now(self, raws: list[dict[str, Any]]) -> dict[int | None, list[Received]]:
        """What is heard before the next fetch, by chat; in a flood the rest stands in the line."""
        sent = [chat for raw in raws if (chat := chat_id_of(raw)) is not None]
        flooded = self._overload.fetched(sent, full=len(raws) >= MOST_UPDATES)
        chats: dict[int | None, list[Received]] = {}
        for raw in raws:
            chat_id = chat_id_of(raw)
            if chat_id is None or not self._waits(chat_id, raw, flooded=flooded, first=chat_id not in chats):
                received = self._timed(parse(raw, self._api.bot))
                chats.setdefault(chat_of(received), []).append(received)
        strangers = await self._set_strangers_apart(chats) if flooded else {}
        if self._overload.behind:
            self._set_the_loud_apart(chats, raws)
        chats |= strangers
        for chat_id in chats:
            if chat_id is not None:
                self._line.answered(chat_id)
        return chats

    async def _stand_again(self) -> None:
        """What a process before has confirmed and not heard is heard now, before anything newer of its chat."""
        if self._stands:
            return
        for raw in await self._waiting.kept():
            chat_id, number = chat_id_of(raw), number_of(raw)
            if chat_id is not None and number is not None:
                self._kept.add(number)
                self._line.put(chat_id, raw, only_newest=False)
        self._stands = True
        self._came.set()

    def _stand_in_line(self, chat_id: int, raws: Sequence[Mapping[str, Any]], *, only_newest: bool) -> None:
        stand = self._line.put(chat_id, *raws, only_newest=only_newest)
        if not only_newest:
            self._to_keep |= {number: raw for raw in raws[:stand] if (number := number_of(raw)) is not None}

    async def _keep(self) -> None:
        """What stands in the line is kept before it is confirmed, unless nothing is stored about its chat yet."""
        if not self._to_keep and not self._was_heard:
            return
        standing, self._to_keep = self._to_keep, {}
        known = await self._known([chat for raw in standing.values() if (chat := chat_id_of(raw)) is not None])
        new = {number: raw for number, raw in standing.items() if chat_id_of(raw) in known}
        heard = self._was_heard & self._kept
        if new or heard:
            await self._waiting.keep(new, sorted(heard))
        self._kept = (self._kept | new.keys()) - heard
        self._was_heard &= self._kept  # of those that were heard meanwhile

    def _timed(self, received: Received) -> Received:
        """Whether a text was written long ago, by Telegram's own clock."""
        if not isinstance(received, Said | SentOther):
            return received
        now = self._api.time.now
        if now is None or received.at is None:
            return received
        waited = now - received.at
        if isinstance(received, SentOther):
            return replace(received, waited=waited)
        return replace(received, waited=waited, late=waited > LATE)

    async def _in_order(self, waiting: list[Received]) -> None:
        for received in waiting:
            await self._handle(received)

    def _waits(self, chat_id: int, raw: Mapping[str, Any], *, flooded: bool, first: bool) -> bool:
        """True for an update that is not heard now: what came before it waits still, or its chat sends too much.

        `first`: of its chat in this fetch. What comes with it stays with it, or it would be heard in another order.
        Nothing of it is parsed before its turn: that costs more than all the rest of what is done for it here.
        """
        admitted, few = self._limit.admits(chat_id), self._few.admits(chat_id)
        if flooded and not admitted:
            return True
        if first and (chat_id in self._line or (flooded and not few)):
            self._stand_in_line(chat_id, [raw], only_newest=self._line.strange(chat_id))
            return True
        return False

    async def _set_strangers_apart(self, chats: dict[int | None, list[Received]]) -> dict[int | None, list[Received]]:
        """Updates come faster than they are handled: whoever has nothing open waits, and only their newest counts.

        Returns the few who are heard now: those that were answered least, of these the newest.
        """
        asked = [one for one in chats if one is not None]
        known = await self._known(asked) if asked else frozenset()
        apart = {one: chats.pop(one) for one in asked if one not in known}
        newest_first = [*apart][::-1]
        now = sorted(newest_first, key=self._line.count)[:STRANGERS_OF_A_FETCH]
        for chat_id, received in apart.items():
            if chat_id not in now:
                self._line.put(chat_id, *received, only_newest=True)
        return {one: apart[one] for one in now}

    def _set_the_loud_apart(self, chats: dict[int | None, list[Received]], raws: Sequence[Mapping[str, Any]]) -> None:
        """Fetches come full: a few chats are heard before the next one, those that were answered least."""
        asked = [one for one in chats if one is not None]
        for chat_id in sorted(asked, key=self._line.count)[FROM_A_FULL_FETCH:]:
            numbers = {one.update_id for one in chats.pop(chat_id)}
            self._stand_in_line(chat_id, [raw for raw in raws if number_of(raw) in numbers], only_newest=False)

    async def _hear_the_line(self) -> None:
        """A few at a time, while everybody else goes before them."""
        while True:
            found = self._line.pop()
            if found is None:
                self._came.clear()
                await self._came.wait()
                continue
            chat_id, waited = found
            try:
                received = parse(waited, self._api.bot) if isinstance(waited, Mapping) else waited
                await self._handle(self._timed(received), later=True)
                # While it is in hand: what comes during the look-up stands behind what waits, and drops none of it.
                if self._line.strange(chat_id) and chat_id in await self._known([chat_id]):  # has consented meanwhile
                    self._line.kept(chat_id)
            except NotKept:
                self._line.done(chat_id, again=waited)
                await asyncio.sleep(LEAST_WAIT)
                continue
            self._line.done(chat_id)
            self._was_heard.add(received.update_id)
            if self._overload.behind and not self._ends:
                await asyncio.sleep(WHILE_BEHIND)
