"""A read case as a lawyer sees it: each deadline with what an advocate signs, in one line."""

import json
import re
from pathlib import Path

from flows.check import released
from flows.source import load_source
from storage.opened import OpenedCase
from storage.reading import ReadCase

FLOW = Path(__file__).parent.parent.parent / "flows" / "kazakhstan" / "intake.yaml"


def by_name(context: str, msgid: str, language: str) -> str:
    """Texts that name where they stand, with the placeholders that belong there."""
    return " ".join([context, language, *re.findall(r"%\(\w+\)s", msgid)])


def test_a_deadline_says_in_one_line_whose_it_is_where_to_file_and_whether_that_suspends() -> None:
    """The same in JSON, with the days on which to remind; what a row does not know is left out."""
    compiled = released(load_source(FLOW), by_name, ["ru", "en"])
    answers = {
        "q10": ["exp_decision"],
        "q11_exp_decision": {"from": "2026-03-08", "to": "2026-03-08", "sure": "exact"},
        "q12": {"from": "2026-03-20", "to": "2026-03-20", "sure": "exact"},
    }
    value = {"answers": answers, "level": "critical", "reasons": [], "clocks": [], "form": "self"}
    entry = {"kind": "snapshot", "at": "2026-03-08", "flow": "r", "lang": "en", "value": value}
    opened = OpenedCase(ReadCase("K7Q4-F2MX", entries=[entry], flows={"r": json.loads(compiled)}))
    lines = [line.strip() for line in opened.as_text().splitlines() if line.startswith("  until ")]
    assert lines == [
        "until 2026-03-08: clock.K12a en; in force the same day; for the person; to: the court that decided;"
        " filing suspends: only if it arrives before the day of departure (GPK 386)"
        " (K12a, GPK 385(1), 386, A-old, not yet signed)",
        "until 2026-03-20: clock.K12 en; the date in the paper; for the person"
        " (K12, KoAP 916(2); GPK 385(2), A, not yet signed)",
        "until 2026-04-07: clock.K12b en; 1 month; for the person; to: through the same court;"
        " filing suspends: not after the day of departure (K12b, GPK 403(3), A, not yet signed)",
    ]
    clock = opened.as_json()["clocks"][0]
    assert [clock[name] for name in ("side", "file_at", "period", "remind")] == [
        "person",
        "the court that decided",
        "in force the same day",
        [0],
    ]
