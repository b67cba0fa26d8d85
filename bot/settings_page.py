"""docs/settings.md, from the settings' own declarations: `make settings` writes it, a test compares it.

What a setting means is the sentence that stands under it in bot/settings.py. It is read from the source here, for the
bot itself has no use for it and would start later.
"""

import ast
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.settings import NOT_SETTINGS, SENSE, Ladder, Rung, Section, Settings, Span
from bot.settings_variables import bare, is_table, row_of
from flows.model import Level

_HEAD = """# Settings

Written by `make settings` from `bot/settings.py`: change the sentences there.

What `pana.toml` leaves out keeps its default. A setting can also come from its environment variable, or from the file
that this variable with `_FILE` at its end names (counted from the folder in which the command runs); the environment
wins. There, a list has commas or blanks between; what stands in tables of its own (the ladder, `contacts`) is written
as in `pana.toml` on one line, or as JSON. Paths count from the folder of `pana.toml`. A duration is a whole number with
`s`, `min`, `h` or `d`.

Everything that is wrong is reported at once, by name and without its value. What the settings are good for, with
examples, stands in [running.md](running.md).
"""
_KINDS: Mapping[Any, str] = {
    str: "text",
    SecretStr: "text, told to nobody",
    int: "whole number",
    Path: "path",
    timedelta: "duration",
    time: "time of day",
    date: "day",
    Rung: "tables",
}
_EXAMPLES = {
    "contacts": '[{label = "Emergency services", number = "112", verified_at = 2026-11-01}]',
    "oncall.ladder": '{critical = {lease = "10min"}, high = {repeat = "2h"}}',
}
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}
_AS_DAYS = timedelta(days=3)  # "48h" is what people say, and "90d"


@dataclass(frozen=True, slots=True)
class Described:
    """A setting for people. `variables`: none where it is a part of a row; `default`: as in TOML, if any."""

    name: str
    variables: tuple[str, ...]
    may_be: str
    default: str | None
    needed: bool
    meaning: str
    built: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table of pana.toml and its settings. `variables`: by which it is set as a whole; an example of that."""

    name: str
    meaning: str
    settings: tuple[Described, ...]
    variables: tuple[str, ...] = ()
    example: str = ""


def page() -> str:
    """The whole page; raises ValueError when a setting has no sentence."""
    outside = [f"- `{name}`: {meaning}\n" for name, meaning in NOT_SETTINGS.items()]
    return "\n".join([_HEAD, "Two variables are no settings:\n", "".join(outside), *map(_shown, tables())])


def tables() -> Iterator[Table]:
    """Every table, in the order of the declarations."""
    for key, field in Settings.model_fields.items():
        kind = bare(field.annotation)
        row = row_of(kind)
        if row is not None:
            parts = tuple(described(key, row, in_a_row=True))
            yield Table(f"[{key}]", _about(row), parts, _variables(key), _EXAMPLES[key])
        else:
            yield from _tables(key, kind, field.default, _about(kind))


@cache
def sentences(section: type[Section]) -> Mapping[str, str]:
    """The sentence under each declaration of a table."""
    body = ast.parse(inspect.getsource(section).strip()).body[0]
    assert isinstance(body, ast.ClassDef)
    return {
        one.target.id: " ".join(said.value.value.split())
        for one, said in pairwise(body.body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str)
    }


def _tables(name: str, section: type[Section], usual: Section, meaning: str) -> Iterator[Table]:
    """A table, then those in it."""
    inside = {key: bare(one.annotation) for key, one in section.model_fields.items() if is_table(bare(one.annotation))}
    whole = _variables(name) if "." in name else ()
    parts = tuple(described(name, section, usual, in_a_row=False))
    yield Table(name, meaning, parts, whole, _EXAMPLES.get(name, ""))
    for key, kind in inside.items():
        yield from _tables(f"{name}.{key}", kind, getattr(usual, key), sentences(section).get(key) or _about(kind))
    if section is Ladder:
        yield Table(f"[{name}.LEVEL.rungs]", _about(Rung), tuple(described("rungs", Rung, in_a_row=True)))


def described(
    name: str, section: type[Section], usual: Section | None = None, *, in_a_row: bool
) -> Iterator[Described]:
    """The settings of a table, without its inner tables. `usual`: what it is by default, where it has a default."""
    meanings = sentences(section)
    for key, field in section.model_fields.items():
        if is_table(bare(field.annotation)):
            continue
        full = f"{name}.{key}"
        if key not in meanings:
            raise ValueError(f"{full}: no sentence under its declaration says what it means")
        default = getattr(usual, key) if usual else field.default  # PydanticUndefined: there is none
        yield Described(
            name=full,
            variables=() if in_a_row else _variables(full),
            may_be=", ".join((_kind(field.annotation), *_limits(field), *_sense(full))),
            default=None if default in (None, (), PydanticUndefined) else written(default),
            needed=default is PydanticUndefined,
            meaning=meanings[key],
            built=bare(field.annotation) is not NoneType,
        )


def _variables(name: str) -> tuple[str, str]:
    variable = "PANA_" + name.upper().replace(".", "_")
    return variable, f"{variable}_FILE"


def _about(section: type[Section]) -> str:
    return " ".join((section.__doc__ or "").split())


def _kind(annotation: Any) -> str:
    """A type in words."""
    kind = bare(annotation)
    if get_origin(kind) is tuple:
        return f"list of {_kind(get_args(kind)[0])}"
    if get_origin(kind) is Literal:
        return " or ".join(f"`{written(one)}`" for one in get_args(kind))
    return _KINDS.get(kind, "")


def _limits(field: FieldInfo) -> Iterator[str]:
    """What its declaration allows."""
    for one in field.metadata:
        if isinstance(one, Span):
            yield f"between {one}"
    least, most = (_found(field, name) for name in ("min_length", "max_length"))
    if least is not None:
        yield f"at least {least}"
    if most is not None:
        yield f"at most {most}" + (" characters" if bare(field.annotation) is str else "")


def _found(field: FieldInfo, name: str) -> int | None:
    return next((getattr(one, name) for one in field.metadata if hasattr(one, name)), None)


def _sense(name: str) -> Iterator[str]:
    """What makes sense in the ladder of a level."""
    *_, level, key = name.split(".")
    if level in Level.__members__:
        sense = SENSE[Level(level)]
        spans = {"rungs": f"each `after` between {sense.after}", "repeat": f"between {sense.repeat}"}
        yield (spans | {"lease": f"between {sense.lease}"})[key]


def _length(value: timedelta) -> str:
    """In the largest unit of which it is a whole number; days only from where people count in days."""
    if not value:
        return "0s"
    unit = next(unit for unit, one in _UNITS.items() if not value % one and (unit != "d" or value >= _AS_DAYS))
    return f"{value // _UNITS[unit]}{unit}"


def written(value: object) -> str:
    """A value as it stands in pana.toml."""
    match value:
        case timedelta():
            return f'"{_length(value)}"'
        case time():
            return f'"{value:%H:%M}"'
        case Rung():
            when = f"at = {written(value.at)}" if value.at else f"after = {written(value.after)}"
            return f"{{{when}, who = {written(value.who)}}}"
        case tuple():
            return f"[{', '.join(map(written, value))}]"
        case Path():
            return written(str(value))
    return json.dumps(value)


def _shown(table: Table) -> str:
    head = [f"## [{table.name}]\n", f"{table.meaning}\n"]
    if table.variables:
        head.append(f"- as a whole: {', '.join(f'`{name}`' for name in table.variables)}")
        head += [f"- such as `{table.example}`"] if table.example else []
        head.append("")
    return "\n".join([*head, *map(_said, table.settings)])


def _said(described: Described) -> str:
    if not described.built:
        return f"### {described.name}\n\n**Agreed on and not built yet**, so it is refused. {described.meaning}\n"
    default = f"default `{described.default}`" if described.default else "needed" if described.needed else "no default"
    variables = ", ".join(f"`{name}`" for name in described.variables) or "a part of its row"
    return f"### {described.name}\n\n{described.meaning}\n\n- {described.may_be}\n- {default}\n- {variables}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
