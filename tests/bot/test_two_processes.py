"""Two processes on one PostgreSQL: one polls, the other stands by and takes over; neither disturbs the other."""

import asyncio
import dataclasses
import json
import signal
import time
from datetime import timedelta

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from tests.bot.walks import answer, called, consent
from tests.conftest import count_rows
from tests.warm import WarmInstance

TABLES = ("intake", "entry", "wrap", "handoff", "shown")


async def logged(instance: Instance, said: str) -> None:
    """Waits for a line in the bot's log."""
    async with asyncio.timeout(30):
        while said not in instance.log.read_text():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("instance", ["postgresql"], indirect=True)
async def test_when_the_poller_dies_the_other_takes_over_and_nobody_is_asked_twice(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Both send what is due, each alert once; after `kill -9` of the poller the conversation goes on."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(960)
    second = dataclasses.replace(instance, process=None)
    second.log = instance.folder / "second.log"
    await instance.start()
    await second.start()
    try:
        await logged(second, "standing by")
        await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
        await answer(person, "1", "Кому нужна помощь?")
        await aigul.sees("ШҰҒЫЛ")
        await boris.sees("СРОЧНО")
        died = time.monotonic()
        await instance.stop(signal.SIGKILL)
        await answer(person, "1", "Кто вас удерживает?")
        print(f"\nthe other process answered {time.monotonic() - died:.1f} s after the kill")
        assert time.monotonic() - died < 30  # E8: must be under the 150 s that a press lives
        await answer(person, "2", "Вас передают России")
        assert [len(lawyer.from_bot) for lawyer in (aigul, boris)] == [1, 1]
    finally:
        assert await second.stop() == 0


@pytest.mark.parametrize("instance", ["postgresql"], indirect=True)
async def test_a_process_that_stands_by_with_a_wrong_clock_ends_delays_and_erases_nothing(
    telegram: BotApiServer, instance: WarmInstance
) -> None:
    """200 days ahead, begun while Telegram cannot be reached: a claim holds, an open intake and its key stay."""
    aigul, boris = telegram.person(201), telegram.person(202)
    held, free = telegram.person(961), telegram.person(962)
    second = dataclasses.replace(instance, process=None)
    second.log = instance.folder / "second.log"
    await instance.start()
    await called(held)
    await aigul.sees("ШҰҒЫЛ")
    aigul.press("Өзіме алу")
    await aigul.wait(lambda one: "Жазу" in one.labels)
    await aigul.wait(lambda one: one.document is not None)
    await consent(free, "Русский", "Продолжить", "Кому нужна помощь?")
    await boris.sees("уже в работе")
    before = {table: count_rows(instance, table) for table in TABLES}
    instance.warm.ahead = timedelta(days=200).total_seconds()
    try:
        async with telegram.away():
            with second.log.open("ab") as log:
                second.process = await second.begin(log)
            await asyncio.sleep(3.0)
    finally:
        instance.warm.ahead = 0.0
    await logged(second, "standing by")
    seen = [len(one.from_bot) for one in (aigul, boris, held, free)]
    await asyncio.sleep(3.0)
    await instance.stop(signal.SIGKILL)
    await logged(second, "this process polls now")
    await asyncio.sleep(3.0)
    assert {table: count_rows(instance, table) for table in TABLES} == before
    assert [len(one.from_bot) for one in (aigul, boris, held, free)] == seen
    await answer(free, "1", "Где вы сейчас?")
    (case,) = json.loads((await asyncio.to_thread(instance.pana, "case", "list", "--json")).stdout)
    assert (case["status"], case["claimed_by"]) == ("claimed", "Aigul")
    assert await second.stop() == 0
