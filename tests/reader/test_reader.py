"""The reader's page: the same bytes each time, no way out of it, and the same truth as `pana open`."""

import base64
import hashlib
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import reader_page
from bot.cli import doctor
from bot.speech import deadlines
from bot.speech.reader_file import READER_FILE
from bot.speech.texts import both
from bot.speech.words import MEGABYTE, Words, amount, day
from flows.clocks import Deadline, in_order
from flows.model import ClockId
from flows.release import flow_of
from locales import reader as texts
from reader import build
from storage import shapes
from storage.locks import FileLock
from storage.opened import OpenedCase
from storage.reading import ReadCase
from tests.catalog import template
from tests.storage import vector_flow
from tests.storage.test_hostile_records import SEALED, places, with_another

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "reader"
LARGEST = 250_000
LANGUAGES = ("ru", "kk", "en")
OTHERS = 7  # of its tests are no vectors


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder of the sources, with the pinned packages."""
    with FileLock(ROOT / ".venv" / "reader.lock"):
        try:
            build.installed()
        except SystemExit as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
    return FOLDER


def node(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What Node says."""
    return subprocess.run(
        [*build.node(), *arguments], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_two_builds_of_the_same_sources_give_the_same_bytes_and_they_are_those_we_hand_out(
    installed: Path, tmp_path: Path
) -> None:
    """Built in two folders of other names, one of them beside nothing else; the hash in the documentation is theirs."""
    other = tmp_path / "elsewhere" / "r"
    shutil.copytree(installed, other, ignore=shutil.ignore_patterns("node_modules", ".test-*"))
    (other / "node_modules").symlink_to(installed / "node_modules")
    said = [build.built(tmp_path / "one.html"), build.built(tmp_path / "two.html", other)]
    one, two = ((tmp_path / name).read_bytes() for name in ("one.html", "two.html"))
    assert one == two
    assert one == reader_page.PAGE.read_bytes(), "the page is not of these sources: run `make reader`"
    assert said == [f"{len(one)} bytes, SHA-256 {hashlib.sha256(one).hexdigest()}"] * 2
    assert f"`bot/reader.html`: {said[0]}" in build.DOCUMENT.read_text()
    assert reader_page.sha256() == hashlib.sha256(one).hexdigest()


def test_the_page_is_small_and_its_policy_lets_nothing_in_or_out() -> None:
    """One file; no source is named in it but its own script and style, by their hashes, and what is in memory."""
    page = reader_page.PAGE.read_text()
    assert len(page.encode()) < LARGEST
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert rules.pop("img-src") == rules.pop("media-src") == "blob:"
    hashes = [rules.pop("script-src"), rules.pop("style-src")]
    assert rules == {}
    for tag, expected in zip(("script", "style"), hashes, strict=True):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert expected == f"'sha256-{digest}'"
    assert not re.search(r"<(?:link|iframe|object|embed|img|base)\b|src=|@import|url\(", page.partition("<script>")[0])


def test_the_texts_of_the_page_are_those_of_the_catalogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is missing in Russian or in Kazakh, and none is older than its catalog."""
    monkeypatch.setattr(texts, "extract", template)
    generated = texts.generated()
    assert texts.GENERATED.read_text() == generated, "run `make reader`"
    said = json.loads(generated)["texts"]
    assert [(text, language) for text, found in said.items() for language in ("ru", "kk") if not found[language]] == []
    sources = "".join(path.read_text() for path in sorted((FOLDER / "src").glob("*.ts")))
    marked = re.findall(r'\b(?:t|tn|N_|sentence|wrong)\(\s*"((?:[^"\\]|\\.)*)"', sources)
    assert len(marked) > 100
    assert [one for one in marked if one not in said] == []


def test_the_sources_hold_what_their_types_say(installed: Path) -> None:
    """TypeScript, strict."""
    done = node(installed, "node_modules/typescript/bin/tsc", "--noEmit")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_page_gives_for_every_vector_what_pana_open_gives(installed: Path, tmp_path: Path) -> None:
    """Down to the words of each problem, also of cases with anything in any place; and says each deadline alike."""
    (tmp_path / "deadlines.json").write_text(json.dumps(told()))
    (tmp_path / "odd.json").write_text(json.dumps(random_cases(int(os.environ.get("ODD_CASES", "150")))))
    done = node(installed, "test.mjs", DEADLINES=str(tmp_path / "deadlines.json"), ODD=str(tmp_path / "odd.json"))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    counted = {
        name: int(number) for name, number in re.findall(r"^# (pass|fail|skipped) (\d+)$", done.stdout, re.MULTILINE)
    }
    vectors = len(list((ROOT / "tests" / "storage" / "vectors").glob("*.zip")))
    assert counted == {"pass": vectors + OTHERS, "fail": 0, "skipped": 0}


# --- what the program says of deadlines ------------------------------------------------------------------------------


def told() -> dict[str, Any]:
    """Deadlines of every kind seen from before, during and after, with days of every month and sizes."""
    sizes = [1, 1023, 40_000, MEGABYTE - 1, MEGABYTE, 1_300_000, 50 * MEGABYTE + 80_000]
    days = [date(2026, month, number) for month in range(1, 13) for number in (1, 22)]
    words = Words.load()
    return {
        "cases": [seen(here) for here in moments()],
        "days": {one: {each.isoformat(): day(one, each) for each in days} for one in LANGUAGES},
        "sizes": {
            one: {
                str(size): words.text(
                    one, both.MEGABYTES if size >= MEGABYTE else both.KILOBYTES, size=amount(one, size)
                )
                for size in sizes
            }
            for one in LANGUAGES
        },
    }


BEGINS = date(2026, 3, 8)


def moments() -> Iterator[datetime]:
    """Hours around the deadlines, days around them, and the turn of a year."""
    start = datetime.combine(BEGINS, time())
    yield from (start + timedelta(hours=hours, seconds=seconds) for hours in range(0, 80, 3) for seconds in (0, 1))
    yield from (
        start + timedelta(days=days, hours=12) for days in (-300, -21, -5, -2, -1, 4, 5, 11, 12, 21, 25, 102, 310)
    )


def running() -> list[Deadline]:
    """With and without days, moments and later ends."""
    on = BEGINS + timedelta(days=3)
    moment = datetime.combine(BEGINS + timedelta(days=2), time(21))
    return [
        Deadline(ClockId("K1"), BEGINS, on),
        Deadline(ClockId("K2"), None, None),
        Deadline(ClockId("K3"), BEGINS, on, None, on + timedelta(days=4)),
        Deadline(ClockId("K4"), BEGINS, moment.date(), moment),
        Deadline(ClockId("K5"), BEGINS, BEGINS, moment, on),
        Deadline(ClockId("K6"), BEGINS, moment.date(), moment, moment.date()),
        Deadline(ClockId("K7"), None, BEGINS + timedelta(days=20)),
    ]


def seen(here: datetime) -> dict[str, Any]:
    """What the program says of them at one moment."""
    words, all_ = Words.load(), running()
    clock = replace(flow_of(vector_flow.FLOW, "r").clocks[0], suspends="yes")
    return {
        "here": f"{here:%Y-%m-%dT%H:%M:%S}",
        "running": [{"latest": one.latest and one.latest.isoformat(), "clock": as_clock(one)} for one in all_],
        "order": [one.clock for one in in_order(all_, here.date())],
        "restored": [one.clock for one in all_ if deadlines.may_be_restored(clock, one, here)],
        "words": {one: [deadlines.when(words, one, each, here) for each in all_] for one in LANGUAGES},
    }


def as_clock(one: Deadline) -> dict[str, Any]:
    """As opening gives it."""
    moment = None if one.moment is None else f"{one.moment:%Y-%m-%dT%H:%M}"
    about = {"side": "person", "file_at": "a court", "suspends": "yes"}
    return {"clock": one.clock, "to": one.ends and one.ends.isoformat(), "at": moment, **about}


# --- cases that have anything in any place ---------------------------------------------------------------------------

ANYTHING = (
    None, True, False, 0, 1, -1, 7, 10**9, "", "x", "held", "q02", "q08", "self", "go_on", "2026-02-30", "2026-03-01",
    "critical", "constructor", "__proto__", "toString", "\ud800", "\x1b[2J\u202e", "é👨", [], {}, [[]], ["q02", "held"],
    {"from": "2026-03-01", "to": "2026-03-02", "sure": "about"}, {"written": 1}, {"ru": "x"}, {"not": None},
    {"q02": ["held"]}, {"all": []}, {"answered": "q08"}, [{"rule": "C1", "because": []}],
)  # fmt: skip


def random_cases(count: int) -> dict[str, Any]:
    """Three things are otherwise in each: among its entries, or in its questionnaire."""
    chance = random.Random(5)
    return {"revision": vector_flow.REVISION, "odd": [odd_case(chance) for _ in range(count)]}


def odd_case(chance: random.Random) -> dict[str, Any]:
    entries: Any = SEALED
    flow: Any = vector_flow.FLOW
    for _ in range(3):
        odd = json.loads(json.dumps(chance.choice(ANYTHING)))
        if chance.random() < 0.3:
            flow = with_another(flow, chance.choice(places(flow)[1:]), odd)
        else:
            at = chance.randrange(len(SEALED))
            entries = with_another(entries, (at, *chance.choice(places(entries[at])[1:])), odd)
    fits, language = shapes.FLOW(flow), chance.choice((None, "kk", "constructor"))
    flows = {vector_flow.REVISION: without_nulls(flow)} if fits else {}
    case = OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "c" * 32}, entries, flows), language)
    return {"entries": entries, "flow": flow, "fits": fits, "language": language, "gives": case.for_page()}


def without_nulls(flow: dict[str, Any]) -> dict[str, Any]:
    """As reading keeps a questionnaire."""
    return {name: value for name, value in flow.items() if value is not None or name == "region"}


def test_doctor_says_which_page_it_is() -> None:
    """So that a lawyer and a coordinator can compare what they have."""
    found = doctor._reader()
    assert (found.what, found.state) == ("reader", "ok")
    assert reader_page.sha256() in found.said
    assert reader_page.sha256() in build.DOCUMENT.read_text()


def test_a_machine_without_node_is_told_so_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever builds the page without the development environment."""
    shutil.copy(FOLDER / "package-lock.json", tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"^Node is needed to build the reader: [^\n]+$"):
        build.installed(tmp_path)


def test_what_the_bot_names_is_the_file() -> None:
    assert reader_page.PAGE.name == READER_FILE
