"""Every call to the Bot API passes here: who may call now.

A call of a more urgent lane goes first when connections are scarce; a 429 holds its chat, and everybody only when
several chats got one within a second (Bot API, "Broadcasting to Users"; retry_after of the answer).
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import TelegramError

from bot.errors import TryAgain
from bot.telegram.api import named
from storage.outbox import Lane

T = TypeVar("T")
AT_ONCE = 48


class Lanes:
    """Lets calls through by lane; raises CallError for what a call could not do."""

    def __init__(self) -> None:
        self._free = AT_ONCE
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._held: dict[int, float] = {}
        self._all_held_until = 0.0
        self._last_flood: tuple[float, int] = (0.0, 0)

    async def call(self, lane: Lane, chat_id: int, make: Callable[[], Awaitable[T]]) -> T:
        """Makes one call when it is its turn."""
        self._refuse_held(chat_id)
        await self._enter(lane)
        try:
            return await make()
        except TelegramError as error:
            ours = named(error)
            if isinstance(ours, TryAgain) and ours.flood:
                self._hold(chat_id, ours.after or 1.0)
            raise ours from None
        finally:
            self._leave()

    async def _enter(self, lane: Lane) -> None:
        if self._free > 0:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (int(lane), next(self._count), turn))
        await turn

    def _leave(self) -> None:
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _refuse_held(self, chat_id: int) -> None:
        now = time.monotonic()
        until = max(self._held.get(chat_id, 0.0), self._all_held_until)
        if until > now:
            raise TryAgain("held after a 429", until - now)
        self._held.pop(chat_id, None)

    def _hold(self, chat_id: int, seconds: float) -> None:
        now = time.monotonic()
        self._held[chat_id] = now + seconds
        at, other = self._last_flood
        if other not in {0, chat_id} and now - at < 1.0:
            self._all_held_until = now + seconds
        self._last_flood = (now, chat_id)
