"""After sending the situation changes: the questions about danger once more, and the case is as grave as it now is."""

import asyncio

import msgspec

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.wiring.pana import open_pana
from flows.facts import Facts
from flows.model import Level
from tests.bot.test_claims import listed
from tests.bot.test_first_contact import taken
from tests.bot.test_main_job import opened
from tests.bot.walks import CALM_STEPS, HELD_STEPS, answer, answers, called, consent
from tests.cases import handoff
from tests.conftest import change_rows


def facts_of(instance: Instance) -> Facts:
    """What alerts may say of the only case, seen beside the running bot."""
    core = open_pana(load_settings(instance.folder / "pana.toml", instance.environment)).core
    (case,) = core.database.change(core.cases.listed)
    core.database.close()
    return handoff(case).facts


async def test_a_calm_case_rings_at_once_when_its_person_is_held(telegram: BotApiServer, instance: Instance) -> None:
    """The same case and code; region, clocks and reasons of before stay; the new answer counts for the reader."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(994)
    await instance.start()
    await calm_case(person)
    before = await asyncio.to_thread(facts_of, instance)
    assert (before.level, before.region) == ("normal", "almaty")
    assert aigul.from_bot == boris.from_bot == []

    person.press("Ситуация изменилась")
    await person.sees("Где тот, кому")
    assert "Отменить вызов юриста" not in person.last.labels
    assert "в ближайшем списке, в 09:00" in person.last.text  # and not that somebody is being called
    person.press("Назад")  # nothing has changed after all
    await person.sees("Ответы отправлены")
    await answer(person, "ситуация изменилась", "Где тот, кому")
    person.press("Удерживают")
    alert = await boris.sees("СРОЧНО")
    assert all(one in alert.text for one in ("Удерживают", "Алматы", "Безопасно ли писать: да"))
    assert "Опасность не названа" not in alert.text
    await aigul.sees("ШҰҒЫЛ")
    await person.sees("Кому нужна помощь?")
    after = await asyncio.to_thread(facts_of, instance)
    assert (after.level, after.region, after.backed) == ("critical", "almaty", before.backed)
    await answers(
        person,
        ("1", "Кто вас удерживает?"),
        ("2", "Вас передают России"),
        ("6", "Назначено ли заседание"),
        ("5", "Какие бумаги"),
        ("1", "Проверьте ответы"),
        ("отправить", "Ответы отправлены"),
    )
    assert "Ситуация изменилась" in person.last.labels
    (row,) = (await asyncio.to_thread(listed, instance)).values()
    assert (row["level"], row["status"]) == ("critical", "waiting")
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    case = opened(instance, instance.folder / "all.zip", "Aigul")
    told = {one["question"]: one["value"] for one in case["answers"]}
    assert (case["problems"], case["complete"], case["level"]) == ([], True, "critical")
    assert (told["q02"], told["q02_by"], told["q07"]) == ("held", "police", "almaty")


async def test_the_lawyer_who_holds_a_case_hears_at_once_that_it_is_graver(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Typed words do as well as the button; a calmer answer takes nothing back."""
    aigul, clara, person = telegram.person(201), telegram.person(301), telegram.person(995)
    telegram.person(202)
    await instance.start()
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    await answers(
        person,
        ("1", "Где вы сейчас?"),
        ("7", "Там, где вы сейчас, безопасно?"),
        ("1", "Вас передают России"),
        ("6", "Назначено ли заседание"),
        ("5", "Как юристу безопасно"),
        ("1", "Какой город"),
        ("2", "Какие бумаги"),
        ("3", "уже обжалуют"),
        ("2", "вручили эту бумагу: Отказ"),
        ("сегодня", "стоит на самой бумаге: Отказ"),
        ("сегодня", "нужно выехать из Казахстана"),
        ("2", "Что с ходатайством"),
        *CALM_STEPS,
        ("1", "Проверьте ответы"),
        ("отправить", "Ответы отправлены"),
    )
    (row,) = (await asyncio.to_thread(listed, instance)).values()
    assert row["level"] == "high"
    aigul.say(f"/take {row['case']}")
    await aigul.wait(lambda one: "Жазу" in one.labels)
    before = await asyncio.to_thread(facts_of, instance)
    assert before.reminders
    await answer(person, "Срочно!", "Где тот, кому")
    known = {one.id for one in aigul.from_bot}
    await answer(person, "1", "Кому нужна помощь?")
    await aigul.wait(lambda one: one.from_bot and one.id not in known and str(row["case"]) in one.text, 10)
    await aigul.sees("жағдай өзгерді")
    await aigul.wait(lambda one: "Көрдім" in one.labels and "Ұстап отыр" in one.text.split("Жаңасы:")[-1])
    await clara.sees("has become more urgent. Lawyer: Aigul")
    await answer(person, "/back", "Где тот, кому")
    await answer(person, "7", "Кому нужна помощь?")
    after = await asyncio.to_thread(facts_of, instance)
    assert after.level == "critical"
    assert {one for one in before.reminders if one.told not in after.reminded} <= set(after.reminders)
    assert {one.rule for one in before.reasons} < {one.rule for one in after.reasons}


async def test_what_is_not_finished_anew_leaves_the_case_as_grave_as_it_became(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The few questions run out of time: the card tells the true state again, and the case waits as before."""
    aigul, person = telegram.person(201), telegram.person(997)
    telegram.person(202)
    await instance.start()
    await calm_case(person)
    person.press("Ситуация изменилась")
    await person.sees("Где тот, кому")
    person.press("Удерживают")
    await aigul.sees("ШҰҒЫЛ")
    await person.sees("Кому нужна помощь?")
    await instance.stop()
    change_rows(instance, "UPDATE intake SET expires_at = '2026-11-01 00:00:00'")
    await instance.start()
    await person.sees("Ваше обращение пока никто не взял в работу")
    assert len(person.from_bot) == 1
    (row,) = (await asyncio.to_thread(listed, instance)).values()
    assert (row["level"], row["status"]) == ("critical", "waiting")


async def test_a_case_that_is_closed_in_the_middle_leaves_no_question_on_the_phone(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The card that is open becomes the last one."""
    aigul, person = telegram.person(201), telegram.person(998)
    telegram.person(202)
    await instance.start()
    await called(person)
    await taken(aigul, "Өзіме алу", "Өтінішті жабу")
    aigul.press("Өтінішті жабу")
    await aigul.wait(lambda one: "Көмек көрсетілді" in one.labels)
    aigul.press("Көмек көрсетілді")
    await aigul.wait(lambda one: "Иә, жабу" in one.labels)
    aigul.press("Иә, жабу")
    await person.sees("Ваше обращение закрыто")
    assert [one.labels for one in person.from_bot] == [["Скрыть чат"]]


async def calm_case(person: Person) -> None:
    """Free and safe; nothing but the region is told."""
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    await answers(
        person,
        ("1", "Где вы сейчас?"),
        ("7", "Там, где вы сейчас, безопасно?"),
        ("2", "Вас передают России"),
        ("6", "Назначено ли заседание"),
        ("5", "Как юристу безопасно"),
        ("1", "Какой город"),
        ("2", "Какие бумаги"),
        ("1", "Что с ходатайством"),
        *CALM_STEPS,
        ("1", "Проверьте ответы"),
        ("отправить", "Ответы отправлены"),
    )


async def test_a_chat_with_something_hidden_can_reopen_what_it_shows(
    telegram: BotApiServer, instance: Instance
) -> None:
    """One request is sent and hidden, another begun and hidden; the first comes back by its code and is reopened."""
    person = telegram.person(999)
    telegram.person(201), telegram.person(202)
    await instance.start()
    await calm_case(person)
    (code,) = await asyncio.to_thread(listed, instance)
    person.press("Скрыть чат")
    await person.until(lambda: len(person.from_bot) == 0 or None)
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    person.press("Скрыть чат")
    await person.until(lambda: len(person.from_bot) == 0 or None)
    person.say(code)
    await person.sees("Ответы отправлены")
    person.press("Ситуация изменилась")
    await person.sees("Где тот, кому")
    await answer(person, "1", "Кому нужна помощь?")
    (row,) = (await asyncio.to_thread(listed, instance)).values()
    assert (row["case"], row["level"]) == (code, "critical")


async def test_a_phone_that_is_quiet_stays_quiet_and_who_is_muted_is_shown_to_coordinators_again(
    telegram: BotApiServer, instance: Instance
) -> None:
    """What is not understood is no answer; a level that rises behind a false alarm is not lost."""
    clara, person = telegram.person(301), telegram.person(1000)
    telegram.person(201), telegram.person(202)
    await instance.start()
    await called(person)
    await answers(
        person,
        ("1", "Кто вас удерживает?"),
        ("2", "Вас передают России"),
        ("6", "Назначено ли заседание"),
        ("5", "Как юристу безопасно"),
        ("пропустить", "Какой город"),
        ("2", "какой орган"),
        ("пропустить", "Какие бумаги"),
        ("1", "С какого времени"),
        *HELD_STEPS,
        ("1", "Проверьте ответы"),
        ("отправить", "Ответы отправлены"),
    )
    assert (await asyncio.to_thread(facts_of, instance)).quiet
    person.press("Ситуация изменилась")
    await person.sees("Где тот, кому")
    await answer(person, "помогите, меня бьют", "Где тот, кому")
    after = await asyncio.to_thread(facts_of, instance)
    assert after.quiet
    assert "N1" not in {reason.rule for reason in after.reasons}

    change_rows(instance, "UPDATE handoff SET muted = 1")
    change_rows(instance, "UPDATE case_file SET level = 'high'")
    core = open_pana(load_settings(instance.folder / "pana.toml", instance.environment)).core
    (case,) = core.database.change(core.cases.listed)
    calmer = msgspec.structs.replace(after, level=Level.high)
    core.database.change(lambda tx: core.cases.handoffs.set_facts(tx, case, calmer))
    core.database.close()
    await answer(person, "1", "Кому нужна помощь?")
    await clara.wait(lambda one: case.code in one.text and len(one.labels) == 1)
