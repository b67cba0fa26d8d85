"""Months by their names, with a day, a year or both; and a year alone: «12 марта», "in March 26", «в 2025 году»."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from flows.dates.asked import Asked
from flows.dates.found import Found, Reading, about, each, either, month_of, readings, year_of
from flows.dates.names import month_named, number_named
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of

_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO_DIGITS = re.compile(rf"\d\d(?:{ORDINAL})?")
_DAY = re.compile(rf"\d{{1,2}}(?:{ORDINAL})?")
_LAST_HOUR = 24
_LATELY = 31  # days: of a day further back nobody tells the hour


@dataclass(frozen=True, slots=True)
class _Told:
    """What the words of a date are; the second of two days may still be a year, or an hour."""

    months: Sequence[int]
    years: Sequence[int]
    days: Sequence[str]


def in_words(said: str, asked: Asked) -> Reading | None:
    """A day of a named month, the month, or the year."""
    spoken = [word.strip(".") for word in said.replace("-", " ").split()]
    telling = [word for word in spoken if word and word not in asked.words.fillers]
    back, rest = _without_this_or_last(telling, asked.words)
    told = _told(rest, asked)
    if told is None:
        return None
    if not told.months:
        return year_of(told.years[0]) if told.years and not told.days else None
    return _of_month(told, spoken, asked) if told.days else _month(told, asked, back=back)


def _of_month(told: _Told, spoken: Sequence[str], asked: Asked) -> Reading | None:
    if len(told.days) > 1:
        return _day_and_more(told, spoken[-1], asked)
    if told.years:
        return asked.day(number_named(told.days[0], asked.words) or 0, told.months[0], str(told.years[0]))
    return _day_or_year(spoken, told.days[0], told.months[0], asked)


def _without_this_or_last(spoken: Sequence[str], words: Vocabulary) -> tuple[int, Sequence[str]]:
    """Is it "last March" (1), or the one before that (2); and what is left when that, or "this", is put aside."""
    if len(spoken) != 2 or month_named(spoken[1], words) is None:
        return 0, spoken
    for back, form in enumerate((words.last, words.before_last), start=1):
        if form.fullmatch(spoken[0]):
            return back, spoken[1:]
    return 0, spoken[1:] if spoken[0] in words.this_month else spoken


def _told(spoken: Sequence[str], asked: Asked) -> _Told | None:
    """None when a word is none of these, or when there is too much of something."""
    months = [number for word in spoken if (number := month_named(word, asked.words))]
    years = [int(word) for word in spoken if _YEAR.fullmatch(word)]
    days = _days(spoken, asked.words, in_words=bool(months))
    if len(months) + len(years) + len(days) != len(spoken) or max(len(months), len(years)) > 1:
        return None
    return _Told(months, years, days) if len(days) <= (2 if months and not years else 1) else None


def _days(spoken: Sequence[str], words: Vocabulary, *, in_words: bool) -> Sequence[str]:
    """What may be the day: a number in digits, and `in_words` beside a month."""
    return [word for word in spoken if _DAY.fullmatch(word) or (in_words and words.numbers.get(word))]


def _day_and_more(told: _Told, last: str, asked: Asked) -> Reading | None:
    """A day, a month and a number more: «12 марта 26» is the year; «20 ноября 22» may be the hour as well."""
    number = number_named(last, asked.words) or 0
    day = number_named(told.days[0], asked.words) or 0
    if last != told.days[1]:
        return None
    of_year = _TWO_DIGITS.fullmatch(last) is not None and asked.may_be_year(number)
    as_year = asked.day(day, told.months[0], str(2000 + number)) if of_year else None
    return either(*readings(as_year), *_at_an_hour(asked.day(day, told.months[0], None), number, last, asked))


def _at_an_hour(day: Reading | None, hour: int, written: str, asked: Asked) -> Sequence[Found]:
    if not written.isdecimal() or not 0 < hour <= _LAST_HOUR:
        return ()
    near = [one for one in readings(day) if abs((asked.today - one.earliest).days) <= _LATELY]
    return [replace(one, hours=(min(hour, 23), min(hour, 23) + 1 if hour > 12 else hour + 13)) for one in near]


def _month(told: _Told, asked: Asked, *, back: int) -> Found:
    month = told.months[0]
    year = told.years[0] if told.years else asked.year_for(month)
    if back > 1:
        return month_of(year - 1, month)
    # "Last March", said in November: this year's, or the one before.
    or_before = back == 1 and not told.years and year == asked.today.year
    return about(month_of(year - or_before, month).earliest, month_of(year, month).latest)


def _day_or_year(spoken: Sequence[str], number: str, month: int, asked: Asked) -> Reading | None:
    """«26 марта» is a day; «март 22», «с сентября 22» and "in March 22" may be the year as well."""
    day = number_named(number, asked.words) or 0
    as_day = asked.day(day, month, None) if 0 < day <= 31 else None
    place = next(at for at, word in enumerate(spoken) if month_named(word, asked.words))
    at = spoken.index(number)
    if at < place or not _TWO_DIGITS.fullmatch(number):
        return as_day
    as_month = month_of(2000 + day, month) if asked.may_be_year(day) else None
    if _is_marked(spoken, place, at, asked.words):
        return as_month
    return _day_or_month(as_day, as_month, spoken[place], spoken, asked)


def _is_marked(spoken: Sequence[str], month: int, number: int, words: Vocabulary) -> bool:
    """Is the number said to be the year: «сентябрь 22 г.», "September of 22"."""
    after = any(map(_year_mark(words).fullmatch, spoken[number + 1 :]))
    return after or not words.year_of_month.isdisjoint(spoken[month + 1 : number])


def _day_or_month(
    as_day: Reading | None, as_month: Found | None, month: str, spoken: Sequence[str], asked: Asked
) -> Reading | None:
    """A day of the very month that the year would name: the whole month, where the words leave both. Else both."""
    same = as_month is not None and as_month.earliest.year == asked.today.year
    if month.endswith(asked.words.month_endings_before_either):
        return as_day if same else either(as_month, *readings(as_day))
    if not _may_precede_year(month, spoken, asked):
        return as_day
    if as_month is None:
        return each(as_day, lambda one: about(one.earliest, one.latest))
    if any(as_month.earliest <= one.earliest <= as_month.latest for one in readings(as_day)):
        return as_month
    return either(as_month, *readings(as_day))


@cache
def _year_mark(words: Vocabulary) -> Pattern:
    return re.compile(any_of(words.year_mark))


def _may_precede_year(month: str, spoken: Sequence[str], asked: Asked) -> bool:
    """A month named so that a number after it may be a year: not «наурыздың 26-сы» or "March 26"."""
    words = asked.words
    if words.months_before_day.fullmatch(month) or not words.words_before_day.isdisjoint(spoken):
        return asked.since or not words.words_before_year.isdisjoint(spoken)
    return not month.endswith(words.month_endings_before_day)
