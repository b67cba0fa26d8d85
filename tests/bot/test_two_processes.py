"""Two processes on one PostgreSQL: one polls, the other stands by and takes over; neither disturbs the other."""

import asyncio
import dataclasses
import signal
import time

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from tests.bot.walks import answer, consent


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
        await consent(person, "Русский", "Срочно: нужен юрист", "Где вы сейчас?")
        await answer(person, "2", "Кому нужна помощь?")
        await aigul.sees("ШҰҒЫЛ")
        await boris.sees("СРОЧНО")
        died = time.monotonic()
        await instance.stop(signal.SIGKILL)
        await answer(person, "1", "Вас передают России")
        print(f"\nthe other process answered {time.monotonic() - died:.1f} s after the kill")
        assert time.monotonic() - died < 30  # E8: must be under the 150 s that a press lives
        await answer(person, "6", "Назначено ли заседание")
        assert [len(lawyer.from_bot) for lawyer in (aigul, boris)] == [1, 1]
    finally:
        assert await second.stop() == 0
