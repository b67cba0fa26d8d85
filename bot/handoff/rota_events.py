"""Events of a rota file, looked at before the library that works out recurrences meets them. No database.

The library trusts what it reads. A shift that ends before it begins has its ends swapped, an event whose UID stands
twice is dropped, times without a zone become UTC when an exception names one, `INTERVAL=0` never ends, and for a rule
that fits no day it looks until the year 9999. Each of these is one clear line here instead.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Component

from bot.handoff.hours import HERE

LONGEST_SHIFT = LONGEST_MOVE = timedelta(days=366)
MOST_RULES = 10
_FIRST_YEAR, _LAST_YEAR = 2020, 2100
# Which parts a rule may have besides these: with them every rule fits some day soon.
_OF_EVERY_RULE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_OF_RULE = {"DAILY": {"BYDAY"}, "WEEKLY": {"BYDAY"}, "MONTHLY": {"BYDAY", "BYMONTHDAY"}, "YEARLY": set[str]()}
_DAYS_OF = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_LISTS = ("EXDATE", "RDATE")


def faults(events: Iterable[Component]) -> list[list[str]]:
    """What is wrong with each event, in the order of the file."""
    known: set[tuple[str, str]] = set()
    return [_faults(event) or _known_already(event, known) for event in events]


def days_of_rules(event: Component, until: date) -> int:
    """How many days the library walks through for the recurrences of an event without faults."""
    begins, days = _day(_value(event, "DTSTART").dt), 0
    for rule in _rules(event):
        last = min([until, *(_day(one) for one in rule.get("UNTIL", []))])
        days += max(0, (last - begins).days) // int(rule.get("INTERVAL", [1])[0])
    return days


def times_of_rules(event: Component, begins: datetime, ends: datetime) -> float:
    """About how many shifts of an event without faults, its recurrences included, touch a stretch of time."""
    first, found = moment(_value(event, "DTSTART").dt), 0.0
    length = _length(event)
    for rule in _rules(event):
        often = str(rule["FREQ"][0]).upper()
        in_one = max(1, len(rule.get("BYDAY", [])), len(rule.get("BYMONTHDAY", [])))
        step = _DAYS_OF[often] * int(rule.get("INTERVAL", [1])[0]) / (1 if often == "DAILY" else in_one)
        found += max(timedelta(), ends - max(begins - length, first)) / timedelta(days=step)
    return found + sum(len(listed.dts) for listed in _all(event, "RDATE"))


def settle(event: Component) -> None:
    """Gives times without a zone that of Kazakhstan, all of them, since the library mixes up the two kinds."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event:
            value = _value(event, name)
            value.dt = _in_zone(value.dt)
    for name in _LISTS:
        for listed in _all(event, name):
            for one in listed.dts:
                one.dt = _in_zone(one.dt)


def moment(when: date) -> datetime:
    """A day or time of an event as an aware time, to the minute."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(0))
    aware = when if when.tzinfo else when.replace(tzinfo=HERE)
    return aware.replace(second=0, microsecond=0)


def _known_already(event: Component, known: set[tuple[str, str]]) -> list[str]:
    replaced = _value(event, "RECURRENCE-ID")
    name = (str(event.get("UID", "")), "" if replaced is None else moment(replaced.dt).isoformat())
    if name[0] and name in known:
        return ["its UID stands on an earlier event; each shift needs one of its own"]
    known.add(name)
    return []


def _faults(event: Component) -> list[str]:
    found = [f"{name} cannot be read" for name, _ in event.errors]
    if found:
        return found
    if "DTSTART" not in event:
        return ["DTSTART is missing"]
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event:
            found += _bad_times(name, [_value(event, name)], _value(event, name))
    for name in _LISTS:
        for listed in _all(event, name):
            found += _bad_times(name, listed.dts, listed)
    found += [] if found else _bad_length(event) + _bad_move(event)
    found += ["EXRULE is not understood; use EXDATE"] if "EXRULE" in event else []
    rules = _rules(event)
    found += [f"it has more than {MOST_RULES} RRULE"] if len(rules) > MOST_RULES else []
    for rule in rules[:MOST_RULES]:
        found += _bad_rule(rule)
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


def _length(event: Component) -> timedelta:
    """How long an event with a beginning lasts; raises ValueError."""
    begins = _value(event, "DTSTART").dt
    if "DTEND" in event:
        ends = _value(event, "DTEND").dt
        if isinstance(ends, datetime) != isinstance(begins, datetime):
            raise ValueError("DTSTART and DTEND must both be days or both be times")
        return moment(ends) - moment(begins)
    if "DURATION" not in event:
        raise ValueError("DTEND or DURATION is missing")
    length = getattr(_value(event, "DURATION"), "dt", None)
    if not isinstance(length, timedelta):
        raise ValueError("DURATION is not a length of time")
    return length


def _bad_length(event: Component) -> list[str]:
    try:
        length = _length(event)
    except ValueError as error:
        return [str(error)]
    if length <= timedelta():
        return ["it ends before it begins; a night shift ends on the next day"]
    return [f"it is longer than {LONGEST_SHIFT.days} days"] if length > LONGEST_SHIFT else []


def _bad_move(event: Component) -> list[str]:
    """One occurrence that was moved by decades has the library look at all in between."""
    replaced = _value(event, "RECURRENCE-ID")
    if replaced is None or abs(moment(_value(event, "DTSTART").dt) - moment(replaced.dt)) <= LONGEST_MOVE:
        return []
    return [f"it was moved by more than {LONGEST_MOVE.days} days"]


def _bad_rule(rule: Any) -> list[str]:
    often = [str(one).upper() for one in rule.get("FREQ", [])]
    if len(often) != 1 or often[0] not in _OF_RULE or any(part in rule for part in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        return ["a shift may recur daily, weekly, monthly or yearly, not more often"]
    parts = {str(one).upper() for one in rule} - _OF_EVERY_RULE
    strange = sorted(parts - _OF_RULE[often[0]])
    if strange:
        return [f"RRULE: {', '.join(strange)[:40]} does not go with FREQ={often[0]}"]
    interval = rule.get("INTERVAL", [1])
    if len(interval) != 1 or not 1 <= interval[0] <= 1000:
        return ["RRULE: INTERVAL must be one number from 1 on"]
    if len(parts) > 1 or (parts and interval[0] > 1 and often[0] != "WEEKLY"):
        return [f"RRULE: {', '.join(sorted(parts))} goes with nothing else"]
    counted = [abs(one.relative or 0) for one in rule.get("BYDAY", [])]
    if any(one > 5 for one in counted):
        return ["RRULE: BYDAY counts to five"]
    if any(counted) and not all(counted):  # the library looks for a day that is both, until the year 9999
        return ["RRULE: BYDAY counts all of its days or none"]
    if not all(1 <= abs(one) <= 31 for one in rule.get("BYMONTHDAY", [])):
        return ["RRULE: BYMONTHDAY is a day of a month"]
    twice = [name for name in ("COUNT", "UNTIL", "WKST") if len(rule.get(name, [])) > 1]
    return [f"RRULE: {twice[0]} stands there twice"] if twice else []


def _value(event: Component, name: str) -> Any:
    return event.get(name)


def _rules(event: Component) -> list[Any]:
    return _all(event, "RRULE")


def _all(event: Component, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _in_zone(when: Any) -> Any:
    return when.replace(tzinfo=HERE) if isinstance(when, datetime) and when.tzinfo is None else when


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when
