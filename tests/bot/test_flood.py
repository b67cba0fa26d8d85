"""A flood of people who have consented: 200 accounts press "urgent" and answer nothing. Timed, with figures."""

import asyncio
import copy
import os
import re
import shutil
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Message
from bot.telegram import flood as flood_module
from bot.telegram.flood import FEW_A_SECOND, FEW_AT_ONCE, FEW_OWED, MOST_WAITING, ChatLimit, Line, Overload
from storage.database import Database
from tests.conftest import change_rows
from tests.talks.life import BASE, Life, Moment, moment
from tests.whole import WHOLE

HOSTILE, HONEST = 200, 10
SLOWEST = 3.0  # seconds from when a wave begins to when the first of the honest has made the decisive press
on_sqlite = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)


async def consent_of(people: list[Person]) -> None:
    """Each presses "urgent" for the first time; a first card for each of them takes its time, whoever asks for it."""
    for one in people:
        one.say("/start")
        await asyncio.sleep(0.04)
    for label in ("Русский", "Срочно: нужен юрист"):
        for one in people:
            await one.wait(lambda seen, label=label: any(label in each for each in seen.labels), 60)
            one.press(label)
    for one in people:
        await one.sees("Где тот, кому", 60)


@pytest.fixture(scope="module")
def crowd(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """An instance where 200 people have just pressed "urgent" for the first time, and what their chats show."""

    async def story(life: Life) -> None:
        life.ahead = datetime.now(UTC) - BASE
        life.change(life.pana.questionnaires.store)
        people = range(500_000, 500_000 + HOSTILE)
        for one in people:
            life.world.join(one)
            await life.say(one, "/start")
        for label in ("Русский", "Срочно: нужен юрист"):
            await life.rest()
            for one in people:
                await life.press(one, label)
        await life.rest()
        assert all("Где тот, кому" in life.text(one) for one in people)

    return moment(made_once, tmp_path_factory.mktemp("crowd") / "life", story)


def gather(crowd: Moment, telegram: BotApiServer, instance: Instance) -> None:
    """They are in this instance, and will have been silent for a minute in a minute."""
    for pattern in ("pana.db*", "server.key*"):
        for file in crowd.folder.glob(pattern):
            shutil.copy(file, instance.folder)
    due = datetime.now(UTC) + timedelta(seconds=60)
    change_rows(instance, f"UPDATE intake SET call_due_at = '{due:%Y-%m-%d %H:%M:%S}'")
    telegram.world.chats.update(copy.deepcopy(crowd.world["chats"]))
    telegram.world.people.update(crowd.world["people"])
    telegram.world.begin_at(100_000)  # beyond the numbers of what they have said


async def flood(telegram: BotApiServer, seconds: float, a_second: int) -> int:
    """So many updates a second of people who have pressed "urgent": whatever there is to press or type."""
    people = [Person(telegram.world, 500_000 + number) for number in range(HOSTILE)]
    begun, sent = time.monotonic(), 0
    while (passed := time.monotonic() - begun) < seconds:
        while sent < passed * a_second:
            one, turn = people[sent % HOSTILE], sent // HOSTILE
            _bother(one, turn)
            sent += 1
        await asyncio.sleep(0.02)
    return sent


def _bother(one: Person, turn: int) -> None:
    last = one.from_bot[-1] if one.from_bot else None
    for label in ("Русский", "Срочно: нужен юрист", "Назад", "Отменить вызов юриста"):
        if last is not None and any(label in each for each in last.labels):
            one.press(label, last)
            return
    one.say("/start" if turn < 3 or turn % 2 else "срочно")


async def honest(person: Person, took: list[float]) -> float:
    """From /start to a danger named; how long each card was waited for, and when the decisive press was made."""
    steps = [
        (lambda: person.say("/start"), "Русский"),
        (lambda: person.press("Русский"), "Срочно: нужен юрист"),
        (lambda: person.press("Срочно: нужен юрист"), "Удерживают"),
    ]
    for act, label in steps:
        begun = time.monotonic()
        act()
        await person.wait(lambda one, label=label: any(label in each for each in one.labels), 60)
        took.append(time.monotonic() - begun)
        await asyncio.sleep(0.5)
    pressed = time.monotonic()
    person.press("Удерживают")
    await person.sees("Кому нужна помощь?", 60)
    took.append(time.monotonic() - pressed)
    return pressed


async def told(person: Person, lawyer: Person) -> tuple[float, str]:
    """When this person's code stood in the lawyer's chat, and the code."""
    found = await person.until(
        lambda: next((m for one in person.from_bot if (m := re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", one.text))), None), 60
    )
    await shown_to(lawyer, found[0])
    return time.monotonic(), found[0]


async def shown_to(lawyer: Person, code: str) -> Message:
    """The message of a lawyer's chat that shows a code; a long list is turned over, part by part."""
    async with asyncio.timeout(60):
        while True:
            for one in lawyer.from_bot:
                if code in one.text:
                    return one
                turn = next(
                    (button for row in one.buttons for button in row if button.text[:4] in {"Ещё:", "К на"}), None
                )
                if turn is not None:
                    lawyer.press_data(turn.data, one.id)
            await asyncio.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Wave:
    """So many updates a second for so long; `most`: seconds to each alert."""

    a_second: int
    seconds: float
    most: float


async def under_a_flood(telegram: BotApiServer, instance: Instance, *waves: Wave, crowd: Moment | None = None) -> None:
    """In each wave ten honest people begin one after the other, and after the last the unanswered calls become cases.

    Each card is there within three seconds. `crowd`: they consented before the bot began, so that in the first wave
    none of them has been answered yet; else in front of it.
    """
    if crowd is not None:
        gather(crowd, telegram, instance)
    boris = telegram.person(202)
    telegram.person(201)
    await instance.start()
    if crowd is None:
        await consent_of([telegram.person(500_000 + number) for number in range(HOSTILE)])
    codes: list[str] = []
    for number, wave in enumerate(waves):
        codes += await through(wave, telegram, boris, 4000 + 100 * number)
    await asyncio.to_thread(a_minute_later, instance)
    line = await boris.wait(lambda one: "без единого ответа" in one.text, 60)
    late = telegram.person(4999)
    begun = time.monotonic()
    late.say("срочно")
    await late.sees("Где тот, кому", 60)
    late.press("Удерживают")
    at, code = await told(late, boris)
    print(f"while the unanswered become cases: /urgent to alert {at - begun:.2f} s; the list: {line.text[-60:]!r}")
    listed = next(one for one in boris.from_bot if "без единого ответа" in one.text)
    for each in (*codes, code):
        shown = await shown_to(boris, each)
        assert shown is not listed or shown.text.index(each) < shown.text.index("без единого")
    assert at - begun < min(wave.most for wave in waves)


async def through(wave: Wave, telegram: BotApiServer, lawyer: Person, first: int) -> list[str]:
    """Honest people name their danger while the wave lasts; their codes."""
    flooding = asyncio.create_task(flood(telegram, wave.seconds, wave.a_second))
    await asyncio.sleep(1.0)
    cards: list[float] = []
    alerts: list[float] = []
    codes: list[str] = []

    async def one(number: int) -> None:
        await asyncio.sleep(number * (wave.seconds - SLOWEST) / HONEST)
        person = telegram.person(first + number)
        pressed = await honest(person, cards)
        at, code = await told(person, lawyer)
        alerts.append(at - pressed)
        codes.append(code)

    async with asyncio.TaskGroup() as group:
        for number in range(HONEST):
            group.create_task(one(number))
    sent = await flooding
    alerts.sort(), cards.sort()
    print(
        f"\n{sent} updates in {wave.seconds:.0f} s from {HOSTILE} who consented: press to alert p50"
        f" {statistics.median(alerts):.2f} s, worst {alerts[-1]:.2f} s of {len(alerts)}; card p50"
        f" {statistics.median(cards):.2f} s, worst {cards[-1]:.2f} s of {len(cards)}"
    )
    assert alerts[-1] < wave.most
    assert cards[-1] < 3.0
    return codes


def a_minute_later(instance: Instance) -> None:
    """Whoever pressed "urgent" and has said nothing is called for now."""
    database = Database(f"sqlite:///{instance.folder / 'pana.db'}")
    due = "UPDATE intake SET call_due_at = '2026-11-01 00:00:00' WHERE call_due_at IS NOT NULL"
    database.change(lambda tx: tx.execute(text(due)).rowcount)
    database.close()


@pytest.mark.timed
@on_sqlite
async def test_who_names_a_danger_passes_two_hundred_who_say_nothing(
    telegram: BotApiServer, instance: Instance, crowd: Moment
) -> None:
    """Each card in three seconds, before the unanswered, beside two hundred who may have consented long ago.

    100 updates a second, when at first the bot has answered none of them yet: the alert in two seconds. 1,000 a second,
    when it has answered each of them: in five.
    """
    seconds = float(os.environ.get("FLOOD_SECONDS", "6" if WHOLE else "3.5"))
    await under_a_flood(telegram, instance, Wave(100, seconds, 2.0), Wave(1000, seconds, 5.0), crowd=crowd)


@pytest.mark.long
@on_sqlite
@pytest.mark.parametrize(("a_second", "most"), [(100, 2.0), (1000, 5.0)])
async def test_a_flood_of_the_unanswered_for_twenty_seconds(
    telegram: BotApiServer, instance: Instance, a_second: int, most: float
) -> None:
    """The whole of it, with its figures."""
    await under_a_flood(telegram, instance, Wave(a_second, 20.0, most))


# --- the line ---


class Clock:
    """Seconds of a test."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def heard_from(line: Line[str]) -> list[str]:
    """Everything that waits, in the order in which it is heard."""
    heard = []
    while (found := line.pop()) is not None:
        heard.append(found[1])
        line.done(found[0])
    return heard


def test_strangers_and_others_take_turns_and_a_chat_keeps_its_order() -> None:
    """Two updates of a chat are never in hand at once; of a stranger only the newest counts."""
    line: Line[str] = Line(Clock())
    for _ in range(3):
        line.answered(1)
    line.put(1, "a1", "a2", only_newest=False)
    line.put(2, "b1", "b2", only_newest=False)
    line.put(3, "c1", "c2", only_newest=True)
    assert [line.pop(), line.pop(), line.pop()] == [(2, "b1"), (3, "c2"), (1, "a1")]
    assert line.pop() is None  # all three are in hand
    line.put(2, "b3", only_newest=False)
    line.done(1), line.done(2, again="b1"), line.done(3)
    assert heard_from(line) == ["b1", "b2", "b3", "a2"]
    assert 1 not in line and 2 not in line and 3 not in line
    assert line.put(4, *(str(number) for number in range(100)), only_newest=False) == MOST_WAITING
    assert line.put(4, "more", only_newest=False) == 0
    assert len(heard_from(line)) == MOST_WAITING


@pytest.mark.parametrize("only_newest", [False, True])
def test_whoever_was_answered_least_goes_first(only_newest: bool) -> None:
    """Of strangers who were answered alike the newest, of others whoever came first."""
    line: Line[str] = Line(Clock())
    for chat, answers in ((1, 2), (2, 0), (3, 0), (4, 1)):
        for _ in range(answers):
            line.answered(chat)
        line.put(chat, str(chat), only_newest=only_newest)
    assert heard_from(line) == (["3", "2", "4", "1"] if only_newest else ["2", "3", "4", "1"])


def test_nobody_with_a_request_waits_for_ever_behind_newcomers() -> None:
    """Each answer lately costs two seconds, not the turn."""
    clock = Clock()
    line: Line[str] = Line(clock)
    for _ in range(3):
        line.answered(1)
    line.put(1, "waits", only_newest=False)
    heard = []
    for second in range(10):
        clock.now = float(second)
        line.put(100 + second, "new", only_newest=False)
        found = line.pop()
        assert found is not None
        heard.append(found[1])
        line.done(found[0])
    assert heard.index("waits") == 6


def test_when_the_line_is_full_strangers_leave_it_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is stored of them, and they may press again; nothing is remembered of who has left it."""
    monkeypatch.setattr(flood_module, "MOST_CHATS", 10)
    line: Line[str] = Line(Clock())
    line.put(1, "known", only_newest=False)
    for chat in range(2, 100):
        line.put(chat, "stranger", only_newest=True)
    line.put(100, "known", only_newest=False)
    assert len(line._strangers) < 10
    heard = heard_from(line)
    assert (heard.count("known"), len(heard)) == (2, 10)


def test_the_line_keeps_no_more_than_what_waits() -> None:
    """A chat has one place, however often it writes before its turn."""
    line: Line[str] = Line(Clock())
    for number in range(50_000):
        line.put(number % 10, "again", only_newest=number % 10 < 5)
    assert sum(map(len, (places._heap for places in line._turns))) < 3000
    assert len(heard_from(line)) == 5 + 5 * MOST_WAITING


def test_a_flood_is_several_full_fetches_in_a_row_and_a_while_after() -> None:
    """One full fetch, as after an outage, is none."""
    clock = Clock()
    overload = Overload(clock)
    assert [overload.fetched([], full=full) for full in (True, True, False, True, True)] == [False] * 5
    assert overload.fetched([], full=True)
    clock.now = 4.9
    assert overload.fetched([], full=False)
    clock.now = 5.1
    assert not overload.fetched([], full=False)


@pytest.mark.parametrize(
    ("waiting", "chats", "every", "begins"),
    [
        (None, 200, 0.5, True),  # nobody knows how many
        (200, 200, 0.5, False),
        (1000, 1000, 0.5, True),  # the last is reached after five seconds
        (1000, 1000, 0.1, False),
        (280, 200, 0.1, False),  # some press twice
        (400, 200, 0.1, True),  # nobody who waits for a card has sent so much
        (140, 5, 0.1, False),  # less than two fetches
        (160, 5, 0.1, True),
    ],
)
def test_full_fetches_are_no_flood_while_everybody_waits_for_a_card_and_the_last_is_reached_soon(
    waiting: int | None, chats: int, every: float, begins: bool
) -> None:
    """Two hundred people fill them, at half a second for each; a thousand are too many."""
    clock = Clock()
    overload, flooded = Overload(clock), False
    for fetch in range(10):
        clock.now += every
        flooded = overload.fetched([(100 * fetch + one) % chats for one in range(100)], full=True)
        if overload.may_begin:
            overload.waits(waiting)
    assert (flooded, overload.behind) == (begins, begins)


def test_whoever_sends_without_end_is_not_taken_for_somebody_who_reads() -> None:
    """Counted is what is sent, also beyond what is admitted; a while of silence later it is forgotten."""
    clock = Clock()
    few = ChatLimit(clock, FEW_AT_ONCE, FEW_A_SECOND, FEW_OWED)
    admitted = {1: 0, 2: 0}
    for tenth in range(600):
        clock.now = tenth / 10
        for chat, every in ((1, 2), (2, 20)):  # five a second, and one in two seconds
            admitted[chat] += tenth % every == 0 and few.admits(chat)
    assert admitted == {1: FEW_AT_ONCE, 2: 30}
    clock.now += (FEW_OWED + 1.0) / FEW_A_SECOND
    assert few.admits(1)
