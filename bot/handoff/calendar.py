"""A calendar file (RFC 5545) as a plan: recurrences and exceptions worked out. No database, no names of members.

All-day events and times without a zone are times of Kazakhstan. `answer` runs in a process of its own
(`bot/bounded.py`): the limits here keep a hostile file cheap, those there hold whatever these have missed.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import msgspec
import recurring_ical_events
from icalendar import Component
from icalendar.timezone import tzp

from bot.handoff.calendar_lines import NO_CALENDAR, Part, Unusable, calendar_in
from bot.handoff.calendar_zones import Zones, zones_for
from bot.handoff.plan import AHEAD, BACK, LARGEST_FILE, TOO_LONG_AGO, Asked, Plan, Planned, Said, Title, refusal
from bot.handoff.rota_events import days_of_rules, faults, moment, settle, times_of_rules

MOST_EVENTS, MOST_DATES, MOST_SHIFTS, MOST_DAYS = 1500, 5000, 2000, 150_000
_AT_FIRST = timedelta(days=4)
_NAMED = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<about>[^\[\]]*)\])?")
_RULE = re.compile(r"[A-Za-z0-9=;,+-]+")
_LONGEST = {"RRULE": 500, "EXRULE": 500, "SEQUENCE": 20}
_LONGEST |= dict.fromkeys(("STATUS", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"), 100)


def answer(asked: bytes) -> bytes:
    """The plan of a file, both as bytes: what the other process does."""
    wanted = msgspec.msgpack.decode(asked, type=Asked)
    return msgspec.msgpack.encode(plan_of(wanted.text, wanted.around))


def plan_of(text: bytes, around: datetime) -> Plan:
    """The shifts from two days before a moment to sixty days after it, or what is wrong with the file; never raises."""
    around = around.astimezone(UTC)
    try:
        if len(text) > LARGEST_FILE:
            raise Unusable(f"the file is larger than {LARGEST_FILE // 1024} kB")
        calendar = calendar_in(text)
        parts = [one for one in calendar.parts if one.kind == "VEVENT"]
        _count(parts)
        calendar.parts = [*zones_for(calendar, parts), *parts]
        return _planned(calendar, parts, around)
    except Unusable as error:
        return refusal(around, str(error))
    except Exception:  # an edge: libraries stumble over strangers' files in many ways
        return refusal(around, "the shifts and recurrences in it cannot be worked out")


def _count(events: list[Part]) -> None:
    if len(events) > MOST_EVENTS:
        raise Unusable(f"there are more than {MOST_EVENTS} events; leave out what is long over")
    dates = sum(value.count(",") + 1 for one in events for name in ("RDATE", "EXDATE") for value in one.values(name))
    if dates > MOST_DATES:
        raise Unusable(f"there are more than {MOST_DATES} dates in RDATE and EXDATE")


def _planned(calendar: Part, parts: list[Part], around: datetime) -> Plan:
    bare = [list(_unreadable(one)) for one in parts]
    for part, wrong in zip(parts, bare, strict=True):
        part.lines = [one for one in part.lines if one[0] not in wrong]
    read = _parsed("\r\n".join([*calendar.text(), ""]))
    events = read.walk("VEVENT")
    titles: dict[Title, int] = {}
    said = tuple(
        Said(
            titles.setdefault(_title(event), len(titles)),
            tuple(f"{one} cannot be read" for one in unread) or tuple(wrong),
        )
        for event, unread, wrong in zip(events, bare, faults(events), strict=True)
    )
    plan = Plan(begins=around - BACK, ends=around + AHEAD, titles=tuple(titles), events=said)
    if any(one.faults for one in said):
        return plan
    return _with_shifts(plan, read, events, titles)


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


def _title(event: Component) -> Title:
    match = _NAMED.fullmatch(str(event.get("SUMMARY", "")).strip())
    if match is None:
        return Title(None)
    words = [one.strip() for one in (match["about"] or "").split(",")] + _categories(event)
    return Title(match["name"].strip(), tuple(words))


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES", [])
    listed = found if isinstance(found, list) else [found]
    return [str(word).strip() for one in listed for word in one.cats]


def _with_shifts(plan: Plan, read: icalendar.Calendar, events: list[Component], titles: dict[Title, int]) -> Plan:
    """Recurrences and exceptions worked out, unless that would cost too much."""
    days = sum(days_of_rules(event, plan.ends.date()) for event in events)
    if days > MOST_DAYS:
        return msgspec.structs.replace(plan, refused=TOO_LONG_AGO)
    if sum(times_of_rules(event, plan.begins, plan.ends) for event in events) > 2 * MOST_SHIFTS:
        return msgspec.structs.replace(plan, refused=_TOO_MANY)
    for event in events:
        settle(event)
    try:
        shifts = tuple(_expanded(plan, read, titles))
    except Unusable as error:
        return msgspec.structs.replace(plan, refused=str(error))
    return msgspec.structs.replace(plan, titles=tuple(titles), shifts=shifts, days=days)


_TOO_MANY = f"there are more than {MOST_SHIFTS} shifts in {AHEAD.days} days"


def _expanded(plan: Plan, read: icalendar.Calendar, titles: dict[Title, int]) -> Iterator[Planned]:
    """A few days first, so that too many are found early."""
    query, count = recurring_ical_events.of(read), 0
    early = plan.begins + _AT_FIRST
    for first, last in ((plan.begins, early), (early, plan.ends)):
        for event in _between(query, first, last):
            count += 1
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                title = titles.setdefault(_title(event), len(titles))
                first_at, last_at = (moment(one).astimezone(UTC) for one in (event.start, event.end))
                yield Planned(first_at, last_at, title)
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
