"""A hidden chat is silent, whatever is on its way, and its code leads back however it is typed."""

import asyncio
import itertools
import os
import random
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.speech.incoming import Pushed
from storage.case import Claimed, Closed
from storage.record import CODE_ALPHABET, tidy_check_word, tidy_code
from storage.schema import outbox
from tests.talks.life import Life, answers, begun, closed, living, prepare, taken, written
from tests.virtual_time import run

PERSON = 900
HOLD = timedelta(seconds=61)
LIVES = int(os.environ.get("LIVES", "40"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance to be copied."""
    return prepare(tmp_path_factory.mktemp("hidden") / "instance")


def code_of(life: Life) -> str:
    """The code of the newest case."""
    return life.change(life.core.cases.listed)[-1].code


async def hidden(life: Life) -> None:
    """The button, and nothing on its way any more."""
    await life.press(PERSON, "Скрыть чат")
    await life.rest()


# --- the way back ---

_SAME = {
    "C": "Сс",
    "H": "НнΗҢһ",
    "K": "КкΚқ",
    "M": "МмΜ",
    "P": "РрΡ",
    "T": "ТтΤ",
    "X": "ХхΧ",
    "3": "Ззʒ"[:2],
    "6": "6",
}
_DASHES = ["-", "\u2010", "\u2011", "\u2012", "–", "—", "\u2212", " ", "\u00a0", "\u202f", " – ", "", "."]
_BEFORE = ["", "№ ", "#", "Код: ", "код ", "мой код ", "«", "\u200b"]
_AFTER = ["", ".", " ", "!", "\u00a0", "»", "\n"]


@st.composite
def typed_codes(draw: st.DrawFn) -> tuple[str, str]:
    """A code, and one of the ways in which people type it."""
    letters = draw(st.lists(st.sampled_from(CODE_ALPHABET), min_size=8, max_size=8))
    typed = [draw(st.sampled_from([one, one.lower(), *_SAME.get(one, "")])) for one in letters]
    dash, before, after = (draw(st.sampled_from(each)) for each in (_DASHES, _BEFORE, _AFTER))
    form = draw(st.sampled_from(["NFC", "NFD"]))
    text = f"{before}{''.join(typed[:4])}{dash}{''.join(typed[4:])}{after}"
    return "".join(letters), unicodedata.normalize(form, text)


@given(typed_codes())
def test_a_code_is_read_however_it_is_typed(code: tuple[str, str]) -> None:
    """Either keyboard, either case, any dash or blank, a sign or word before it, a stop behind it."""
    letters, typed = code
    assert tidy_code(typed) == f"{letters[:4]}-{letters[4:]}"
    assert tidy_check_word(letters[:6].lower()) == letters[:6]


@pytest.mark.parametrize(
    "text", ["", "слова", "K7Q4-F2M", "K7Q4-F2MXX", "0000-1111", "A7Q4-F2MX", "срочно нужен юрист"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    """Words, other lengths, letters that no code has."""
    assert tidy_code(text) is None


STATES = ["in the questions", "sent", "claimed", "a stranger again", "in the middle of another request", "not hidden"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", [lambda code: code, lambda code: f"№ {code.replace('-', chr(0x2212)).lower()}."])
def test_the_code_leads_back_from_everywhere(
    state: str, way: Callable[[str], str], prepared: Path, tmp_path: Path
) -> None:
    """Whatever the chat shows meanwhile; what was typed leaves it."""

    async def story(life: Life) -> str:
        await begun(life, PERSON)
        await answers(life, PERSON, ["2", "1"])
        if state == "sent":
            await answers(life, PERSON, ["1", "5", "/skip", "2", "слова", "16", "1", "отправить"])
        if state == "claimed":
            await taken(life)
        code = code_of(life)
        if state != "not hidden":
            await hidden(life)
        if state == "a stranger again":
            await life.say(PERSON, "/start")
            await life.rest()
            assert code not in life.text(PERSON)
        if state == "in the middle of another request":
            await begun(life, PERSON, "Продолжить")
            assert "Кому нужна помощь?" in life.text(PERSON)
        typed = way(code)
        await life.say(PERSON, typed)
        await life.rest()
        assert typed not in life.text(PERSON).splitlines()
        return life.text(PERSON)

    with living(prepared, tmp_path / "life") as life:
        shown = run(life.live(story))
    assert ("юрист" in shown.lower()) and "Скрыть чат" in shown


# --- hiding in a hurry ---


@pytest.mark.parametrize("typed", [False, True])
def test_what_was_not_sealed_yet_is_kept_when_the_chat_is_hidden(typed: bool, prepared: Path, tmp_path: Path) -> None:
    """One act empties the chat and shows the code; with it every answer is there again, and lawyers are not called."""

    async def story(life: Life) -> tuple[str, str]:
        await begun(life, PERSON, "Продолжить")
        await answers(life, PERSON, ["1", "12"])
        if typed:
            await life.say(PERSON, "/clear")
            await life.rest()
            (left,) = life.seen(PERSON)
            told = left.text
            await life.pass_time(timedelta(seconds=16))
        else:
            await hidden(life)
            (told,) = life.telegram.toasts[-1:]
        assert life.text(PERSON) == ""
        assert life.seen(201) == []
        await life.say(PERSON, code_of(life))
        await life.rest()
        return told, life.text(PERSON)

    with living(prepared, tmp_path / "life") as life:
        told, shown = run(life.live(story))
        assert told == f"Чат очищен. Отправленное осталось у нас. Чтобы вернуться, напишите сюда: {code_of(life)}"
    assert "Вас передают России" in shown


def test_whoever_hides_before_answering_the_danger_still_has_a_lawyer_called(prepared: Path, tmp_path: Path) -> None:
    """Urgent, hidden at once: a minute later it rings at the lawyers', and not on this phone."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await hidden(life)
        before = len(life.telegram.log)
        await life.pass_time(HOLD)
        assert [one for one in life.telegram.log[before:] if one.chat_id == PERSON] == []

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
        assert "СРОЧНО" in life.text(201)


@pytest.mark.parametrize("answered", [[], ["11"], ["2"]])
def test_beginning_anew_in_a_hidden_chat_calls_for_what_was_left_behind(
    answered: list[str], prepared: Path, tmp_path: Path
) -> None:
    """A danger that was named, or a call for a lawyer, goes to the lawyers before its intake makes room."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await answers(life, PERSON, answered)
        await hidden(life)
        await begun(life, PERSON, "Продолжить")

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
        assert len(life.change(life.core.cases.waiting)) == 1
        assert life.seen(201) != []


def test_a_case_that_is_opened_again_stays_as_quiet_as_it_was(prepared: Path, tmp_path: Path) -> None:
    """Held; the situation has changed, and the first answer says nothing of the place: still nothing rings."""

    async def story(life: Life) -> list[bool]:
        await begun(life, PERSON)
        await answers(life, PERSON, ["2", "1", "1", "5", "/skip", "2", "слова", "16", "1", "отправить"])
        await life.press(PERSON, "Ситуация изменилась")
        await life.rest()
        await answers(life, PERSON, ["10"])  # where are you now: I don't know
        before = len(life.telegram.log)
        await taken(life)
        await written(life)
        return [one.rings for one in life.telegram.log[before:] if one.chat_id == PERSON and one.what == "send"]

    with living(prepared, tmp_path / "life") as life:
        assert run(life.live(story)) == []


# --- closing ---


def test_a_chat_that_was_emptied_stays_empty_when_the_case_is_closed(prepared: Path, tmp_path: Path) -> None:
    """Hidden, then taken and closed: nothing at all comes."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await answers(life, PERSON, ["12", "1", "1"])
        await hidden(life)
        before = len(life.telegram.log)
        await taken(life)
        await closed(life)
        await life.pass_time(timedelta(hours=30))
        assert [one for one in life.telegram.log[before:] if one.chat_id == PERSON] == []

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
        assert life.text(PERSON) == ""


@pytest.mark.parametrize("place", ["2", "12"], ids=["held", "free"])
@pytest.mark.parametrize("end", ["a day", "the button", "/start", "/clear"])
def test_the_last_card_is_neutral_and_goes(place: str, end: str, prepared: Path, tmp_path: Path) -> None:
    """No code, no lawyer; it can be hidden, and /start then looks like the first time."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await life.pass_time(HOLD)
        await answers(life, PERSON, [place, "1"])
        code = code_of(life)
        await taken(life)
        await closed(life)
        pings = [one for one in life.seen(PERSON) if one.labels == ["Показать"]]
        assert len(pings) == (1 if place == "12" else 0)
        for _ in pings:
            await life.press(PERSON, "Показать")
            await life.rest()
        assert (
            life.telegram.toasts[-len(pings) :]
            == ["Ваше обращение закрыто. Чтобы написать снова, отправьте /start."] * len(pings)
            or not pings
        )
        for one in life.seen(PERSON):
            assert one.text == "Ваше обращение закрыто. Чтобы написать снова, отправьте /start."
            assert one.labels == ["Скрыть чат"]
        assert code not in life.text(PERSON)
        if end == "a day":
            await life.pass_time(timedelta(hours=24, seconds=1))
        elif end == "the button":
            await life.press(PERSON, "Скрыть чат")
        else:
            await life.say(PERSON, end)
        await life.rest()

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
        shown = life.text(PERSON)
    assert "обращение" not in shown
    assert shown == "" if end != "/start" else "1. Русский" in shown


# --- races ---

Step = Callable[[Life], Awaitable[object]]


def test_what_is_on_its_way_while_the_chat_is_hidden_is_removed_again(prepared: Path, tmp_path: Path) -> None:
    """The sender has taken the row and Telegram's call is running; the press comes in between."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await life.pass_time(HOLD)
        await answers(life, PERSON, ["12", "1"])

        async def hide(what: str, chat_id: int) -> None:
            if (what, chat_id) == ("send", PERSON):
                life.telegram.before = None
                await life.press(PERSON, "Скрыть чат")

        life.telegram.before = hide
        await taken(life)
        assert life.telegram.before is None

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
        assert life.text(PERSON) == ""


WAYS = {
    "in the questions": ([], "/start"),
    "a sent request": (["1", "5", "1", "2", "16", "1", "отправить"], "/start"),
    "its help": (["1", "5", "1", "2", "16", "1", "отправить"], "/help"),
    "the code itself": (["1", "5", "1", "2", "16", "1", "отправить"], "/clear"),
    "a ping": (["1", "5", "1", "2", "16", "1", "отправить"], None),
}


async def on_its_way(life: Life, said: list[str], typed: str | None, strangers: int) -> int:
    """A new message has arrived, and nobody here knows of it yet; the card that stood there before.

    `strangers`: so many messages went through other chats since anything that is kept.
    """
    await begun(life, PERSON)
    await life.pass_time(HOLD)
    await answers(life, PERSON, ["12", "1", *said])
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
    way: str, down: timedelta, strangers: int, prepared: Path, tmp_path: Path
) -> None:
    """The message has arrived, nobody knows its id, and the process is gone: after the start only deletions leave."""

    async def story(life: Life) -> None:
        card = await on_its_way(life, *WAYS[way], strangers)
        if WAYS[way][1] != "/clear":
            hide_on(life, card)
        before = len(life.telegram.log)
        await life.dies(down)
        await life.rest()
        await life.pass_time(timedelta(seconds=31))
        assert life.text(PERSON) == ""
        assert {one.what for one in life.telegram.log[before:] if one.chat_id == PERSON} == {"remove"}

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("down", [timedelta(), timedelta(minutes=2)], ids=["at once", "later"])
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("way", ["in the questions", "a sent request", "a ping"])
def test_a_crash_after_sending_leaves_nothing_that_hiding_would_not_find(
    way: str, again: bool, down: timedelta, prepared: Path, tmp_path: Path
) -> None:
    """The chat is in use, perhaps at once: its card is there, and once it is hidden nothing is left."""

    async def story(life: Life) -> None:
        await on_its_way(life, *WAYS[way], 0)
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

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


def test_nothing_is_sent_twice_or_removed_where_nothing_was_lost(prepared: Path, tmp_path: Path) -> None:
    """A message that has arrived and is known leaves no row behind, nor does one that is refused."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await life.pass_time(HOLD)
        await answers(life, PERSON, ["12", "1"])
        await life.say(PERSON, "/start")
        await life.rest()
        assert strays(life) == 0
        life.world.blocked.add(PERSON)
        await life.say(PERSON, "/start")
        await life.rest()
        assert strays(life) == 0

    with living(prepared, tmp_path / "life") as life:
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
        await life.say(PERSON, chance.choice(["1", "12", "2", "/back", "/status", "слова", "/help"]))

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
        for label in chance.choice([["Взять в работу"], ["Написать", "Я юрист-волонтёр"], ["В очередь"]]):
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
    seed: int, prepared: Path, tmp_path: Path
) -> None:
    """Presses, rows, claims and calls that take their time, mixed at random, then hidden: deletions only."""
    chance = random.Random(seed)

    async def story(life: Life) -> None:
        await begun(life, PERSON)
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
            assert "Скрыть чат" in shown, told
            taken_says = "взял в работу юрист" in shown or "обращение взял юрист" in shown
            assert taken_says == (isinstance(mine[-1], Claimed)), told

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
