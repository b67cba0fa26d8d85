"""The months, weekdays, units and numbers that a word names."""

import re
from functools import cache

from flows.dates.vocabulary import ORDINAL, Pattern, Unit, Vocabulary

# How the month of «в прошлом месяце» is written down (relative.py), whatever the language.
MONTH_MARKS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NUMBER = re.compile(rf"\d{{1,3}}(?:{ORDINAL})?")
_WITH_A_HALF = re.compile(r"\d{1,2}\.5")


def month_named(word: str, words: Vocabulary) -> int | None:
    """1 for January."""
    match = _months(words).fullmatch(word)
    return match.lastindex if match else None


def needs_a_number(word: str, words: Vocabulary) -> bool:
    """Is it a month only beside a number: «сен», «там»."""
    return _in_full(words).fullmatch(word) is None and month_named(word, words) is not None


def needs_a_year(word: str, words: Vocabulary) -> bool:
    """Is it a month only beside a year: «қыркүйегінде»."""
    return _of_a_year(words).fullmatch(word) is not None


def weekday_named(word: str, words: Vocabulary) -> int | None:
    """0 for Monday."""
    match = _weekdays(words).fullmatch(word)
    return match.lastindex - 1 if match and match.lastindex else None


def unit_named(word: str, words: Vocabulary) -> Unit | None:
    """The unit that a word names."""
    match = _units(words).fullmatch(word)
    return _names_of_units(words)[match.lastindex - 1] if match and match.lastindex else None


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
    each = zip(MONTH_MARKS, words.months, words.months_in_short, words.months_of_a_year, strict=True)
    return _numbered(["|".join((mark, *(form.pattern for form in forms))) for mark, *forms in each])


@cache
def _in_full(words: Vocabulary) -> Pattern:
    return _numbered(
        [
            "|".join((mark, full.pattern, dated.pattern))
            for mark, full, dated in zip(MONTH_MARKS, words.months, words.months_of_a_year, strict=True)
        ]
    )


@cache
def _of_a_year(words: Vocabulary) -> Pattern:
    return _numbered([form.pattern for form in words.months_of_a_year])


@cache
def _units(words: Vocabulary) -> Pattern:
    return _numbered([form.pattern for form in words.units.values()])


@cache
def _names_of_units(words: Vocabulary) -> tuple[Unit, ...]:
    return tuple(words.units)


@cache
def _weekdays(words: Vocabulary) -> Pattern:
    return _numbered([form.pattern for form in words.weekdays])


def _numbered(forms: list[str]) -> Pattern:
    """A pattern whose group says which of the forms it was."""
    return re.compile("|".join(f"({form})" for form in forms))
