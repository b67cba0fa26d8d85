"""Whether a text may tell a day at all: most of what people type does not, and need not be read in every way."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from flows.dates.vocabulary import NEVER, Pattern, Vocabulary, any_of


def may_tell_a_day(said: str, words: Vocabulary) -> bool:
    """Is there a digit in a folded text, or does a word begin like one that tells a day, a time or a length."""
    return _signs(words).search(said) is not None


@cache
def _signs(words: Vocabulary) -> Pattern:
    return re.compile(rf"\d|(?<![^\W\d_]){any_of(tuple(dict.fromkeys(_telling(words))))}")


def _telling(words: Vocabulary) -> Iterator[str]:
    """Every way of writing has one of these in it; all else of a vocabulary stands beside them, or beside a digit."""
    yield from map(re.escape, (*words.numbers, *words.ordinals, *words.ordinals_beside, *words.days_from_today))
    yield from (*words.day_parts, *words.last_night, *words.weekend)
    yield from _written((*words.months, *words.weekdays))
    yield from _written((*words.seasons, *words.units.values(), words.half_in_front, words.next_year))
    yield from _written((*words.years_back, *words.months_back, *words.weeks_back))


def _written(patterns: Iterable[Pattern]) -> Iterator[str]:
    return (one.pattern for one in patterns if one.pattern != NEVER.pattern)
