"""Settings by environment variable: `PANA_SECTION_KEY` is a value, `PANA_SECTION_KEY_FILE` names a file that holds it.

What stands in tables of its own is written as in pana.toml, on one line, or as JSON. Values are never repeated.
"""

import inspect
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from storage.errors import Refused
from storage.files import read_text, why


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that means a setting: where that stands, of what kind it is, and whether a file is named."""

    name: str
    place: tuple[str, ...]
    kind: Any
    in_file: bool

    def value(self, environment: Mapping[str, str]) -> object:
        """What the setting is to be, as pana.toml would say it; raises ValueError with the cause."""
        text = environment[self.name]
        return _read(self.kind, _contents(text) if self.in_file else text)


def variable_of(model: type[BaseModel], name: str) -> Variable | None:
    """What a variable means; None when there is no such setting."""
    words = name.removeprefix("PANA_").lower()
    for text, in_file in ((words, False), (words.removesuffix("_file"), words.endswith("_file"))):
        found = _setting(model, text)
        if found is not None and not (is_table(found[1]) and len(found[0]) == 1):
            return Variable(name, *found, in_file)
    return None


def put(data: dict[str, Any], place: tuple[str, ...], value: object) -> None:
    """Sets a value; what stands in its way is wrong by itself, and told so."""
    *above, last = place
    for key in above:
        inner = data.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        data = inner
    data[last] = value


def bare(annotation: Any) -> Any:
    """A type without what stands around it: `Annotated`, and the None of what may be left out."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    parts = [one for one in get_args(annotation) if one is not NoneType]
    return bare(parts[0]) if len(parts) < len(get_args(annotation)) else annotation


def is_table(kind: Any) -> bool:
    """A table of pana.toml."""
    return inspect.isclass(kind) and issubclass(kind, BaseModel)


def row_of(kind: Any) -> Any:
    """What a list consists of; None for what is no list."""
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def _setting(model: type[BaseModel], words: str) -> tuple[tuple[str, ...], Any] | None:
    for key, field in model.model_fields.items():
        kind = bare(field.annotation)
        if words == key:
            return (key,), kind
        if is_table(kind) and words.startswith(f"{key}_"):
            found = _setting(kind, words.removeprefix(f"{key}_"))
            return found and ((key, *found[0]), found[1])
    return None


def _read(kind: Any, text: str) -> object:
    if is_table(kind) or is_table(row_of(kind)):
        return _written(text)
    if row_of(kind) is None:
        return text
    if text.lstrip().startswith("["):
        return _written(text)
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [one for line in lines for one in re.split(r"[\s,]+", line) if one]


def _written(text: str) -> object:
    for read in (_as_toml, json.loads):
        try:
            return read(text.strip())
        except (ValueError, RecursionError):
            continue
    raise ValueError("write it as in pana.toml, on one line, or as JSON (docs/settings.md)")


def _as_toml(text: str) -> object:
    found = tomllib.loads(f"value = {text}")
    if len(found) > 1:
        raise ValueError("more than one value")
    return found["value"]


def _contents(file: str) -> str:
    try:
        return read_text(Path(file)).strip()
    except OSError as error:
        raise ValueError(f"the file it names cannot be read ({why(error)})") from None
    except Refused:
        raise ValueError("the file it names is not UTF-8 text (UTF-16?): save it as UTF-8") from None
