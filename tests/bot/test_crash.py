"""kill -9 at random moments: no committed answer and no update is lost, nothing takes effect twice."""

import asyncio
import json
import random
import re
import signal
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.handoff.calls import MOST_ALONE
from storage.opened import OpenedCase
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.bot.walks import FROM_TEXT, TO_TEXT
from tests.places import HERE
from tests.whole import WHOLE

pytestmark = pytest.mark.both

YESTERDAY = (datetime.now(HERE) - timedelta(days=1)).date().isoformat()
PATIENCE = 120.0
CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}[.:]?"
STEPS = [*TO_TEXT, ("TEXT", "Какие бумаги"), *FROM_TEXT, ("отправить", "Ответы отправлены")]


async def begin(person: Person) -> None:
    """To the danger question; somebody about whom nothing is stored sends /start again when nothing comes."""
    while True:
        person.say("/start")
        try:
            await person.wait(lambda one: "2. Қазақша" in one.labels, 4)
            person.press("1. Русский")
            await person.wait(lambda one: "Срочно: нужен юрист" in one.labels, 4)
            person.press("Срочно: нужен юрист")
            await person.sees("Где тот, кому", 4)
        except (TimeoutError, LookupError):
            if any("Где тот, кому" in one.text for one in person.from_bot):
                return
            continue
        return


async def one_intake(person: Person, pause: float, chance: random.Random) -> None:
    """A whole intake; every answer is sent exactly once."""
    await begin(person)
    for said, then in STEPS:
        await asyncio.sleep(chance.uniform(0, 2 * pause))
        person.say(f"что случилось: {person.id}" if said == "TEXT" else said)
        await person.sees(then, PATIENCE)


def codes_in(lawyer: Person) -> set[str]:
    """The case codes that a lawyer's chat shows."""
    return {word.strip(".:") for one in lawyer.from_bot for word in one.text.split() if re.fullmatch(CODE, word)}


async def kill_and_start(instance: Instance, kills: int, chance: random.Random) -> list[float]:
    """Kills the bot and starts it again, so many times; tells when it died."""
    died = []
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.0, 0.8))
        await instance.stop(signal.SIGKILL)
        died.append(time.monotonic())
        await instance.start()
    return died


async def crash_run(telegram: BotApiServer, instance: Instance, kills: int, number: int = 20) -> None:
    """So many people answer while the bot is killed; then everything that was sealed is opened and compared."""
    chance = random.Random(kills)
    lawyer = telegram.person(201)
    telegram.person(202)
    people = [telegram.person(2000 + one) for one in range(number)]
    await instance.start()
    pause = kills * 1.4 / len(STEPS)
    async with asyncio.TaskGroup() as group:
        killing = group.create_task(kill_and_start(instance, kills, chance))
        for person in people:
            group.create_task(one_intake(person, pause, chance))

    def typed() -> list[object]:
        return [one for person in people for one in person.chat if not one.from_bot]

    await lawyer.until(lambda: (not typed() and len(codes_in(lawyer)) >= number) or None, PATIENCE)
    assert await instance.stop() == 0

    instance.pana("export", "all.zip")
    identity = read_identity_file((instance.folder / "Aigul.txt").read_bytes(), str)
    cases = read_bundle(instance.folder / "all.zip", identity.identities, None)
    assert [case.problems for case in cases] == [[]] * number
    told = []
    for case in cases:
        kinds = Counter(entry["kind"] for entry in case.entries)
        assert (kinds["readers"], kinds["snapshot"], kinds["submitted"]) == (1, 1, 1)
        # Who has not answered a minute after "urgent" is called for all the same: the first answer then comes later.
        (snapshot,) = [entry["value"] for entry in case.entries if entry["kind"] == "snapshot"]
        assert kinds["answer"] == (14 if snapshot["answers"] else 15)
        answers = {question: kept["value"] for question, kept in OpenedCase(case).answers.items()}
        told.append(answers.pop("q08"))
        clocks = {one["clock"] for one in OpenedCase(case).as_json()["clocks"]}
        assert clocks == {"K12a", "K12b", "K14", "K14a", "K14b", "K14m", "K15"}  # since yesterday, with a decision
        assert any("ст. 386 ГПК" in card for card in OpenedCase(case).as_json()["cards"])
        assert answers == {
            "q01": "self",
            "q02": "held",
            "q02_by": "police",
            "q03": "threat",
            "q04": "none",
            "q05": "here",
            "q07": "almaty",
            "q10": ["exp_decision", "detention_protocol"],
            "q11_exp_decision": {"from": YESTERDAY, "to": YESTERDAY, "sure": "exact"},
            "q12": None,
            "q09": {"from": YESTERDAY, "to": YESTERDAY, "sure": "exact"},
            "q09_why": "unsaid",
            "q40": "no",
            "more_held": "stop",
        }
    assert sorted(told) == sorted(f"что случилось: {person.id}" for person in people)
    codes = {row["case"] for row in json.loads(instance.pana("case", "list", "--json").stdout)}
    assert codes_in(lawyer) == codes  # one at a time, then all on one list
    again = sum(any(code in one.text for code in codes) for one in lawyer.from_bot) - 1
    # The Bot API knows no idempotency key: a list that was on its way when the process died is sent again.
    assert again <= len(killing.result()) + MOST_ALONE
    print(f"\n{kills} kills, {number} intakes: 0 lost, 0 effects twice, {again} alerts left over, 0 texts left")
    assert typed() == []


async def test_nothing_is_lost_or_done_twice_when_the_bot_is_killed(telegram: BotApiServer, instance: Instance) -> None:
    """Three kills during five parallel intakes; four during twenty in `make both`."""
    await crash_run(telegram, instance, *((4, 20) if WHOLE else (3, 5)))


@pytest.mark.long
async def test_fifty_kills(telegram: BotApiServer, instance: Instance) -> None:
    """Fifty kills during twenty parallel intakes."""
    await crash_run(telegram, instance, 50)


@pytest.mark.long
@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_a_thousand_kills(telegram: BotApiServer, instance: Instance) -> None:
    """A thousand kills during twenty parallel intakes: an alert may come twice, never not at all."""
    await crash_run(telegram, instance, 1000)
