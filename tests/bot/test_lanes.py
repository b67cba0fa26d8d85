"""Who may call the Bot API now: counted by the second, in lanes, with a part kept for alarms. In virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from telegram.error import RetryAfter

from bot.errors import TryAgain
from bot.telegram.lanes import Lanes
from storage.outbox import Lane
from tests.virtual_time import run

Sent = list[tuple[float, int]]  # when, to which chat


def sending(sent: Sent, chat_id: int) -> Callable[[], Awaitable[None]]:
    """A call that takes a twentieth of a second."""

    async def call() -> None:
        sent.append((asyncio.get_running_loop().time(), chat_id))
        await asyncio.sleep(0.05)

    return call


async def all_of(lanes: Lanes, lane: Lane, chats: list[int], sent: Sent, *, new: bool = True) -> None:
    """Calls to these chats, all asked for at once."""
    async with asyncio.TaskGroup() as group:
        for chat in chats:
            group.create_task(lanes.call(lane, chat, sending(sent, chat), new=new))


def most_in_a_second(sent: Sent) -> int:
    """The busiest second."""
    times = sorted(at for at, _ in sent)
    return max(sum(1 for other in times if at <= other < at + 1.0) for at in times)


def test_a_hundred_messages_take_their_time_and_an_alarm_passes_them() -> None:
    """At most 25 a second after a full bucket; what is urgent comes at once though hundreds wait."""
    bulk, alarms = Sent(), Sent()

    async def work() -> None:
        lanes = Lanes(asyncio.get_running_loop().time)
        waiting = asyncio.create_task(all_of(lanes, Lane.reply, list(range(200)), bulk))
        await asyncio.sleep(3.0)
        await all_of(lanes, Lane.urgent, list(range(1000, 1005)), alarms)
        await waiting

    run(work())
    assert len(bulk) == 200
    assert most_in_a_second(bulk) <= 50
    assert sum(1 for at, _ in bulk if 1.0 <= at < 2.0) <= 26
    assert max(at for at, _ in alarms) < 3.3  # five a second are kept for them
    assert 6.0 < max(at for at, _ in bulk) < 10.0


def test_one_chat_gets_one_message_a_second_after_a_few_at_once_and_others_pass_by() -> None:
    """A lawyer's twenty files do not hold up anybody else's answer."""
    lawyer, others = Sent(), Sent()

    async def work() -> None:
        lanes = Lanes(asyncio.get_running_loop().time)
        waiting = asyncio.create_task(all_of(lanes, Lane.lawyer, [7] * 20, lawyer))
        await asyncio.sleep(0.1)
        await all_of(lanes, Lane.reply, list(range(100, 110)), others)
        await waiting

    run(work())
    times = [at for at, _ in lawyer]
    assert sum(1 for at in times if at < 0.5) == 5
    assert all(later - sooner >= 0.99 for sooner, later in pairwise(times[5:]))
    assert max(at for at, _ in others) < 1.0


def test_changing_a_card_is_not_counted_and_strangers_come_last_and_newest_first() -> None:
    """Two hundred taps are answered at once; of those about whom nothing is known the newest is served first."""
    edits, strangers = Sent(), Sent()

    async def work() -> None:
        lanes = Lanes(asyncio.get_running_loop().time)
        await all_of(lanes, Lane.reply, list(range(200)), edits, new=False)
        assert asyncio.get_running_loop().time() < 1.0
        await all_of(lanes, Lane.bulk, list(range(1000, 1060)), strangers)

    run(work())
    order = [chat for _, chat in strangers]
    assert order[-1] < 1040 < order[25]


def test_a_429_holds_its_chat_and_everybody_only_when_several_got_one() -> None:
    """The second flood answer within a second from another chat holds all."""

    async def refused() -> None:
        raise RetryAfter(5)

    async def work() -> list[str]:
        lanes, said = Lanes(asyncio.get_running_loop().time), []
        for chat in (1, 2):
            with pytest.raises(TryAgain) as error:
                await lanes.call(Lane.reply, chat, refused)
            assert error.value.too_many
            try:
                await lanes.call(Lane.urgent, 9, sending([], 9))
                said.append("others pass")
            except TryAgain as held:
                said.append(f"all held for {round(held.after or 0)}")
        await asyncio.sleep(5.1)
        await lanes.call(Lane.reply, 1, sending([], 1))
        return said

    assert run(work()) == ["others pass", "all held for 5"]


def test_a_call_that_is_given_up_frees_its_place() -> None:
    """Cancelled while it waits or while it runs: nobody behind it waits for ever."""

    async def work() -> int:
        lanes, sent = Lanes(asyncio.get_running_loop().time), Sent()
        tasks = [asyncio.create_task(lanes.call(Lane.reply, chat, sending(sent, chat))) for chat in range(120)]
        await asyncio.sleep(0.01)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await all_of(lanes, Lane.reply, list(range(500, 560)), sent)
        return len([chat for _, chat in sent if chat >= 500])

    assert run(work()) == 60


@pytest.mark.parametrize(("crowd", "one"), [(Lane.reply, Lane.bulk), (Lane.bulk, Lane.reply)])
@pytest.mark.parametrize("each", [1, 2, 4])
def test_no_crowd_of_one_kind_keeps_somebody_of_the_other_waiting(crowd: Lane, one: Lane, each: int) -> None:
    """Two hundred who consented long ago begin anew at once, or two hundred strangers: whoever comes is answered."""
    waited = list[float]()

    async def work() -> None:
        loop, some = asyncio.get_running_loop(), Sent()
        lanes = Lanes(loop.time)
        waiting = asyncio.create_task(all_of(lanes, crowd, [*range(200)] * each, some))
        for number in range(20):
            await asyncio.sleep(0.7)
            asked, sent = loop.time(), Sent()
            await all_of(lanes, one, [5000 + number], sent)
            waited.append(sent[0][0] - asked)
        await waiting
        assert len(some) == 200 * each

    run(work())
    assert max(waited) < 0.5
