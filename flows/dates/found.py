"""A date as it was understood, and the days, months and years that one is made of."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

_WINDOW = timedelta(days=3)
Hours = tuple[int, int]  # of the day: not before the first, and over by the last; (0, 6) is the night


@dataclass(frozen=True, slots=True)
class Found:
    """A date as it was understood. The hours are known of a single day only, and only when they were said."""

    earliest: date = field(repr=False)
    latest: date = field(repr=False)
    sure: Literal["exact", "about"]
    hours: Hours | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Either:
    """Two or three readings that lie apart, the likelier first: to be chosen between by whoever wrote it."""

    readings: tuple[Found, ...] = field(repr=False)


Reading = Found | Either


def either(*readings: Found | None) -> Reading | None:
    """What is left of these: one, or several that differ."""
    found = tuple(dict.fromkeys(one for one in readings if one is not None))
    return Either(found) if len(found) > 1 else next(iter(found), None)


def readings(found: Reading | None) -> tuple[Found, ...]:
    """All that it may mean."""
    match found:
        case None:
            return ()
        case Found():
            return (found,)
        case Either(several):
            return several


def each(found: Reading | None, change: Callable[[Found], Found | None]) -> Reading | None:
    """Every reading changed; one that is None is none any more."""
    return either(*(change(one) for one in readings(found)))


def exact(day: date) -> Found:
    """The one day, and no other."""
    return Found(day, day, "exact")


def about(first: date, last: date) -> Found:
    """Some day between these."""
    return Found(first, last, "about")


def spanning(found: Iterable[Found]) -> Found:
    """From the first to the last of several; a single one as it is."""
    several = list(found)
    if len(several) == 1:
        return several[0]
    return about(min(one.earliest for one in several), max(one.latest for one in several))


def widened(found: Found, today: date) -> Found:
    """Three days more on either side; what has been does not reach past today."""
    latest = found.latest + _WINDOW
    return about(found.earliest - _WINDOW, min(latest, today) if found.latest <= today else latest)


def month_of(year: int, month: int) -> Found:
    """The whole month."""
    return about(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def year_of(year: int) -> Found:
    """The whole year."""
    return about(date(year, 1, 1), date(year, 12, 31))


def months_from(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
