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
    """One question; texts in English, translated through the catalogs."""

    id: str
    kind: Kind
    text: TwoForms | str
    hint: TwoForms | str | None = None
    options: tuple[SourceOption, ...] = ()
    show_if: Cond | None = None
    skip: bool = False
    past: bool = False
    note: str = ""


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
    try:
        flow = msgspec.convert(plain, SourceFlow, strict=True)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        line = _line_of(lines, where.strip("`") or "$")
        raise FlowErrors([Problem(name, line, what, "see docs/writing-a-flow.md for what may stand here")]) from None
    return FlowSource(name, flow, lines)


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
