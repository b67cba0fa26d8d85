"""From one day to another, since a day, until a day, and the night that belongs to two."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from flows.dates.asked import Asked, Way
from flows.dates.found import Found, about
from flows.dates.from_today import from_today
from flows.dates.named import in_words
from flows.dates.numeric import DAY_AND_MONTH, YEAR_FIRST, numeric
from flows.dates.vocabulary import ORDINAL, Forms, Pattern, Vocabulary, any_of, captured
from flows.dates.weeks import week_or_weekday

_ENDS: tuple[Way, ...] = (numeric, from_today, week_or_weekday, in_words)  # the ways to write one end
_DAY = re.compile(rf"\d{{1,2}}(?:{ORDINAL})?")
_DAY_AND_YEAR = re.compile(rf"(\d{{1,2}})(?:{ORDINAL})?( (?:19|20)\d\d)?")
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d\b")


def range_of_days(said: str, asked: Asked) -> Found | None:
    """«С 3 по 5 марта», "March 3-5", «вторник или среда»: from the first of them to the last."""
    said = _in_one_order(said, asked.words)
    match = _range(asked.words).fullmatch(said)
    if match is None or DAY_AND_MONTH.fullmatch(said) or YEAR_FIRST.fullmatch(said):
        return None
    ends = _completed(match[1], match[3])
    if ends is None:
        return None
    begin, end = (_end(one.strip(), asked) for one in ends)
    if begin is None or end is None:
        return None
    if begin.earliest > end.latest and match[2].strip() in {"-", *asked.words.range_or}:
        begin, end = end, begin
    return None if begin.earliest > end.latest else about(begin.earliest, end.latest)


def _in_one_order(said: str, words: Vocabulary) -> str:
    """The first day, what joins them, the last day and its year."""
    said = words.from_to.sub(lambda match: " - ".join(captured(match)), said)
    said = _range_end(words).sub("", said)
    return _year_in_front(words).sub(r"\2 \1", said)


def _completed(first: str, last: str) -> tuple[str, str] | None:
    """Both ends with their month and year, where these are said once."""
    if _DAY.fullmatch(first):  # "3-5 March": the month stands once, at the end
        if not _SHORT_NUMBER.search(last):
            return None
        first = _SHORT_NUMBER.sub(first.removesuffix(ORDINAL), last, count=1)
    elif match := _DAY_AND_YEAR.fullmatch(last):  # "March 3-5"
        last = _SHORT_NUMBER.sub(match[1], first, count=1) + (match[2] or "")
    year = _YEAR.search(last)
    return (f"{first} {year[0]}" if year and not _YEAR.search(first) else first), last


def _end(said: str, asked: Asked) -> Found | None:
    return next((found for way in _ENDS if (found := way(said, asked)) is not None), None)


@cache
def _range(words: Vocabulary) -> Pattern:
    joins = any_of(words.range_or + words.range_to)
    return re.compile(rf"{any_of(words.range_from)}?\s*(.+?)\s*(-| {joins} )\s*(.+)")


@cache
def _range_end(words: Vocabulary) -> Pattern:
    return re.compile(rf" {any_of(words.range_end)}$")


@cache
def _year_in_front(words: Vocabulary) -> Pattern:
    return re.compile(rf"^(\d{{4}}) {any_of(words.year_in_front)} (.+)$")


# --- ways that read a day inside a phrase ---


def since(said: str, asked: Asked, read: Way) -> Found | None:
    """«С понедельника», "since 5 March": the day itself."""
    inner = _inside(asked.words.since, said)
    return read(inner, asked) if inner else None


def until(said: str, asked: Asked, read: Way) -> Found | None:
    """«До 15 марта», where a last day is asked for."""
    inner = _inside(asked.words.until, said) if asked.ahead else None
    return read(inner, asked) if inner else None


def _inside(forms: Forms, said: str) -> str | None:
    """What the phrase is about, if that is no such phrase again."""
    phrase = _phrase(forms)
    match = phrase.fullmatch(said)
    inner = captured(match)[0] if match else ""
    return inner if inner and not phrase.fullmatch(inner) else None


@cache
def _phrase(forms: Forms) -> Pattern:
    return re.compile(any_of(forms))


def night(said: str, asked: Asked, read: Way) -> Found | None:
    """A night belongs to two days."""
    words = asked.words
    if _phrase(words.last_night).fullmatch(said):
        return about(asked.today - timedelta(days=1), asked.today)
    for form, shift in ((words.night_before, -1), (words.night_after, 1)):
        if match := form.fullmatch(said):
            return _with_the_day_beside(read(captured(match)[0], asked), shift)
    between = words.night_between.fullmatch(said)
    return range_of_days(captured(between)[0], asked) if between else None


def _with_the_day_beside(day: Found | None, shift: int) -> Found | None:
    if day is None or day.sure != "exact":
        return day
    other = day.earliest + timedelta(days=shift)
    return about(min(other, day.earliest), max(other, day.latest))


def reading(way: Callable[[str, Asked, Way], Found | None], read: Way) -> Way:
    """A way whose inner day is read like this."""
    return lambda said, asked: way(said, asked, read)
