"""The questionnaire of Kazakhstan as transcripts, and what must hold whatever people do."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.words import Words
from flows import engine
from flows.check import released
from flows.clocks import deadlines
from flows.model import Chosen, Flow, Intake, Kind, Level, OptionId, QuestionId
from flows.release import read_release
from flows.source import load_source
from flows.state import dump, load
from flows.triage import judge

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TRANSCRIPTS = [
    one
    for name in ("transcripts.yaml", "scenarios.yaml")
    for one in yaml.safe_load((Path(__file__).parent / name).read_text())
]


def kazakhstan() -> Flow:
    """The questionnaire as it is released."""
    source = load_source(ROOT / "flows" / "kazakhstan" / "intake.yaml")
    return read_release(released(source, Words.load().translate, ["ru", "kk", "en"]))


FLOW = kazakhstan()
WORDS: Mapping[str, engine.Happened] = {
    "done": engine.Done(),
    "back": engine.Back(),
    "skip": engine.Skip(),
    "unknown": engine.Unknown(),
    "send": engine.Send(),
}


DOES = {"press", "type", "do", "skip_to"}


def now_of(transcript: Mapping[str, Any]) -> datetime:
    """Noon of the day of a transcript."""
    return datetime.fromisoformat(f"{transcript['day']}T12:00+00:00") if "day" in transcript else NOW


def happened(step: Mapping[str, Any]) -> engine.Happened | None:
    """What a step of a transcript does."""
    if "press" in step:
        return engine.Pressed(step["press"])
    if "type" in step:
        return engine.Typed(step["type"])
    return WORDS[step["do"]] if "do" in step else None


@pytest.mark.parametrize("reloaded", [False, True], ids=["straight", "reloaded at every turn"])
@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=[one["name"] for one in TRANSCRIPTS])
def test_a_transcript_goes_as_written(transcript: Mapping[str, Any], reloaded: bool) -> None:
    """Question, level, reasons, ticks and effects after every step, also when the intake is stored in between."""
    intake = engine.begin(FLOW, transcript["language"], now_of(transcript), urgent=transcript.get("urgent", False))
    for step in transcript["steps"]:
        while step.get("skip_to", intake.asked) != intake.asked:
            intake = engine.advance(FLOW, intake, engine.Skip(), now_of(transcript)).intake
        turn = engine.Turn(intake)
        if (event := happened(step)) is not None:
            turn = engine.advance(FLOW, intake, event, now_of(transcript))
        intake = load(dump(turn.intake)) if reloaded else turn.intake
        assert seen(step, intake, turn) == {name: step[name] for name in step if name not in DOES}


def seen(step: Mapping[str, Any], intake: Intake, turn: engine.Turn) -> dict[str, Any]:
    """The parts of an intake that a step speaks of."""
    effects = turn.effects
    found: dict[str, Any] = {
        "asked": intake.asked or "summary",
        "level": intake.level.value,
        "reasons": [reason.rule for reason in intake.reasons],
        "because": [list(pair) for pair in intake.reasons[0].because] if intake.reasons else [],
        "ticked": list(intake.ticked),
        "why": next((one.why.value for one in effects if isinstance(one, engine.NotUnderstood)), None),
        "wrote": next((one.text for one in effects if isinstance(one, engine.Answered)), None),
        "clocks": {one.clock: one.ends for one in deadlines(FLOW, intake.answers)},
        "sent": any(isinstance(one, engine.Sent) for one in effects),
        "answers": {name: chosen(intake, name) for name in step.get("answers", {})},
    }
    if "clocks" in step:
        found["clocks"] = {name: found["clocks"].get(name) for name in step["clocks"]}
    return {name: found[name] for name in step if name in found}


def chosen(intake: Intake, question: str) -> list[str] | None:
    """The options chosen for a question."""
    answer = intake.answers.get(QuestionId(question))
    return list(answer.options) if isinstance(answer, Chosen) else None


typed = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(codec=None), max_size=30),
    st.sampled_from(
        ["1", "2, 3", "\ud800", "\u202e\u2066abc", "<b>x</b>", "*x*", "12.03", "0" * 400, "я" * 10_000, "/x"]
    ),
)
events = st.one_of(
    typed.map(engine.Typed),
    st.sampled_from(sorted({option.id for question in FLOW.questions for option in question.options})).map(
        engine.Pressed
    ),
    st.sampled_from(list(WORDS.values())),
    st.sampled_from([question.id for question in FLOW.questions]).map(engine.Revisit),
)
quick = settings(
    max_examples=int(os.environ.get("EXAMPLES", "250")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@quick
@given(st.booleans(), st.lists(events, max_size=25))
def test_nothing_that_people_do_raises_and_every_state_can_be_kept(urgent: bool, said: list[engine.Happened]) -> None:
    """Any events in any order: no exception, and the intake survives being stored; a way on is always there."""
    intake = engine.begin(FLOW, "ru", NOW, urgent=urgent)
    for event in said:
        intake = engine.advance(FLOW, intake, event, NOW).intake
        assert load(dump(intake)) == intake
        assert intake.asked is None or intake.asked in {question.id for question in FLOW.questions}


@quick
@given(st.lists(events, max_size=15))
def test_skipping_and_not_knowing_never_lower_the_level(said: list[engine.Happened]) -> None:
    """Wherever a person is, skip leaves the level where it was or higher."""
    intake = engine.begin(FLOW, "ru", NOW, urgent=True)
    for event in said:
        intake = engine.advance(FLOW, intake, event, NOW).intake
    skipped = engine.advance(FLOW, intake, engine.Skip(), NOW).intake
    assert Level(skipped.level).rank >= Level(intake.level).rank


@quick
@given(st.lists(events, max_size=15))
def test_going_back_changes_no_answer(said: list[engine.Happened]) -> None:
    """Back shows an earlier question and touches nothing else."""
    intake = engine.begin(FLOW, "kk", NOW, urgent=False)
    for event in said:
        intake = engine.advance(FLOW, intake, event, NOW).intake
    back = engine.advance(FLOW, intake, engine.Back(), NOW).intake
    assert (back.answers, back.level, back.reasons) == (intake.answers, intake.level, intake.reasons)
    forth = engine.advance(FLOW, back, engine.Skip(), NOW).intake
    assert {one: forth.answers[one] for one in back.answers if one in forth.answers} == dict(back.answers)


@quick
@given(st.lists(events, max_size=20), st.sampled_from([option.id for option in FLOW.question("q26").options]))
def test_a_charge_never_lowers_the_level(said: list[engine.Happened], charge: OptionId) -> None:
    """Wherever a person is, one more charge leaves the level where it was or higher."""
    intake = engine.begin(FLOW, "kk", NOW, urgent=True)
    for event in said:
        intake = engine.advance(FLOW, intake, event, NOW).intake
    charged = {**intake.answers, QuestionId("q26"): Chosen((charge,))}
    without = {name: one for name, one in intake.answers.items() if name != "q26"}
    assert judge(FLOW, charged, NOW.date()).level.rank >= judge(FLOW, without, NOW.date()).level.rank


@quick
@given(st.lists(events, max_size=25))
def test_every_state_offers_a_way_on_and_the_end_is_near(said: list[engine.Happened]) -> None:
    """From anywhere: choosing the first option, or skipping, leads to the summary, and the summary can be sent."""
    intake = engine.begin(FLOW, "ru", NOW, urgent=False)
    for event in said:
        intake = engine.advance(FLOW, intake, event, NOW).intake
    for _ in range(2 * len(FLOW.questions)):
        if intake.asked is None:
            break
        skipped = engine.advance(FLOW, intake, engine.Skip(), NOW).intake
        first = FLOW.question(intake.asked).options[:1]
        intake = (
            skipped
            if skipped.asked != intake.asked
            else engine.advance(FLOW, intake, engine.Pressed(first[0].id), NOW).intake
        )
    assert intake.asked is None
    assert any(isinstance(one, engine.Sent) for one in engine.advance(FLOW, intake, engine.Send(), NOW).effects)


def test_a_date_question_takes_dates_unknown_and_refuses_the_future() -> None:
    """Buttons and typing; a date ahead is refused where only a past one makes sense."""
    source = load_source(Path(__file__).parent / "dated.yaml")
    flow = read_release(released(source, lambda _context, text, language: text + language, ["ru"]))
    intake = engine.begin(flow, "ru", NOW, urgent=False)
    for text, why in [
        ("послезавтра", "future"),
        ("когда-нибудь", "no_date"),
        ("24.12.2026", "future"),
        ("2027-01-01", "future"),
    ]:
        turn = engine.advance(flow, intake, engine.Typed(text), NOW)
        assert turn.effects == (engine.NotUnderstood(engine.Why(why)),)
    assert flow.questions[0].kind is Kind.date
    for event in (engine.Typed("в марте"), engine.Unknown(), engine.Skip(), engine.Typed("не знаю")):
        assert engine.advance(flow, intake, event, NOW).intake.asked == "q02"
