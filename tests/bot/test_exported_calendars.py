"""Calendars as Google, Outlook, Apple, Nextcloud, Proton and Yandex write them: who is called when."""

import time
import unicodedata
from collections.abc import Callable
from datetime import UTC

import pytest

from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.judge import judge
from bot.handoff.rota.shifts import Rota
from tests.bot.exporters import (
    ALMATY,
    BERLIN,
    WINDOWS,
    apple,
    at,
    by_apple,
    by_exchange,
    by_google,
    by_nextcloud,
    by_outlook,
    by_proton,
    by_yandex,
    exchange,
    google,
    local,
    nextcloud,
    nights,
    outlook,
    proton,
    yandex,
)
from tests.places import HERE

NOW = at("25.11.2026 17:00").astimezone(UTC)
LAWYERS = ["Айгуль", "Борис", "Николай"]
THU, FRI = local("20261126T200000", "20261127T080000"), local("20261127T200000", "20261128T080000")
DESK_ZONE = WINDOWS.format(name="Central Asia Standard Time", offset="+0500")
TWO_NIGHTS = ["Айгуль 26.11 20:00 - 27.11 08:00", "Борис 27.11 20:00 - 28.11 08:00"]
FOUR_NIGHTS = [f"Айгуль {day}.11 20:00 - {day + 1}.11 08:00" for day in (26, 27, 28)]
Writes = Callable[..., str]


def desk(begins: str, ends: str) -> str:
    """As Outlook writes times: with the name that Windows has for the zone."""
    return f'DTSTART;TZID="Central Asia Standard Time":{begins}\nDTEND;TZID="Central Asia Standard Time":{ends}'


def past(writes: Writes) -> list[str]:
    """Two years of nights, somebody who has left among them; a meeting, something cancelled, something of 2018."""
    return [
        *nights(writes, names=("Айгуль", "Виктор", "Борис"), first="25.11.2024", last="20.11.2026"),
        writes("Планёрка с бухгалтерией", "DTSTART:20260901T050000Z\nDTEND:20260901T060000Z"),
        writes("Canceled: Виктор", "DTSTART:20260910T150000Z\nDTEND:20260911T030000Z", more="STATUS:CANCELLED\n"),
        writes("Виктор", "DTSTART:20180910T150000Z\nDTEND:20180911T030000Z"),
    ]


def series(summary: str, writes: Writes, rule: str, more: str = "", uid: str = "series") -> str:
    """A night that recurs from Thursday on."""
    return writes(summary, THU, uid, f"RRULE:{rule}\n{more}")


def altered(summary: str, writes: Writes, at_: str, times: str, more: str = "") -> str:
    """One occurrence of that series, altered."""
    return writes(summary, times, "series", f"RECURRENCE-ID{at_}\n{more}")


def day_of(writes: Writes, summary: str, more: str = "", ends: str = "") -> str:
    """A whole day, Thursday."""
    return writes(summary, f"DTSTART;VALUE=DATE:20261126{ends}", "", more)


def thrice_a_day(writes: Writes, first: str, *names: str) -> list[str]:
    """Three people each night since a day, until three days ago."""
    return [one for _ in range(3) for one in nights(writes, names=names, first=first, last="22.11.2026", hours=8)]


def both(writes: Writes) -> list[str]:
    """The two nights to come."""
    return [writes("Айгуль", THU), writes("Борис", FRI)]


ALL_THURSDAY = ["Айгуль 26.11 00:00 - 27.11 00:00"]
ROWS: dict[str, tuple[bytes, list[str], list[str]]] = {
    # --- Google ---
    "Google, single events in UTC after two years": (
        google(
            *past(by_google),
            by_google("Айгуль", "DTSTART:20261126T150000Z\nDTEND:20261127T030000Z"),
            by_google("Борис", "DTSTART:20261127T150000Z\nDTEND:20261128T030000Z"),
        ),
        TWO_NIGHTS,
        [],
    ),
    "Google, every night since 2023, over the change of 2024": (
        google(
            by_google(
                "Айгуль", local("20231126T200000", "20231127T080000"), "s", "RRULE:FREQ=DAILY;UNTIL=20261128T185959Z\n"
            ),
            zone=ALMATY,
        ),
        [f"Айгуль {d}.11 20:00 - {d + 1}.11 08:00" for d in (23, 24, 25, 26, 27, 28)],
        [],
    ),
    "Google, a series with one night given to another": (
        google(
            series("Айгуль", by_google, "FREQ=DAILY;COUNT=3"),
            altered("Борис", by_google, ";TZID=Asia/Almaty:20261127T200000", FRI),
            zone=ALMATY,
        ),
        [FOUR_NIGHTS[0], TWO_NIGHTS[1], FOUR_NIGHTS[2]],
        [],
    ),
    "Google, one night of a series deleted": (
        google(
            series("Айгуль", by_google, "FREQ=DAILY;COUNT=3"),
            by_google("Айгуль", FRI, "series", "RECURRENCE-ID;TZID=Asia/Almaty:20261127T200000\n", status="CANCELLED"),
            zone=ALMATY,
        ),
        [FOUR_NIGHTS[0], FOUR_NIGHTS[2]],
        [],
    ),
    "Google, this and all following by another": (
        google(
            series("Айгуль", by_google, "FREQ=DAILY;UNTIL=20261127T145959Z"),
            by_google("Борис", FRI, "series_R20261127T150000@google.com", "RRULE:FREQ=DAILY;COUNT=2\n"),
            zone=ALMATY,
        ),
        [TWO_NIGHTS[0], TWO_NIGHTS[1], "Борис 28.11 20:00 - 29.11 08:00"],
        [],
    ),
    "Google, whole days, shown as free": (
        google(day_of(by_google, "Айгуль", "X-TRANSP:TRANSPARENT\n", "\nDTEND;VALUE=DATE:20261127")),
        ALL_THURSDAY,
        [],
    ),
    "Google, a series that ended after ten times, with a rule that nobody understands now": (
        google(
            by_google(
                "Виктор", local("20250101T200000", "20250102T080000"), "", "RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=WE\n"
            ),
            *both(by_google),
            zone=ALMATY,
        ),
        TWO_NIGHTS,
        [],
    ),
    "Google, somebody's birthday in the same calendar": (
        google(
            by_google(
                "День рождения", "DTSTART;VALUE=DATE:19851201\nDTEND;VALUE=DATE:19851202", "b", "RRULE:FREQ=YEARLY\n"
            ),
            *both(by_google),
            zone=ALMATY,
        ),
        TWO_NIGHTS,
        ["День рождения: День рождения is not a lawyer who takes part"],
    ),
    # --- Outlook ---
    "Outlook, with its zone, colours and alarms, after two years": (
        outlook(
            *past(by_outlook),
            by_outlook("Айгуль", desk("20261126T200000", "20261127T080000")),
            by_outlook("Борис", desk("20261127T200000", "20261128T080000")),
            zone=DESK_ZONE,
        ),
        TWO_NIGHTS,
        [],
    ),
    "Outlook, the zone named and not defined": (
        outlook(
            by_outlook("Айгуль", local("20261126T200000", "20261127T080000", '"Qyzylorda Standard Time"')),
            by_outlook("Борис", local("20261127T200000", "20261128T080000", '"Qyzylorda Standard Time"')),
        ),
        TWO_NIGHTS,
        [],
    ),
    "Outlook, a zone of its own name": (
        outlook(
            by_outlook("Айгуль", local("20261126T180000", "20261127T060000", "Customized Time Zone")),
            zone=WINDOWS.format(name="Customized Time Zone", offset="+0300"),
        ),
        TWO_NIGHTS[:1],
        [],
    ),
    "Outlook, cancelled in the title": (
        outlook(
            by_outlook("Canceled: Айгуль", desk("20261126T200000", "20261127T080000")),
            by_outlook("Отменено: Николай", desk("20261127T200000", "20261128T080000"), "", "STATUS:CANCELLED\n"),
            by_outlook("Борис", desk("20261127T200000", "20261128T080000")),
            zone=DESK_ZONE,
        ),
        TWO_NIGHTS[1:],
        [],
    ),
    "Outlook, a whole series cancelled, its exception too": (
        outlook(
            series("Отменено: Айгуль", by_outlook, "FREQ=DAILY;COUNT=3", "STATUS:CANCELLED\n"),
            altered("Николай", by_outlook, ":20261127T150000Z", FRI),
            by_outlook("Борис", FRI),
        ),
        TWO_NIGHTS[1:],
        [],
    ),
    "Outlook, the last Thursday of each month": (
        outlook(series("Айгуль", by_outlook, "FREQ=MONTHLY;COUNT=2;BYDAY=TH;BYSETPOS=-1"), zone=ALMATY),
        [TWO_NIGHTS[0], "Айгуль 31.12 20:00 - 01.01 08:00"],
        [],
    ),
    "Outlook, the first Monday of each month": (
        outlook(
            by_outlook(
                "Айгуль", local("20261102T200000", "20261103T080000"), "", "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1\n"
            ),
            zone=ALMATY,
        ),
        ["Айгуль 07.12 20:00 - 08.12 08:00", "Айгуль 04.01 20:00 - 05.01 08:00"],
        [],
    ),
    "Outlook, the last working day of each month": (
        outlook(
            by_outlook(
                "Борис",
                local("20261030T080000", "20261030T200000"),
                "",
                "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1\n",
            )
        ),
        ["Борис 30.11 08:00 - 30.11 20:00", "Борис 31.12 08:00 - 31.12 20:00"],
        [],
    ),
    # --- Exchange, Outlook on the web ---
    "Exchange, a series until a moment in UTC, one night moved": (
        exchange(
            by_exchange(
                "Айгуль",
                local("20261126T200000", "20261127T080000", "Qyzylorda Standard Time"),
                "series",
                "RRULE:FREQ=DAILY;UNTIL=20261128T150000Z;INTERVAL=1\n",
            ),
            altered(
                "Айгуль",
                by_exchange,
                ";TZID=Qyzylorda Standard Time:20261127T200000",
                local("20261127T220000", "20261128T080000", "Qyzylorda Standard Time"),
            ),
            zone=WINDOWS.format(name="Qyzylorda Standard Time", offset="+0500"),
        ),
        [FOUR_NIGHTS[0], "Айгуль 27.11 22:00 - 28.11 08:00", FOUR_NIGHTS[2]],
        [],
    ),
    "Exchange, cancelled by its status with a title of Exchange's": (
        exchange(
            by_exchange("Отменено: Собрание коллегии", THU, status="CANCELLED"),
            by_exchange("Собрание", FRI, status="CANCELLED"),
            *both(by_exchange),
            zone=ALMATY,
        ),
        TWO_NIGHTS,
        [],
    ),
    "Exchange, one night of a series called off by its title": (
        exchange(
            series("Айгуль", by_exchange, "FREQ=DAILY;COUNT=3"),
            altered("Canceled: Айгуль", by_exchange, ";TZID=Asia/Almaty:20261127T200000", FRI),
            zone=ALMATY,
        ),
        [FOUR_NIGHTS[0], FOUR_NIGHTS[2]],
        [],
    ),
    "Exchange, after two years": (exchange(*past(by_exchange), *both(by_exchange), zone=ALMATY), TWO_NIGHTS, []),
    # --- Apple ---
    "Apple, й in two marks": (
        apple(by_apple(unicodedata.normalize("NFD", "Николай [KK]"), THU), by_apple("Борис", FRI)),
        ["Николай 26.11 20:00 - 27.11 08:00 kk", TWO_NIGHTS[1]],
        [],
    ),
    "Apple, a series with a night taken out and one moved": (
        apple(
            series(
                "Айгуль", by_apple, "FREQ=DAILY;UNTIL=20261129T185959Z", "EXDATE;TZID=Asia/Almaty:20261128T200000\n"
            ),
            altered(
                "Айгуль", by_apple, ";TZID=Asia/Almaty:20261127T200000", local("20261127T210000", "20261128T080000")
            ),
        ),
        [FOUR_NIGHTS[0], "Айгуль 27.11 21:00 - 28.11 08:00", "Айгуль 29.11 20:00 - 30.11 08:00"],
        [],
    ),
    "Apple, once a year": (
        apple(
            by_apple(
                "Айгуль",
                local("20191231T200000", "20200101T080000"),
                "",
                "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31\n",
            )
        ),
        ["Айгуль 31.12 20:00 - 01.01 08:00"],
        [],
    ),
    "Apple, times without a zone": (
        apple(by_apple("Айгуль", "DTSTART:20261126T200000\nDURATION:PT12H"), zone=""),
        TWO_NIGHTS[:1],
        [],
    ),
    "Apple, after two years": (apple(*past(by_apple), *both(by_apple)), TWO_NIGHTS, []),
    # --- Nextcloud ---
    "Nextcloud, a series of evenings until a day": (
        nextcloud(series("Айгуль", by_nextcloud, "FREQ=DAILY;UNTIL=20261128")),
        FOUR_NIGHTS,
        [],
    ),
    "Nextcloud, a series of mornings until a time without a zone": (
        nextcloud(series("Айгуль", by_nextcloud, "FREQ=DAILY;UNTIL=20261128T200000")),
        FOUR_NIGHTS,
        [],
    ),
    "Nextcloud, a night of a timed series altered by its day": (
        nextcloud(
            series("Айгуль", by_nextcloud, "FREQ=DAILY;COUNT=3"),
            altered("Борис", by_nextcloud, ";VALUE=DATE:20261127", FRI),
        ),
        [FOUR_NIGHTS[0], TWO_NIGHTS[1], FOUR_NIGHTS[2]],
        [],
    ),
    "Nextcloud, a night of a timed series taken out by its day": (
        nextcloud(series("Айгуль", by_nextcloud, "FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261127\n")),
        [FOUR_NIGHTS[0], FOUR_NIGHTS[2]],
        [],
    ),
    "Nextcloud, a whole day without an end": (nextcloud(day_of(by_nextcloud, "Айгуль")), ALL_THURSDAY, []),
    "Nextcloud, a whole day that ends as it begins": (
        nextcloud(day_of(by_nextcloud, "Айгуль", "", "\nDTEND;VALUE=DATE:20261126")),
        ALL_THURSDAY,
        [],
    ),
    "Nextcloud, whole days, one taken out at its midnight and one altered at it": (
        nextcloud(
            by_nextcloud(
                "Айгуль",
                "DTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261127",
                "series",
                "RRULE:FREQ=DAILY;UNTIL=20261128T190000Z\nEXDATE:20261126T190000Z\n",
            ),
            altered(
                "Борис",
                by_nextcloud,
                ";TZID=Asia/Almaty:20261128T000000",
                "DTSTART;VALUE=DATE:20261128\nDTEND;VALUE=DATE:20261129",
            ),
        ),
        ["Айгуль 26.11 00:00 - 27.11 00:00", "Борис 28.11 00:00 - 29.11 00:00", "Айгуль 29.11 00:00 - 30.11 00:00"],
        [],
    ),
    "Nextcloud, this and all following an hour later": (
        nextcloud(
            series("Айгуль", by_nextcloud, "FREQ=DAILY;COUNT=3"),
            altered(
                "Айгуль",
                by_nextcloud,
                ";RANGE=THISANDFUTURE;TZID=Asia/Almaty:20261127T200000",
                local("20261127T210000", "20261128T090000"),
            ),
        ),
        [FOUR_NIGHTS[0], "Айгуль 27.11 21:00 - 28.11 09:00", "Айгуль 28.11 21:00 - 29.11 09:00"],
        [],
    ),
    "Nextcloud, after two years": (nextcloud(*past(by_nextcloud), *both(by_nextcloud)), TWO_NIGHTS, []),
    # --- Proton ---
    "Proton, after two years": (proton(*past(by_proton), *both(by_proton)), TWO_NIGHTS, []),
    "Proton, weekly by two days, a night altered in another zone": (
        proton(
            series("Айгуль", by_proton, "FREQ=WEEKLY;BYDAY=TH,FR;UNTIL=20261203T185959Z"),
            altered("Борис", by_proton, ";TZID=Europe/Berlin:20261127T160000", FRI),
            zone=ALMATY + BERLIN,
        ),
        [*TWO_NIGHTS, "Айгуль 03.12 20:00 - 04.12 08:00"],
        [],
    ),
    "Proton, a lawyer who lives by Berlin's clock, since summer": (
        proton(
            by_proton(
                "Борис [ru]",
                local("20260702T160000", "20260703T040000", "Europe/Berlin"),
                "",
                "RRULE:FREQ=WEEKLY;COUNT=23\n",
            ),
            zone=BERLIN,
        ),
        ["Борис 26.11 20:00 - 27.11 08:00 ru", "Борис 03.12 20:00 - 04.12 08:00 ru"],
        [],
    ),
    # --- Yandex ---
    "Yandex, with its category, after two years": (yandex(*past(by_yandex), *both(by_yandex)), TWO_NIGHTS, []),
    "Yandex, names as a hand has typed them": (
        yandex(
            by_yandex("\u00a0айгуль\u200b  [ KK,\u00a0West ]", THU),
            by_yandex("Бо\u00adрис  ", FRI),
        ),
        ["Айгуль 26.11 20:00 - 27.11 08:00 kk west", TWO_NIGHTS[1]],
        [],
    ),
    "Yandex, every week, one taken out": (
        yandex(series("Айгуль", by_yandex, "FREQ=WEEKLY;BYDAY=TH;INTERVAL=1;COUNT=3", "EXDATE:20261203T150000Z\n")),
        [TWO_NIGHTS[0], "Айгуль 10.12 20:00 - 11.12 08:00"],
        [],
    ),
    "Yandex, a meeting that is still to come": (
        yandex(by_yandex("Планёрка", THU), *both(by_yandex)),
        TWO_NIGHTS,
        ["Планёрка: Планёрка is not a lawyer who takes part"],
    ),
    "Yandex, somebody who has left, from now on": (
        yandex(*past(by_yandex), by_yandex("Виктор", THU), by_yandex("Борис", FRI)),
        TWO_NIGHTS[1:],
        ["Виктор: Виктор is not a lawyer who takes part"],
    ),
    "Yandex, somebody who has left, the night before this": (
        yandex(by_yandex("Виктор", local("20261124T200000", "20261125T080000")), by_yandex("Борис", FRI)),
        TWO_NIGHTS[1:],
        [],
    ),
    "Yandex, blank lines, a mark at the beginning, and bare line feeds": (
        b"\xef\xbb\xbf" + yandex(*both(by_yandex)).replace(b"\r\n", b"\n\n"),
        TWO_NIGHTS,
        [],
    ),
    "Yandex, an exception that cannot be used": (
        yandex(
            series("Айгуль", by_yandex, "FREQ=DAILY;COUNT=3"),
            altered(
                "Борис", by_yandex, ";TZID=Asia/Almaty:20261127T200000", "DTSTART;TZID=Asia/Almaty:20261127T200000"
            ),
        ),
        [FOUR_NIGHTS[0], FOUR_NIGHTS[2]],
        ["Борис: DTEND or DURATION is missing"],
    ),
    # --- much ---
    "three shifts a day for ten months, as Google writes them": (
        google(*thrice_a_day(by_google, "25.01.2026", "Виктор"), *both(by_google), zone=ALMATY),
        TWO_NIGHTS,
        [],
    ),
    "three shifts a day for two years, as Outlook writes them": (
        outlook(*thrice_a_day(by_outlook, "25.11.2024", "Виктор", "Айгуль"), *both(by_outlook), zone=ALMATY),
        TWO_NIGHTS,
        [],
    ),
}


def read(text: bytes) -> Rota:
    """By the lawyers, languages and regions of this module."""
    return judge(plan_of(text, NOW, HERE), LAWYERS, ["ru", "kk", "en"], ["west", "east"])


def shown(rota: Rota) -> list[str]:
    """Each shift of the rota in one line, in Kazakhstan's time: who, from, to, for what."""
    return [
        " ".join(
            [
                one.name,
                f"{one.begins.astimezone(HERE):%d.%m %H:%M} - {one.ends.astimezone(HERE):%d.%m %H:%M}",
                *one.languages,
                *one.regions,
            ]
        )
        for one in rota.shifts
    ]


@pytest.mark.parametrize("name", ROWS)
def test_a_calendar_as_its_program_writes_it_says_who_is_called_when(name: str) -> None:
    """What the program adds by itself, and what is over, decides nothing; what cannot be used is named."""
    text, expected, problems = ROWS[name]
    begun = time.process_time()
    rota = read(text)
    assert time.process_time() - begun < 1.0
    assert shown(rota) == expected
    assert [f"{one.called}: {one.why}" for one in rota.problems] == problems


def test_the_large_ones_are_larger_than_a_quarter_of_a_megabyte() -> None:
    """Else they would show nothing about history."""
    sizes = [len(ROWS[name][0]) for name in ROWS if name.startswith("three shifts")]
    assert [one > 256 * 1024 for one in sizes] == [True, True]
