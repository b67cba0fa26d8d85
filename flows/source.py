"""The questionnaire file as its author writes it: strictly read, errors with file and line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import yaml

from flows.errors import FlowErrors, Problem
from flows.model import Kind, Level

Cond = dict[str, object]


class TwoForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"self_": "self"}):
    """A text for oneself and for another person."""

    self_: str
    other: str


class SourceOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One option of a question."""

    id: str
    label: str
    exclusive: bool = False
    danger: bool = False
    note: str = ""


class SourceQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question; texts in English, translated through the catalogs.

    One with `each` stands in the file once and is asked for every chosen option (`load_source` writes it out): then
    `base` is its id in the file and `option` that option's id.
    """

    id: str
    kind: Kind
    text: TwoForms | str
    hint: TwoForms | str | None = None
    options: tuple[SourceOption, ...] = ()
    show_if: Cond | None = None
    skip: bool = False
    past: bool = False
    note: str = ""
    each: str | None = None
    only: tuple[str, ...] = ()
    base: str = ""
    option: str = ""


class SourcePage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when a clock raises the level."""

    level: Level
    from_start: int | None = None
    before_end: int | None = None
    after: int = 7


class SourceClock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One legal deadline, as an advocate signs it.

    The file gives `hours`, `days` or `months`; `load_source` adds the whole days that lie in the shortest `hours`.
    """

    id: str
    event: str
    basis: str
    certainty: str
    when: Cond | None = None
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    hours: tuple[int, ...] = ()
    days: int | None = None
    months: int | None = None
    remind: tuple[int, ...] = ()
    pages: tuple[SourcePage, ...] = ()
    period: str = ""
    side: str = ""
    file_at: str = ""
    suspends: str = ""
    words: str = ""
    edition: str = ""
    verified_by: str | None = None
    verified_at: str | None = None


class SourceCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reminder for lawyers, shown with the case when its condition holds."""

    id: str
    text: str
    when: Cond | None = None
    verified_by: str | None = None
    verified_at: str | None = None


class SourceAdvice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person is told for the next hour; shown to nobody before it is signed."""

    id: str
    text: str
    when: Cond | None = None
    verified_by: str | None = None
    verified_at: str | None = None


class SourceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One triage rule."""

    id: str
    level: Level
    reason: str
    when: Cond | None = None
    source: str = ""
    verified_by: str | None = None
    verified_at: str | None = None


class SourceFlow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file."""

    id: str
    subject: str
    danger: str
    questions: tuple[SourceQuestion, ...]
    rules: tuple[SourceRule, ...]
    region: str | None = None
    contact: str | None = None
    quiet: Cond | None = None
    backed: Cond | None = None
    clocks: tuple[SourceClock, ...] = ()
    cards: tuple[SourceCard, ...] = ()
    advice: tuple[SourceAdvice, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A file that was read, with the line of each part (`$.questions[0].options[2]`)."""

    file: str
    flow: SourceFlow
    lines: Mapping[str, int]

    def problem(self, path: str, what: str, remedy: str) -> Problem:
        """A problem at a part of the file; the nearest enclosing part that has a line."""
        return Problem(self.file, _line_of(self.lines, path), what, remedy)


def load_source(path: Path) -> FlowSource:
    """Reads a questionnaire; raises FlowErrors with file, line, cause and remedy."""
    name = path.name
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError):
        raise FlowErrors(
            [Problem(str(path), 0, "the file cannot be read", "check its name and that it is UTF-8")]
        ) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FlowErrors(
            [
                Problem(
                    name,
                    line,
                    f"not YAML: {error.problem}",
                    "check indentation, and put a text with ? : or , into quotes",
                )
            ]
        ) from None
    if node is None:
        raise FlowErrors([Problem(name, 1, "the file is empty", "begin with `id:`")])
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    plain = _plain(node, "$", lines, problems, name)
    if problems:
        raise FlowErrors(problems)
    _with_clocks(path, plain, lines, problems)
    if problems:
        raise FlowErrors(problems)
    try:
        flow = msgspec.convert(plain, SourceFlow, strict=True)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        line = _line_of(lines, where.strip("`") or "$")
        raise FlowErrors([Problem(name, line, what, "see docs/writing-a-flow.md for what may stand here")]) from None
    return _in_days(_written_out(FlowSource(name, flow, lines)))


def _with_clocks(path: Path, plain: object, lines: dict[str, int], problems: list[Problem]) -> None:
    """The deadlines stand in `clocks.yaml` beside the questionnaire, so that an advocate signs them in one place."""
    beside = path.with_name("clocks.yaml")
    if not isinstance(plain, dict) or "clocks" in plain or not beside.is_file():
        return
    node = yaml.compose(beside.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    if node is not None:
        plain["clocks"] = _plain(node, "$.clocks", lines, problems, beside.name)


def _written_out(source: FlowSource) -> FlowSource:
    """Questions with `each` as one question for every option of another; problems keep their line in the file."""
    written: list[SourceQuestion] = []
    lines = {path: line for path, line in source.lines.items() if not path.startswith("$.questions[")}
    for at, question in enumerate(source.flow.questions):
        for one in _for_each(source, question):
            here, there = f"$.questions[{at}]", f"$.questions[{len(written)}]"
            lines |= {there + path[len(here) :]: line for path, line in source.lines.items() if _within(path, here)}
            written.append(one)
    return FlowSource(source.file, msgspec.structs.replace(source.flow, questions=tuple(written)), lines)


def _in_days(source: FlowSource) -> FlowSource:
    """Terms in hours, also as days: from the first moment of the day, so that none is shown later than it ends."""
    clocks = source.flow.clocks
    if problems := [
        source.problem(f"$.clocks[{at}]", "both hours and days or months", "keep one of them")
        for at, clock in enumerate(clocks)
        if clock.hours and not (clock.days is None and clock.months is None)
    ]:
        raise FlowErrors(problems)
    written = tuple(
        msgspec.structs.replace(clock, days=min(clock.hours) // 24) if clock.hours else clock for clock in clocks
    )
    return FlowSource(source.file, msgspec.structs.replace(source.flow, clocks=written), source.lines)


def _within(path: str, here: str) -> bool:
    return path == here or path.startswith((f"{here}.", f"{here}["))


def _for_each(source: FlowSource, question: SourceQuestion) -> list[SourceQuestion]:
    if question.each is None:
        return [question]
    asked = next((one for one in source.flow.questions if one.id == question.each), None)
    options = [one for one in (asked.options if asked else ()) if one.id in question.only]
    return [
        msgspec.structs.replace(
            question,
            id=f"{question.id}_{option.id}",
            show_if={"all": [{question.each: [option.id]}, *([question.show_if] if question.show_if else [])]},
            base=question.id,
            option=option.id,
        )
        for option in options
    ]


def _plain(node: yaml.Node, path: str, lines: dict[str, int], problems: list[Problem], file: str) -> object:
    """Nodes as plain values, remembering lines. Scalars stay text unless they are plain true or false."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, f"{path}[{at}]", lines, problems, file) for at, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, problems, file)
    if node.tag == "tag:yaml.org,2002:bool" and node.value in {"true", "false"}:
        return node.value == "true"
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:int" and node.value.isascii() and node.value.isdecimal():
        return int(node.value)
    return node.value  # `no` and `2026-03-01` are ids and texts here, never booleans or dates


def _mapping(
    node: yaml.MappingNode, path: str, lines: dict[str, int], problems: list[Problem], file: str
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            line = key.start_mark.line + 1
            problems.append(Problem(file, line, f"`{name}` stands twice", "keep one of them"))
        found[name] = _plain(value, f"{path}.{name}", lines, problems, file)
    return found


def _line_of(lines: Mapping[str, int], path: str) -> int:
    while path not in lines and path != "$":
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else "$"
    return lines.get(path, 1)
