"""Events of a rota file, looked at before the library that works out recurrences meets them. No database.

The library trusts what it reads. A shift that ends before it begins has its ends swapped, an event whose UID stands
twice is dropped, times without a zone become UTC when an exception names one, `INTERVAL=0` never ends, and for a rule
that fits no day it looks until the year 9999. Each of these is one clear line here instead.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Component, Event, vDDDTypes

LONGEST_SHIFT = LONGEST_MOVE = timedelta(days=366)
MOST_RULES = 10
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Which parts a rule may have besides these: with them every rule fits some day soon.
_OF_EVERY_RULE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_OF_RULE = {
    "DAILY": {"BYDAY"},
    "WEEKLY": {"BYDAY"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYMONTH", "BYDAY", "BYMONTHDAY", "BYSETPOS"},
}
_DAYS_OF = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_COST_OF = {"DAILY": 1, "WEEKLY": 1, "MONTHLY": 4, "YEARLY": 20}  # a month costs the library less than its days
_LISTS = ("EXDATE", "RDATE")
_A_DAY = timedelta(days=1)


def faults(events: Iterable[Component], zone: ZoneInfo) -> list[list[str]]:
    """What is wrong with each event, in the order of the file. `zone`: that of times that name none."""
    known: set[tuple[str, str]] = set()
    return [_faults(event, zone) or _known_already(event, known, zone) for event in events]


def days_of_rules(event: Component, until: date) -> int:
    """How many days the library walks through for the recurrences of an event without faults."""
    begins, days = _day(_value(event, "DTSTART").dt), 0
    for rule in _rules(event):
        last = min([until, *(_day(one) for one in rule.get("UNTIL", []))])
        cost = _COST_OF[_often(rule)] * int(rule.get("INTERVAL", [1])[0])
        days += max(0, (last - begins).days) // cost
    return days


def times_of_rules(event: Component, begins: datetime, ends: datetime, zone: ZoneInfo) -> float:
    """About how many shifts of an event without faults, its recurrences included, touch a stretch of time."""
    first, found = moment(_value(event, "DTSTART").dt, zone), 0.0
    length = _length(event, zone)
    for rule in _rules(event):
        often = _often(rule)
        step = _DAYS_OF[often] * int(rule.get("INTERVAL", [1])[0]) / (1 if often == "DAILY" else _times_in_one(rule))
        found += max(timedelta(), ends - max(begins - length, first)) / timedelta(days=step)
    return found + sum(len(listed.dts) for listed in _all(event, "RDATE"))


def settle(events: Iterable[Component], zone: ZoneInfo) -> None:
    """Makes the times of events without faults of one kind, since the library mixes the kinds up.

    Times without a zone are given this one. A day on which a series of times ends, or that is taken out of it or
    altered in it, is that day's shift; a whole day without an end is that day (RFC 5545, 3.6.1, 3.3.10).
    """
    series: dict[str, Any] = {}
    for event in events:
        _zoned(event, zone)
        begins = _value(event, "DTSTART").dt
        _settle_day(event, begins, zone)
        _settle_recurrence(event, begins, zone)
        if "RECURRENCE-ID" not in event:
            series.setdefault(str(event.get("UID", "")), begins)
    for event in events:
        replaced = _value(event, "RECURRENCE-ID")
        if replaced is not None and str(event.get("UID", "")) in series:
            replaced.dt = _like(replaced.dt, series[str(event.get("UID", ""))], zone)


def _settle_day(event: Component, begins: Any, zone: ZoneInfo) -> None:
    """A whole day without an end ends with that day."""
    if not isinstance(begins, datetime) and "DURATION" not in event and _length(event, zone) == _A_DAY:
        event.pop("DTEND", None)
        event.add("DTEND", begins + _A_DAY)


def _settle_recurrence(event: Component, begins: Any, zone: ZoneInfo) -> None:
    """The last time, and those taken out or added, are of the kind of the first."""
    for rule in _rules(event):
        if "UNTIL" in rule:
            rule["UNTIL"] = [_until(rule["UNTIL"][0], begins, zone)]
    for name in _LISTS:
        for one in (one for listed in _all(event, name) for one in listed.dts):
            one.dt = _like(one.dt, begins, zone)


def taken_out(event: Component) -> Component | None:
    """What stands for an exception that gives no shift, so that the series has none there either; None for others."""
    replaced = _value(event, "RECURRENCE-ID")
    if not isinstance(replaced, vDDDTypes) or _bad_times("RECURRENCE-ID", [replaced], replaced):
        return None
    instead = Event()
    broken = {name for name, _ in event.errors}
    for name in ("UID", "SEQUENCE", "RECURRENCE-ID"):
        if name in event and name not in broken:
            instead[name] = event[name]
    instead.add("DTSTART", replaced.dt)
    if replaced.params.get("TZID"):
        instead["DTSTART"].params["TZID"] = replaced.params["TZID"]
    if isinstance(replaced.dt, datetime):
        instead.add("DURATION", timedelta(hours=1))
    instead.add("STATUS", "CANCELLED")
    return instead


def _zoned(event: Component, zone: ZoneInfo) -> None:
    """Gives a zone to times without one."""
    values = [_value(event, name) for name in ("DTSTART", "DTEND", "RECURRENCE-ID") if name in event]
    values += [one for name in _LISTS for listed in _all(event, name) for one in listed.dts]
    for value in values:
        value.dt = _in_zone(value.dt, zone)


def _until(until: date, begins: date, zone: ZoneInfo) -> date:
    """The end of a rule as a day or time like the beginning; a day counts whole."""
    if not isinstance(begins, datetime):
        return _like(until, begins, zone)
    if not isinstance(until, datetime):
        return datetime.combine(until, time(23, 59, 59), begins.tzinfo).astimezone(UTC)
    return (until if until.tzinfo else until.replace(tzinfo=begins.tzinfo)).astimezone(UTC)


def _like(when: date, begins: date, zone: ZoneInfo) -> date:
    """A day or time of a series as what the series begins with: a day, or a time in its zone."""
    if isinstance(when, datetime) and not isinstance(begins, datetime):
        return (when if when.tzinfo is None else when.astimezone(zone)).date()
    if isinstance(begins, datetime) and not isinstance(when, datetime):
        return datetime.combine(when, begins.time(), begins.tzinfo)
    return when


def moment(when: date, zone: ZoneInfo) -> datetime:
    """A day or time of an event as an aware time, to the minute. `zone`: that of a time that names none."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(0))
    aware = when if when.tzinfo else when.replace(tzinfo=zone)
    return aware.replace(second=0, microsecond=0)


def _known_already(event: Component, known: set[tuple[str, str]], zone: ZoneInfo) -> list[str]:
    replaced = _value(event, "RECURRENCE-ID")
    name = (str(event.get("UID", "")), "" if replaced is None else moment(replaced.dt, zone).isoformat())
    if name[0] and name in known:
        return ["its UID stands on an earlier event; each shift needs one of its own"]
    known.add(name)
    return []


def _faults(event: Component, zone: ZoneInfo) -> list[str]:
    found = [f"{name} cannot be read" for name, _ in event.errors]
    if found:
        return found
    if "DTSTART" not in event:
        return ["DTSTART is missing"]
    found += _bad_times_of(event) or _bad_length(event, zone) + _bad_move(event, zone)
    found += ["EXRULE is not understood; use EXDATE"] if "EXRULE" in event else []
    rules = _rules(event)
    found += [f"it has more than {MOST_RULES} RRULE"] if len(rules) > MOST_RULES else []
    for rule in rules[:MOST_RULES]:
        found += _bad_rule(rule, getattr(_value(event, "DTSTART"), "dt", None))
    return list(dict.fromkeys(found))


def _bad_times(name: str, values: Iterable[Any], zoned: Any) -> list[str]:
    for value in values:
        when = getattr(value, "dt", None)
        if not isinstance(when, date):
            return [f"{name} is not one day or time"]
        if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
            return [f"{name} lies outside {_FIRST_YEAR} to {_LAST_YEAR}"]
        if isinstance(when, datetime) and when.tzinfo is None and zoned.params.get("TZID"):
            return [f"{name} has an unknown time zone"]
    return []


def _length(event: Component, zone: ZoneInfo) -> timedelta:
    """How long an event with a beginning lasts; raises ValueError."""
    begins = _value(event, "DTSTART").dt
    if "DTEND" in event:
        ends = _value(event, "DTEND").dt
        if isinstance(ends, datetime) != isinstance(begins, datetime):
            raise ValueError("DTSTART and DTEND must both be days or both be times")
        lasts = moment(ends, zone) - moment(begins, zone)
        return lasts if lasts or isinstance(begins, datetime) else _A_DAY
    if "DURATION" not in event:
        if not isinstance(begins, datetime):
            return _A_DAY
        raise ValueError("DTEND or DURATION is missing")
    length = getattr(_value(event, "DURATION"), "dt", None)
    if not isinstance(length, timedelta):
        raise ValueError("DURATION is not a length of time")
    return length


def _bad_length(event: Component, zone: ZoneInfo) -> list[str]:
    try:
        length = _length(event, zone)
    except ValueError as error:
        return [str(error)]
    if length <= timedelta():
        return ["it ends before it begins; a night shift ends on the next day"]
    return [f"it is longer than {LONGEST_SHIFT.days} days"] if length > LONGEST_SHIFT else []


def _bad_move(event: Component, zone: ZoneInfo) -> list[str]:
    """One occurrence that was moved by decades has the library look at all in between."""
    replaced = _value(event, "RECURRENCE-ID")
    if replaced is None or abs(moment(_value(event, "DTSTART").dt, zone) - moment(replaced.dt, zone)) <= LONGEST_MOVE:
        return []
    return [f"it was moved by more than {LONGEST_MOVE.days} days"]


def _bad_times_of(event: Component) -> list[str]:
    found = []
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event:
            found += _bad_times(name, [_value(event, name)], _value(event, name))
    for name in _LISTS:
        for listed in _all(event, name):
            found += _bad_times(name, listed.dts, listed)
    return found


def _bad_rule(rule: Any, begins: Any) -> list[str]:
    often = [str(one).upper() for one in rule.get("FREQ", [])]
    if len(often) != 1 or often[0] not in _OF_RULE or any(part in rule for part in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        return ["a shift may recur daily, weekly, monthly or yearly, not more often"]
    parts = {str(one).upper() for one in rule} - _OF_EVERY_RULE
    found = _bad_parts(rule, parts, often[0])
    if found:
        return found
    if parts == {"BYMONTH"}:  # then the day is that of the beginning, which the month may not have
        rule = {**rule, "BYMONTHDAY": [getattr(begins, "day", 31)]}
    return _bad_days(rule, parts, often[0], rule.get("INTERVAL", [1])[0])


def _bad_parts(rule: Any, parts: set[str], often: str) -> list[str]:
    """What of a rule does not go together, or stands there twice."""
    strange = sorted(parts - _OF_RULE[often])
    if strange:
        return [f"RRULE: {', '.join(strange)[:40]} does not go with FREQ={often}"]
    interval = rule.get("INTERVAL", [1])
    if len(interval) != 1 or not 1 <= interval[0] <= 1000:
        return ["RRULE: INTERVAL must be one number from 1 on"]
    if parts and interval[0] > 1 and often == "DAILY":  # every seventh day may never be a Friday
        return [f"RRULE: {', '.join(sorted(parts))} goes with nothing else"]
    twice = [name for name in ("COUNT", "UNTIL", "WKST") if len(rule.get(name, [])) > 1]
    return [f"RRULE: {twice[0]} stands there twice"] if twice else []


def _bad_days(rule: Any, parts: set[str], often: str, interval: int) -> list[str]:
    """A rule that fits no day would have the library look until the year 9999."""
    if {"BYDAY", "BYMONTHDAY"} <= parts or (often == "YEARLY" and bool(parts) != ("BYMONTH" in parts)):
        return [f"RRULE: {', '.join(sorted(parts))} does not go with FREQ={often}"]
    found = _bad_numbers(rule)
    if found:
        return found
    positions = [abs(int(one)) for one in rule.get("BYSETPOS", [])]
    if positions and len(parts - {"BYMONTH"}) < 2:
        return ["RRULE: BYSETPOS stands alone"]
    days = _days_in_one(rule, often, interval)
    if days < max(positions, default=1) or 0 in positions:
        return ["RRULE: it may fit no day"]
    return []


def _bad_numbers(rule: Any) -> list[str]:
    """Days and months that no calendar has."""
    counted = [abs(one.relative or 0) for one in rule.get("BYDAY", [])]
    if max(counted, default=0) > 5:
        return ["RRULE: BYDAY counts to five"]
    if any(counted) and not all(counted):  # the library looks for a day that is both
        return ["RRULE: BYDAY counts all of its days or none"]
    if not all(1 <= abs(int(one)) <= 31 for one in rule.get("BYMONTHDAY", [])):
        return ["RRULE: BYMONTHDAY is a day of a month"]
    if not all(1 <= int(one) <= 12 for one in rule.get("BYMONTH", [])):
        return ["RRULE: BYMONTH is a month"]
    return []


def _days_in_one(rule: Any, often: str, interval: int) -> int:
    """On how many days of its month, or year, a rule may fit, counted so that it does fit within a few years."""
    months = [int(one) for one in rule.get("BYMONTH", [])] if often == "YEARLY" else [1 if interval == 1 else 2]
    if "BYMONTHDAY" in rule:
        return _days_by_number(rule["BYMONTHDAY"], months, leap=often == "YEARLY" and interval == 1)
    if rule.get("BYDAY"):
        return _days_by_weekday(rule["BYDAY"], months, in_february=months == [2] and often == "YEARLY")
    return 1


def _days_by_number(days: Any, months: list[int], *, leap: bool) -> int:
    """`leap`: each year is looked at, so that a leap year is one of them."""
    last = [28 if month == 2 and not leap else _DAYS_OF_MONTH[month - 1] for month in months]
    return sum(abs(int(day)) <= most for most in last for day in days)


def _days_by_weekday(weekdays: Any, months: list[int], *, in_february: bool) -> int:
    counted = any(one.relative for one in weekdays)
    if counted and in_february:  # a fifth Monday of February comes every 28 years
        return sum(abs(one.relative) < 5 for one in weekdays)
    if counted:
        return len(weekdays) * max(1, len(months))
    return len(weekdays) * max(1, len(months)) * 4 + (0 if len(months) > 1 else 1)


def _times_in_one(rule: Any) -> int:
    """The most shifts in a week, month or year of a rule."""
    if "BYSETPOS" in rule:
        return len(rule["BYSETPOS"])
    weekdays = rule.get("BYDAY", [])
    by_month = _often(rule) in {"MONTHLY", "YEARLY"} and not any(one.relative for one in weekdays)
    in_one = max(1, len(weekdays) * (5 if by_month else 1), len(rule.get("BYMONTHDAY", [])))
    return in_one * max(1, len(rule.get("BYMONTH", [])))


def _often(rule: Any) -> str:
    return str(rule["FREQ"][0]).upper()


def _value(event: Component, name: str) -> Any:
    return event.get(name)


def _rules(event: Component) -> list[Any]:
    return _all(event, "RRULE")


def _all(event: Component, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _in_zone(when: Any, zone: ZoneInfo) -> Any:
    return when.replace(tzinfo=zone) if isinstance(when, datetime) and when.tzinfo is None else when


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when
