"""The rota: shifts read from an iCalendar file (RFC 5545), and what a change of it would do to cover. No database.

An event is named for one member, optionally with languages and a region in brackets: `Aigul [kk, west]`; CATEGORIES say
the same. All-day events and times without a zone are times of Kazakhstan. Limits keep a hostile file from stopping the
bot: `RRULE:FREQ=SECONDLY` alone takes the library minutes.
"""

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import RotaError
from bot.handoff.hours import HERE

if TYPE_CHECKING:  # the libraries take a tenth of a second, which other commands need not wait for
    from icalendar import Calendar, Component

LARGEST_FILE = 256 * 1024
MOST_SHIFTS = 2000
AHEAD = timedelta(days=60)
BACK = timedelta(days=2)
SOON = timedelta(hours=48)
_STRETCH = timedelta(days=4)
_OFTEN = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_PARTS_OF_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_FIRST_YEAR, _LAST_YEAR = 2020, 2100
_NAMED = re.compile(r"^\s*(?P<name>[^\[\]]+?)\s*(?:\[(?P<about>[^\[\]]*)\])?\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Who is on call from when to when. `languages`, `region`: what this shift is for, besides what the member said."""

    begins: datetime
    ends: datetime
    name: str = field(repr=False)
    languages: tuple[str, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Rota:
    """Every shift that touches a stretch of time, in order."""

    begins: datetime
    ends: datetime
    shifts: tuple[Shift, ...]

    def at(self, moment: datetime) -> Sequence[Shift]:
        """The shifts that cover a moment."""
        return [one for one in self.shifts if one.begins <= moment < one.ends]


def read_rota(
    text: bytes, now: datetime, names: Iterable[str], languages: Iterable[str], regions: Iterable[str]
) -> Rota:
    """The shifts from two days ago to sixty days ahead; raises RotaError with every problem.

    `names`: the members who may be on call.
    """
    if len(text) > LARGEST_FILE:
        raise RotaError([f"the file is larger than {LARGEST_FILE // 1024} kB"])
    naming = _Naming({name.casefold(): name for name in names}, frozenset(languages), frozenset(regions))
    problems: list[str] = []
    calendar = _parse(text)
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        problems += [f"event {number}: {problem}" for problem in _faults(event)]
        try:
            naming.of(event)
        except ValueError as error:
            problems.append(f"event {number}: {error}")
    if problems:
        raise RotaError(problems)
    return _expanded(calendar, naming, now)


def cover(shifts: Iterable[Shift], begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches of time in which at least one of the shifts runs."""
    found: list[tuple[datetime, datetime]] = []
    for one in sorted(shifts):
        first, last = max(one.begins, begins), min(one.ends, ends)
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def gaps(
    covered: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> list[tuple[datetime, datetime]]:
    """What of a stretch of time is not covered."""
    edges = [begins, *(edge for stretch in covered for edge in stretch), ends]
    return [(edges[at], edges[at + 1]) for at in range(0, len(edges), 2) if edges[at] < edges[at + 1]]


def needs_a_yes(old: Rota, new: Rota, now: datetime) -> str | None:
    """Why a coordinator must agree: `cover` falls away within 48 hours, or more than `half` is altered."""
    soon = now + SOON
    before, after = cover(old.shifts, now, soon), cover(new.shifts, now, soon)
    for first, last in before:
        if gaps([one for one in after if one[1] > first and one[0] < last], first, last):
            return "cover"
    coming = {one for one in old.shifts if one.ends > now}
    altered = coming ^ {one for one in new.shifts if one.ends > now}
    return "half" if coming and len(altered) > len(coming) / 2 else None


def _parse(text: bytes) -> "Calendar":
    from icalendar import Calendar

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Calendar.from_ical(text)
    except Exception:  # the library raises many kinds; what it says may repeat the file
        raise RotaError(["this is not one iCalendar (BEGIN:VCALENDAR ... END:VCALENDAR)"]) from None


def _faults(event: "Component") -> list[str]:
    """What the library would stumble over, or spend minutes on."""
    found = [f"{name} cannot be read" for name, _ in event.errors]
    if found:
        return found
    if "DTSTART" not in event:
        return ["DTSTART is missing"]
    for name in ("DTSTART", "DTEND"):
        if name in event:
            found += _bad_time(name, event[name])
    if "DTEND" not in event and "DURATION" not in event:
        found.append("DTEND or DURATION is missing")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        often = str(next(iter(rule.get("FREQ", [])), "")).upper()
        if often not in _OFTEN or any(part in rule for part in _PARTS_OF_A_DAY):
            found.append("a shift may recur daily, weekly, monthly or yearly, not more often")
    return found


def _bad_time(name: str, value: Any) -> list[str]:
    when = getattr(value, "dt", None)
    if not isinstance(when, date):
        return [f"{name} is not a date"]
    if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        return [f"{name} lies outside {_FIRST_YEAR} to {_LAST_YEAR}"]
    if isinstance(when, datetime) and when.tzinfo is None and value.params.get("TZID"):
        return [f"{name} has an unknown time zone"]
    return []


@dataclass(frozen=True, slots=True)
class _Naming:
    """How an event names a member, languages and a region."""

    known: Mapping[str, str]
    languages: frozenset[str]
    regions: frozenset[str]

    def of(self, event: "Component") -> tuple[str, tuple[str, ...], str | None]:
        """The member, languages and region that an event names; raises ValueError."""
        match = _NAMED.match(str(event.get("SUMMARY", "")))
        if match is None:
            raise ValueError("SUMMARY must name one member, as in: Aigul [kk, west]")
        name = self.known.get(match["name"].casefold())
        if name is None:
            raise ValueError(f"{match['name'][:40]} is not a lawyer who takes part")
        words = [one.strip() for one in (match["about"] or "").split(",")] + _categories(event)
        strange = [one[:40] for one in words if one and one not in self.languages | self.regions]
        if strange:
            raise ValueError(f"{strange[0]} is neither a language nor a region of the questionnaire")
        places = [one for one in words if one in self.regions]
        spoken = tuple(dict.fromkeys(one for one in words if one in self.languages))
        return name, spoken, places[0] if places else None


def _categories(event: "Component") -> list[str]:
    found = event.get("CATEGORIES", [])
    listed = found if isinstance(found, list) else [found]
    return [str(word).strip() for one in listed for word in one.cats]


def _expanded(calendar: "Calendar", naming: _Naming, now: datetime) -> Rota:
    """Recurrences and exceptions worked out, a stretch at a time, so that too many are found early."""
    import recurring_ical_events

    begins, ends = now.astimezone(UTC) - BACK, now.astimezone(UTC) + AHEAD
    found: set[Shift] = set()
    query, count, at = recurring_ical_events.of(calendar), 0, begins
    while at < ends:
        for event in query.between(at, min(at + _STRETCH, ends)):
            count += 1
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                found.add(Shift(_moment(event.start), _moment(event.end), *naming.of(event)))
        if count > MOST_SHIFTS:
            raise RotaError([f"there are more than {MOST_SHIFTS} shifts in {AHEAD.days} days"])
        at += _STRETCH
    return Rota(begins, ends, tuple(sorted(one for one in found if one.begins < one.ends)))


def _moment(when: date) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(0))
    return (when if when.tzinfo else when.replace(tzinfo=HERE)).astimezone(UTC)
