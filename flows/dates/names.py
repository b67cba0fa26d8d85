"""The months, weekdays, units and numbers that a word names."""

import re
from functools import cache

from flows.dates.vocabulary import ORDINAL, Pattern, Unit, Vocabulary

# How the month of «в прошлом месяце» is written down (relative.py), whatever the language.
MONTH_MARKS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NUMBER = re.compile(rf"\d{{1,3}}(?:{ORDINAL})?")
_WITH_A_HALF = re.compile(r"\d{1,2}\.5")
_SMALL_TO_LARGE: tuple[Unit, ...] = ("minute", "hour", "day", "week", "month", "year")


def month_named(word: str, words: Vocabulary) -> int | None:
    """1 for January."""
    match = _months(words).fullmatch(word)
    return match.lastindex if match else None


def weekday_named(word: str, words: Vocabulary) -> int | None:
    """0 for Monday."""
    match = _weekdays(words).fullmatch(word)
    return match.lastindex - 1 if match and match.lastindex else None


def unit_named(word: str, words: Vocabulary) -> Unit | None:
    """The unit that a word begins like, unless it is a number."""
    if word in words.numbers:
        return None
    return next((unit for unit in _SMALL_TO_LARGE if word.startswith(words.units[unit])), None)


def number_named(word: str, words: Vocabulary) -> int | None:
    """A number or an ordinal, in digits or in a word."""
    if _NUMBER.fullmatch(word):
        return int(word.removesuffix(ORDINAL))
    return words.numbers.get(word)


def amount_named(word: str, words: Vocabulary) -> float | None:
    """A number, which may end in a half."""
    return float(word) if _WITH_A_HALF.fullmatch(word) else number_named(word, words)


@cache
def _months(words: Vocabulary) -> Pattern:
    return _numbered([f"{mark}|{form.pattern}" for mark, form in zip(MONTH_MARKS, words.months, strict=True)])


@cache
def _weekdays(words: Vocabulary) -> Pattern:
    return _numbered([form.pattern for form in words.weekdays])


def _numbered(forms: list[str]) -> Pattern:
    """A pattern whose group says which of the forms it was."""
    return re.compile("|".join(f"({form})" for form in forms))
