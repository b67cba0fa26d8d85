"""A flood: what happens while updates come faster than they can be handled.

Every chat is counted, all the time, whether it is a stranger's or has an open request. In a flood, what one chat sends
too much of is dropped before the writer; of who sends little a few are heard with each fetch, whoever was answered
least; the rest waits in memory, and there, too, whoever was answered much goes behind. Fetching goes on meanwhile: what
waits at Telegram cannot be told apart. About a stranger nothing is stored, their state is in the buttons, and only
their newest message counts. So nobody who reads the cards waits behind two hundred accounts that press without end.
"""

import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from bot.telegram.api import MOST_UPDATES
from bot.telegram.lanes import Answered, Bucket

T = TypeVar("T")

AT_ONCE, A_SECOND = 60.0, 1.0  # more than anybody can press
FEW_AT_ONCE, FEW_A_SECOND, FEW_OWED = 4.0, 0.5, 10.0  # what somebody who reads the cards does
FULL_BATCHES = 3  # so many full fetches in a row: they come faster than they are handled
SOON = 1.5  # seconds until the last of those that wait is heard, at the pace of the last fetch
MOST_LATELY, AT_ONCE_EACH = 2000, 1.5  # updates; how many whoever waits for the card has waiting, at the most
LASTS = 5.0  # seconds after the last of them
PUT_BACK = 2.0  # seconds for each answer lately
MOST_CHATS, MOST_WAITING = 20_000, 20  # chats; updates of one of them
MOST_OVER = 1000  # places that are over and still in a heap


class ChatLimit:
    """How much one chat may send. `owes`: so much of what is one too many counts as well.

    Without it whoever sends without end is admitted as often as somebody who keeps within the limit.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        at_once: float = AT_ONCE,
        a_second: float = A_SECOND,
        owes: float = 0.0,
    ) -> None:
        self._clock, self._at_once, self._a_second, self._owes = clock, at_once, a_second, owes
        self._chats: dict[int, Bucket] = {}

    def admits(self, chat_id: int) -> bool:
        """False for an update that is one too many."""
        now = self._clock()
        bucket = self._chats.pop(chat_id, None)
        if bucket is None:
            bucket = Bucket(self._a_second, self._at_once, self._at_once, now)
            if len(self._chats) >= MOST_CHATS:
                self._chats.pop(next(iter(self._chats)))
        self._chats[chat_id] = bucket  # the newest last: whoever has been silent longest is forgotten first
        admitted = bucket.wait(now) == 0.0
        if bucket.tokens >= 1.0 - self._owes:
            bucket.take()
        return admitted


class Overload:
    """Do updates come faster than they are handled? Several full fetches in a row, and a while after.

    Many people who each wait for their card fill fetches, too. So it is asked how many updates still wait at Telegram:
    as long as the last of them is reached soon, and of so many updates hardly two come from one chat, everybody is
    heard in turn.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._full, self._until = clock, 0, float("-inf")
        self._fetched_at, self._took = clock(), 0.0  # the last fetch, and how long what came before it has taken
        self._waiting: int | None = None
        self._lately: deque[int] = deque(maxlen=MOST_LATELY)  # who has sent the last updates

    @property
    def behind(self) -> bool:
        """True while fetches come full: what waits at Telegram is fetched before those are heard who send many."""
        return self._full >= FULL_BATCHES

    @property
    def may_begin(self) -> bool:
        """True when it must be known how many updates wait at Telegram, the fetched ones among them."""
        return self._full == FULL_BATCHES - 1

    def waits(self, updates: int | None) -> None:
        """So many do; None: nobody knows."""
        self._waiting = updates

    def fetched(self, chats: Iterable[int], *, full: bool) -> bool:
        """A fetch has come, with updates of these chats; True in a flood."""
        now = self._clock()
        self._lately.extend(chats)
        self._took, self._fetched_at = now - self._fetched_at, now
        if not full:
            self._full = 0
        elif not (self.may_begin and self._is_soon_over):
            self._full += 1
        if self.behind:
            self._until = now + LASTS
        return now < self._until

    @property
    def _is_soon_over(self) -> bool:
        waiting = self._waiting
        if waiting is None or self._took * waiting / MOST_UPDATES >= SOON:
            return False
        lately = list(self._lately)[-waiting:]
        return len(lately) <= AT_ONCE_EACH * max(MOST_UPDATES, len(set(lately)))


class Line(Generic[T]):
    """Who waits, each chat with its updates in order. Strangers and people with a request take turns.

    Of strangers whoever was answered least goes first, then the newest: who wrote a moment ago still looks at the
    phone. Everybody else goes in order, but each answer lately puts them back by seconds: who presses without end
    goes behind, and nobody waits for ever.
    `only_newest`: of a stranger nothing is stored, so what was said before does not count any more.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._answered = clock, Answered(clock)
        self._waiting: dict[int, list[T]] = {}
        self._in_hand: set[int] = set()
        self._strangers: set[int] = set()
        self._of_strangers, self._of_known = _Places(), _Places()
        self._turns = [self._of_strangers, self._of_known]
        self._count = itertools.count()

    def __contains__(self, chat_id: int) -> bool:
        """True while something of this chat waits or is being heard: what comes now must come after it."""
        return chat_id in self._waiting or chat_id in self._in_hand

    @property
    def empty(self) -> bool:
        """True when nobody waits or is being heard."""
        return not self._waiting and not self._in_hand

    def put(self, chat_id: int, *updates: T, only_newest: bool) -> int:
        """More of a chat, behind what waits of it; how many stand. On top of the most that may wait none does."""
        if chat_id not in self._waiting and len(self._waiting) >= MOST_CHATS:
            self._let_go(next(iter(self._strangers), None) or next(iter(self._waiting)))
        # What comes while one is being heard may be said by somebody of whom something is stored by then.
        newest = only_newest and chat_id not in self._in_hand
        before = [] if newest else self._waiting.get(chat_id, [])
        (self._strangers.add if only_newest else self._strangers.discard)(chat_id)
        stand = (updates[-1:] if newest else updates)[: max(0, MOST_WAITING - len(before))]
        self._waiting[chat_id] = [*before, *stand]
        if chat_id not in self._in_hand:
            self._stand(chat_id)
        return len(stand)

    def strange(self, chat_id: int) -> bool:
        """True for a chat in the line of which nothing was stored when it came."""
        return chat_id in self._strangers

    def kept(self, chat_id: int) -> None:
        """Something of this chat is stored by now: all that it says counts."""
        self._strangers.discard(chat_id)

    def count(self, chat_id: int) -> float:
        """How much this chat was answered lately."""
        return self._answered.count(chat_id)

    def answered(self, chat_id: int) -> None:
        """A chat was heard without waiting."""
        self._answered.note(chat_id)

    def pop(self) -> tuple[int, T] | None:
        """The next update, and whose it is; of the same chat no other one until `done`."""
        self._turns.reverse()
        for places in self._turns:
            while (chat_id := places.first()) is not None:
                if updates := self._waiting.get(chat_id):
                    self._answered.note(chat_id)
                    self._in_hand.add(chat_id)
                    self._waiting[chat_id] = updates[1:]
                    return chat_id, updates[0]
        return None

    def done(self, chat_id: int, again: T | None = None) -> None:
        """It was heard; or `again`: it must be heard once more, before the rest of its chat."""
        self._in_hand.discard(chat_id)
        rest = self._waiting.pop(chat_id, [])
        if again is not None:
            rest = [again, *rest]
        if rest:
            self._waiting[chat_id] = rest
            self._stand(chat_id)
        else:
            self._strangers.discard(chat_id)

    def _let_go(self, chat_id: int) -> None:
        self._waiting.pop(chat_id, None)
        self._strangers.discard(chat_id)

    def _stand(self, chat_id: int) -> None:
        if chat_id in self._strangers:
            self._of_known.leave(chat_id)
            self._of_strangers.take(chat_id, (self._answered.count(chat_id), -next(self._count)))
        elif chat_id not in self._of_known:
            self._of_strangers.leave(chat_id)
            back = PUT_BACK * self._answered.count(chat_id)
            self._of_known.take(chat_id, (self._clock() + back, next(self._count)))


class _Places:
    """Places in a line, one for a chat; the least goes first."""

    def __init__(self) -> None:
        self._heap: list[tuple[tuple[float, int], int]] = []  # some of them are over
        self._holds: dict[int, tuple[float, int]] = {}

    def __contains__(self, chat_id: int) -> bool:
        return chat_id in self._holds

    def take(self, chat_id: int, place: tuple[float, int]) -> None:
        """A place in place of the one before."""
        self._holds[chat_id] = place
        heapq.heappush(self._heap, (place, chat_id))
        if len(self._heap) > 2 * len(self._holds) + MOST_OVER:
            self._heap = [(held, one) for one, held in self._holds.items()]
            heapq.heapify(self._heap)

    def leave(self, chat_id: int) -> None:
        """Gives a place up, if there is one."""
        self._holds.pop(chat_id, None)

    def first(self) -> int | None:
        """The chat that is first; it has no place any more."""
        while self._heap:
            place, chat_id = heapq.heappop(self._heap)
            if self._holds.get(chat_id) == place:
                del self._holds[chat_id]
                return chat_id
        return None
