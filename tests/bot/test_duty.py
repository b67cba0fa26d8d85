"""Duty: the rota's file beside a running bot, `/oncall` in Telegram, shifts that change hands."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from tests.bot.calendars import calendar, shift
from tests.bot.test_crash import codes_in
from tests.bot.walks import held_by_police
from tests.conftest import change_rows

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
RULES = "A new rota is in force"


def days(name: str, first: int, last: int) -> list[str]:
    """One shift a day from the hour that runs now, from so many days from now to so many."""
    begins = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return [shift(name, begins + timedelta(days=day)) for day in range(first, last)]


def with_rota(instance: Instance, *shifts: str) -> Path:
    """A rota's file in the configuration, and nobody on call whatever it says."""
    path = instance.folder / "rota.ics"
    path.write_bytes(calendar(*shifts))
    configuration = instance.folder / "pana.toml"
    configuration.write_text(configuration.read_text() + '\n[oncall]\nrota = "rota.ics"\n')
    change_rows(instance, "UPDATE member SET on_call = 0")
    return path


async def oncall(instance: Instance, *arguments: str) -> tuple[int, str, str]:
    """`pana oncall ...` beside the bot: exit code, answer, what it said besides."""
    ended = await asyncio.to_thread(instance.pana, "oncall", *arguments, check=False)
    return ended.returncode, ended.stdout, ended.stderr


async def on_duty(instance: Instance) -> list[str]:
    """Who `pana oncall show` says is rung first."""
    _, said, _ = await oncall(instance, "show", "--json")
    return next(row["names"] for row in json.loads(said) if row["who"] == "on_call")


async def is_told(lawyers: list[Person], cases: int) -> None:
    """Waits until each of these lawyers has so many cases on the screen."""
    for one in lawyers:
        await one.until(lambda one=one: len(codes_in(one)) == cases or None)


def count(person: Person, text: str) -> int:
    """In how many messages this text stands."""
    return sum(text in one.text for one in person.from_bot)


@ON_SQLITE
async def test_the_rota_says_who_is_rung_and_follows_its_file(telegram: BotApiServer, instance: Instance) -> None:
    """In force at start and after a change; a broken file keeps the last good one, a grave change waits for a yes."""
    aigul, boris, clara = telegram.person(201), telegram.person(202), telegram.person(301)
    mine = days("Aigul", 0, 20)
    path = with_rota(instance, *mine)
    code, said, _ = await oncall(instance, "check", "--json")  # the bot has not seen the file yet
    found = json.loads(said)
    assert (code, found["gaps"], found["notes"], found["unreachable"]) == (0, [], [], [])
    assert (sorted(found["languages"]), len(found["languages"]["ru"])) == (["en", "ru"], 1)

    await instance.start()
    await clara.sees(RULES)
    await held_by_police(telegram.person(980))
    await is_told([aigul], 1)

    path.write_bytes(calendar(*mine, *days("Boris [ru]", 0, 1)))
    await clara.until(lambda: count(clara, RULES) == 2 or None)
    await held_by_police(telegram.person(981))
    await is_told([boris], 1)
    await is_told([aigul], 2)

    path.write_bytes(calendar(*mine, *days("Dina", 0, 1)))
    await clara.sees("The rota file cannot be used, the earlier one stays in force. Why: pana oncall check")
    _, said, _ = await oncall(instance, "check")
    assert "event 21: Dina is not a lawyer who takes part" in said
    assert await on_duty(instance) == ["Aigul", "Boris"]

    path.write_bytes(calendar(*days("Aigul", 3, 20)))
    await clara.sees("The new rota takes cover away within 48 hours. Use it?")
    clara.press("No")
    await clara.sees("The earlier rota stays in force.")
    code, said, _ = await oncall(instance, "check")
    assert (code, "rota: a coordinator has refused the file" in said, "the file has no shift" in said) == (
        0,
        True,
        True,
    )

    path.write_bytes(calendar(*days("Boris", 0, 20)))
    question = await clara.sees("The new rota changes more than half of the shifts. Use it?")
    assert await instance.stop() == 0
    await instance.start()  # it still waits, and is not asked again
    assert await on_duty(instance) == ["Aigul", "Boris"]
    clara.press("Yes", question)
    await clara.until(lambda: count(clara, RULES) == 3 or None)
    assert (count(clara, "cannot be used"), count(clara, "changes more than half")) == (1, 0)
    await held_by_police(telegram.person(982))
    await is_told([boris], 2)
    assert len(codes_in(aigul)) == 2


@ON_SQLITE
async def test_a_lawyer_says_in_telegram_who_is_on_duty(telegram: BotApiServer, instance: Instance) -> None:
    """`/oncall`: on, off, until a time, by the rota; a shift changes hands when the lawyer who was asked agrees."""
    instance.add_member("Dina", 203, "--language", "en")
    aigul, boris, dina = telegram.person(201), telegram.person(202), telegram.person(203)
    with_rota(instance, *days("Aigul", 0, 2))
    await instance.start()
    for said, answer in [
        ("/oncall", "Сіздің кезекшіліктеріңіз:"),
        ("/oncall off", "Сіз кезекші емессіз."),
        ("/oncall until nonsense", "/oncall until 07:00"),
        ("/oncall until 07:00", "Аяқталуы: "),
        ("/oncall off", "Сіз кезекші емессіз."),
        ("/oncall rota", "Сіз кезекшісіз."),
    ]:
        aigul.clear_chat()
        aigul.say(said)
        await aigul.sees(answer)
    boris.say("/oncall swap")
    await boris.sees("нет ваших дежурств")
    boris.say("/oncall on")
    await boris.sees("Вы на дежурстве.")
    assert await on_duty(instance) == ["Aigul", "Boris"]
    boris.say("/oncall rota")
    await boris.sees("Вы не на дежурстве.")

    await asks(aigul, "Boris")
    asked = await boris.sees("Aigul просит вас взять дежурство")
    theirs = asked.buttons[0][0].data
    dina.say("/start")
    dina.press_data(theirs, (await dina.sees("/oncall")).id)
    await dina.sees("There is no such case")
    boris.press("Отказаться", asked)
    await aigul.sees("Сұралған заңгер: Boris")
    boris.press_data(theirs, asked.id)
    await boris.sees("Эта просьба уже не действует")
    assert await on_duty(instance) == ["Aigul"]

    await asks(aigul, "Boris")
    await asks(aigul, "Dina")
    dina.press("Accept", await dina.sees("Aigul asks you to take a shift"))
    await aigul.sees("Заңгер: Dina")
    again = await boris.until(lambda: found if (found := boris.last).labels else None)
    boris.clear_chat()
    boris.press_data(again.buttons[0][0].data, again.id)
    await boris.sees("Эта просьба уже не действует")
    await held_by_police(telegram.person(983))
    await is_told([dina], 1)
    assert (codes_in(aigul), codes_in(boris)) == (set(), set())
    for lawyer, shifts in ((aigul, 1), (dina, 1)):  # the one given away stands with the one who has taken it
        lawyer.clear_chat()
        lawyer.say("/oncall")
        card = await lawyer.sees("/oncall swap")
        assert sum("–" in line for line in card.text.splitlines()) == shifts


async def asks(lawyer: Person, other: str) -> None:
    """Asks another lawyer to take the shift that runs now."""
    lawyer.clear_chat()
    lawyer.say("/oncall swap")
    which = await lawyer.until(lambda: found if (found := lawyer.from_bot) and found[-1].labels else None)
    lawyer.press(which[-1].labels[0])
    await lawyer.until(lambda: other in lawyer.last.labels or None)
    lawyer.press(other)
    await lawyer.sees("Сұрадық.")
