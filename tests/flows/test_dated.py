"""A typed date at its question: the hour where the law counts hours, a term from the day of the paper, no guess."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from flows import engine
from flows.clocks import deadlines
from flows.dated import ToChoose, read_dates
from flows.model import Answer, Chosen, Dated, OptionId, Question, QuestionId, answer_of, value_of
from tests.flows.samples import examples
from tests.flows.tables import rested
from tests.flows.test_engine import FLOW

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
HELD, LEAVE, VALID = (FLOW.question(one) for one in ("q09", "q12", "q17"))
DECIDED = QuestionId("q11_exp_decision")


def typed(question: Question, said: str, **given_days: Dated) -> object:
    """What a text is at a question, when these days were told before."""
    answers: dict[QuestionId, Answer] = {QuestionId(name): day for name, day in given_days.items()}
    return read_dates(question, answers, said, NOW, language="ru")


def on(day: str, hours: tuple[int, int] | None = None, sure: str = "exact") -> Dated:
    return Dated(date.fromisoformat(day), date.fromisoformat(day), "exact" if sure == "exact" else "about", hours)


def test_the_hour_is_kept_where_the_law_counts_hours_and_nowhere_else() -> None:
    """«Вчера в 22:30»: since when somebody is held, but not when a paper was handed over."""
    assert typed(HELD, "вчера в 22:30") == on("2026-11-23", (22, 23))
    assert typed(HELD, "с 9 утра") == on("2026-11-24", (9, 10))
    assert typed(HELD, "с 14:00") == on("2026-11-23", (14, 15))  # it is half past ten
    assert typed(FLOW.question(DECIDED), "вчера в 22:30") == on("2026-11-23")


@pytest.mark.parametrize(
    ("said", "readings"),
    [("во вторник", ["2026-11-17", "2026-11-24"]), ("25.11", ["2025-11-25"]), ("25 ноября", ["2025-11-25"])],
)
def test_two_readings_are_for_the_person_to_choose(said: str, readings: list[str]) -> None:
    """Also where one of the two has not come yet: such a text is likelier a slip than a day a year ago."""
    assert typed(HELD, said) == ToChoose(tuple(map(on, readings)))


def test_what_has_not_come_yet_is_said_to_be_so() -> None:
    """With its year there is but one reading."""
    assert typed(HELD, "25.11.2026") == "future"
    assert typed(HELD, "не помню") == "no_date"


def test_a_term_counts_from_the_earliest_day_a_paper_was_handed_over() -> None:
    """«В 7-дневный срок» of two papers: never later than it is."""
    given_days = {
        DECIDED: Dated(date(2026, 11, 18), date(2026, 11, 20), "about"),
        "q11_misdemeanour": on("2026-11-22"),
        "q11_arrest": on("2026-11-01"),  # orders no departure
    }
    assert typed(LEAVE, "в 7-дневный срок", **given_days) == on("2026-11-25")
    assert typed(LEAVE, "в течение месяца", **given_days) == on("2026-12-18")
    assert typed(LEAVE, "до 5 декабря", **given_days) == on("2026-12-05")


def test_a_term_without_the_day_it_counts_from_is_no_date() -> None:
    """Counted from today it would end too late."""
    assert typed(LEAVE, "10 суток") == typed(VALID, "на 3 месяца") == "term"
    assert typed(VALID, "через 3 дня") == on("2026-11-27")


@examples(60, 3000)
@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 23), st.integers(1, 24))
def test_an_hour_gives_the_moment_a_term_in_hours_ends_at_the_earliest(day: date, first: int, more: int) -> None:
    """Not before the shortest term is over, never later than counted from the first hour; the days stay as they are."""
    hours = (first, min(first + more, 24))
    answers: dict[QuestionId, Answer] = {
        QuestionId("q02"): Chosen((OptionId("held"),)),
        QuestionId("q09"): Dated(day, day, "exact", hours),
    }
    without = answers | {QuestionId("q09"): Dated(day, day, "exact")}
    begins = datetime.combine(day, datetime.min.time()) + timedelta(hours=first)
    clocks = {clock.id: clock for clock in FLOW.clocks if clock.when.holds(answers)}
    for told, untold in zip(deadlines(FLOW, answers), deadlines(FLOW, without), strict=True):
        counted = clocks[told.clock].hours
        assert (told.clock, told.begins, told.ends) == (untold.clock, untold.begins, untold.ends)
        assert untold.moment is None
        assert told.moment == (begins + timedelta(hours=min(counted)) if counted else None)


def test_the_hours_outlive_a_restart_and_the_sealing() -> None:
    """In the draft's row and in the record; an older record has none."""
    answer = on("2026-11-23", (22, 23))
    intake = engine.begin(FLOW, "ru", NOW, urgent=False)
    kept = structs.replace(intake, answers={HELD.id: answer})
    assert rested(kept).answers[HELD.id] == answer
    assert value_of(HELD, answer) == {"from": "2026-11-23", "to": "2026-11-23", "sure": "exact", "hours": [22, 23]}
    assert answer_of(HELD, value_of(HELD, answer)) == answer
    assert answer_of(HELD, {"from": "2026-11-23", "to": "2026-11-23", "sure": "exact"}) == on("2026-11-23")
    foreign = {"from": "2026-11-23", "to": "2026-11-23", "sure": "exact", "hours": [30, 2]}
    assert answer_of(HELD, foreign) == on("2026-11-23")
