"""Two processes on one PostgreSQL send to one chat while it is hidden, closed or erased: nothing of it stays there."""

import asyncio
import dataclasses
import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer, Fault
from bot.settings import load_settings
from bot.speech.incoming import Said
from bot.speech.outgoing import Outcome
from bot.wiring.pana import Pana, open_pana
from storage.schema import outbox
from storage.tx import Tx
from tests.bot.talks import Talk, talk
from tests.bot.test_two_processes import logged
from tests.bot.walks import answer, consent
from tests.whole import by_pairs

ON_POSTGRESQL = pytest.mark.parametrize("instance", ["postgresql"], indirect=True)
PERSON, BY, TYPED, NEW = 962, "another process", 50_000, 77_000
Change = Callable[[Tx], Any]


def wiped(one: Talk) -> set[int]:
    """The messages that are removed, now or when their day is over."""
    query = select(outbox.c.args).where(outbox.c.kind == "wipe")
    rows = one.core.database.change(lambda tx: list(tx.execute(query).scalars()))
    return {number for args in rows for number in json.loads(args)["messages"]}


def meet(first: tuple[Pana, Change], second: tuple[Pana, Change]) -> list[Any]:
    """The first has done its work and waits before its commit; then the second begins, and may have to wait for it."""
    reached, go, answers = threading.Event(), threading.Event(), dict[int, Any]()

    def held(tx: Tx) -> Any:
        done = first[1](tx)
        reached.set()
        assert go.wait(10)
        return done

    def works(which: int, pana: Pana, change: Change) -> None:
        answers[which] = pana.core.database.change(change)

    threads = [threading.Thread(target=works, args=(0, first[0], held))]
    threads.append(threading.Thread(target=works, args=(1, *second)))
    threads[0].start()
    assert reached.wait(10)
    threads[1].start()
    until = time.monotonic() + 10
    while threads[1].is_alive() and not waits(second[0]) and time.monotonic() < until:
        time.sleep(0.005)
    go.set()
    for thread in threads:
        thread.join(10)
    return [answers[0], answers[1]]


def waits(pana: Pana) -> bool:
    """Whether a connection to this database waits for what another has locked."""
    locked = text("datname = current_database() AND wait_event_type = 'Lock'")
    found = select(func.count()).select_from(text("pg_stat_activity")).where(locked)
    return pana.core.database.read(lambda tx: tx.execute(found).scalar_one()) > 0


def ends(one: Talk, way: str) -> Change:
    """What makes the chat show nothing any more."""
    if way == "hidden":
        said = Said(update_id=9_000, chat_id=PERSON, message_id=TYPED, text="/clear", at=one.now)
        return lambda tx: one.pana.front.hear(tx, said)
    case, aigul = one.case(), one.member("Aigul")
    if way == "erased":
        return lambda tx: one.core.calls.erased(tx, case)
    return lambda tx: one.core.closing.close(tx, case, aigul, "helped")


@pytest.mark.once  # what runs twice lets go of its locks in between
@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("way", "state", "what", "order"),
    by_pairs(
        ["hidden", "erased", "closed"],
        ["in the questions", "sent"],
        ["a card", "a ping"],
        ["it arrives first", "it arrives after"],
    ),
)
async def test_a_message_of_another_process_is_found_whichever_commit_comes_first(
    telegram: BotApiServer, instance: Instance, way: str, state: str, what: str, order: str
) -> None:
    """It arrives while the chat is hidden, or its case erased or closed; both change the same chat at once."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(PERSON)
    async with talk(telegram, instance) as one:
        await (one.sent(person) if state == "sent" else one.called(person, free=True))
        await one.taken(aigul, "kk")
        other = open_pana(load_settings(instance.folder / "pana.toml", instance.environment))
        of = one.core.database.read(lambda tx: other.seeker.screen.chats.of(tx, PERSON).shows)
        message = Outcome(of=of, apart=what == "a ping")
        arrives: Change = lambda tx: other.seeker.arrivals.came(tx, PERSON, NEW, message, BY)  # noqa: E731
        pair = ((other, arrives), (one.pana, ends(one, way)))
        await asyncio.to_thread(meet, *(pair if order == "it arrives first" else reversed(pair)))
        assert NEW in wiped(one)
        other.core.database.close()


@pytest.mark.once
@ON_POSTGRESQL
@pytest.mark.parametrize("state", ["in the questions", "sent"])
@pytest.mark.parametrize("way", ["hidden", "erased", "closed"])
async def test_no_process_lets_a_message_out_that_another_is_just_taking_out_of_sight(
    telegram: BotApiServer, instance: Instance, way: str, state: str
) -> None:
    """Whoever asks meanwhile waits for the commit, and hears no."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(PERSON)
    async with talk(telegram, instance) as one:
        await (one.sent(person) if state == "sent" else one.called(person, free=True))
        await one.taken(aigul, "kk")
        other = open_pana(load_settings(instance.folder / "pana.toml", instance.environment))
        of = one.core.database.read(lambda tx: other.seeker.screen.chats.of(tx, PERSON).shows)
        asks: Change = lambda tx: other.seeker.arrivals.leaves(tx, PERSON, Outcome(of=of, apart=True), BY)  # noqa: E731
        assert other.core.database.change(asks)
        _, may = await asyncio.to_thread(meet, (one.pana, ends(one, way)), (other, asks))
        assert not may
        other.core.database.close()


@ON_POSTGRESQL
async def test_after_hiding_no_process_sends_and_nothing_stays(telegram: BotApiServer, instance: Instance) -> None:
    """Both processes send, calls take their time; hidden at any moment of it, again and again."""
    aigul, _, person = telegram.person(201), telegram.person(202), telegram.person(PERSON)
    chance, slowest = random.Random(7), 0.4
    second = dataclasses.replace(instance, process=None)
    second.log = instance.folder / "second.log"
    await instance.start()
    await second.start()
    try:
        await logged(second, "standing by")
        await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
        await answer(person, "7", "Кому нужна помощь?")
        await answer(person, "1", "Там, где вы сейчас, безопасно?")
        await answer(person, "2", "Вас передают России")
        await answer(person, "1", "Зовём юриста · ")
        await aigul.sees("ШҰҒЫЛ")
        aigul.press("Өзіме алу")
        taken = await aigul.wait(lambda one: one.document is not None)
        assert taken.document is not None
        code = taken.document[0].removesuffix(".zip")
        for _ in range(6):
            telegram.faults[:] = [
                Fault("sendMessage", "delay", chance.uniform(0.0, slowest), PERSON, times=1) for _ in range(3)
            ]
            await aigul.wait(lambda one: "Жазу" in one.labels)
            aigul.press("Жазу")
            await aigul.wait(lambda one: "Мен волонтер заңгермін" in one.labels)
            aigul.press("Мен волонтер заңгермін")
            await asyncio.sleep(chance.uniform(0.0, 0.6))
            press = person.press("Скрыть чат")
            await person.until(lambda press=press: press.answered or None)
            hidden = time.monotonic()
            await person.until(lambda: not person.from_bot or None)
            await asyncio.sleep(1.5)
            late = [one for one in telegram.world.calls if one.chat_id == PERSON and one.at > hidden + slowest + 0.3]
            assert {one.method for one in late} <= {"deletemessages"}
            assert person.from_bot == []
            person.say(code)
            await person.wait(lambda one: "Скрыть чат" in one.labels)
            if any("Показать" in one.labels for one in person.from_bot):
                person.press("Показать")
                await person.sees("Я юрист-волонтёр")
    finally:
        assert await second.stop() == 0
