"""What a written date means: how sure it sounds, and the ways of writing one in the order in which they are tried."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from flows.dates.asked import Asked, Way
from flows.dates.distance import compared, counted, distance, lasting, lasting_for
from flows.dates.found import Found, Reading, about, each, either, exact, months_from, widened
from flows.dates.from_today import from_today
from flows.dates.hours import EVENING, TimeOfDay, set_aside
from flows.dates.named import in_words
from flows.dates.names import needs_a_number, needs_a_year
from flows.dates.numeric import day_alone, numeric
from flows.dates.parts import part, season
from flows.dates.plain import folded, plain
from flows.dates.relative import named
from flows.dates.signs import may_tell_a_day
from flows.dates.spans import last_night, night, night_of, range_of_days, reading, since, until
from flows.dates.term import read_term
from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of
from flows.dates.weeks import told_twice, week_or_weekday
from flows.dates.words import words_for

_LONGEST = 80
_DOUBT = re.compile(r"[?~≈\u2049\u2753\u2754\U0001f914\U0001f937](?! ?\d{1,2}:\d\d)")
_YEAR_IN_FULL = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d\d(?:19|20)\d\d")
_DIGIT, _NUMBER = re.compile(r"\d"), re.compile(r"[0-9]+")
_OF_A_LEAP_DAY = frozenset({29, 2})


def read(text: str, today: date, *, language: str, ahead: bool = False, hour: int | None = None) -> Reading | None:
    """What a written date means on the day `today`, at the `hour` where that is known: one reading, several, or None.

    A day without a year is the latest one gone by; with `ahead`, where a date may lie in the future, the nearest one.
    A term («10 суток») is then counted from today: who knows the day of the paper asks `read_term` first. `language` is
    that of the conversation; what it decides is said in `words_for`.
    """
    for words in words_for(language):
        if found := understand(text, Asked(today=today, ahead=ahead, words=words, hour=hour)):
            return found
    return read_term(text, today, language=language) if ahead and len(text.split()) > 1 else None


def understand(text: str, asked: Asked) -> Reading | None:
    """What a date means, read by these words."""
    if len(" ".join(text.split())) > _LONGEST:
        return None
    said = folded(text, asked.words)
    if not may_tell_a_day(said, asked.words):
        return None
    try:
        found = _denied(said, asked) or _at_a_time(said, asked, sure=not _DOUBT.search(text))
    except (ValueError, OverflowError):
        return None
    found = each(found, lambda one: one if _lies_near(one, asked.today) else None)
    if _YEAR_IN_FULL.search(text):
        return found
    # Where no year was written, none is sure: an exact day that started a deadline years ago would end it unseen.
    if {int(one) for one in _NUMBER.findall(said)} <= _OF_A_LEAP_DAY:  # no other number may be a year in two digits
        found = each(found, lambda one: None if _is_of_another_year(one, asked) else one)
    return each(found, lambda one: replace(one, sure="about") if one.earliest < _a_year_ago(asked) else one)


def _is_of_another_year(found: Found, asked: Asked) -> bool:
    """The 29th of February where this year has none: a slip, and no day of a leap year long ago or far ahead."""
    day = found.earliest
    near = _a_year_ago(asked) <= day <= months_from(asked.today, 12)
    return found.latest == day and (day.month, day.day) == (2, 29) and not near


def _a_year_ago(asked: Asked) -> date:
    return months_from(asked.today, -12)


def _lies_near(found: Found, today: date) -> bool:
    return today.year - 100 <= found.earliest.year <= found.latest.year <= today.year + 50


def _denied(said: str, asked: Asked) -> Reading | None:
    """«В ноябре, не в октябре»: what is not denied, when both are dates."""
    match = asked.words.not_but.fullmatch(said)
    both = [_at_a_time(one, asked, sure=True) for one in match.groups()] if match else [None]
    return both[0] if all(both) else None


def _at_a_time(said: str, asked: Asked, *, sure: bool) -> Reading | None:
    """A day, and the time of it."""
    if _names_a_night(said, asked.words):
        return _day(said, asked, sure=sure)
    rest, time = set_aside(said, asked.words)
    if time is None:
        return _day(said, asked, sure=sure)
    if time.night:
        return _night(rest, asked, sure=sure)
    found = _day(rest, asked, sure=sure) if rest else _last_such_day(time, asked)
    return each(found, lambda one: replace(one, hours=time.hours) if one.earliest == one.latest else one)


def _names_a_night(said: str, words: Vocabulary) -> bool:
    return any(form.fullmatch(said) for form in (words.night_before, words.night_between, words.night_after))


def _last_such_day(time: TimeOfDay, asked: Asked) -> Found | None:
    """Today, when there was such a time today; yesterday, when there was not; one of both, when that is not known."""
    today, yesterday = asked.today, asked.today - timedelta(days=1)
    first = time.hours[0] if time.hours else 0
    surely = first if time.surely is None else time.surely
    if asked.ahead:
        return exact(today)
    if asked.hour is None:
        return about(yesterday, today) if surely >= EVENING else exact(today)
    if first <= asked.hour < surely:
        return about(yesterday, today)
    return exact(today if surely <= asked.hour else yesterday)


def _night(rest: str, asked: Asked, *, sure: bool) -> Reading | None:
    """A night without an hour: it began in the evening of the day that is named."""
    if not rest or set(rest.split()) <= asked.words.this_night:
        tonight = night_of(exact(asked.today), asked.today, ahead=True) if asked.ahead else None
        return either(tonight, last_night(asked))
    named_from_today = from_today(plain(rest, asked.words), asked)
    if named_from_today:
        return night_of(named_from_today, asked.today, ahead=asked.ahead)
    return _day(rest, asked, sure=sure)


def _day(said: str, asked: Asked, *, sure: bool) -> Reading | None:
    words, doubt = _without_doubt(plain(said, asked.words), asked)
    if not words or not _may_be_a_month(words.split(), asked.words):
        return None
    found = _read(words, asked)
    if found is None and not asked.words.held.isdisjoint(said.split()):
        found = lasting_for(words, asked)
    return each(found, lambda one: widened(one, asked.today) if one.sure == "exact" and (doubt or not sure) else one)


def _may_be_a_month(spoken: Sequence[str], words: Vocabulary) -> bool:
    """«Сен», «там» only beside a number, «қыркүйегінде» only beside a year."""
    said = " ".join(spoken)
    if any(needs_a_number(word, words) for word in spoken) and not _DIGIT.search(said):
        return False
    if any(needs_a_year(word, words) for word in spoken):
        return _year(words).search(said) is not None
    return True


@cache
def _year(words: Vocabulary) -> Pattern:
    return re.compile(rf"\d\d\d\d|\d\d(?:{ORDINAL})? {any_of(words.year_mark)}")


def _without_doubt(said: str, asked: Asked) -> tuple[str, bool]:
    """The plain text without the words for "about", for "just" and for who it was; and whether it sounded unsure."""
    words = asked.words
    rest = _about(words).sub(" ", said)
    spoken = [word for word in rest.split() if word not in words.emphasis | words.told]
    left = [words.about_endings.sub("", word) for word in spoken if word not in words.about]
    # "числа 12 марта", "числа 12": the turned order means "about", as in «дня три назад».
    turned = len(spoken) > 1 and spoken[0] in words.about_day
    return " ".join(left), rest != said or left != spoken or turned


@cache
def _about(words: Vocabulary) -> Pattern:
    return re.compile(rf"\b{any_of(words.about_phrases)}\b")


def _read(said: str, asked: Asked) -> Reading | None:
    said = named(said, asked)
    return next((found for way in _WAYS if (found := way(said, asked)) is not None), None)


# The first that fits the whole text is taken.
_WAYS: tuple[Way, ...] = (
    numeric,
    day_alone,
    from_today,
    compared,
    distance,
    reading(night, _read),
    week_or_weekday,
    told_twice,
    range_of_days,
    part,
    season,
    in_words,
    counted,
    lasting,
    reading(since, _read),
    reading(until, _read),
)
