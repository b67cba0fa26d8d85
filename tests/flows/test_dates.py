"""Dates as people write them: at least 150 ways in each language, and what must never be guessed."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import dates

TABLE = yaml.safe_load((Path(__file__).parent / "dates.yaml").read_text())
TODAY = TABLE["day"]
ROWS = [(language, *row) for language in ("ru", "kk", "en") for row in TABLE[language]]
AHEAD = [
    ("12 марта", "2027-03-12"),
    ("30.11", "2026-11-30"),
    ("20.11", "2026-11-20"),  # the day to leave may have been last week
    ("завтра", "2026-11-25"),
    ("послезавтра", "2026-11-26"),
    ("через 3 дня", "2026-11-27"),
    ("через неделю", "2026-11-28..2026-12-04"),
    ("в пятницу", "2026-11-27"),
    ("ертең", "2026-11-25"),
    ("3 күннен кейін", "2026-11-27"),
    ("5 желтоқсан", "2026-12-05"),
    ("tomorrow", "2026-11-25"),
    ("in 3 days", "2026-11-27"),
    ("5 January", "2027-01-05"),
    ("28.02.2027", "2027-02-28"),
]
NOT_A_DATE = [
    "", "не помню", "давно", "марта марта", "0 марта", "31.02.2026", "99.99", "12 марта и ещё что-то", "1" * 70, "12",
    "5 6 7 марта", "в тюрьме 3 дня", "позвоните в пятницу маме", "ұмыттым", "long ago", "may I call", "32 мая 2026",
    "29.02.2026", "от 5 до 3 марта", "3 дня", "примерно", "шамамен",
]  # fmt: skip


def days(found: dates.Found | None) -> str | None:
    """One day, or the earliest and the latest."""
    if found is None:
        return None
    same = found.earliest == found.latest
    return found.earliest.isoformat() if same else f"{found.earliest}..{found.latest}"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_there_are_a_hundred_and_fifty_ways_to_write_a_date_in_each_language(language: str) -> None:
    """The table is large, and no row stands twice."""
    texts = [row[0] for row in TABLE[language]]
    assert len(texts) == len(set(texts)) >= 150


@pytest.mark.parametrize(("language", "text", "expected", "sure"), [(*row, "exact")[:4] for row in ROWS])
def test_a_written_date_is_understood_as_it_is_meant(language: str, text: str, expected: str, sure: str) -> None:
    """The earliest and latest day it may mean, and how sure."""
    found = dates.read(text, TODAY)
    assert days(found) == str(expected)
    assert found is not None
    assert found.sure == sure


@pytest.mark.parametrize(("text", "expected"), AHEAD)
def test_where_a_date_may_lie_ahead_the_nearest_one_is_meant(text: str, expected: str) -> None:
    """A day to leave, the end of a certificate."""
    assert days(dates.read(text, TODAY, ahead=True)) == expected


@pytest.mark.parametrize("text", NOT_A_DATE)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    """Better asked again than a wrong deadline."""
    assert dates.read(text, TODAY) is None


@settings(max_examples=500, deadline=None, database=None)
@given(st.one_of(st.text(max_size=90), st.lists(st.sampled_from([row[1] for row in ROWS]), max_size=3).map(" ".join)))
def test_no_text_raises_and_earliest_is_never_after_latest(text: str) -> None:
    """Anything at all may be typed."""
    for ahead in (False, True):
        found = dates.read(text, TODAY, ahead=ahead)
        assert found is None or found.earliest <= found.latest


@settings(max_examples=300, deadline=None, database=None)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_day_written_with_its_year_is_that_day(day: date) -> None:
    """All days, in numbers."""
    for text in (f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%d/%m/%y}"):
        assert days(dates.read(text, TODAY)) == day.isoformat()
