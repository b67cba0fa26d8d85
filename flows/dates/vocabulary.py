"""The words that dates are written with: one shape, filled in once for each language (`words/`).

Words stand as `plain.py` leaves them: in small letters, an ordinal as its number and `ORDINAL`. A pattern is a regular
expression that captures nothing, except where it says so. What a language has no word for stays empty.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, Literal

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
Pattern = re.Pattern[str]
Words = frozenset[str]
Forms = tuple[str, ...]  # parts of a pattern, any one of which may stand there
Stems = tuple[str, ...]  # beginnings of words

ORDINAL = "TH"  # 15TH. Marks are capitals, which no text has any more once it is plain: nobody can type one.
NEVER = re.compile(r"(?!)")
_NONE: Words = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The words of dates in one language, or in several at once (`together`)."""

    # --- names and numbers ---
    months: tuple[Pattern, ...]  # January first; the whole word, with the slips that people make
    weekdays: tuple[Pattern, ...]  # Monday first
    seasons: tuple[Pattern, ...]  # winter first
    units: Mapping[Unit, Stems]
    numbers: Mapping[str, int]
    tens: Words  # numbers that a smaller one may follow
    articles: Words = _NONE  # numbers that follow no other
    ordinals: Mapping[str, int]
    ordinals_beside: Mapping[str, int] = field(default_factory=dict)  # alone they are no day: "second"
    fillers: Words  # carry no date: prepositions, "of the year", "it was", a time of day

    # --- making a text plain ---
    letters: Mapping[str, str] = field(default_factory=dict)  # one letter written in two ways
    reworded: Mapping[str, str] = field(default_factory=dict)  # a phrase, and a word in its place
    dropped: Pattern = NEVER  # an ending that changes nothing
    split: Pattern = NEVER  # a hyphen between two words: "twenty-first"
    ordinal_endings: Forms = ()  # after the digits of an ordinal
    year_endings: Forms = ()  # after the digits of a year
    year_mark: Forms = ()  # "year", in full or short, after a number
    year_letters: Forms = ()  # what may be written to a number without a space
    before_time: Forms = ()  # "at", before 10:30
    after_time: Forms = ()  # "pm", after 10:30; each may stand there
    times: Forms = ()  # a time of day beside a date, written otherwise

    # --- how sure, and what may be left out ---
    emphasis: Words = _NONE
    about: Words = _NONE
    about_phrases: Forms = ()
    about_endings: Pattern = NEVER  # after a unit

    # --- from today ---
    days_from_today: Mapping[str, int]
    days_beside: Words = _NONE  # of those, what means a day only beside a filler: "this morning"
    no_day_beside: Words = _NONE  # fillers that are none beside a day from today
    days_in_a_phrase: Mapping[str, int] = field(default_factory=dict)  # nothing may stand beside it
    last_night: Forms = ()
    night_before: Pattern = NEVER  # captures the day after the night
    night_after: Pattern = NEVER  # captures the day before the night
    night_between: Pattern = NEVER  # captures both days, as a range

    # --- a distance ---
    before: Words  # "ago"
    after: Words  # "later"
    after_in_front: Words = _NONE  # "in", of "in 3 days"
    beside_distance: Words = _NONE
    half: Words = _NONE
    half_in_front: Pattern = NEVER  # what makes a half of the unit it is written to
    one_and_a_half: Pattern = NEVER
    and_a_half: Pattern = NEVER
    few: Words = _NONE
    pair: Words = _NONE
    beside_few: Words = _NONE
    joins: Words = _NONE  # of two numbers, beside `or_`
    lasting: Forms = ()  # how long it has been so; each captures the distance

    # --- this, last, the one before ---
    last: Stems = ()
    this_month: Words = _NONE  # before a month's name
    this_weekday: Words = _NONE  # before a weekday's name
    this_season: Stems = ()
    years_back: tuple[Pattern, Pattern, Pattern] = (NEVER, NEVER, NEVER)  # this year, the last, the one before
    months_back: tuple[Pattern, Pattern, Pattern] = (NEVER, NEVER, NEVER)
    weeks_back: tuple[Pattern, Pattern, Pattern] = (NEVER, NEVER, NEVER)
    weekend: Forms = ()  # captures what makes it the last one

    # --- days, months and years ---
    before_day: Forms = ()  # "on the", before a day's number
    of_month: Forms = ()  # after a day's number: a day of this month or the last
    about_day: Words = _NONE  # before a day's number: a day about it
    year_after_date: Forms = ()  # "year", after a date in numbers
    before_short_year: Forms = ()  # "in" of «в 26 году»
    after_short_year: Forms = ()  # "year" of «в 26 году»
    months_before_day: Pattern = NEVER  # a month that a day follows, no year
    month_endings_before_day: Stems = ()  # endings of such a month
    words_before_day: Words = _NONE  # what beside any month makes the number a day
    words_before_year: Words = _NONE  # and what makes it a year again

    # --- parts of a month or a year ---
    beginning: Stems = ()
    middle: Stems = ()
    end: Stems = ()
    days_of_month: Mapping[tuple[int, int], Pattern] = field(default_factory=dict)  # first and last day

    # --- from one day to another ---
    range_from: Forms = ()
    range_or: Forms = ()
    range_to: Forms = ()
    from_to: Pattern = NEVER  # captures the first day and the last
    range_end: Forms = ()  # "between", after both
    year_in_front: Forms = ()  # "of the year", after the year with which a range begins
    since: Forms = ()  # each captures the day
    until: Forms = ()  # each captures the day


def together(vocabularies: Iterable[Vocabulary]) -> Vocabulary:
    """One vocabulary that has the words of all; of two patterns that fit the one of the first language is taken."""
    each = list(vocabularies)
    return Vocabulary(**{one.name: _joined([getattr(words, one.name) for words in each]) for one in fields(Vocabulary)})


def _joined(values: Sequence[Any]) -> Any:
    match values[0]:
        case re.Pattern():
            return _either(values)
        case frozenset():
            return frozenset().union(*values)
        case (re.Pattern(), *_):
            return tuple(map(_joined, zip(*values, strict=True)))
        case tuple():
            return sum(values, ())
        case Mapping():
            return _merged(values)
        case _:
            return values[0]


def _either(forms: Sequence[Pattern]) -> Pattern:
    return re.compile(any_of(tuple(form.pattern for form in forms if form is not NEVER)))


def _merged(values: Sequence[Mapping[Any, Any]]) -> Mapping[Any, Any]:
    keys = dict.fromkeys(chain.from_iterable(values))
    return {key: _joined([one[key] for one in values if key in one]) for key in keys}


# --- for those who make patterns of words ---


def patterns(*forms: str) -> tuple[Pattern, ...]:
    """Each form as a pattern of its own."""
    return tuple(map(re.compile, forms))


def any_of(forms: Forms) -> str:
    """Any one of these, as a part of a pattern; never, when there is none."""
    return f"(?:{'|'.join(forms or (NEVER.pattern,))})"


def captured(match: re.Match[str]) -> list[str]:
    """What a match captured, without what did not take part."""
    return [one for one in match.groups() if one]
