"""Bundles of before open as they did (tests/storage/vectors); the reader's page is held to the same (tests/reader)."""

import json
from pathlib import Path
from typing import Any

import pytest

from storage.sealing.identity_file import read_identity_file
from tests.storage.make_vectors import CHANGES, FOLDER, LAWYER, SENT, opened, vectors, with_entry

NAMES = sorted(path.stem for path in FOLDER.glob("*.zip"))
ENTRIES = json.loads((FOLDER / "entries.json").read_text())["entries"]


def expected(name: str) -> dict[str, Any]:
    """What opening must give."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_opens_as_its_json_says(name: str) -> None:
    """Level, answers, deadlines, files, and each problem in its own words."""
    said = expected(name)
    gives = {each: value for each, value in said.items() if each not in {"what", "signed_by"}}
    assert opened(FOLDER / f"{name}.zip", said["signed_by"]) == gives


def test_every_vector_is_there_and_says_what_was_certain_beforehand() -> None:
    """Problems are written down by hand where a bundle is made: its JSON cannot have learned them from the program."""
    made = {one.name: one for one in vectors()}
    assert sorted(made) == NAMES
    for name, one in made.items():
        said = expected(name)
        assert (said["what"], said["signed_by"]) == (one.what, one.signed_by)
        found = None if "refused" in said else [case["problems"] for case in said["cases"]]
        assert found == (None if one.problems is None else [list(each) for each in one.problems])


def test_each_way_of_tampering_has_a_message_that_names_it() -> None:
    """And no two are told alike, but for those whose signature does not hold, and those whose manifest is none."""
    told = [
        tuple(case["problems"]) for name in NAMES if name.startswith("tampered-") for case in expected(name)["cases"]
    ]
    assert [one for one in told if not one] == [
        ()
    ]  # a case without its newest entry, signed again: only memory can tell
    assert len(told) - len(set(told)) == 5
    assert len(told) >= 19


def test_the_key_of_the_vectors_is_marked_as_what_it_is() -> None:
    """Nobody may take it for one that protects anything."""
    content = (FOLDER / "key.txt").read_bytes()
    assert b"TEST KEY" in content
    assert read_identity_file(content, passphrase=str).identities == (LAWYER,)


@pytest.mark.parametrize("at", range(0, len(ENTRIES), 50))
def test_an_entry_that_is_written_otherwise_is_named_or_counts(at: int) -> None:
    """Each part of each kind taken away, or replaced by what does not belong there: never a traceback."""
    before = with_entry(None)
    for one in ENTRIES[at : at + 50]:
        after = with_entry(one["entry"])
        changed = {name: after[name] for name in CHANGES if after[name] != before[name]}
        assert json.loads(json.dumps(changed)) == one["gives"], one["entry"]


def test_files_of_every_type_are_among_the_vectors() -> None:
    """Also such as say of themselves where they were made."""
    (case,) = expected("files")["cases"]
    assert len(case["files"]) == len(SENT)
    assert sum(one["says"] is not None for one in case["files"]) == 4
    assert len({one["media"] for one in case["files"]}) >= 10


def test_the_vectors_are_not_many_megabytes() -> None:
    """They are fetched with every checkout."""
    assert sum(path.stat().st_size for path in Path(FOLDER).iterdir()) < 4_000_000
