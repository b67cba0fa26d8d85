"""Bad input is somebody's: one kind sentence, the question stays, nothing raises."""

import asyncio
import json
import time
import unicodedata
import zlib

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer, Fault
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.bot.test_main_job import opened
from tests.bot.walks import answer, consent, not_now, to_free_text
from tests.conftest import change_rows

LONG = "".join(f"{number:05} " for number in range(1667))[:10_000]
ODD = {
    "emoji": "👩‍⚖️🏳️‍🌈 қазір",
    "right to left": "\u202eпривет\u202c \u2067שלום\u2069",
    "zero width": "п\u200bри\ufeffвет",
    "html": "<b>жирный</b> <a href='tg://user?id=1'>x</a> &amp;",
    "markdown": "*x* _y_ `z` [a](b) ||s||",
    "combining": "е" + "\u0301" * 300,
}


async def test_odd_text_is_taken_as_text(telegram: BotApiServer, instance: Instance) -> None:
    """Emoji, right-to-left, zero-width, HTML and Markdown reach the lawyer as text; unseen characters are left out."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(900)
    await instance.start()
    await to_free_text(person)
    for text in ODD.values():
        await answer(person, text, "Какие бумаги")
        await answer(person, "/back", "какой орган")
    assert await instance.stop() == 0
    instance.pana("export", "a.zip")
    identity = read_identity_file((instance.folder / "Boris.txt").read_bytes(), str)
    (case,) = read_bundle(instance.folder / "a.zip", identity.identities, None)
    told = [one["value"] for one in case.entries if one["kind"] == "answer" and one["question"] == "q08"]
    unseen = dict.fromkeys(map(ord, "\u202e\u202c\u2067\u2069\u200b\ufeff"))
    assert told == [unicodedata.normalize("NFC", text.translate(unseen)) for text in ODD.values()]


async def test_ten_thousand_characters_are_one_answer_however_telegram_cuts_them(
    telegram: BotApiServer, instance: Instance
) -> None:
    """4096 + 4096 + 1808 characters in a row belong together; what follows later does not."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(901)
    await instance.start()
    await to_free_text(person)
    parts = [LONG[at : at + 4096] for at in range(0, 10_000, 4096)]
    for part in parts:
        person.say(part)
    await person.sees("Какие бумаги")
    await person.until(lambda: len(person.chat) == 1 or None)
    await answer(person, "13", "вручили эту бумагу: Приговор")
    assert await instance.stop() == 0
    instance.pana("export", "a.zip")
    answers = {one["question"]: one["value"] for one in opened(instance, instance.folder / "a.zip", "Aigul")["answers"]}
    kept = "".join(part.strip() for part in parts)
    assert zlib.crc32(answers["q08"].encode()) == zlib.crc32(kept.encode())
    assert answers["q10"] == ["verdict"]


async def test_what_fits_no_answer_gets_one_kind_sentence_and_the_question_stays(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A wrong text, a photo and a voice message are removed from the chat and change nothing."""
    person = telegram.person(902)
    await instance.start()
    await consent(person, "Қазақша", "Жалғастыру", "Көмек кімге керек?")
    person.say("банан")
    await person.sees("Жазғаныңыз жауаптардың ешқайсысына сәйкес келмейді")
    person.send(photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}])
    await person.sees("Сақталмады: фото мен дауысты бірнеше сұрақтан кейін жібере аласыз")
    await person.until(lambda: len(person.chat) == 1 or None)
    assert "Көмек кімге керек?" in person.last.text
    person.say("Маған")
    await person.sees("Қазір қайдасыз?")


async def test_poisoned_updates_stop_nobody_and_leave_no_content(telegram: BotApiServer, instance: Instance) -> None:
    """Updates that do not parse are set aside at once; the next person is served; nothing of them is in a log."""
    person = telegram.person(903)
    await instance.start()
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    poison = [
        {"message": {"message_id": 1, "date": 0, "text": "POISON-1"}},
        {"message": {"message_id": "x", "date": "y", "chat": {"id": 903, "type": "private"}, "text": "POISON-2"}},
        {"message": {"message_id": 2, "date": 10**30, "chat": {"id": 903, "type": "private"}, "text": "POISON-3"}},
        {"callback_query": {"id": 5, "data": "POISON-4"}},
        {"message": "POISON-5"},
        {"something_new": {"text": "POISON-6"}},
        {"message": {"message_id": 3, "date": 1, "chat": {"id": 10**40, "type": "private"}, "text": "POISON-7"}},
    ]
    private = {"message_id": 4, "date": 1, "chat": {"id": 903, "type": "private"}, "text": "POISON-8"}
    poison += [{"update_id": number, "message": private} for number in ("x", 2**63, 10**40, True, 1.5, [], -1)]
    poison += [{"message": private | {"message_id": odd}} for odd in ("x", 10**40, [1])]
    for one in poison:
        telegram.world.updates.put(one)
    await person.sees("Отправьте его ещё раз")
    person.say("1")
    await person.sees("Где вы сейчас?")
    await person.until(lambda: telegram.world.updates.unconfirmed == 0 or None)
    assert await instance.stop() == 0
    held = b"".join(path.read_bytes() for path in instance.folder.iterdir())
    assert b"POISON" not in held
    assert telegram.world.token.encode() not in held.replace((instance.folder / "token").read_bytes(), b"")


async def test_a_group_is_left_and_an_update_that_comes_twice_acts_once(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The bot stays in private chats; a duplicate update answers nothing twice."""
    person = telegram.person(904)
    await instance.start()
    chat = {"id": -77, "type": "group", "title": "g"}
    someone = {"id": 904, "is_bot": False, "first_name": "x"}
    telegram.world.updates.put(
        {"message": {"message_id": 9, "date": 1, "chat": chat, "from": someone, "text": "/start"}}
    )
    await person.until(lambda: -77 in telegram.world.left or None)
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    private = {"id": 904, "type": "private"}
    message = {"message_id": 500, "date": 1_800_000_000, "chat": private, "from": someone, "text": "1"}
    for _ in range(3):
        telegram.world.updates.put({"update_id": 999_999, "message": message})
    await person.sees("Где вы сейчас?")
    await asyncio.sleep(0.5)
    assert "Где вы сейчас?" in person.last.text


async def test_faults_of_the_bot_api_lose_no_alert(telegram: BotApiServer, instance: Instance) -> None:
    """429, 502, resets and answers lost after the effect: the alert arrives and the card is right in the end."""
    aigul = telegram.person(201)
    telegram.person(202)
    person = telegram.person(905)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    telegram.faults += [
        Fault("sendMessage", "429", 1, chat_id=201),
        Fault("sendMessage", "502", chat_id=201),
        Fault("sendMessage", "reset", chat_id=202),
        Fault("editMessageText", "lost", chat_id=905),
        Fault("editMessageText", "502", chat_id=905),
        Fault("answerCallbackQuery", "reset"),
    ]
    person.press("Удерживают")
    await aigul.sees("ШҰҒЫЛ", 15)
    await person.sees("Кому нужна помощь?", 15)
    rows = json.loads(instance.pana("case", "list", "--json").stdout)
    assert [row["status"] for row in rows] == ["waiting"]


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_a_connection_that_dies_without_a_word_holds_up_nobody_else_and_nothing_for_long(
    telegram: BotApiServer, instance: Instance
) -> None:
    """An alert hangs for one lawyer: the other has it at once, the first soon after; so with a poll that hangs."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(909)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    telegram.faults.append(Fault("sendMessage", "hang", chat_id=201))
    pressed = time.monotonic()
    person.press("Удерживают")
    assert (await boris.sees("СРОЧНО")).at - pressed < 2.0
    telegram.faults.append(Fault("getUpdates", "hang"))
    person.say("1")  # ends the poll that waits: the next one hangs
    await person.sees("Кто вас удерживает?")
    other = telegram.person(910)
    other.say("/start")
    for late in (await aigul.sees("ШҰҒЫЛ", 30), await other.sees("Выберите язык", 30)):
        assert 5.0 < late.at - pressed < 20.0


async def test_whoever_falls_silent_becomes_a_case(telegram: BotApiServer, instance: Instance) -> None:
    """A quarter of an hour of silence calls lawyers with what there is; of a calm person the rest is not known."""
    aigul, boris = telegram.person(201), telegram.person(202)
    afraid, calm = telegram.person(907), telegram.person(908)
    await instance.start()
    for person, how in ((afraid, "1"), (calm, "2")):
        await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
        await answer(person, "1", "Где вы сейчас?")
        await answer(person, "7", "Там, где вы сейчас, безопасно?")
        await answer(person, how, "Вас передают России")
    assert not aigul.chat
    assert await instance.stop() == 0
    change_rows(instance, "UPDATE intake SET call_due_at = '2026-01-01 00:00:00.000000'")
    await instance.start()
    await boris.sees("Там безопасно: Опасно")
    await afraid.sees("Зовём юриста")
    await answer(afraid, "6", "Назначено ли заседание")
    await calm.sees("Зовём юриста")
    await answer(calm, "6", "Назначено ли заседание")
    rows = json.loads((await asyncio.to_thread(instance.pana, "case", "list", "--json")).stdout)
    assert [(row["level"], row["status"]) for row in rows] == [("high", "waiting")] * 2


async def test_asking_for_urgent_help_calls_a_lawyer_even_without_an_answer(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A minute after "urgent" without an answer the alert goes with that reason; "not now" withdraws it."""
    aigul = telegram.person(201)
    telegram.person(202)
    person = telegram.person(906)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    assert await instance.stop() == 0
    # The minute goes by while the bot is down.
    change_rows(instance, "UPDATE intake SET call_due_at = '2026-01-01 00:00:00.000000'")
    await instance.start()
    alert = await aigul.sees("Шұғыл көмек сұрап отыр")
    await person.sees("Зовём юриста")
    person.say("/status")  # the answers to the open question leave no room for it on the card
    await person.wait(lambda one: "Отменить вызов юриста" in one.labels)
    await not_now(person)
    await person.sees("Вызов отменён")
    await aigul.until(lambda: "шақыру тоқтатылды" in alert.text or None)
    person.press("Позвать юриста сейчас")
    await person.sees("Зовём юриста")
    await aigul.until(lambda: "ШҰҒЫЛ" in aigul.last.text or None)
