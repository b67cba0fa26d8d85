"""When what was answered ends: it follows the last sign of life, and its person is told before."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from storage.case import Waiting
from tests.talks.life import Life, answers, begun, living
from tests.virtual_time import run

PERSON = 900
NEUTRAL = "Есть новое сообщение"
NOT_SENT = "Ответы пока не отправлены"
HOUR = timedelta(hours=1)


def tell(prepared: Path, folder: Path, story: Callable[[Life], Awaitable[None]]) -> None:
    """Lives through a story."""
    with living(prepared, folder / "life") as life:
        run(life.live(story))


def open_intakes(life: Life) -> int:
    """How many questionnaires are open."""
    return len(life.change(life.core.intakes.rows))


def sent(life: Life, since: int) -> list[tuple[str, bool]]:
    """The new messages to the person, and whether they rang."""
    return [(one.text, one.rings) for one in life.telegram.log[since:] if one.chat_id == PERSON and one.what == "send"]


async def free(life: Life) -> None:
    """At liberty and safe: nothing calls anybody."""
    await begun(life, PERSON, "Продолжить")
    await answers(life, PERSON, ["1", "7", "2"])


@pytest.mark.parametrize("sign", ["/help", "1", "слова", "/status"])
def test_any_sign_of_life_moves_the_end(prepared: Path, tmp_path: Path, sign: str) -> None:
    """Forty hours and forty more: two days of silence end it, not two days of writing."""

    async def story(life: Life) -> None:
        await free(life)
        await life.pass_time(40 * HOUR)
        await life.say(PERSON, sign)
        await life.rest()
        await life.pass_time(40 * HOUR)
        assert open_intakes(life) == 1
        await life.pass_time(9 * HOUR)
        assert open_intakes(life) == 0

    tell(prepared, tmp_path, story)


def test_before_it_ends_a_neutral_message_tells_of_it(prepared: Path, tmp_path: Path) -> None:
    """Where nothing was answered, so that lawyers have nothing: once; "show" says what, and the end is moved by it."""
    comes = [(NEUTRAL, False)]

    async def story(life: Life) -> None:
        await begun(life, PERSON, "Продолжить")
        await life.pass_time(41 * HOUR)
        since = len(life.telegram.log)
        await life.pass_time(2 * HOUR)
        assert sent(life, since) == comes
        await life.pass_time(HOUR)
        assert sent(life, since) == comes
        await life.press(PERSON, "Показать")
        await life.rest()
        assert NOT_SENT in life.text(PERSON)
        await life.pass_time(40 * HOUR)
        assert open_intakes(life) == 1

    tell(prepared, tmp_path, story)


@pytest.mark.parametrize("said", [["7", "1", "1", "1"], ["1", "1", "1"]], ids=["free", "held"])
def test_who_has_withdrawn_the_call_is_warned_too(prepared: Path, tmp_path: Path, said: list[str]) -> None:
    """Lawyers have nothing any more, and all of it goes; where nothing may ring it stands on the card."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await answers(life, PERSON, said)
        for label in ("Отменить вызов", "Больше не звать"):
            await life.press(PERSON, label)
            await life.rest()
        since = len(life.telegram.log)
        await life.pass_time(43 * HOUR)
        if said[0] == "7":
            assert sent(life, since) == [(NEUTRAL, True)]
            await life.press(PERSON, "Показать")
            await life.rest()
        assert NOT_SENT in life.text(PERSON)

    tell(prepared, tmp_path, story)


def test_a_hidden_chat_hears_nothing_of_it(prepared: Path, tmp_path: Path) -> None:
    """Silence until the code is typed."""

    async def story(life: Life) -> None:
        await free(life)
        await life.press(PERSON, "Скрыть чат")
        await life.rest()
        since = len(life.telegram.log)
        await life.pass_time(47 * HOUR)
        assert sent(life, since) == []

    tell(prepared, tmp_path, story)


def test_what_lawyers_have_is_not_about_to_go(prepared: Path, tmp_path: Path) -> None:
    """Nothing warns of it; the questions end, and the card of the case stands with the way to its code."""

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await answers(life, PERSON, ["1"])
        since = len(life.telegram.log)
        await life.pass_time(45 * HOUR)
        assert NEUTRAL not in [text for text, _ in sent(life, since)]
        await life.pass_time(4 * HOUR)
        assert open_intakes(life) == 0
        (case,) = life.change(life.core.cases.listed)
        assert isinstance(case, Waiting)
        assert case.card_message in life.world.chats[PERSON]
        await life.say(PERSON, "/status")
        await life.rest()
        assert case.code in life.text(PERSON)

    tell(prepared, tmp_path, story)
