"""First contact: messages both ways without either seeing the other's account, the lease, who can open the case."""

import asyncio
import zipfile
from datetime import UTC, datetime, timedelta

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from tests.bot.test_main_job import CANARY, at_rest, opened, spellings
from tests.bot.walks import CALM_STEPS, answer, answers, consent
from tests.conftest import change_rows

LADDER = """
[oncall.ladder.critical]
rungs = [{after = "0s", who = "on_call"}, {after = "5min", who = "all"}]
"""


def nearly_over(instance: Instance) -> None:
    """The lease of every claim ends in five seconds, as if its time had passed."""
    now = datetime.now(UTC)
    zone = "+00" if instance.database_url else ""
    ends, due = (f"{one:%Y-%m-%d %H:%M:%S.%f}{zone}" for one in (now + timedelta(seconds=5), now))
    change_rows(instance, f"UPDATE handoff SET lease_until = '{ends}', next_due_at = '{due}'")


async def at_large_and_in_danger(person: Person) -> None:
    """Free, and to be handed over today: critical, and nothing against a notification."""
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    await answers(
        person,
        ("7", "Кому нужна помощь?"),
        ("1", "Там, где вы сейчас, безопасно?"),
        ("2", "Вас передают России"),
        ("1", "Назначено ли заседание"),
    )


async def taken(lawyer: Person, button: str, write: str) -> None:
    """Takes the newest alert and waits for the sealed case and the buttons of a claim."""
    await lawyer.until(lambda: any(button in one.labels for one in lawyer.from_bot) or None)
    lawyer.press(button)
    await lawyer.wait(lambda one: one.document is not None)
    await lawyer.wait(lambda one: write in one.labels)


async def test_messages_go_both_ways_and_only_claimer_and_deputy_can_open_the_case_from_then_on(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Ready phrase, one typed message per "write", a neutral ping; what the person writes reaches the claimer."""
    await asyncio.to_thread(instance.add_member, "Dina", 203, "--language", "ru")
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(970)
    telegram.person(203)
    await instance.start()
    await at_large_and_in_danger(person)
    await taken(aigul, "Өзіме алу", "Жазу")

    aigul.press("Жазу")
    await aigul.wait(lambda one: "Мен волонтер заңгермін" in one.labels)
    aigul.press("Мен волонтер заңгермін")
    ping = await person.wait(lambda one: one.text == "Есть новое сообщение")
    assert ping.labels == ["Показать"]
    assert "юрист" not in ping.text
    person.press("Показать", ping)
    await person.sees("От юриста:\nЯ юрист-волонтёр\n")
    await person.until(lambda: ping.id not in {one.id for one in person.chat} or None)

    aigul.say(CANARY)  # outside "write": goes nowhere
    await aigul.sees("Бұл мәтін ешқайда жіберілген жоқ")
    aigul.press("Жазу")
    await aigul.sees("алдымен шифры ашылған файлдағы тексеру сөзін жазыңыз")
    aigul.say(CANARY)  # before the check word: goes nowhere either
    await aigul.sees("Бұл тексеру сөзі емес")
    bundle = next(one.document for one in aigul.chat if one.document)
    (instance.folder / bundle[0]).write_bytes(bundle[1])
    mine = await asyncio.to_thread(opened, instance, instance.folder / bundle[0], "Aigul")
    aigul.say(str(mine["check_word"]).lower())
    await aigul.sees("тексеру сөзі дұрыс")
    await person.sees(f"сначала скажет: {mine['call_words']}")
    await aigul.sees(f"алдымен мынаны айтыңыз: {mine['call_words']}")
    for way, then in (("Болдырмау", "Жіберілген жоқ"), ("Жіберу", "2-хабарлама: әлі оқылған жоқ")):
        aigul.press("Жазу")
        await aigul.until(lambda: "Мен волонтер заңгермін" in aigul.last.labels or None)
        typed = aigul.say(CANARY)
        preview = await aigul.wait(lambda one: one.from_bot and one.text.endswith(CANARY))
        await aigul.until(lambda typed=typed: typed.id not in {one.id for one in aigul.chat} or None)
        pressed = aigul.press(way, preview)
        await aigul.until(lambda then=then, pressed=pressed: then in f"{pressed.toast} {aigul.last.text}" or None)
    ping = await person.wait(lambda one: one.text == "Есть новое сообщение")
    in_use = at_rest(instance)
    assert [one for one in spellings(CANARY) if one in in_use] == []
    person.press("Показать", ping)
    await person.sees(f"\n2. {CANARY}\n")

    await answers(
        person,
        ("5", "Как юристу безопасно"),
        ("1", "Какой город"),
        ("2", "Какие бумаги"),
        ("1", "Что с ходатайством"),
        *CALM_STEPS,
        ("1", "Проверьте ответы"),
    )
    person.press("Отправить юристу")
    await person.sees("Ответы отправлены")
    await answer(person, "t.me/evil <b>ответ</b>", "Сохранено для юриста")
    await aigul.sees("t.me/evil <b>ответ</b>")
    assert not any("evil" in one.text for one in boris.chat)

    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    with zipfile.ZipFile(instance.folder / "all.zip") as archive:
        wraps = [name for name in archive.namelist() if "/keys/" in name]
    assert len(wraps) == 4  # claimer, deputy, two recovery keys; Dina's is gone
    case = opened(instance, instance.folder / "all.zip", "Aigul")
    said = [(one["from"], one["text"]) for one in case["messages"]]
    assert said == [
        ("lawyer", "Я юрист-волонтёр"),
        ("lawyer", CANARY),
        ("seeker", "t.me/evil <b>ответ</b>"),
    ]
    assert opened(instance, instance.folder / "all.zip", "Boris")["problems"] == []
    dina = instance.pana("open", "all.zip", "-i", "Dina.txt", check=False)
    assert (dina.returncode, "no wrap opens" in dina.stderr) == (1, True)


async def test_nothing_rings_on_the_phone_of_somebody_who_is_held(telegram: BotApiServer, instance: Instance) -> None:
    """A message for somebody in custody only changes the card; it is opened by pressing."""
    aigul, person = telegram.person(201), telegram.person(971)
    telegram.person(202)
    await instance.start()
    await consent(person, "Қазақша", "Шұғыл: заңгер керек", "Көмек керек адам қайда?")
    await answer(person, "1", "Көмек кімге керек?")
    await taken(aigul, "Өзіме алу", "Жазу")
    aigul.press("Жазу")
    await aigul.wait(lambda one: "Заңгерсіз ештеңеге қол қоймаңыз" in one.labels)
    aigul.press("Заңгерсіз ештеңеге қол қоймаңыз")
    card = await person.wait(lambda one: "Көрсету" in one.labels)
    assert [card.id] == [one.id for one in person.from_bot]
    assert card.edits > 0
    aigul.press("Кезекке қайтару")  # what was sent still waits for the person when the claim is over
    await aigul.sees("сізді шақырмаймыз")
    person.press("Көрсету", card)
    await person.sees("Заңгерден:\nЗаңгерсіз ештеңеге қол қоймаңыз\n")


async def test_a_claimer_who_is_silent_loses_nobody_the_case(telegram: BotApiServer, instance: Instance) -> None:
    """Asked at two thirds, lapsed at the end; the others are called, the truth is told; acting and releasing work."""
    configuration = instance.folder / "pana.toml"
    configuration.write_text(configuration.read_text() + LADDER)
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(972)
    await instance.start()
    await at_large_and_in_danger(person)
    await taken(aigul, "Өзіме алу", "Жазу")
    nearly_over(instance)
    await aigul.sees("адаммен байланыс орнады ма?")
    await aigul.sees("алғашқы байланыс уақыты бітті")
    await taken(boris, "Взять в работу", "Написать")
    nearly_over(instance)
    boris.press("Занимаюсь этим")
    await asyncio.sleep(6.0)  # longer than the lease: acting keeps it
    assert not any("время на первый контакт вышло" in one.text for one in boris.chat)
    boris.press("Вернуть в очередь")
    await aigul.until(lambda: "Өзіме алу" in aigul.last.labels or None)
    await taken(aigul, "Өзіме алу", "Жазу")
    nearly_over(instance)
    aigul.press("Жазу")
    await aigul.wait(lambda one: "Мен волонтер заңгермін" in one.labels)
    aigul.press("Мен волонтер заңгермін")
    await aigul.sees("1-хабарлама: әлі оқылған жоқ")
    person.press("Показать", await person.wait(lambda one: one.text == "Есть новое сообщение"))
    await person.sees("Я юрист-волонтёр")
    await asyncio.sleep(6.0)  # contact: nothing lapses any more
    assert not any(
        "алғашқы байланыс уақыты бітті" in one.text for one in aigul.chat
    )  # the first went as others took it
