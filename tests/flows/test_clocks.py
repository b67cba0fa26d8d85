"""Deadlines: never later than the law has them, and what they do to the level as the days go by."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.clocks import deadlines, levels_on
from flows.model import Answer, Chosen, Dated, Level, OptionId, QuestionId
from flows.source import load_source
from flows.triage import judge, risings
from tests.flows.test_engine import FLOW, ROOT

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def given_answers(*, dates: dict[str, str], **chosen: str) -> dict[QuestionId, Answer]:
    """Answers as the model has them."""
    answers: dict[QuestionId, Answer] = {QuestionId(name): Chosen((OptionId(one),)) for name, one in chosen.items()}
    for name, day in dates.items():
        answers[QuestionId(name)] = Dated(date.fromisoformat(day), date.fromisoformat(day), "exact")
    return answers


@pytest.mark.parametrize(
    ("clock", "begins", "ends"),
    [
        ("K07", "2026-01-31", "2026-02-28"),  # no 31 February: its last day, before 30 days are over
        ("K07", "2026-02-10", "2026-03-10"),
        ("K07", "2026-03-10", "2026-04-09"),  # thirty days end before the same day of a month of 31
        ("K07", "2028-01-30", "2028-02-29"),
        ("K08", "2026-11-30", "2027-02-28"),
        ("K26", "2026-12-24", "2027-01-23"),
    ],
)
def test_months_end_on_the_same_day_or_after_thirty_days_whichever_comes_first(
    clock: str, begins: str, ends: str
) -> None:
    """Ends of months, leap years, the turn of the year."""
    dates = {"q16_received": begins, "q16_decided": begins}
    found = {one.clock: one.ends.isoformat() for one in deadlines(FLOW, given_answers(dates=dates))}
    assert found[clock] == ends


@settings(max_examples=300, deadline=None, database=None)
@given(DAYS, st.integers(0, 40))
def test_an_uncertain_date_never_gives_a_later_deadline_than_a_sure_one(earliest: date, width: int) -> None:
    """The earliest plausible day counts, for every clock that it starts."""
    sure = Dated(earliest, earliest, "exact")
    about = Dated(earliest, earliest + timedelta(days=width), "about")
    for question in (one.id for one in FLOW.questions if one.kind.value == "date"):
        assert deadlines(FLOW, {question: about}) == deadlines(FLOW, {question: sure})


@settings(max_examples=200, deadline=None, database=None)
@given(DAYS)
def test_on_its_last_day_a_clock_that_pages_is_critical_unless_it_only_rises_to_high(begins: date) -> None:
    """Each clock stands at its gravest level on its last day, and informing clocks never page."""
    gravest = {clock.id: max((page.level.rank for page in clock.pages), default=-1) for clock in FLOW.clocks}
    answers = {question.id: Dated(begins, begins, "exact") for question in FLOW.questions if question.kind == "date"}
    for one in deadlines(FLOW, answers):
        ranks = [level.rank for level in levels_on(FLOW, (one,), one.ends)]
        assert max(ranks, default=-1) == gravest[one.clock]
    assert {clock.id for clock in FLOW.clocks if not clock.pages} >= {"K01", "K02", "K03", "K20", "K23", "K24", "K25"}


def test_a_case_that_waits_rises_by_itself_when_its_deadline_comes_near() -> None:
    """A refusal: high at first, critical from a week before the month to leave is over."""
    dates = {"q16_decided": "2026-03-02", "q16_received": "2026-03-05"}
    answers = given_answers(q15="refused", dates=dates)
    today = date(2026, 3, 6)
    assert judge(FLOW, answers, today).level is Level.high
    (rising,) = risings(FLOW, answers, today)
    assert (rising.on.isoformat(), rising.level, rising.rule) == ("2026-03-25", Level.critical, "C9")
    assert judge(FLOW, answers, date(2026, 3, 24)).level is Level.high
    assert judge(FLOW, answers, rising.on).level is Level.critical


@settings(max_examples=50, deadline=None, database=None)
@given(DAYS, st.integers(0, 60), st.sampled_from(["refused", "pending_cert", "none"]))
def test_risings_are_where_the_level_rises(begins: date, gone: int, state: str) -> None:
    """Day by day over a year: a level never goes above what the risings said, and each rising is true."""
    day = Dated(begins, begins, "exact")
    answers: dict[QuestionId, Answer] = {QuestionId("q15"): Chosen((OptionId(state),))}
    answers |= {QuestionId(name): day for name in ("q16_decided", "q16_received", "q18")}
    today = begins + timedelta(days=gone)
    level, ahead = judge(FLOW, answers, today).level, {one.on: one.level for one in risings(FLOW, answers, today)}
    for days in range(1, 130):
        on = today + timedelta(days=days)
        level = max(level, ahead.get(on, level), key=lambda one: one.rank)
        assert judge(FLOW, answers, on).level.rank <= level.rank


def test_no_charge_and_no_ground_against_extradition_lowers_a_level() -> None:
    """Whatever stands in q26 the level is the same or higher than without it."""
    for option in FLOW.question("q26").options:
        for where in FLOW.question("q02").options:
            without = given_answers(q02=where.id, dates={})
            charged = without | {QuestionId("q26"): Chosen((option.id,))}
            today = date(2026, 3, 1)
            assert judge(FLOW, charged, today).level.rank >= judge(FLOW, without, today).level.rank


def test_a_clock_is_data_for_an_advocate_to_sign() -> None:
    """Every row has its basis, period and certainty; none is signed yet, and half a signature is an error."""
    rows = load_source(Path(ROOT) / "flows" / "kazakhstan" / "intake.yaml").flow.clocks
    assert len(rows) == 38
    assert all(row.basis and row.period and row.certainty in {"A", "A-old", "B", "C"} for row in rows)
    assert [row.id for row in rows if row.verified_by] == []
