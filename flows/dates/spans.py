"""From one day to another, since a day, until a day, and the night that belongs to two."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import product

from flows.dates.asked import Asked, Way
from flows.dates.found import Found, Reading, about, each, either, exact, months_from, readings
from flows.dates.from_today import from_today
from flows.dates.named import in_words
from flows.dates.names import month_named
from flows.dates.numeric import DAY_AND_MONTH, YEAR_FIRST, day_alone, numeric
from flows.dates.vocabulary import ORDINAL, Forms, Pattern, Vocabulary, any_of, captured, patterns
from flows.dates.weeks import week_or_weekday

_ENDS: tuple[Way, ...] = (numeric, day_alone, from_today, week_or_weekday, in_words)  # the ways to write one end
_DAY = re.compile(rf"\d{{1,2}}(?:{ORDINAL})?")
_DAY_AND_YEAR = re.compile(rf"(\d{{1,2}})(?:{ORDINAL})?( (?:19|20)\d\d)?")
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d\b")
_TURN = timedelta(days=15)  # at most, from a day of one month to one of the next, where the month is said once
_YEAR_LONG = timedelta(days=365)
_MONTH_AND_SHORT_YEAR = re.compile(rf"(\S+) (\d\d)(?:{ORDINAL})?")


def range_of_days(said: str, asked: Asked) -> Found | None:
    """«С 3 по 5 марта», "March 3-5", «вторник или среда»: from the first of them to the last."""
    said = _in_one_order(said, asked.words)
    match = _range(asked.words).fullmatch(said)
    if match is None or DAY_AND_MONTH.fullmatch(said) or YEAR_FIRST.fullmatch(said):
        return None
    ends = _completed(match[1], match[3], asked)
    if ends is None:
        return None
    begins, finishes = (readings(_end(one.strip(), asked)) for one in ends)
    either_way = match[2].strip() in {"-", *asked.words.range_or}
    spans = [span for one, other in product(begins, finishes) if (span := _span(one, other, either_way=either_way))]
    first, last = match[1].strip(), match[3].strip()
    likely = [one for one in spans if _is_meant(one, first, last)]
    return min([*likely, *_over_a_turn(first, last, asked)], key=lambda one: one.latest - one.earliest, default=None)


def _is_meant(span: Found, first: str, last: str) -> bool:
    """One month that is said once is one month; and without a year nobody means more than a year."""
    if bool(_DAY.fullmatch(first)) != bool(_DAY.fullmatch(last)):
        return (span.earliest.year, span.earliest.month) == (span.latest.year, span.latest.month)
    return span.latest - span.earliest < _YEAR_LONG or _YEAR.search(f"{first} {last}") is not None


def _over_a_turn(first: str, last: str, asked: Asked) -> Iterator[Found]:
    """«С 30 на 1 июля», «30 июня или 1»: the month that is said is that of the day beside it."""
    for said, other, months in ((first, last, -1), (last, first, 1)):
        if not _DAY.fullmatch(said):
            continue
        number = int(said.removesuffix(ORDINAL))
        for known in readings(_end(other, asked)):
            beside = months_from(known.earliest.replace(day=1), months)
            if known.earliest != known.latest or not 0 < number <= monthrange(beside.year, beside.month)[1]:
                continue
            begin, end = sorted((known.earliest, beside.replace(day=number)))
            if end - begin <= _TURN:
                yield about(begin, end)


def _span(begin: Found, end: Found, *, either_way: bool) -> Found | None:
    if begin.earliest > end.latest and either_way:
        begin, end = end, begin
    return None if begin.earliest > end.latest else about(begin.earliest, end.latest)


def _in_one_order(said: str, words: Vocabulary) -> str:
    """The first day, what joins them, the last day and its year."""
    said = words.from_to.sub(lambda match: " - ".join(captured(match)), said)
    said = _range_end(words).sub("", said)
    return _year_in_front(words).sub(r"\2 \1", said)


def _completed(first: str, last: str, asked: Asked) -> tuple[str, str] | None:
    """Both ends with their month and year, where these are said once."""
    if not _SHORT_NUMBER.search(first) and month_named(
        first.rsplit(maxsplit=1)[-1], asked.words
    ):  # «сентябрь-октябрь 22»
        last = _with_whole_year(last, asked)
    elif _DAY.fullmatch(first):  # "3-5 March": the month stands once, at the end
        if not _SHORT_NUMBER.search(last):
            return None
        first = _SHORT_NUMBER.sub(first.removesuffix(ORDINAL), last, count=1)
    elif match := _DAY_AND_YEAR.fullmatch(last):  # "March 3-5"
        if not _SHORT_NUMBER.search(first):
            return None
        last = _SHORT_NUMBER.sub(match[1], first, count=1) + (match[2] or "")
    year = _YEAR.search(last)
    return (f"{first} {year[0]}" if year and not _YEAR.search(first) else first), last


def _with_whole_year(said: str, asked: Asked) -> str:
    match = _MONTH_AND_SHORT_YEAR.fullmatch(said)
    if match is None or not month_named(match[1], asked.words) or not asked.may_be_year(int(match[2])):
        return said
    return f"{match[1]} 20{match[2]}"


def _end(said: str, asked: Asked) -> Reading | None:
    return next((found for way in _ENDS if (found := way(said, asked)) is not None), None)


@cache
def _range(words: Vocabulary) -> Pattern:
    joins = any_of(words.range_or + words.range_to)
    return re.compile(rf"(?:{any_of(words.range_from)} )?\s*(.+?)\s*(-| {joins} )\s*(.+)")


@cache
def _range_end(words: Vocabulary) -> Pattern:
    return re.compile(rf" {any_of(words.range_end)}$")


@cache
def _year_in_front(words: Vocabulary) -> Pattern:
    return re.compile(rf"^(\d{{4}})(?: {any_of(words.year_in_front)})? (?!-)(.+)$")


# --- ways that read a day inside a phrase ---


def since(said: str, asked: Asked, read: Way) -> Reading | None:
    """«С понедельника», "since 5 March": the day itself."""
    for inner in _inside(asked.words.since, said):
        if found := read(inner, replace(asked, since=True)):
            return found
    return None


def until(said: str, asked: Asked, read: Way) -> Reading | None:
    """«До 15 марта», «до конца года», where a last day is asked for."""
    if not asked.ahead:
        return None
    for form, unit in asked.words.until_end.items():
        if re.fullmatch(form, said):
            return _last_day(unit, asked)
    for inner in _inside(asked.words.until, said):
        if found := read(inner, asked):
            return each(found, _end_of if any(map(asked.words.end.fullmatch, inner.split())) else _begin_of)
    return None


def _begin_of(found: Found) -> Found:
    return exact(found.earliest)


def _end_of(found: Found) -> Found:
    return exact(found.latest)


def _last_day(unit: str, asked: Asked) -> Reading | None:
    if unit == "week":
        return exact(asked.monday + timedelta(days=6))
    if unit == "month":
        return exact(months_from(asked.today.replace(day=1), 1) - timedelta(days=1))
    last = date(asked.today.year, 12, 31)
    # «До нового года», said in January: the term may be the one that has just ended.
    just_ended = unit == "new year" and asked.today.month == 1
    return either(exact(months_from(last, -12)) if just_ended else None, exact(last))


def _inside(forms: Forms, said: str) -> list[str]:
    """What the phrase may be about, if that is no such phrase again."""
    phrases = _phrases(forms)
    inner = [captured(match)[0] for phrase in phrases if (match := phrase.fullmatch(said))]
    return [one for one in inner if not any(phrase.fullmatch(one) for phrase in phrases)]


@cache
def _phrases(forms: Forms) -> tuple[Pattern, ...]:
    return patterns(*forms)


def night(said: str, asked: Asked, read: Way) -> Reading | None:
    """A night belongs to two days."""
    words = asked.words
    if _last_night(words).fullmatch(said):
        return last_night(asked)
    if between := words.night_between.fullmatch(said):
        first, last = captured(between)
        both = first.isdecimal() and last.isdecimal()
        return range_of_days(f"{first}{ORDINAL} - {last}{ORDINAL}" if both else f"{first} - {last}", asked)
    for form, shift in ((words.night_before, -1), (words.night_after, 1)):
        if match := form.fullmatch(said):
            day = captured(match)[0]
            found = read(f"{day}{ORDINAL}" if day.isdecimal() else day, asked)
            return each(found, partial(_with_the_day_beside, shift=shift))
    return None


@cache
def _last_night(words: Vocabulary) -> Pattern:
    return re.compile(any_of(words.last_night))


def last_night(asked: Asked) -> Found:
    """The one that ended this morning."""
    return about(asked.today - timedelta(days=1), asked.today)


def night_of(day: Found, today: date, *, ahead: bool) -> Found:
    """The night that began in the evening of a day."""
    after = day.earliest + timedelta(days=1)
    return about(day.earliest, after if ahead else min(after, today))


def _with_the_day_beside(day: Found, *, shift: int) -> Found:
    if day.sure != "exact":
        return day
    other = day.earliest + timedelta(days=shift)
    return about(min(other, day.earliest), max(other, day.latest))


def reading(way: Callable[[str, Asked, Way], Reading | None], read: Way) -> Way:
    """A way whose inner day is read like this."""
    return lambda said, asked: way(said, asked, read)
