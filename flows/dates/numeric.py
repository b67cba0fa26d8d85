"""Dates in numbers: 12.03.2026, 2026-03-12, 12032026, 03.2026, 10.22, and the day of a month alone: «15 числа»."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import cache

from flows.dates.asked import Asked
from flows.dates.found import Reading, either, exact, month_of, months_from, readings, year_of
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of

_TWO_DAYS_OF_A_MONTH = r"\d{1,2}(?:[\- ]\d{1,2}[./]|/\d{1,2}\.)(?:0?[1-9]|1[0-2])$"  # 10-11.05 is no day of 2005
DAY_AND_MONTH = re.compile(rf"(?!{_TWO_DAYS_OF_A_MONTH})(\d{{1,2}})[./\- ](\d{{1,2}})(?:[./\- ](\d{{4}}|\d{{2}}))?")
YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./\- ](\d{4})")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)\d\d)[./\- ](\d{1,2})")
_EIGHT_DIGITS = re.compile(r"(\d\d)(\d\d)((?:19|20)\d\d)")
_DIGIT = re.compile(r"\d")
_SOON = 10  # days: so near, the day to come is meant, not that of the month before


def numeric(said: str, asked: Asked) -> Reading | None:
    """A date in numbers only, but for a word for "year" at its end."""
    if not _DIGIT.match(said):
        return None
    said = _year_at_the_end(asked.words).sub("", said)
    if match := YEAR_FIRST.fullmatch(said):
        return exact(date(int(match[1]), int(match[2]), int(match[3])))
    if match := _EIGHT_DIGITS.fullmatch(said):
        return exact(date(int(match[3]), int(match[2]), int(match[1])))
    if match := _MONTH_AND_YEAR.fullmatch(said):
        return month_of(int(match[2]), int(match[1]))
    if match := _YEAR_AND_MONTH.fullmatch(said):
        return month_of(int(match[1]), int(match[2]))
    if match := DAY_AND_MONTH.fullmatch(said):
        return _day_and_month(match, asked)
    return None


def _day_and_month(match: re.Match[str], asked: Asked) -> Reading | None:
    day, month = int(match[1]), int(match[2])
    if match[3] is None and day <= 12 < month and re.search(r"[./]", match[0]):  # 10.22 can only be a month and a year
        return month_of(2000 + month, day) if asked.may_be_year(month) else None
    if match[3] is None and re.search(r"[- ]", match[0]) and "0" not in {match[1][0], match[2][0]}:
        return None  # "2-3" are days or months to choose from, rather than the second of March
    if day <= 12 < month and match[3] and "/" in match[0]:  # 3/15/2026 can only be the fifteenth
        day, month = month, day
    return asked.day(day, month, match[3])


@cache
def _year_at_the_end(words: Vocabulary) -> Pattern:
    return re.compile(rf"\s*{any_of(words.year_after_date)}\.?$")


def day_alone(said: str, asked: Asked) -> Reading | None:
    """«15 числа»: of this month, or of the last one that had such a day."""
    match = _day_of_month(asked.words).fullmatch(_before_day(asked.words).sub("", said))
    if match is None:
        return None
    number = int(match[1] or match[2] or match[3])
    of_year = asked.since and asked.words.since_short_year and match[0] == f"{match[1]}{ORDINAL}"
    as_year = year_of(2000 + number) if of_year and asked.may_be_year(number) else None
    return either(*readings(day_of_month(number, asked)), as_year)


def day_of_month(number: int, asked: Asked) -> Reading | None:
    """The last such day; where it may lie ahead that, or the next one, or both."""
    days = _days_near(number, asked)
    before = max((one for one in days if one <= asked.today), default=None)
    if not asked.ahead:
        return exact(before) if before else None
    after = min((one for one in days if one >= asked.today), default=None)
    if before is None or after is None or (after - asked.today).days <= _SOON:
        return exact(after) if after else None
    return either(*map(exact, sorted((before, after), key=lambda one: abs(one - asked.today))))


def _days_near(number: int, asked: Asked) -> Sequence[date]:
    """The days of this number in the months before, and where it may lie ahead in the months to come."""
    months = [months_from(asked.today.replace(day=1), shift) for shift in range(-3, 4 if asked.ahead else 1)]
    return [one.replace(day=number) for one in months if 0 < number <= monthrange(one.year, one.month)[1]]


@cache
def _before_day(words: Vocabulary) -> Pattern:
    return re.compile(rf"^{any_of(words.before_day)}(?=\d)")


@cache
def _day_of_month(words: Vocabulary) -> Pattern:
    after, before = any_of(words.of_month), any_of(tuple(sorted(words.about_day)))
    return re.compile(rf"(\d{{1,2}}){ORDINAL}(?: {after})?|(\d{{1,2}}) {after}|{before} (\d{{1,2}})(?:{ORDINAL})?")
