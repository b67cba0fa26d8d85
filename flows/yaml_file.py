"""A YAML file that an author writes: plain values, and the line of each. It raises nothing but FlowErrors."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from flows.errors import FlowErrors, Problem

Spot = tuple[str, int]  # a file, by its path as it was given, and a line in it


def read_yaml(path: Path, at: str, spots: dict[str, Spot]) -> object:
    """The values, None when it is empty. `at`: what the whole is called; `spots`: takes in where each part stands."""
    name, problems = str(path), list[Problem]()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        remedy = "check its name and that it is UTF-8"
        raise FlowErrors([Problem(name, 0, "the file cannot be read", remedy)]) from None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        plain = None if node is None else _plain(node, at, spots, problems, name)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        remedy = "check indentation, and put a text with ? : or , into quotes"
        raise FlowErrors([Problem(name, line, f"not YAML: {error.problem}", remedy)]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FlowErrors([Problem(name, line, "a character that YAML does not allow", "remove it")]) from None
    except RecursionError:
        raise FlowErrors([Problem(name, 1, "nested without end", "write the parts out, without & and *")]) from None
    if problems:
        raise FlowErrors(problems)
    return plain


def _plain(node: yaml.Node, path: str, spots: dict[str, Spot], problems: list[Problem], file: str) -> object:
    """Nodes as plain values, remembering lines. Scalars stay text unless they are plain true or false."""
    spots[path] = (file, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, f"{path}[{at}]", spots, problems, file) for at, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, spots, problems, file)
    if node.tag == "tag:yaml.org,2002:bool" and node.value in {"true", "false"}:
        return node.value == "true"
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:int" and re.fullmatch("[0-9]{1,9}", node.value):
        return int(node.value)
    return node.value  # `no` and `2026-03-01` are ids and texts here, never booleans or dates


def _mapping(
    node: yaml.MappingNode, path: str, spots: dict[str, Spot], problems: list[Problem], file: str
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            line = key.start_mark.line + 1
            problems.append(Problem(file, line, f"`{name}` stands twice", "keep one of them"))
        found[name] = _plain(value, f"{path}.{name}", spots, problems, file)
    return found


def spot_of(spots: Mapping[str, Spot], path: str, file: str) -> Spot:
    """Where a part of a file stands; of one without a line of its own, the nearest part around it."""
    while path not in spots and path != "$":
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else "$"
    return spots.get(path, (file, 1))
