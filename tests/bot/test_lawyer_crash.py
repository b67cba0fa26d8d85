"""`kill -9` right after a lawyer has pressed *send*: they read that it was sent, and it reaches the person once."""

import asyncio
import signal

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer, Fault
from tests.bot.test_first_contact import at_large_and_in_danger, taken
from tests.bot.test_main_job import CANARY, opened
from tests.conftest import change_rows, count_rows

LAWYER, PERSON = 201, 971
SENT = "1-хабарлама: әлі оқылған жоқ."
# Which call hangs, or is done and never answered, when the process dies; none: right after the commit.
MOMENTS: dict[str, Fault | None] = {
    "kept": None,
    "the press is answered": Fault("answerCallbackQuery", "hang"),
    "the lawyer is about to be told": Fault("sendMessage", "hang", chat_id=LAWYER),
    "the lawyer has been told": Fault("sendMessage", "held", chat_id=LAWYER),
    "the person is about to be told": Fault("sendMessage", "hang", chat_id=PERSON),
    "the person has been told": Fault("sendMessage", "held", chat_id=PERSON),
}


async def previewed(instance: Instance, aigul: Person) -> int:
    """The lawyer has proved their key and typed; the message with *send*."""
    bundle = next(one.document for one in aigul.chat if one.document)
    (instance.folder / bundle[0]).write_bytes(bundle[1])
    mine = await asyncio.to_thread(opened, instance, instance.folder / bundle[0], "Aigul")
    for said, then in ((str(mine["check_word"]).lower(), "тексеру сөзі дұрыс"), (CANARY, CANARY)):
        aigul.press("Жазу")
        await aigul.until(lambda: "Мен волонтер заңгермін" in aigul.last.labels or None)
        aigul.say(said)
        preview = await aigul.sees(then)
    return preview.id


async def kept(instance: Instance, aigul: Person) -> None:
    """The press has been heard, to its commit."""
    async with asyncio.timeout(20):
        while count_rows(instance, "relay") == 0:
            await asyncio.sleep(0.005)
    del aigul


@pytest.mark.parametrize("moment", list(MOMENTS))
async def test_a_message_that_was_sent_when_the_bot_died_is_confirmed_and_arrives_once(
    telegram: BotApiServer, instance: Instance, moment: str
) -> None:
    """Whatever was under way; *send* pressed again afterwards tells the same and sends nothing more."""
    aigul, _, person = telegram.person(LAWYER), telegram.person(202), telegram.person(PERSON)
    await instance.start()
    await at_large_and_in_danger(person)
    await taken(aigul, "Өзіме алу", "Жазу")
    preview = await previewed(instance, aigul)
    await aigul.until(lambda: all(one.text != CANARY for one in aigul.chat) or None)
    fault = MOMENTS[moment]
    if fault is not None:
        telegram.faults.append(Fault(fault.method, fault.kind, chat_id=fault.chat_id))
    send = next(one for one in aigul.chat if one.id == preview)
    aigul.press("Жіберу", send)
    await kept(instance, aigul)
    if fault is not None:
        await aigul.until(lambda: telegram.faults[-1].times == 0 or None)
    await instance.stop(signal.SIGKILL)
    telegram.faults.clear()
    if instance.database_url:  # what a crashed process had taken is free after half a minute
        change_rows(instance, "UPDATE outbox SET taken_until = NULL")
        change_rows(instance, "DELETE FROM turn")
    await instance.start()

    await aigul.wait(lambda one: one.text.endswith(SENT))
    await person.sees("Есть новое сообщение")
    person.press("Показать")
    card = await person.sees(CANARY)
    assert card.text.count(CANARY) == 1
    assert "2. " not in card.text.partition(CANARY)[0]
    before = len(telegram.world.calls)
    aigul.press("Жіберу", send)
    await aigul.until(lambda: len(telegram.world.calls) > before or None)
    await aigul.sees("1-хабарлама: оқылды")
    assert not any("Жіберілген жоқ" in one.text for one in aigul.from_bot)
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    case = await asyncio.to_thread(opened, instance, instance.folder / "all.zip", "Aigul")
    assert [one["text"] for one in case["messages"]] == [CANARY]
