"""The shape of what a stranger may have written: manifests, entries, questionnaires (docs/sealed-record.md).

A shape says whether a value is as a reader expects it. It never raises, and asks nothing of what it does not name: a
newer version may have more. reader/src/shapes.ts says the same.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from storage.record import EntryKind

Shape = Callable[[Any], bool]
DEEPEST = 64
_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_HALF = re.compile("[\ud800-\udfff]")
_FARTHEST, _MOST_MONTHS = 100_000, 1200  # days or hours of a term, and months


def parsed(data: bytes) -> Any:
    """JSON of a stranger's; raises ValueError for what is none, and for what is nested deeper than anything of ours."""
    try:
        value = json.loads(data.decode(), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _depth(value) > DEEPEST:
        raise ValueError("nested too deeply")
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [one for each in inside for one in each]
    return depth


# --- kinds of values -------------------------------------------------------------------------------------------------


def text(value: Any) -> bool:
    """Letters, and no half of one: JSON can name those, and nothing can write them."""
    return isinstance(value, str) and (value.isascii() or not _HALF.search(value))


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def nothing(value: Any) -> bool:
    return value is None


def anything(_value: Any) -> bool:
    return True


def either(*shapes: Shape) -> Shape:
    return lambda value: any(shape(value) for shape in shapes)


def each(shape: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(map(shape, value))


def record(needed: Mapping[str, Shape], maybe: Mapping[str, Shape] | None = None) -> Shape:
    """What it needs is there; what it may have is as it should be, null or not there."""

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(name in value and shape(value[name]) for name, shape in needed.items())
            and all(value.get(name) is None or shape(value[name]) for name, shape in (maybe or {}).items())
        )

    return fits


def by_name(shape: Shape) -> Shape:
    return lambda value: isinstance(value, dict) and all(map(text, value)) and all(map(shape, value.values()))


def between(least: int, most: int) -> Shape:
    return lambda value: whole(value) and least <= value <= most


def pair(value: Any) -> bool:
    return each(text)(value) and len(value) == 2


def day(value: Any) -> bool:
    """A day of the calendar, as `2026-03-08`."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def hours(value: Any) -> bool:
    return each(between(0, 24))(value) and len(value) == 2 and value[0] < value[1]


def sure(value: Any) -> bool:
    return value in ("exact", "about")


def days(value: Any) -> bool:
    """From a day to the same or a later one."""
    fits = record({"from": day, "to": day, "sure": sure}, {"hours": hours})
    return fits(value) and value["from"] <= value["to"]


# --- a manifest ------------------------------------------------------------------------------------------------------

_LISTED = record({"file": text, "sha256": text}, {"blob": text, "blob_sha256": text})
MANIFEST = record(
    {"case": text, "case_id": text, "recipient": text, "entries": each(_LISTED)},
    {"signer": text, "head": text, "apart": each(text), "created": day},
)

# --- an entry --------------------------------------------------------------------------------------------------------

_ANSWER = either(nothing, text, each(text), days, record({"written": whole}))
_JUDGED = {"level": text, "reasons": each(record({"rule": text, "because": each(pair)}))}
_HEAD = record(
    {}, {"at": text, "flow": text, "lang": text, "question": text, "form": text, "part": between(1, _FARTHEST)}
)
_VALUES: Mapping[EntryKind, Shape] = {
    EntryKind.readers: each(record({"name": text, "fingerprint": text}, {"role": text})),
    EntryKind.snapshot: record({**_JUDGED, "answers": by_name(_ANSWER)}, {"form": text, "openly": each(text)}),
    EntryKind.answer: _ANSWER,
    EntryKind.level: record(_JUDGED),
    EntryKind.message: record({"text": text}, {"from": text, "corrected": flag}),
    EntryKind.note: record({"text": text}, {"name": text}),
    EntryKind.file: record({}),
    EntryKind.check: record({"word": text}, {"call": text}),
    EntryKind.submitted: anything,
    EntryKind.withdrawn: record({"question": text}),
    EntryKind.restored: record({"question": text}),
}


def entry_of(kind: EntryKind, entry: Mapping[str, Any]) -> bool:
    """Whether an entry of this kind is written as this version reads it."""
    asked = kind is not EntryKind.answer or text(entry.get("question"))
    return asked and _HEAD(entry) and _VALUES[kind](entry.get("value"))


# --- a questionnaire, as far as a reader shows it ---------------------------------------------------------------------

_TEXTS = by_name(text)
_FORMS = record({"self": _TEXTS, "other": _TEXTS}, {"open": _TEXTS})
_TERM = between(0, _FARTHEST)


def condition(value: Any) -> bool:
    """As flows/release.py reads it."""
    if value is None:
        return True
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((name, inner),) = value.items()
    return _CONDITIONS.get(name, _options)(inner)


def _options(value: Any) -> bool:
    return each(text)(value) and bool(value)


def _conditions(value: Any) -> bool:
    return each(condition)(value) and bool(value)


def _level(value: Any) -> bool:
    return value in ("critical", "high", "normal")


def _days_of_one(value: Any) -> bool:
    return by_name(whole)(value) and len(value) == 1


_CONDITIONS: Mapping[str, Shape] = {
    "all": _conditions,
    "any": _conditions,
    "not": condition,
    "answered": text,
    "skipped": text,
    "clock": _level,
    "days_since": _days_of_one,
    "days_until": _days_of_one,
}
FLOW = record(
    {"flow": text},
    {
        "languages": each(text),
        "questions": each(
            record({"id": text, "kind": text, "text": _FORMS, "options": each(record({"id": text, "label": _TEXTS}))})
        ),
        "rules": each(record({"id": text, "reason": _TEXTS}, {"verified_by": text})),
        "clocks": each(
            record(
                {
                    "id": text,
                    "event": _TEXTS,
                    "when": condition,
                    "starts": each(text),
                    "ends": each(text),
                    "days": either(nothing, _TERM),
                    "months": either(nothing, between(0, _MOST_MONTHS)),
                    "basis": text,
                    "certainty": text,
                },
                {
                    "hours": each(_TERM),
                    "remind": each(whole),
                    "before": _TERM,
                    "at_once": flag,
                    "period": text,
                    "side": text,
                    "file_at": text,
                    "suspends": text,
                    "in_words": by_name(_TEXTS),
                    "verified_by": text,
                },
            )
        ),
        "cards": each(record({"id": text, "text": _TEXTS, "when": condition}, {"verified_by": text})),
    },
)
