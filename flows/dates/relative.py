"""«Прошлого года», «этого месяца», «22 года» and their like, as the year, or as the month and its year."""

import re
from functools import cache

from flows.dates.asked import Asked
from flows.dates.found import months_from
from flows.dates.names import MONTH_MARKS
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of

_YEARS = re.compile(r"\b((?:19|20)\d\d)-(\d\d)\b(?![-./\d])")


def named(said: str, asked: Asked) -> str:
    """The text with its relative and its shortened years and its relative months in absolute form."""
    for years, form in enumerate(asked.words.years_back):
        said = form.sub(str(asked.today.year - years), said)
    said = asked.words.next_year.sub(str(asked.today.year + 1), said) if asked.ahead else said
    month = asked.today.replace(day=1)
    for months, form in reversed([*enumerate(asked.words.months_back)]):  # "the month before last" is no "last month"
        meant = months_from(month, -months)
        said = form.sub(f"{MONTH_MARKS[meant.month - 1]} {meant.year}", said)
    return " ".join(_with_whole_years(said, asked).split())


def _with_whole_years(said: str, asked: Asked) -> str:
    """«22 жылдың», «23-й год», «22-23 год», 2022-23: as 2022 and their like, unless they count years."""

    def whole(number: str) -> str:
        return str(2000 + int(number)) if asked.may_be_year(int(number)) else number

    said = _YEARS.sub(lambda match: f"{match[1]} - 20{match[2]}" if int(match[2]) > 12 else match[0], said)
    said = asked.words.year_before_month.sub(lambda match: whole(match[1]), said)
    if not asked.words.no_year_beside.isdisjoint(said.split()):
        return said
    said = _two_marked(asked.words).sub(lambda match: f"{whole(match[1])} - {whole(match[2])}", said)
    return _marked(asked.words).sub(lambda match: whole(match[1]), said)


@cache
def _marked(words: Vocabulary) -> Pattern:
    return re.compile(rf"(?<![\d.\-/])(\d\d)(?:{ORDINAL})? {any_of(words.year_mark)}(?!\w)")


@cache
def _two_marked(words: Vocabulary) -> Pattern:
    return re.compile(rf"(?<![\d.\-/])(\d\d) ?- ?(\d\d)(?:{ORDINAL})? {any_of(words.year_mark)}(?!\w)")
