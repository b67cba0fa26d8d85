"""A read case as a lawyer sees it: each deadline with what an advocate signs, in one line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from flows.check import released
from flows.release import carried_of
from flows.source import load_source
from storage.opened import OpenedCase
from storage.reading import ReadCase
from storage.record import EntryKind

FLOW = Path(__file__).parent.parent.parent / "flows" / "kazakhstan" / "intake.yaml"


def by_name(context: str, msgid: str, language: str) -> str:
    """Texts that name where they stand, with the placeholders that belong there."""
    return " ".join([context, language, *re.findall(r"%\(\w+\)s", msgid)])


def test_a_deadline_is_told_to_programs_with_whose_it_is_where_to_file_and_whether_that_suspends() -> None:
    """Texts in the language of the case, with the days on which to remind; one whose day is not known has none."""
    compiled = released(load_source(FLOW), by_name, ["ru", "en"])
    answers = {
        "q10": ["exp_decision"],
        "q11_exp_decision": {"from": "2026-03-08", "to": "2026-03-08", "sure": "exact"},
        "q12": None,
    }
    value = {"answers": answers, "level": "critical", "reasons": [], "clocks": [], "form": "self"}
    entry = {"kind": "snapshot", "at": "2026-03-08", "flow": "r", "lang": "en", "value": value}
    opened = OpenedCase(ReadCase("K7Q4-F2MX", entries=[entry], flows={"r": json.loads(carried_of(compiled))}))
    clocks = opened.as_json()["clocks"]
    assert [(one["clock"], one["to"]) for one in clocks] == [("K12a", None), ("K12b", "2026-04-07")]
    assert [clocks[0][name] for name in ("side", "file_at", "period", "suspends", "basis", "remind")] == [
        "person",
        "clock.file_at en",
        "clock.period en",
        "clock.suspends en",
        "GPK 385(1), 386",
        [7, 3, 1, 0],
    ]


def test_each_answer_stands_under_the_words_that_it_was_asked_in() -> None:
    """Before it was told of whom, of oneself, of another; an entry that does not say it is of its snapshot's form."""
    compiled = json.loads(carried_of(released(load_source(FLOW), by_name, ["ru", "en"])))
    value = {"answers": {"q01": "self", "q02": "held", "q02_by": "police"}, "level": "critical", "reasons": []}
    snapshot = {"kind": "snapshot", "value": {**value, "form": "self", "openly": ["q02"]}}
    later = [
        {"kind": "answer", "question": "q03", "value": "no", "form": "other"},
        {"kind": "answer", "question": "q08", "value": "one, "},
        {"kind": "answer", "question": "q08", "value": "two", "part": 2, "form": "other"},
    ]
    entries = [{**one, "at": "2026-03-08", "flow": "r", "lang": "en"} for one in (snapshot, *later)]
    opened = OpenedCase(ReadCase("K7Q4-F2MX", entries=entries, flows={"r": compiled})).as_json()
    assert {one["question"]: one["label"] for one in opened["answers"]} == {
        "q01": "q01.text en",
        "q02": "q02.text.open en",
        "q02_by": "q02_by.text.self en",
        "q03": "q03.text.other en",
        "q08": "q08.text.self en",
    }
    assert [one["value"] for one in opened["answers"]][-1] == "one, two"


def test_an_hour_that_was_told_is_shown_and_so_is_the_moment_at_which_a_term_in_hours_ends() -> None:
    """Since half past ten in the evening: the shortest term is over three hours later, in the night."""
    compiled = released(load_source(FLOW), by_name, ["ru", "en"])
    answers = {
        "q02": "held",
        "q09": {"from": "2026-03-08", "to": "2026-03-08", "sure": "exact", "hours": [22, 23]},
    }
    value = {"answers": answers, "level": "critical", "reasons": [], "clocks": [], "form": "self"}
    entry = {"kind": "snapshot", "at": "2026-03-08", "flow": "r", "lang": "en", "value": value}
    opened = OpenedCase(ReadCase("K7Q4-F2MX", entries=[entry], flows={"r": json.loads(carried_of(compiled))}))
    moments = {one["clock"]: one["at"] for one in opened.as_json()["clocks"]}
    assert moments == {
        "K14": "2026-03-11T22:00",
        "K14a": "2026-03-09T22:00",
        "K14b": "2026-03-09T01:00",
        "K14m": "2026-03-11T10:00",
        "K15": None,
    }
    assert "2026-03-08, 22:00-23:00" in [one["text"] for one in opened.as_json()["answers"]]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"kind": "photo", "value": {}}, "entry 3 is of a kind that this version does not know: use a newer pana"),
        ({"kind": "\x1b[2J", "value": {}}, "entry 3 is of a kind that this version does not know: use a newer pana"),
        ({"kind": ["answer"]}, "entry 3 is of a kind that this version does not know: use a newer pana"),
        ({}, "entry 3 is of a kind that this version does not know: use a newer pana"),
    ],
)
def test_what_this_version_cannot_show_is_named_and_never_left_out(entry: dict[str, Any], said: str) -> None:
    """For programs, and on the page in its language; the rest of the case is shown."""
    known = {"kind": "message", "seq": 2, "at": "2026-03-08", "value": {"from": "person", "text": "words"}}
    opened = OpenedCase(ReadCase("K7Q4-F2MX", entries=[known, {**entry, "seq": 3}]))
    assert opened.as_json()["notes"] == [said]
    assert opened.unread == [said]
    assert [one["text"] for one in opened.as_json()["messages"]] == ["words"]


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_kind_of_entry_is_known_to_the_reader(kind: EntryKind) -> None:
    """And stands in the format's description."""
    value: Any = {"text": "words", "question": "q01", "word": "w", "level": "high", "reasons": [], "answers": {}}
    entry = {"kind": kind.value, "seq": 1, "question": "q01", "value": "x" if kind is EntryKind.answer else value}
    assert OpenedCase(ReadCase("K7Q4-F2MX", entries=[entry])).as_json()["notes"] == []
    assert f"`{kind}`" in (FLOW.parents[2] / "docs" / "sealed-record.md").read_text()
