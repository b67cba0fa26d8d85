"""The files of marks, `signed/readers.yaml` and `signed/advocates.yaml` beside a questionnaire.

Read strictly, errors with file and line; written whole by `pana flow sign`, one mark a line, so that a change of the
tree shows who signed what.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

from flows.errors import FlowErrors, Problem
from flows.marks import Mark, Marks, Role
from flows.yaml_file import Spot, read_yaml, spot_of

FILES = {Role.reader: "readers.yaml", Role.advocate: "advocates.yaml"}
_HEADS = {
    Role.reader: "# What native readers have read: docs/signing.md. Written by `pana flow sign`, and public.\n",
    Role.advocate: "# What advocates have verified: docs/signing.md. Written by `pana flow sign`, and public.\n",
}
_REMEDY = "let `pana flow sign` write it"


def marks_folder(flow: Path) -> Path:
    """Where the marks of a questionnaire stand."""
    return flow.with_name("signed")


def load_marks(flow: Path) -> Marks:
    """The marks beside a questionnaire, none without a folder; raises FlowErrors."""
    read = {role: _read(marks_folder(flow) / name) for role, name in FILES.items()}
    return Marks({role: marks for role, marks in read.items() if marks})


def _read(path: Path) -> Mapping[tuple[str, str], Mark]:
    if not path.is_file():
        return {}
    spots: dict[str, Spot] = {}
    plain = read_yaml(path, "$", spots)
    try:
        marks = msgspec.convert(plain or [], tuple[Mark, ...], strict=True)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise FlowErrors([Problem(*spot_of(spots, where.strip("`") or "$", str(path)), what, _REMEDY)]) from None
    if problems := [Problem(*spot_of(spots, where, str(path)), what, _REMEDY) for where, what in _wrong(marks)]:
        raise FlowErrors(problems)
    return {(one.text, one.language): one for one in marks}


def _wrong(marks: tuple[Mark, ...]) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for at, one in enumerate(marks):
        if (one.text, one.language) in seen:
            yield f"$[{at}]", f"`{one.text}` is signed twice in {one.language}"
        seen.add((one.text, one.language))
        if not one.by.strip():
            yield f"$[{at}]", "nobody has signed it"
        if not _is_day(one.on):
            yield f"$[{at}]", f"`{one.on}` is no day"
        if not re.fullmatch("[0-9a-f]{64}", one.sha256):
            yield f"$[{at}]", "its sha256 is no SHA-256"


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def written(role: Role, marks: Marks) -> str:
    """The file of a role: sorted, a mark a line."""
    lines = (
        f"- {{text: {json.dumps(one.text)}, language: {json.dumps(one.language)}, by:"
        f" {json.dumps(one.by, ensure_ascii=False)}, on: {one.on}, sha256: {json.dumps(one.sha256)}}}\n"
        for _key, one in sorted(marks.of(role).items())
    )
    return _HEADS[role] + "".join(lines)
