"""`pana run` on a machine whose clock is 200 days ahead, beside a Telegram that knows better."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.demo.server import BotApiServer
from tests.bot.walks import answer, called, consent
from tests.conftest import change_rows, count_rows
from tests.warm import WarmInstance

pytestmark = pytest.mark.both

AHEAD = timedelta(days=200).total_seconds()
TABLES = ("intake", "entry", "wrap", "handoff", "shown")


async def test_a_bot_whose_clock_is_200_days_ahead_erases_nothing_and_says_so(
    telegram: BotApiServer, instance: WarmInstance
) -> None:
    """Cases, an open intake and its key stay; log, coordinators and doctor name the clock; `sweep` refuses."""
    clara = telegram.person(301)
    telegram.person(201), telegram.person(202)
    held, free = telegram.person(990), telegram.person(991)
    await instance.start()
    await called(held)
    await consent(free, "Русский", "Продолжить", "Кому нужна помощь?")
    assert await instance.stop() == 0
    before = {table: count_rows(instance, table) for table in TABLES}
    keys = (instance.folder / "server.key").read_text()
    warned = len(clara.from_bot)

    instance.warm.ahead = AHEAD
    try:
        for _ in range(2):  # and it is told once a day, not once a start
            await instance.start()
            await asyncio.sleep(4.0)
            assert {table: count_rows(instance, table) for table in TABLES} == before
            assert await instance.stop() == 0
        assert set(keys.splitlines()) <= set((instance.folder / "server.key").read_text().splitlines())
        assert "the clock is not believed, nothing is erased" in instance.log.read_text()
        told = [one.text for one in clara.from_bot[warned:] if "The server's clock is wrong" in one.text]
        assert len(told) == 1
        swept = await asyncio.to_thread(instance.pana, "sweep", check=False)
        assert (swept.returncode, swept.stdout) == (1, "")
        assert "the clock is more than five minutes from Telegram's, so nothing is erased" in swept.stderr
        doctor = await asyncio.to_thread(instance.pana, "doctor", "--json", check=False)
        (clock,) = [one for one in json.loads(doctor.stdout) if one["what"] == "clock"]
        assert (clock["state"], " s ahead of Telegram's" in clock["said"]) == ("failed", True)
        async with telegram.away():
            swept = await asyncio.to_thread(instance.pana, "sweep", check=False)
            assert swept.returncode == 1
            assert "more than a day from when the bot was last sure of the time" in swept.stderr
            doctor = await asyncio.to_thread(instance.pana, "doctor", "--json", check=False)
            (clock,) = [one for one in json.loads(doctor.stdout) if one["what"] == "clock"]
            assert clock["state"] == "failed"
    finally:
        instance.warm.ahead = 0.0
    await instance.start()  # the clock is right again
    await answer(free, "1", "Где вы сейчас?")
    assert {table: count_rows(instance, table) for table in TABLES} == before


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_more_than_ten_cases_wait_a_day_and_everybody_can_see_it(
    telegram: BotApiServer, instance: WarmInstance
) -> None:
    """`sweep` says so in a sentence, `doctor` warns, the coordinator gets one line; a longer retention keeps them."""
    clara = telegram.person(301)
    telegram.person(201), telegram.person(202)
    await instance.start()
    people = [telegram.person(5000 + number) for number in range(11)]
    for person in people:
        await called(person)
    change_rows(instance, "UPDATE case_file SET created_on = '2026-01-01'")
    swept = await asyncio.to_thread(instance.pana, "sweep")
    assert "11 cases have come to the end of their time; they are erased after" in swept.stdout
    assert count_rows(instance, "wrap") == 11 * 4
    await clara.sees("In one day cases are erased, their time is over: 11. See: pana case list")
    again = await asyncio.to_thread(instance.pana, "sweep")
    assert "11 cases" in again.stdout
    assert sum("cases are erased" in one.text for one in clara.from_bot) == 1
    doctor = await asyncio.to_thread(instance.pana, "doctor", "--json", check=False)
    (waiting,) = [one for one in json.loads(doctor.stdout) if one["what"] == "retention"]
    assert (waiting["state"], waiting["said"].split()[0]) == ("warning", "11")
    change_rows(instance, "UPDATE seen_time SET at = datetime(at, '-25 hours') WHERE id = 3")
    swept = await asyncio.to_thread(instance.pana, "sweep")
    assert swept.stdout == "0 intakes expired\n"
    assert count_rows(instance, "wrap") == 0
