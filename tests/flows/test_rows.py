"""Rules and clocks one by one: answers, and the level, reasons and deadlines that they give."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.clocks import deadlines
from flows.model import Answer, Answers, Chosen, Dated, OptionId, QuestionId, Skipped
from flows.triage import judge
from tests.flows.tables import table
from tests.flows.test_engine import FLOW, TRANSCRIPTS

TABLE = table("rows.yaml")
ROWS = TABLE["rows"]
DAY = date(2026, 3, 10)


def answers_of(given: Mapping[str, Any]) -> Answers:
    """Answers as the model has them: an option, a list of them, a day, or nothing."""
    return {QuestionId(name): _answer(value) for name, value in given.items()}


def _answer(value: object) -> Answer:
    match value:
        case None:
            return Skipped()
        case date():
            return Dated(value, value, "exact")
        case list():
            return Chosen(tuple(OptionId(str(one)) for one in value))
        case _:
            return Chosen((OptionId(str(value)),))


def test_a_row_gives_its_level_reasons_and_deadlines() -> None:
    """Exactly the reasons of the row; and a person can give these answers, each question is asked after the others."""
    assert [found for row in ROWS if (found := differences(row))] == []


def differences(row: Mapping[str, Any]) -> list[tuple[object, object]]:
    """What a row demands, and what comes of it instead, behind the row's name."""
    assert row.keys() <= {"name", "given", "day", "level", "reasons", "clocks"}
    answers, today = answers_of({**TABLE["base"], **row["given"]}), row.get("day", DAY)
    for name in TABLE["base"].keys() - row["given"].keys():  # of the base what these answers still lead to
        if not FLOW.question(name).show_if.holds(answers):
            del answers[name]
    verdict = judge(FLOW, answers, today)
    ends = {one.clock: one.ends for one in deadlines(FLOW, answers)}
    compared = [
        (row["level"], verdict.level.value),
        (row["reasons"], [one.rule for one in verdict.reasons]),
        (row.get("clocks", {}), {clock: ends.get(clock) for clock in row.get("clocks", {})}),
        ([], [one for one in answers if not FLOW.question(one).show_if.holds(answers)]),
    ]
    different = [(wanted, found) for wanted, found in compared if wanted != found]
    return [(row["name"], ""), *different] if different else []


def test_every_rule_and_every_clock_with_a_date_is_met_by_a_row_or_a_transcript() -> None:
    """Nothing is only proved to be possible."""
    steps = [step for one in TRANSCRIPTS for step in one["steps"]]
    rules = {rule for one in (*ROWS, *steps) for rule in one.get("reasons", [])}
    clocks = {clock for one in (*ROWS, *steps) for clock, ends in one.get("clocks", {}).items() if ends}
    assert {rule.id for rule in FLOW.rules} - rules == set()
    assert {clock.id for clock in FLOW.clocks if clock.starts or clock.ends} - clocks == set()


def test_ten_ordinary_people_reach_the_end() -> None:
    """From the first question to the summary and `send`; no one of them is made critical."""
    ordinary = [one for one in TRANSCRIPTS if one["name"].startswith("ordinary ")]
    assert [one["name"].partition(",")[0] for one in ordinary] == [f"ordinary {n} of 10" for n in range(1, 11)]
    for one in ordinary:
        assert one["steps"][-1] == {"do": "send", "sent": True}
        assert one["steps"][-2]["asked"] == "summary"
        assert one["steps"][-2]["level"] in {"normal", "high"}
