"""What is wrong with settings, in plain words: a line for each, with its name, its reason and none of its value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.settings_variables import bare, is_table, row_of

Place = tuple[int | str, ...]

_DAY = "write a day such as 2026-11-01"
_WHOLE = "write a whole number such as 5"
_LIST = 'write a list such as ["one", "two"]'
_TABLE = "settings of its own are needed here, not one value"
# Pydantic's kinds of errors (pydantic.dev, "Validation Errors"); the names in braces are what it says of them.
_REASONS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "there is no such setting",
    "string_type": "write a text, in quotes",
    "string_too_long": "is too long: at most {max_length} characters",
    "too_short": "at least {min_length} must stand here",
    "too_long": "at most {max_length} may stand here",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "path_type": "write a path, in quotes",
    "tuple_type": _LIST,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "literal_error": "write {expected}",
}
_OTHER = "nothing of this kind may stand here: docs/settings.md says what may"


class Several(ValueError):
    """Several things that are wrong with one setting; each begins with the rest of its name."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def said(model: type[BaseModel], faults: Sequence[ErrorDetails]) -> list[str]:
    """A line for each thing that is wrong; of a setting that may be of several kinds, one."""
    lines: dict[str, None] = {}
    in_kinds: set[str] = set()
    for fault in _meant(faults):
        name, whole = _name(model, fault)
        if whole or name not in in_kinds:
            lines |= dict.fromkeys(f"{name}{rest}" for rest in _reasons(fault))
        in_kinds |= set() if whole else {name}
    return list(lines)


def _meant(faults: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without the lists that are too short only because of what is wrong with a row."""
    for fault in faults:
        place = fault["loc"]
        inside = any(one["loc"][: len(place)] == place and len(one["loc"]) > len(place) for one in faults)
        if fault["type"] != "too_short" or not inside:
            yield fault


def left_out(data: dict[str, Any], faults: Sequence[ErrorDetails]) -> set[Place]:
    """Takes what is wrong out of the data, lists whole, so that the rest can be judged; and says what that was."""
    places = {_there(data, fault["loc"]) for fault in faults}
    for place in places:
        inside: Any = data
        for key in place[:-1]:
            inside = inside.get(key, {})
        inside.pop(place[-1], None)
    return places


def _there(data: dict[str, Any], place: Place) -> Place:
    """As much of a place as there is in the data, down to a list."""
    found = list[int | str]()
    inside: Any = data
    for key in place:
        if not isinstance(inside, dict) or key not in inside:
            break
        found.append(key)
        inside = inside[key]
    return tuple(found)


def _name(model: type[BaseModel], fault: ErrorDetails) -> tuple[str, bool]:
    """A setting's name, and whether that is all of the place: of several kinds Pydantic adds which it has tried."""
    names = list[str]()
    kind: Any = model
    for key in fault["loc"]:
        if isinstance(key, str) and is_table(kind) and key in kind.model_fields:
            kind = bare(kind.model_fields[key].annotation)
        elif isinstance(key, int) and row_of(kind) is not None:
            kind = row_of(kind)
        elif fault["type"] != "extra_forbidden":
            return ".".join(names), False
        names.append(str(key) if str(key).isprintable() else ascii(key))
    return ".".join(names), True


def _reasons(fault: ErrorDetails) -> Iterator[str]:
    """What stands behind the name."""
    told = fault.get("ctx", {})
    error = told.get("error")
    if isinstance(error, Several):
        yield from (f".{line}" for line in error.lines)
    elif isinstance(error, ValueError):
        yield f": {error}"
    else:
        yield f": {_REASONS.get(fault['type'], _OTHER).format(**told)}"
