"""Dates as people wrote them who do not think of a machine: the kinds that are read wrongly, each with its floor."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from flows import dates
from flows.dates.words import words_for
from tests.flows.samples import examples
from tests.flows.tables import table
from tests.whole import WHOLE, one_in

TABLE = table("written.yaml")
TODAY: date = TABLE["day"]
KINDS = ["hours", "years", "words", "languages", "readings", "forms"]
CATALOGS = Path(__file__).parents[2] / "locales"
DATES = {  # words of our own cards that are dates, each by itself
    "сегодня", "вчера", "завтра", "сейчас", "ночью", "утром", "днём", "вечером", "сутки", "первого", "10-го", "11-го",
    "бүгін", "кеше", "ертең", "қазір", "түнде", "таңертең", "күндіз", "кешке", "тәулік",
    "today", "yesterday", "tomorrow", "now", "may", "morning", "evening",
    # of laws and agreements, on lawyers' cards
    "june", "august", "september", "february", "июня", "августа", "сентября", "февраля", "маусымдағы", "маусым",
    "тамыздағы", "тамыз", "қыркүйек", "қыркүйектен", "қыркүйектегі", "қыркүйегінен", "ақпан", "ақпандағы",
    "ақпанда", "феврале",
}  # fmt: skip
MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def read(text: str, *, language: str = "ru", ahead: bool = False) -> Sequence[dates.Found]:
    """All that a text may mean."""
    return dates.readings(dates.read(text, TODAY, language=language, ahead=ahead))


def span(found: dates.Found) -> str:
    same = found.earliest == found.latest
    return str(found.earliest) if same else f"{found.earliest}..{found.latest}"


def judged(found: Sequence[dates.Found], means: object) -> str:
    """Right, wrong, or none. `~day` is any span with that day in it, `a | b` both readings."""
    if means is None:
        return "wrong" if found else "right"
    if not found:
        return "none"
    meant = str(means)
    if meant.startswith("~"):
        day = date.fromisoformat(meant[1:])
        return "right" if any(one.earliest <= day <= one.latest for one in found) else "wrong"
    return "right" if sorted(map(span, found)) == sorted(meant.split(" | ")) else "wrong"


def verdicts(kind: str) -> Mapping[str, str]:
    return {
        f"{language} {text}": judged(read(text, language=language, ahead="ahead" in beside), means)
        for language, text, means, *beside in TABLE[kind]
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_right_or_not_at_all(kind: str) -> None:
    """Nothing wrong, and not understood at most once in twenty; at least sixty phrases, none of them twice."""
    found = verdicts(kind)
    counted = Counter(found.values())
    print(f"\n{kind}: {dict(counted)}")
    assert len(TABLE[kind]) == len(found) >= 60
    assert [text for text, verdict in found.items() if verdict == "wrong"] == []
    assert counted["right"] >= 0.95 * len(found), [text for text, verdict in found.items() if verdict == "none"]


def test_every_kind_is_told_in_kazakh_as_people_type_it() -> None:
    """With its letters, without them, in Latin ones."""
    for kind in KINDS:
        kazakh = [text for language, text, *_ in TABLE[kind] if language == "kk"]
        assert any(re.search("[қғңәөұүһі]", text) for text in kazakh), kind
        assert any(re.fullmatch("[a-z0-9 :.-]+", text) for text in kazakh), kind


def test_the_hour_that_was_said_is_kept() -> None:
    """Where the law counts hours, the first of them starts it."""
    rows = [row for row in TABLE["hours"] if len(row) > 3]
    said = {text: [list(one.hours or ()) for one in read(text, language=language)] for language, text, *_ in rows}
    assert said == {text: [hours] for _, text, _, hours in rows}


@pytest.mark.parametrize(
    ("language", "with_hour", "alone"),
    [
        ("ru", "вчера в {} утра", "вчера утром"),
        ("ru", "вчера в {} утра", "вчера рано утром"),
        ("ru", "вчера в {} утра", "вчера под утро"),
        ("ru", "вчера в {} утра", "вчера на рассвете"),
        ("ru", "вчера в {} дня", "вчера днём"),
        ("ru", "вчера в {} вечера", "вчера вечером"),
        ("kk", "кеше таңғы {}-де", "кеше таңертең"),
        ("kk", "кеше таңғы {}-де", "кеше таңсәріде"),
        ("kk", "кеше кешкі {}-де", "кеше кешке"),
    ],
)
def test_a_part_of_the_day_begins_no_later_than_the_hours_that_are_called_so(
    language: str, with_hour: str, alone: str
) -> None:
    """Somebody taken at four says «в 4 утра» or «рано утром»: a term in hours never begins after the fact.

    «11 дня» is the earliest by day, «4 вечера» by evening; before dawn is before the morning.
    """
    (said,) = dates.readings(dates.read(alone, TODAY, language=language))
    usual = range(3 if "рассвет" in alone or "под" in alone or "сәрі" in alone else 4, 12)
    hours = [11] if "дня" in with_hour else usual
    told = [dates.readings(dates.read(with_hour.format(hour), TODAY, language=language))[0].hours for hour in hours]
    assert said.hours is not None
    assert all(one is not None and said.hours[0] <= one[0] for one in told)


@pytest.mark.parametrize(("hour", "day"), [(3, "2026-11-23"), (5, "2026-11-23..2026-11-24"), (6, "2026-11-24")])
def test_a_part_of_the_day_that_may_just_have_begun_may_be_of_the_day_before(hour: int, day: str) -> None:
    """«Утром», typed at five."""
    assert [span(one) for one in dates.readings(dates.read("утром", TODAY, language="ru", hour=hour))] == [day]


def test_a_time_without_a_day_is_of_the_last_day_that_had_it() -> None:
    """At ten in the morning nobody has been held since two in the afternoon of the same day."""
    at_ten = [dates.read(text, TODAY, language="ru", hour=10) for text in ("с 9:00", "с 14:00", "вечером", "утром")]
    assert [span(one) for found in at_ten for one in dates.readings(found)] == [
        "2026-11-24", "2026-11-23", "2026-11-23", "2026-11-24",
    ]  # fmt: skip


def test_a_term_counts_from_the_day_the_paper_was_handed_over() -> None:
    """«В течение месяца», «10 күндік мерзімде»: the day it ends; what is no term is none."""
    terms: dict[str, Any] = TABLE["terms"]
    found = {
        f"{language} {text}": judged(dates.readings(dates.read_term(text, terms["from"], language=language)), means)
        for language, text, means in terms["rows"]
    }
    assert len(found) >= 60
    assert {text: verdict for text, verdict in found.items() if verdict != "right"} == {}


def test_no_word_of_our_own_questions_is_a_date_nor_its_negation() -> None:
    """Of every text that anybody is shown: who repeats a word of it has named no day, in whatever language.

    In the suite one word in two, the same ones each time, is read alone, and one in eight denied in one way in turn.
    """
    words = set[str]()
    for language in ("ru", "kk"):
        with (CATALOGS / language / "LC_MESSAGES" / "pana.po").open("rb") as catalog:
            texts = [text for message in read_po(catalog) if message.id for text in shown(message)]
        here = {word.casefold() for text in texts for word in re.findall(r"[^\W\d_][\w'’-]*|\d+-\w+", text)} - DATES
        assert len(here) > 1500
        words |= here
    forms, some = ("не {}", "нет {}", "{} емес", "{} жоқ", "not {}"), one_in(8, sorted(words))
    denied = [form.format(word) for at, word in enumerate(some) for form in (forms if WHOLE else (forms[at % 5],))]
    # The language of a conversation says only whose words are asked first, and here nobody's may read anything.
    assert set(words_for("ru")) == set(words_for("kk"))
    assert [text for text in (*one_in(2, sorted(words)), *denied) if read(text)] == []
    assert [text for text in some if read(text, ahead=True)] == []


def shown(message: Message) -> Sequence[str]:
    """A text in English and in the language of the catalog; both numbers of one that is counted."""
    texts = (message.id, message.string)
    return [one for each in texts for one in ([each] if isinstance(each, str) else each)]


PARTS = st.sampled_from([
    "в", "с", "22", "5", "31", "23-го", "сентября", "марте", "году", "лет назад", "осенью", "прошлого года", "вчера",
    "вторник", "29 февраля", "22 жылы", "қазанда", "бұрын", "үш жыл", "былтыр", "400 дней назад", "12.03", "24.02.22",
    "двадцать второго", "-", "или", "позапрошлом", "уже", "третий год", "в 22", "утром", "2 года", "арғы жылы",
])  # fmt: skip


@examples(50, 20_000)
@given(st.lists(PARTS, min_size=1, max_size=5).map(" ".join), st.sampled_from(["ru", "kk", "en"]), st.booleans())
def test_without_a_year_in_full_no_exact_day_is_more_than_a_year_back(text: str, language: str, ahead: bool) -> None:
    """Such a day would have let a deadline seem long over."""
    a_year_ago = TODAY - timedelta(days=366)
    for found in read(text, language=language, ahead=ahead):
        assert found.sure == "about" or found.earliest >= a_year_ago, text


@examples(30, 20_000)
@given(st.dates(TODAY - timedelta(days=365), TODAY), st.integers(0, 23), st.integers(0, 59), st.data())
def test_an_hour_beside_a_day_never_changes_the_day(day: date, hour: int, minute: int, data: st.DataObject) -> None:
    """However the hour is written, it is that day, and the hour is not later than it was."""
    written = f"{day.day} {MONTHS[day.month - 1]}" if day > TODAY - timedelta(days=350) else f"{day:%d.%m.%Y}"
    form = data.draw(st.sampled_from(["{} в {h}", "{} в {h}:{m:02}", "{}, {h}:{m:02}", "{} в {h}.{m:02}", "{} в {h} ч",
                                      "{} около {h} часов", "в {h} {}", "{} к {h}", "{} в {h}-{m:02}"]))  # fmt: skip
    text = form.format(written, h=hour, m=minute)
    found = read(text)
    assert [span(one) for one in found] in ([], [str(day)]), text
    assert all(one.hours is None or one.hours[0] <= hour for one in found), text
