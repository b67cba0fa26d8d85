"""A term that a paper gives instead of a day: «в течение месяца», «в 7-дневный срок», «10 күн ішінде»."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from flows.dates.found import Found, about, exact, months_from
from flows.dates.names import number_named, unit_named
from flows.dates.plain import folded, plain
from flows.dates.vocabulary import Pattern, Unit, Vocabulary, any_of
from flows.dates.words import words_for

_LONGEST = 80
_DAYS = {"day": 1, "week": 7}
_MOST = 400  # days: no paper gives a longer one
_WORD_OR_NUMBER = re.compile(r"\d+|[^\W\d_]+")


def read_term(text: str, from_day: date, *, language: str) -> Found | None:
    """The last day of a term that began on `from_day`; None when the text gives no term.

    A month ends on the same day of the next one or after thirty days, whichever comes first, as in flows/clocks.py: the
    earliest last day is never later than it is.
    """
    if len(" ".join(text.split())) > _LONGEST:
        return None
    for words in words_for(language):
        length = _length(folded(text, words), words)
        if length is not None:
            return _after(from_day, *length)
    return None


def _length(said: str, words: Vocabulary) -> tuple[int, Unit] | None:
    spoken = _WORD_OR_NUMBER.findall(_frames(words).sub(" ", plain(said, words).replace("-", " ")))
    if _is_left_open(said, words) or not spoken:
        return None
    *number, last = (part for word in spoken for part in _parts(word, words))
    unit = _unit(last, words)
    if unit is None or unit == "minute" or len(number) > 1:
        return None
    many = number_named(number[0], words) if number else 1
    return (many, unit) if many else None


def _is_left_open(said: str, words: Vocabulary) -> bool:
    """«10 дней назад», «уже 10 дней»: no term."""
    return not (words.before | words.no_year_beside).isdisjoint(said.split())


def _parts(word: str, words: Vocabulary) -> Iterable[str]:
    """«Семидневный» is 7 and «дневный»."""
    for number, many in words.term_numbers.items():
        if word.startswith(number) and _of_adjective(word.removeprefix(number), words):
            return (str(many), word.removeprefix(number))
    return (word,)


def _unit(word: str, words: Vocabulary) -> Unit | None:
    return unit_named(word, words) or _of_adjective(word, words)


def _of_adjective(word: str, words: Vocabulary) -> Unit | None:
    return next((unit for unit, form in words.term_units.items() if form.fullmatch(word)), None)


@cache
def _frames(words: Vocabulary) -> Pattern:
    longest_first = tuple(sorted(words.term_frames, key=len, reverse=True))
    return re.compile(rf"(?<!\w){any_of(longest_first)}(?!\w)")


def _after(begins: date, many: int, unit: Unit) -> Found | None:
    if unit == "hour":
        return exact(begins + timedelta(days=many // 24)) if many <= 24 * _MOST else None
    if unit in _DAYS:
        return exact(begins + timedelta(days=many * _DAYS[unit])) if many * _DAYS[unit] <= _MOST else None
    months = many * (12 if unit == "year" else 1)
    if months > 12:
        return None
    ends = sorted((months_from(begins, months), begins + timedelta(days=30 * months)))
    return exact(ends[0]) if ends[0] == ends[1] else about(*ends)
