"""A questionnaire with an error: file, line and remedy."""

from pathlib import Path

import pytest

from flows.check import check
from flows.errors import FlowErrors
from flows.source import load_source

GOOD = """id: small
subject: q01
danger: q02
questions:
  - {id: q01, kind: single, text: "Who?", options: [{id: self, label: Me}, {id: other, label: Other}]}
  - id: q02
    kind: single
    text: Where?
    show_if: {not: {q01: [other]}}
    options:
      - {id: held, label: Held, danger: true}
      - {id: free, label: Free}
rules:
  - {id: C1, level: critical, reason: Held, when: {q02: [held]}}
  - {id: N1, level: normal, reason: Nothing}
"""
BROKEN = [
    ("kind: single\n    text: Where?", "kind: singel\n    text: Where?", 7, "singel"),
    ("text: Where?", "txt: Where?", 6, "txt"),
    ("show_if: {not: {q01: [other]}}", "show_if: {not: {q99: [other]}}", 9, "no earlier question `q99`"),
    ("show_if: {not: {q01: [other]}}", "show_if: {q01: [othr]}", 9, "has no option `othr`"),
    ("show_if: {not: {q01: [other]}}", "show_if: {all: 3}", 9, "takes a list of conditions"),
    ("{id: free, label: Free}", "{id: held, label: Free}", 12, "`held` stands twice"),
    ("id: N1", "id: C1", 15, "`C1` stands twice"),
    ("danger: q02", "danger: q22", 3, "there is no question `q22`"),
    ("label: Held,", "label: Held by somebody in some far place,", 11, "characters long in en"),
    ("when: {q02: [held]}", "when: {q01: [other]}", 11, "a danger answer leads to no alert"),
    ("  - {id: N1", "  - {id: N1: ", 15, "not YAML"),
    ("{not: {q01: [other]}}", "{all: [{q01: [self]}, {q01: [other]}]}", 6, "nobody is ever asked this"),
    ("when: {q02: [held]}", "when: {any: [{q02: [held]}, {not: {q02: [held]}}]}", 14, "this always holds"),
    ("reason: Nothing", "reason: Nothing, when: {all: [{q02: [held]}, {q02: [free]}]}", 15, "this never holds"),
    (
        "  - {id: N1",
        "  - {id: H1, level: high, reason: Here, when: {q02: [held]}}\n  - {id: N1",
        15,
        "another rule always",
    ),
    ("show_if: {not: {q01: [other]}}", "show_if: {clock: high}", 9, "only rules may look at the day"),
    ("rules:", "clocks: [{id: K1, event: E, basis: B, certainty: A, start: [q02]}]\nrules:", 13, "no date question"),
    (
        "rules:",
        "clocks: [{id: K1, event: E, basis: B, certainty: A, hours: [3], days: 1}]\nrules:",
        13,
        "both hours and days",
    ),
    ("danger: q02\n", "danger: q02\ndanger: q01\n", 4, "`danger` stands twice"),
]


def problems(path: Path, content: str) -> list[str]:
    """Everything that is found wrong with a file of this content."""
    path.write_text(content)
    try:
        return [str(one) for one in check(load_source(path), lambda _context, text, _language: text, ["en"])]
    except FlowErrors as error:
        return [str(one) for one in error.problems]


@pytest.mark.parametrize(("good", "bad", "line", "said"), BROKEN, ids=[one[3] for one in BROKEN])
def test_an_error_names_file_line_and_remedy(tmp_path: Path, good: str, bad: str, line: int, said: str) -> None:
    """Each kind of mistake is found where it stands."""
    assert problems(tmp_path / "small.yaml", GOOD) == []
    assert good in GOOD
    found = problems(tmp_path / "small.yaml", GOOD.replace(good, bad, 1))
    assert [one for one in found if one.startswith(f"small.yaml:{line}: ") and said in one and "; " in one], found


def test_a_missing_translation_is_an_error(tmp_path: Path) -> None:
    """A text without a translation stops the build, with the line of the text."""
    (tmp_path / "small.yaml").write_text(GOOD)
    source = load_source(tmp_path / "small.yaml")
    found = check(source, lambda _context, text, language: text if text == "Where?" else text + language, ["en", "kk"])
    assert [str(one) for one in found] == ["small.yaml:8: no text in kk; translate it in locales/"]
