"""Dates as people write them in Russian, Kazakh and English, as the earliest and latest day they may mean.

Where the words leave room, the room is kept: what is computed from a date uses its earliest day. A text that is not
understood as a whole is not understood; nothing is guessed from a part of it. Where two readings lie far apart («март
22»: a day or a year?) it is not understood either, since the earlier one might let a deadline seem long over.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor
from typing import Literal

from flows.date_words import (
    ABOUT,
    ABOUT_PHRASES,
    AFTER,
    BEFORE,
    DAYS_FROM_TODAY,
    EMPHASIS,
    FEW,
    FILLERS,
    HALF,
    LAST,
    MONTHS,
    NUMBERS,
    ORDINALS,
    PAIR,
    PARTS,
    PARTS_IN_WORDS,
    PARTS_OF_A_YEAR,
    SEASONS,
    TENS,
    TIME,
    UNITS,
    WEEKDAYS,
)

_NUMERIC = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_MONTH_NUMERIC = re.compile(r"(\d{1,2})[./\-](\d{4})")
_EIGHT_DIGITS = re.compile(r"(\d\d)(\d\d)((?:19|20)\d\d)")
_JOINS = {"-", "или", "либо", "or", "to", "немесе", "әлде", "не", "и", "and"}
_OR = r" или | либо | or | немесе | әлде | не |-"
_RANGE = re.compile(
    r"(?:с|со|между|from|between|either)?\s*(.+?)\s*"
    rf"({_OR}| по | до | и | на | to | and | through | till | until | мен | пен | бен )\s*(.+)"
)
_LIKE = re.compile(r"(ай|апта|күн|жыл)(?:дай|дей)$")  # "about a month": бір айдай
_SINCE = re.compile(r"(?:с|со|since|from) (.+)|(.+?)(?:дан|ден|тан|тен|нан|нен)? (?:бері|бастап)")
_UNTIL = re.compile(r"(?:до|по|until|till|by|не позднее|не позже) (.+)|(.+?)(?:ға|ге|қа|ке)? дейін")
_LASTING = re.compile(
    r"(?:вот )?уже (.+)|(.+) уже|for (.+?)(?: already| now)?|(.+) (?:already|now)|(.+) (?:болды|өтті)"
    r"|(.+?)(?:дан|ден|тан|тен|нан|нен) бері"
)
_THIS_YEAR = re.compile(
    r"\b(?:(?:эт|нынешн|текущ)\w+ год[ау]|of this year|this year|биыл\w*|осы жыл\w*)\b"
    r"|(?<=начале )года\b|(?<=середине )года\b|(?<=beginning of )the year\b|(?<=middle of )the year\b"
)
_LAST_YEAR = re.compile(r"\b(?:(?:прошл\w+|того|том) год[ау]|of last year|last year|былтыр\w*|өткен жыл\w*)\b")
_YEAR_BEFORE = re.compile(r"\b(?:позапрошл\w+ год[ау]|(?:the )?year before last|бұрнағы жыл\w*)\b")
_THIS_MONTH = re.compile(
    r"\b(?:эт\w+ месяц\w*|(?:of )?this month|осы ай\w*|айдың|of the month)\b"
    r"|(?:(?<=начале )|(?<=середине )|(?<=конце ))месяца\b"
)
_LAST_MONTH = re.compile(r"\b(?:(?:прошл\w+|того|том) месяц\w*|(?:of )?last month|(?:өткен|алдыңғы) ай\w*)\b")
_MONTH_BEFORE = re.compile(r"\b(?:позапрошл\w+ месяц\w*|(?:the )?month before last)\b")
_WEEKS = (  # how many weeks back
    (0, re.compile(r"\b(?:эт\w+ недел\w+|this week|осы апта\w*)\b")),
    (1, re.compile(r"\b(?:(?:прошл\w+|той|предыдущ\w+) недел\w+|last week|(?:өткен|алдыңғы) апта\w*)\b")),
    (2, re.compile(r"\b(?:позапрошл\w+ недел\w+|(?:the )?week before last)\b")),
)
_WEEKEND = re.compile(r"(?:в |на )?(прошл\w+ )?выходны\w+|(?:over |on |at )?(?:the )?(last )?weekend|демалыс күн\w+")
_LAST_NIGHT = re.compile(r"(?:этой|прошлой) ночью|last night|(?:осы|өткен) түнде")
_NIGHT_BEFORE = re.compile(r"в ночь на (.+)")
_NIGHT_AFTER = re.compile(r"(?:on |in )?(?:the )?night of (.+)")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})го(?: күні| числа)?|(\d{1,2}) (?:числа|күні)|числа (\d{1,2})(?:го)?")
_WINDOW = timedelta(days=3)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


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
    if len(" ".join(text.split())) > 80:
        return None
    said = _plain(text)
    sure = ABOUT_PHRASES.sub(" ", said)
    words = [word for word in sure.split() if word not in EMPHASIS]
    about = sure != said or not ABOUT.isdisjoint(words) or bool(re.search(r"[?~≈]", text))
    about = about or any(_LIKE.search(word) for word in words)
    # "числа 12 марта", "числа 12": the turned order means "about", as in «дня три назад».
    about = about or (words[:1] == ["числа"] and len(words) > 1)
    rest = " ".join(_LIKE.sub(r"\1", word) for word in words if word not in ABOUT)
    if not rest:
        return None
    try:
        found = _Reader(today, ahead).read(rest)
    except (ValueError, OverflowError):
        return None
    if found is None or not today.year - 100 <= found.earliest.year <= found.latest.year <= today.year + 50:
        return None
    if about and found.sure == "exact":
        return _widened(found, today)
    return found


def _widened(found: Found, today: date) -> Found:
    latest = found.latest + _WINDOW
    return Found(found.earliest - _WINDOW, min(latest, today) if found.latest <= today else latest, "about")


def _plain(text: str) -> str:
    """The words of a date in one form: folded, without a time of day, ordinals as `15го`, one word for a number."""
    said = re.sub(r"[–—−]", "-", text.casefold().replace("ё", "е").replace("’", "'"))
    said = " ".join(re.sub(r"[()\"«»?!~≈*\u00a0]", " ", said).split())
    said = TIME.sub(" ", said.replace("только что", "сейчас")).strip(" .,;")
    if re.fullmatch(r"[\d\s,./]+(?:г(?:од\w?)?|ж(?:ыл\w*)?)?", said):
        said = re.sub(r"\s*([,./])\s*", r"\1", said).replace(",", ".")
    said = re.sub(r"\b(\d{1,2}),5 (?=[^\W\d])", r"\1.5 ", said)
    said = re.sub(r"[,;]", " ", said)
    said = re.sub(
        r"(\d)-?(?:ого|его|го|ое|ый|ой|е|й|th|st|nd|rd|(?:н?ш|с)?[ыі](?:н[дт]?[ае]|н[ае]н)?|н[дт][ае])\b", r"\1го", said
    )
    said = re.sub(r"\b((?:19|20)\d\d)(?:го|-?м)\b", r"\1", said)
    said = re.sub(r"\b(\d{1,2})[-/]([^\W\d_]{3,})[-/](\d{2,4})\b", r"\1 \2 \3", said)
    said = re.sub(r"(\d)-?(?=(?:г|гг|ж)\b)|(\d)-?(?=[^\W\d_]{3,})|\b(mid)-", r"\1\2\3 ", said)
    said = re.sub(r"([^\W\d_]{3,})(?=\d)", r"\1 ", said)
    said = re.sub(r"([^\W\d_])\.", r"\1 ", said)
    said = re.sub(r"\b(вчера|сегодня|завтра)шн\w+(?: дня| утра| вечера| ночи)?", r"\1", said)
    said = re.sub(r"\b(twenty|thirty)-(?=[a-z])", r"\1 ", said)
    return " ".join(_in_digits(said.split()))


def _in_digits(words: Sequence[str]) -> list[str]:
    """Ordinals, and numbers of two words, in digits: «двадцать первого» is `21го`, «он екі» is `12`."""
    found: list[str] = []
    for word in words:
        before = found[-1] if found else ""
        tens = NUMBERS[before] if before in TENS else 0
        if word in ORDINALS and (len(words) > 1 or not word.isascii()):  # "second" alone is no date
            small = tens if ORDINALS[word] < 10 else 0
            found[len(found) - bool(small) :] = [f"{small + ORDINALS[word]}го"]
        elif tens and 0 < NUMBERS.get(word, 0) < 10 and word not in {"a", "an"}:
            found[-1] = str(tens + NUMBERS[word])
        else:
            found.append(word)
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    today: date
    ahead: bool

    def read(self, said: str) -> Found | None:
        """Tries each way of writing a date; the first that fits the whole text."""
        named = self._named(said)
        ways: tuple[Callable[[str], Found | None], ...] = (
            self._numeric,
            self._day_alone,
            self._from_today,
            self._distance,
            self._night,
            self._week_or_weekday,
            self._with_weekday,
            self._range,
            self._part,
            self._season,
            self._in_words,
            self._lasting,
            self._since,
            self._until,
        )
        return next((found for way in ways if (found := way(named)) is not None), None)

    def _named(self, said: str) -> str:
        """«Прошлого года», «этого месяца» and their like as the year, or as month and year."""
        month = self.today.replace(day=1)
        for years, form in ((0, _THIS_YEAR), (1, _LAST_YEAR), (2, _YEAR_BEFORE)):
            said = form.sub(str(self.today.year - years), said)
        for months, form in ((2, _MONTH_BEFORE), (1, _LAST_MONTH), (0, _THIS_MONTH)):
            meant = _months_from(month, -months)
            said = form.sub(f"{_NAMES[meant.month - 1]} {meant.year}", said)
        return " ".join(said.split())

    def _numeric(self, said: str) -> Found | None:
        said = re.sub(r"\s*(?:г|года?|ж|жылы?|жылғы)\.?$", "", said) if re.match(r"\d", said) else said
        if match := _ISO.fullmatch(said):
            return _exact(date(int(match[1]), int(match[2]), int(match[3])))
        if match := _EIGHT_DIGITS.fullmatch(said):
            return _exact(date(int(match[3]), int(match[2]), int(match[1])))
        if match := _MONTH_NUMERIC.fullmatch(said):
            return _month_of(int(match[2]), int(match[1]))
        if match := _NUMERIC.fullmatch(said):
            day, month = int(match[1]), int(match[2])
            if match[3] is None and re.search(r"[- ]", said) and "0" not in {match[1][0], match[2][0]}:
                return None  # "2-3" are days or months to choose from, rather than the second of March
            if day <= 12 < month and match[3] and "/" in said:  # 3/15/2026 can only be the fifteenth
                day, month = month, day
            return self._day(day, month, match[3])
        return None

    def _day_alone(self, said: str) -> Found | None:
        """«15 числа»: of this month, or of the last one that had such a day."""
        said = re.sub(r"^(?:on )?(?:the )?(?=\d)", "", said)
        match = _DAY_OF_MONTH.fullmatch(said)
        if match is None:
            return None
        number = int(match[1] or match[2] or match[3])
        months = [_months_from(self.today.replace(day=1), shift) for shift in range(-3, 4 if self.ahead else 1)]
        days = [one.replace(day=number) for one in months if 0 < number <= monthrange(one.year, one.month)[1]]
        if self.ahead:
            nearest = min(days, key=lambda one: abs(one - self.today), default=None)
            return Found(nearest, nearest, "about") if nearest else None
        newest = max((one for one in days if one <= self.today), default=None)
        return _exact(newest) if newest else None

    def _from_today(self, said: str) -> Found | None:
        if said in {"с утра", "today's morning"}:
            return _exact(self.today)
        plain = " ".join(word for word in said.split() if word not in FILLERS or word == "күн")
        plain = re.sub(r"\bкүн(?:і|де)?\b", "күн", said) if "алдыңғы" in said or "бұрнағы" in said else plain
        if plain not in DAYS_FROM_TODAY or said == "this":
            return None
        return _exact(self.today + timedelta(days=DAYS_FROM_TODAY[plain]))

    def _distance(self, said: str) -> Found | None:
        """So many hours, days, weeks, months or years ago, or ahead; also «2-3», «полтора», «несколько»."""
        said = re.sub(r"\bпол(года|месяца|часа|недели)\b", r"half \1", said)
        said = re.sub(r"\bполтор[аы]\b|\bполутора\b", "1.5", said)
        said = re.sub(r"\b(?:с половиной|and a half)\b", "жарым", said)
        words = re.findall(r"\d+(?:\.5)?|[^\W\d_]+|-|\S", said)
        before, after = not BEFORE.isdisjoint(words), not AFTER.isdisjoint(words)
        after = after or (words[0] == "in" and len(words) > 1 and _number(words[1]) is not None)
        units = [at for at, word in enumerate(words) if _unit(word)]
        if before == after or len(units) != 1:
            return None
        unit, sign = _unit(words[units[0]]), -1 if before else 1
        rest = [word for word in words if word not in {*BEFORE, *AFTER, "of", "in", "тому", "the"} and not _unit(word)]
        if few := [word for word in rest if word in {*FEW, *PAIR}]:
            least, most = (2, 8) if few[0] in FEW else (1, 4)
            return self._between(unit, sign, least, most) if set(rest) <= {few[0], "a"} else None
        amounts, turned = _amounts(words, units[0]), _is_turned(words, units[0])
        if amounts is None:
            return None
        spans = [self._span(unit, sign * amount) for amount in amounts]
        first, last = min(one.earliest for one in spans), max(one.latest for one in spans)
        found = Found(first, last, spans[0].sure if len(spans) == 1 else "about")
        return _widened(found, self.today) if turned and found.sure == "exact" else found

    def _between(self, unit: str | None, sign: int, least: int, most: int) -> Found:
        """From the least to the most of a few, without more room at either end."""
        if unit in {"minute", "hour"}:
            return self._span(unit, sign * most)
        days = {"day": 1, "week": 7}.get(unit or "")
        ends = [
            self.today + timedelta(days=sign * many * days)
            if days
            else _months_from(self.today, sign * many * (12 if unit == "year" else 1))
            for many in (least, most)
        ]
        return Found(min(ends), max(ends), "about")

    def _span(self, unit: str | None, amount: float) -> Found:
        """The day, or the days around it, at a distance; halves of a month are 15 days."""
        match unit:
            case "minute" | "hour":
                days = abs(amount) / (24 if unit == "hour" else 24 * 60)
                near, far = sorted((floor(days), ceil(days)))
                ends = [self.today + timedelta(days=-one if amount < 0 else one) for one in (near, far)]
                return Found(min(ends), max(ends), "about")
            case "day" if amount == int(amount):
                return _exact(self.today + timedelta(days=int(amount)))
            case "day":
                return Found(
                    self.today + timedelta(days=floor(amount)), self.today + timedelta(days=ceil(amount)), "about"
                )
            case "week":
                return self._around(self.today + timedelta(days=int(7 * amount)), 3)
            case "month":
                half = timedelta(days=15 if amount > 0 else -15) if amount != int(amount) else timedelta()
                return self._around(_months_from(self.today, int(amount)) + half, 15 if abs(amount) >= 1 else 5)
            case _:
                return self._around(_months_from(self.today, int(12 * amount)), 60 if abs(amount) >= 1 else 30)

    def _around(self, day: date, width: int) -> Found:
        first, last = day - timedelta(days=width), day + timedelta(days=width)
        # A distance back does not reach past today, nor one ahead before it.
        return (
            Found(first, min(last, self.today), "about")
            if day < self.today
            else Found(max(first, self.today), last, "about")
        )

    def _lasting(self, said: str) -> Found | None:
        """«Уже три дня», "for a week": it began then; the first day may be counted or not."""
        match = _LASTING.fullmatch(said)
        inner = next((one for one in match.groups() if one), "") if match else ""
        if not inner or self.ahead or _unit(inner.split()[-1]) is None:
            return None
        found = self._distance(f"{inner} назад")
        return Found(found.earliest, found.latest + timedelta(days=found.sure == "exact"), "about") if found else None

    def _since(self, said: str) -> Found | None:
        """«С понедельника», "since 5 March": the day itself."""
        match = _SINCE.fullmatch(said)
        inner = (match[1] or match[2]) if match else ""
        return self.read(inner) if inner and not _SINCE.fullmatch(inner) else None

    def _until(self, said: str) -> Found | None:
        """«До 15 марта», where a last day is asked for."""
        match = _UNTIL.fullmatch(said)
        inner = (match[1] or match[2]) if match and self.ahead else ""
        return self.read(inner) if inner and not _UNTIL.fullmatch(inner) else None

    def _night(self, said: str) -> Found | None:
        """A night belongs to two days."""
        if _LAST_NIGHT.fullmatch(said):
            return Found(self.today - timedelta(days=1), self.today, "about")
        for form, shift in ((_NIGHT_BEFORE, -1), (_NIGHT_AFTER, 1)):
            if match := form.fullmatch(said):
                day = self.read(match[1])
                if day is None or day.sure != "exact":
                    return day
                other = day.earliest + timedelta(days=shift)
                return Found(min(other, day.earliest), max(other, day.latest), "about")
        said = re.sub(r"^в ночь (?=с )", "", said)
        return self._range(said) if said.startswith("с ") else None

    def _week_or_weekday(self, said: str) -> Found | None:
        monday = self.today - timedelta(days=self.today.weekday())
        if match := _WEEKEND.fullmatch(said):
            if self.ahead:
                return Found(monday + timedelta(days=5), monday + timedelta(days=6), "about")
            first = monday - timedelta(days=9 if any(match.groups()) else 2)
            return Found(first, monday - timedelta(days=1), "about")
        for back, form in _WEEKS:
            if form.search(said):
                rest = [word for word in form.sub(" ", said).split() if word not in FILLERS]
                return self._in_a_week(monday - timedelta(days=7 * back), rest)
        words = [word for word in said.split() if word not in FILLERS]
        last = bool(words) and words[0].startswith(LAST)
        rest = words[1:] if last or (words and words[0] in {"этот", "эту", "это", "this", "осы"}) else words
        number = _weekday(rest[0]) if len(rest) == 1 else None
        if number is None:
            return None
        newest = self.today - timedelta(days=(self.today.weekday() - number) % 7 or 7)
        if self.ahead and not last:
            newest = self.today + timedelta(days=(number - self.today.weekday()) % 7 or 7)
        oldest = monday - timedelta(days=7 - number) if last else newest
        return _exact(newest) if oldest == newest else Found(oldest, newest, "about")

    def _with_weekday(self, said: str) -> Found | None:
        """«В четверг, 12 марта»: the day of the month, if that was such a day of the week."""
        words = said.split()
        named = [at for at, word in enumerate(words) if _weekday(word) is not None]
        if len(named) != 1:
            return None
        rest = " ".join(word for at, word in enumerate(words) if at != named[0] and word not in FILLERS)
        day = self._numeric(rest) or self._in_words(rest)
        fits = day is not None and day.sure == "exact" and day.earliest.weekday() == _weekday(words[named[0]])
        return day if fits else None

    def _in_a_week(self, monday: date, rest: Sequence[str]) -> Found | None:
        """The week that begins on this Monday, or one of its days; not ahead of today unless it may be."""
        last = monday + timedelta(days=6)
        if not rest:
            return Found(monday, last if self.ahead else min(last, self.today), "about")
        number = _weekday(rest[0]) if len(rest) == 1 else None
        if number is None or (not self.ahead and monday + timedelta(days=number) > self.today):
            return None
        return _exact(monday + timedelta(days=number))

    def _range(self, said: str) -> Found | None:
        said = re.sub(r"(\w+)(?:нан|нен|дан|ден|тан|тен) (.+) дейін", r"\1 - \2", said)
        said = re.sub(r"^(\d{4}) (?:жылғы|жылы|жылдың|ж) (.+)$", r"\2 \1", re.sub(r" аралығында$", "", said))
        match = _RANGE.fullmatch(said)
        if match is None or _NUMERIC.fullmatch(said) or _ISO.fullmatch(said):
            return None
        first, joined, last = match[1], match[2], match[3]
        if re.fullmatch(r"\d{1,2}(?:го)?", first):  # "3-5 March": the month stands once, at the end
            if not re.search(r"(?<!\d)\d{1,2}(?!\d)", last):
                return None
            first = re.sub(r"(?<!\d)\d{1,2}(?!\d)", first.removesuffix("го"), last, count=1)
        elif re.fullmatch(r"\d{1,2}(?:го)?(?: (?:19|20)\d\d)?", last):  # "March 3-5"
            day, _, year = last.partition(" ")
            last = re.sub(r"(?<!\d)\d{1,2}(?!\d)", day.removesuffix("го"), first, count=1) + f" {year}".rstrip()
        year = re.search(r"(?<!\d)(?:19|20)\d\d\b", last)
        if year and not re.search(r"(?<!\d)(?:19|20)\d\d\b", first):
            first = f"{first} {year[0]}"
        begin, end = self._side(first), self._side(last)
        if begin is not None and end is not None and begin.earliest > end.latest and re.fullmatch(_OR, joined):
            begin, end = end, begin
        if begin is None or end is None or begin.earliest > end.latest:
            return None
        return Found(begin.earliest, end.latest, "about")

    def _side(self, said: str) -> Found | None:
        """One end of a range."""
        said = said.strip()
        ways = (self._numeric, self._from_today, self._week_or_weekday, self._in_words)
        return next((found for way in ways if (found := way(said)) is not None), None)

    def _part(self, said: str) -> Found | None:
        """The beginning, middle or end of a month or a year."""
        for low, high, form in PARTS_IN_WORDS:
            if form.search(said):
                return self._part_of(form.sub(" ", said), low, high, None)
        words = said.split()
        number = next((at for at, (_, _, stems) in enumerate(PARTS) for word in words if word.startswith(stems)), None)
        if number is None:
            return None
        stems = tuple(stem for _, _, each in PARTS for stem in each)
        rest = " ".join(word for word in words if not word.startswith(stems) or _month(word))
        return self._part_of(rest, *PARTS[number][:2], PARTS_OF_A_YEAR[number])

    def _part_of(self, said: str, low: int, high: int, months: tuple[int, int] | None) -> Found | None:
        whole = self._in_words(said)
        if whole is None or whole.earliest == whole.latest:
            return None
        first, last = whole.earliest, whole.latest
        if (first.year, first.month) == (last.year, last.month):
            return Found(first.replace(day=low), first.replace(day=min(high, last.day)), "about")
        if months is None:
            return None
        return Found(date(first.year, months[0], 1), _month_of(first.year, months[1]).latest, "about")

    def _season(self, said: str) -> Found | None:
        words = [word for word in re.findall(r"\w+", said) if word not in FILLERS]
        years = [word for word in words if re.fullmatch(r"\d{4}|\d\d", word)]
        last = any(word.startswith(LAST) for word in words)
        names = [word for word in words if word not in years and not word.startswith((*LAST, "эт", "осы", "this"))]
        if len(names) != 1 or len(years) + last > 1:
            return None
        if years and len(years[0]) == 2 and not self._may_be_year(years[0]):
            return None
        year = None if not years else int(years[0]) + (2000 if len(years[0]) == 2 else 0)
        for first, end, stems in SEASONS:
            if names[0].startswith(stems) and names[0] != "лет":
                return self._season_of(first, end, year, last=last)
        return None

    def _season_of(self, first: int, end: int, year: int | None, *, last: bool) -> Found:
        wraps = first > end
        if year is not None:
            if wraps:  # a winter belongs to two years, and both are meant
                return Found(date(year - 1, first, 1), date(year, 12, 31), "about")
            return Found(date(year, first, 1), _month_of(year, end).latest, "about")
        spans = [
            (date(one, first, 1), _month_of(one + wraps, end).latest)
            for one in range(self.today.year - 2, self.today.year + 2)
        ]
        if self.ahead:
            begin, finish = next(one for one in spans if one[1] >= self.today)
            return Found(begin, finish, "about")
        begin, finish = [one for one in spans if one[0] <= self.today][-1]
        # «Прошлым летом», said in November: this year's summer, or the one before.
        earliest = begin.replace(year=begin.year - 1) if last and finish.year == self.today.year else begin
        return Found(earliest, min(finish, self.today), "about")

    def _in_words(self, said: str) -> Found | None:
        said = said.replace("-", " ")
        all_words = [word.strip(".") for word in said.split()]
        words = [word for word in all_words if word and word not in FILLERS]
        last = len(words) == 2 and words[0].startswith(LAST) and _month(words[1]) is not None
        words = words[1:] if last or (len(words) == 2 and words[0] in {"this", "этот", "осы"}) else words
        months = [number for word in words if (number := _month(word))]
        years = [int(word) for word in words if re.fullmatch(r"(?:19|20)\d\d", word)]
        days = [word for word in words if re.fullmatch(r"\d{1,2}(?:го)?", word) or (months and NUMBERS.get(word))]
        if len(months) + len(years) + len(days) != len(words) or max(len(months), len(years)) > 1 or len(days) > 2:
            return None
        if not months:
            if days and not years and re.fullmatch(r"(?:в )?\d\d (?:году|жылы)", said) and self._may_be_year(days[0]):
                return _year_of(2000 + int(days[0]))
            return _year_of(years[0]) if years and not days else None
        if len(days) == 2 and not years and re.fullmatch(r"\d\d", words[-1]) and self._may_be_year(words[-1]):
            years, days = [2000 + int(words[-1])], days[:1]  # "12 March 26": the year is the last
        if len(days) > 1:
            return None
        if days and not years:
            return self._day_or_year(all_words, days[0], months[0])
        if days:
            return self._day(_number(days[0]) or 0, months[0], str(years[0]))
        year = years[0] if years else self._year_for(months[0], 1)
        found = _month_of(year, months[0])
        # "Last March", said in November: this year's, or the one before.
        first = _month_of(year - 1, months[0]) if last and not years and year == self.today.year else found
        return Found(first.earliest, found.latest, "about")

    def _day_or_year(self, words: Sequence[str], number: str, month: int) -> Found | None:
        """«26 марта» is a day, «марта 26» as well; «март 26», «в марте 26» and "in March 26" may be the year."""
        day, at = _number(number) or 0, words.index(number)
        place = next(at for at, word in enumerate(words) if _month(word))
        as_day = self._day(day, month, None) if 0 < day <= 31 else None
        called_year = any(re.fullmatch(r"г|год\w?|ж|жыл\w*", word) for word in words[at + 1 :])
        if at < place or not re.fullmatch(r"\d\d(?:го)?", number):
            return as_day
        if not called_year and not _may_precede_year(words[place], words):
            return as_day
        as_month = _month_of(2000 + day, month) if self._may_be_year(number) else None
        if called_year:
            return as_month
        if as_day is None or as_month is None:
            return Found(as_day.earliest, as_day.latest, "about") if as_day else None
        # A day of the very month that the year would name: the whole month. Else they lie too far apart.
        return as_month if as_month.earliest <= as_day.earliest <= as_month.latest else None

    def _may_be_year(self, number: str) -> bool:
        years = 2000 + (_number(number) or 0) - self.today.year
        return -10 <= years <= (10 if self.ahead else 0)

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


def _amounts(words: Sequence[str], unit: int) -> list[float] | None:
    """How many of a unit: one number or two, «неделю-две» is one and two. None: not understood."""
    ignored = {*BEFORE, *AFTER, "of", "in", "тому", "the"}
    rest = [(at, word) for at, word in enumerate(words) if at != unit and word not in ignored]
    if any(word in HALF for _, word in rest):
        return [0.5] if all(word in {*HALF, "a", "an"} for _, word in rest) else None
    numbers = [number for _, word in rest if (number := _amount(word)) is not None]
    halves = sum(word == "жарым" for _, word in rest)
    joined = [at for at, word in rest if word in _JOINS]
    if len(numbers) + halves + len(joined) != len(rest) or len(numbers) > 2 or halves > 1 or len(joined) > 1:
        return None
    if len(numbers) < 2 and joined == [unit + 1]:
        numbers.insert(0, 1.0)
    if bool(joined) != (len(numbers) == 2):
        return None
    numbers = numbers or [1.0]
    return [*numbers[:-1], numbers[-1] + 0.5 * halves]


def _is_turned(words: Sequence[str], unit: int) -> bool:
    """«Дня три назад», «дня через три»: the number after its unit means "about"."""
    numbers = [at for at, word in enumerate(words) if _amount(word) is not None]
    return bool(numbers) and numbers[0] > unit


def _amount(word: str) -> float | None:
    return float(word) if re.fullmatch(r"\d{1,2}\.5", word) else _number(word)


def _number(word: str) -> int | None:
    return int(word.removesuffix("го")) if re.fullmatch(r"\d{1,3}(?:го)?", word) else NUMBERS.get(word)


def _unit(word: str) -> str | None:
    return next((unit for unit, stems in UNITS if word.startswith(stems) and word not in NUMBERS), None)


def _weekday(word: str) -> int | None:
    for number, (stem, short, kazakh, english) in enumerate(WEEKDAYS):
        if word.startswith((stem, kazakh)) or word in {short, english}:
            return number
        if word.startswith(english) and word.endswith("day"):
            return number
    return None


def _month(word: str) -> int | None:
    return next((number for number, form in enumerate(MONTHS, start=1) if form.fullmatch(word)), None)


def _may_precede_year(month: str, words: Sequence[str]) -> bool:
    """A month named so that a number after it may be a year: not «марта 26», «наурыздың 26-сы» or "March 26"."""
    if month.isascii() or "айының" in words:
        return "in" in words
    return not month.endswith(("та", "я", "ның", "нің", "дың", "дің", "тың", "тің"))


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_of(year: int, month: int) -> Found:
    return Found(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "about")


def _year_of(year: int) -> Found:
    return Found(date(year, 1, 1), date(year, 12, 31), "about")


def _exact(day: date) -> Found:
    return Found(day, day, "exact")
