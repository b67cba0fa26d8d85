"""Deadlines told to a lawyer, and the way back through the questions: computed, without a conversation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from flows import engine
from flows.clocks import Deadline, deadlines, reminders
from flows.model import Always, Chosen, Dated, Flow, Kind
from tests.compiled import questionnaire

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def flow() -> Flow:
    """The questionnaire."""
    return questionnaire()


def test_who_takes_a_case_late_is_reminded_at_once_of_what_is_near(flow: Flow) -> None:
    """Every day of reminding has come, and the deadline is still ahead; one that is over is named no more."""
    clock = next(one for one in flow.clocks if one.remind)
    near = Deadline(clock.id, None, TODAY)
    assert [(day, one.clock) for day, one in reminders(flow, (near,), TODAY) if day == TODAY] == [(TODAY, clock.id)]
    over = Deadline(clock.id, None, TODAY - timedelta(days=1))
    assert [day for day, _ in reminders(flow, (over,), TODAY) if day <= TODAY] == []


def test_of_several_days_on_which_a_deadline_begins_or_ends_the_earliest_counts(flow: Flow) -> None:
    """It may be shown too early, never too late."""
    early, late = TODAY, TODAY + timedelta(days=5)
    clock = next(one for one in flow.clocks if one.starts and one.days is not None)
    begins = replace(clock, when=Always(), starts=("a", "b"), ends=())
    ends = replace(clock, when=Always(), starts=(), ends=("a", "b"))
    for first, second in ((early, late), (late, early)):
        answers = {"a": Dated(first, first, True), "b": Dated(second, second, True)}
        (found,) = deadlines(replace(flow, clocks=(begins,)), answers)
        assert found.begins == early
        (found,) = deadlines(replace(flow, clocks=(ends,)), answers)
        assert found.ends == early


def test_back_never_shows_a_question_that_is_no_longer_asked(flow: Flow) -> None:
    """Another answer has made it pointless."""
    intake = engine.begin(flow, "ru", NOW, urgent=False)
    trail = tuple(one.id for one in flow.questions[:3])
    asked = flow.questions[3]
    intake = structs.replace(
        intake, trail=trail, asked=asked.id, answers={trail[0]: Chosen((flow.questions[0].options[0].id,))}
    )
    gone = engine._ask_next(flow, intake, asked.id)
    assert set(gone.trail) <= {trail[0], asked.id}


def test_whoever_goes_back_finds_what_they_have_ticked(flow: Flow) -> None:
    """And can change it."""
    several = next(one for one in flow.questions if one.kind is Kind.multiple and one.show_if is not None)
    ticked = Chosen(tuple(one.id for one in several.options[:2]))
    intake = engine.begin(flow, "ru", NOW, urgent=False)
    intake = structs.replace(intake, answers={several.id: ticked}, trail=(several.id,), asked=None)
    back = engine.advance(flow, intake, engine.Back(), NOW).intake
    assert (back.asked, back.ticked) == (several.id, ticked.options)


def test_a_typed_nought_opens_no_answer_of_the_summary(flow: Flow) -> None:
    """They are numbered from one."""
    first = flow.questions[0]
    intake = engine.begin(flow, "ru", NOW, urgent=False)
    intake = structs.replace(intake, asked=None, answers={first.id: Chosen((first.options[0].id,))})
    turns = [engine.advance(flow, intake, engine.Typed(said), NOW) for said in ("0", "1", "2")]
    assert [turn.intake.asked for turn in turns] == [None, first.id, None]
