"""Weekends, weeks and the days of a week: «в прошлую среду», "on Monday last week", «в четверг, 12 марта»."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from flows.dates.asked import Asked
from flows.dates.found import Found, Reading, about, either, exact, readings
from flows.dates.from_today import from_today
from flows.dates.named import in_words
from flows.dates.names import weekday_named
from flows.dates.numeric import day_alone, day_of_month, numeric
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of, captured

_WEEK = timedelta(days=7)
_DAY = re.compile(rf"(\d{{1,2}})(?:{ORDINAL})?")


def week_or_weekday(said: str, asked: Asked) -> Reading | None:
    """A weekend, a week, a day of such a week, or a weekday alone."""
    if match := _weekends(asked.words).fullmatch(said):
        return _weekend(asked, last=bool(captured(match)))
    for back, form in enumerate(asked.words.weeks_back):
        if form.search(said):
            rest = [word for word in form.sub(" ", said).split() if word not in asked.words.fillers]
            return _in_a_week(asked.monday - back * _WEEK, rest, asked)
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


def _weekday(said: str, asked: Asked) -> Reading | None:
    words = asked.words
    spoken = [word for word in said.split() if word not in words.fillers]
    if not 0 < len(spoken) <= 2:
        return None
    weekday = weekday_named(spoken[-1], words)
    if weekday is None:
        return None
    if len(spoken) == 1:
        return _nearest(weekday, asked)
    return _pointed_at(weekday, spoken[0], asked)


def _nearest(weekday: int, asked: Asked) -> Reading | None:
    """The newest such day before today, or the next one ahead; today, when it is one, may be meant as well."""
    if asked.ahead:
        ahead = (weekday - asked.today.weekday()) % 7
        return either(exact(asked.today + timedelta(days=ahead)), None if ahead else exact(asked.today + _WEEK))
    newest = _newest(weekday, asked)
    return either(exact(newest), exact(asked.today) if newest + _WEEK == asked.today else None)


def _newest(weekday: int, asked: Asked) -> date:
    """Before today."""
    return asked.today - timedelta(days=(asked.today.weekday() - weekday) % 7 or 7)


def _pointed_at(weekday: int, word: str, asked: Asked) -> Reading | None:
    """«В прошлую среду» may be this week's or last week's, «в следующую» likewise; «в эту» is the nearest."""
    words, newest = asked.words, _newest(weekday, asked)
    of_last_week = asked.monday - timedelta(days=7 - weekday)
    if words.last.fullmatch(word):
        return exact(newest) if of_last_week == newest else about(of_last_week, newest)
    if words.before_last.fullmatch(word):
        return either(exact(of_last_week - _WEEK), exact(newest - _WEEK))
    if words.next.fullmatch(word) and asked.ahead:
        this = asked.monday + timedelta(days=weekday)
        return either(exact(this + _WEEK), exact(this) if this > asked.today else None)
    if word not in words.this_weekday:
        return None
    return exact(asked.today) if weekday == asked.today.weekday() else _nearest(weekday, asked)


def told_twice(said: str, asked: Asked) -> Reading | None:
    """«В четверг, 12 марта», «вчера 23.11», «в пятницу 20-го»: the day, if both mean the same."""
    spoken = said.split()
    if not any(word in _from_today(asked.words) or weekday_named(word, asked.words) is not None for word in spoken):
        return None
    for at in range(1, len(spoken)):
        parts = " ".join(spoken[:at]), " ".join(spoken[at:])
        for name, day in (parts, parts[::-1]):
            if found := _agreed(name, day, asked):
                return found
    return None


@cache
def _from_today(words: Vocabulary) -> frozenset[str]:
    """Every word of the days that are named from today."""
    return frozenset(word for day in words.days_from_today for word in day.split())


def _agreed(name: str, day: str, asked: Asked) -> Reading | None:
    if named := from_today(name, asked):
        return either(*(one for one in _dates(day, asked) if one.earliest == named.earliest))
    if _weekday(name, asked) is None:
        return None
    weekday = weekday_named(name.rsplit(maxsplit=1)[-1], asked.words)
    return either(*(one for one in _dates(day, asked) if one.earliest.weekday() == weekday))


def _dates(said: str, asked: Asked) -> Sequence[Found]:
    """Days of a month, told in numbers or in words."""
    telling = " ".join(word for word in said.split() if word not in asked.words.fillers)
    alone = _DAY.fullmatch(telling)
    found = numeric(telling, asked) or in_words(telling, asked) or day_alone(said, asked)
    found = day_of_month(int(alone[1]), asked) if alone and found is None else found
    return [one for one in readings(found) if one.earliest == one.latest]
