"""Dates as people write them: at least 150 ways in each language, and what must never be guessed."""

import random
import re
import sys
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import dates
from flows.dates.asked import Asked
from flows.dates.plain import folded
from flows.dates.read import understand
from flows.dates.signs import may_tell_a_day
from flows.dates.vocabulary import Vocabulary, patterns
from flows.dates.words import vocabularies
from tests.flows.samples import LARGE, examples
from tests.flows.tables import table
from tests.whole import one_in

TABLE = table("dates.yaml")
TODAY = TABLE["day"]
SOUP = sorted({word for language in ("ru", "kk", "en") for text, *_ in TABLE[language] for word in text.split()})
AHEAD = {
    "12 марта": "2027-03-12",
    "30.11": "2026-11-30",
    "20.11": "2026-11-20 | 2027-11-20",  # the day to leave may have been last week
    "завтра": "2026-11-25",
    "послезавтра": "2026-11-26",
    "через 3 дня": "2026-11-27",
    "через неделю": "2026-11-28..2026-12-04",
    "в пятницу": "2026-11-27",
    "ертең": "2026-11-25",
    "3 күннен кейін": "2026-11-27",
    "5 желтоқсан": "2026-12-05",
    "tomorrow": "2026-11-25",
    "in 3 days": "2026-11-27",
    "5 January": "2027-01-05",
    "28.02.2027": "2027-02-28",
    "через 2-3 дня": "2026-11-26..2026-11-27",
    "дня через три": "2026-11-24..2026-11-30",
    "через полтора месяца": "2026-12-24..2027-01-23",
    "через пару дней": "2026-11-25..2026-11-28",
    "через 48 часов": "2026-11-26",
    "15 числа": "2026-11-15 | 2026-12-15",
    "30-го": "2026-11-30",
    "до 15 марта": "2027-03-15",
    "до 15.03.2027": "2027-03-15",
    "март 27": "2027-03-01..2027-03-31",
    "на этой неделе": "2026-11-23..2026-11-29",
    "в выходные": "2026-11-28..2026-11-29",
    "15 наурызға дейін": "2027-03-15",
    "2-3 күннен кейін": "2026-11-26..2026-11-27",
    "30-ына дейін": "2026-11-30",
    "until 15 March": "2027-03-15",
    "in 2-3 weeks": "2026-12-05..2026-12-18",
    "in a month and a half": "2026-12-24..2027-01-23",
    "by the 30th": "2026-11-30",
}
# What means something else where another language is spoken.
ELSEWHERE: dict[tuple[str, str], dict[str, str]] = {}
NOT_A_DATE = [
    "", "не помню", "давно", "марта марта", "0 марта", "31.02.2026", "99.99", "12 марта и ещё что-то", "1" * 70, "12",
    "5 6 7 марта", "в тюрьме 3 дня", "позвоните в пятницу маме", "ұмыттым", "long ago", "may I call", "32 мая 2026",
    "29.02.2026", "от 5 до 3 марта", "3 дня", "примерно", "шамамен",
    "март 45",
    # a time without a day, numbers of something else
    "в 10 утра", "14:00", "at 10 am", "сағат 10-да", "2-3", "5-10", "1 1", "15 суток ареста", "5 дней подряд",
    "38 статья", "87001234567", "+7 700 123 45 67", "123456", "1203", "камера 15", "мне 20 лет",
    "за 2 дня до суда", "32 числа",
    # words that begin like a month, a weekday or a number
    "маршрут", "майор", "Марина", "Майя", "августин", "marina", "mark", "monthly", "second", "қарыз", "таман", "вторая",
    # beginnings and ends of something longer
    "числа", "полтора", "несколько дней", "в начале", "в ночь на", "с по", "с", "до 12 марта", "после 12 марта", "уже",
    "не 12 марта", "год и два месяца назад", "прошлой зимой 12", "вчера 12 марта", "с с с с с марта", "12..03.2026",
    # pictures that count, deny or lead from one day to another
    "🔟 ноября", "вчера ❌", "23.11 ➡️ 24.11", "🌙",
    # another day of the week than it was
    "в понедельник, 12 марта", "12.03.2026, пятница", "Monday 12 March",
]  # fmt: skip


def read(text: str, *, ahead: bool = False, language: str = "ru") -> dates.Reading | None:
    """What a text means on the day of the table."""
    return dates.read(text, TODAY, language=language, ahead=ahead)


def days(found: dates.Reading | None) -> str | None:
    """One day, or the earliest and the latest; of several readings all."""
    return " | ".join(sorted(map(span, dates.readings(found)))) or None


def span(found: dates.Found) -> str:
    same = found.earliest == found.latest
    return found.earliest.isoformat() if same else f"{found.earliest}..{found.latest}"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_there_are_a_hundred_and_fifty_ways_to_write_a_date_in_each_language(language: str) -> None:
    """The table is large, no row stands twice, and months, weekdays and numbers put aside the ways differ."""
    texts = [row[0] for row in TABLE[language]]
    ways = {shape(text, vocabularies()[language]) for text in texts}
    print(f"\n{language}: {len(texts)} rows, {len(ways)} ways")
    assert len(texts) == len(set(texts)) >= 300
    assert len(ways) >= 150


def shape(text: str, words: Vocabulary) -> str:
    """A text with its month, weekday and numbers put aside."""
    said = re.sub(r"\d+", "0", text.casefold().strip(" ."))
    for mark, forms in (("M", words.months), ("W", words.weekdays)):
        for form in forms:
            said = re.sub(rf"\b(?:{form.pattern})\b", mark, said)
    return said


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_written_date_is_understood_as_it_is_meant(language: str) -> None:
    """The earliest and latest day it may mean, and how sure: every row of the table."""
    meant = {text: (str(expected), *(sure or ["exact"])) for text, expected, *sure in TABLE[language]}
    found = {text: read(text, language=language) for text in meant}
    assert {text: (days(one), *{each.sure for each in dates.readings(one)}) for text, one in found.items()} == meant


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_date_in_another_language_than_the_conversation_is_understood_as_well(language: str) -> None:
    """People write another language than they chose: every row in every conversation means the same days.

    In the suite one row in four; every row in its own language is read above.
    """
    meant = {text: str(expected) for text, expected, *_ in one_in(4, TABLE[language])}
    for conversation in vocabularies():
        understood = {text: days(read(text, language=conversation)) for text in meant}
        different = {text: one for text, one in understood.items() if one != meant[text]}
        assert different == ELSEWHERE.get((language, conversation), {})


def test_where_a_date_may_lie_ahead_the_nearest_one_is_meant() -> None:
    """A day to leave, the end of a certificate."""
    assert {text: days(read(text, ahead=True)) for text in AHEAD} == AHEAD


def test_what_is_no_date_is_not_guessed() -> None:
    """Better asked again than a wrong deadline."""
    assert {text: days(found) for text in NOT_A_DATE if (found := read(text))} == {}


@pytest.mark.parametrize("language", [*vocabularies(), "uz"])
def test_in_every_conversation_every_language_is_understood(language: str) -> None:
    """People mix them; also where the conversation's own has no vocabulary yet."""
    for text in ("вчера", "кеше", "yesterday"):
        assert days(dates.read(text, TODAY, language=language)) == "2026-11-23"


UZBEK = Vocabulary(
    months=patterns(
        "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avgust", "sentabr", "oktabr", "noyabr", "dekabr",
    ),
    weekdays=patterns("dushanba", "seshanba", "chorshanba", "payshanba", "juma", "shanba", "yakshanba"),
    seasons=patterns("qish", "bahor", "yoz", "kuz"),
    units={
        unit: re.compile(word)
        for unit, word in {"hour": "soat", "day": "kun", "week": "hafta", "month": "oy", "year": "yil"}.items()
    },
    numbers={"bir": 1, "ikki": 2, "besh": 5, "o'n": 10},
    tens=frozenset({"o'n"}),
    ordinals={},
    fillers=frozenset({"yil", "kuni", "yilning"}),
    days_from_today={"kecha": -1, "bugun": 0},
    before=frozenset({"oldin"}),
    after=frozenset({"keyin"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kecha", "2026-11-23"),
        ("5 yanvar", "2026-01-05"),
        ("2025 yil mart", "2025-03-01..2025-03-31"),
        ("o'n ikki kun oldin", "2026-11-12"),
        ("2-3 kun oldin", "2026-11-21..2026-11-22"),
        ("ikki hafta oldin", "2026-11-07..2026-11-13"),
        ("juma kuni", "2026-11-20"),
        ("shanba, 21 noyabr", "2026-11-21"),
        ("3-5 mart", "2026-03-03..2026-03-05"),
        ("12.03.2026 14:30", "2026-03-12"),
        ("yoz", "2026-06-01..2026-08-31"),
    ],
)
def test_a_language_moves_in_with_its_words_alone(text: str, expected: str) -> None:
    """No way of writing knows a language: some words of another one are enough."""
    assert days(understand(text, Asked(today=TODAY, ahead=False, words=UZBEK))) == expected


def sound(text: str) -> None:
    """A text is read in an order of days, or not at all; the hours of a day are in order as well."""
    for ahead, language in product((False, True), ("ru", "kk")):
        for found in dates.readings(read(text, ahead=ahead, language=language)):
            assert found.earliest <= found.latest, text
            assert found.hours is None or 0 <= found.hours[0] < found.hours[1] <= 24, text


@examples(40, 5000)
@given(st.text(max_size=90))
def test_no_text_raises_and_earliest_is_never_after_latest(text: str) -> None:
    """Anything at all may be typed."""
    sound(text)


def test_no_words_of_dates_raise_and_earliest_is_never_after_latest() -> None:
    """Words of the table in any order, of all languages at once."""
    dice = random.Random(0)
    for _ in range(20_000 if LARGE else 60):
        sound(" ".join(dice.choices(SOUP, k=dice.randint(1, 7))))


def test_what_has_no_sign_of_a_day_would_be_read_in_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a text is not read at all, so the signs must be complete: words of the table, alone and by two or three."""
    dice = random.Random(1)
    some = [" ".join(dice.choices(SOUP, k=dice.randint(2, 3))) for _ in range(20_000 if LARGE else 100)]
    for words in vocabularies().values():
        texts = [text for text in (*one_in(8, SOUP), *some) if not may_tell_a_day(folded(text, words), words)]
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules[understand.__module__], "may_tell_a_day", lambda _said, _words: True)
            found = [one for one in texts for ahead in (False, True) if understand(one, asked(words, ahead=ahead))]
        assert found == []


def asked(words: Vocabulary, *, ahead: bool) -> Asked:
    return Asked(today=TODAY, ahead=ahead, words=words, hour=10)


def test_every_day_written_with_its_year_is_that_day() -> None:
    """All days of ten years, in the suite of a leap year, in numbers."""
    first, last = (date(2020, 1, 1), date(2030, 12, 31)) if LARGE else (date(2024, 1, 1), date(2024, 12, 31))
    for day in (first + timedelta(days=passed) for passed in range((last - first).days + 1)):
        for text in (f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%d/%m/%y}"):
            assert days(read(text)) == day.isoformat()


def turns() -> list[tuple[date, str, str]]:
    """Two days, the second of which opens a month, told with that month or the other one; and when they are told."""
    genitive = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905
    kazakh = "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split()  # noqa: SIM905
    firsts = [date(2027 + at // 12, at % 12 + 1, 1) for at in range(24)]
    ends = [(first - timedelta(days=1), first) for first in firsts]
    told = [
        (second + timedelta(days=later), text, f"{first}..{second}")
        for first, second in ends
        for later in (0, 1, 20, 200)
        for text in (
            f"{first.day} или {second.day} {genitive[second.month - 1]}",
            f"{first.day} {genitive[first.month - 1]} или {second.day}",
            f"с {first.day} на {second.day} {genitive[second.month - 1]}",
            f"в ночь с {first.day} на {second.day} {genitive[second.month - 1]}",
            f"{first.day}-{second.day}.{second.month:02}",
            f"{first.day} немесе {second.day} {kazakh[second.month - 1]}",
        )
    ]
    return told if LARGE else told[::7]


def test_two_days_over_the_turn_of_a_month_are_a_day_apart() -> None:
    """«В ночь с 30 на 1 июля»: the 30th of July of the year before would end a deadline before it was told."""
    wrong = {
        (day, text): found
        for day, text, meant in turns()
        if (found := days(dates.read(text, day, language="ru"))) != meant
    }
    assert wrong == {}


def test_two_days_of_a_month_are_no_day_of_another_year() -> None:
    """«10-11.05» was the tenth of November 2005."""
    for day, later in product((date(2026, 10, 10) + timedelta(days=one) for one in range(20)), (0, 3, 40)):
        text = f"{day.day}-{(day + timedelta(days=1)).day}.{(day + timedelta(days=1)).month:02}"
        on = day + timedelta(days=1 + later)
        assert days(dates.read(text, on, language="ru")) == f"{day}..{day + timedelta(days=1)}"
    assert not dates.readings(dates.read("10/11.05", TODAY, language="ru"))
    for text, ahead in product(
        ("28 или 29 февраля", "28-29 ақпан", "с 28.02 по 29.02", "28 or 29 February"), (False, True)
    ):
        assert not dates.readings(dates.read(text, date(2026, 12, 1), language="ru", ahead=ahead))


def test_until_new_year_may_mean_the_one_that_has_just_been() -> None:
    """Heard on the second of January: a term of last year, or of this one, is for the person to say."""
    for text in ("до нового года", "жаңа жылға дейін"):
        for day, meant in (
            (date(2026, 12, 31), "2026-12-31"),
            (date(2027, 1, 2), "2026-12-31 | 2027-12-31"),
            (date(2027, 2, 2), "2027-12-31"),
        ):
            assert days(dates.read(text, day, language="ru", ahead=True)) == meant


@pytest.mark.parametrize(
    ("text", "ahead"),
    [*product(("29 февраля", "29.02", "29 ақпан", "29 February"), (False, True)), ("до 29 февраля", True)],
)
def test_a_leap_day_without_a_year_is_read_only_where_it_is_near(text: str, *, ahead: bool) -> None:
    """In any other year it is a slip: read as a day of years ago or of next year it would hide a deadline."""
    whole = {"29.02": "29.02.24"}.get(text, f"{text.removeprefix('до ')} 2024")
    leap = date(2028, 2, 29)
    for today in (date(2027, 2, 27), date(2026, 12, 31), date(2025, 3, 10)):
        assert not dates.readings(dates.read(text, today, language="ru", ahead=ahead))
        assert [one.earliest for one in dates.readings(dates.read(whole, today, language="ru"))] == [date(2024, 2, 29)]
    for today in (leap, leap + timedelta(days=-40 if ahead else 40)):
        assert [one.earliest for one in dates.readings(dates.read(text, today, language="ru", ahead=ahead))] == [leap]
