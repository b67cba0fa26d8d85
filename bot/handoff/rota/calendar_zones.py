"""Time zones that a calendar file defines (RFC 5545, 3.6.5), within limits, and what the library makes of them.

A rule of a zone is a recurrence like any other: `FREQ=SECONDLY` in one takes the library a gigabyte. A zone changes its
offset once or twice a year, so that is all its rules may say. The library walks from a zone's first year (1601, as
Outlook writes it) to each time that it looks at; here that walk is made once.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from icalendar import Timezone
from icalendar.timezone.zoneinfo import ZONEINFO

from bot.handoff.rota.calendar_lines import Part, Unusable

MOST_NAMED, LONGEST_NAME, DEEPEST_NAME = 50, 200, 8
MOST_OBSERVANCES, MOST_DATES, MOST_COUNTED = 60, 500, 200
_LAST_YEAR, _FAR_ENOUGH = 2102, 1988  # a leap year well before any shift
_STARTS = re.compile(r"(?P<year>\d{4})(?P<rest>\d{4}(?:T\d{6}Z?)?)")
_OFFSET = re.compile(r"[+-]?\d{4}(?:\d{2})?")
_PARTS = {
    "FREQ": re.compile("YEARLY"),
    "INTERVAL": re.compile("1"),
    "COUNT": re.compile(r"[1-9]\d{0,2}"),
    "UNTIL": re.compile(r"\d{8}(?:T\d{6}Z?)?"),
    "WKST": re.compile(r"[A-Z]{2}"),
    "BYMONTH": re.compile(r"0?[1-9]|1[0-2]"),
    "BYDAY": re.compile(r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"),
    "BYMONTHDAY": re.compile(r"[+-]?\d{1,2}(?:,[+-]?\d{1,2}){0,30}"),
}


def zones_for(calendar: Part, events: Sequence[Part]) -> tuple[list[Part], dict[str, str]]:
    """The zones of a calendar that its events need, as the library may have them; and why which of them cannot be read.

    One whose name every machine knows is left out, as the library does. Raises Unusable when there are too many.
    """
    found, unknown = _needed(calendar, _named(events)), dict[str, str]()
    if sum(len(one.parts) for one in found.values()) > MOST_OBSERVANCES:
        raise Unusable("the time zones of the file change too often")
    for name, zone in found.items():
        try:
            _settle_zone(zone)
        except Unusable as error:
            unknown[name] = str(error)
    return [zone for name, zone in found.items() if name not in unknown], unknown


def _named(events: Sequence[Part]) -> set[str]:
    found = {name for event in events for name in event.zones()}
    if len(found) > MOST_NAMED or any(len(one) > LONGEST_NAME or one.count("/") > DEEPEST_NAME for one in found):
        raise Unusable("the events name too many time zones, or one whose name is too long")
    return found


def _settle_zone(zone: Part) -> None:
    if not zone.parts or not all(value.isprintable() for value in zone.values("TZID")):
        raise Unusable("its time zone cannot be read")
    for part in zone.parts:
        _settle(part)


def _needed(calendar: Part, named: Collection[str]) -> dict[str, Part]:
    """The first description of each zone that is named, and that not every machine knows."""
    provider, found = Zones(), dict[str, Part]()
    for part in calendar.parts:
        names = [one.strip("/") for one in part.values("TZID")]
        if part.kind == "VTIMEZONE" and names and names[0] in named and provider.timezone(names[0]) is None:
            found.setdefault(names[0], part)
    return found


def _has_offsets(part: Part) -> bool:
    offsets = [*part.values("TZOFFSETFROM"), *part.values("TZOFFSETTO")]
    return len(offsets) == 2 and all(_OFFSET.fullmatch(one.strip()) for one in offsets)


def _changes_too_often(part: Part) -> bool:
    dates = sum(one.count(",") + 1 for one in part.values("RDATE"))
    excepted = part.values("EXRULE") or part.values("EXDATE")
    return len(part.values("RRULE")) > 1 or dates > MOST_DATES or bool(excepted)


def _settle(part: Part) -> None:
    """Refuses what no zone needs, and lets a rule begin in a year that is near enough."""
    starts, rules = part.values("DTSTART"), part.values("RRULE")
    begins = _STARTS.fullmatch(starts[0].strip()) if len(starts) == 1 else None
    if begins is None or not _has_offsets(part):
        raise Unusable("its time zone cannot be read")
    if _changes_too_often(part):
        raise Unusable("its time zone changes too often")
    if not all((head + value).isprintable() for _, head, value in part.lines):
        raise Unusable("its time zone cannot be read")
    if rules:
        year = max(int(begins["year"]), _first_year(rules[0].strip().upper()))
        part.lines = [
            (name, head, f"{year:04}{begins['rest']}" if name == "DTSTART" else value)
            for name, head, value in part.lines
        ]


def _first_year(rule: str) -> int:
    """From which year on a rule of a zone must be known; raises Unusable for one that is more than yearly."""
    pairs = [one.partition("=")[::2] for one in rule.strip(";").split(";")]
    said = dict(pairs)
    known = all(name in _PARTS and _PARTS[name].fullmatch(value) for name, value in pairs)
    if not known or len(said) != len(pairs) or "FREQ" not in said or not _now_and_then(said):
        raise Unusable("its time zone changes by a rule that is not once a year")
    if "COUNT" in said:
        if int(said["COUNT"]) > MOST_COUNTED:
            raise Unusable("its time zone changes too often")
        return 1
    ends = int(said["UNTIL"][:4]) if "UNTIL" in said else _LAST_YEAR
    return max(1, min(_FAR_ENOUGH, (ends - 29) // 4 * 4))


def _now_and_then(said: dict[str, str]) -> bool:
    """True for a few days a year: one month, one weekday or day of it ("the Sunday of the 25th to 31st" is one).

    A rule that fits no day at all would have the library look until the year 9999.
    """
    days = [abs(int(one)) for one in said.get("BYMONTHDAY", "1").split(",")]
    weekday = said.get("BYDAY", "")
    if "BYMONTH" not in said and ("BYMONTHDAY" in said or len(weekday) == len("SU")):
        return False
    if len(days) > 1 and len(weekday) != len("SU"):
        return False
    return any(1 <= one <= 28 for one in days) and not (len(weekday) > len("SU") and "BYMONTHDAY" in said)


class Zones(ZONEINFO):
    """Where the library finds time zones. An instance is of one file: it remembers which names nobody knows."""

    def __init__(self) -> None:
        self._found: dict[str, tzinfo | None] = {}

    def timezone(self, name: str) -> tzinfo | None:
        """A zone that every machine knows; None for any other name, whatever it looks like."""
        if name not in self._found:
            try:
                self._found[name] = super().timezone(name)
            except (OSError, ValueError):  # the name of a folder, or no name for a file
                self._found[name] = None
        return self._found[name]

    def knows_timezone_id(self, tzid: str) -> bool:
        """True for those that every machine knows."""
        return self.timezone(tzid) is not None

    def create_timezone(self, tz: Timezone) -> tzinfo:  # type: ignore[override]  # as ZONEINFO has it
        """A zone that the file defines, with each of its changes worked out once."""
        zone: Any = super().create_timezone(tz)
        for one in zone._comps:  # dateutil has no other way to them; icalendar takes it too
            one.rrule = _Changes(one.rrule)
        return zone  # type: ignore[no-any-return]


class _Changes:
    """Stands in for a dateutil rule, which walks from its beginning at each question."""

    def __init__(self, rule: Iterable[datetime]) -> None:
        self._at = list(itertools.takewhile(lambda moment: moment.year < _LAST_YEAR, rule))

    def before(self, moment: datetime, *, inc: bool) -> datetime | None:
        """The last change before a moment, or at it."""
        assert inc
        place = bisect_right(self._at, moment)
        return self._at[place - 1] if place else None
