"""The rota: what a calendar file means, what is wrong with one, and which change a coordinator must agree to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import RotaError
from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.judge import judge
from bot.handoff.rota.shifts import Rota, Shift, cover, gaps, needs_a_yes
from tests.bot.calendars import calendar, event
from tests.places import HERE

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY = "DTSTART:20261126T080000\nDTEND:20261126T200000"
TOMORROW = "DTSTART:20261127T080000\nDTEND:20261127T200000"
SINCE_2020 = "DTSTART:20200101T080000\nDURATION:PT1H"
MINUTES = ",".join(f"20261128T{n // 60:02}{n % 60:02}00" for n in range(1440))
ZONE = """BEGIN:VTIMEZONE
TZID:Ours
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{0}
TZOFFSETTO:{0}
END:STANDARD
END:VTIMEZONE
"""


def read(text: bytes, *, accepted: bool = False) -> Rota:
    """Read by the members, languages and regions of this module."""
    return judge(plan_of(text, NOW, HERE), ["Aigul", "Boris"], ["ru", "kk", "en"], ["west", "east"], accepted=accepted)


def shown(rota: Rota) -> list[str]:
    """Each shift in one line, in UTC: who, from, to, for what."""
    return [
        " ".join([one.name, f"{one.begins:%d.%HZ}-{one.ends:%d.%HZ}", *one.languages, *one.regions])
        for one in rota.shifts
    ]


CHANGING = """BEGIN:VTIMEZONE
TZID:Ours
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY={0};BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY={0};BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""

MEANINGS = {
    "a time without a zone is Kazakhstan's": ([event("Aigul", DAY)], ["Aigul 26.03Z-26.15Z"]),
    "UTC": ([event("Aigul", "DTSTART:20261126T080000Z\nDURATION:PT2H")], ["Aigul 26.08Z-26.10Z"]),
    "a named zone": (
        [event("Aigul", "DTSTART;TZID=Europe/Berlin:20261126T080000\nDTEND;TZID=Europe/Berlin:20261126T090000")],
        ["Aigul 26.07Z-26.08Z"],
    ),
    "a zone over the end of summer time": (
        [event("Aigul", "DTSTART;TZID=Europe/Berlin:20261024T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=6")],
        ["Aigul 28.07Z-28.08Z"],
    ),
    "a zone that the file defines": (
        [ZONE.format("+0300"), event("Aigul", "DTSTART;TZID=Ours:20261126T080000\nDURATION:PT1H")],
        ["Aigul 26.05Z-26.06Z"],
    ),
    "the same zone, defined otherwise by the next file": (
        [ZONE.format("+0900"), event("Aigul", "DTSTART;TZID=Ours:20261126T080000\nDURATION:PT1H")],
        ["Aigul 25.23Z-26.00Z"],
    ),
    **{
        f"a zone of the file over the end of summer time, by {rule}": (
            [
                CHANGING.format(rule),
                event("Aigul", "DTSTART;TZID=Ours:20261024T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=6"),
                event("Boris", "DTSTART;TZID=Ours:20270105T080000\nDTEND;TZID=Ours:20270105T090000"),
            ],
            ["Aigul 28.07Z-28.08Z", "Boris 05.07Z-05.08Z"],
        )
        for rule in ("-1SU", "SU;BYMONTHDAY=25,26,27,28,29,30,31")
    },
    "a zone that the file defines after its events": (
        [event("Aigul", "DTSTART;TZID=Ours:20261126T080000\nDURATION:PT1H"), ZONE.format("+0300")],
        ["Aigul 26.05Z-26.06Z"],
    ),
    "all day": ([event("Aigul", "DTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261127")], ["Aigul 25.19Z-26.19Z"]),
    "weekdays": (
        [event("Aigul", f"{DAY}\nRRULE:FREQ=WEEKLY;BYDAY=TH,FR;COUNT=3")],
        ["Aigul 26.03Z-26.15Z", "Aigul 27.03Z-27.15Z", "Aigul 03.03Z-03.15Z"],
    ),
    "a day taken out, written in UTC": (
        [event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261127T030000Z")],
        ["Aigul 26.03Z-26.15Z", "Aigul 28.03Z-28.15Z"],
    ),
    "one day altered: another lawyer, later": (
        [
            event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;COUNT=3", uid="s"),
            event(
                "Boris [ru]",
                "DTSTART:20261127T100000\nDTEND:20261127T200000\nRECURRENCE-ID:20261127T030000Z",
                uid="s",
            ),
        ],
        ["Aigul 26.03Z-26.15Z", "Boris 27.05Z-27.15Z ru", "Aigul 28.03Z-28.15Z"],
    ),
    "one day cancelled": (
        [
            event("Aigul", f"{DAY}\nRRULE:FREQ=DAILY;COUNT=2", uid="s"),
            event("Aigul", f"{DAY}\nSTATUS:CANCELLED\nRECURRENCE-ID:20261126T080000", uid="s"),
        ],
        ["Aigul 27.03Z-27.15Z"],
    ),
    "cancelled": ([event("Aigul", f"{DAY}\nSTATUS:CANCELLED")], []),
    "languages and regions": ([event(" aigul [kk, west, ru, east]", DAY)], ["Aigul 26.03Z-26.15Z kk ru west east"]),
    "the same in categories": (
        [event("Aigul", f"{DAY}\nCATEGORIES:east,kk")],
        ["Aigul 26.03Z-26.15Z kk east"],
    ),
    "twice for another region": (
        [event("Aigul [west]", DAY), event("Aigul", DAY)],
        ["Aigul 26.03Z-26.15Z", "Aigul 26.03Z-26.15Z west"],
    ),
}


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_calendar_file_means_these_shifts(meaning: str) -> None:
    """Recurrences, exceptions, zones and names as RFC 5545 has them; what has no zone is a time of Kazakhstan."""
    parts, shifts = MEANINGS[meaning]
    assert shown(read(calendar(*parts))) == shifts


@pytest.mark.parametrize(
    ("written", "lawyers", "whose"),
    [
        ("Артем", ["Артём", "Борис"], ["Артём"]),
        ("артём [kk]", ["Артем"], ["Артем"]),
        ("Семе\u0308н", ["Семен"], ["Семен"]),
        ("Артем", ["Артём", "Артем"], ["Артем"]),
        ("Артём", ["Артём", "Артем"], ["Артём"]),
        ("Фёдор", ["Артём"], []),
    ],
)
def test_the_dots_of_a_name_may_be_left_out_where_that_names_one_lawyer(
    written: str, lawyers: list[str], whose: list[str]
) -> None:
    """Nobody types «ё» the same way twice: a night of Артем is no gap where there is an Артём."""
    rota = judge(plan_of(calendar(event(written, DAY)), NOW, HERE), lawyers, ["ru", "kk", "en"], ["west", "east"])
    assert [one.name for one in rota.shifts] == whose
    assert bool(rota.problems) == (not whose)


def test_what_lies_far_off_is_left_out() -> None:
    """From two days ago to sixty days ahead, however long a rule runs."""
    rota = read(calendar(event("Aigul", "DTSTART:20200101T080000\nDURATION:PT1H\nRRULE:FREQ=DAILY")))
    assert (len(rota.shifts), rota.begins, rota.ends) == (62, NOW - timedelta(days=2), NOW + timedelta(days=60))


REFUSED = {
    "not a calendar": (b"Monday: Aigul", "this is not one iCalendar"),
    "nothing": (b"", "this is not one iCalendar"),
    "two calendars": (calendar(event("Aigul", DAY)) * 2, "this is not one iCalendar"),
    "5 MB": (calendar(event("Aigul", DAY)).ljust(5_000_000), "larger than 4096 kB"),
    "more than 2000 shifts": (
        calendar(*(event("Aigul", f"{DAY}\nRDATE:{MINUTES}") for _ in range(2))),
        "more than 2000 shifts",
    ),
    "rules that walk through too many days": (
        calendar(*(event("Aigul", f"{SINCE_2020}\nRRULE:FREQ=DAILY") for _ in range(150))),
        "began too long ago",
    ),
    "more than 1500 events from now on": (
        calendar(*(event("Aigul", DAY) for _ in range(1501))),
        "more than 1500 events",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_gives_no_rota_at_all_is_one_clear_problem_and_costs_little(name: str) -> None:
    """Never a traceback, never minutes of work: the library that works out recurrences would give both."""
    text, expected = REFUSED[name]
    begun = datetime.now(UTC)
    with pytest.raises(RotaError) as raised:
        read(text)
    assert datetime.now(UTC) - begun < timedelta(seconds=5)
    (problem,) = raised.value.problems
    assert expected in problem


UNUSABLE = {
    "every second": ("RRULE:FREQ=SECONDLY", "not more often"),
    "every hour": ("RRULE:FREQ=HOURLY", "not more often"),
    "several times a day": ("RRULE:FREQ=DAILY;BYHOUR=1,2,3", "not more often"),
    "a second rule, every minute": ("RRULE:FREQ=DAILY\nRRULE:FREQ=MINUTELY", "not more often"),
    "every zeroth day": ("RRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL must be one number from 1 on"),
    "backwards": ("RRULE:FREQ=DAILY;INTERVAL=-1", "INTERVAL must be one number from 1 on"),
    "the 30th of February": ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "it may fit no day"),
    "the 29th of February every third year": ("RRULE:FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29", "may fit no day"),
    "the 31st every second month": ("RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", "it may fit no day"),
    "the sixth Monday of a month": ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "it may fit no day"),
    "the zeroth Monday": ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "it may fit no day"),
    "a place in nothing": ("RRULE:FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS stands alone"),
    "every Monday of a year": ("RRULE:FREQ=YEARLY;BYDAY=MO", "does not go with FREQ=YEARLY"),
    "Friday the 13th": ("RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "does not go with FREQ=MONTHLY"),
    "every seventh day if a Friday": ("RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=FR", "BYDAY goes with nothing else"),
    "the 53rd Monday of a month": ("RRULE:FREQ=MONTHLY;BYDAY=53MO", "BYDAY counts to five"),
    "excluded by a rule": ("RRULE:FREQ=DAILY\nEXRULE:FREQ=SECONDLY", "EXRULE is not understood"),
    "an added stretch that ends before it begins": (
        "RDATE;VALUE=PERIOD:20261128T080000/20261127T080000",
        "RDATE is not one day or time",
    ),
    "a day taken out of an unknown zone": (
        "EXDATE;TZID=Mars/Olympus:20261127T080000",
        "EXDATE has an unknown time zone",
    ),
    "unknown name": (event("Dina", DAY), "Dina is not a lawyer who takes part"),
    "two names": (event("Aigul\\, Dina", DAY), "Aigul, Dina is not a lawyer"),
    "no name": (f"BEGIN:VEVENT\nUID:1\n{DAY}\nEND:VEVENT\n", "SUMMARY must name one member"),
    "no end": (event("Aigul", "DTSTART:20261126T080000"), "DTEND or DURATION is missing"),
    "no beginning": (event("Aigul", "DTEND:20261126T080000"), "DTSTART is missing"),
    "a beginning in words": (event("Aigul", "DTSTART:tomorrow\nDURATION:PT1H"), "DTSTART cannot be read"),
    "a night shift that ends on its first day": (
        event("Aigul", "DTSTART:20261126T200000\nDTEND:20261126T080000"),
        "it ends before it begins",
    ),
    "a day that ends at a time": (
        event("Aigul", "DTSTART;VALUE=DATE:20261126\nDTEND:20261127T080000"),
        "must both be days or both be times",
    ),
    "longer than the calendar": (
        event("Aigul", "DTSTART:20261126T080000\nDURATION:P999999999D"),
        "longer than 366 days",
    ),
    "unknown zone": (event("Aigul", "DTSTART;TZID=Mars/Olympus:20261126T080000\nDURATION:PT1H"), "unknown time zone"),
    "a zone of the file that nobody can read": (
        "BEGIN:VTIMEZONE\nTZID:Ours\nEND:VTIMEZONE\n"
        + event("Aigul", "DTSTART;TZID=Ours:20261126T080000\nDURATION:PT1H"),
        "its time zone cannot be read",
    ),
    "a name of blanks without end": (event(f"A{' ' * 50_000}[", DAY), "SUMMARY must name one member"),
    "a name without end": (event(f"Aigul{'l' * 70_000}", DAY), "a line with SUMMARY is too long"),
}
"""What one event says: an addition to it, or the whole of it; and what is wrong."""


@pytest.mark.parametrize("name", UNUSABLE)
def test_one_event_that_cannot_be_used_is_one_empty_shift_with_its_own_name_and_the_rest_is_in_force(name: str) -> None:
    """It costs little, too, and moves no cursor of a terminal."""
    given, expected = UNUSABLE[name]
    bad = given if "BEGIN:VEVENT" in given else event("Aigul", f"{DAY}\n{given}")
    begun = datetime.now(UTC)
    found = read(calendar(event("Boris", DAY), bad, event("Boris", TOMORROW)))
    assert datetime.now(UTC) - begun < timedelta(seconds=5)
    assert shown(found) == ["Boris 26.03Z-26.15Z", "Boris 27.03Z-27.15Z"]
    (problem,) = found.problems
    assert (problem.number, problem.empty, expected in problem.why) == (2, True, True)
    assert problem.at in {None, datetime(2026, 11, 26, 3, tzinfo=UTC), datetime(2026, 11, 26, 15, tzinfo=UTC)} or (
        name == "a day that ends at a time"
    )


def test_one_uid_for_two_shifts_is_one_shift_and_one_empty_one() -> None:
    """The library would drop one of them without a word."""
    found = read(calendar(event("Aigul", DAY, uid="s"), event("Boris", TOMORROW, uid="s")))
    assert shown(found) == ["Aigul 26.03Z-26.15Z"]
    assert [(one.number, one.called) for one in found.problems] == [(2, "Boris")]


def test_a_word_in_brackets_that_nobody_knows_is_told_and_the_shift_counts_without_it() -> None:
    """A slip of the hand must not empty a night; and an upgrade that has dropped a region must not either."""
    found = read(calendar(event("Aigul [kk, north]", DAY)))
    assert shown(found) == ["Aigul 26.03Z-26.15Z kk"]
    ((empty, why),) = [(one.empty, one.why) for one in found.problems]
    assert (empty, why.startswith("north is neither a language nor a region")) == (False, True)


def test_every_problem_of_a_file_is_told_at_once_with_the_number_of_its_event() -> None:
    """Who mends the file sees all of it."""
    text = calendar(event("Dina", DAY), event("Aigul", DAY), event("Boris [north]", f"{DAY}\nRRULE:FREQ=HOURLY"))
    assert [(one.number, one.called) for one in read(text).problems] == [(1, "Dina"), (3, "Boris [north]")]


def shift(first: float, last: float, name: str = "Aigul") -> Shift:
    """A shift from so many hours after NOW to so many."""
    return Shift(NOW + timedelta(hours=first), NOW + timedelta(hours=last), name)


def rota(*shifts: Shift) -> Rota:
    """A rota of these."""
    return Rota(NOW - timedelta(days=2), NOW + timedelta(days=60), shifts)


def test_shifts_that_touch_or_overlap_cover_one_stretch_and_the_rest_are_gaps() -> None:
    """Looked at from hour 0 to hour 24."""
    begins, ends = NOW, NOW + timedelta(hours=24)
    found = cover([shift(10, 12), shift(-5, 3), shift(3, 4, "Boris"), shift(11, 20), shift(30, 40)], begins, ends)
    assert found == [(shift(0, 4).begins, shift(0, 4).ends), (shift(10, 20).begins, shift(10, 20).ends)]
    assert gaps(found, begins, ends) == [
        (shift(4, 10).begins, shift(4, 10).ends),
        (shift(20, 24).begins, shift(20, 24).ends),
    ]
    assert gaps([], begins, ends) == [(begins, ends)]


WEEK = [shift(at, at + 24) for at in range(0, 240, 24)]
CHANGES = {
    "nothing": (WEEK, None),
    "one more": ([*WEEK, shift(240, 264)], None),
    "another name in one shift": ([replace(WEEK[0], name="Boris"), *WEEK[1:]], None),
    "the same cover, cut in two": ([shift(0, 12), shift(12, 24, "Boris"), *WEEK[1:]], None),
    "an hour of tomorrow": ([WEEK[0], shift(24, 47), *WEEK[2:]], "cover"),
    "an hour of the day after tomorrow": ([*WEEK[:2], shift(49, 72), *WEEK[3:]], None),
    "everything": ([], "cover"),
    "the other lawyer from now on": ([replace(one, name="Boris") for one in WEEK], "half"),
    "what lies behind": ([shift(-30, -20), *WEEK], None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_coordinator_must_agree_when_cover_falls_away_soon_or_most_is_altered(change: str) -> None:
    """Within 48 hours, or more than half of what is to come; a small change is in force at once."""
    changed, why = CHANGES[change]
    assert needs_a_yes(rota(*WEEK), rota(*changed), NOW) == why


def test_a_first_shift_takes_no_cover_away() -> None:
    """From an empty rota to a full one nobody is asked."""
    assert needs_a_yes(rota(), rota(*WEEK), NOW) is None
