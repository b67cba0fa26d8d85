"""A flood of updates at the receiver, in virtual time: one CPU, a Telegram that hands out a hundred at once."""

import asyncio
import contextlib
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, cast

import pytest

from bot.hearing import Hearing
from bot.speech.incoming import Pushed
from bot.telegram.api import MOST_UPDATES, Api, Webhook
from bot.telegram.parse import Received, chat_of
from bot.telegram.receive import Receiver
from storage.errors import NotKept
from tests.virtual_time import run
from tests.whole import WHOLE, by_pairs

# Seconds of CPU: a full fetch, one update with its answer, and a hundred that are kept.
FETCHED_IN, HEARD_IN, KEPT_IN = 0.009, 0.005, 0.004
LASTS, SETTLED = 15.0, 1.0  # seconds
HONEST, PRESSES = 10, 4


@dataclass
class Telegram:
    """Updates that are due and not confirmed; who sends how often, and when each honest press was made."""

    accounts: int
    a_second: int
    heard_in: float = HEARD_IN
    bot: None = None
    cpu: asyncio.Lock = field(default_factory=asyncio.Lock)
    made: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    pressed: dict[tuple[int, int], float] = field(default_factory=dict)
    heard: dict[tuple[int, int], float] = field(default_factory=dict)
    hears: defaultdict[tuple[int, int], asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    came: asyncio.Event = field(default_factory=asyncio.Event)
    consented: set[int] = field(default_factory=set)
    kept_raw: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    async def keep(self, updates: Mapping[int, Mapping[str, Any]], heard: Sequence[int]) -> None:
        """On the disk of the bot: it outlives a crash."""
        await self.works(KEPT_IN)
        for number in heard:
            self.kept_raw.pop(number, None)
        self.kept_raw |= updates

    async def kept(self) -> Sequence[Mapping[str, Any]]:
        """In the order in which they were sent."""
        return [self.kept_raw[number] for number in sorted(self.kept_raw)]

    async def works(self, seconds: float) -> None:
        """There is one CPU."""
        async with self.cpu:
            await asyncio.sleep(seconds)

    def presses(self, chat: int, data: str) -> None:
        """One more update."""
        self.made += 1
        person = {"id": chat, "is_bot": False, "first_name": "P"}
        message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}}
        press = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}
        self.waiting.append({"update_id": self.made, "callback_query": press})
        self.came.set()

    async def fetch(self, offset: int | None, seconds: int) -> list[dict[str, Any]]:
        """Confirms what is below the offset."""
        confirmed = bisect_left(self.waiting, offset or 0, key=lambda one: int(one["update_id"]))  # they are in order
        del self.waiting[:confirmed]
        if not self.waiting:
            self.came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.came.wait(), seconds)
        found = self.waiting[:MOST_UPDATES]
        await self.works(FETCHED_IN * len(found) / MOST_UPDATES)
        return found

    async def webhook(self) -> Webhook:
        """There is none; what waits is told."""
        return Webhook(is_set=False, failed=None, waiting=len(self.waiting))

    async def handle(self, received: Received, *, later: bool = False) -> None:
        """Takes its time; of an honest press it is noted when it was heard."""
        await self.works(self.heard_in)
        chat = chat_of(received)
        assert chat is not None
        number = int(cast(Pushed, received).data)
        self.heard[(chat, number)] = asyncio.get_running_loop().time()
        self.hears[(chat, number)].set()
        if number == 2:
            self.consented.add(chat)

    async def known(self, chats: Sequence[int]) -> frozenset[int]:
        """Who has consented: the hostile before it began."""
        await self.works(self.heard_in)
        return frozenset(one for one in chats if one < 10_000 or one in self.consented)

    async def floods(self, lasts: float = LASTS) -> None:
        """Every account presses without end."""
        loop, sent = asyncio.get_running_loop(), 0
        while (now := loop.time()) < lasts:
            while sent < now * self.a_second:
                self.presses(1 + sent % self.accounts, "0")
                sent += 1
            await asyncio.sleep(0.02)

    async def person(self, chat: int, begins: float) -> None:
        """Presses, waits for what comes, reads it for a second, presses again."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(begins)
        for number in range(1, PRESSES + 1):
            self.pressed[(chat, number)] = loop.time()
            self.presses(chat, str(number))
            await self.hears[(chat, number)].wait()
            await asyncio.sleep(1.0)


async def leads() -> bool:
    """This process polls."""
    return True


def receiver_of(telegram: Telegram) -> Receiver:
    """Inside a running loop, on its clock."""
    return Receiver(
        api=cast(Api, telegram),
        handle=telegram.handle,
        receives=leads,
        known=telegram.known,
        waiting=telegram,
        missed=lambda: None,
        hearing=Hearing(lambda: None, asyncio.get_running_loop().time),
    )


@pytest.mark.parametrize(
    ("accounts", "a_second"), [(1, 3000), (20, 300), (200, 100), (200, 300), (200, 1000), (200, 3000), (1000, 1000)]
)
def test_in_a_flood_of_those_who_have_consented_nobody_who_reads_waits_for_long(accounts: int, a_second: int) -> None:
    """Honest people begin all the while, from a second after it began; each card is there within three seconds.

    Of whom nothing is known yet, as of their first two presses, within half a one on average: a few of them are heard
    with each fetch.
    """

    async def work() -> Telegram:
        telegram = Telegram(accounts, a_second)
        receiver = receiver_of(telegram)
        running = asyncio.create_task(receiver.run())
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.floods())
            for one in range(HONEST):
                group.create_task(telegram.person(10_000 + one, SETTLED + one))
        running.cancel()
        return telegram

    telegram = run(work())
    waited = {press: telegram.heard[press] - at for press, at in telegram.pressed.items()}
    assert len(waited) == HONEST * PRESSES
    assert max(waited.values()) < 3.0
    assert fmean(seconds for (_, number), seconds in waited.items() if number <= 2) < 0.55


# In the suite each pace with one of the two numbers of accounts, by turns.
PACES = [(200, 0.0007), (50, 0.0008), (200, 0.0009), (50, 0.00095), (200, 0.001), (50, 0.002)]
OTHER_PACES = [(250 - accounts, heard_in) for accounts, heard_in in PACES]


@pytest.mark.parametrize(("accounts", "heard_in"), [*PACES, *(OTHER_PACES if WHOLE else [])])
def test_a_bot_that_just_keeps_pace_with_a_flood_lets_nobody_who_reads_wait(accounts: int, heard_in: float) -> None:
    """A thousand updates a second, of accounts that press without waiting: fetches come full, and hundreds wait.

    Once it has gone on for three seconds each card is there in a third of one; as of the first two presses, of whom
    nothing is known yet, within a second.
    """

    async def work() -> Telegram:
        telegram = Telegram(accounts, 1000, heard_in)
        receiver = receiver_of(telegram)
        running = asyncio.create_task(receiver.run())
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.floods())
            for one in range(HONEST):
                group.create_task(telegram.person(10_000 + one, 3 * SETTLED + one))
        running.cancel()
        return telegram

    telegram = run(work())
    waited = {press: telegram.heard[press] - at for press, at in telegram.pressed.items()}
    assert max(seconds for (_, number), seconds in waited.items() if number > 2) < 0.34
    assert max(waited.values()) < 1.0


@dataclass
class Backlog(Telegram):
    """What waits after an outage: it is handed out in full fetches, and every chat's order is remembered."""

    order: dict[int, list[int]] = field(default_factory=dict)

    async def handle(self, received: Received, *, later: bool = False) -> None:
        """Takes its time; consents at the second press."""
        await self.works(HEARD_IN)
        press = cast(Pushed, received)
        self.order.setdefault(press.chat_id, []).append(int(press.data))
        if press.data == "2":
            self.consented.add(press.chat_id)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("ends", ["calmly", "much later"])
def test_what_an_outage_leaves_is_heard_in_order_also_when_the_bot_ends(known: bool, ends: str) -> None:
    """Sixty people with eight presses each: of who is known none is lost, and nothing comes before what was before."""
    people = range(1, 61) if known else range(10_001, 10_061)

    async def work() -> Backlog:
        telegram = Backlog(1, 1)
        receiver = receiver_of(telegram)
        for person in people:
            for number in range(1, 9):
                telegram.presses(person, str(number))
        running = asyncio.create_task(receiver.run())
        while telegram.waiting and ends == "calmly":
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.02 if ends == "calmly" else 60.0)
        running.cancel()
        await asyncio.wait([running])
        return telegram

    telegram = run(work())
    heard = [telegram.order[person] for person in people]
    assert all(one == sorted(one) for one in heard)
    if known:
        assert heard == [[*range(1, 9)]] * len(people)
    else:
        assert all(one[-1] == 8 for one in heard)


@pytest.mark.parametrize("after", [0.05, 0.2, 0.5, 1.0, 2.0])
def test_a_crash_in_a_flood_loses_nothing_of_whoever_has_something_open(after: float) -> None:
    """Sixty people with eight presses each, the process ends without a word; the next one hears the rest in order."""
    people = range(1, 61)

    async def dies(receiver: Receiver) -> None:
        """Whatever it would still do at its end, a killed process does not."""
        receiver._hear_the_rest = never  # type: ignore[method-assign]
        running = asyncio.create_task(receiver.run())
        await asyncio.sleep(after)
        running.cancel()
        await asyncio.wait([running])

    async def never() -> None:
        return

    async def work() -> Backlog:
        telegram = Backlog(1, 1)
        for person in people:
            for number in range(1, 9):
                telegram.presses(person, str(number))
        await dies(receiver_of(telegram))
        running = asyncio.create_task(receiver_of(telegram).run())
        await asyncio.sleep(60.0)
        running.cancel()
        await asyncio.wait([running])
        return telegram

    telegram = run(work())
    assert telegram.kept_raw == {}
    for person in people:
        first_heard = [*dict.fromkeys(telegram.order[person])]  # what was heard twice changes nothing (storage/updates)
        assert first_heard == [*range(1, 9)]


@dataclass
class Consenting(Backlog):
    """Strangers who consent in the middle of a flood, and go on at once."""

    begun: defaultdict[int, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    waits_for_disk: float = 0.0
    disk_fails: bool = False
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    async def known(self, chats: Sequence[int]) -> frozenset[int]:
        """In a thread, beside everything else: now at once, now as slow as a disk can be."""
        found = await super().known(chats)
        await asyncio.sleep(self.dice.choice([0.0, 0.0, self.waits_for_disk]))
        if self.disk_fails and self.dice.random() < 0.2:
            raise NotKept("no disk")
        return found

    async def handle(self, received: Received, *, later: bool = False) -> None:
        """Notes also when it begins to hear a consent."""
        press = cast(Pushed, received)
        if press.data == "2":
            self.begun[press.chat_id].set()
            await asyncio.sleep(self.waits_for_disk)
        await super().handle(received)

    async def goes_on(self, chat: int, begins: float, apart: float) -> None:
        """Consents, and says more without looking at the card."""
        await asyncio.sleep(begins)
        self.presses(chat, "2")
        async with asyncio.timeout(60.0):
            await self.begun[chat].wait()
        for number in range(3, 9):
            self.presses(chat, str(number))
            await asyncio.sleep(apart)


@pytest.mark.parametrize(("apart", "waits", "fails"), by_pairs([0.0, 0.01, 0.05, 0.3], [0.0, 0.05, 0.3], [False, True]))
def test_whoever_consents_in_a_flood_loses_nothing_of_what_they_say_from_then_on(
    apart: float, waits: float, fails: bool
) -> None:
    """More of theirs comes while it is looked up who they are: nothing is a stranger's, of whom the newest counts."""
    people = range(10_001, 10_031)

    async def work() -> Consenting:
        telegram = Consenting(200, 300, waits_for_disk=waits, disk_fails=fails)
        receiver = receiver_of(telegram)
        running = asyncio.create_task(receiver.run())
        async with asyncio.TaskGroup() as group:
            group.create_task(telegram.floods(8.0))  # until the last of them has gone on
            for one in people:
                group.create_task(telegram.goes_on(one, SETTLED + (one - 10_000) / 7, apart))
        await asyncio.sleep(60.0)
        running.cancel()
        await asyncio.wait([running])
        return telegram

    telegram = run(work())
    for one in people:  # what was heard twice changes nothing (storage/updates)
        heard = [*dict.fromkeys(telegram.order[one])]
        assert (sorted(heard) if fails else heard) == [*range(2, 9)]
