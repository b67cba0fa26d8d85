"""Dates as people write them in Russian, Kazakh and English, as the earliest and latest day they may mean.

Where the words leave room, the room is kept: what is computed from a date uses its earliest day. A text that is not
understood as a whole is not understood; nothing is guessed from a part of it.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

_MONTHS = (
    ("янв", "қаң", "jan"),
    ("фев", "ақп", "feb"),
    ("мар", "нау", "mar"),
    ("апр", "сәу", "apr"),
    ("мая", "май", "мае", "мамыр", "may"),
    ("июн", "маус", "jun"),
    ("июл", "шіл", "jul"),
    ("авг", "там", "aug"),
    ("сен", "қыр", "sep"),
    ("окт", "қаз", "oct"),
    ("ноя", "қар", "nov"),
    ("дек", "жел", "dec"),
)
_WEEKDAYS = (
    ("понед", "дүйсенб", "monday"),
    ("вторн", "сейсенб", "tuesday"),
    ("сред", "сәрсенб", "wednesday"),
    ("четв", "бейсенб", "thursday"),
    ("пятн", "жұма", "friday"),
    ("субб", "сенбі", "saturday"),
    ("воскр", "жексенб", "sunday"),
)
_SEASONS = (  # first and last month
    (12, 2, ("зим", "қыс", "winter")),
    (3, 5, ("весн", "көктем", "spring")),
    (6, 8, ("лет", "жаз", "summer")),
    (9, 11, ("осен", "күз", "autumn", "fall")),
)
_DAYS_FROM_TODAY = {
    "позавчера": -2, "алдыңғы күн": -2, "бұрнағы күн": -2, "day before yesterday": -2,
    "вчера": -1, "кеше": -1, "yesterday": -1,
    "сегодня": 0, "сейчас": 0, "бүгін": 0, "қазір": 0, "today": 0, "now": 0, "this": 0,
    "завтра": 1, "ертең": 1, "tomorrow": 1,
    "послезавтра": 2, "бүрсігүні": 2, "day after tomorrow": 2,
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "один": 1, "одну": 1, "одного": 1, "бір": 1, "two": 2, "два": 2, "две": 2, "двух": 2,
    "екі": 2, "three": 3, "три": 3, "трех": 3, "үш": 3, "four": 4, "четыре": 4, "четырех": 4, "төрт": 4, "five": 5,
    "пять": 5, "бес": 5, "six": 6, "шесть": 6, "алты": 6, "seven": 7, "семь": 7, "жеті": 7, "eight": 8, "восемь": 8,
    "сегіз": 8, "nine": 9, "девять": 9, "тоғыз": 9, "ten": 10, "десять": 10, "он": 10,
}  # fmt: skip
_UNITS = (
    ("day", ("day", "ден", "дня", "дне", "сут", "күн")),
    ("week", ("week", "нед", "апта")),
    ("month", ("month", "мес", "ай")),
    ("year", ("year", "год", "лет", "жыл")),
)
# Words that carry no date: prepositions, "of the year", "it was", a time of day.
_FILLERS = {
    "в", "на", "во", "это", "было", "был", "была", "of", "the", "on", "in", "at", "it", "was", "г", "года", "году",
    "год", "ж", "жыл", "жылғы", "жылы", "жылдың", "айы", "айында", "айының", "күн", "күні", "күнінде", "утром",
    "днем", "вечером", "ночью", "таңертең", "кешке", "түнде", "түсте", "morning", "afternoon", "evening", "night",
}  # fmt: skip
_ABOUT = {
    "примерно", "около", "где-то", "кажется", "приблизительно", "наверное", "вроде", "about", "around",
    "approximately", "roughly", "maybe", "шамамен", "жуық", "жуықта", "мөлшермен",
}  # fmt: skip
_PARTS = (
    (1, 10, ("начал", "бас", "early", "begin", "start")),
    (11, 20, ("середин", "орта", "mid", "middle")),
    (21, 31, ("конц", "соң", "аяғ", "late", "end")),
)
_LAST = ("прошл", "той", "предыдущ", "өткен", "алдыңғы", "last", "previous")
_BEFORE, _AFTER = {"назад", "бұрын", "ago"}, {"через", "кейін"}
_FEW, _PAIR = {"несколько", "бірнеше", "few", "several"}, {"пару", "couple"}
_HALF = {"полгода", "half", "жарты"}
_NUMERIC = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_MONTH_NUMERIC = re.compile(r"(\d{1,2})[./\-](\d{4})")
_RANGE = re.compile(
    r"(?:с|со|между|from|between)?\s*(.+?)\s*"
    r"(?: по | до | или | и | to | and | or | немесе | мен | пен | бен |-)\s*(.+)"
)
_LIKE = re.compile(r"(ай|апта|күн|жыл)(?:дай|дей)$")  # "about a month": бір айдай
_WINDOW = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Found:
    """A date as it was understood."""

    earliest: date = field(repr=False)
    latest: date = field(repr=False)
    sure: Literal["exact", "about"]


def read(text: str, today: date, *, ahead: bool = False) -> Found | None:
    """What a written date means on the day `today`, or None.

    A day without a year is the latest one gone by; with `ahead`, where a date may lie in the future, the nearest one.
    """
    said = " ".join(re.sub(r"[–—]", "-", text.casefold().replace("ё", "е")).split())
    words = re.sub(r"[,!?()]", " ", said).strip(" .").split()
    if len(said) > 80 or not words:
        return None
    about = any(word in _ABOUT for word in words) or any(
        re.search(r"(?:ай|апта|күн|жыл)(?:дай|дей)$", one) for one in words
    )
    rest = [re.sub(r"(ай|апта|күн|жыл)(?:дай|дей)$", r"\1", word) for word in words if word not in _ABOUT]
    if not rest:
        return None
    try:
        found = _Reader(today, ahead).read(" ".join(rest))
    except (ValueError, OverflowError):
        return None
    if found is None or not today.year - 100 <= found.earliest.year <= found.latest.year <= today.year + 50:
        return None
    if about and found.sure == "exact":
        return Found(found.earliest - _WINDOW, found.latest + _WINDOW, "about")
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    today: date
    ahead: bool

    def read(self, said: str) -> Found | None:
        """Tries each way of writing a date; the first that fits the whole text."""
        ways: tuple[Callable[[str], Found | None], ...] = (
            self._numeric,
            self._from_today,
            self._distance,
            self._last_or_weekday,
            self._range,
            self._part_of_month,
            self._season,
            self._in_words,
        )
        return next((found for way in ways if (found := way(said)) is not None), None)

    def _numeric(self, said: str) -> Found | None:
        said = re.sub(r"\s*[гж]\.?$", "", said)
        if match := _ISO.fullmatch(said):
            return _exact(date(int(match[1]), int(match[2]), int(match[3])))
        if match := _MONTH_NUMERIC.fullmatch(said):
            return _month_of(int(match[2]), int(match[1]))
        if match := _NUMERIC.fullmatch(said):
            return self._day(int(match[1]), int(match[2]), match[3])
        return None

    def _from_today(self, said: str) -> Found | None:
        plain = " ".join(word for word in said.split() if word not in _FILLERS or word == "күн")
        plain = re.sub(r"\bкүн(?:і|де)?\b", "күн", said) if "алдыңғы" in said or "бұрнағы" in said else plain
        if plain not in _DAYS_FROM_TODAY or said == "this":
            return None
        return _exact(self.today + timedelta(days=_DAYS_FROM_TODAY[plain]))

    def _distance(self, said: str) -> Found | None:
        """So many days, weeks, months or years ago, or ahead."""
        words = said.split()
        before, after = any(word in _BEFORE for word in words), any(word in _AFTER for word in words)
        after = after or (words[0] == "in" and len(words) > 1 and _number(words[1]) is not None)
        if before == after:
            return None
        unit, sign = _unit(words), -1 if before else 1
        rest = [word for word in words if word not in {*_BEFORE, *_AFTER, "of", "in"} and _unit([word]) is None]
        if any(word in _HALF for word in words):
            return self._around(_months_from(self.today, sign * 6), 30) if len(words) <= 4 else None
        if unit is None or len(rest) > 2:
            return None
        if unit == "day" and any(word in {*_FEW, *_PAIR} for word in rest):
            least, most = (2, 8) if any(word in _FEW for word in rest) else (1, 4)
            days = sorted((self.today + sign * timedelta(days=least), self.today + sign * timedelta(days=most)))
            return Found(days[0], days[1], "about")
        numbers = [number for word in rest if (number := _number(word)) is not None]
        if len(numbers) != len(rest) or len(numbers) > 1:
            return None
        number = sign * (numbers[0] if numbers else 1)
        match unit:
            case "day":
                return _exact(self.today + timedelta(days=number))
            case "week":
                return self._around(self.today + timedelta(days=7 * number), 3)
            case "month":
                return self._around(_months_from(self.today, number), 15)
            case _:
                return self._around(_months_from(self.today, 12 * number), 60)

    def _around(self, day: date, width: int) -> Found:
        first, last = day - timedelta(days=width), day + timedelta(days=width)
        # A distance back does not reach past today, nor one ahead before it.
        return (
            Found(first, min(last, self.today), "about")
            if day < self.today
            else Found(max(first, self.today), last, "about")
        )

    def _last_or_weekday(self, said: str) -> Found | None:
        words = [word for word in said.split() if word not in {"в", "во", "на", "on", "күні", "the"}]
        last = bool(words) and words[0].startswith(_LAST)
        rest = words[1:] if last else words
        monday = self.today - timedelta(days=self.today.weekday())
        if words in (["былтыр"], ["last", "year"]) or (last and len(rest) == 1 and _unit(rest) == "year"):
            return Found(date(self.today.year - 1, 1, 1), date(self.today.year - 1, 12, 31), "about")
        if len(rest) != 1:
            return None
        if last and _unit(rest) == "week":
            return Found(monday - timedelta(days=7), monday - timedelta(days=1), "about")
        if last and _unit(rest) == "month":
            before = self.today.replace(day=1) - timedelta(days=1)
            return _month_of(before.year, before.month)
        for number, stems in enumerate(_WEEKDAYS):
            if rest[0].startswith(stems):
                newest = self.today - timedelta(days=(self.today.weekday() - number) % 7 or 7)
                if self.ahead and not last:
                    newest = self.today + timedelta(days=(number - self.today.weekday()) % 7 or 7)
                oldest = monday - timedelta(days=7 - number) if last else newest
                return _exact(newest) if oldest == newest else Found(oldest, newest, "about")
        return None

    def _range(self, said: str) -> Found | None:
        said = re.sub(r"(\w+)(?:нан|нен|дан|ден|тан|тен) (.+) дейін", r"\1 - \2", said)
        said = re.sub(r" аралығында$", "", said)
        match = _RANGE.fullmatch(said)
        if match is None or _NUMERIC.fullmatch(said) or _ISO.fullmatch(said):
            return None
        first, last = match[1], match[2]
        end = self._numeric(last) or self._in_words(last)
        if re.fullmatch(r"\d{1,2}", first):  # "3-5 March": the month stands once, at the end
            if not re.search(r"(?<!\d)\d{1,2}(?!\d)", last):
                return None
            first = re.sub(r"(?<!\d)\d{1,2}(?!\d)", first, last, count=1)
        if re.fullmatch(r"\d{1,2}", last):  # "March 3-5"
            last = re.sub(r"(?<!\d)\d{1,2}(?!\d)", last, first, count=1)
            end = self._in_words(last)
        begin = self._numeric(first) or self._in_words(first)
        if begin is None or end is None or begin.earliest > end.latest:
            return None
        return Found(begin.earliest, end.latest, "about")

    def _part_of_month(self, said: str) -> Found | None:
        words = said.split()
        part = next(((low, high) for low, high, stems in _PARTS for word in words if word.startswith(stems)), None)
        if part is None or not any(_month(word) for word in words):
            return None
        stems = tuple(stem for _, _, each in _PARTS for stem in each)
        whole = self._in_words(" ".join(word for word in words if not word.startswith(stems) or _month(word)))
        if whole is None or whole.earliest == whole.latest:
            return None
        low, high = part
        return Found(whole.earliest.replace(day=low), whole.latest.replace(day=min(high, whole.latest.day)), "about")

    def _season(self, said: str) -> Found | None:
        words = [word for word in re.findall(r"\w+", said) if word not in _FILLERS]
        years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
        names = [word for word in words if not word.isdigit()]
        if len(years) != 1 or len(names) != 1:
            return None
        for first, last, stems in _SEASONS:
            if names[0].startswith(stems):
                year = years[0]
                if first > last:  # a winter belongs to two years, and both are meant
                    return Found(date(year - 1, first, 1), date(year, 12, 31), "about")
                return Found(date(year, first, 1), _month_of(year, last).latest, "about")
        return None

    def _in_words(self, said: str) -> Found | None:
        said = re.sub(r"(\d)-?(?:го|ого|й|th|st|nd|rd|е|і)\b", r"\1", said).replace("-", " ")
        words = [word.strip(".") for word in said.split()]
        words = [word for word in words if word and word not in _FILLERS]
        months = [number for word in words if (number := _month(word))]
        years = [int(word) for word in words if re.fullmatch(r"(?:19|20)\d\d", word)]
        days = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
        if len(months) + len(years) + len(days) != len(words) or max(len(months), len(years), len(days)) > 1:
            return None
        if not months:
            return _year_of(years[0]) if years and not days else None
        if days:
            return self._day(days[0], months[0], str(years[0]) if years else None)
        return _month_of(years[0] if years else self._year_for(months[0], 1), months[0])

    def _day(self, day: int, month: int, year: str | None) -> Found:
        if year is None:
            return _exact(date(self._year_for(month, day), month, day))
        return _exact(date(int(year) + (2000 if len(year) == 2 else 0), month, day))

    def _year_for(self, month: int, day: int) -> int:
        """The year that a day without one means; 29 February finds the leap year."""
        years = range(self.today.year - 8, self.today.year + (9 if self.ahead else 1))
        days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
        if self.ahead:
            return min(days, key=lambda one: abs(one - self.today)).year
        return max(one for one in days if one <= self.today).year


def _number(word: str) -> int | None:
    return int(word) if re.fullmatch(r"\d{1,3}", word) else _NUMBERS.get(word)


def _unit(words: list[str]) -> str | None:
    for word in words:
        for unit, stems in _UNITS:
            if word.startswith(stems) and word not in _NUMBERS:
                return unit
    return None


def _month(word: str) -> int | None:
    found = (number for number, stems in enumerate(_MONTHS, start=1) if word.startswith(stems))
    return next(found, None) if word.isalpha() else None


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_of(year: int, month: int) -> Found:
    return Found(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "about")


def _year_of(year: int) -> Found:
    return Found(date(year, 1, 1), date(year, 12, 31), "about")


def _exact(day: date) -> Found:
    return Found(day, day, "exact")
