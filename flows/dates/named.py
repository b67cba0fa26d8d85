"""Months by their names, with a day, a year or both; and a year alone: «12 марта», "in March 26", «в 2025 году»."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from flows.dates.asked import Asked
from flows.dates.found import Found, about, month_of, year_of
from flows.dates.names import month_named, number_named
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of

_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO_DIGITS = re.compile(r"\d\d")
_DAY = re.compile(rf"\d{{1,2}}(?:{ORDINAL})?")
_DAY_OR_YEAR = re.compile(rf"\d\d(?:{ORDINAL})?")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the words of a date are; a day may still be the last two digits of a year."""

    months: Sequence[int]
    years: Sequence[int]
    days: Sequence[str]


def in_words(said: str, asked: Asked) -> Found | None:
    """A day of a named month, the month, or the year."""
    spoken = [word.strip(".") for word in said.replace("-", " ").split()]
    telling = [word for word in spoken if word and word not in asked.words.fillers]
    last, rest = _without_this_or_last(telling, asked.words)
    told = _told(rest, asked)
    if told is None:
        return None
    if not told.months:
        return _year(said.replace("-", " "), told, asked)
    if not told.days:
        return _month(told, asked, last=last)
    if told.years:
        return asked.day(number_named(told.days[0], asked.words) or 0, told.months[0], str(told.years[0]))
    return _day_or_year(spoken, told.days[0], told.months[0], asked)


def _without_this_or_last(spoken: Sequence[str], words: Vocabulary) -> tuple[bool, Sequence[str]]:
    """Is it "last March", and what is left when that, or "this", is put aside."""
    if len(spoken) != 2:
        return False, spoken
    last = spoken[0].startswith(words.last) and month_named(spoken[1], words) is not None
    return last, spoken[1:] if last or spoken[0] in words.this_month else spoken


def _told(spoken: Sequence[str], asked: Asked) -> _Told | None:
    """None when a word is none of these, or when there is too much of something."""
    months = [number for word in spoken if (number := month_named(word, asked.words))]
    years = [int(word) for word in spoken if _YEAR.fullmatch(word)]
    days = _days(spoken, asked.words, in_words=bool(months))
    if len(months) + len(years) + len(days) != len(spoken) or max(len(months), len(years)) > 1:
        return None
    told = _Told(months, years, days)
    if len(days) == 2:
        told = _with_short_year(told, spoken[-1], asked)
    return told if len(told.days) <= 1 else None


def _days(spoken: Sequence[str], words: Vocabulary, *, in_words: bool) -> Sequence[str]:
    """What may be the day: a number in digits, and `in_words` beside a month."""
    return [word for word in spoken if _DAY.fullmatch(word) or (in_words and words.numbers.get(word))]


def _with_short_year(told: _Told, last: str, asked: Asked) -> _Told:
    """A day, a month and two digits more, «12 марта 26»: the year is the last."""
    if told.years or not told.months or not _TWO_DIGITS.fullmatch(last) or not asked.may_be_year(int(last)):
        return told
    return replace(told, years=[2000 + int(last)], days=told.days[:1])


def _year(said: str, told: _Told, asked: Asked) -> Found | None:
    if told.days and not told.years and _short_year(asked.words).fullmatch(said):
        number = number_named(told.days[0], asked.words) or 0
        if asked.may_be_year(number):
            return year_of(2000 + number)
    return year_of(told.years[0]) if told.years and not told.days else None


@cache
def _short_year(words: Vocabulary) -> Pattern:
    return re.compile(rf"(?:{any_of(words.before_short_year)} )?\d\d {any_of(words.after_short_year)}")


def _month(told: _Told, asked: Asked, *, last: bool) -> Found:
    month = told.months[0]
    year = told.years[0] if told.years else asked.year_for(month, 1)
    # "Last March", said in November: this year's, or the one before.
    or_before = last and not told.years and year == asked.today.year
    return about(month_of(year - or_before, month).earliest, month_of(year, month).latest)


def _day_or_year(spoken: Sequence[str], number: str, month: int, asked: Asked) -> Found | None:
    """«26 марта» is a day, «марта 26» as well; «март 26», «в марте 26» and "in March 26" may be the year."""
    day = number_named(number, asked.words) or 0
    as_day = asked.day(day, month, None) if 0 < day <= 31 else None
    place = next(at for at, word in enumerate(spoken) if month_named(word, asked.words))
    at = spoken.index(number)
    if at < place or not _DAY_OR_YEAR.fullmatch(number):
        return as_day
    as_month = month_of(2000 + day, month) if asked.may_be_year(day) else None
    if any(_year_mark(asked.words).fullmatch(word) for word in spoken[at + 1 :]):
        return as_month
    return _either(as_day, as_month) if _may_precede_year(spoken[place], spoken, asked.words) else as_day


def _either(as_day: Found | None, as_month: Found | None) -> Found | None:
    """A day of the very month that the year would name: the whole month. Else they lie too far apart."""
    if as_day is None or as_month is None:
        return about(as_day.earliest, as_day.latest) if as_day else None
    return as_month if as_month.earliest <= as_day.earliest <= as_month.latest else None


@cache
def _year_mark(words: Vocabulary) -> Pattern:
    return re.compile(any_of(words.year_mark))


def _may_precede_year(month: str, spoken: Sequence[str], words: Vocabulary) -> bool:
    """A month named so that a number after it may be a year: not «марта 26», «наурыздың 26-сы» or "March 26"."""
    if words.months_before_day.fullmatch(month) or not words.words_before_day.isdisjoint(spoken):
        return not words.words_before_year.isdisjoint(spoken)
    return not month.endswith(words.month_endings_before_day)
