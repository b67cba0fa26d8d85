"""The questionnaire of Kazakhstan as transcripts, and what must hold whatever people do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.speech.words import Words
from flows import engine
from flows.check import released
from flows.clocks import deadlines
from flows.model import Chosen, Intake, Kind, Level, OptionId, QuestionId, Written
from flows.release import read_release
from flows.source import load_source
from tests.flows.tables import rested, table

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TRANSCRIPTS = [one for name in ("transcripts.yaml", "scenarios.yaml") for one in table(name)]


# The questionnaire as it is written, and as it is released: read once for all tests.
SOURCE = load_source(ROOT / "flows" / "kazakhstan" / "intake.yaml")
COMPILED = released(SOURCE, Words.load().translate, ["ru", "kk", "en"])
FLOW = read_release(COMPILED)
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


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=[one["name"] for one in TRANSCRIPTS])
def test_a_transcript_goes_as_written(transcript: Mapping[str, Any]) -> None:
    """Question, level, reasons, ticks and effects after every step; and every intake is stored as it is."""
    intake = engine.begin(FLOW, transcript["language"], now_of(transcript), urgent=transcript.get("urgent", False))
    for step in transcript["steps"]:
        for _ in FLOW.questions if "skip_to" in step else ():
            if step["skip_to"] == intake.asked:
                break
            intake = engine.advance(FLOW, intake, engine.Skip(), now_of(transcript)).intake
        assert intake.asked == step.get("skip_to", intake.asked)
        turn = engine.Turn(intake)
        if (event := happened(step)) is not None:
            turn = engine.advance(FLOW, intake, event, now_of(transcript))
        intake = rested(turn.intake)
        assert intake == turn.intake
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
        "offered": [one.options[0] for one in intake.offered if isinstance(one, Chosen)],
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


def test_a_text_whose_question_became_pointless_counts_again_when_the_answer_is_put_right() -> None:
    """It is set aside and not forgotten; the question is not asked a second time."""
    events = [
        *(engine.Pressed(OptionId(one)) for one in ("held", "self", "border", "now", "today", "here", "west")),
        engine.Typed("застава Маштаково"),
        *[engine.Skip()] * 5,
        engine.Revisit(QuestionId("q02")),
    ]
    intake = engine.begin(FLOW, "ru", NOW, urgent=True)
    for event in events:
        intake = engine.advance(FLOW, intake, event, NOW).intake
    assert (intake.asked, intake.answers[QuestionId("q08")], intake.aside) == ("q02", Written(1), {})
    mistaken = engine.advance(FLOW, intake, engine.Pressed(OptionId("free")), NOW).intake
    assert QuestionId("q08") not in mistaken.answers
    assert mistaken.aside == {"q08": Written(1)}
    assert rested(mistaken) == mistaken
    right = engine.advance(FLOW, engine.advance(FLOW, mistaken, engine.Back(), NOW).intake, events[0], NOW).intake
    assert (right.answers[QuestionId("q08")], right.aside, right.asked) == (Written(1), {}, "q02_by")


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


def after(steps: list[engine.Happened]) -> Intake:
    """An intake after these events."""
    intake = engine.begin(FLOW, "ru", NOW, urgent=False)
    for event in steps:
        intake = engine.advance(FLOW, intake, event, NOW).intake
    return intake


def finished(intake: Intake) -> Intake:
    """At the summary, by skipping what may be skipped."""
    while intake.asked is not None:
        asked = FLOW.question(intake.asked)
        event = engine.Skip() if asked.skippable else engine.Pressed(asked.options[0].id)
        intake = engine.advance(FLOW, intake, event, NOW).intake
    return intake


def changed(intake: Intake, question: str, option: str) -> Intake:
    """The intake with another answer, given from the summary, and back at the summary."""
    intake = engine.advance(FLOW, finished(intake), engine.Revisit(QuestionId(question)), NOW).intake
    assert intake.asked == question
    pressed = [*(one for one in intake.ticked if FLOW.question(question).kind is Kind.multiple), OptionId(option)]
    for event in (*map(engine.Pressed, pressed), engine.Done()):
        intake = engine.advance(FLOW, intake, event, NOW).intake
    return finished(intake)


FREE = [engine.Pressed(OptionId(one)) for one in ("self", "free", "safe", "no", "none", "here", "almaty")]
CALM = [engine.Pressed(OptionId(one)) for one in ("checkpoint_foreign", "none", "no", "go_on")]
NOTHING_SHOWN = [engine.Pressed(OptionId("nothing")), engine.Done()]
GONE_ON = [*FREE, *NOTHING_SHOWN, engine.Pressed(OptionId("none")), engine.Typed("01.11.2026"), *CALM]


def rules_of(intake: Intake) -> list[str]:
    """The rules of its reasons."""
    return [reason.rule for reason in intake.reasons]


@pytest.mark.parametrize(
    ("question", "grave", "nothing"),
    [
        ("q02", "held", "unknown"),
        ("q02", "moving", "unknown"),
        ("q03", "now", "unknown"),
        ("q04", "today", "unknown"),
        ("q10", "extradition", "unknown"),
        ("q15", "refused", "unknown"),
        ("q21", "over", "unknown"),
        ("q23", "officer", "prefer_lawyer"),
        ("q25", "secret", "unknown"),
        ("q27", "official", "unknown"),
        ("q28", "crossing", "unknown"),
        ("q32", "selfharm", "prefer_not"),
        ("q33", "d7", "prefer_lawyer"),
    ],
)
def test_not_telling_in_place_of_a_grave_answer_keeps_its_reasons(question: str, grave: str, nothing: str) -> None:
    """The answer is what was said last; level and reasons stay, also through other answers and when stored."""
    before = changed(after(GONE_ON), question, grave)
    told = changed(before, question, nothing)
    assert chosen(told, question) == [nothing]
    assert before.level.rank > 0
    assert told.level is before.level
    assert set(rules_of(told)) >= set(rules_of(before))
    later = changed(rested(told), "q07", "shymkent")
    assert (later.level, later.reasons) == (told.level, told.reasons)


def test_a_correction_lowers_the_level_also_after_not_telling() -> None:
    """Pressed by mistake, then unsure, then "no": nothing is left of it. Another question's answer frees nothing."""
    unsure = changed(changed(after(GONE_ON), "q28", "crossing"), "q28", "unknown")
    assert rules_of(changed(unsure, "q38", "no")) == ["H7"]
    assert rules_of(changed(unsure, "q28", "none")) == ["N1"]
    assert rules_of(changed(unsure, "q02", "outside")) == ["N1"]  # nobody asks about a case in Kazakhstan any more


def test_enough_for_now_takes_no_danger_back() -> None:
    """Whoever goes back and stops after having gone on: the later answers go, what they meant stays."""
    told = changed(after(GONE_ON), "q32", "selfharm")
    stopped = changed(told, "more", "stop")
    assert "q32" not in stopped.answers
    assert (stopped.level, rules_of(stopped)) == (Level.critical, ["C10"])
