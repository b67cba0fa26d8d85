"""Calendars that strangers could write: each is refused or read at once, whatever component is made expensive."""

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import bounded
from bot.errors import RotaError
from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.judge import judge
from bot.handoff.rota.plan import LARGEST_FILE, Plan, worked_out
from bot.handoff.rota.shifts import Rota
from tests.bot.calendars import calendar, event, inside, observance, zone
from tests.bot.test_rota import MEANINGS
from tests.places import HERE
from tests.whole import WHOLE, one_in

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
A_SECOND = 1.0
DAY = "DTSTART:20261126T080000\nDTEND:20261126T200000"
SINCE_2020 = "DTSTART:20200101T080000\nDURATION:PT1H"
IN_ZONE = "DTSTART;TZID=Ours:20261126T080000\nDURATION:PT1H"
NUMBER = "9" * 10_000
OTHERS = ["VTODO", "VJOURNAL", "VFREEBUSY", "VALARM", "VAVAILABILITY", "X-MINE", "VEVENT2", "STANDARD"]
COSTLY = ["FREQ=SECONDLY;UNTIL=20380101T000000Z", "FREQ=MINUTELY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"]


def both(rule: str, begins: str = "19700101T000000") -> str:
    """A zone whose two halves have the same rule, and an event in it."""
    parts = (observance(kind, begins, f"RRULE:{rule}") for kind in ("STANDARD", "DAYLIGHT"))
    return zone(*parts) + event("Aigul", IN_ZONE)


def dates(count: int, year: int = 2026) -> str:
    """So many times, a minute apart."""
    return ",".join(f"{year}12{1 + n // 1440:02}T{n // 60 % 24:02}{n % 60:02}00" for n in range(count))


def zones(count: int, rule: str) -> Iterator[str]:
    """Many zones, each with an event in it."""
    for n in range(count):
        yield zone(observance(rule=f"RRULE:{rule}"), observance("DAYLIGHT", rule=f"RRULE:{rule}"), name=f"Z{n}")
        yield event("Aigul", f"DTSTART;TZID=Z{n}:20261126T080000\nDURATION:PT1H")


def deep(kind: str, depth: int) -> str:
    """Components inside of each other."""
    return f"BEGIN:{kind}\n" * depth + f"END:{kind}\n" * depth


HOSTILE: dict[str, list[str]] = {
    **{f"a zone by {rule[:24]}": [both(rule)] for rule in COSTLY},
    **{
        f"a zone by {rule}": [both(rule)]
        for rule in [
            "FREQ=DAILY",
            "FREQ=HOURLY",
            "FREQ=YEARLY;BYSETPOS=400",
            "FREQ=YEARLY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3",
            "FREQ=YEARLY;BYDAY=2SU;BYMONTHDAY=1",
            "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
            "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=3",
            "FREQ=YEARLY;COUNT=9999999",
            "FREQ=YEARLY;FREQ=SECONDLY",
            "FREQ=YEARLY;INTERVAL=0",
            "FREQ=YEARLY;BYMONTH=3;BYDAY=1FR,SU",
            "FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10",
        ]
    },
    "a zone with two rules": [zone(observance(rule="RRULE:FREQ=YEARLY\nRRULE:FREQ=SECONDLY")), event("Aigul", IN_ZONE)],
    "a zone with a rule taken out": [
        zone(observance(rule="RRULE:FREQ=YEARLY\nEXRULE:FREQ=SECONDLY")),
        event("Aigul", IN_ZONE),
    ],
    "a rule hidden in the name of an offset": [
        zone(observance(rule="TZNAME:A\u2028RRULE:FREQ=SECONDLY")),
        event("Aigul", IN_ZONE),
    ],
    "a rule hidden in the name of a zone": [
        zone(observance(), name="Ours\x0bBEGIN:STANDARD\x0bRRULE:FREQ=SECONDLY"),
        event("Aigul", "DTSTART;TZID=Ours\x0bBEGIN:STANDARD\x0bRRULE:20261126T080000\nDURATION:PT1H"),
    ],
    "a rule hidden in a date of a zone": [
        zone(observance(begins="19700101T000000\x85RRULE:FREQ=SECONDLY")),
        event("Aigul", IN_ZONE),
    ],
    "a zone since the year 1": [both("FREQ=YEARLY", "00010101T000000")],
    "a zone until the year 9999": [both("FREQ=YEARLY;UNTIL=99991231T000000Z", "99990101T000000")],
    "a zone with 20,000 dates": [zone(observance(rule=f"RDATE:{dates(15_000)}")), event("Aigul", IN_ZONE)],
    "a zone with periods": [
        zone(observance(rule="RDATE;VALUE=PERIOD:19700101T000000/P999999999D")),
        event("Aigul", IN_ZONE),
    ],
    "an offset of many digits": [zone(observance(offset=f"+{NUMBER}")), event("Aigul", IN_ZONE)],
    "an offset of 99 hours": [zone(observance(offset="+9999")), event("Aigul", IN_ZONE)],
    "100 zones, daily": [*zones(100, "FREQ=DAILY")],
    "100 zones, yearly": [*zones(100, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")],
    **{
        f"60 changes of a zone by {rule}": [
            zone(*(observance(begins="00010101T000000", rule=f"RRULE:{rule}") for _ in range(60))),
            event("Aigul", IN_ZONE),
        ]
        for rule in [
            "FREQ=YEARLY;BYMONTHDAY=" + ",".join(map(str, range(1, 32))),
            "FREQ=YEARLY;BYMONTH=2;BYDAY=5SU",
            "FREQ=YEARLY;BYMONTH=2;BYDAY=MO",
            "FREQ=YEARLY;BYMONTH=2;BYDAY=MO;BYMONTHDAY=25,26,27,28,29,30,31",
            "FREQ=YEARLY;COUNT=200",
            "FREQ=YEARLY",
        ]
    },
    "30 zones, yearly": [*zones(30, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")],
    "1000 zones of one name": [zone(observance(rule="RRULE:FREQ=YEARLY")) * 1000, event("Aigul", IN_ZONE)],
    "zones in zones": [
        "BEGIN:VTIMEZONE\nTZID:Ours\n" * 500 + "END:VTIMEZONE\n" * 500,
        event("Aigul", IN_ZONE),
    ],
    "a zone with 1000 parts": [zone(observance(rule="RRULE:FREQ=YEARLY") * 1000), event("Aigul", IN_ZONE)],
    "a zone that names itself": [
        zone(inside("STANDARD", "DTSTART;TZID=Ours:19700101T000000", "TZOFFSETFROM:+0500", "TZOFFSETTO:+0500")),
        event("Aigul", IN_ZONE),
    ],
    "a zone without parts": [zone(), event("Aigul", IN_ZONE)],
    "a zone after its event": [event("Aigul", IN_ZONE), both("FREQ=SECONDLY")],
    "a file for a zone": [event("Aigul", "DTSTART;TZID=../../../dev/zero:20261126T080000\nDURATION:PT1H")],
    "a folder for a zone": [event("Aigul", "DTSTART;TZID=America:20261126T080000\nDURATION:PT1H")],
    "a zone without end": [event("Aigul", f"DTSTART;TZID={'/a' * 400}:20261126T080000\nDURATION:PT1H")],
    "1500 unknown zones": [
        event("Aigul", f"DTSTART;TZID=/a/b/c/d/{n}:20261126T080000\nDURATION:PT1H") for n in range(1500)
    ],
    "an unknown zone 1500 times": [
        event("Aigul", "DTSTART;TZID=/a/b/c/d/e/f:20261126T080000\nDURATION:PT1H") for _ in range(1500)
    ],
    **{
        f"{kind} by {rule[:20]}": [inside(kind, DAY, f"RRULE:{rule}"), event("Aigul", DAY)]
        for kind in OTHERS
        for rule in COSTLY[:1]
    },
    **{f"{kind} in an event": [event("Aigul", f"{DAY}\n{inside(kind, DAY, COSTLY[0]).strip()}")] for kind in OTHERS},
    **{f"{kind} 10,000 deep": [deep(kind, 8000), event("Aigul", DAY)] for kind in ("VEVENT", "X-A", "VALARM", "VTODO")},
    "10,000 alarms": [event("Aigul", f"{DAY}\n" + "BEGIN:VALARM\nEND:VALARM\n" * 8000)],
    "an alarm that repeats": [
        event("Aigul", f"{DAY}\n" + inside("VALARM", "TRIGGER:-PT1S", f"REPEAT:{NUMBER}", "DURATION:PT1S").strip())
    ],
    "calendars inside of each other": [deep("VCALENDAR", 5000)],
    "7000 events": ["BEGIN:VEVENT\nDTSTART:20261126\nEND:VEVENT\n" * 5000],
    "1500 events": [event("Aigul", DAY) for _ in range(1500)],
    "1500 events of one UID": [event("Aigul", DAY, uid="s") for _ in range(1500)],
    "1500 events without a UID": [event("Aigul", DAY, uid="s").replace("UID:s\n", "") for _ in range(1500)],
    "1400 exceptions of one series": [
        event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY", uid="s"),
        *(
            event("Aigul", f"{DAY}\nRECURRENCE-ID:202611{1 + n // 1440:02}T{n // 60 % 24:02}{n % 60:02}00", uid="s")
            for n in range(1400)
        ),
    ],
    "1000 times this and all to come": [
        event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY", uid="s"),
        *(event("Aigul", f"{DAY}\nRECURRENCE-ID;RANGE=THISANDFUTURE:{one}", uid="s") for one in dates(1000).split(",")),
    ],
    "exceptions with rules of their own": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY", uid="s"),
        *(event("Aigul", f"{DAY}\nRECURRENCE-ID:{one}\nRRULE:FREQ=DAILY", uid="s") for one in dates(40).split(",")),
    ],
    "an exception moved by eighty years": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY", uid="s"),
        event("Aigul", "DTSTART:20990101T080000\nDURATION:PT1H\nRECURRENCE-ID:20200102T080000", uid="s"),
    ],
    "rules of many years": [event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY") for _ in range(39)],
    "rules of many years in a zone of its own": [
        zone(
            observance("STANDARD", "16010101T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
            observance("DAYLIGHT", "16010101T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "+0600"),
        ),
        *(event("Aigul", f"DTSTART;TZID=Ours:20200101T{n:02}0000\nDURATION:PT1H\nRRULE:FREQ=DAILY") for n in range(24)),
    ],
    "rules of many years by weekdays": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=MONTHLY;BYDAY=1MO,2TU,3WE,4TH,5FR,-1SA") for _ in range(39)
    ],
    "long shifts every day": [
        event("Aigul", "DTSTART:20251001T080000\nDURATION:P366D\nRRULE:FREQ=DAILY") for _ in range(30)
    ],
    "a rule a thousand times": [event("Aigul", f"{DAY}\n" + "RRULE:FREQ=DAILY\n" * 990)],
    "a rule twice": [event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY\nRRULE:FREQ=SECONDLY")],
    "a rule with a second line in it": [event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;WKST=MO RRULE:FREQ=SECONDLY")],
    "a rule with every part": [
        event(
            "Aigul", f"{DAY}\nRRULE:FREQ=YEARLY;BYSETPOS=366;BYYEARDAY=1,2;BYWEEKNO=53;BYMONTH=2;BYMONTHDAY=31;BYHOUR=3"
        )
    ],
    "a weekday that is counted beside one that is not": [
        event("Aigul", f"{DAY}\nRRULE:FREQ=MONTHLY;BYDAY=1FR,SU") for _ in range(100)
    ],
    "a day that no month has": [event("Aigul", f"{DAY}\nRRULE:FREQ=MONTHLY;BYMONTHDAY=99")],
    "the zeroth day": [event("Aigul", f"{DAY}\nRRULE:FREQ=MONTHLY;BYMONTHDAY=0")],
    "a zeroth weekday": [event("Aigul", f"{DAY}\nRRULE:FREQ=MONTHLY;BYDAY=0MO")],
    "a count of many digits": [event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;COUNT={NUMBER}")],
    "an interval of many digits": [event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;INTERVAL={'9' * 400}")],
    "two counts": [event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;COUNT=1,99999999")],
    "a sequence of many digits": [event("Aigul", f"{DAY}\nSEQUENCE:{NUMBER}")],
    "a length of many digits": [event("Aigul", f"DTSTART:20261126T080000\nDURATION:P{NUMBER}D")],
    "a length of many weeks": [event("Aigul", "DTSTART:20261126T080000\nDURATION:P99999999999W")],
    "the year 9999": [event("Aigul", "DTSTART:99991231T235959Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")],
    "the year 1": [event("Aigul", "DTSTART:00010101T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY")],
    "a second before the first": [event("Aigul", f"{DAY}\nEXDATE;TZID=Asia/Almaty:00010101T000000\nRRULE:FREQ=DAILY")],
    "4000 added dates": [event("Aigul", f"{DAY}\nRDATE:{dates(4000)}")],
    "4000 dates taken out": [event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY\nEXDATE:{dates(4000)}")],
    "4000 dates taken out one by one": [
        event(
            "Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY\n" + "".join(f"EXDATE:{one}\n" for one in dates(990).split(","))
        )
        for _ in range(4)
    ],
    "commas": [event("Aigul", f"{DAY}\nRDATE:{',' * 60_000}")],
    "categories": [event("Aigul", f"{DAY}\nCATEGORIES:{',' * 60_000}")],
    "backslashes": [event("\\" * 60_000, DAY)],
    "brackets": [event("[" * 60_000, DAY)],
    "a name of zero-width spaces": [event("\u200b" * 20_000, DAY)],
    "a name of combining marks": [event("A" + "\u0301" * 20_000, DAY)],
    "a name that grows in capitals": [event("ŉ" * 20_000, DAY)],
    "a name that moves the terminal's cursor": [event("\x1b[2J\x07Dina", DAY), event("Aigul\\nDina", DAY)],
    "parameters": [event("Aigul", f"DTSTART{';X-A=1' * 30_000}:20261126T080000\nDURATION:PT1H")],
    "one parameter of many values": [event("Aigul", f"DTSTART;X-A={','.join(['1'] * 50_000)}:20261126T080000")],
    "an open quotation mark": [event("Aigul", f'DTSTART;TZID="{"a" * 100_000}')],
    "quotation marks": [event("Aigul", "DTSTART;TZID=" + '"' * 50_001 + ":20261126T080000")],
    "carets": [event("Aigul", f"DTSTART;X-A={'^' * 100_000}:20261126T080000")],
    "a long line in an alarm": [event("Aigul", f"{DAY}\n" + inside("VALARM", "ATTACH:" + "A" * 200_000).strip())],
    "folded lines": [event("Aigul" + "\n " * 80_000, DAY)],
    "a letter a line": [event("A" + "\n i" * 60_000, DAY)],
    "empty lines": ["\n" * 120_000, event("Aigul", DAY)],
    "carriage returns": ["\r" * 200_000, event("Aigul", DAY)],
    "nul bytes": ["\0" * 200_000 + "\n", event("Aigul", f"{DAY}\nSTATUS:\0")],
    "colons": [":" * 200_000 + "\n", event("Aigul", DAY)],
    "lines of no concern": ["A:1\n" * 40_000, event("Aigul", DAY)],
    "properties of no concern": [event("Aigul", f"{DAY}\n" + "X-A:1\n" * 30_000)],
    "a property 30,000 times": [event("Aigul", f"{DAY}\n" + "STATUS:A\n" * 20_000)],
    "ends without beginnings": ["END:VEVENT\n" * 15_000],
    "beginnings without ends": ["BEGIN:VEVENT\n" * 15_000],
    "4 MB of lines of no concern": ["A:1\n" * 800_000, event("Aigul", DAY)],
    "4 MB of empty events": ["BEGIN:VEVENT\nEND:VEVENT\n" * 130_000],
    "4 MB of events that are over": ["BEGIN:VEVENT\nDTSTART:20240101\nSUMMARY:A\nEND:VEVENT\n" * 65_000],
    "20,000 events that are over": ["BEGIN:VEVENT\nDTSTART:20240101\nSUMMARY:A\nEND:VEVENT\n" * 20_000],
    "1500 events that recur and are not over": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=WEEKLY;COUNT=9999") for _ in range(390)
    ],
    "4 MB of one folded line": [event("Aigul", f"{DAY}\nDESCRIPTION:A" + "\n a" * 1_000_000)],
    "4 MB of names": [event("ŉ\u0301" * 490, DAY) for _ in range(1400)],
    "names that are put in order": [event("A" + "\u0301\u0323" * 240, DAY) for _ in range(1400)],
    "years of birthdays": [event("Dina", "DTSTART;VALUE=DATE:19710101\nRRULE:FREQ=YEARLY") for _ in range(90)],
    "rules by places in a year": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=28")
        for _ in range(200)
    ],
    "rules by a month without the day": [
        event("Aigul", "DTSTART:20260131T080000\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2") for _ in range(200)
    ],
    "the fifth Monday of February": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=5MO") for _ in range(200)
    ],
    "1000 exceptions that are called off": [
        event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY", uid="s"),
        *(event("Canceled: A", f"{DAY}\nRECURRENCE-ID:{one}", uid="s") for one in dates(1000).split(",")),
    ],
    "another calendar's years": ["CALSCALE:JULIAN\n", event("Aigul", DAY)],
    "a zone for the whole calendar": ["X-WR-TIMEZONE:America/New_York\n", event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY")],
    "an unknown zone for the whole calendar": ["X-WR-TIMEZONE:../../etc/passwd\n", event("Aigul", DAY)],
    "a zone for the whole calendar and 1500 events": [
        "X-WR-TIMEZONE:Africa/Casablanca\n",
        *(event("Aigul", DAY.replace("0000", "0000Z")) for _ in range(1500)),
    ],
}


def judged(plan: Plan) -> Rota | str:
    """With the members, languages and regions of these tests; why, when it is refused."""
    try:
        return judge(plan, ["Aigul", "Boris"], ["ru", "kk", "en"], ["west", "east"])
    except RotaError as error:
        return ", ".join(error.problems)


@pytest.mark.parametrize("name", one_in(3, list(HOSTILE)))
def test_a_hostile_calendar_is_refused_or_read_in_less_than_a_second(name: str) -> None:
    """By the limits alone, without anybody who ends it: most files would hold the libraries for minutes.

    In the suite one in three of them.
    """
    text = calendar(*HOSTILE[name])
    assert len(text) <= LARGEST_FILE  # else the name of the case would say nothing
    gc.disable()  # as in the child (bot/bounded.py); here it would go through all that the tests hold
    try:
        begun = time.process_time()
        found = judged(plan_of(text, NOW, HERE))
        assert time.process_time() - begun < A_SECOND
    finally:
        gc.enable()
    assert not isinstance(found, str) or (found and found.isprintable())


def of_children() -> float:
    """Seconds of CPU that the children of this process have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", [name for number, name in enumerate(HOSTILE) if number % (10 if WHOLE else 40) == 0])
def test_the_process_that_reads_them_answers_within_a_second_too(name: str) -> None:
    """Its beginning included; in time of its own, since the machine of the tests has other work."""
    begun = of_children()
    worked_out(calendar(*HOSTILE[name]), NOW, zone=HERE.key)
    assert of_children() - begun < A_SECOND


def test_no_calendar_takes_more_memory_than_it_may() -> None:
    """What a child has used at most, of a process that is small itself: a child begins with its parent's mark."""
    code = (
        "import resource\nfrom tests.bot.test_hostile_calendars import HERE, HOSTILE, NOW, calendar, worked_out\n"
        "for name in ('1500 events', '4000 added dates', '30 zones, yearly', 'folded lines', 'brackets'):\n"
        "    worked_out(calendar(*HOSTILE[name]), NOW, zone=HERE.key)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < bounded.LARGEST_MEMORY


def test_what_costs_too_much_all_the_same_is_ended() -> None:
    """A library's fault that nobody knows yet: time, memory, an error, a crash, an answer without end."""
    for function in ("endless", "hungry", "raising", "crashing", "talkative"):
        begun = time.monotonic()
        with pytest.raises(bounded.TooMuch):
            bounded.read(f"tests.bot.hostile_functions:{function}", b"")
        assert time.monotonic() - begun < bounded.WALL_SECONDS + 1
    assert bounded.read("tests.bot.hostile_functions:harmless", b"abc") == b"cba"


GOOD = [calendar(*parts) for parts, _ in MEANINGS.values()]
PIECES = [
    b"RRULE:FREQ=SECONDLY",
    b"BEGIN:VEVENT",
    b"END:VEVENT",
    b"BEGIN:VTIMEZONE",
    b"END:VTIMEZONE",
    b"\xff",
    b" ",
    b"",
]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good calendar with lines dropped, doubled and exchanged, and bytes changed."""
    lines = draw(st.sampled_from(GOOD)).split(b"\r\n")
    for _ in range(draw(st.integers(1, 6))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.integers(0, 4)):
            case 0:
                lines[at] = draw(st.sampled_from(PIECES))
            case 1:
                lines[at : at + 1] = [lines[at]] * draw(st.integers(2, 200))
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                byte = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:byte] + draw(st.binary(max_size=3)) + lines[at][byte + 1 :]
            case 4:
                lines[at] += draw(st.sampled_from([b";COUNT=0", b";INTERVAL=9", b"0", b"Z", b",", b";BYDAY=5MO", b"-"]))
    return b"\r\n".join(lines)


@settings(max_examples=400 if WHOLE else 120, deadline=None)
@given(spoiled())
def test_a_good_calendar_that_was_spoiled_is_read_or_refused_at_once(text: bytes) -> None:
    """Never another error than the one that says what is wrong."""
    begun = time.process_time()
    judged(plan_of(text, NOW, HERE))
    assert time.process_time() - begun < A_SECOND


@settings(max_examples=200 if WHOLE else 60, deadline=None)
@given(st.binary(max_size=2000))
def test_bytes_that_are_no_calendar_are_refused(data: bytes) -> None:
    """Also with a calendar's first line before them."""
    assert isinstance(judged(plan_of(data, NOW, HERE)), str)
    judged(plan_of(b"BEGIN:VCALENDAR\r\n" + data + b"\r\nEND:VCALENDAR", NOW, HERE))
