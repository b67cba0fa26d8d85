"""The words that dates are written with: one shape, filled in once for each language (`words/`).

Words stand as `plain.py` leaves them: in small letters, an ordinal as its number and `ORDINAL`. A pattern is a regular
expression that captures nothing, except where it says so. What a language has no word for stays empty.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from flows.dates.found import Hours

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
Pattern = re.Pattern[str]
Words = frozenset[str]
Forms = tuple[str, ...]  # parts of a pattern, any one of which may stand there

ORDINAL = "TH"  # 15TH. Marks are capitals, which no text has any more once it is plain: nobody can type one.
NEVER = re.compile(r"(?!)")
_NONE: Words = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The words of dates in one language. A word is a whole word: what only begins like one is none."""

    # --- names and numbers ---
    months: tuple[Pattern, ...]  # January first; the whole word, with the slips that people make
    months_in_short: tuple[Pattern, ...] = (NEVER,) * 12  # only where a number stands beside
    months_of_a_year: tuple[Pattern, ...] = (NEVER,) * 12  # only where a year stands beside
    weekdays: tuple[Pattern, ...]  # Monday first
    seasons: tuple[Pattern, ...]  # winter first
    units: Mapping[Unit, Pattern]
    units_alone: Words = _NONE  # beside a number and nothing else, so long ago: "three days and nights"
    unit_alone: Words = _NONE  # and without a number
    numbers: Mapping[str, int]
    tens: Words  # numbers that a smaller one may follow
    articles: Words = _NONE  # numbers that follow no other
    ordinals: Mapping[str, int]
    ordinals_beside: Mapping[str, int] = field(default_factory=dict)  # alone they are no day: "second"
    fillers: Words  # carry no date: prepositions, "of the year", "it was", a time of day

    # --- making a text plain ---
    letters: Mapping[str, str] = field(default_factory=dict)  # one letter written in two ways
    reworded: Mapping[str, str] = field(default_factory=dict)  # a pattern, and what stands in its place
    dropped: Pattern = NEVER  # an ending that changes nothing
    split: Pattern = NEVER  # a hyphen between two words: "twenty-first"
    ordinal_endings: Forms = ()  # after the digits of an ordinal
    year_endings: Forms = ()  # after the digits of a year
    year_mark: Forms = ()  # "year", in full or short, after a number
    year_letters: Forms = ()  # what may be written to a number without a space
    latin: tuple[tuple[Pattern, str], ...] = ()  # how its own letters are written in Latin ones
    told: Words = _NONE  # who and what was met with, beside a date: "he", "they took"
    held: Words = _NONE  # of those, what goes on: a length beside it is how long

    # --- hours and times of day ---
    at: Forms = ()  # before an hour
    around: Forms = ()
    since_hour: Forms = ()
    until_hour: Forms = ()
    after_hour: Forms = ()
    near_at_the_end: Forms = ()  # "about", after it
    since_at_the_end: Forms = ()  # "since", after the hour
    hour_in_front: Forms = ()  # "hour", before its number
    hour_mark: Forms = ()  # and after it
    minute_mark: Forms = ()
    hour_endings: Forms = ()  # written to the digits of an hour
    no_hour_beside: Words = _NONE  # hours are how long, not when
    of_day: Mapping[str, Hours] = field(default_factory=dict)  # "in the morning", after an hour
    day_parts: Mapping[str, Hours] = field(default_factory=dict)  # and by itself
    rough: Forms = ()  # "late", before a part of the day
    this_night: Words = _NONE  # what makes a night the last one, but for the next where it may lie ahead
    last_night: Forms = ()  # "last night"

    # --- how sure, and what may be left out ---
    emphasis: Words = _NONE
    about: Words = _NONE
    about_phrases: Forms = ()
    about_endings: Pattern = NEVER  # after a unit
    more_than: Forms = ()  # beside a distance
    less_than: Forms = ()
    nearly: Forms = ()
    not_but: Pattern = NEVER  # captures the date that is meant, and the one that is denied

    # --- from today ---
    days_from_today: Mapping[str, int]
    night_before: Pattern = NEVER  # captures the day after the night
    night_after: Pattern = NEVER  # captures the day before the night
    night_between: Pattern = NEVER  # captures both days

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
    counted: Mapping[str, int] = field(default_factory=dict)  # "the third" of «третий день»: it still goes on

    # --- this, last, the one before ---
    last: Pattern = NEVER
    before_last: Pattern = NEVER
    next: Pattern = NEVER
    this_month: Words = _NONE  # before a month's name
    this_weekday: Words = _NONE  # before a weekday's name
    this_season: Pattern = NEVER
    years_back: tuple[Pattern, Pattern, Pattern] = (NEVER, NEVER, NEVER)  # this year, the last, the one before
    next_year: Pattern = NEVER
    months_back: tuple[Pattern, Pattern, Pattern] = (NEVER, NEVER, NEVER)
    weeks_back: tuple[Pattern, Pattern, Pattern] = (NEVER, NEVER, NEVER)
    weekend: Forms = ()  # captures what makes it the last one

    # --- days, months and years ---
    before_day: Forms = ()  # "on the", before a day's number
    of_month: Forms = ()  # after a day's number: a day of this month or the last
    about_day: Words = _NONE  # before a day's number: a day about it
    year_after_date: Forms = ()  # "year", after a date in numbers
    no_year_beside: Words = _NONE  # "ago": 22 of them, not the year
    since_short_year: bool = False  # «с 22-го»: of the month, or of the century
    year_before_month: Pattern = NEVER  # captures the year of «в 22-м в сентябре»
    year_of_month: Words = _NONE  # "of", between a month and its year in two digits
    months_before_day: Pattern = NEVER  # a month that a day follows, rather than a year
    month_endings_before_day: tuple[str, ...] = ()  # endings of such a month
    month_endings_before_either: tuple[str, ...] = ("\0",)  # endings of one that a day follows, or a year
    words_before_day: Words = _NONE  # what beside any month makes the number a day
    words_before_year: Words = _NONE  # and what makes it a year again

    # --- parts of a month or a year ---
    beginning: Pattern = NEVER
    middle: Pattern = NEVER
    end: Pattern = NEVER
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
    until_end: Mapping[str, Literal["week", "month", "year", "new year"]] = field(default_factory=dict)  # what ends

    # --- a term that a paper gives ---
    term_frames: Forms = ()  # "within", "from the day of handing over": what makes a length a term
    term_units: Mapping[Unit, Pattern] = field(default_factory=dict)  # of an adjective: «7-дневный»
    term_numbers: Mapping[str, int] = field(default_factory=dict)  # and its number, where both are one word


def rewritten(words: Vocabulary, change: Callable[[str], str]) -> Vocabulary:
    """The same words in other letters."""
    return replace(words, **{one.name: _changed(getattr(words, one.name), change) for one in fields(Vocabulary)})


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case re.Pattern():
            return re.compile(change(value.pattern))
        case frozenset():
            return frozenset(_changed(one, change) for one in value)
        case tuple():
            return tuple(_changed(one, change) for one in value)
        case Mapping():
            return {_changed(key, change): _changed(one, change) for key, one in value.items()}
        case _:
            return value


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
