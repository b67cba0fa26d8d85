"""So many hours, days, weeks, months or years ago, or ahead; «2-3», «полтора», "more than a week", "the third day"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import ceil, floor

from flows.dates.asked import Asked
from flows.dates.found import Found, about, exact, months_from, spanning, widened
from flows.dates.names import amount_named, number_named, unit_named
from flows.dates.vocabulary import ORDINAL, Forms, Pattern, Unit, Vocabulary, any_of, captured, patterns

_HALF, _AND_A_HALF = "HALF", "ANDAHALF"  # marks: written by nobody
_TOKENS = re.compile(r"\d+(?:\.5)?|[^\W\d_]+|-|\S")
_DAYS: dict[Unit, float] = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365.25}
_COUNTED = re.compile(rf"(\d{{1,2}}){ORDINAL}")


@dataclass(frozen=True, slots=True)
class _Told:
    """One unit, and the words beside it that are not which way it goes, each with its place."""

    unit: Unit
    at: int
    beside: Sequence[tuple[int, str]]


def distance(said: str, asked: Asked) -> Found | None:
    """«3 дня назад», "in two weeks"."""
    tokens = _tokens(said, asked.words)
    sign = _sign(tokens, asked.words, past=False)
    return _away(tokens, sign, asked) if sign else None


def lasting(said: str, asked: Asked) -> Found | None:
    """«Уже три дня», "for a week", «двое суток»: it began then; the first day may be counted or not."""
    found = (lasting_for(inner, asked) for inner in _lengths(said, asked.words))
    return next((one for one in found if one), None)


def lasting_for(length: str, asked: Asked) -> Found | None:
    """It has been so for «три дня», "a week"."""
    tokens = _tokens(length, asked.words)
    if asked.ahead or not _sign(tokens, asked.words, past=True):
        return None
    found = _away(tokens, -1, asked)
    return about(found.earliest, found.latest + timedelta(days=found.sure == "exact")) if found else None


def _lengths(said: str, words: Vocabulary) -> list[str]:
    """What may be a length in words for how long it has been so."""
    found = [captured(match)[0] for match in _lasting(words, said)] + [said] * _is_alone(said, words)
    return [inner for inner in found if any(unit_named(word, words) for word in _tokens(inner, words))]


def _lasting(words: Vocabulary, said: str) -> list[re.Match[str]]:
    return [match for form in _forms_of_lasting(words) if (match := form.fullmatch(said))]


@cache
def _forms_of_lasting(words: Vocabulary) -> tuple[Pattern, ...]:
    return patterns(*words.lasting)


def _is_alone(said: str, words: Vocabulary) -> bool:
    *amount, unit = said.split()
    if not amount:
        return unit in words.unit_alone
    return unit in words.units_alone and all(number_named(word, words) is not None for word in amount)


def counted(said: str, asked: Asked) -> Found | None:
    """«Третий день», «вторая неделя», "the third month": it goes on, so it began one less ago, or that many."""
    spoken = said.split()
    said = next((captured(match)[0] for match in _lasting(asked.words, said)), said)
    spoken = said.split()
    if asked.ahead or len(spoken) != 2:
        return None
    nth, unit = _nth(spoken[0], asked.words), unit_named(spoken[1], asked.words)
    if not nth or unit is None or unit in {"minute", "hour"}:
        return None
    return about(*(_days_or_months(unit, -many, asked.today) for many in (nth, nth - 1)))


def _nth(word: str, words: Vocabulary) -> int | None:
    match = _COUNTED.fullmatch(word)
    return int(match[1]) if match else words.counted.get(word)


# --- more or less than ---


def compared(said: str, asked: Asked) -> Found | None:
    """«Больше недели назад», «почти год», «бір айдан астам»: from somewhat more, or down to less."""
    words = asked.words
    for way, forms in (("less", words.less_than), ("more", words.more_than), ("nearly", words.nearly)):
        inner, times = _within_words(forms).subn(" ", said)
        if times == 1 and not asked.ahead:
            return _compared(" ".join(inner.split()), way, asked)
    return None


@cache
def _within_words(forms: Forms) -> Pattern:
    return re.compile(rf"(?:(?<!\w)|(?=[^\W\d]*\s)){any_of(forms)}(?!\w)")


def _compared(said: str, way: str, asked: Asked) -> Found | None:
    said = next((captured(match)[0] for match in _lasting(asked.words, said)), said)
    tokens = _tokens(said, asked.words)
    told = _told(tokens, asked.words) if tokens else None
    amounts = _amounts(told, asked.words) if told else None
    if told is None or amounts is None or len(amounts) != 1:
        return None
    (amount,) = amounts
    more = amount + 1 if amount < 5 else amount * 1.5
    least, most = {"less": (0.0, amount), "more": (amount, more), "nearly": (amount * 0.75, amount)}[way]
    return about(_back(told.unit, most, asked.today), _back(told.unit, least, asked.today))


def _back(unit: Unit, amount: float, today: date) -> date:
    if amount % 1 or unit in {"minute", "hour"}:
        return today - timedelta(days=ceil(amount * _DAYS[unit]))
    return _days_or_months(unit, -int(amount), today)


def _tokens(said: str, words: Vocabulary) -> list[str]:
    said = words.half_in_front.sub(f"{_HALF} ", said)
    said = words.one_and_a_half.sub("1.5", said)
    return _TOKENS.findall(words.and_a_half.sub(_AND_A_HALF, said))


def _sign(tokens: Sequence[str], words: Vocabulary, *, past: bool) -> int:
    """-1 for "ago", 1 for "later"; 0 for neither, or for both."""
    before, after = past or not words.before.isdisjoint(tokens), not words.after.isdisjoint(tokens)
    if tokens[0] in words.after_in_front and len(tokens) > 1:
        after = after or number_named(tokens[1], words) is not None
    return after - before


def _away(tokens: Sequence[str], sign: int, asked: Asked) -> Found | None:
    told = _told(tokens, asked.words)
    if told is None:
        return None
    spoken = {word for _, word in told.beside}
    if not spoken.isdisjoint(asked.words.few | asked.words.pair):
        return _a_few(told.unit, sign, spoken, asked)
    amounts = _amounts(told, asked.words)
    if amounts is None:
        return None
    found = spanning(_at(told.unit, sign * amount, asked) for amount in amounts)
    turned = found.sure == "exact" and _is_turned(tokens, told.at, asked.words)
    return widened(found, asked.today) if turned else found


def _told(tokens: Sequence[str], words: Vocabulary) -> _Told | None:
    units = [(at, unit) for at, word in enumerate(tokens) if (unit := unit_named(word, words))]
    if len(units) != 1:
        return None
    ((place, unit),) = units
    ignored = words.before | words.after | words.beside_distance
    return _Told(unit, place, [(at, word) for at, word in enumerate(tokens) if at != place and word not in ignored])


def _is_turned(tokens: Sequence[str], unit: int, words: Vocabulary) -> bool:
    """«Дня три назад», «дня через три»: the number after its unit means "about"."""
    number = next((at for at, word in enumerate(tokens) if amount_named(word, words) is not None), unit)
    return number > unit


# --- how many ---


def _amounts(told: _Told, words: Vocabulary) -> list[float] | None:
    """How many of a unit: one number or two, «неделю-две» is one and two. None: not understood."""
    spoken = [word for _, word in told.beside]
    halves = words.half | {_HALF}
    if not halves.isdisjoint(spoken):
        return [0.5] if set(spoken) <= halves | words.articles else None
    numbers = [number for word in spoken if (number := amount_named(word, words)) is not None]
    joined = [at for at, word in told.beside if word in words.joins or word in _or(words)]
    more = spoken.count(_AND_A_HALF)
    if len(numbers) + len(joined) + more != len(spoken) or more > 1:
        return None
    return _counted(numbers, joined, told.at, 0.5 * more)


def _counted(numbers: list[float], joined: Sequence[int], unit: int, more: float) -> list[float] | None:
    """One or two numbers, where a single unit before "or" stands for one; the half belongs to the last."""
    if len(numbers) < 2 and joined == [unit + 1]:
        numbers = [1.0, *numbers]
    if len(joined) > 1 or len(numbers) > 2 or bool(joined) != (len(numbers) == 2):
        return None
    *first, last = numbers or [1.0]
    return [*first, last + more]


@cache
def _or(words: Vocabulary) -> frozenset[str]:
    return frozenset({"-", *words.range_or})


# --- how far ---


def _a_few(unit: Unit, sign: int, spoken: set[str], asked: Asked) -> Found | None:
    """From the least to the most of a few, without more room at either end."""
    words = asked.words
    counted = spoken - words.beside_few
    if len(counted) != 1:
        return None
    least, most = (2, 8) if counted <= words.few else (1, 4)
    if unit in {"minute", "hour"}:
        return _at(unit, sign * most, asked)
    ends = [_days_or_months(unit, sign * many, asked.today) for many in (least, most)]
    return about(min(ends), max(ends))


def _days_or_months(unit: Unit, many: int, today: date) -> date:
    if unit in {"day", "week"}:
        return today + timedelta(days=many * (7 if unit == "week" else 1))
    return months_from(today, many * (12 if unit == "year" else 1))


def _at(unit: Unit, amount: float, asked: Asked) -> Found:
    """The day, or the days around it, at a distance."""
    today = asked.today
    match unit:
        case "minute":
            return _between_days(amount / (24 * 60), today)
        case "hour":
            return _between_days(amount / 24, today)
        case "day":
            return _between_days(amount, today) if amount % 1 else exact(today + timedelta(days=amount))
        case "week":
            return _around(today + timedelta(days=int(7 * amount)), 3, today)
        case "month":
            return _around(_months_away(amount, today), 15 if abs(amount) >= 1 else 5, today)
        case "year":
            return _around(months_from(today, int(12 * amount)), 60 if abs(amount) >= 1 else 30, today)


def _months_away(amount: float, today: date) -> date:
    """The half of a month is 15 days."""
    day = months_from(today, int(amount))
    return day + timedelta(days=15 if amount > 0 else -15) if amount % 1 else day


def _between_days(days: float, today: date) -> Found:
    return about(today + timedelta(days=floor(days)), today + timedelta(days=ceil(days)))


def _around(day: date, width: int, today: date) -> Found:
    """Back it does not reach past today, nor ahead before it."""
    first, last = day - timedelta(days=width), day + timedelta(days=width)
    return about(first, min(last, today)) if day < today else about(max(first, today), last)
