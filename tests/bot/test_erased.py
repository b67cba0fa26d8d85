"""A case that is erased, by the terminal or by time: no card goes on saying what is true no more, in nobody's chat."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.speech.incoming import Reach
from storage.case import Case, Erased
from tests.bot.walks import answer, consent
from tests.conftest import count_rows
from tests.talks.life import Life, answers, begun, living, prepare, taken, written
from tests.virtual_time import run
from tests.ways import CALM_ON
from tests.whole import WHOLE

PERSON = 900
HOLD = timedelta(seconds=61)
CLOSED = "Ваше обращение закрыто. Чтобы написать снова, отправьте /start."
NEUTRAL = "Есть новое сообщение"
HERE, WISH = "удалено. Удалите", "под давлением"
STATES = ("questions", "withdrawn", "sent", "claimed", "asked", "unreached", "in touch", "joined")
# That it is erased; what happened at a time; a silence that was asked about; a menu that claims nothing.
_PAST = r"^\d\d:\d\d\. |время на первый контакт|суток нет вестей|День удаления|: прочитано, "
_STAYS = re.compile(rf"{HERE}|{_PAST}|^Кому:")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance to be copied, in which a case that nobody takes is erased after three weeks."""
    folder = prepare(tmp_path_factory.mktemp("erased") / "instance")
    with (folder / "pana.toml").open("a") as settings:
        settings.write('[retention]\nunclaimed_after = "21d"\n')
    return folder


def case_of(life: Life) -> Case:
    """The oldest case."""
    return life.change(life.core.cases.listed)[0]


async def hide(life: Life) -> None:
    """The button, and nothing on its way any more."""
    await life.press(PERSON, "Скрыть чат")
    await life.rest()


async def comes_to(life: Life, state: str) -> None:
    """A person at liberty whose case has come so far."""
    await begun(life, PERSON)
    await life.pass_time(HOLD)
    await answers(life, PERSON, ["7", "1"])
    if state in {"sent", "in touch"}:
        await answers(life, PERSON, ["2", "1", "5", "1", "2", "1", *CALM_ON, "1", "отправить"])
    if state in {"claimed", "asked", "unreached", "in touch"}:
        await taken(life)
        await written(life)
    before = len(life.seen(201))
    if state == "asked":  # at two thirds of the lease
        await life.pass_time(timedelta(minutes=11))
        assert len(life.seen(201)) == before + 1
    if state == "unreached":
        life.hear(Reach(update_id=8_000, chat_id=PERSON, here=False))
        await life.rest()
        assert len(life.seen(201)) == before + 1
    if state == "in touch":
        await life.press(PERSON, "Показать")
        await life.rest()
    if state == "withdrawn":
        for label in ("Отменить вызов юриста", "Больше не звать"):
            await life.press(PERSON, label)
            await life.rest()
    if state == "joined":  # as many as one account may have, all out of sight; the next joins the newest
        for _ in range(2):
            await hide(life)
            await begun(life, PERSON)
            await answers(life, PERSON, ["1", "1", "2"])
        assert len(life.change(life.core.cases.listed)) == 2
        assert "Вас передают России" in life.text(PERSON)


async def by_hand(life: Life, case: Case) -> None:
    """What the terminal does."""
    life.change(lambda tx: life.core.calls.erased(tx, case))
    await life.rest()


async def by_time(life: Life, _case: Case) -> None:
    """Weeks without a word, in steps in which the chat's card is renewed in time."""
    for _ in range(40):
        await life.pass_time(timedelta(hours=23))
        life.change(life.pana.core.checks.forget)
        await life.rest()
        if all(isinstance(one, Erased) for one in life.change(life.core.cases.listed)):
            return
    raise AssertionError("retention has erased nothing")


def untrue(life: Life, chat_id: int, code: str) -> list[str]:
    """What a member's chat still says of a case that is erased: neither that it was, nor what happened at some time."""
    return [one.text for one in life.seen(chat_id) if code in one.text and not _STAYS.search(one.text)]


def in_turn(states: Sequence[str]) -> list[Any]:
    """Each state, the chat visible and hidden; in the suite one of the two for each, in turn."""
    return [
        pytest.param(state, hidden, id=f"{state}-{'hidden' if hidden else 'visible'}")
        for number, state in enumerate(states)
        for hidden in (False, True)
        if WHOLE or hidden == number % 2
    ]


@pytest.mark.parametrize(("state", "hidden"), in_turn(STATES))
def test_an_erased_case_leaves_no_card_that_still_speaks_of_it(
    state: str, hidden: bool, prepared: Path, tmp_path: Path
) -> None:
    """The person's card is closed and goes after a day; of a hidden chat deletions; lawyers read that it is erased."""

    async def story(life: Life) -> None:
        await comes_to(life, state)
        case = life.change(life.core.cases.listed)[-1]
        if hidden:
            await hide(life)
        before = len(life.telegram.log)
        await by_hand(life, case)
        log = [one for one in life.telegram.log[before:] if one.chat_id == PERSON]
        if hidden:
            assert {one.what for one in log} <= {"remove"}
            assert life.text(PERSON) == ""
        else:
            assert [one.text for one in life.seen(PERSON) if one.text != NEUTRAL] == [CLOSED]
        for member in (201, 202, 301):
            assert untrue(life, member, case.code) == []
            assert WISH not in life.text(member)
        await life.pass_time(timedelta(hours=24, seconds=1))
        assert life.seen(PERSON) == []

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize(("state", "hidden"), in_turn(["in touch", "sent"]))
def test_a_case_whose_time_is_over_leaves_no_card_that_still_speaks_of_it(
    state: str, hidden: bool, prepared: Path, tmp_path: Path
) -> None:
    """The same when the time is over: nobody has taken it, or nobody has said a word since."""

    async def story(life: Life) -> None:
        await comes_to(life, state)
        case = case_of(life)
        if hidden:
            await hide(life)
        before = len(life.telegram.log)
        await by_time(life, case)
        log = [one for one in life.telegram.log[before:] if one.chat_id == PERSON]
        if hidden:
            assert {one.what for one in log} <= {"remove"}
        else:
            assert [one.text for one in life.seen(PERSON) if one.text != NEUTRAL] == [CLOSED]
        for member in (201, 202, 301):
            assert untrue(life, member, case.code) == []
            assert WISH not in life.text(member)
        await life.pass_time(timedelta(hours=24, seconds=1))
        assert life.seen(PERSON) == []

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


def test_a_chat_that_was_hidden_while_the_operator_was_asked_again_hears_nothing(
    prepared: Path, tmp_path: Path
) -> None:
    """What was read of the case before the question is not what is done after it."""

    async def story(life: Life) -> None:
        await comes_to(life, "claimed")
        read_before = case_of(life)
        await hide(life)
        before = len(life.telegram.log)
        await by_hand(life, read_before)
        assert {one.what for one in life.telegram.log[before:] if one.chat_id == PERSON} <= {"remove"}

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("what", ["edit", "send"])
def test_a_reply_that_is_on_its_way_does_not_draw_over_the_last_card(what: str, prepared: Path, tmp_path: Path) -> None:
    """Erased between the answer to a press, or to /start, and the moment at which it stands in the chat."""

    async def story(life: Life) -> None:
        await comes_to(life, "claimed")
        case, done = case_of(life), asyncio.Event()

        async def erased_meanwhile(called: str, chat_id: int) -> None:
            if (called, chat_id) == (what, PERSON):
                life.telegram.before = None
                life.change(lambda tx: life.core.calls.erased(tx, case))
                sending = asyncio.gather(*(life.sender._deliver(due) for due in await life.sender._take()))
                await sending
                done.set()

        life.telegram.before = erased_meanwhile
        if what == "edit":
            await life.press(PERSON, "Назад")
        else:
            await life.say(PERSON, "/start")
        await life.rest()
        assert done.is_set()
        await life.pass_time(timedelta(seconds=6))
        assert {one.text for one in life.seen(PERSON)} <= {CLOSED, NEUTRAL}
        await life.pass_time(timedelta(hours=24, seconds=1))
        assert life.seen(PERSON) == []

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


Way = Callable[[Life, Case], Awaitable[None]]


async def given_back(life: Life, _case: Case) -> None:
    """The claimer gives the case to others."""
    await life.press(201, "Вернуть в очередь")


async def closes(life: Life, _case: Case) -> None:
    """The claimer closes it."""
    for label in ("Закрыть", "Помощь оказана", "Да, закрыть"):
        await life.press(201, label)
        await life.rest()


@pytest.mark.parametrize("end", [by_hand, given_back, closes])
def test_when_a_claim_is_over_nothing_says_of_its_messages_that_they_are_still_unread(
    end: Way, prepared: Path, tmp_path: Path
) -> None:
    """Also what was on its way to the claimer at that moment: a receipt, the sealed file."""

    async def story(life: Life) -> None:
        await comes_to(life, "claimed")
        assert "ещё не прочитано" in life.text(201)
        await life.say(201, "/cases")
        meanwhile = [False]

        async def ends_meanwhile(called: str, chat_id: int) -> None:
            if (called, chat_id) == ("send", 201):
                life.telegram.before, meanwhile[0] = None, True
                await end(life, case_of(life))

        await written(life)
        if end is by_hand:
            life.telegram.before = ends_meanwhile
            await life.say(201, "/cases")
            await life.rest()
            assert meanwhile == [True]
        else:
            await end(life, case_of(life))
        await life.rest()
        assert "ещё не прочитано" not in life.text(201)
        assert ".zip" not in life.text(201)

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
async def test_the_terminal_erases_a_case_beside_the_running_bot(
    telegram: BotApiServer, instance: Instance, hidden: bool
) -> None:
    """`pana erase`: the claimer reads that it was erased here and not at the person's wish, on both databases."""
    aigul, person = telegram.person(201), telegram.person(961)
    telegram.person(202)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    await answer(person, "1", "Кому нужна помощь?")
    await aigul.sees("ШҰҒЫЛ")
    aigul.press("Өзіме алу")
    code = (await aigul.wait(lambda one: one.document is not None)).document[0].removesuffix(".zip")
    await person.sees("взял в работу юрист")
    if hidden:
        person.press("Скрыть чат")
        await person.until(lambda: not person.chat or None)
    before = len(telegram.world.calls)
    unasked = instance.pana("erase", code, check=False)  # nobody is there to type the code
    assert (unasked.returncode, unasked.stderr) == (1, "pana: nothing was typed, so nothing was done\n")
    instance.pana("erase", code, "--yes")
    erased = await aigul.wait(lambda one: code in one.text and not one.labels and not one.document)
    assert "Бәрін жою" not in erased.text
    await aigul.until(lambda: all(one.document is None for one in aigul.from_bot) or None)
    if hidden:
        calls = {one.method for one in telegram.world.calls[before:] if one.chat_id == person.id}
        assert (calls <= {"deletemessages"}, person.chat) == (True, [])
    else:
        await person.until(lambda: [one.text for one in person.from_bot] == [CLOSED] or None)
    assert count_rows(instance, "wrap") == 0
    asked = instance.pana("export", "gone.zip", "--case", code, check=False)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr == f"pana: case {code} is erased: nothing of it is left\n"
    assert not (instance.folder / "gone.zip").exists()
