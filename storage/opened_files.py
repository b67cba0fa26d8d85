"""The files of a case as `pana open` shows them. What a file says of itself stands apart from what is signed."""

from collections.abc import Mapping
from typing import Any

from storage.exif import Itself
from storage.harmless import shown
from storage.taken_out import TakenOut

_NAMES = ("kind", "name", "bytes", "sha256", "media", "said", "seconds")


def file_of(entry: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """A file as its entry tells of it; `question`: the one that it answers, or null."""
    told = {name: shown(value[name]) for name in _NAMES if name in value}
    return {
        **{name: shown(entry.get(name)) for name in ("seq", "question")},
        **told,
        "at": shown(entry.get("at")),
    }


def with_what_was_found(file: Mapping[str, Any], files: Mapping[int, TakenOut]) -> dict[str, Any]:
    """The same with what the reader found: where it was written, what it says of itself, what is wrong."""
    found = files.get(file["seq"]) if isinstance(file["seq"], int) else None
    found = found or TakenOut()
    more = {
        "written": found.written,
        "apart": found.apart,
        "problem": found.problem,
        "says": None if found.itself is None else _said(found.itself),
    }
    return {**file, **({"media": found.media} if found.media else {}), **more}


def _said(itself: Itself) -> dict[str, Any]:
    return {
        "taken": itself.taken,
        "camera": itself.camera,
        "place": None if itself.place is None else list(itself.place),
    }
