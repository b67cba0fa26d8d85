"""What an alert may say of an open intake."""

from datetime import UTC, date, datetime

from bot.handoff.intake_to_case import _facts
from flows.model import Answer, Chosen, Dated, Intake, OptionId, QuestionId
from storage.intakes import OpenIntake
from tests.flows.test_engine import FLOW

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def soonest(*, q10: str, **dates: date) -> tuple[str, date] | None:
    """The deadline that an alert would name."""
    answers: dict[QuestionId, Answer] = {QuestionId("q10"): Chosen((OptionId(q10),))}
    answers |= {QuestionId(name): Dated(day, day, "exact") for name, day in dates.items()}
    intake = Intake(flow=FLOW.revision, language="ru", answers=answers, asked=None)
    one = OpenIntake(look_up=b"1", chat_id=1, state=intake, tag="t", expires_at=NOW)
    return _facts(FLOW, one, NOW, at_least="normal").soonest


def test_an_alert_names_a_deadline_that_pages_and_one_that_was_missed_does_not_disappear() -> None:
    """A decision to expel a month ago is still to be acted on; the three days of a host are of no help."""
    assert soonest(q10="exp_decision", q41_exp_decision=date(2026, 2, 1)) == ("K12a", date(2026, 2, 1))
    assert soonest(q10="misdemeanour", q18=date(2026, 3, 8)) == ("K21", date(2026, 6, 6))
