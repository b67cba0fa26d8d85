"""What a phone shows, and until when: a table, sampled every half minute; messages before they are too old to go."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.talks.life import Life, Moment, answers, begun, closed, living, moment, taken, written
from tests.virtual_time import run
from tests.ways import CALM_ON, HELD_ON

PERSON = 900
MINUTES_15, STEP = timedelta(minutes=15), timedelta(seconds=30)
HOUR, RARELY = timedelta(hours=1), timedelta(minutes=5)
HELD = ["1", "1", "2", "1", "5", "/skip", "2"]


def code_of(life: Life) -> str:
    """The code of the newest case."""
    return life.change(life.core.cases.listed)[-1].code


@dataclass(frozen=True, slots=True)
class Thing:
    """One row: how it comes to stand there, what of it can be read, and for how long at the most."""

    what: str
    comes: Callable[[Life], Awaitable[None]]
    reads: Callable[[Life], list[str]]
    until: timedelta


@pytest.fixture(scope="module")
def held(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """Somebody who is held, at the question that is answered in words: where each thing begins."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await answers(life, PERSON, HELD)

    return moment(prepared, tmp_path_factory.mktemp("held") / "life", story)


async def _date(life: Life) -> None:
    await answers(life, PERSON, ["слова", "5, 6", "вчера"])


async def _paper(life: Life) -> None:
    await answers(life, PERSON, ["слова", "5, 6"])


async def _ticks(life: Life) -> None:
    await answers(life, PERSON, ["слова"])
    await life.press(PERSON, "3.")
    await life.rest()


async def _summary(life: Life) -> None:
    await answers(life, PERSON, ["слова", "5, 6", "вчера", "не знаю", *HELD_ON, "1"])


async def _calling(_: Life) -> None:
    """They have been called for since the first of the answers."""


async def _sent(life: Life) -> None:
    await answers(life, PERSON, ["слова", "1", *HELD_ON, "1", "отправить"])


async def _status(life: Life) -> None:
    await _sent(life)
    await life.pass_time(timedelta(minutes=20))
    await answers(life, PERSON, ["/status"])


async def _words(life: Life) -> None:
    await taken(life)
    await written(life)
    await life.press(PERSON, "Показать")
    await life.rest()


async def _saved(life: Life) -> None:
    await answers(life, PERSON, ["слова"])


async def _cleared(life: Life) -> None:
    await answers(life, PERSON, ["/clear"])


async def _closed(life: Life) -> None:
    await taken(life)
    await closed(life)


THINGS = [
    Thing("a typed date", _date, lambda _: ["Записали", "23 ноября"], MINUTES_15),
    Thing("a paper that was chosen", _paper, lambda _: ["Решение суда"], MINUTES_15),
    Thing("ticks", _ticks, lambda _: ["✓"], MINUTES_15),
    Thing("answers in the summary", _summary, lambda _: ["Удерживают", "Полиция", "Протокол", "ноября"], MINUTES_15),
    Thing("questions that tell the branch", _summary, lambda _: ["бумагу", "удерживает", "передают"], MINUTES_15),
    Thing("the code while lawyers are called", _calling, lambda life: [code_of(life)], MINUTES_15),
    Thing("the code after sending", _sent, lambda life: [code_of(life)], MINUTES_15),
    Thing("the code that /status shows again", _status, lambda life: [code_of(life)], MINUTES_15),
    Thing("what a lawyer wrote", _words, lambda _: ["Я юрист-волонтёр"], MINUTES_15),
    Thing("that a text was saved", _saved, lambda _: ["Сохранено"], MINUTES_15),
    Thing("the code after a typed /clear", _cleared, lambda life: [code_of(life)], timedelta(seconds=15)),
    Thing("that the request is closed", _closed, lambda _: ["закрыто"], timedelta(hours=24)),
]


@pytest.mark.once  # the same changes again and again for an hour
@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.what)
def test_nothing_is_shown_after_its_time(thing: Thing, held: Moment, tmp_path: Path) -> None:
    """An hour of silence, around its time in half minutes: then nothing says it, and nothing comes with it."""

    async def story(life: Life) -> None:
        await thing.comes(life)
        shown = life.text(PERSON)
        wanted = [one for one in thing.reads(life) if one in shown]
        assert wanted, shown
        since, gone, over = life.now(), thing.until + STEP * 2, list[int]()
        await life.pass_time(max(timedelta(), thing.until - STEP * 2))
        while (passed := life.now() - since) < HOUR or passed < gone:
            await life.pass_time(STEP if passed < gone else RARELY)
            if life.now() - since >= thing.until:
                assert not [one for one in wanted if one in life.text(PERSON)], (passed, life.text(PERSON))
                over.append(len(life.telegram.log))
        came = [sent.text for sent in life.telegram.log[over[0] :] if sent.chat_id == PERSON]
        assert not [text for text in came for one in wanted if one in text]

    with living(held, tmp_path / "life") as life:
        run(life.live(story))


def test_after_a_silence_the_card_can_be_used_as_before(held: Moment, tmp_path: Path) -> None:
    """The code comes back with the person; a date is given for the paper of that number; what was given counts."""

    async def story(life: Life) -> str:
        await _paper(life)
        await life.pass_time(timedelta(minutes=16))
        assert "эту бумагу: № 5" in life.text(PERSON)
        await answers(life, PERSON, ["вчера"])
        return life.text(PERSON)

    with living(held, tmp_path / "life") as life:
        shown = run(life.live(story))
        assert code_of(life) in shown
        assert "Записали" in shown


@pytest.fixture(scope="module", params=["1", "7"], ids=["held", "free"])
def sent(request: pytest.FixtureRequest, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """Somebody who is held, or free, has just sent their answers."""
    where: str = request.param

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await life.pass_time(timedelta(seconds=61))
        await answers(life, PERSON, [where, "1", "2", "6", "5", "1", "2"])
        on = ["слова", "1", *HELD_ON] if where == "1" else ["1", *CALM_ON]
        await answers(life, PERSON, [*on, "1", "отправить"])

    return moment(prepared, tmp_path_factory.mktemp("sent") / "life", story)


@pytest.mark.parametrize("times", [1, 2, 4])
def test_hiding_always_empties_the_chat(times: int, sent: Moment, tmp_path: Path) -> None:
    """A card that would soon be too old to be removed has given way, silently, to one that says nothing."""

    async def story(life: Life) -> None:
        before = len(life.telegram.log)
        for hours in [45, 1, 1] * times:
            await life.pass_time(timedelta(hours=hours))
        assert not any(one.rings for one in life.telegram.log[before:] if one.chat_id == PERSON)
        assert len(life.seen(PERSON)) == 1
        assert life.text(PERSON).startswith("Чтобы продолжить, нажмите «Показать».")
        await life.press(PERSON, "Показать")
        await life.rest()
        assert "Ответы отправлены" in life.text(PERSON)
        await life.press(PERSON, "Скрыть чат")
        await life.rest()

    with living(sent, tmp_path / "life") as life:
        run(life.live(story))
        assert life.text(PERSON) == ""
        assert "осталось" not in life.telegram.toasts[-1].partition("Отправленное осталось")[2]


def test_what_can_not_be_removed_any_more_loses_its_text(held: Moment, tmp_path: Path) -> None:
    """The bot was away for three days; then hidden: one blank message is left, and the person is told."""

    async def story(life: Life) -> None:
        await _sent(life)
        life.ahead += timedelta(days=3)  # nobody was there to renew anything
        await life.press(PERSON, "Скрыть чат")
        await life.rest()

    with living(held, tmp_path / "life") as life:
        run(life.live(story))
        assert life.text(PERSON) == "·"
        assert life.telegram.toasts[-1].endswith("В чате осталось 1 сообщение без текста. Удалите чат сами.")
