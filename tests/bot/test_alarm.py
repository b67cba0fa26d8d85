"""Whoever must be told is told: nobody reachable, a crowd, calm cases, and the truth for the person who waits."""

import asyncio
import re
import statistics
import time

import pytest

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from tests.bot.walks import HELD_STEPS, abroad, answer, answers, called, consent, not_now
from tests.conftest import change_rows

on_sqlite = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)


@pytest.mark.timed
@on_sqlite
async def test_when_every_lawyer_on_duty_has_blocked_the_bot_the_next_rung_rings_at_once(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Fault E14: within two seconds everybody else; coordinators hear who cannot be reached; with nobody, the truth."""
    await asyncio.to_thread(instance.add_member, "Dina", 203, "--language", "ru")  # not on call
    aigul, boris, dina = telegram.person(201), telegram.person(202), telegram.person(203)
    clara, person = telegram.person(301), telegram.person(990)
    await instance.start()
    aigul.block(), boris.block()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    pressed = time.monotonic()
    person.press("Удерживают")
    alert = await dina.sees("СРОЧНО")
    print(f"\nall duty lawyers gone: the next rung after {alert.at - pressed:.2f} s")
    assert alert.at - pressed < 2.0
    await clara.sees("No connection to Aigul")
    await clara.sees("No connection to Boris")
    dina.block()
    other = telegram.person(991)
    await called(other)
    await clara.sees("nobody can take it now")
    card = await other.sees("Сейчас ни с одним юристом нет связи.")
    await other.until(lambda: "сообщили координаторам." in card.text or None)  # once it has reached one of them
    telegram.world.blocked.discard(202)
    boris.say("/help")  # whoever writes can be reached again
    await boris.sees("/oncall")
    await called(telegram.person(992))
    await boris.sees("СРОЧНО")


async def test_many_critical_cases_become_one_list_that_rings_at_most_every_five_minutes(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Three alone, then one card for all; a case with a text stands first; none is dropped, each can be taken there."""
    aigul = telegram.person(201)
    telegram.person(202)
    people = [telegram.person(3000 + number) for number in range(6)]
    await instance.start()
    for person in people[:3]:
        await called(person)
    await aigul.until(lambda: len([one for one in aigul.from_bot if "Өзіме алу" in one.labels]) == 3 or None)
    for person in people[3:]:
        await called(person)
    card = await aigul.sees("ШҰҒЫЛ. Кезекте 6 өтініш бар")
    await aigul.until(lambda: len(aigul.from_bot) == 1 or None)  # the three alone are gone
    last = people[4]
    await answers(
        last,
        ("1", "Кто вас удерживает?"),
        ("2", "Вас передают России"),
        ("5", "Назначен"),
        ("5", "Как юристу безопасно"),
        ("2", "Как именно связаться"),
        ("через сестру", "Какой город"),
    )
    assert len(aigul.from_bot) == 1  # it rang when it became a list, and is only changed until five minutes are over
    aigul.press_data(card.buttons[0][0].data, card.id)
    await aigul.wait(lambda one: one.document is not None)
    await aigul.until(lambda: any("Кезекте 5 өтініш бар" in one.text for one in aigul.from_bot) or None)


async def test_a_ring_of_the_list_that_was_put_off_starts_the_five_minutes_anew(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The ring of the sixth case comes late, when the five minutes are over; the seventh does not ring right after."""
    aigul = telegram.person(201)
    telegram.person(202)
    people = [telegram.person(3000 + number) for number in range(7)]
    await instance.start()
    for person in people[:6]:
        await called(person)
    first = await aigul.sees("Кезекте 6 өтініш бар")
    change_rows(instance, "UPDATE list_card SET rang_at = '2026-11-01 00:00:00'")
    change_rows(instance, "UPDATE outbox SET next_at = '2026-11-01 00:00:00' WHERE kind = 'rings'")
    second = await aigul.wait(lambda one: "Кезекте 6 өтініш бар" in one.text and one.id != first.id)
    await called(people[6])
    await aigul.until(lambda: any("Кезекте 7 өтініш бар" in one.text for one in aigul.from_bot) or None)
    assert [one.id for one in aigul.from_bot] == [second.id]


async def test_a_calm_case_comes_in_the_list_of_nine_oclock_and_the_person_is_told_so(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Nothing named a danger: nobody is rung, and the next list has it."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(993)
    await instance.start()
    await abroad(person)
    await answer(person, "отправить", "Ответы отправлены")
    await person.sees("в ближайшем списке, в 09:00")
    assert aigul.from_bot == boris.from_bot == []
    change_rows(instance, "UPDATE handoff SET began_at = '2026-11-01 00:00:00', next_due_at = '2026-11-01 00:00:00'")
    digest = await boris.sees("В очереди 1 обращение")  # he speaks the person's language
    assert len(digest.labels) == 1
    boris.press(digest.labels[0])
    await boris.wait(lambda one: one.document is not None)
    await boris.sees("В этом списке больше никто не ждёт")
    assert aigul.from_bot == []


@on_sqlite
async def test_a_stranger_learns_nothing_about_any_case(telegram: BotApiServer, instance: Instance) -> None:
    """Fault E30: taking a case that exists and one that does not answer alike, to a stranger and to a member."""
    aigul, boris = telegram.person(201), telegram.person(202)
    await instance.start()
    await called(telegram.person(995))
    alert = await aigul.sees("ШҰҒЫЛ")
    code = next(word.strip(".") for word in alert.text.split() if len(word.strip(".")) == 9 and "-" in word)
    take = alert.buttons[0][0].data
    took: dict[str, list[float]] = {code: [], "FF6G-KJK8": []}
    seen = set()
    for number in range(30):
        for one, times in took.items():
            stranger, begun = telegram.person(20_000 + 2 * number + (one == code)), time.monotonic()
            press = stranger.press_data(take.replace(code, one), 1)
            await stranger.until(lambda press=press: press.answered or None)
            stranger.say(f"/take {one}")
            await stranger.until(lambda stranger=stranger: stranger.from_bot or None)
            times.append(time.monotonic() - begun)
            seen.add((press.toast, stranger.last.text))
        if number == 9:
            aigul.press("Өзіме алу", alert)
            await aigul.wait(lambda one: one.document is not None)
    assert len(seen) == 1
    known, unknown = (statistics.median(one) for one in took.values())
    print(f"\na stranger's /take: known {known * 1000:.0f} ms, unknown {unknown * 1000:.0f} ms")
    for one in took:
        boris.say(f"/take {one}")
        await boris.until(lambda: boris.last.text == "Для вас такого обращения нет." or None)


async def test_the_person_who_waits_sees_the_true_state_without_a_sound_unless_they_want_one(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Told when, more called when, taken when; one card that is changed; a neutral ping only for who chose it."""
    configuration = instance.folder / "pana.toml"
    rungs = '{after = "0s", who = "on_call"}, {after = "2s", who = "all"}'
    configuration.write_text(configuration.read_text() + f"\n[oncall.ladder.critical]\nrungs = [{rungs}]\n")
    await asyncio.to_thread(instance.add_member, "Dina", 203, "--language", "ru")
    boris, dina, person = telegram.person(202), telegram.person(203), telegram.person(996)
    telegram.person(201)
    await instance.start()
    await called(person)
    await answers(
        person,
        ("1", "Кто вас удерживает?"),
        ("2", "Вас передают России"),
        ("5", "Назначен"),
        ("5", "Как юристу безопасно"),
        ("1", "Какой город"),
        ("1", "какой орган"),
        ("/skip", "Какие бумаги"),
        ("/skip", "С какого времени"),
        *HELD_STEPS,
        ("1", "Проверьте ответы"),
        ("отправить", "Ответы отправлены"),
    )
    await dina.sees("СРОЧНО")
    card = await person.sees("Ответы отправлены")

    def told() -> int:
        return sum(int(number) for number in re.findall(r"сообщили (\d+) юрист", card.text))

    await person.until(lambda: told() == 3 or None)
    assert [one.id for one in person.from_bot] == [card.id]
    person.press("Сообщать о новостях")
    await person.until(lambda: "Не сообщать" in card.labels or None)
    boris.press("Взять в работу")
    ping = await person.wait(lambda one: one.text == "Есть новое сообщение")
    await person.sees(": обращение взял юрист.")
    assert ping.labels == ["Показать"]


async def flood(telegram: BotApiServer, seconds: float, a_second: int, hostile: int) -> int:
    """So many /start a second from so many accounts; how many were sent."""
    people = [telegram.person(500_000 + number) for number in range(hostile)]
    begun, sent = time.monotonic(), 0
    while (passed := time.monotonic() - begun) < seconds:
        while sent < passed * a_second:
            people[sent % hostile].say("/start")
            sent += 1
        await asyncio.sleep(0.02)
    return sent


async def alarm_under(
    telegram: BotApiServer, instance: Instance, people: int, a_second: int, hostile: int, before: float = 2.0
) -> None:
    """Decisive taps while others flood, for so many seconds `before`; prints tap to alert and tap to card."""
    aigul = telegram.person(201)
    telegram.person(202)
    await instance.start()
    seekers = [telegram.person(4000 + number) for number in range(people)]
    for person in seekers:
        await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    flooding = asyncio.create_task(flood(telegram, people * 0.5 + 2 * before, a_second, hostile))
    await asyncio.sleep(before)
    alerts, cards = [], []
    for person in seekers:
        alert, card = await one_alarm(person, aigul)
        alerts.append(alert)
        cards.append(card)
        await asyncio.sleep(0.2)
    sent = await flooding
    alerts.sort(), cards.sort()
    print(
        f"\n{sent} updates of a flood from {hostile}: tap to alert p50 {statistics.median(alerts):.2f} s,"
        f" worst {alerts[-1]:.2f} s of {people}; tap to card p50 {statistics.median(cards):.2f} s,"
        f" worst {cards[-1]:.2f} s; {rss(instance)} MB"
    )
    assert alerts[-1] < 5.0
    assert cards[-1] < 3.0
    assert rss(instance) < 400


async def one_alarm(person: Person, lawyer: Person) -> tuple[float, float]:
    """One decisive tap, then "not now": seconds to the alert, and to the person's next card."""
    known = {one.id for one in lawyer.from_bot}
    pressed = time.monotonic()
    person.press("Удерживают")
    alert = await lawyer.wait(lambda one: one.id not in known and "ШҰҒЫЛ" in one.text, 30)
    card = await person.sees("Кому нужна помощь?", 30)
    await not_now(person)
    await lawyer.until(lambda: "тоқтатылды" in alert.text or None, 30)
    return alert.at - pressed, card.at - pressed


def rss(instance: Instance) -> int:
    """Megabytes that the bot's process has in memory."""
    assert instance.process is not None
    with open(f"/proc/{instance.process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) // 1024


@pytest.mark.timed
@on_sqlite
async def test_an_alarm_passes_a_flood(telegram: BotApiServer, instance: Instance) -> None:
    """Fault E11 in short: 400 updates a second from 2,000 accounts hold up neither alert nor card."""
    await alarm_under(telegram, instance, 4, 400, 2000, before=1.0)


@pytest.mark.long
@on_sqlite
async def test_an_alarm_with_a_hundred_updates_a_second(telegram: BotApiServer, instance: Instance) -> None:
    """Fault E10: p50 and the worst of forty."""
    await alarm_under(telegram, instance, 40, 100, 300)


@pytest.mark.long
@on_sqlite
async def test_an_alarm_in_a_flood_of_a_thousand_a_second(telegram: BotApiServer, instance: Instance) -> None:
    """Fault E11: 1,000 updates a second from 10,000 hostile accounts."""
    await alarm_under(telegram, instance, 40, 1000, 10_000)
