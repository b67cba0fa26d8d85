"""A small questionnaire for the vectors, compiled by hand: deadlines of every kind, rules and cards signed and not."""

import hashlib
import json
from typing import Any

LANGUAGES = ("ru", "kk", "en")


def texts(word: str) -> dict[str, str]:
    return {language: f"{word} ({language})" for language in LANGUAGES}


def _question(name: str, kind: str, *options: str, **more: Any) -> dict[str, Any]:
    forms = {"self": texts(name), "other": texts(f"{name}, another")}
    return {
        "id": name,
        "kind": kind,
        "text": {**forms, **({"open": texts(f"{name}, open")} if name == "q02" else {})},
        "hint": None,
        "options": [
            {"id": one, "label": texts(one.upper()), "exclusive": one == "none", "title": ""} for one in options
        ],
        "show_if": None,
        "skippable": True,
        "past": False,
        "spans": [],
        "hours": name == "q09",
        "term_from": [],
        "asks": None,
        **more,
    }


def _clock(name: str, **more: Any) -> dict[str, Any]:
    clock = {
        "id": name,
        "event": texts(f"event {name}"),
        "when": None,
        "starts": [],
        "ends": [],
        "hours": [],
        "days": None,
        "months": None,
        "before": 0,
        "at_once": False,
        "remind": [3, 1],
        "pages": [],
        "period": "a term",
        "side": "person",
        "file_at": "a court",
        "suspends": "",
        "basis": "Law 1(2)",
        "certainty": "B",
        "verified_by": None,
        "verified_at": None,
        "in_words": {"period": texts("term"), "side": texts("side"), "file_at": texts("court"), "basis": texts("law")},
    }
    return {**clock, **more}


def _rule(name: str, level: str, when: Any, by: str | None) -> dict[str, Any]:
    signed = {"verified_by": by, "verified_at": by and "2026-11-01"}
    return {"id": name, "level": level, "when": when, "reason": texts(f"rule {name}"), "source": "", **signed}


FLOW: dict[str, Any] = {
    "format": "pana-flow/1",
    "flow": "vectors",
    "languages": list(LANGUAGES),
    "subject": "q01",
    "danger": "q02",
    "region": None,
    "contact": None,
    "changed": [],
    "offers": [],
    "held": None,
    "quiet": None,
    "backed": None,
    "advice": [],
    "questions": [
        _question("q01", "single", "self", "other"),
        _question("q02", "single", "held", "free"),
        _question("q08", "text"),
        _question("q09", "date"),
        _question("q10", "multiple", "refusal", "fine", "unknown", "none"),
        _question("q11_refusal", "date"),
        _question("q11_fine", "date"),
        _question("q12", "date"),
        _question("more", "single", "go_on", "stop"),
    ],
    "rules": [
        _rule("C1", "critical", {"q02": ["held"]}, None),
        _rule("H1", "high", {"days_since": {"q09": 3}}, "an advocate"),
    ],
    "clocks": [
        _clock("K1", starts=["q11_refusal"], days=10, when={"q10": ["refusal"]}, verified_by="an advocate"),
        _clock("K2", starts=["q09"], hours=[3, 72], days=0, in_words={}),
        _clock(
            "K3", starts=["q11_refusal", "q11_fine"], months=1, when={"any": [{"answered": "q09"}, {"q10": ["fine"]}]}
        ),
        _clock("K4", ends=["q12"], before=2, when={"not": {"skipped": "q12"}}, suspends="yes", side="state"),
        _clock("K5", ends=["q12"], before=1, at_once=True, when={"all": [{"q02": ["held"]}, {"q10": ["refusal"]}]}),
        _clock("K6", starts=["q09"], hours=[48], days=2, certainty="A"),
        _clock("K7", starts=["q11_fine"], days=3, certainty="A-old"),
        _clock("K8", starts=["q09"], days=400, when={"clock": "high"}),
        _clock("K9", starts=["q01"], days=1),
    ],
    "cards": [
        {
            "id": "L1",
            "text": texts("card L1"),
            "when": {"q02": ["held"]},
            "verified_by": "an advocate",
            "verified_at": None,
        },
        {"id": "L2", "text": texts("card L2"), "when": None, "verified_by": None, "verified_at": None},
        {"id": "L3", "text": texts("card L3"), "when": {"q02": ["free"]}, "verified_by": None, "verified_at": None},
    ],
    "alert": {},
}
COMPILED = json.dumps(FLOW, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
REVISION = hashlib.sha256(COMPILED).hexdigest()
