"""The place of a questionnaire: read strictly, and what its clocks say."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from flows.errors import FlowErrors
from flows.place import Offset, Place, PublicContact
from flows.place_file import load_place
from tests.places import KAZAKHSTAN

GOOD = """zone: America/Bogota
offset: {ahead: "-05:00", since: 1993-04-04}
night:
  begins: "22:00"
  ends: "07:00"
languages:
  - en
  - kk
last_resort: en
contacts:
  - label: A line
    number: "+00 000"
    verified_at: 2026-11-20
"""
BROKEN = [
    ("America/Bogota", "America/Macondo", 1, "there is no time zone `America/Macondo`"),
    ("America/Bogota", "../passwd", 1, "there is no time zone"),
    ("America/Bogota", "America", 1, "there is no time zone"),
    ("zone: America/Bogota\n", "", 1, "missing required field `zone`"),
    ("zone:", "zones:", 1, "unknown field `zones`"),
    ('"-05:00"', "-5", 2, "no distance from UTC"),
    ("1993-04-04", "April", 2, "it is no day"),
    ('"22:00"', "22", 4, "Expected `str`"),
    ('"22:00"', '"24:01"', 4, "`24:01` is no time of day"),
    ('"07:00"', '"7 h"', 5, "`7 h` is no time of day"),
    ('"22:00"\n  ends: "07:00"', '"24:00"\n  ends: "0:00"', 4, "the night ends when it begins"),
    ('"07:00"', '"22:00"', 4, "the night ends when it begins"),
    ("  - kk", "  - en", 8, "`en` stands twice"),
    ("  - kk", "  - Kazakh", 8, "`Kazakh` is no code of a language"),
    ("\n  - en\n  - kk", " []", 6, "there is no language"),
    ("last_resort: en", "last_resort: ru", 9, "`ru` is none of the languages"),
    ("A line", '""', 11, "the label is empty"),
    ('"+00 000"', '" "', 12, "the number is empty"),
    ("2026-11-20", "lately", 13, "it is no day"),
    ("night:", "night: [", 5, "not YAML"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A place without mistakes."""
    (tmp_path / "place.yaml").write_text(GOOD)
    return tmp_path / "place.yaml"


def test_a_place_is_what_its_file_says(file: Path) -> None:
    """Each line of it."""
    place = load_place(file)
    assert (place.zone.key, place.languages, place.last_resort) == ("America/Bogota", ("en", "kk"), "en")
    assert (place.night_begins, place.night_ends) == (time(22), time(7))
    assert place.offset == Offset(ahead=timedelta(hours=-5), since=date(1993, 4, 4))
    assert place.contacts == (PublicContact(label="A line", number="+00 000", verified_at=date(2026, 11, 20)),)


@pytest.mark.parametrize(("good", "bad", "line", "said"), BROKEN)
def test_a_mistake_is_named_with_file_line_and_remedy(file: Path, good: str, bad: str, line: int, said: str) -> None:
    """As those of a questionnaire are."""
    assert good in GOOD
    file.write_text(GOOD.replace(good, bad, 1))
    with pytest.raises(FlowErrors) as raised:
        load_place(file)
    problems = [str(one) for one in raised.value.problems]
    assert [one for one in problems if one.startswith(f"{file}:{line}: ") and said in one and "; " in one], problems


def test_all_that_is_wrong_is_said_at_once(file: Path) -> None:
    """In the order of the lines."""
    file.write_text(
        GOOD.replace("Bogota", "Macondo").replace("22:00", "soon").replace("last_resort: en", "last_resort: x")
    )
    with pytest.raises(FlowErrors) as raised:
        load_place(file)
    assert [one.line for one in raised.value.problems] == [1, 4, 9]


def test_an_empty_file_is_no_place(file: Path) -> None:
    """Nothing is guessed."""
    file.write_text("# nothing yet\n")
    with pytest.raises(FlowErrors, match=r"place\.yaml:1: the file is empty; begin with `zone:`"):
        load_place(file)


@pytest.mark.parametrize(
    ("begins", "ends", "nightly"),
    [(time(23), time(8), {23, *range(8)}), (time(22), time(7), {22, 23, *range(7)}), (time(0), time(6), {*range(6)})],
)
def test_the_night_is_between_its_two_hours_also_over_midnight(begins: time, ends: time, nightly: set[int]) -> None:
    """The hour at which it ends is no night any more."""
    place = Place(zone=KAZAKHSTAN.zone, night_begins=begins, night_ends=ends, languages=("en",), last_resort="en")
    hours = [datetime(2026, 11, 24, hour, tzinfo=place.zone) for hour in range(24)]
    assert {one.hour for one in hours if place.is_night(one.astimezone(UTC))} == nightly
    assert {place.next_morning(one).time() for one in hours} == {ends}
    assert all(one <= place.next_morning(one) < one + timedelta(days=1) for one in hours)


def test_the_day_of_a_place_is_not_that_of_utc() -> None:
    """Five hours ahead it begins at seven in the evening."""
    assert KAZAKHSTAN.today(datetime(2026, 11, 24, 18, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert KAZAKHSTAN.today(datetime(2026, 11, 24, 19, tzinfo=UTC)) == date(2026, 11, 25)
    assert KAZAKHSTAN.morning_of(date(2026, 11, 25)) == datetime(2026, 11, 25, 3, tzinfo=UTC)
