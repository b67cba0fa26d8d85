"""The main job, over HTTP, with the real bot process: from /start to a lawyer who has opened the sealed case."""

import base64
import json
import statistics
import time
from pathlib import Path

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from tests.bot.walks import CALM_STEPS, answer, answers, consent, not_now, to_free_text, to_summary

pytestmark = pytest.mark.both

CANARY = "CANARY-7f3a синица қарлығаш"


def opened(instance: Instance, bundle: Path, identity: str) -> dict[str, object]:
    """What `pana open` says of the only case in a bundle."""
    shown = instance.pana("open", str(bundle), "-i", str(instance.folder / f"{identity}.txt"), "--format", "json")
    (case,) = json.loads(shown.stdout)
    return case


def spellings(text: str) -> list[bytes]:
    """How a text could hide in bytes; base64 at each alignment, without the ends that neighbours change."""
    found = []
    for part in text.split():
        for raw in (part.encode(), part.encode("utf-16-le"), part.encode("utf-16-be")):
            found += [raw, raw.hex().encode()]
            found += [base64.b64encode(b" " * before + raw).rstrip(b"=")[before + 1 : -1] for before in range(3)]
        found.append(json.dumps(part).strip('"').encode())
    return found


def at_rest(instance: Instance) -> bytes:
    """Every byte that the running bot has on its disk and in its environment, members' own key files excepted."""
    assert instance.process is not None
    files = [path for path in instance.folder.iterdir() if path.suffix not in {".txt", ".pub", ".zip"}]
    found = b"".join(path.read_bytes() for path in files)
    environment = Path(f"/proc/{instance.process.pid}/environ")
    return found + (environment.read_bytes() if instance.process.returncode is None else b"")


async def test_two_people_reach_a_lawyer_and_nothing_they_wrote_can_be_read_on_the_server(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Held at the border and at liberty: alert before the end, one winner, sealed, nothing in clear."""
    aigul, boris = telegram.person(201), telegram.person(202)
    held, free = telegram.person(101, language_code="kk"), telegram.person(102)
    await instance.start()
    await consent(held, "Қазақша", "Шұғыл: заңгер керек", "Көмек керек адам қайда?")
    pressed = time.monotonic()
    held.press("Ұстап отыр")
    alert = await aigul.sees("ШҰҒЫЛ")
    print(f"\ndecisive tap to alert: {alert.at - pressed:.3f} s")
    assert alert.at - pressed < 2.0
    assert "Ұстап отыр" in alert.text
    assert alert.labels == ["Өзіме алу", "Ала алмаймын"]
    await boris.sees("Удерживают")
    await held.sees("Көмек кімге керек?")
    assert "Заңгер шақырылуда · " in held.last.text

    await consent(free, "Русский", "Продолжить", "Кому нужна помощь?")
    await answers(
        free,
        ("1", "Где вы сейчас?"),
        ("На свободе", "Там, где вы сейчас, безопасно?"),
        ("Безопасно", "Вас передают России"),
        ("нет", "Назначено ли заседание"),
        ("5", "Как юристу безопасно"),
        ("пропустить", "Какой город"),
        ("Алматы", "Какие бумаги"),
        ("3, 6", "обжалуют"),
        ("2", "вручили эту бумагу: Отказ"),
        ("22.11.2026", "Записали: 22 ноября 2026"),
        ("20.11.2026", "нужно выехать из Казахстана"),
        ("2", "Что с ходатайством"),
        *CALM_STEPS,
        ("1", "Проверьте ответы"),
    )
    free.press("Отправить юристу")
    await free.sees("Ответы отправлены")

    for said, then in [
        ("Маған", "Сізді кім ұстап отыр?"),
        ("Шекарашылар", "Сізді Ресейге"),
        ("1", "Сот отырысы"),
        ("4", "қалай қауіпсіз хабарласа"),
        ("2", "Нақты қалай хабарласу"),
        (CANARY, "Қазақстанның қай қаласы"),
        ("Шығыс: Өскемен, Семей", "қай орган ұстап отыр"),
        (CANARY, "Қандай қағаздар"),
        ("1", "қашаннан бері ұстап отыр"),
        ("кеше", "Ұстау себебін білесіз"),
        ("4", "жазбаша пана сұралды"),
        ("3", "Қазір жіберуге болады"),
        ("1", "Жауаптарыңызды тексеріңіз"),
    ]:
        await answer(held, said, then)
        in_use = at_rest(instance)
        assert [one for one in spellings(CANARY) if one in in_use] == []

    code = alert.text.split("· ")[1].split()[0].rstrip(".")
    aigul.press("Өзіме алу", alert)
    document = (await aigul.wait(lambda one: one.document is not None)).document
    await boris.sees("уже в работе")
    await held.sees("заңгер қолға алды")
    held.press("Заңгерге жіберу")
    await held.sees("Жауаптар жіберілді")
    held.say(f"{CANARY} кейін")
    await held.sees("Заңгер үшін сақталды")
    await aigul.sees("жаңа мәлімет қосылды")
    boris.say(f"/take {code}")
    await boris.sees("Для вас такого обращения нет.")
    aigul.say("/cases")
    whole = await aigul.until(lambda: next((m.document for m in aigul.chat[::-1] if m.document), None))
    assert whole is not None and document is not None

    running = at_rest(instance)
    assert await instance.stop() == 0
    for held_bytes in (running, at_rest(instance)):
        assert [one for one in spellings(CANARY) if one in held_bytes] == []

    instance.pana("export", str(instance.folder / "all.zip"), "--case", code)
    case = opened(instance, instance.folder / "all.zip", "Aigul")
    told = {one["question"]: one for one in case["answers"]}
    assert (case["level"], case["language"], case["complete"], case["problems"]) == ("critical", "kk", True, [])
    assert (told["q02"]["value"], told["q02_by"]["value"]) == ("held", "border")
    assert (told["q06"]["value"], told["q08"]["value"]) == (CANARY, CANARY)
    assert case["messages"][0]["text"] == f"{CANARY} кейін"
    listed = {row["case"]: row for row in json.loads(instance.pana("case", "list", "--json").stdout)}
    assert (listed[code]["status"], listed[code]["claimed_by"]) == ("claimed", "Aigul")
    assert sorted(row["level"] for row in listed.values()) == ["critical", "high"]


@pytest.mark.parametrize("before", range(4))
def test_a_hidden_text_is_found(before: int) -> None:
    """The search itself finds what it is there for."""
    hidden = b"x" * before + CANARY.encode() + b"yz"
    for bytes_ in (hidden, base64.b64encode(hidden), hidden.hex().encode(), json.dumps(CANARY).encode()):
        assert any(one in bytes_ for one in spellings(CANARY))


@pytest.mark.timed
async def test_the_alert_is_out_within_three_tenths_of_a_second(telegram: BotApiServer, instance: Instance) -> None:
    """Twenty critical answers: the median from the tap to the alert at the Bot API server is under 0.3 s."""
    aigul = telegram.person(201)
    telegram.person(202)
    await instance.start()
    took = []
    for number in range(20):
        person = telegram.person(1000 + number)
        await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
        before = len(aigul.from_bot)
        pressed = time.monotonic()
        person.press("Удерживают")
        await aigul.until(lambda before=before: len(aigul.from_bot) > before or None)
        took.append(aigul.last.at - pressed)
        await not_now(person)  # four that wait at once would become one list
        await aigul.sees("чатында шақыру тоқтатылды")
    took.sort()
    print(f"\ntap to alert: p50 {statistics.median(took):.3f} s, p95 {took[18]:.3f} s, of {len(took)}")
    assert statistics.median(took) < 0.3


async def test_nothing_is_stored_before_consent_and_everything_is_gone_after_delete(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Looking around leaves no row; /delete destroys intake and case and tells the lawyers."""
    aigul, person = telegram.person(201), telegram.person(103)
    telegram.person(202)
    await instance.start()
    person.say("/start")
    await person.wait(lambda one: one.from_bot and "1. Русский" in one.labels)
    person.press("Русский")
    await person.wait(lambda one: one.from_bot and "Выйти" in one.labels)
    person.press("Выйти")
    await person.sees("Мы ничего не сохранили")
    person.say("срочно")  # consent typed instead of pressed
    await person.sees("Где тот, кому")
    person.say("1")
    await aigul.sees("ШҰҒЫЛ")
    await person.sees("Кому нужна помощь?")
    person.say("/delete")
    await person.wait(lambda one: one.from_bot and "Удалить всё" in one.labels)
    person.press("Удалить всё")
    await person.sees("Мы удалили ваши данные")
    await aigul.sees("«Бәрін жою» түймесі басылды, өтініш жойылды")
    assert await instance.stop() == 0
    (row,) = json.loads(instance.pana("case", "list", "--json").stdout)
    assert row["status"] == "erased"
    instance.pana("export", str(instance.folder / "none.zip"))
    assert instance.pana("open", "none.zip", "-i", "Aigul.txt", check=False).returncode == 1


async def test_a_forged_button_changes_nothing(telegram: BotApiServer, instance: Instance) -> None:
    """Forged button data is answered with "moved on" and the current question."""
    person = telegram.person(104)
    telegram.person(201)
    await instance.start()
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    for forged in ("o.abc.1.1.AAAAAAAAAAAAAAAA", "take.FF6G-KJK8.AAAAAAAAAAAAAAAA", "x", "é" * 20):
        press = person.press_data(forged, person.last.id)
        await person.until(lambda press=press: press.answered or None)
        assert press.toast == "Этот вопрос уже позади. Вот текущий."
        assert "Кому нужна помощь?" in person.last.text


async def test_a_button_of_an_older_card_shows_the_current_question(telegram: BotApiServer, instance: Instance) -> None:
    """A press that comes late says that the question has moved on and answers nothing."""
    person = telegram.person(105)
    await instance.start()
    await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    stale = person.last.buttons[1][0].data
    person.press("1. Мне")
    await person.sees("Где вы сейчас?")
    press = person.press_data(stale, person.last.id)
    await person.until(lambda: press.answered or None)
    assert press.toast == "Этот вопрос уже позади. Вот текущий."
    assert "Где вы сейчас?" in person.last.text


async def test_answers_that_another_answer_makes_pointless_count_no_more_and_the_level_stays(
    telegram: BotApiServer, instance: Instance
) -> None:
    """After the call somebody corrects where they are: dropped answers are withdrawn, the level never falls."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(106)
    await instance.start()
    await to_free_text(person)
    await answer(person, "описание", "Какие бумаги")
    await to_summary(person)
    await answers(
        person,
        ("2", "Где вы сейчас?"),
        ("8", "связаны с военной службой"),
        ("1", "Вы в розыске?"),
        ("4", "Можно отправить сейчас"),
        ("1", "Проверьте ответы"),
        ("отправить", "Ответы отправлены"),
    )
    assert await instance.stop() == 0
    instance.pana("export", "a.zip")
    case = opened(instance, instance.folder / "a.zip", "Boris")
    assert {one["question"]: one["value"] for one in case["answers"]} == {
        "q01": "self",
        "q02": "outside",
        "q05": "here",
        "q23": "none",
        "q27": "no",
        "more": "stop",
    }
    assert (case["level"], case["complete"], case["problems"]) == ("critical", True, [])
