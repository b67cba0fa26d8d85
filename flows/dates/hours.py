"""The time of day beside a date: found, known as one, and set aside, so that no number of it is read as anything else.

«20 ноября в 22», «вчера с 14 до 16», «кешкі 9-да», "at 10 pm", «сегодня с обеда».
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from flows.dates.found import Hours
from flows.dates.names import month_named, weekday_named
from flows.dates.vocabulary import Forms, Pattern, Vocabulary, any_of

_DIGIT = re.compile(r"\d")
_ENDS_IN_A_DAY = re.compile(r"\d[./]\d+(?: \w+)?$|\d-?[^\W\d]+$")
_LETTERS = re.compile(r"[^\W\d_]")
_FREE = r"(?<![\d.:/\-])"  # no number is written to the left of it
_ENDS = r"(?=$|,| \d)"
NOON, EVENING, NIGHT = 12, 18, (0, 6)
# Who says «в 4 утра» and «в 4 вечера» may say «утром» and «вечером» of the same hours: no term may begin after them.
_FIRST_HOUR_SO_CALLED = {6: 4, NOON: 11, EVENING: 16}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay:
    """What was said of the time. A `night` without an hour belongs to two days.

    `alone`: it is enough without a day, which is then the last one that had such a time. `surely`: the hour from which
    on nobody doubts that it is such a time, where that is later than the first of its hours.
    """

    hours: Hours | None
    surely: int | None = None
    night: bool = False
    alone: bool = False


def set_aside(said: str, words: Vocabulary) -> tuple[str, TimeOfDay | None]:
    """The text without its time of day, and that time."""
    for form, match in _found(said, words):
        rest, part = _part_beside(_without(said, match), words)
        time = _meant(form, match, part, words)
        if time is not None and (rest or time.alone):
            return rest, time
    rest, part = _part_beside(said, words)
    if part is None:
        return said, None
    night = part == NIGHT
    first, last = part
    hours = None if night else (_FIRST_HOUR_SO_CALLED.get(first, first), last)
    return rest, TimeOfDay(hours=hours, surely=first, night=night, alone=True)


def _part_beside(said: str, words: Vocabulary) -> tuple[str, Hours | None]:
    """«Утром», "in the evening": without it, and its hours."""
    match = _part(words).search(said)
    return (_without(said, match), _hours_of(match["part"], words.day_parts)) if match else (said, None)


@cache
def _part(words: Vocabulary) -> Pattern:
    rough, tail = any_of(words.rough), any_of(words.since_at_the_end)
    return re.compile(rf"\b(?:{rough} )*(?P<part>{any_of(tuple(words.day_parts))})(?!\w)(?: {tail})?")


def _without(said: str, match: re.Match[str]) -> str:
    rest = f"{said[: match.start()]} {said[match.end() :]}"
    return " ".join(rest.split()).strip(" ,;-")


_Form = Literal["span", "clock", "marked", "of_day", "part_and_hour", "bare", "ending", "dotted"]


def _found(said: str, words: Vocabulary) -> Iterator[tuple[_Form, re.Match[str]]]:
    if not _any_number(words).search(said):
        return
    goes_on = not words.no_hour_beside.isdisjoint(said.split())
    for form, pattern in _forms(words).items():
        if goes_on and form in {"marked", "of_day"}:
            continue  # «2 часа назад», «уже 3 часа» are no time of day
        for match in pattern.finditer(said):
            if form not in {"dotted", "ending", "of_day"} or _is_time(form, match, said, words):
                yield form, match


def _is_time(form: _Form, match: re.Match[str], said: str, words: Vocabulary) -> bool:
    """22.00 and 14-30 beside a day, «22-де» after one; 20.11, 10.22 and "March 10-15" are days, months and years."""
    before, after = said[: match.start()].strip(" ,"), said[match.end() :].strip(" ,")
    if form == "ending":
        return _names_a_day(before, words)
    if form == "of_day":  # «сижу 3 дня» is no time of day, «вчера в 3 дня» is
        return bool(match["lead"]) or _hours_of(match["of"], words.of_day) != (NOON, EVENING)
    if match["sign"] == ".":
        return match["minute"] == "00" or int(match["minute"]) > NOON or _names_a_day(before, words)
    if match["minute"] == "00":
        return not _LETTERS.match(after)
    return not after and (_names_a_day(before, words) or _ENDS_IN_A_DAY.search(before) is not None)


def _names_a_day(said: str, words: Vocabulary) -> bool:
    """A weekday, a day from today, or a month with its day."""
    spoken = said.split()
    if not _DIGIT.search(said) and any(month_named(word, words) for word in spoken):
        return False
    return any(
        month_named(word, words) or weekday_named(word, words) is not None or word in words.days_from_today
        for word in spoken
    )


@cache
def _forms(words: Vocabulary) -> dict[_Form, Pattern]:
    """The ways of saying a time, in the order in which they are tried."""
    of_day = any_of(tuple(words.of_day))
    part = any_of(tuple(words.day_parts))
    lead = any_of((*words.at, *words.around, *words.since_hour, *words.until_hour, *words.after_hour))
    leads = rf"(?P<lead>(?:\b{lead} )*)"
    number, number_behind = (rf"(?P<{name}>\d{{1,2}}|{_numbers(words)})" for name in ("hour", "hour_behind"))
    front = rf"(?:\b{any_of(words.hour_in_front)} )"
    ending = any_of(words.hour_endings)
    tail = rf"(?P<near>(?: {any_of(words.near_at_the_end)})?)(?P<tail>(?: {any_of(words.since_at_the_end)})?)"
    in_words = rf"(?P<part>{part})"
    marked = rf"{number} ?{any_of(words.hour_mark)}(?: (?P<minute>\d{{1,2}}) ?{any_of(words.minute_mark)}| \d\d$)?"
    forms: dict[_Form, str] = {
        "span": rf"\b{any_of(words.range_from)} {number}(?::\d\d)? {any_of(words.range_to)} "
        rf"(?P<until>\d{{1,2}})(?::\d\d)?(?: {any_of(words.hour_mark)})?$",
        "clock": rf"{leads}{front}?{_FREE}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::\d\d)?(?!\d)(?:{ending})?"
        rf"(?: ?(?P<of>{of_day})\b\.?)?{tail}",
        "marked": rf"(?:\b{in_words} )?{leads}(?:{_FREE}\b{marked}|{front}{number_behind}"
        rf"(?:{ending})?(?![\w:]))\.?(?: ?(?P<of>{of_day})\b)?{tail}",
        "of_day": rf"{leads}{_FREE}\b{number}(?:{ending})? ?(?P<of>{of_day})(?!\w)\.?{tail}",
        "part_and_hour": rf"\b{in_words},? {leads}{front}?{number}(?:(?:{ending})\b|{_ENDS}){tail}",
        "bare": rf"(?P<lead>(?:\b{lead} )+){number}{_ENDS}",
        "ending": rf"{_FREE}\b(?P<hour>\d{{1,2}}){ending}(?!\w){tail}$",
        "dotted": rf"{leads}{_FREE}\b(?P<hour>\d{{1,2}})(?P<sign>[.\-])(?P<minute>[0-5]\d)(?![\d.\-/])"
        rf"(?: ?(?P<of>{of_day})\b)?",
    }
    return {key: re.compile(form) for key, form in forms.items()}


@cache
def _any_number(words: Vocabulary) -> Pattern:
    """Without one in the text there is no hour, in whatever form."""
    return re.compile(rf"\d|{_numbers(words)}")


def _numbers(words: Vocabulary) -> str:
    small = any_of(tuple(sorted((one for one in words.numbers if one not in words.articles), key=len, reverse=True)))
    return rf"\b(?:{any_of(tuple(words.tens))} )?{small}"


def _meant(form: _Form, match: re.Match[str], beside: Hours | None, words: Vocabulary) -> TimeOfDay | None:
    said = {name: text for name, text in match.groupdict().items() if text}
    hour = _number(said.get("hour", said.get("hour_behind", "")), words)
    if hour is None:
        return None
    if form == "span":
        until = int(said["until"])
        return TimeOfDay(hours=(hour, until)) if hour < until <= 24 else None
    part = _part_said(said, words) or beside
    hours = _of_hour(hour, part, on_the_clock=form in {"clock", "dotted"} or "minute" in said)
    since = "tail" in said or _has(said.get("lead", ""), words.since_hour)
    return TimeOfDay(hours=_roughly(hours, said, words) if hours else None, alone=since and form != "bare")


def _part_said(said: Mapping[str, str], words: Vocabulary) -> Hours | None:
    return _hours_of(said.get("part"), words.day_parts) or _hours_of(said.get("of"), words.of_day)


def _has(lead: str, forms: Forms) -> bool:
    return re.search(rf"\b{any_of(forms)} ", lead) is not None


def _hours_of(said: str | None, parts: Mapping[str, Hours]) -> Hours | None:
    return next((hours for form, hours in parts.items() if re.match(rf"(?:{form})$", said)), None) if said else None


def _number(said: str, words: Vocabulary) -> int | None:
    """The hour of a day that is said."""
    spoken = [words.numbers[one] for one in said.split() if one in words.numbers]
    number = int(said) if said.isdecimal() else sum(spoken) if spoken else None
    return number if number is not None and number <= 24 else None


def _of_hour(hour: int, part: Hours | None, *, on_the_clock: bool) -> Hours | None:
    """From the hour to the next one. Without a part of the day a small number may be either half of it."""
    if part is not None and hour == NOON:
        return (NOON, NOON + 1) if part[0] == NOON else None  # twelve at night ends one day or the other
    first = min(hour + (NOON if part and _is_later(hour, part) else 0), 23)
    either_half = part is None and not on_the_clock and 0 < hour < NOON
    return first, first + 1 + (NOON if either_half else 0)


def _is_later(hour: int, part: Hours) -> bool:
    """«2 дня», «9 вечера», «11 ночи» are of the second half of the day."""
    if part == NIGHT:
        return 8 < hour < NOON
    return hour < {(NOON, EVENING): 7, (NOON, 24): NOON, (EVENING, 24): NOON}.get(part, 0)


def _roughly(hours: Hours, said: Mapping[str, str], words: Vocabulary) -> Hours:
    first, last = hours
    lead = said.get("lead", "")
    if "near" in said or _has(lead, words.around):
        return max(first - 1, 0), min(last + 1, 24)
    if _has(lead, words.until_hour):
        return 0, first
    return (first, 24) if _has(lead, words.after_hour) else hours
