"""The beginning, middle or end of a month, a season or a year, and the seasons: «в начале марта», "last summer"."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from flows.dates.asked import Asked
from flows.dates.found import Found, about, month_of
from flows.dates.named import in_words
from flows.dates.names import unit_named
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary

_DAYS = ((1, 10), (11, 20), (21, 31))  # of a month's beginning, middle and end
_MONTHS = ((1, 3), (5, 8), (10, 12))  # of a year's
_WEEKDAYS = ((0, 2), (2, 4), (4, 6))  # of a week's
_SEASONS = ((12, 2), (3, 5), (6, 8), (9, 11))  # first and last month
_YEAR = re.compile(rf"\d{{4}}|\d\d(?:{ORDINAL})?")


def part(said: str, asked: Asked) -> Found | None:
    """A part of a month, a season or a year."""
    for days, form in asked.words.days_of_month.items():
        if form.search(said):
            return _part_of(form.sub(" ", said), days, None, asked)
    spoken = said.split()
    forms = asked.words.beginning, asked.words.middle, asked.words.end
    at = next((at for at, form in enumerate(forms) if any(map(form.fullmatch, spoken))), None)
    if at is None:
        return None
    rest = " ".join(word for word in spoken if not any(form.fullmatch(word) for form in forms))
    if monday := _week(rest, asked):
        first, last = _WEEKDAYS[at]
        return _until_today(monday + timedelta(days=first), monday + timedelta(days=last), asked)
    return _part_of_season(rest, at, asked) or _part_of(rest, _DAYS[at], _MONTHS[at], asked)


def _week(said: str, asked: Asked) -> date | None:
    """The Monday of «прошлой недели», and of «недели» alone."""
    telling = [word for word in said.split() if word not in asked.words.fillers]
    if len(telling) == 1 and unit_named(telling[0], asked.words) == "week":
        return asked.monday
    backs = (back for back, form in enumerate(asked.words.weeks_back) if form.fullmatch(" ".join(telling)))
    back = next(backs, None)
    return None if back is None else asked.monday - timedelta(days=7 * back)


def _until_today(first: date, last: date, asked: Asked) -> Found | None:
    if asked.ahead:
        return about(first, last)
    return about(first, min(last, asked.today)) if first <= asked.today else None


def _part_of(said: str, days: tuple[int, int], months: tuple[int, int] | None, asked: Asked) -> Found | None:
    whole = in_words(said, asked)
    whole = whole if isinstance(whole, Found) else _the_month(whole)
    if whole is None or whole.earliest == whole.latest:
        return None
    first, last = whole.earliest, whole.latest
    if (first.year, first.month) == (last.year, last.month):
        return about(first.replace(day=days[0]), first.replace(day=min(days[1], last.day)))
    if months is None:
        return None
    return about(date(first.year, months[0], 1), month_of(first.year, months[1]).latest)


def _the_month(several: object) -> Found | None:
    """«Конец сентября 22»: of two readings only the month has an end."""
    each = getattr(several, "readings", ())
    return next((one for one in each if one.earliest != one.latest), None)


def _part_of_season(said: str, at: int, asked: Asked) -> Found | None:
    """«В начале осени», «күздің басында»: its first month, its second or its last."""
    whole = season(said, asked)
    if whole is None or (whole.latest - whole.earliest).days > 100:
        return None
    year, month = divmod(whole.earliest.year * 12 + whole.earliest.month - 1 + at, 12)
    return month_of(year, month + 1) if date(year, month + 1, 1) <= asked.today or asked.ahead else None


def season(said: str, asked: Asked) -> Found | None:
    """A season, of a year or of this one and the last."""
    spoken = [word for word in re.findall(r"\w+", said) if word not in asked.words.fillers]
    years = [word for word in spoken if _YEAR.fullmatch(word)]
    last = any(map(asked.words.last.fullmatch, spoken))
    names = _names(spoken, years, asked.words)
    if len(names) != 1 or len(years) + last > 1:
        return None
    at = next((at for at, form in enumerate(asked.words.seasons) if form.fullmatch(names[0])), None)
    if at is None:
        return None
    return _of_year(_SEASONS[at], years[0], asked) if years else _newest(_SEASONS[at], asked, last=last)


def _names(spoken: Sequence[str], years: Sequence[str], words: Vocabulary) -> Sequence[str]:
    pointing: tuple[Pattern, ...] = (words.last, words.this_season)
    return [word for word in spoken if word not in years and not any(form.fullmatch(word) for form in pointing)]


def _of_year(months: tuple[int, int], written: str, asked: Asked) -> Found | None:
    number = int(written.removesuffix(ORDINAL))
    if number < 100 and not asked.may_be_year(number):
        return None
    year = number + (2000 if number < 100 else 0)
    first, end = months
    if first > end:  # a winter belongs to two years, and both are meant
        return about(date(year - 1, first, 1), date(year, 12, 31))
    return about(date(year, first, 1), month_of(year, end).latest)


def _newest(months: tuple[int, int], asked: Asked, *, last: bool) -> Found:
    """The season that has begun last, or the next one to end where it may lie ahead."""
    first, end = months
    years = range(asked.today.year - 2, asked.today.year + 2)
    spans = [(date(year, first, 1), month_of(year + (first > end), end).latest) for year in years]
    if asked.ahead:
        return about(*next(one for one in spans if one[1] >= asked.today))
    begin, finish = [one for one in spans if one[0] <= asked.today][-1]
    # «Прошлым летом», said in November: this year's summer, or the one before.
    earliest = begin.replace(year=begin.year - 1) if last and finish.year == asked.today.year else begin
    return about(earliest, min(finish, asked.today))
