"""Hide chat: the chat is empty, /start looks like the first time, and only the code from this account leads back."""

import asyncio
import re
from datetime import timedelta

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from tests.bot.test_first_contact import at_large_and_in_danger, taken
from tests.bot.test_main_job import opened
from tests.bot.walks import abroad, answer, consent, to_free_text, to_summary
from tests.conftest import change_rows

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def code_on(person: Person) -> str:
    """The only case code that the chat shows."""
    (code,) = {found for one in person.from_bot for found in CODE.findall(one.text)}
    return code


async def emptied(person: Person) -> None:
    """Nothing is left in the chat."""
    await person.until(lambda: (not person.chat) or None)


async def test_a_hidden_chat_is_empty_looks_like_the_first_time_and_comes_back_with_its_code(
    telegram: BotApiServer, instance: Instance
) -> None:
    """In the middle of the questions; a stranger's consent begins anew; the lawyers keep what they were given."""
    aigul, person, other = telegram.person(201), telegram.person(950), telegram.person(951)
    telegram.person(202)
    await instance.start()
    person.say("/start")  # a card from before consent, of which nothing is kept
    await person.wait(lambda one: "1. Русский" in one.labels)
    await to_free_text(person)
    code = code_on(person)
    press = person.press("Скрыть чат")
    await emptied(person)
    await person.until(lambda: press.answered or None)
    assert press.toast == f"Чат очищен. Отправленное осталось у нас. Чтобы вернуться, напишите сюда: {code}"
    await aigul.sees("ШҰҒЫЛ")

    other.say(code)  # the code alone, from another account, leads nowhere
    await other.wait(lambda one: "1. Русский" in one.labels)

    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    assert not any(code in one.text for one in person.chat)
    assert "Назад" not in person.last.labels
    await answer(person, code.lower().replace("-", " "), f"или запомните: {code}")
    await person.until(lambda: (len(person.chat) == 1 and "Кому нужна" not in person.last.text) or None)
    assert "Скрыть чат" in person.last.labels
    assert sum(1 for one in aigul.from_bot if "ШҰҒЫЛ" in one.text) == 1


async def test_what_was_sent_stays_after_hiding_and_delete_works_from_a_hidden_chat(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A sent request, hidden by /clear, comes back with its state; hidden again it can be erased at once."""
    aigul, person = telegram.person(201), telegram.person(952)
    telegram.person(202)
    await instance.start()
    await to_free_text(person)
    await answer(person, "описание", "Какие бумаги")
    await to_summary(person)
    await answer(person, "отправить", "Ответы отправлены")
    code = code_on(person)
    person.say("/clear")
    await emptied(person)
    person.say("/status")
    await person.wait(lambda one: "1. Русский" in one.labels)
    person.say(code)
    await person.sees("Ответы отправлены")
    person.press("Скрыть чат")
    await emptied(person)
    person.say("/delete")
    await person.wait(lambda one: "Удалить всё" in one.labels)
    person.press("Удалить всё")
    await person.sees("Мы удалили ваши данные")
    assert len(person.chat) == 1
    await aigul.sees("«Бәрін жою» түймесі басылды, өтініш жойылды")
    person.say(code)
    await person.wait(lambda one: "1. Русский" in one.labels)


async def test_a_message_in_a_hidden_chat_waits_without_a_sound_until_the_code(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Nothing comes to a hidden chat; with the code the message can be opened; the lawyer's case is whole."""
    aigul, person = telegram.person(201), telegram.person(953)
    telegram.person(202)
    await instance.start()
    await at_large_and_in_danger(person)
    code = code_on(person)
    person.press("Скрыть чат")
    await emptied(person)
    await taken(aigul, "Өзіме алу", "Жазу")
    aigul.press("Жазу")
    await aigul.wait(lambda one: "Мен волонтер заңгермін" in one.labels)
    aigul.press("Мен волонтер заңгермін")
    await aigul.sees("1-хабарлама: әлі оқылған жоқ")
    await asyncio.sleep(2.0)  # the rows have been looked at
    assert person.chat == []
    person.say(f"№ {code.lower()}.")
    card = await person.wait(lambda one: "Показать" in one.labels)
    person.press("Показать", card)
    await person.sees("От юриста:\nЯ юрист-волонтёр\n")
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    assert opened(instance, instance.folder / "all.zip", "Aigul")["problems"] == []


async def test_what_telegram_does_not_let_go_is_said(telegram: BotApiServer, instance: Instance) -> None:
    """After two days a bot cannot remove its message: it loses its text, and the person is told."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(954)
    await instance.start()
    await at_large_and_in_danger(person)
    telegram.world.clock.advance(timedelta(hours=49).total_seconds())
    change_rows(instance, "UPDATE shown SET at = '2026-01-01 00:00:00'")
    press = person.press("Скрыть чат")
    await person.until(lambda: [one.text for one in person.chat] == ["·"] or None)
    assert press.toast is not None
    assert press.toast.endswith("В чате осталось 1 сообщение без текста. Удалите чат сами.")


async def test_status_tells_who_was_told_when_and_until_when_a_claim_holds(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Told, taken with its lease, in touch: each as it is, in the middle of the questions too."""
    aigul, person = telegram.person(201), telegram.person(955)
    telegram.person(202)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    await answer(person, "/status", "Ваши ответы ещё не отправлены")
    await answer(person, "7", "Кому нужна помощь?")
    await answer(person, "1", "Там, где вы сейчас, безопасно?")
    await answer(person, "2", "Вас передают России")
    await answer(person, "1", "Назначено ли заседание")
    await answer(person, "/status", "сообщили 2 юристам.\nВаше обращение пока никто не взял в работу")
    await taken(aigul, "Өзіме алу", "Жазу")  # what the person reads is brought up to date
    until = re.compile(r"Если юрист не свяжется с вами до (\d\d\.\d\d, )?\d\d:\d\d, мы позовём других\.")
    await person.until(lambda: any(until.search(one.text) for one in person.from_bot) or None)
    assert any(": обращение взял юрист." in one.text for one in person.from_bot)
    aigul.press("Жазу")
    await aigul.wait(lambda one: "Мен волонтер заңгермін" in one.labels)
    aigul.press("Мен волонтер заңгермін")
    await aigul.sees("1-хабарлама: әлі оқылған жоқ")
    person.press("Показать", await person.wait(lambda one: one.text == "Есть новое сообщение"))
    await answer(person, "/status", "Юрист вышел на связь.")


async def test_after_a_silence_the_phone_tells_that_there_is_an_answer_and_not_which(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A quarter of an hour later somebody else may hold it: answers can be given anew, not read; ticks are gone."""
    person = telegram.person(956)
    telegram.person(201), telegram.person(202)
    await instance.start()
    await to_free_text(person)
    await answer(person, "описание", "Какие бумаги")
    await to_summary(person)
    read = ("Удерживают", "Полиция", "Алматы", "бумагу: Решение", "сохранено, 1 сообщение", "ноября")
    assert all(one in person.last.text for one in read)
    await falls_silent(instance)
    await person.until(lambda: person.last.text.count("(ответ сохранён)") == 14 or None)
    veiled = ("Удерживают", "Полиция", "Алматы", "Протокол", "сообщение", "ноября")
    assert not any(one in person.last.text for one in veiled)

    await answer(person, "7", "Какой город")  # asked again, as if for the first time
    await answer(person, "1", "Проверьте ответы")
    assert person.last.text.count("(ответ сохранён)") == 13
    assert "Астана" in person.last.text
    await answer(person, "9", "Какие бумаги")
    assert not any("✓" in label for label in person.last.labels)
    person.press("3.")
    await person.until(lambda: any("✓" in label for label in person.last.labels) or None)
    await falls_silent(instance)
    await person.until(lambda: not any("✓" in label for label in person.last.labels) or None)
    await answer(person, "5, 6", "Проверьте ответы")
    await answer(person, "отправить", "Ответы отправлены")
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    case = opened(instance, instance.folder / "all.zip", "Aigul")
    told = {one["question"]: one["value"] for one in case["answers"]}
    assert (case["problems"], told["q02"], told["q02_by"], told["q08"]) == ([], "held", "police", "описание")


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_a_calm_intake_is_silent_after_the_same_time(telegram: BotApiServer, instance: Instance) -> None:
    """It goes to the lawyers' next list, which its card says, and nothing of its answers."""
    person = telegram.person(957)
    await instance.start()
    await abroad(person)
    await falls_silent(instance)
    await person.until(lambda: person.last.text.count("(ответ сохранён)") == 5 or None)
    assert "в ближайшем списке, в 09:00" in person.last.text
    assert "Не в Казахстане" not in person.last.text


async def falls_silent(instance: Instance) -> None:
    """A long time later, as the bot's next look at the clock finds it."""
    await instance.stop()
    change_rows(instance, "UPDATE intake SET touched_at = '2026-11-01 00:00:00'")
    # What the bot does by itself after a quarter of an hour breaks the silence of nobody.
    change_rows(instance, "UPDATE intake SET call_due_at = '2026-11-01 00:00:00' WHERE call_due_at IS NOT NULL")
    await instance.start()
