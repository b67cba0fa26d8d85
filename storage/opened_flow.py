"""The questionnaire that came with a case, as far as opening it needs that: questions, deadlines, cards.

A case outlives programs: what a newer version has added to a questionnaire, or written otherwise where nothing is shown
of it, must not keep a lawyer from its deadlines. So only what shapes.FLOW looks at is taken.
"""

from collections.abc import Mapping
from typing import Any

from flows.model import Flow, Kind
from flows.release import flow_of

_OF_CLOCK = ("id", "event", "when", "starts", "ends", "days", "months", "basis", "certainty")
_MAY_HAVE = ("hours", "remind", "before", "at_once", "period", "side", "file_at", "suspends", "in_words")


def flow_for_reading(data: Mapping[str, Any], revision: str) -> Flow:
    """Of a questionnaire that shapes.FLOW fits."""
    return flow_of(
        {
            "flow": data["flow"],
            "languages": data.get("languages", []),
            "subject": "",
            "danger": "",
            "region": None,
            "questions": [_question(one) for one in data.get("questions", [])],
            "rules": [],
            "clocks": [_clock(one) for one in data.get("clocks", [])],
            "cards": [{"verified_by": None, **one} for one in data.get("cards", [])],
        },
        revision,
    )


def _question(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "kind": one["kind"] if one["kind"] in list(Kind) else Kind.text.value,
        "text": {"self": {}, "other": {}},  # what was asked is said from the case's own words
        "hint": None,
        "options": [],
        "show_if": None,
        "skippable": True,
        "past": False,
    }


def _clock(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: one[name] for name in _OF_CLOCK},
        **{name: one[name] for name in _MAY_HAVE if one.get(name) is not None},
        "pages": [],
        "verified_by": one.get("verified_by"),
        "verified_at": None,
    }
