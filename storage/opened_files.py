"""The files of a case as `pana open` shows them. What a file says of itself stands apart from what is signed."""

from collections.abc import Iterator, Mapping
from typing import Any

from storage.exif import Itself
from storage.taken_out import TakenOut

_LONGEST = 120
_NAMES = ("kind", "name", "bytes", "sha256", "media", "said", "seconds")
_KINDS = {
    "photo": "Photo",
    "paper": "Document",
    "voice": "Voice message",
    "round": "Video message",
    "video": "Video",
}


def file_of(entry: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """A file as its entry tells of it; `question`: the one that it answers, or null."""
    told = {name: _harmless(value[name]) for name in _NAMES if name in value}
    return {
        **{name: _harmless(entry.get(name)) for name in ("seq", "question")},
        **told,
        "at": _harmless(entry.get("at")),
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


def lines_of(file: Mapping[str, Any], label: str | None) -> Iterator[str]:
    """A paragraph of the page. `label`: the question that it answers."""
    seconds = file.get("seconds")
    lasts = f", {seconds // 60}:{seconds % 60:02}" if isinstance(seconds, int) else ""
    kind = _KINDS.get(str(file.get("kind")), "File")
    yield ""
    yield f"File {file['seq']}: {kind}{lasts}, {file.get('media')}, {file.get('bytes')} bytes, came {file['at']}"
    if label:
        yield f"  answers: {label}"
    if file.get("name"):
        yield f"  sent under the name {file['name']}"
    if file.get("said"):
        yield f"  sent as {file['said']}"
    yield f"  SHA-256: {file.get('sha256')}"
    yield from _lines_found(file)


def _lines_found(file: Mapping[str, Any]) -> Iterator[str]:
    if file["problem"]:
        yield f"  PROBLEM: {file['problem']}"
    if file["apart"]:
        yield "  in another zip of this case"
    if file["written"]:
        yield f"  written to {file['written']}"
    said = file["says"]
    if said:
        parts = [
            f"taken {said['taken']}" if said["taken"] else "",
            f"camera {said['camera']}" if said["camera"] else "",
            f"GPS {said['place'][0]:.5f}, {said['place'][1]:.5f}" if said["place"] else "",
        ]
        yield f"  the file itself says: {', '.join(one for one in parts if one)} (anybody can change this)"


def _said(itself: Itself) -> dict[str, Any]:
    return {
        "taken": itself.taken,
        "camera": itself.camera,
        "place": None if itself.place is None else list(itself.place),
    }


def _harmless(value: Any) -> Any:
    """A text that moves no cursor, turns no direction and hides nothing; numbers as they are, anything else not."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if isinstance(value, int):
        return value
    shown = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
