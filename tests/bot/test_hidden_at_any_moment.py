"""A chat is hidden at any moment of anything that happens, crashes included: nothing arrives or stays in it."""

import asyncio
import functools
import itertools
import os
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.speech.incoming import Pushed
from storage.case import Claimed, Closed
from storage.schema import outbox
from tests.talks.life import Life, Moment, answers, begun, living, moment, taken
from tests.virtual_time import run
from tests.ways import CALM_ON
from tests.whole import WHOLE

PERSON = 900
HOLD = timedelta(seconds=61)
TAKEN = ("взял в работу юрист", "обращение взял юрист", "өтінішіңізді заңгер алды", "заңгер қолға алды")
LIVES = int(os.environ.get("LIVES", "40" if WHOLE else "8"))


def code_of(life: Life) -> str:
    """The code of the newest case."""
    return life.change(life.core.cases.listed)[-1].code


async def hidden(life: Life) -> None:
    """The button, and nothing on its way any more."""
    await life.press(PERSON, "Скрыть чат")
    await life.rest()


Step = Callable[[Life], Awaitable[object]]


ASKED: tuple[str, ...] = ("7", "1")
SENT = (*ASKED, "2", "1", "5", "1", "2", "1", *CALM_ON, "1", "отправить")
WAYS = {
    "in the questions": (ASKED, "/start"),
    "a sent request": (SENT, "/start"),
    "its help": (SENT, "/help"),
    "the code itself": (SENT, "/clear"),
    "a ping": (SENT, None),
}
After = Callable[[Sequence[str]], Moment]


@pytest.fixture(scope="module")
def after(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> After:
    """Where somebody stands who has begun and said so much: told once, gone on from again and again."""

    @functools.cache
    def told(said: tuple[str, ...]) -> Moment:
        async def story(life: Life) -> None:
            await begun(life, PERSON)
            if said:
                await life.pass_time(HOLD)
                await answers(life, PERSON, said)

        return moment(prepared, tmp_path_factory.mktemp("told") / "life", story)

    return lambda said: told(tuple(said))


def test_what_is_on_its_way_while_the_chat_is_hidden_is_removed_again(after: After, tmp_path: Path) -> None:
    """The sender has taken the row and Telegram's call is running; the press comes in between."""

    async def story(life: Life) -> None:
        async def hide(what: str, chat_id: int) -> None:
            if (what, chat_id) == ("send", PERSON):
                life.telegram.before = None
                await life.press(PERSON, "Скрыть чат")

        life.telegram.before = hide
        await taken(life)
        assert life.telegram.before is None

    with living(after(ASKED), tmp_path / "life") as life:
        run(life.live(story))
        assert life.text(PERSON) == ""


async def on_its_way(life: Life, typed: str | None, strangers: int) -> int:
    """A new message has arrived, and nobody here knows of it yet; the card that stood there before.

    `strangers`: so many messages went through other chats since anything that is kept.
    """
    card = life.seen(PERSON)[-1].id
    for _ in range(strangers):
        life.world._add(999, from_bot=False, text="/start")
    life.telegram.holds = PERSON
    if typed is None:
        await life.press(201, "Взять в работу")
        life._group.create_task(life.rest())
    else:
        await life.say(PERSON, typed)
    await asyncio.sleep(7.0 if typed is None else 1.0)
    assert life.telegram.holds is None
    return card


def hide_on(life: Life, card: int) -> None:
    """The button of this very card, which is about to go."""
    data = life.world.chats[PERSON][card].buttons[-1][-1].data
    life.hear(Pushed(update_id=9_000, chat_id=PERSON, message_id=card, callback_id="1", data=data))


@pytest.mark.parametrize("strangers", [0, 150])
@pytest.mark.parametrize("down", [timedelta(), timedelta(minutes=10)], ids=["at once", "later"])
@pytest.mark.parametrize("way", list(WAYS))
def test_a_crash_after_sending_into_a_chat_that_was_hidden_at_that_instant_leaves_nothing(
    way: str, down: timedelta, strangers: int, after: After, tmp_path: Path
) -> None:
    """The message has arrived, nobody knows its id, and the process is gone: after the start only deletions leave."""

    said, typed = WAYS[way]

    async def story(life: Life) -> None:
        card = await on_its_way(life, typed, strangers)
        if typed != "/clear":
            hide_on(life, card)
        before = len(life.telegram.log)
        await life.dies(down)
        await life.rest()
        await life.pass_time(timedelta(seconds=31))
        assert life.text(PERSON) == ""
        assert {one.what for one in life.telegram.log[before:] if one.chat_id == PERSON} == {"remove"}

    with living(after(said), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("down", [timedelta(), timedelta(minutes=2)], ids=["at once", "later"])
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("way", ["in the questions", "a sent request", "a ping"])
def test_a_crash_after_sending_leaves_nothing_that_hiding_would_not_find(
    way: str, again: bool, down: timedelta, after: After, tmp_path: Path
) -> None:
    """The chat is in use, perhaps at once: its card is there, and once it is hidden nothing is left."""

    said, typed = WAYS[way]

    async def story(life: Life) -> None:
        await on_its_way(life, typed, 0)
        await life.dies(down)
        if again:
            await life.say(PERSON, "/start")
        await life.rest()
        await life.pass_time(timedelta(seconds=31))
        cards = [one for one in life.seen(PERSON) if "Скрыть чат" in one.labels]
        assert len(cards) == 1
        await life.press(PERSON, "Скрыть чат")
        await life.rest()
        assert life.text(PERSON) == ""

    with living(after(said), tmp_path / "life") as life:
        run(life.live(story))


def test_nothing_is_sent_twice_or_removed_where_nothing_was_lost(after: After, tmp_path: Path) -> None:
    """A message that has arrived and is known leaves no row behind, nor does one that is refused."""

    async def story(life: Life) -> None:
        await life.say(PERSON, "/start")
        await life.rest()
        assert strays(life) == 0
        life.world.blocked.add(PERSON)
        await life.say(PERSON, "/start")
        await life.rest()
        assert strays(life) == 0

    with living(after(ASKED), tmp_path / "life") as life:
        run(life.live(story))


def strays(life: Life) -> int:
    """How many messages are on their way, or were lost there."""
    query = select(func.count()).select_from(outbox).where(outbox.c.kind == "stray")
    return life.change(lambda tx: tx.execute(query).scalar_one())


def _steps(chance: random.Random) -> Iterator[tuple[str, Step]]:
    """What may happen to one request, in any order."""

    async def press_if_there(life: Life, chat_id: int, label: str) -> None:
        try:
            await life.press(chat_id, label)
        except LookupError:
            return

    async def code(life: Life) -> None:
        mine = [one for one in life.change(life.core.cases.listed) if one.chat_id == PERSON]
        if mine:
            await life.say(PERSON, mine[-1].code)

    async def say(life: Life) -> None:
        await life.say(PERSON, chance.choice(["1", "7", "2", "/back", "/status", "слова", "/help"]))

    async def late(life: Life) -> None:
        await life.say(PERSON, "1", late=True)

    async def begin(life: Life) -> None:
        await begun_if_stranger(life)

    async def begun_if_stranger(life: Life) -> None:
        await life.say(PERSON, "/start")
        await press_if_there(life, PERSON, "Русский")
        await press_if_there(life, PERSON, "Срочно: нужен юрист")

    async def hide(life: Life) -> None:
        await press_if_there(life, PERSON, "Скрыть чат")

    async def clear(life: Life) -> None:
        await life.say(PERSON, "/clear")

    async def delete(life: Life) -> None:
        await life.say(PERSON, "/delete")
        await press_if_there(life, PERSON, "Удалить всё")

    async def lawyer(life: Life) -> None:
        for label in chance.choice([["Взять в работу"], ["Написать", "Я юрист-волонтёр"], ["Вернуть в очередь"]]):
            await press_if_there(life, 201, label)

    async def close(life: Life) -> None:
        for label in ("Закрыть", "Помощь оказана"):
            await press_if_there(life, 201, label)

    async def time(life: Life) -> None:
        by = chance.choice([1, 61, 600, 1000, 7200])
        await life.pass_time(timedelta(seconds=by))

    named: list[tuple[str, Step]] = [
        ("code", code), ("say", say), ("late", late), ("begin", begin), ("hide", hide), ("clear", clear),
        ("lawyer", lawyer), ("lawyer", lawyer), ("close", close), ("time", time), ("say", say), ("delete", delete),
    ]  # fmt: skip
    while True:
        yield chance.choice(named)


@pytest.mark.parametrize("seed", range(LIVES))
def test_after_hiding_nothing_arrives_and_nothing_stays_in_any_order_of_events(
    seed: int, after: After, tmp_path: Path
) -> None:
    """Presses, rows, claims and calls that take their time, mixed at random, then hidden: deletions only."""
    chance = random.Random(seed)

    async def story(life: Life) -> None:
        life.telegram.delay = lambda: chance.choice([0.0, 0.01, 0.3, 2.0])
        steps = _steps(chance)
        told = []
        for name, step in itertools.islice(steps, chance.randrange(4, 16)):
            told.append(name)
            await step(life)
            if chance.random() < 0.6:
                await asyncio.sleep(chance.choice([0.0, 0.05, 0.5, 3.0]))
                sending = asyncio.create_task(life.rest())
                await asyncio.sleep(chance.choice([0.0, 0.2, 1.0]))
                await asyncio.wait([sending], timeout=chance.choice([0.0, 0.5]))
        await life.say(PERSON, "/clear")
        await life.rest()
        for _ in range(3):  # the one message that tells the code may be late itself, and goes 15 s after it has come
            await life.pass_time(timedelta(seconds=20))
            await life.rest()
        assert life.text(PERSON) == "", told
        before = len(life.telegram.log)
        for _ in range(4):
            name, step = next((name, step) for name, step in steps if name in {"lawyer", "close", "time"})
            await step(life)
            await life.rest()
        assert [one for one in life.telegram.log[before:] if one.chat_id == PERSON and one.what != "remove"] == [], told
        mine = [
            case
            for case in life.change(life.core.cases.listed)
            if case.chat_id == PERSON and not isinstance(case, Closed)
        ]
        if mine:
            await life.say(PERSON, mine[-1].code)
            await life.rest()
            shown = life.text(PERSON)
            assert "Скрыть чат" in shown or "Чатты жасыру" in shown, (
                told
            )  # a number typed at the first card is a language
            taken_says = any(one in shown for one in TAKEN)
            assert taken_says == (isinstance(mine[-1], Claimed)), told

    with living(after(()), tmp_path / "life") as life:
        run(life.live(story))
