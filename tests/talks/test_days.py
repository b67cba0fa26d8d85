"""Wherever a day is meant it is one of the place where people are helped: in the first hours of it UTC has another."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.bot.in_process import pana
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import BORIS, PERSON

__all__ = ["talks"]  # a fixture
# One o'clock at night where people are helped, of the 25th, and noon of the same day.
NIGHT, NOON = datetime(2026, 11, 24, 20, 0, tzinfo=UTC), datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
AT_ANY_HOUR = pytest.mark.parametrize("at", [NIGHT, NOON], ids=["night", "noon"])
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _commands_too(monkeypatch: pytest.MonkeyPatch, talks: Talks) -> None:
    """Commands, and whatever makes zips, go by the clock of the talks."""
    monkeypatch.setattr("bot.cli.records.now", lambda: talks.at)
    monkeypatch.setattr(talks.core.database, "clock", lambda: talks.at)


def folder(talks: Talks) -> Path:
    """Where the instance lies."""
    return talks.core.settings.server.key_file.parent


def manifest(content: bytes) -> Mapping[str, Any]:
    """Of the one case in a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("manifest.json")]
        found: dict[str, Any] = json.loads(archive.read(name))
        return found


@AT_ANY_HOUR
@pytest.mark.parametrize(("days", "count"), [(-1, 1), (0, 1), (1, 0)])
def test_an_export_since_a_day_has_the_cases_of_that_day(
    talks: Talks, tmp_path: Path, at: datetime, days: int, count: int
) -> None:
    """Of its first hours too, and none of the day before."""
    talks.at = at
    urgent(talks, PERSON)
    done = pana(folder(talks), "export", str(tmp_path / "x.zip"), "--since", str(TODAY + timedelta(days=days)))
    assert done.out.startswith(f"{count} cases"), done


@AT_ANY_HOUR
def test_a_zip_is_of_the_day_on_which_it_was_made(talks: Talks, tmp_path: Path, at: datetime) -> None:
    """An export, a claimer's, and that of the practice case."""
    talks.at = at
    urgent(talks, PERSON)
    pana(folder(talks), "export", str(tmp_path / "x.zip"))
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.say(BORIS, "/help")
    talks.press(BORIS, "Учебное обращение")
    talks.press(BORIS, "Взять в работу")
    zips = [one.content for one in talks.chats[BORIS].values() if one.content is not None]
    assert len(zips) == 2
    made = [manifest(one)["created"] for one in (*zips, (tmp_path / "x.zip").read_bytes())]
    assert made == [str(TODAY)] * 3


@AT_ANY_HOUR
def test_every_entry_of_a_case_is_of_its_day(talks: Talks, tmp_path: Path, at: datetime) -> None:
    """The first one too, which names its readers."""
    talks.at = at
    urgent(talks, PERSON)
    pana(folder(talks), "export", str(tmp_path / "x.zip"))
    identities = read_identity_file((folder(talks) / "recovery1.txt").read_bytes(), str).identities
    (case,) = read_bundle(tmp_path / "x.zip", identities, None)
    entries = case.entries
    assert {one["at"] for one in entries} == {str(TODAY)}
    assert entries[0]["kind"] == "readers"


@AT_ANY_HOUR
def test_the_page_of_a_case_has_the_hour_of_the_place(talks: Talks, tmp_path: Path, at: datetime) -> None:
    """As the bot tells it in chats, and not that of UTC, which may be of another day."""
    talks.at = at
    urgent(talks, PERSON)
    talks.say(PERSON, "меня увозят")
    pana(folder(talks), "export", str(tmp_path / "x.zip"))
    shown = pana(folder(talks), "open", str(tmp_path / "x.zip"), "-i", "recovery1.txt").out
    assert "меня увозят" in shown
    assert f"25.11, {talks.core.place.here(at):%H:%M}" in shown
    assert shown.count("UTC+05:00") == 1
    assert "+00:00" not in shown


@AT_ANY_HOUR
@pytest.mark.parametrize("days", [0, 1])
def test_a_list_of_cases_counts_the_days_of_the_place(talks: Talks, at: datetime, days: int) -> None:
    """At two in the morning a case of the evening before is a day old."""
    talks.at = at
    urgent(talks, PERSON)
    talks.at = at + timedelta(days=days)
    (listed,) = json.loads(pana(folder(talks), "case", "list", "--json").out)
    assert listed["days"] == days


# Days of the server's own keys, which nobody sees, and which other days they may be beside.
OF_KEYS = {"storage/belongs.py", "storage/intakes.py", "storage/muted.py", "storage/seen_time.py"}


def test_only_the_days_of_the_servers_own_keys_are_of_utc() -> None:
    """Whoever takes the day of a moment asks the place for it."""
    found = {
        str(path.relative_to(ROOT))
        for part in ("bot", "storage", "flows")
        for path in (ROOT / part).rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"(?:tx\.now|\bnow\(\)|utc_now\(\))\.date\(\)", path.read_text())
    }
    assert found == OF_KEYS
