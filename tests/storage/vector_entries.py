"""Entries of the vectors: well written, of newer versions, hostile, and in every way that they should not be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.storage import vector_flow

READERS: Mapping[str, Any] = {
    "kind": "readers",
    "at": "2026-11-24",
    "value": [
        {"name": "Aigul", "fingerprint": "AAAAA-BBBBB-CCCCC-DDDDD", "role": "lawyer"},
        {"name": "recovery", "fingerprint": "EEEEE-FFFFF-GGGGG-HHHHH", "role": "recovery"},
    ],
}


def written(kind: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """An entry in Russian, at the small questionnaire."""
    head = {"kind": kind, "at": "2026-11-24", "flow": vector_flow.REVISION, "lang": "ru"}
    return {**head, "value": value, **more}


def answered(question: str, value: Any, **more: Any) -> dict[str, Any]:
    return written("answer", value, question=question, **more)


def snapshot(answers: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    reasons = [{"rule": "C1", "because": [["q02", "held"]]}, {"rule": "H1", "because": []}]
    value = {"answers": dict(answers), "level": "critical", "reasons": reasons, "clocks": [], "form": "self"}
    return written("snapshot", {**value, **more})


PLAIN = [
    snapshot({"q01": "self", "q02": "held"}),
    answered("q08", "Пост Маштаково. Причину не говорят."),
    answered("q10", ["refusal", "fine"]),
    written("check", {"word": "K7Q4F2", "for": "Aigul", "call": "0123456789abcdef" * 2}),
    written("message", {"from": "seeker", "text": "Они забрали паспорт.\nЧто делать?"}, at="2026-11-24T09:12:00+00:00"),
    written(
        "message", {"from": "lawyer", "name": "Aigul", "text": "Ничего не подписывайте."}, at="2026-11-24T09:20:00"
    ),
    written("submitted"),
]


NOTED = [
    snapshot({"q01": "self", "q02": "held"}),
    written("note", {"name": "Aigul", "text": "Жена звонит по вечерам.\nБрату не говорить."}, at="2026-11-24T10:00:00"),
    written("message", {"from": "seeker", "text": "Спасибо."}, at="2026-11-24T10:05:00"),
    written("note", {"text": "\u202eбез имени"}, at="2026-11-24T10:10:00"),
]


# Who called first said Russian words, who called next says Kazakh ones; the person reads English now.
CALLED = [
    snapshot({"q01": "self", "q02": "held"}),
    written("check", {"word": "AAAAAA", "for": "Aigul", "call": "89abcdef01234567" * 2}),
    written("check", {"word": "K7Q4F2", "for": "Boris", "call": "0123456789abcdef" * 2}, lang="kk"),
    written("message", {"from": "seeker", "text": "They have moved me."}, at="2026-11-24T09:12:00+00:00", lang="en"),
]
# Claims of before: nothing says in which language the words are.
CALLED_BEFORE = [
    snapshot({"q01": "self", "q02": "held"}),
    {**written("check", {"word": "K7Q4F2", "for": "Boris", "call": "0123456789abcdef" * 2}), "lang": None},
    answered("q08", "Тізім жоқ", lang="kk"),
]


SUPERSEDED = [
    snapshot({"q01": "self", "q02": "held", "q08": {"written": 1}}, openly=["q02"]),
    answered("q08", "первое, "),
    answered("q08", "и дальше", part=2),
    answered("q02", "free"),
    answered("q08", "совсем другое", form="other"),
    answered("q10", ["refusal"]),
    answered("q10", ["none"]),
    answered("q09", None),
    answered("more", "go_on"),
    answered("q77", "вопрос, которого в анкете нет"),
    written(
        "level",
        {"level": "high", "reasons": [{"rule": "H1", "because": []}, {"rule": "X9", "because": [["q02", "free"]]}]},
    ),
]
WITHDRAWN = [
    snapshot({"q01": "other", "q02": "held"}, form="other"),
    answered("q08", "сначала так"),
    answered("q08", "потом иначе"),
    written("withdrawn", {"question": "q08"}),
    answered("q10", ["fine"]),
    written("withdrawn", {"question": "q10"}),
    written("restored", {"question": "q08"}),
    written("withdrawn", {"question": "q08"}),
    written("withdrawn", {"question": "q55"}),
    written("restored", {"question": "q56"}),
]


def on(day: str, to: str | None = None, **more: Any) -> dict[str, Any]:
    return {"from": day, "to": to or day, "sure": "about" if to else "exact", **more}


CLOCKS = [
    snapshot({"q01": "self", "q02": "held", "q10": ["refusal", "fine"]}),
    answered("q09", on("2026-11-23", hours=[22, 23])),
    answered("q11_refusal", on("2199-01-31")),
    answered("q11_fine", on("1999-12-31", "2000-01-20")),
    answered("q12", on("2026-12-05", "2026-12-09")),
]
AT_ONCE = [
    snapshot({"q02": "held", "q10": ["refusal"]}),
    answered("q12", None),
    answered("q11_refusal", on("2024-02-29")),
]
UNKNOWN = [
    snapshot({"q02": "held"}),
    written("poem", {"lines": 3}),
    {"kind": ["answer"], "value": "x"},
    {"value": "x", "at": "2026-11-24"},
    written("message", {"from": "robot", "text": "новое", "mood": {"so": ["fine", 1]}}, more={"x": 1}),
    written("submitted", {"by": "hand"}),
]
HOSTILE = [
    snapshot({"q02": "held", "q08\x1b[2J": "held"}),
    answered(
        "q08", "\x1b[2Jчисто \u202eгде\u202c \x9b31m <script>alert(1)</script> https://example.org/?a=1&b=2\u2028\x00"
    ),
    written(
        "message", {"from": "seeker", "text": "\u2066семья 👨\u200d👩\u200d👧\u2069\x07\ttab\nstring"}, at="2026\x1b[1A"
    ),
    written("check", {"word": "\x1b]0;x\x07"}),
    written("level", {"level": "\x1b[31m", "reasons": [{"rule": "\u202e", "because": [["q02", "\x07"]]}]}),
]
MANY = [answered("q10", ["fine" if number % 2 else "refusal"]) for number in range(12)]


# --- entries that are not as they should be --------------------------------------------------------------------------

ODD: Sequence[Any] = (None, True, 7, -1, "x", "", [], {}, [1], [None], {"from": 1}, ["x", ["x"]], {"x": "x"}, "\ud800")
WELL_WRITTEN: Mapping[str, Any] = {
    "snapshot": {"answers": {"q02": "held"}, "level": "high", "reasons": [{"rule": "C1", "because": [["q02", "held"]]}],
                 "form": "self", "openly": ["q02"]},
    "level": {"level": "high", "reasons": [{"rule": "C1", "because": [["q02", "held"]]}]},
    "message": {"from": "seeker", "text": "words", "corrected": True},
    "note": {"name": "Aigul", "text": "words"},
    "file": {"name": "n", "kind": "photo", "bytes": 1, "sha256": "00"},
    "check": {"word": "K7Q4F2", "call": "ab"},
    "withdrawn": {"question": "q08"},
    "restored": {"question": "q08"},
    "readers": [{"name": "A", "fingerprint": "F", "role": "lawyer"}],
}  # fmt: skip
DATES: Sequence[Any] = (
    on("2026-02-30"), on("2026-2-3"), on("20260203"), on("2026-W10-7"), on("0001-01-01"), on("9999-12-31"),
    on("2026-03-02", "2026-03-01"), on("2026-03-01", hours=[23, 22]), on("2026-03-01", hours=[1]),
    on("2026-03-01", hours=[0, 25]), on("2026-03-01", hours=[True, 2]), {"from": "2026-03-01", "to": "2026-03-01"},
    {"from": "2026-03-01", "to": "2026-03-01", "sure": "hardly"}, on("2026-03-01\n"), on("٢٠٢٦-03-01"),
    {"written": "1"}, {"written": None}, [["q02"]], {"from": None, "to": None, "sure": "exact"},
)  # fmt: skip


def written_otherwise(value: Any) -> Iterator[Any]:
    """Each part of a value taken away, and in its place what does not belong there."""
    yield from ODD
    if isinstance(value, dict):
        for name, part in value.items():
            yield {each: said for each, said in value.items() if each != name}
            yield from ({**value, name: odd} for odd in written_otherwise(part))
    if isinstance(value, list):
        for at, part in enumerate(value):
            yield from ([*value[:at], odd, *value[at + 1 :]] for odd in written_otherwise(part))


def odd_entries() -> Iterator[dict[str, Any]]:
    """Entries of every kind, each with one thing that is not as it should be, or all the same may be."""
    for kind, value in WELL_WRITTEN.items():
        yield from (written(kind, odd) for odd in written_otherwise(value))
    yield from (answered("q09", odd) for odd in (*DATES, *ODD))
    yield from (written("snapshot", {**WELL_WRITTEN["snapshot"], "answers": {"q09": odd}}) for odd in (*DATES, *ODD))
    for name in ("at", "flow", "lang", "question", "form", "part"):
        yield from ({**answered("q08", "words"), name: odd} for odd in ODD)
        yield from ({**written("message", {"text": "words"}), name: odd} for odd in ODD)
    yield from (written(odd) for odd in ODD)


def malformed() -> list[dict[str, Any]]:
    """Some of them that are surely wrong, for a bundle."""
    return [
        written("message", "text"), written("message", {"text": 7}), written("snapshot", {"answers": []}),
        written("snapshot", {**WELL_WRITTEN["snapshot"], "reasons": [{"rule": "C1", "because": [["q02"]]}]}),
        written("level", {"level": "high", "reasons": "many"}), written("level", {"level": None, "reasons": []}),
        answered("q09", on("2026-02-30")), answered("q09", on("2026-03-02", "2026-03-01")), answered("q10", [1, 2]),
        written("answer", "x"), written("withdrawn", {}), written("restored", None), written("check", {"word": None}),
        written("file", ["x"]), answered("q08", "x", part=0), answered("q08", "x", at=7), answered("q08", 3.5),
        written("readers", [{"name": "A"}]), written("readers", "everybody"),
    ]  # fmt: skip
