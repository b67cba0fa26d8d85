"""A calendar file (RFC 5545) as a plan: recurrences and exceptions worked out. No database, no names of members.

All-day events and times without a zone are times of the place. `answer` runs in a process of its own
(`bot/bounded.py`): the limits here keep a hostile file cheap, those there hold whatever these have missed.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import recurring_ical_events
from icalendar import Component, vCategory, vDDDTypes
from icalendar.timezone import tzp

from bot.handoff.rota.calendar_lines import NO_CALENDAR, Part, Unusable, calendar_in
from bot.handoff.rota.calendar_window import Window, called_off
from bot.handoff.rota.calendar_zones import Zones, zones_for
from bot.handoff.rota.events import days_of_rules, faults, moment, settle, taken_out, times_of_rules
from bot.handoff.rota.names import LONGEST_TITLE, tidy
from bot.handoff.rota.plan import (
    AHEAD,
    BACK,
    LARGEST_FILE,
    TOO_LONG_AGO,
    Asked,
    Plan,
    Planned,
    Said,
    Title,
    refusal,
)

MOST_EVENTS, MOST_DATES, MOST_SHIFTS, MOST_DAYS = 1500, 5000, 2000, 150_000
MOST_EVENTS_IN_ALL = 20_000
_AT_FIRST = timedelta(days=4)
_NAMED = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<about>[^\[\]]*)\])?")
_RULE = re.compile(r"[A-Za-z0-9=;,+-]+")
_LONGEST = {"RRULE": 500, "EXRULE": 500, "SEQUENCE": 20}
_LONGEST |= dict.fromkeys(("STATUS", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"), 100)
_PLACE = "X-PANA-PLACE"  # of an event in the plan; the library copies it to each of its shifts


def answer(asked: bytes) -> bytes:
    """The plan of a file, both as bytes: what the other process does."""
    wanted = msgspec.msgpack.decode(asked, type=Asked)
    return msgspec.msgpack.encode(plan_of(wanted.text, wanted.around, ZoneInfo(wanted.zone)))


def plan_of(text: bytes, around: datetime, zone: ZoneInfo) -> Plan:
    """The shifts from two days before a moment to sixty days after it, or what is wrong with the file; never raises.

    Only events that may touch that time are looked at. One that cannot be used is named, and gives no shift.
    `zone`: that of times that name none.
    """
    around = around.astimezone(UTC)
    try:
        if len(text) > LARGEST_FILE:
            raise Unusable(f"the file is larger than {LARGEST_FILE // 1024} kB; leave out what is long over")
        calendar = calendar_in(text)
        every = [one for one in calendar.parts if one.kind == "VEVENT"]
        if len(every) > MOST_EVENTS_IN_ALL:
            raise Unusable(f"there are more than {MOST_EVENTS_IN_ALL} events; leave out what is long over")
        near = Window.around(around - BACK, around + AHEAD).touching(every)
        parts = [part for _, part in near]
        _count(parts)
        zones, unknown = zones_for(calendar, parts)
        for part in parts:
            part.faults += dict.fromkeys(unknown[name] for name in part.zones() if name in unknown)
        calendar.parts = [*zones, *parts]
        return _planned(calendar, near, around, zone)
    except Unusable as error:
        return refusal(around, str(error))
    except Exception:  # an edge: libraries stumble over strangers' files in many ways
        return refusal(around, "the shifts and recurrences in it cannot be worked out")


def _count(events: list[Part]) -> None:
    if len(events) > MOST_EVENTS:
        raise Unusable(f"there are more than {MOST_EVENTS} events from now on; leave some out")
    dates = sum(value.count(",") + 1 for one in events for name in ("RDATE", "EXDATE") for value in one.values(name))
    if dates > MOST_DATES:
        raise Unusable(f"there are more than {MOST_DATES} dates in RDATE and EXDATE")


def _planned(calendar: Part, near: Sequence[tuple[int, Part]], around: datetime, zone: ZoneInfo) -> Plan:
    bare = [_laid_bare(part) for _, part in near]
    read = _parsed("\r\n".join([*calendar.text(), ""]))
    events = read.walk("VEVENT")
    # What is called off may be wrong in any way: it is no shift.
    said = tuple(
        Said(
            number, called, title, _at(event, zone), () if called_off(part) else tuple(part.faults or [*unread, *wrong])
        )
        for (number, part), event, unread, wrong, (called, title) in zip(
            near, events, bare, faults(events, zone), map(_title, events), strict=True
        )
    )
    sound = [not one.faults and not called_off(part) for one, (_, part) in zip(said, near, strict=True)]
    good = list(_used(events, sound))
    settle(good, zone)
    read.subcomponents = [*(one for one in read.subcomponents if one.name != "VEVENT"), *good]
    return _with_shifts(Plan(begins=around - BACK, ends=around + AHEAD, events=said), read, good, zone)


def _laid_bare(part: Part) -> list[str]:
    """Takes out what the library must not meet, and says what that was."""
    unread = dict.fromkeys(_unreadable(part))
    part.lines = [one for one in part.lines if one[0] not in unread]
    return [f"{name} cannot be read" for name in unread]


def _used(events: Sequence[Component], sound: Sequence[bool]) -> Iterator[Component]:
    """The sound events, each with its place; of the others only what they take out of a series."""
    for place, (event, is_sound) in enumerate(zip(events, sound, strict=True)):
        used = event if is_sound else taken_out(event)
        if used is not None:
            used[_PLACE] = str(place)
            yield used


def _at(event: Component, zone: ZoneInfo) -> datetime | None:
    begins = event.get("DTSTART")
    if not isinstance(begins, vDDDTypes) or not isinstance(begins.dt, date):
        return None
    try:
        return moment(begins.dt, zone).astimezone(UTC)
    except OverflowError:  # the first day of the year 1
        return None


def _unreadable(event: Part) -> Iterator[str]:
    """The names of properties that the library must not meet."""
    for name, _, value in event.lines:
        if len(value) > _LONGEST.get(name, len(value)) or (name == "RRULE" and not _RULE.fullmatch(value.strip())):
            yield name


def _parsed(text: str) -> icalendar.Calendar:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tzp.use(Zones())  # forgets the time zones that an earlier file has defined
            found = icalendar.Calendar.from_ical(text)
    except Exception:  # the library raises many kinds; what it says may repeat the file
        found = None
    if not isinstance(found, icalendar.Calendar):
        raise Unusable(NO_CALENDAR)
    return found


def _title(event: Component) -> tuple[str, Title]:
    """What an event is called, and whom that names."""
    written = str(event.get("SUMMARY", ""))
    called = tidy(written)
    match = None if len(written) > LONGEST_TITLE else _NAMED.fullmatch(called)
    if match is None:
        return called[:40], Title(None)
    words = tuple(one.strip() for one in (match["about"] or "").split(","))
    return called[:40], Title(match["name"].strip() or None, words, tuple(_categories(event)))


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES", [])
    listed = found if isinstance(found, list) else [found]
    return [tidy(str(word)) for one in listed if isinstance(one, vCategory) for word in one.cats]


def _with_shifts(plan: Plan, read: icalendar.Calendar, events: list[Component], zone: ZoneInfo) -> Plan:
    """Recurrences and exceptions worked out, unless that would cost too much."""
    days = sum(days_of_rules(event, plan.ends.date()) for event in events)
    if days > MOST_DAYS:
        return msgspec.structs.replace(plan, refused=TOO_LONG_AGO)
    if sum(times_of_rules(event, plan.begins, plan.ends, zone) for event in events) > 2 * MOST_SHIFTS:
        return msgspec.structs.replace(plan, refused=_TOO_MANY)
    try:
        shifts = tuple(_expanded(plan, read, zone))
    except Unusable as error:
        return msgspec.structs.replace(plan, refused=str(error))
    return msgspec.structs.replace(plan, shifts=shifts, days=days)


_TOO_MANY = f"there are more than {MOST_SHIFTS} shifts in {AHEAD.days} days"


def _expanded(plan: Plan, read: icalendar.Calendar, zone: ZoneInfo) -> Iterator[Planned]:
    """A few days first, so that too many are found early."""
    query, count = recurring_ical_events.of(read), 0
    early = plan.begins + _AT_FIRST
    for first, last in ((plan.begins, early), (early, plan.ends)):
        for event in _between(query, first, last):
            count += 1
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                first_at, last_at = (moment(one, zone).astimezone(UTC) for one in (event.start, event.end))
                yield Planned(first_at, last_at, int(str(event[_PLACE])))
        if count > MOST_SHIFTS:
            raise Unusable(_TOO_MANY)


def _between(query: Any, first: datetime, last: datetime) -> Iterator[Any]:
    """What the library's `between` gives, each series asked in its own zone.

    It compares each day of a series with the two times; in the same zone that costs a fifth.
    """
    for series in query.series:
        zone = getattr(series.recurrence, "tzinfo", None) or UTC
        for occurrence in series.between(first.astimezone(zone), last.astimezone(zone)):
            yield occurrence.as_component(query.keep_recurrence_attributes)
