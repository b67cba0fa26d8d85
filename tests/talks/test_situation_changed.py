"""Somebody has sent their answers, and then it gets worse: whatever they answer now counts as if they came with it.

In process, for each answer of each question that is asked again, whether the case waits or has been taken.
"""

from collections.abc import Mapping

import pytest

from bot.speech.texts import seeker as texts
from flows.model import Answer, Chosen, Flow, Level, OptionId, QuestionId
from flows.triage import judge
from storage.case import Handed
from tests.flows.test_engine import FLOW
from tests.talks.talks import Talks, talks
from tests.talks.test_claims import BORIS, PERSON
from tests.talks.walked_once import walked_once
from tests.talks.walking import LAWYERS, Walker

__all__ = ["talks"]  # a fixture
SAFE: Mapping[str, str] = {
    "q01": "self", "q02": "free", "q02_free": "safe", "q03": "no", "q04": "none", "q10": "nothing", "q15": "none",
}  # fmt: skip
LATER = {"q23": "none", "q27": "no", "more": "stop"}
ASKED_AGAIN = ("q02", "q02_free", "q03", "q04", "q10")  # of somebody to whom nothing has happened


@walked_once
def sent(talks: Talks) -> None:
    """A request of somebody who is in no danger."""
    person = Walker(talks, PERSON, "ru")
    person.begins(texts.CONTINUE)
    person.answers(**{one: SAFE[one] for one in ("q01", "q02", "q02_free", "q03", "q04")}, q05="here", q07="almaty")
    person.chooses("q10", SAFE["q10"])
    person.presses(texts.DONE)
    person.chooses("q15", SAFE["q15"])
    person.presses(person.span("q18", 1))
    person.answers(q19="checkpoint_foreign")
    while person.words(texts.SEND) not in person.labels:
        person.answers(**next({one: LATER[one]} for one in LATER if person.asks(one)))
    person.presses(texts.SEND)
    talks.pass_by(minutes=5)


def every_answer(flow: Flow) -> list[tuple[str, str]]:
    """Each that can be chosen where nothing has happened so far."""
    return [(one, option.id) for one in ASKED_AGAIN for option in flow.question(one).options if option.id != SAFE[one]]


def comes_to(person: Walker, question: str) -> None:
    """They press that it has changed, and answer as before what is asked first."""
    person.presses(texts.CHANGED)
    for _ in range(1 + len(ASKED_AGAIN)):
        asked = next(one for one in ("q01", *ASKED_AGAIN) if person.asks(one))
        if asked == question:
            return
        person.chooses(asked, SAFE[asked])
    raise AssertionError(person.text)


@pytest.mark.parametrize("taken", [False, True], ids=["waits", "taken"])
@pytest.mark.parametrize(("question", "option"), every_answer(FLOW))
def test_each_danger_that_is_told_later_counts_as_if_they_came_with_it(
    talks: Talks, question: str, option: str, *, taken: bool
) -> None:
    """The case is as grave as these answers make it, and a phone rings where it got graver."""
    sent(talks)
    before = talks.case()
    assert isinstance(before, Handed) and before.level is Level.normal
    if taken:
        talks.say(BORIS, f"/take {before.code}")
    person, rung = Walker(talks, PERSON, "ru"), talks.rung(*LAWYERS)
    comes_to(person, question)
    person.chooses(question, option)
    if person.words(texts.DONE) in person.labels:
        person.presses(texts.DONE)
    answers: dict[QuestionId, Answer] = {
        QuestionId(one): Chosen((OptionId(chosen),)) for one, chosen in (SAFE | {question: option}).items()
    }
    level, case = judge(FLOW.for_change, answers, talks.at.date()).level, talks.case()
    assert case.level.rank >= level.rank
    if case.level is not Level.normal:
        talks.pass_by(minutes=2)
        assert talks.rung(*LAWYERS) > rung
