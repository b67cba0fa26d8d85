"""What a written date means: how sure it sounds, and the ways of writing one in the order in which they are tried."""

import re
from datetime import date
from functools import cache

from flows.dates.asked import Asked, Way
from flows.dates.distance import distance, lasting
from flows.dates.found import Found, widened
from flows.dates.from_today import from_today
from flows.dates.named import in_words
from flows.dates.numeric import day_alone, numeric
from flows.dates.parts import part, season
from flows.dates.plain import plain
from flows.dates.relative import named
from flows.dates.spans import night, range_of_days, reading, since, until
from flows.dates.vocabulary import Pattern, Vocabulary, any_of
from flows.dates.weeks import week_or_weekday, with_weekday
from flows.dates.words import words_for

_LONGEST = 80
_DOUBT = re.compile(r"[?~≈]")


def read(text: str, today: date, *, language: str, ahead: bool = False) -> Found | None:
    """What a written date means on the day `today`, or None.

    A day without a year is the latest one gone by; with `ahead`, where a date may lie in the future, the nearest one.
    `language` is that of the conversation; what it decides is said in `words_for`.
    """
    return understand(text, Asked(today=today, ahead=ahead, words=words_for(language)))


def understand(text: str, asked: Asked) -> Found | None:
    """What a date means, read by these words."""
    if len(" ".join(text.split())) > _LONGEST:
        return None
    said, sure = _without_doubt(text, asked)
    try:
        found = _read(said, asked) if said else None
    except (ValueError, OverflowError):
        return None
    if found is None or not _lies_near(found, asked.today):
        return None
    return widened(found, asked.today) if found.sure == "exact" and not sure else found


def _lies_near(found: Found, today: date) -> bool:
    return today.year - 100 <= found.earliest.year <= found.latest.year <= today.year + 50


def _without_doubt(text: str, asked: Asked) -> tuple[str, bool]:
    """The plain text without the words for "about" and those for "just"; and whether it was sure without them."""
    words = asked.words
    said = plain(text, words)
    rest = _about(words).sub(" ", said)
    spoken = [word for word in rest.split() if word not in words.emphasis]
    left = [words.about_endings.sub("", word) for word in spoken if word not in words.about]
    # "числа 12 марта", "числа 12": the turned order means "about", as in «дня три назад».
    turned = len(spoken) > 1 and spoken[0] in words.about_day
    return " ".join(left), rest == said and left == spoken and not turned and not _DOUBT.search(text)


@cache
def _about(words: Vocabulary) -> Pattern:
    return re.compile(rf"\b{any_of(words.about_phrases)}\b")


def _read(said: str, asked: Asked) -> Found | None:
    said = named(said, asked)
    return next((found for way in _WAYS if (found := way(said, asked)) is not None), None)


# The first that fits the whole text is taken.
_WAYS: tuple[Way, ...] = (
    numeric,
    day_alone,
    from_today,
    distance,
    reading(night, _read),
    week_or_weekday,
    with_weekday,
    range_of_days,
    part,
    season,
    in_words,
    lasting,
    reading(since, _read),
    reading(until, _read),
)
