"""What belongs to a country stands in its folder under `flows/`: no line of the program knows where people are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from tests.places import KAZAKHSTAN

ROOT = Path(__file__).parent.parent
DEMO = "bot/demo"  # three phones and who holds them: people of the story, with their languages
ZONES = {one for one in available_timezones() if "/" in one and not one.startswith("Etc/")}
CITY = KAZAKHSTAN.zone.key.rpartition("/")[2]
NIGHT = {KAZAKHSTAN.night_begins, KAZAKHSTAN.night_ends}
LANGUAGES = {*KAZAKHSTAN.languages} - {"en"}  # English is what the texts are written in


def sources() -> Iterator[Path]:
    """Every module of the program; migrations aside, for what they did is done."""
    for package in ("bot", "storage", "flows"):
        yield from (one for one in sorted((ROOT / package).rglob("*.py")) if "migrations" not in one.parts)


def known_of_a_country(text: str) -> Iterator[str]:
    """What a module knows of a country, each with its line."""
    yield from (f"the city, {line}" for line in text.splitlines() if CITY in line)
    tree = ast.parse(text)
    names = {id(key) for one in ast.walk(tree) if isinstance(one, ast.Dict) for key in one.keys}
    for one in ast.walk(tree):
        match one:
            case ast.Constant(value=str() as said) if said in ZONES:
                yield f"a zone, line {one.lineno}"
            case ast.Constant(value=str() as said) if said in {f"{at:%H:%M}" for at in NIGHT}:
                yield f"the night, line {one.lineno}"
            case ast.Constant(value=str() as said) if said in LANGUAGES and id(one) not in names:
                yield f"a language, line {one.lineno}"
            case ast.Call(func=ast.Name(id="time"), args=[ast.Constant(value=hour), *rest]):
                if hour in {at.hour for at in NIGHT} and all(ast.unparse(more) == "0" for more in rest):
                    yield f"the night, line {one.lineno}"


def test_no_module_knows_a_country() -> None:
    """No name of a zone, no hour of the night, no language but as the key under which its words stand."""
    found = [(str(path.relative_to(ROOT)), one) for path in sources() for one in known_of_a_country(path.read_text())]
    assert [(at, one) for at, one in found if not (at.startswith(DEMO) and one.startswith("a language"))] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('HERE = ZoneInfo("Asia/Almaty")', ["the city", "a zone"]),
        ('HERE = ZoneInfo("Europe/Berlin")', ["a zone"]),
        ("# as in Almaty", ["the city"]),
        ("DAY_BEGINS, DAY_ENDS = time(8), time(23, 0)", ["the night", "the night"]),
        ('BEGINS = time.fromisoformat("23:00")', ["the night"]),
        ("end_of_a_day, morning_list = time(23, 59, 59), time(9)", []),
        ('languages = ["ru", "en"]', ["a language"]),
        ('language = known or "kk"', ["a language"]),
        ('words = {"ru": RUSSIAN, "kk": KAZAKH}', []),
    ],
)
def test_the_search_sees_what_it_says(text: str, found: list[str]) -> None:
    """What is planted is found, and what every country has is not."""
    assert sorted(re.sub(",.*", "", one) for one in known_of_a_country(text)) == sorted(found)
