"""An intake as it rests under the draft key: what an earlier version wrote is read, and nothing of it is printed."""

from datetime import date

import msgspec

from flows.model import Chosen, Dated, Intake, Kept, Level, OptionId, QuestionId, Reason, RuleId, Skipped, Written

# Written by the version of 28 November 2026.
WROTE = (
    b'{"flow":"r1","language":"kk","answers":{"q01":{"type":"d","f":"2026-03-01","t":"2026-03-04","s":"about","h":null}'
    b',"q02":{"type":"c","o":["held"]},"q15":{"type":"c","o":["a","b"]},"q18":{"type":"d","f":"2026-03-01",'
    b'"t":"2026-03-01","s":"exact","h":[9,12]},"q33":{"type":"w","p":2,"f":1},"q34":{"type":"s"}},"asked":"q07",'
    b'"ticked":["x"],"visit":7,"trail":["q01","q02"],"urgent":true,"level":"high","reasons":[["C1",[["q02","held"]]]],'
    b'"kept":[["q02",["C9",[]]]],"openly":true,"aside":{"q40":{"type":"w","p":1,"f":0}},'
    b'"offered":[{"type":"c","o":["c"]},{"type":"s"}],"doubted":true}'
)
INTAKE = Intake(
    flow="r1",
    language="kk",
    answers={
        QuestionId("q01"): Dated(date(2026, 3, 1), date(2026, 3, 4), "about"),
        QuestionId("q02"): Chosen((OptionId("held"),)),
        QuestionId("q15"): Chosen((OptionId("a"), OptionId("b"))),
        QuestionId("q18"): Dated(date(2026, 3, 1), date(2026, 3, 1), "exact", (9, 12)),
        QuestionId("q33"): Written(2, 1),
        QuestionId("q34"): Skipped(),
    },
    asked=QuestionId("q07"),
    ticked=(OptionId("x"),),
    visit=7,
    trail=(QuestionId("q01"), QuestionId("q02")),
    urgent=True,
    level=Level.high,
    reasons=(Reason(RuleId("C1"), ((QuestionId("q02"), OptionId("held")),)),),
    kept=(Kept(QuestionId("q02"), Reason(RuleId("C9"), ())),),
    openly=True,
    aside={QuestionId("q40"): Written(1)},
    offered=(Chosen((OptionId("c"),)), Skipped()),
    doubted=True,
)


def test_what_an_earlier_version_wrote_is_read_and_written_the_same() -> None:
    assert msgspec.json.decode(WROTE, type=Intake) == INTAKE
    assert msgspec.json.encode(INTAKE) == WROTE


def test_an_intake_of_before_some_of_it_was_kept_is_read() -> None:
    """What has been added since has its default."""
    early = msgspec.json.decode(WROTE)
    for added in ("kept", "openly", "aside", "offered", "doubted"):
        del early[added]
    for answer in early["answers"].values():
        answer.pop("h", None)
    read = msgspec.json.decode(msgspec.json.encode(early), type=Intake)
    assert (read.kept, read.openly, read.aside, read.offered, read.doubted) == ((), False, {}, (), False)
    assert read.answers[QuestionId("q01")] == INTAKE.answers[QuestionId("q01")]


def test_printed_it_says_nothing_of_what_it_holds() -> None:
    """In an error, a log or a traceback of whatever holds one."""
    for one in (INTAKE, *INTAKE.answers.values(), *INTAKE.kept):
        assert repr(one) == str(one) == type(one).__name__
    assert "held" not in repr(dict(INTAKE.answers))
