"""A date as it was understood, and the days, months and years that one is made of."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

_WINDOW = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Found:
    """A date as it was understood."""

    earliest: date = field(repr=False)
    latest: date = field(repr=False)
    sure: Literal["exact", "about"]


def exact(day: date) -> Found:
    """The one day, and no other."""
    return Found(day, day, "exact")


def about(first: date, last: date) -> Found:
    """Some day between these."""
    return Found(first, last, "about")


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
