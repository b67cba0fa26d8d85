"""A claim to its end: passing with a reason, handing over with and without a new wrap, closing, a false alarm."""

import asyncio
import json

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from storage.sealing.identity_file import fingerprint
from storage.tx import Tx
from tests.bot.test_first_contact import at_large_and_in_danger, taken
from tests.bot.test_hostile_zips import damaged
from tests.bot.test_main_job import opened
from tests.bot.walks import called, consent
from tests.conftest import change_rows


def listed(instance: Instance) -> dict[str, dict[str, object]]:
    """`pana case list` by code."""
    return {row["case"]: row for row in json.loads(instance.pana("case", "list", "--json").stdout)}


def readers(instance: Instance, name: str) -> set[str]:
    """Who of these members' keys opens the exported cases."""
    instance.pana("export", name)
    found = set()
    for member in ("Aigul", "Boris", "Dina"):
        key = instance.folder / f"{member}.txt"
        if key.exists() and instance.pana("open", name, "-i", str(key), check=False).returncode == 0:
            found.add(member)
    return found


async def test_who_passes_with_a_conflict_of_interest_cannot_open_the_case_any_more(
    telegram: BotApiServer, instance: Instance
) -> None:
    """One press passes; the reason is a second one; the others are told at once."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(980)
    await instance.start()
    await called(person)
    await aigul.sees("ШҰҒЫЛ")
    await boris.sees("СРОЧНО")
    aigul.press("Ала алмаймын")
    passed = await aigul.wait(lambda one: "Мүдделер қақтығысы" in one.labels)
    assert "Өзіме алу" not in passed.labels
    assert await asyncio.to_thread(readers, instance, "before.zip") == {"Aigul", "Boris"}
    why = aigul.press("Мүдделер қақтығысы")
    await aigul.until(lambda: "жазып алдық" in (why.toast or "") or None)
    await aigul.until(lambda: not aigul.from_bot or None)  # nothing of the case is left in this chat
    assert await asyncio.to_thread(readers, instance, "after.zip") == {"Boris"}
    (code,) = await asyncio.to_thread(listed, instance)
    aigul.say(f"/take {code}")
    await aigul.sees("Сіз ала алатын мұндай өтініш жоқ")


def key_of(instance: Instance, name: str) -> str:
    """The fingerprint of a member's key."""
    return fingerprint((instance.folder / f"{name}.pub").read_text().strip())


async def test_a_case_is_handed_over_to_whoever_can_open_it_and_to_a_newcomer_with_a_new_wrap(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Aigul to Boris without re-sealing; Boris to Dina, who joined later, with a wrap from his own device."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(981)
    await instance.start()
    await at_large_and_in_danger(person)
    await taken(aigul, "Өзіме алу", "Жазу")
    aigul.press("Жазу")
    await aigul.wait(lambda one: "Мен волонтер заңгермін" in one.labels)
    aigul.press("Мен волонтер заңгермін")
    await aigul.sees("1-хабарлама: әлі оқылған жоқ")
    person.press("Показать", await person.wait(lambda one: one.text == "Есть новое сообщение"))
    await person.sees("Я юрист-волонтёр")  # first contact: from here on only Aigul and her deputy can open the case

    aigul.press("Әріптеске беру")
    await aigul.wait(lambda one: "✓ Boris" in one.labels)
    aigul.press("✓ Boris")
    await boris.sees("Коллега просит вас принять это обращение")
    boris.press("Принять")
    bundle = (await boris.wait(lambda one: one.document is not None)).document
    await boris.wait(lambda one: "Написать" in one.labels)
    assert bundle is not None
    code = bundle[0].removesuffix(".zip")
    assert (await asyncio.to_thread(listed, instance))[code]["claimed_by"] == "Boris"
    await aigul.until(lambda: not any(one.document for one in aigul.chat) or None)  # her chat keeps nothing of it
    (instance.folder / bundle[0]).write_bytes(bundle[1])
    assert (await asyncio.to_thread(opened, instance, instance.folder / bundle[0], "Boris"))["problems"] == []

    await asyncio.to_thread(instance.add_member, "Dina", 203, "--language", "ru")
    dina = telegram.person(203)
    boris.press("Передать")
    await boris.wait(lambda one: "Dina" in one.labels)
    boris.press("Dina")
    await boris.sees(key_of(instance, "Dina"))
    boris.press("Ключ верный: Dina")
    await dina.sees("Коллега просит вас принять это обращение")
    dina.press("Принять")
    key = await boris.wait(lambda one: one.document is not None and one.document[0] == "NEW.pub")
    assert key.document is not None
    (instance.folder / "NEW.pub").write_bytes(key.document[1])
    assert f"pana share {code}.zip" in key.text
    assert "не открылся" not in key.text and key_of(instance, "Dina") in key.text
    made = ("share", f"{code}.zip", "-i", "Boris.txt", "--to", "NEW.pub", "-o", "NEW.zip")
    await asyncio.to_thread(instance.pana, *made)
    for content in (b"no zip at all", damaged()):
        telegram.world.files["stray"] = content
        boris.clear_chat()
        boris.send(document={"file_id": "stray", "file_unique_id": "s", "file_size": len(content)})
        await boris.sees("В этом файле нет того, чего мы ждём")
    telegram.world.files["wrap"] = (instance.folder / "NEW.zip").read_bytes()
    wrap = {"file_id": "wrap", "file_unique_id": "w", "file_size": len(telegram.world.files["wrap"])}
    sent = boris.send(document=wrap)
    asked = await dina.wait(lambda one: "Открывается" in one.labels)
    await boris.until(lambda: sent.id not in {one.id for one in boris.chat} or None)  # it was read, and goes
    dina.press("Не открывается", asked)
    await boris.sees("файл не открылся ключом коллеги")  # her wrap is gone; Boris makes and sends another
    dina.clear_chat()
    boris.send(document=wrap)
    asked = await dina.wait(lambda one: "Открывается" in one.labels)
    assert (await asyncio.to_thread(listed, instance))[code]["claimed_by"] == "Boris"  # until she confirms
    document = next(one.document for one in dina.chat if one.document)
    (instance.folder / "dina.zip").write_bytes(document[1])
    assert (await asyncio.to_thread(opened, instance, instance.folder / "dina.zip", "Dina"))["problems"] == []
    dina.press("Открывается", asked)
    await dina.wait(lambda one: "Написать" in one.labels)
    assert (await asyncio.to_thread(listed, instance))[code]["claimed_by"] == "Dina"
    assert await asyncio.to_thread(readers, instance, "all.zip") == {"Boris", "Dina"}  # the deputy keeps a wrap
    aigul.say(f"/take {code}")
    await aigul.sees("Сіз ала алатын мұндай өтініш жоқ")


async def test_a_closed_case_keeps_nothing_of_the_person_and_a_false_alarm_rings_nobody_next_time(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Closing cuts the link and empties the lawyer's chat; a false alarm queues what comes later for coordinators."""
    aigul, boris, clara = telegram.person(201), telegram.person(202), telegram.person(301, language_code="en")
    person = telegram.person(982)
    await instance.start()
    await called(person)
    await taken(aigul, "Өзіме алу", "Жазу")
    await clara.sees("was taken. Lawyer: Aigul")
    aigul.press("Өтінішті жабу")
    await aigul.wait(lambda one: "Жалған шақыру" in one.labels)
    aigul.press("Жалған шақыру")
    await aigul.wait(lambda one: "Иә, жабу" in one.labels)
    aigul.press("Иә, жабу")
    await person.sees("Ваше обращение закрыто")
    await aigul.until(lambda: not any(one.document for one in aigul.chat) or None)
    await clara.sees("is closed. Lawyer: Aigul")
    rows = await asyncio.to_thread(listed, instance)
    assert [row["status"] for row in rows.values()] == ["closed"]

    rung = len(boris.from_bot)
    await called(person)
    await clara.sees("an earlier one of this account was a false alarm")
    await person.sees("Сначала ваше обращение посмотрит координатор")
    clara.say("/queue")
    await clara.sees("1 case is waiting.")
    assert len(boris.from_bot) == rung
    clara.press("Call the lawyers")
    await boris.sees("СРОЧНО")
    (code,) = [code for code, row in (await asyncio.to_thread(listed, instance)).items() if row["status"] == "waiting"]
    boris.say(f"/take {code.lower()}")
    await boris.wait(lambda one: one.document is not None)


async def test_the_claimer_is_reminded_of_each_clock_until_it_is_done(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A refusal handed over yesterday: reminders at its thresholds, each with "done" and "not mine"."""
    aigul, person = telegram.person(201), telegram.person(983)
    telegram.person(202)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    for said, then in [
        ("1", "Кому нужна помощь?"),
        ("1", "Кто вас удерживает?"),
        ("2", "Вас передают России"),
        ("5", "Назначен"),
        ("5", "Как юристу безопасно"),
        ("1", "Какой город"),
        ("1", "какой орган"),
        ("/skip", "Какие бумаги"),
    ]:
        person.say(said)
        await person.sees(then)
    await person.until(lambda: any("статус" in label.lower() for label in person.last.labels) or None)
    refusal = next(label for label in person.last.labels if "статус" in label.lower())
    person.press(refusal)
    await person.until(lambda: any("✓" in label for label in person.last.labels) or None)
    person.press("Готово")
    await person.sees("уже обжалуют")
    person.say("2")
    await person.sees("вручили эту бумагу")
    person.say("вчера")
    await person.sees("Какая дата стоит на самой бумаге")
    await taken(aigul, "Өзіме алу", "Жазу")
    change_rows(instance, "UPDATE handoff SET lease_until = NULL")
    await asyncio.to_thread(remind_now, instance)
    reminder = await aigul.sees("Мерзім: ")
    assert reminder.labels == ["Орындалды", "Басқа заңгер айналысады"]
    assert "адвокат әлі растаған жоқ" in reminder.text
    settled = aigul.press("Орындалды", reminder)
    await aigul.until(lambda: "Бұл мерзімді енді еске салмаймыз" in (settled.toast or "") or None)
    await aigul.until(lambda: reminder.id not in {one.id for one in aigul.chat} or None)


def remind_now(instance: Instance) -> None:
    """Time passes: the first reminder of the only case is due."""
    from datetime import UTC, datetime

    import msgspec

    from bot.settings import load_settings
    from bot.wiring.core import open_core
    from storage.case import Claimed

    core = open_core(load_settings(instance.folder / "pana.toml", instance.environment))

    def change(tx: Tx) -> None:
        case = core.cases.listed(tx)[0]
        assert isinstance(case, Claimed)
        facts = case.handoff.facts
        assert facts.reminders
        first = msgspec.structs.replace(facts.reminders[0], at=datetime.now(UTC))
        facts = msgspec.structs.replace(facts, reminders=(first, *facts.reminders[1:]))
        core.cases.handoffs.set_due(tx, core.cases.handoffs.set_facts(tx, case, facts), None)

    core.database.change(change)
    core.database.close()


async def test_nobody_collects_cases(telegram: BotApiServer, instance: Instance) -> None:
    """Fault E36: more cases than allowed a day are refused, and coordinators hear of it."""
    configuration = instance.folder / "pana.toml"
    configuration.write_text(configuration.read_text() + "\n[oncall]\nclaims_a_day = 1\n")
    boris, clara = telegram.person(202), telegram.person(301)
    telegram.person(201)
    await instance.start()
    await called(telegram.person(984))
    await taken(boris, "Взять в работу", "Написать")
    await called(telegram.person(985))
    await boris.wait(lambda one: "Взять в работу" in one.labels)
    second = boris.press("Взять в работу")
    await boris.until(lambda: "Обращение не взято в работу" in (second.toast or "") or None)
    await clara.sees("The limit of cases for one day is reached")
    rows = await asyncio.to_thread(listed, instance)
    assert sorted(str(row["status"]) for row in rows.values()) == ["claimed", "waiting"]
