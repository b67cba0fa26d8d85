"""Dates as people write them in Russian, Kazakh and English, as the earliest and latest day they may mean."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

_STEMS = (
    ("янв", "қаң", "jan"),
    ("фев", "ақп", "feb"),
    ("мар", "нау", "mar"),
    ("апр", "сәу", "apr"),
    ("ма", "мам", "may"),
    ("июн", "мау", "jun"),
    ("июл", "шіл", "jul"),
    ("авг", "там", "aug"),
    ("сен", "қыр", "sep"),
    ("окт", "қаз", "oct"),
    ("ноя", "қар", "nov"),
    ("дек", "жел", "dec"),
)
_DAYS_AGO = {
    "today": 0, "сегодня": 0, "бүгін": 0, "now": 0, "сейчас": 0, "қазір": 0,
    "yesterday": 1, "вчера": 1, "кеше": 1,
    "позавчера": 2, "алдыңгүні": 2, "алдыңғы күні": 2, "the day before yesterday": 2, "day before yesterday": 2,
    "бұрнағы күні": 2,
}  # fmt: skip
_UNITS = {"day": 1, "ден": 1, "дня": 1, "дне": 1, "күн": 1, "week": 7, "нед": 7, "апта": 7}
_AGO = re.compile(r"(?:(\d{1,3})\s+)?(\w+)\s+(?:ago|назад|бұрын)")
_NUMERIC = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2}))?(?:\s*(?:г|ж)\.?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR = re.compile(r"\b(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A date as it was understood."""

    earliest: date = field(repr=False)
    latest: date = field(repr=False)
    sure: Literal["exact", "about"]


def read(text: str, today: date) -> Found | None:
    """What a written date means on the day `today`, or None. A day without a year is the latest one gone by."""
    said = " ".join(text.casefold().strip(" .!,").split())[:80]
    if said in _DAYS_AGO:
        return _exact(today - timedelta(days=_DAYS_AGO[said]))
    try:
        return _ago(said, today) or _iso(said) or _numeric(said, today) or _in_words(said, today)
    except (ValueError, OverflowError):
        return None


def _ago(said: str, today: date) -> Found | None:
    match = _AGO.fullmatch(said)
    unit = match and next((days for stem, days in _UNITS.items() if match[2].startswith(stem)), None)
    if not match or not unit:
        return None
    gone = today - timedelta(days=unit * int(match[1] or 1))
    return _exact(gone) if unit == 1 else Found(gone - timedelta(days=3), min(gone + timedelta(days=3), today), "about")


def _iso(said: str) -> Found | None:
    match = _ISO.fullmatch(said)
    return _exact(date(int(match[1]), int(match[2]), int(match[3]))) if match else None


def _numeric(said: str, today: date) -> Found | None:
    match = _NUMERIC.fullmatch(said)
    return _day(int(match[1]), int(match[2]), match[3], today) if match else None


def _in_words(said: str, today: date) -> Found | None:
    words = re.findall(r"[^\W\d_]+", said)
    months = [number for word in words if (number := _month(word))]
    if len(months) != 1:
        return None
    year = _YEAR.search(said)
    days = re.findall(r"(?<!\d)(\d{1,2})(?!\d)", said)
    if len(days) > 1:
        return None
    if days:
        return _day(int(days[0]), months[0], year[1] if year else None, today)
    return _whole_month(months[0], int(year[1]) if year else None, today)


def _month(word: str) -> int | None:
    if len(word) < 3 and word != "ма":
        return None
    for number, stems in enumerate(_STEMS, start=1):
        if number == 5 and word not in {"мая", "май", "мае", "may", "мамыр", "мамырда", "мамырдың"}:
            continue
        if any(word.startswith(stem) for stem in stems):
            return number
    return None


def _day(day: int, month: int, year: str | None, today: date) -> Found:
    if year is None:
        found = date(today.year, month, day)
        return _exact(found if found <= today else date(today.year - 1, month, day))
    return _exact(date(int(year) + (2000 if len(year) == 2 else 0), month, day))


def _whole_month(month: int, year: int | None, today: date) -> Found:
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return Found(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "about")


def _exact(day: date) -> Found:
    return Found(day, day, "exact")
