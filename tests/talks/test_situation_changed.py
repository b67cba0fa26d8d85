"""Somebody has sent their answers, and then it gets worse: whatever they answer now counts as if they came with it.

In process, for each answer of each question that is asked again, whether the case waits or has been taken.
"""

from collections.abc import Mapping, Sequence

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
from tests.whole import by_pairs, one_in

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


def every_answer(flow: Flow) -> Sequence[tuple[str, str, bool]]:
    """Each that can be chosen where nothing has happened so far; the case waits, or was taken (whole: both)."""
    told = [(one, option.id) for one in ASKED_AGAIN for option in flow.question(one).options if option.id != SAFE[one]]
    return [
        (*one, bool(number % 2) is turned) for turned in one_in(2, (True, False)) for number, one in enumerate(told)
    ]


def comes_to(person: Walker, question: str) -> None:
    """They press that it has changed, and answer as before what is asked first."""
    person.presses(texts.CHANGED)
    for _ in range(1 + len(ASKED_AGAIN)):
        asked = next(one for one in ("q01", *ASKED_AGAIN) if person.asks(one))
        if asked == question:
            return
        person.chooses(asked, SAFE[asked])
    raise AssertionError(person.text)


@pytest.mark.parametrize(("question", "option", "taken"), every_answer(FLOW))
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


CRIES = (
    "меня увозят, помогите",
    "мені алып барады, көмектесіңіздер",
    "срочно",
    "шұғыл",
    "помогите",
    "за мной пришли",
    "Срочно: нужен юрист",
)


@pytest.mark.parametrize(("cry", "pressed", "taken"), by_pairs(CRIES, (False, True), (False, True)))
def test_a_cry_for_help_after_sending_calls_in_a_minute_though_nothing_more_is_answered(
    talks: Talks, cry: str, *, pressed: bool, taken: bool
) -> None:
    """As it would have before anything was sent: the phone may be taken away."""
    sent(talks)
    if taken:
        talks.say(BORIS, f"/take {talks.case().code}")
    if pressed:
        talks.press(PERSON, "Ситуация изменилась")
    rung = talks.rung(*LAWYERS)
    talks.say(PERSON, cry)
    person = Walker(talks, PERSON, "ru")
    if talks.case().level is Level.normal:  # else it is an answer that names the danger
        assert "Через минуту позовём юриста и без ответа" in person.text
        person.waits(seconds=50)
        assert talks.case().level is Level.normal
        person.waits(seconds=30)
    assert talks.case().level is Level.critical
    assert talks.rung(*LAWYERS) > rung
    assert "Через минуту" not in person.text


@pytest.mark.parametrize("cry", one_in(3, CRIES))
def test_who_says_in_that_minute_that_nothing_has_happened_has_called_nobody(talks: Talks, cry: str) -> None:
    """The answer decides, as ever."""
    sent(talks)
    rung = talks.rung(*LAWYERS)
    talks.say(PERSON, cry)
    person = Walker(talks, PERSON, "ru")
    person.answers(q02="free", q01="self", q02_free="safe")
    person.waits(minutes=5)
    assert (talks.case().level, talks.rung(*LAWYERS)) == (Level.normal, rung)


OVER = (
    "мужа вчера задержали, но отпустили",
    "меня вчера держали, но отпустили",
    "сегодня забрали и отпустили",
    "күйеуімді ұстап сосын босатты",
)


@pytest.mark.parametrize("said", OVER)
def test_who_tells_after_sending_what_is_over_is_asked_and_has_called_nobody(talks: Talks, said: str) -> None:
    """It is kept for the lawyer, and where they are now is asked."""
    sent(talks)
    rung = talks.rung(*LAWYERS)
    talks.say(PERSON, said)
    person = Walker(talks, PERSON, "ru")
    assert person.asks("q02")
    assert "Через минуту" not in person.text
    person.waits(minutes=2)
    assert (talks.case().level, talks.rung(*LAWYERS)) == (Level.normal, rung)


NOBODY = ("не зовите никого", "Отменить вызов юриста", "ешкімді шақырмаңыз", "я передумал, никого не зовите")


@pytest.mark.parametrize("pressed", [False, True], ids=["after sending", "under the question"])
@pytest.mark.parametrize("said", NOBODY)
def test_who_wants_nobody_after_sending_reads_how_alone_that_ends_and_has_called_nobody(
    talks: Talks, said: str, *, pressed: bool
) -> None:
    """No sentence is left without an answer; and none of these is a cry for help, though it names a lawyer."""
    sent(talks)
    if pressed:
        talks.press(PERSON, "Ситуация изменилась")
    rung = talks.rung(*LAWYERS)
    talks.say(PERSON, said)
    person = Walker(talks, PERSON, "ru")
    assert "Отозвать его можно, только удалив всё: /delete" in person.text
    person.waits(minutes=5)
    assert (talks.case().level, talks.rung(*LAWYERS)) == (Level.normal, rung)
