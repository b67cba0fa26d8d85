"""Every call to the Bot API passes here: who may call now.

New messages are counted: 25 a second in all, of which 5 are kept for the urgent lane, and one a second in a chat
after a few at once (Telegram's own advice is about 30 and 1; Bots FAQ, "My bot is hitting limits"). Changing a card,
removing messages and answering a press are not counted: they answer somebody who waits, and Telegram limits them only
by a 429 (docs/decisions/0006).
A 429 holds its chat, and everybody only when several chats got one within a second (retry_after of the answer).
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram.error import TelegramError

from bot.errors import TryAgain
from bot.telegram.api import named
from storage.outbox import Lane

T = TypeVar("T")
AT_ONCE = 100  # with 60 ms of network, 1,600 calls a second
A_SECOND, KEPT_FOR_URGENT = 25.0, 5.0
CHAT_A_SECOND, CHAT_AT_ONCE = 1.0, 5.0
KNOWN_AHEAD = 2.0  # answers within a while: so long known people go before strangers
MANY_WIPES, LAST = 4, 5  # removals within a while; behind every lane
MUCH = 8  # answers within a while: more than somebody who reads them gets
HALVED_EVERY = 20.0  # seconds
MOST_CHATS = 10_000  # chats whose count is remembered; older ones are full again by then


@dataclass(slots=True)
class Bucket:
    """Tokens that fill by the second, up to `most`."""

    rate: float
    most: float
    tokens: float
    at: float

    def wait(self, now: float, least: float = 1.0) -> float:
        """Seconds until a token may be taken while `least` are there; 0 when one may be taken now."""
        self.tokens = min(self.most, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now
        return max(0.0, (least - self.tokens) / self.rate)

    def take(self) -> None:
        """Takes a token."""
        self.tokens -= 1.0


class Answered:
    """How much each chat was answered lately: half as much twenty seconds later; only who never was has none."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chats: dict[int, tuple[float, float]] = {}

    def count(self, chat_id: int) -> float:
        """So much by now."""
        count, at = self._chats.get(chat_id, (0.0, 0.0))
        return float(count * 0.5 ** ((self._clock() - at) / HALVED_EVERY))

    def note(self, chat_id: int) -> None:
        """Once more."""
        count = self.count(chat_id) + 1.0
        self._chats.pop(chat_id, None)
        if len(self._chats) >= MOST_CHATS:
            self._chats.pop(next(iter(self._chats)))
        self._chats[chat_id] = (count, self._clock())


_Waiting = tuple[int, tuple[float, int], int, asyncio.Future[None]]  # lane, place in it, chat, turn


class Lanes:
    """Lets calls through by lane; raises CallError for what a call could not do."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free = AT_ONCE
        self._quick: list[_Waiting] = []
        self._new: dict[int, list[_Waiting]] = {lane: [] for lane in Lane}
        self._of_strangers = False  # is the next new message to people
        self._count = itertools.count()
        self._answered, self._wiped = Answered(clock), Answered(clock)
        self._all = Bucket(A_SECOND, A_SECOND, A_SECOND, clock())
        self._chats: dict[int, Bucket] = {}
        self._later: asyncio.TimerHandle | None = None
        self._held: dict[int, float] = {}
        self._all_held_until = 0.0
        self._last_too_many: tuple[float, int] = (0.0, 0)

    async def call(self, lane: Lane, chat_id: int, make: Callable[[], Awaitable[T]], *, new: bool = True) -> T:
        """Makes one call when it is its turn. `new`: it puts a new message into the chat."""
        self._refuse_held(chat_id)
        if not self._enters_at_once(lane, chat_id, new=new):
            await self._enter(lane, chat_id, new=new)
        try:
            return await make()
        except TelegramError as error:
            ours = named(error)
            if isinstance(ours, TryAgain) and ours.too_many:
                self._hold(chat_id, ours.after or 1.0)
            raise ours from None
        finally:
            self._free += 1
            if self._quick or any(self._new.values()):
                self._admit()

    def _enters_at_once(self, lane: Lane, chat_id: int, *, new: bool) -> bool:
        """Most calls: it puts no new message anywhere, and nothing waits that could go before it."""
        if new or self._quick or self._free <= 0:
            return False
        self._place(lane, chat_id, new=False)  # it counts as answered
        self._free -= 1
        return True

    async def _enter(self, lane: Lane, chat_id: int, *, new: bool) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = (*self._place(lane, chat_id, new=new), chat_id, turn)
        heapq.heappush(self._new[waiting[0]] if new else self._quick, waiting)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free += 1
                self._admit()
            raise

    def _place(self, lane: Lane, chat_id: int, *, new: bool) -> tuple[int, tuple[float, int]]:
        """In a lane in turn; but of people whoever was answered least goes first, and who was answered much goes last.

        Strangers are answered the newest first: who wrote a moment ago still looks at the phone. A card of theirs that
        is changed costs nobody a message, so it waits for nobody else. Of a chat that is emptied again and again, the
        rest of it waits.
        """
        if lane is Lane.wipe:
            before = self._wiped.count(chat_id)
            self._wiped.note(chat_id)
            return int(lane) if before < MANY_WIPES else LAST, (0, next(self._count))
        if lane not in {Lane.reply, Lane.bulk}:
            return int(lane), (0, next(self._count))
        before = self._answered.count(chat_id)
        self._answered.note(chat_id)
        if before < MUCH and not new:
            return int(Lane.reply), (before, next(self._count))
        # Also while many known people are answered again and again, a stranger's first card is not the last of all.
        if lane is Lane.reply and before < KNOWN_AHEAD:
            return int(Lane.reply), (before, next(self._count))
        return int(Lane.bulk), (before, -next(self._count))

    def _admit(self) -> None:
        """Lets in, by lane, whoever may call now; who must wait for a token stays, and others pass by."""
        now = self._clock()
        apart: list[_Waiting] = []  # their chat must wait, others' need not
        waits: list[float] = []
        while self._free > 0 and (self._quick or any(self._new.values())):
            line = self._next_new()
            if not line or (self._quick and self._quick[0][:2] < line[0][:2]):
                self._admit_quick(1)
                continue
            if wait := self._wait_for_all(now, line[0]):  # and so must every lane behind it
                waits.append(wait)
                self._admit_quick()
                break
            if wait := self._admit_new(now, line, apart):
                waits.append(wait)
        for one in apart:
            heapq.heappush(self._new[one[0]], one)
        self._look_again(min(waits, default=None))

    def _next_new(self) -> list[_Waiting]:
        """The line from which the next new message comes. Known people and strangers take turns.

        Else as many as have consented at any time could keep every stranger waiting, and the other way round.
        """
        known, strangers = self._new[Lane.reply], self._new[Lane.bulk]
        first = next((self._new[lane] for lane in sorted(self._new) if self._new[lane]), known)
        return strangers if first is known and strangers and self._of_strangers else first

    def _wait_for_all(self, now: float, first: _Waiting) -> float:
        """For how long the next new message must wait because of all the others; 0 when it need not."""
        lane, _, _, turn = first
        if turn.done():
            return 0.0
        return max(0.0, self._all.wait(now, 1.0 if lane == Lane.urgent else 1.0 + KEPT_FOR_URGENT))

    def _admit_new(self, now: float, line: list[_Waiting], apart: list[_Waiting]) -> float:
        """Lets the next new message in; or sets it apart, and for how long its chat must wait."""
        one = heapq.heappop(line)
        lane, _, chat_id, turn = one
        if turn.done():
            return 0.0
        # An alert is not held by its chat's count: many at once are one list, and a 429 would tell.
        wait = 0.0 if lane == Lane.urgent else self._chat(chat_id, now).wait(now)
        if wait > 0.0:
            apart.append(one)
            return wait
        self._all.take()
        self._chat(chat_id, now).take()
        self._free -= 1
        self._of_strangers = lane == Lane.reply
        turn.set_result(None)
        return 0.0

    def _admit_quick(self, most: int = AT_ONCE) -> None:
        while self._free > 0 and self._quick and most > 0:
            *_, turn = heapq.heappop(self._quick)
            if not turn.done():
                self._free -= 1
                most -= 1
                turn.set_result(None)

    def _chat(self, chat_id: int, now: float) -> Bucket:
        if chat_id not in self._chats:
            if len(self._chats) >= MOST_CHATS:
                self._chats.pop(next(iter(self._chats)))
            self._chats[chat_id] = Bucket(CHAT_A_SECOND, CHAT_AT_ONCE, CHAT_AT_ONCE, now)
        return self._chats[chat_id]

    def _look_again(self, seconds: float | None) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if seconds is not None:
            self._later = asyncio.get_running_loop().call_later(seconds + 0.001, self._admit)

    def _refuse_held(self, chat_id: int) -> None:
        now = self._clock()
        until = max(self._held.get(chat_id, 0.0), self._all_held_until)
        if until > now:
            raise TryAgain("held after a 429", until - now)
        self._held.pop(chat_id, None)

    def _hold(self, chat_id: int, seconds: float) -> None:
        now = self._clock()
        self._held[chat_id] = now + seconds
        at, other = self._last_too_many
        if other not in {0, chat_id} and now - at < 1.0:
            self._all_held_until = now + seconds
        self._last_too_many = (now, chat_id)
