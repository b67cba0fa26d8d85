"""Which events of a calendar file may touch a stretch of time, by their dates alone, before any library meets them.

A calendar grows for years and only what lies ahead decides anything. What cannot be told for sure is kept: then the
library tells. Zones move a date by a day at most, so two days are left on either side.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.handoff.rota.calendar_lines import Part
from bot.handoff.rota.names import is_cancelled, tidy

_MARGIN = timedelta(days=2)
_DATE = re.compile(r"\s*(\d{4})(\d{2})(\d{2})")
_LENGTH = re.compile(r"\+?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")
_PART = re.compile(r"([A-Z]+)=([^;]*)")
# The most days between two times of a rule; not every month has a fifth Monday, nor every year a 29th of February.
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 124, "YEARLY": 41 * 366}


@dataclass(frozen=True, slots=True)
class Window:
    """The days that count."""

    first: date
    last: date

    @classmethod
    def around(cls, begins: datetime, ends: datetime) -> "Window":
        """Those of a stretch of time, and a few more."""
        return cls((begins - _MARGIN).date(), (ends + _MARGIN).date())

    def touching(self, events: Iterable[Part]) -> list[tuple[int, Part]]:
        """Number in the file (from 1) and event, of those that may touch these days or alter one that does."""
        numbered = list(enumerate(events, start=1))
        whole = {_uid(one) for _, one in numbered if called_off(one) and not one.values("RECURRENCE-ID")}
        return [
            (number, one)
            for number, one in numbered
            if (not (uid := _uid(one)) or uid not in whole) and not _is_gone(one) and self._may_touch(one)
        ]

    def _may_touch(self, event: Part) -> bool:
        begins = _one_date(event, "DTSTART")
        if begins is None:
            return True
        replaced = event.values("RECURRENCE-ID")
        if replaced:
            at = _date_in(replaced[0])
            if at is None or (at <= self.last and _is_from_now_on(event)):
                return True
            return self._overlaps(begins, _end(event, begins)) or self.first <= at <= self.last
        return self._overlaps(begins, _last_end(event, begins))

    def _overlaps(self, begins: date, ends: date | None) -> bool:
        return begins <= self.last and (ends is None or ends >= self.first)


def called_off(event: Part) -> bool:
    """True for an event that a program says does not take place, by its status or by its title."""
    status = event.values("STATUS")
    if status and status[-1].strip().upper() == "CANCELLED":
        return True
    title = event.values("SUMMARY")
    return bool(title) and is_cancelled(tidy(title[-1]))


def _is_gone(event: Part) -> bool:
    """Called off, and not in place of an occurrence of a series."""
    return called_off(event) and not event.values("RECURRENCE-ID")


def _uid(event: Part) -> str:
    return next(iter(event.values("UID")), "").strip()


def _is_from_now_on(event: Part) -> bool:
    return any("RANGE=" in head.upper() for name, head, _ in event.lines if name == "RECURRENCE-ID")


def _one_date(event: Part, name: str) -> date | None:
    values = event.values(name)
    return _date_in(values[0]) if len(values) == 1 else None


def _date_in(value: str) -> date | None:
    found = _DATE.match(value)
    try:
        return date(*(int(one) for one in found.groups())) if found else None
    except ValueError:
        return None


def _end(event: Part, begins: date) -> date | None:
    """The last day of one time of an event, None when that cannot be told."""
    if event.values("DTEND"):
        return _one_date(event, "DTEND")
    lengths = event.values("DURATION")
    if not lengths:
        return begins + timedelta(days=1)
    found = _LENGTH.fullmatch(lengths[0].strip())
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return _later(begins, 7 * weeks + days + hours // 24 + minutes // 1440 + seconds // 86400 + 1)


def _last_end(event: Part, begins: date) -> date | None:
    """The last day of an event with all its recurrences, None when there is none or it cannot be told."""
    end = _end(event, begins)
    rules, dates = event.values("RRULE"), event.values("RDATE")
    if end is None or event.values("EXRULE") or len(rules) > 1:
        return None
    last: date | None = begins
    if rules:
        last = _last_of(rules[0], begins)
    for value in (one for listed in dates for one in listed.split(",")):
        added = _date_in(value)
        last = None if added is None or last is None else max(last, added)
    return None if last is None else _later(last, (end - begins).days + 1)


def _last_of(rule: str, begins: date) -> date | None:
    """The last day on which a rule may have a time."""
    said = dict(_PART.findall(rule.upper()))
    if "UNTIL" in said:
        until = _date_in(said["UNTIL"])
        return None if until is None else max(until, begins)
    count, interval, days = said.get("COUNT", ""), said.get("INTERVAL", "1"), _DAYS.get(said.get("FREQ", ""))
    if days is None or not (count.isascii() and count.isdigit() and interval.isascii() and interval.isdigit()):
        return None
    if max(len(count), len(interval)) > 4:
        return None
    return _later(begins, days * (7 if "BYDAY" in said and days == 1 else 1) * int(count) * int(interval))


def _later(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))
