"""Weekends, weeks and the days of a week: «в прошлую среду», "on Monday last week", «в четверг, 12 марта»."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from flows.dates.asked import Asked
from flows.dates.found import Found, about, exact
from flows.dates.named import in_words
from flows.dates.names import weekday_named
from flows.dates.numeric import numeric
from flows.dates.vocabulary import Pattern, Vocabulary, any_of, captured


def week_or_weekday(said: str, asked: Asked) -> Found | None:
    """A weekend, a week, a day of such a week, or a weekday alone."""
    if match := _weekends(asked.words).fullmatch(said):
        return _weekend(asked, last=bool(captured(match)))
    for back, form in enumerate(asked.words.weeks_back):
        if form.search(said):
            rest = [word for word in form.sub(" ", said).split() if word not in asked.words.fillers]
            return _in_a_week(asked.monday - timedelta(days=7 * back), rest, asked)
    return _weekday(said, asked)


@cache
def _weekends(words: Vocabulary) -> Pattern:
    return re.compile(any_of(words.weekend))


def _weekend(asked: Asked, *, last: bool) -> Found:
    if asked.ahead:
        return about(asked.monday + timedelta(days=5), asked.monday + timedelta(days=6))
    return about(asked.monday - timedelta(days=9 if last else 2), asked.monday - timedelta(days=1))


def _in_a_week(monday: date, rest: Sequence[str], asked: Asked) -> Found | None:
    """The week that begins on this Monday, or one of its days; not ahead of today unless it may be."""
    last = monday + timedelta(days=6)
    if not rest:
        return about(monday, last if asked.ahead else min(last, asked.today))
    number = weekday_named(rest[0], asked.words) if len(rest) == 1 else None
    if number is None or (not asked.ahead and monday + timedelta(days=number) > asked.today):
        return None
    return exact(monday + timedelta(days=number))


def _weekday(said: str, asked: Asked) -> Found | None:
    words = asked.words
    spoken = [word for word in said.split() if word not in words.fillers]
    last = bool(spoken) and spoken[0].startswith(words.last)
    rest = spoken[1:] if last or (spoken and spoken[0] in words.this_weekday) else spoken
    number = weekday_named(rest[0], words) if len(rest) == 1 else None
    return None if number is None else _nearest(number, asked, last=last)


def _nearest(weekday: int, asked: Asked, *, last: bool) -> Found:
    """The newest such day before today, or the next one ahead; «в прошлую среду» may also be last week's."""
    if asked.ahead and not last:
        return exact(asked.today + timedelta(days=(weekday - asked.today.weekday()) % 7 or 7))
    newest = asked.today - timedelta(days=(asked.today.weekday() - weekday) % 7 or 7)
    oldest = asked.monday - timedelta(days=7 - weekday) if last else newest
    return exact(newest) if oldest == newest else about(oldest, newest)


def with_weekday(said: str, asked: Asked) -> Found | None:
    """«В четверг, 12 марта»: the day of the month, if that was such a day of the week."""
    words = said.split()
    weekdays = [number for word in words if (number := weekday_named(word, asked.words)) is not None]
    if len(weekdays) != 1:
        return None
    rest = " ".join(word for word in words if weekday_named(word, asked.words) is None and _tells(word, asked.words))
    day = numeric(rest, asked) or in_words(rest, asked)
    fits = day is not None and day.sure == "exact" and day.earliest.weekday() == weekdays[0]
    return day if fits else None


def _tells(word: str, words: Vocabulary) -> bool:
    return word not in words.fillers
