"""A questionnaire with an error: file, line and remedy."""

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.check import check
from flows.errors import FlowErrors
from flows.source import load_source
from tests.flows.samples import LARGE

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
    ("danger: q02\n", "danger: q02\noffers: [q02, q77]\n", 4, "there is no question `q77`"),
    ("danger: q02\n", "danger: q02\nchanged: [q02, q77]\n", 4, "there is no question `q77`"),
    ("danger: q02\n", "danger: q02\nchanged: [q01]\n", 4, "the danger question is missing"),
]


WHOLE = """id: whole
subject: q01
danger: q02
quiet: {q02: [held]}
questions:
  - {id: q01, kind: single, text: "Who?", options: [{id: self, label: Me}, {id: other, label: Other}]}
  - id: q02
    kind: single
    text: Where?
    options:
      - {id: held, label: Held, danger: true}
      - {id: free, label: Free}
      - {id: gone, label: Gone}
  - id: q03
    kind: multiple
    text: Papers?
    show_if: {q02: [held, free]}
    options: [{id: a, label: A}, {id: b, label: B, danger: true}]
  - id: q04
    each: q03
    only: [a, b]
    kind: date
    text: "When was it given: %(option)s?"
    hint: Not the date of %(option)s itself.
    past: true
    skip: true
advice:
  - {id: custody, text: Say this, when: {q02: [held]}}
cards:
  - {id: custody, text: Do this, when: {q02: [held]}}
rules:
  - {id: C1, level: critical, reason: Held, when: {q02: [held]}}
  - id: C2
    level: critical
    reason: A paper of another
    when:
      all:
        - {q03: [a]}
        - {q01: [other]}
  - id: H1
    level: high
    reason: Another paper
    when:
      any:
        - {q03: [b]}
        - {days_since: {q04_a: 3}}
  - {id: N1, level: normal, reason: Nothing}
"""
# An offer to stop after all that decides: what comes behind it raises a level only by what is told.
OFFERING = """id: offering
subject: q01
danger: q02
offers: [more]
questions:
  - {id: q01, kind: single, text: "Who?", options: [{id: self, label: Me}, {id: other, label: Other}]}
  - id: q02
    kind: single
    text: Where?
    options: [{id: held, label: Held, danger: true}, {id: free, label: Free}]
  - id: q03
    kind: single
    text: Wanted?
    show_if: {q02: [free]}
    skip: true
    options: [{id: "yes", label: "Yes", danger: true}, {id: "no", label: "No"}, {id: unknown, label: "?", danger: true}]
  - id: more
    kind: single
    text: More?
    skip: true
    options: [{id: stop, label: Enough}, {id: go_on, label: Go on}]
  - id: q04
    kind: single
    text: A fine?
    show_if: {more: [go_on]}
    skip: true
    options: [{id: "yes", label: "Yes", danger: true}, {id: "no", label: "No"}, {id: unknown, label: "?"}]
  - {id: q05, kind: date, text: "Since when?", show_if: {more: [go_on]}, skip: true, past: true}
rules:
  - {id: C1, level: critical, reason: Held, when: {q02: [held]}}
  - {id: H1, level: high, reason: Wanted, when: {q03: ["yes", unknown]}}
  - {id: H2, level: high, reason: Fined, when: {q04: ["yes"]}}
  - {id: H3, level: high, reason: Just come, when: {days_since: {q05: 3}}}
  - {id: N1, level: normal, reason: Nothing}
"""
WANTED = OFFERING[OFFERING.index("  - id: q03") : OFFERING.index("  - id: more")]
# Mistakes that make stopping at the offer safer than not knowing: what is changed, and the rule that would not hold.
SAFER = {
    "not knowing what is asked behind the offer counts as danger": (
        {
            'label: "?"}]\n  - {id: q05': 'label: "?", danger: true}]\n  - {id: q05',
            'q04: ["yes"]': 'q04: ["yes", unknown]',
        },
        "H2",
    ),
    "passing over a date behind the offer counts as danger": ({"days_since: {q05: 3}": "skipped: q05"}, "H3"),
    "only together with what was said before": (
        {"{days_since: {q05: 3}}": '{all: [{q03: ["no"]}, {skipped: q05}]}'},
        "H3",
    ),
    "having gone on counts as danger": (
        {"label: Go on": "label: Go on, danger: true", "days_since: {q05: 3}": "more: [go_on]"},
        "H3",
    ),
    "what decides stands behind the offer": (
        {WANTED: "", "  - id: q04": WANTED.replace("q02: [free]", "more: [go_on]") + "  - id: q04"},
        "H1",
    ),
}
CLOCKS = """- id: K1
  event: Three days
  when: {q03: [a]}
  start: [q04_a]
  days: 3
  basis: B
  certainty: A
"""
SEEDED = [
    # conditions that never or always hold
    ("whole", "quiet: {q02: [held]}", "quiet: {all: [{q02: [held]}, {q02: [free]}]}", 4, "this never holds"),
    ("whole", "quiet: {q02: [held]}", "quiet: {answered: q02}", 4, "this always holds"),
    ("whole", "show_if: {q02: [held, free]}", "show_if: {q02: [held, free, gone]}", 17, "this always holds"),
    ("whole", "text: Say this, when: {q02: [held]}", "text: Say this, when: {answered: q01}", 28, "this always holds"),
    ("whole", "text: Say this, when: {q02: [held]}", "text: Say, when: {skipped: q01}", 28, "this never holds"),
    ("whole", "text: Do this, when: {q02: [held]}", "text: Do, when: {all: [{q02: [gone]}, {q03: [a]}]}", 30, "never"),
    ("whole", "- {q03: [a]}", "- {days_since: {q03: 3}}", 37, "this never holds"),
    ("clocks", "when: {q03: [a]}", "when: {all: [{q02: [gone]}, {q03: [a]}]}", 3, "this never holds"),
    ("clocks", "when: {q03: [a]}", "when: {not: {skipped: q01}}", 3, "this always holds"),
    ("clocks", "when: {q03: [a]}", "when: {q02: [gone]}", 1, "it never runs"),
    # parts of rules that decide nothing
    ("whole", "- {q01: [other]}", "- {q02: [held, free]}", 39, "this part decides nothing"),
    ("whole", "- {days_since: {q04_a: 3}}", "- {all: [{q03: [b]}, {q01: [self]}]}", 46, "this part decides nothing"),
    ("whole", "- {days_since: {q04_a: 3}}", "- {all: [{q02: [gone]}, {q03: [a]}]}", 46, "this part decides nothing"),
    ("whole", "- {q01: [other]}", "- {q02: [held, gone]}", 39, "`gone` decides nothing here"),
    # an option that alone leads to high
    ("whole", "{id: held, label: Held, danger: true}", "{id: held, label: Held}", 11, "this alone calls a lawyer"),
    ("whole", "{id: b, label: B, danger: true}", "{id: b, label: B}", 18, "this alone calls a lawyer"),
    # questions asked for every option of another
    ("whole", "only: [a, b]", "only: [a, bb]", 21, "`q03` has no option `bb`"),
    ("whole", "each: q03", "each: q33", 20, "no earlier question `q33`"),
    ("whole", "    only: [a, b]\n", "", 19, "`each` without `only`"),
    ("whole", "    each: q03\n", "", 20, "`only` without `each`"),
    # a term that counts from another day
    ("whole", "text: Where?", "text: Where?\n    term_from: [q01]", 10, "`q01` asks for no day gone by"),
    # placeholders
    ("whole", "given: %(option)s?", "given: %(opton)s?", 23, "its placeholder is not %(option)s"),
    ("whole", "given: %(option)s?", "given?", 23, "its placeholder is not %(option)s"),
    ("whole", "given: %(option)s?", "given: %(option)s, 100%?", 23, "a stray %"),
    ("whole", "given: %(option)s?", "given: %(option)s, %s?", 23, "a stray %"),
    ("whole", "given: %(option)s?", "given: %(option)?", 23, "its placeholder is not %(option)s"),
    ("whole", "date of %(option)s itself", "date of %(option itself", 24, "a stray %"),
    ("whole", "text: Where?", "text: Where, %(name)s?", 9, "nothing fills %(name)s"),
    ("whole", "reason: Another paper", "reason: Another %(option)s", 42, "nothing fills %(option)s"),
    # half a signature
    ("whole", "text: Say this,", "text: Say this, verified_by: A.,", 28, "half signed"),
    ("whole", "text: Do this,", 'text: Do this, verified_at: "2026-01-01",', 30, "half signed"),
    ("whole", "reason: Held,", "reason: Held, verified_by: A.,", 32, "half signed"),
    ("clocks", "basis: B", "basis: B\n  verified_by: A.", 1, "half signed"),
    # clocks.yaml
    ("clocks", "- id: K1", "- id: K1\n- id", 3, "not YAML"),
    ("clocks", "event: Three days", "event: [Three days", 3, "not YAML"),
    ("clocks", "days: 3", "days: three", 5, "Expected `int | null`"),
    ("clocks", "days: 3", "day: 3", 1, "unknown field `day`"),
    ("clocks", "days: 3", "days: 3\n  days: 4", 6, "`days` stands twice"),
    ("clocks", "start: [q04_a]", "start: [q02]", 1, "`q02` is no date question"),
    ("clocks", "when: {q03: [a]}", "when: {q03: [z]}", 3, "`q03` has no option `z`"),
    ("clocks", "event: Three days", "event: Three %(days)s", 2, "nothing fills %(days)s"),
    ("clocks", "Three days", "Three \x07 days", 2, "a character that YAML does not allow"),
    ("clocks", CLOCKS, "- &a [*a]", 1, "nested without end"),
    ("clocks", CLOCKS, "K1: 3", 1, "Expected `array`"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one questionnaire after the other is written."""
    return tmp_path_factory.mktemp("questionnaires")


def problems(path: Path, content: str, clocks: str | None = None) -> list[str]:
    """Everything that is found wrong with a file of this content, without its folder."""
    path.write_text(content)
    beside = path.with_name("clocks.yaml")
    beside.unlink(missing_ok=True) if clocks is None else beside.write_text(clocks)
    try:
        found = check(load_source(path), lambda _context, text, _language: text, ["en"])
    except FlowErrors as error:
        found = list(error.problems)
    return [str(one).removeprefix(f"{path.parent}/") for one in found]


def test_without_a_mistake_nothing_is_said(folder: Path) -> None:
    """What the mistakes below are seeded into."""
    assert problems(folder / "small.yaml", GOOD) == []
    assert problems(folder / "whole.yaml", WHOLE, CLOCKS) == []


@pytest.mark.parametrize(("file", "good", "bad", "line", "said"), SEEDED)
def test_a_seeded_mistake_is_found_in_its_file_and_line(
    folder: Path, file: str, good: str, bad: str, line: int, said: str
) -> None:
    """In the questionnaire and in the clocks beside it; each as a line with a remedy, never as a traceback."""
    before = {"whole": WHOLE, "clocks": CLOCKS}
    assert good in before[file]
    after = before | {file: before[file].replace(good, bad, 1)}
    found = problems(folder / "whole.yaml", after["whole"], after["clocks"])
    assert [one for one in found if one.startswith(f"{file}.yaml:{line}: ") and said in one and "; " in one], found


@pytest.mark.parametrize(("good", "bad", "line", "said"), BROKEN, ids=[one[3] for one in BROKEN])
def test_an_error_names_file_line_and_remedy(folder: Path, good: str, bad: str, line: int, said: str) -> None:
    """Each kind of mistake is found where it stands."""
    assert good in GOOD
    found = problems(folder / "small.yaml", GOOD.replace(good, bad, 1))
    assert [one for one in found if one.startswith(f"small.yaml:{line}: ") and said in one and "; " in one], found


def test_an_offer_after_all_that_decides_is_no_mistake(folder: Path) -> None:
    """What the mistakes below are seeded into."""
    assert problems(folder / "offering.yaml", OFFERING) == []


@pytest.mark.parametrize(("changes", "rule"), SAFER.values(), ids=SAFER)
def test_an_offer_at_which_stopping_is_safer_than_not_knowing_is_refused(
    folder: Path, changes: Mapping[str, str], rule: str
) -> None:
    """At the line of the offer, with the rule that not knowing would have made hold."""
    content = OFFERING
    for good, bad in changes.items():
        assert content.count(good) == 1
        content = content.replace(good, bad)
    line = content[: content.index("  - id: more")].count("\n") + 1
    found = problems(folder / "offering.yaml", content)
    said = f"offering.yaml:{line}: stopping here is safer than not knowing: rule {rule} would hold; "
    assert len(found) == 1 and found[0].startswith(said), found
    assert problems(folder / "offering.yaml", content.replace("offers: [more]\n", "")) == []  # nobody stops there


def test_a_missing_translation_is_an_error(tmp_path: Path) -> None:
    """A text without a translation stops the build, with the line of the text."""
    (tmp_path / "small.yaml").write_text(GOOD)
    source = load_source(tmp_path / "small.yaml")
    found = check(source, lambda _context, text, language: text if text == "Where?" else text + language, ["en", "kk"])
    assert [str(one) for one in found] == [f"{tmp_path}/small.yaml:8: no text in kk; translate it in locales/"]


@pytest.mark.parametrize(
    ("kk", "said"),
    [
        ("Қашан берілді?", "other placeholders in kk"),
        ("Қашан берілді: %(opsion)s?", "other placeholders in kk"),
        ("Қашан берілді: %(option)s, 100%?", "a stray % in kk"),
        ("Қашан: %(option)s, %(option)s?", "other placeholders in kk"),
    ],
)
def test_a_placeholder_that_a_translation_drops_or_renames_is_an_error(tmp_path: Path, kk: str, said: str) -> None:
    """Before anybody is asked a question that does not say what it is about."""
    (tmp_path / "whole.yaml").write_text(WHOLE)
    source = load_source(tmp_path / "whole.yaml")
    found = check(
        source,
        lambda _context, text, language: kk if "given" in text and language == "kk" else text + " ",
        ["en", "kk"],
    )
    assert [str(one).split(";")[0] for one in found] == [f"{tmp_path}/whole.yaml:23: {said}"]


def test_a_file_that_cannot_be_read_as_text_is_an_error_line(tmp_path: Path) -> None:
    """Either file; nothing raises but the error that is shown."""
    (tmp_path / "whole.yaml").write_text(WHOLE)
    (tmp_path / "clocks.yaml").write_bytes(b"- \xff")
    with pytest.raises(FlowErrors, match=r"clocks\.yaml:0: the file cannot be read; "):
        load_source(tmp_path / "whole.yaml")
    (tmp_path / "whole.yaml").write_bytes(b"\xff")
    with pytest.raises(FlowErrors, match=r"whole\.yaml:0: the file cannot be read; "):
        load_source(tmp_path / "whole.yaml")


def test_a_mangled_file_never_gives_a_traceback(folder: Path) -> None:
    """Words and marks left out, doubled and put in at random, in either file: problems, or a questionnaire."""
    odd = ["%", "{", "}", "[", "null", "3", "true", "''", "-", "&a", "*a", ": ", "\t", "q01", "all", "!!x", "9" * 5000]
    found = 0
    tries = 1500 if LARGE else 50
    for number in range(tries):
        dice, texts = random.Random(number), [WHOLE, CLOCKS]
        at = dice.randrange(2)
        words = re.findall(r"[\w.]+|[^\w\s]|\s+", texts[at])
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(len(words))
            words[place : place + dice.randrange(2)] = dice.choice([[], [dice.choice(odd)], [dice.choice(words)]])
        texts[at] = "".join(words)
        found += bool(problems(folder / "whole.yaml", *texts))
    assert found > tries / 3
