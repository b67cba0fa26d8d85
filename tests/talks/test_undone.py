"""A false alarm that was none: within ten minutes everything is as it was, in the person's chat and the lawyer's."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import TryAgain
from storage.case import Case, Claimed, Closed, Waiting
from storage.schema import alert, case_file, contact, outbox, shown
from tests.cases import claim
from tests.talks.life import Life, Moment, answers, called, closed, living, taken, written
from tests.talks.moments import Moments, Step
from tests.virtual_time import run
from tests.ways import CALM_ON

PERSON = 900
MINUTE = timedelta(minutes=1)
CLOSED = "Ваше обращение закрыто"


def case_of(life: Life) -> Case:
    """The newest case."""
    return life.change(life.core.cases.listed)[-1]


def rows(life: Life, table: Any) -> list[Mapping[str, Any]]:
    """All that stands in a table."""
    return [dict(row._mapping) for row in life.change(lambda tx: tx.execute(select(table)).all())]


async def sends(life: Life) -> None:
    """All is answered."""
    await answers(life, PERSON, ["1", "5", "1", "2", "1", *CALM_ON, "1", "отправить"])


def claimed(moments: Moments, *, sent: bool = True) -> Moment:
    """At liberty, called for, and taken."""
    answered: tuple[Step, ...] = ((called, PERSON), (answers, PERSON, ("7", "1", "2")))
    return moments.after(*answered, *([(sends,)] if sent else []), (taken,))


async def false_alarm(life: Life) -> None:
    """The claimer closes it as one."""
    for label in ("Закрыть", "Ложный вызов", "Да, закрыть"):
        await life.press(201, label)
        await life.rest()
    assert isinstance(case_of(life), Closed)


async def undo(life: Life) -> None:
    """And takes that back."""
    await life.press(201, "Отменить")
    await life.rest()
    assert isinstance(case_of(life), Claimed)


@pytest.mark.parametrize("after", [5 * MINUTE, 9 * MINUTE])
def test_when_who_was_told_is_known_as_before(after: timedelta, moments: Moments, tmp_path: Path) -> None:
    """Closed in the last minutes of an hour, while what is over is forgotten at the full hour."""

    async def story(life: Life) -> None:
        now = life.now()
        await life.pass_time(now.replace(minute=56, second=0, microsecond=0) - now)
        assert isinstance(case_of(life), Waiting)  # the lease is over
        await taken(life)
        before = rows(life, alert)
        assert any(row["told_at"] for row in before)
        await false_alarm(life)
        await life.pass_time(after)
        await undo(life)
        assert rows(life, alert) == before
        await life.press(201, "Вернуть в очередь")
        await life.rest()
        assert "Сообщили" in life.text(PERSON) or "юрист" in life.text(PERSON)

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))


def test_once_it_can_be_undone_no_more_nobody_knows_when_who_was_told(moments: Moments, tmp_path: Path) -> None:
    """At the latest an hour after closing."""

    async def story(life: Life) -> None:
        await false_alarm(life)
        await life.pass_time(timedelta(hours=1))
        assert [row["told_at"] for row in rows(life, alert)] == [None] * len(rows(life, alert))

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))


def test_the_call_words_and_the_check_word_are_those_of_before(moments: Moments, tmp_path: Path) -> None:
    """What the case's row holds of a claim, bit by bit; the person's card shows the same two words."""

    async def story(life: Life) -> None:
        before, words = rows(life, case_file), claim(case_of(life)).words
        assert before[0]["call_sealed"]
        assert before[0]["check_mac"]
        assert words
        assert words in life.text(PERSON)
        await false_alarm(life)
        assert words not in life.text(PERSON)
        assert (rows(life, case_file)[0]["call_sealed"], rows(life, case_file)[0]["check_mac"]) == (None, None)
        await undo(life)
        assert rows(life, case_file) == before
        assert words in life.text(PERSON)

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("sent", [False, True], ids=["in the questions", "sent"])
def test_the_persons_card_is_the_one_of_before_and_stays(sent: bool, moments: Moments, tmp_path: Path) -> None:
    """The same message with its text and buttons, known as before; nothing of the goodbye is left, nor goes later."""

    async def story(life: Life) -> None:
        await life.say(PERSON, "/start" if sent else "/back")  # a card that the bot has sent, not one that was pressed
        await life.rest()
        (before,) = [(one.id, one.text, one.labels) for one in life.seen(PERSON)]
        kept = rows(life, shown)
        await false_alarm(life)
        assert CLOSED in life.text(PERSON)
        await life.pass_time(5 * MINUTE)
        await undo(life)
        ((same, text, labels),) = [(one.id, one.text, one.labels) for one in life.seen(PERSON)]
        assert (same, labels) == (before[0], before[2])
        assert text.splitlines()[:3] == before[1].splitlines()[:3]
        assert rows(life, shown) == kept
        await life.pass_time(timedelta(seconds=10))
        assert [row["kind"] for row in rows(life, outbox) if row["kind"] != "alert"] == []
        await life.press(201, "Занимаюсь этим")
        for _ in range(5):
            await life.pass_time(timedelta(hours=5))
        assert [one.id for one in life.seen(PERSON)] != []
        assert CLOSED not in life.text(PERSON)

    with living(claimed(moments, sent=sent), tmp_path / "life") as life:
        run(life.live(story))


def test_a_card_of_an_undone_case_is_renewed_before_it_can_be_removed_no_more(moments: Moments, tmp_path: Path) -> None:
    """It is known since when it stands there; hidden after three days the chat is empty."""

    async def story(life: Life) -> None:
        await life.say(PERSON, "/start")
        await life.rest()
        await false_alarm(life)
        await undo(life)
        for _ in range(6):
            await life.pass_time(timedelta(hours=11, minutes=40))
        await life.press(PERSON, "Скрыть чат")
        await life.rest()
        assert life.text(PERSON) == ""

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))


def test_a_last_card_that_is_late_does_not_close_what_is_open_again(moments: Moments, tmp_path: Path) -> None:
    """Telegram refuses for a while; closed and undone meanwhile."""

    async def story(life: Life) -> None:
        before = life.text(PERSON)

        async def away(_what: str, chat_id: int) -> None:
            if chat_id == PERSON:
                raise TryAgain("away")

        life.telegram.before = away
        for label in ("Закрыть", "Ложный вызов", "Да, закрыть"):
            await life.press(201, label)
            await life.rest()
        await life.press(201, "Отменить")
        life.telegram.before = None
        for _ in range(8):
            await life.pass_time(timedelta(seconds=30))
        assert CLOSED not in life.text(PERSON)
        assert life.text(PERSON).splitlines()[:2] == before.splitlines()[:2]

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("how", ["the button", "/clear"])
@pytest.mark.parametrize("sent", [False, True], ids=["in the questions", "sent"])
def test_a_chat_that_was_hidden_before_it_was_undone_stays_silent(
    sent: bool, how: str, moments: Moments, tmp_path: Path
) -> None:
    """Nothing but deletions, whatever the lawyer does; the code leads back to the case with its questions."""

    async def story(life: Life) -> None:
        code = case_of(life).code
        await false_alarm(life)
        if how == "/clear":
            await life.say(PERSON, "/clear")
        else:
            await life.press(PERSON, "Скрыть чат")
        await life.rest()
        assert life.text(PERSON) == ""
        before = len(life.telegram.log)
        await undo(life)
        await written(life)
        await life.pass_time(timedelta(minutes=20))
        assert [one for one in life.telegram.log[before:] if one.chat_id == PERSON and one.what != "remove"] == []
        await life.say(PERSON, code)
        await life.rest()
        assert "Показать" in life.text(PERSON)
        assert ("Вопрос" in life.text(PERSON)) is not sent

    with living(claimed(moments, sent=sent), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize(("typed", "first"), [("/start", "Выберите язык"), ("привет", "Это «Пана»")])
def test_who_holds_the_phone_of_a_chat_that_was_hidden_before_it_was_undone_finds_a_stranger(
    typed: str, first: str, moments: Moments, tmp_path: Path
) -> None:
    """The questions that are open again are as hidden as the case: no progress, no question, no code."""

    async def story(life: Life) -> None:
        code = case_of(life).code
        await false_alarm(life)
        await life.press(PERSON, "Скрыть чат")
        await life.rest()
        await undo(life)
        await life.say(PERSON, typed)
        await life.rest()
        assert first in life.text(PERSON)
        assert code not in life.text(PERSON)
        assert "Вопрос" not in life.text(PERSON)

    with living(claimed(moments, sent=False), tmp_path / "life") as life:
        run(life.live(story))


def test_what_was_said_before_counts_as_before(moments: Moments, tmp_path: Path) -> None:
    """Numbers of messages go on, what waits is told again, what became of it too; nobody extends a claim twice."""

    async def story(life: Life) -> None:
        await life.press(201, "Занимаюсь этим")
        await life.rest()
        await written(life)
        (before,) = rows(life, contact)
        await false_alarm(life)
        assert "ещё не прочитано" not in life.text(201)
        await undo(life)
        (after,) = rows(life, contact)
        changed = {name for name, value in after.items() if value != before[name]}
        assert changed <= {"receipt_message", "receipt_of"}
        receipts = [one for one in life.seen(201) if "сообщение 1: ещё не прочитано." in one.text and not one.labels]
        assert [one.id for one in receipts] == [after["receipt_message"]]
        assert [one.labels for one in life.seen(PERSON)][-1] == ["Показать"]
        await life.press(PERSON, "Показать")
        await life.rest()
        assert "Я юрист-волонтёр" in life.text(PERSON)
        await written(life)
        assert rows(life, contact)[0]["sent"] == 2

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))


def test_closed_again_it_says_goodbye_again(moments: Moments, tmp_path: Path) -> None:
    """After an undone false alarm the case is closed for good: the last card, and a day later none."""

    async def story(life: Life) -> None:
        await false_alarm(life)
        await undo(life)
        await closed(life)
        assert CLOSED in life.text(PERSON)
        await life.pass_time(timedelta(hours=24, seconds=1))
        assert life.text(PERSON) == ""

    with living(claimed(moments), tmp_path / "life") as life:
        run(life.live(story))
