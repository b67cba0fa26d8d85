"""Many at once: one winner of every race, and a tap that answers within a blink while others write."""

import asyncio
import json
import statistics
import time

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer

CASES = 7


async def test_of_two_lawyers_who_take_at_once_exactly_one_gets_each_case(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Both press "take" for every case at the same moment: one bundle a case, and the other one learns it."""
    aigul, boris = telegram.person(201), telegram.person(202)
    people = [telegram.person(3000 + number) for number in range(CASES)]
    await instance.start()
    for person in people:
        person.say("срочно")
    for person in people:
        await person.sees("Где тот, кому")
        person.press("Удерживают")
    lists = [await lawyer.wait(lambda one: len(one.labels) == CASES) for lawyer in (aigul, boris)]
    presses = [[(button.data, one.id) for row in one.buttons for button in row] for one in lists]
    for mine, yours in zip(*presses, strict=True):
        aigul.press_data(*mine)
        boris.press_data(*yours)
    # One message a second in a chat, after a few at once: seven sealed files and their buttons take a while.
    bundles = await aigul.until(lambda: found if len(found := documents(aigul, boris)) >= CASES else None, 60)
    await asyncio.sleep(1.0)
    bundles = documents(aigul, boris)
    assert len(bundles) == len(set(bundles)) == CASES
    rows = json.loads((await asyncio.to_thread(instance.pana, "case", "list", "--json")).stdout)
    holders = {"Aigul": len(documents(aigul)), "Boris": len(documents(boris))}
    assert [row["status"] for row in rows] == ["claimed"] * CASES
    assert {name: sum(row["claimed_by"] == name for row in rows) for name in holders} == holders


def documents(*lawyers: Person) -> list[str]:
    """The names of the bundles that these lawyers got."""
    return [one.document[0] for lawyer in lawyers for one in lawyer.chat if one.document]


async def test_a_tap_is_two_calls_of_the_bot_api(telegram: BotApiServer, instance: Instance) -> None:
    """The press is answered and the card is changed; nothing else goes to anybody.

    Of a bot that has just begun its cards may come once more as they are (bot/telegram/replies.py): it changes nothing.
    """
    telegram.person(201), telegram.person(202)
    await instance.start()
    person = telegram.person(3000)
    person.say("/start")
    await person.sees("Выберите язык")
    person.press("Русский")
    await person.sees("Пана")
    person.press("Продолжить")
    await person.sees("Кому нужна помощь")
    before = -1
    while before < len(telegram.world.calls):  # until nothing follows any more, such as the removal of what was typed
        before = len(telegram.world.calls)
        await asyncio.sleep(1.0)
    press = person.press("1. ")
    await person.sees("Где вы")
    await person.until(lambda: press.answered or None)
    await asyncio.sleep(0.5)
    made = [one for one in telegram.world.calls[before:] if one.chat_id == 3000 or "callback" in one.method]
    assert sorted(one.method for one in made if one.ok) == ["answercallbackquery", "editmessagetext"], made
    assert [one.method for one in made if not one.ok] in ([], ["editmessagetext"]), made


async def tap(person: Person, taps: int, took: list[float]) -> None:
    """One person going through the language menu and the first questions, as fast as the cards come."""
    person.say("срочно")
    await person.sees("Где тот, кому", 60)
    for number in range(taps):
        card, edits, begun = person.last, person.last.edits, time.monotonic()
        person.press("8. Не в Казахстане" if number % 2 == 0 else "Назад", card)
        await person.until(lambda edits=edits: person.last.edits > edits or None, 60)
        took.append(person.last.at - begun)


async def crowd(telegram: BotApiServer, instance: Instance, people: int, taps: int) -> list[float]:
    """So many people tapping at once; prints what it took."""
    telegram.person(201), telegram.person(202)
    await instance.start()
    took: list[float] = []
    begun = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(people):
            group.create_task(tap(telegram.person(10_000 + number), taps, took))
    seconds = time.monotonic() - begun
    took.sort()
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    print(f"\n{people} people, {len(took)} taps: {len(took) / seconds:.0f}/s, p50 {p50:.3f} s, p99 {p99:.3f} s")
    return took


@pytest.mark.timed
async def test_a_tap_answers_within_a_blink_while_fifty_others_tap(telegram: BotApiServer, instance: Instance) -> None:
    """Fifty people tapping as fast as they can: the median card is there within half a second."""
    took = await crowd(telegram, instance, 50, 4)
    assert statistics.median(took) < 0.5


@pytest.mark.long
async def test_a_crowd_of_a_thousand(telegram: BotApiServer, instance: Instance) -> None:
    """A thousand people at once; the figures are printed."""
    took = await crowd(telegram, instance, 1000, 6)
    assert len(took) == 6000
