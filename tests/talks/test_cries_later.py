"""Somebody has said that they are free and safe, and later cries for help: it is heard as it is before and after."""

from pathlib import Path

import pytest

from bot.seeker.repeats import SAME_WITHIN
from bot.speech.texts import seeker as texts
from flows.model import Level
from storage.case import Waiting
from tests.talks.requests import PERSON
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import intake, opened, says_at, words_in, writes
from tests.talks.walked_once import walked_once
from tests.talks.walking import LAWYERS, Walker
from tests.whole import by_pairs, one_in

__all__ = ["talks"]  # a fixture
SAFE = {"q01": "self", "q02": "free", "q02_free": "safe", "q03": "no", "q04": "none"}
# Where the cry comes: at each kind of question, where something else stands, and once lawyers have the case.
STATES = ("single", "words", "multiple", "date", "offer", "after the offer", "summary", "languages", "silence", "taken")
CRIES = {
    "ru": ("за мной пришла полиция, ломают дверь", "меня задержали", "помогите, меня увозят в аэропорт", "помогите"),
    "kk": ("мені полиция ұстады", "мені алып кетті", "көмектесіңіз"),
}
EACH = [(state, language, cry) for language, cries in CRIES.items() for state, cry in by_pairs(STATES, cries)]
BARE = {"помогите", "көмектесіңіз"}  # a button says as much, so that there is nothing more to read


@walked_once
def comes_to(talks: Talks, state: str, language: str) -> None:
    """From /start to there, in no danger."""
    person = Walker(talks, PERSON, language)
    person.begins(texts.CONTINUE)
    person.answers(**SAFE)
    if state == "single":
        return
    person.chooses("q05", "phone" if state == "words" else "here")
    if state == "words":
        return
    if state in {"languages", "silence", "taken"}:
        _waits_there(talks, person, state)
        return
    person.chooses("q07", "almaty")
    if state == "multiple":
        return
    person.chooses("q10", "nothing")
    person.presses(texts.DONE)
    person.chooses("q15", "none")
    if state == "date":
        return
    person.presses(person.span("q18", 1))
    person.answers(q19="checkpoint_foreign", q23="none", q27="no")
    if state != "offer":
        person.chooses("more", "stop" if state == "summary" else "go_on")


def _waits_there(talks: Talks, person: Walker, state: str) -> None:
    """Another card stands there, or the silence has called lawyers, as calmly as that is."""
    if state == "languages":
        person.says("/language")
        return
    talks.pass_by(minutes=16)
    assert talks.case().level is not Level.critical
    if state == "taken":
        talks.say(202, f"/take {talks.case().code}")
        writes(talks)
        talks.press(PERSON, person.words(texts.SHOW))


def answers(talks: Talks) -> dict[str, object]:
    """What was answered so far."""
    return dict(intake(talks).state.answers)


def is_called(talks: Talks) -> bool:
    """A lawyer is, as urgently as can be."""
    return bool(talks.cases()) and talks.case().level is Level.critical


@pytest.mark.parametrize(("state", "language", "cry"), EACH)
def test_it_is_asked_again_whether_there_is_danger_and_without_an_answer_a_lawyer_is_called_in_a_minute(
    talks: Talks, tmp_path: Path, state: str, language: str, cry: str
) -> None:
    """Nothing that was answered is lost, and a lawyer reads what was cried."""
    comes_to(talks, state, language)
    before, rung = answers(talks), talks.rung(*LAWYERS)
    person = Walker(talks, PERSON, language)
    person.says(cry)
    person.sees_question("q02")
    person.sees(texts.URGENT_HINT)
    assert not any(one.startswith("7✓") for one in person.labels)  # asked, and not shown as it was answered
    talks.pass_by(seconds=50)
    assert not is_called(talks)
    talks.pass_by(seconds=30)
    assert is_called(talks)
    assert talks.rung(*LAWYERS) > rung
    assert before.items() <= answers(talks).items()
    assert not person.is_told(texts.URGENT_HINT)
    assert cry in BARE or any(cry in one for one in words_in(opened(talks, tmp_path)))


@pytest.mark.parametrize("state", STATES)
def test_who_answers_that_they_are_free_all_the_same_has_called_nobody_and_goes_on_from_there(
    talks: Talks, state: str
) -> None:
    """With the question at which they cried."""
    comes_to(talks, state, "ru")
    asked, before, rung = intake(talks).state.asked, answers(talks), talks.rung(*LAWYERS)
    person = Walker(talks, PERSON, "ru")
    person.says("меня задержали")
    person.chooses("q02", "free")
    assert before.items() <= answers(talks).items()
    assert intake(talks).state.asked in ({asked} if state != "words" else {"q07"})  # the words were its answer too
    talks.pass_by(minutes=5)
    assert not is_called(talks)
    assert talks.rung(*LAWYERS) == rung + (state == "taken")  # whose lawyer reads a message


@pytest.mark.parametrize("state", one_in(2, STATES))
def test_who_answers_with_the_danger_is_called_for_at_once(talks: Talks, state: str) -> None:
    """As at any other time."""
    comes_to(talks, state, "kk")
    person = Walker(talks, PERSON, "kk")
    person.says("мені алып кетті")
    person.chooses("q02", "held")
    assert is_called(talks)
    assert isinstance(talks.case(), Waiting) is (state != "taken")


@pytest.mark.parametrize("state", ["single", "after the offer", "summary"])
def test_who_goes_back_in_place_of_answering_is_asked_again_and_called_for(talks: Talks, state: str) -> None:
    """What they answer there is kept."""
    comes_to(talks, state, "ru")
    person = Walker(talks, PERSON, "ru")
    person.says("за мной пришли")
    person.presses(texts.BACK)
    assert not person.asks("q02")
    person.goes_on()
    person.sees_question("q02")
    talks.pass_by(minutes=2)
    assert is_called(talks)


def test_who_sends_it_in_place_of_answering_is_called_for_at_once(talks: Talks) -> None:
    """There is a button for that behind the offer to stop."""
    comes_to(talks, "after the offer", "ru")
    person = Walker(talks, PERSON, "ru")
    person.says("за мной пришли")
    person.presses(texts.SEND)
    assert is_called(talks)
    assert talks.rung(*LAWYERS)


@pytest.mark.parametrize("state", ["single", "silence"])
def test_who_begins_anew_within_that_minute_is_called_for_at_once(talks: Talks, state: str) -> None:
    """The hidden answers make room for new ones."""
    comes_to(talks, state, "ru")
    person = Walker(talks, PERSON, "ru")
    person.says("за мной пришли", "/clear")
    person.begins(texts.CONTINUE)
    assert is_called(talks)


def test_a_cry_that_was_written_before_the_question_stood_there_is_heard_too(talks: Talks, tmp_path: Path) -> None:
    """Answering nothing, it is a cry all the same."""
    comes_to(talks, "single", "ru")
    number, talks.at = talks.newest, talks.at + SAME_WITHIN
    says_at(talks, "меня задержали", 60, number)
    assert intake(talks).state.asked == "q02"
    assert "меня задержали" in words_in(opened(talks, tmp_path))


TOLD = {
    "words": ("Вацап +7 700 000 00 00, меня вчера били", "в 2023 меня задержали", "вы не из полиции?"),
    "multiple": ("протокол задержания", "админ постановление, выдворить за пределы РК"),
    "single": ("никак, телефон прослушивают", "а вы кто такие?"),
    "date": ("меня задержали в марте", "12.03.2026"),
}


@pytest.mark.parametrize(("state", "said"), [(state, said) for state, each in TOLD.items() for said in each])
def test_who_answers_asks_or_tells_how_it_was_has_called_nobody(talks: Talks, state: str, said: str) -> None:
    """An answer is one, whatever it names."""
    comes_to(talks, state, "ru")
    person = Walker(talks, PERSON, "ru")
    person.says(said)
    assert not person.asks("q02")
    talks.pass_by(minutes=3)
    assert not is_called(talks)
