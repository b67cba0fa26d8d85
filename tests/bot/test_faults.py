"""One call of the Bot API in five fails in some way: every alert arrives, nothing takes effect twice."""

import asyncio
import json
import random
import re
from collections import Counter

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer, Fault
from bot.member.alerts import MOST_LISTED
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.bot.test_crash import STEPS, begin
from tests.bot.test_crash import codes_in as shown

METHODS = ("sendMessage", "editMessageText", "deleteMessage", "deleteMessages", "answerCallbackQuery", "getUpdates")
KINDS = (("lost", None), ("502", None), ("reset", None), ("429", 1), ("delay", 0.3))
PATIENCE = 120.0


async def one_intake(person: Person, chance: random.Random) -> None:
    """A whole intake; every answer is sent exactly once."""
    await asyncio.sleep(chance.uniform(0, 2))
    await begin(person)
    for said, then in STEPS:
        person.say(f"что случилось: {person.id}" if said == "TEXT" else said)
        await person.sees(then, PATIENCE)


def number_on(lawyer: Person) -> list[int]:
    """How many cases the first line of each list names."""
    return [int(found[1]) for one in lawyer.from_bot if (found := re.search(r"(?:Кезекте|В очереди) (\d+)", one.text))]


async def fault_run(telegram: BotApiServer, instance: Instance, people: int) -> None:
    """So many intakes while calls fail; then every case is opened and every alert is counted."""
    chance = random.Random(people)
    lawyers = {"Aigul": telegram.person(201), "Boris": telegram.person(202)}
    seekers = [telegram.person(5000 + number) for number in range(people)]
    await instance.start()
    telegram.faults += [
        Fault(method, kind, value, times=10**9, probability=0.045) for method in METHODS for kind, value in KINDS
    ]
    async with asyncio.TaskGroup() as group:
        for person in seekers:
            group.create_task(one_intake(person, chance))
    for lawyer in lawyers.values():
        await lawyer.until(lambda lawyer=lawyer: len(shown(lawyer)) >= min(people, MOST_LISTED) or None, PATIENCE)
    telegram.faults.clear()
    assert await instance.stop() == 0

    rows = json.loads(instance.pana("case", "list", "--json").stdout)
    codes = {row["case"] for row in rows}
    assert len(codes) == people
    for lawyer in lawyers.values():
        assert shown(lawyer) <= codes
        assert max(number_on(lawyer)) == people  # a list tells how many there are, and shows the first of them
    instance.pana("export", "all.zip")
    identity = read_identity_file((instance.folder / "Aigul.txt").read_bytes(), str)
    for case in read_bundle(instance.folder / "all.zip", identity.identities, None):
        kinds = Counter(entry["kind"] for entry in case.entries)
        assert case.problems == []
        assert (kinds["readers"], kinds["snapshot"], kinds["submitted"], kinds["answer"]) == (1, 1, 1, 14)
    failed = sum(not call.ok for call in telegram.world.calls)
    again = sum(len(lawyer.from_bot) - 1 for lawyer in lawyers.values())
    print(
        f"\n{people} intakes under faults: all alerts out, 0 effects twice, {again} alerts left over, {failed} refused"
    )


async def test_six_intakes_while_one_call_in_five_fails(telegram: BotApiServer, instance: Instance) -> None:
    """Lost answers, 502, resets, 429 and delays, on every method that the bot uses."""
    await fault_run(telegram, instance, 6)


@pytest.mark.long
async def test_a_hundred_intakes_while_one_call_in_five_fails(telegram: BotApiServer, instance: Instance) -> None:
    """The same with a hundred; the figures are printed."""
    await fault_run(telegram, instance, 100)
