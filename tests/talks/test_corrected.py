"""Who edits their last message into a cry for help cries for help; and what was no answer before may become one."""

from pathlib import Path

import pytest

from bot.speech.incoming import Corrected
from bot.speech.texts import seeker as texts
from tests.talks import test_cries_later
from tests.talks.requests import PERSON, asked, sent
from tests.talks.talks import Talks, talks
from tests.talks.test_cries_later import is_called
from tests.talks.test_own_words import intake, opened, ru, words_in
from tests.talks.walking import LAWYERS, Walker
from tests.whole import by_pairs

__all__ = ["talks"]  # a fixture
CRIES = ("меня забирает полиция, помогите", "меня задержали", "мені алып кетті", "помогите")
STATES = ("first", "single", "words", "multiple", "summary", "silence", "sent")


def comes_to(talks: Talks, state: str) -> None:
    """No lawyer is called as urgently as can be."""
    if state == "first":
        asked(talks)
        return
    test_cries_later.comes_to(talks, "summary" if state == "sent" else state, "ru")
    if state == "sent":
        talks.press(PERSON, ru(talks, texts.SEND))


def corrects(talks: Talks, text: str, message: int | None = None) -> None:
    """The newest message, where none is named."""
    number = next(talks._numbers)
    message = talks.newest if message is None else message
    talks.hear(Corrected(update_id=number, chat_id=PERSON, message_id=message, text=text, at=talks.at))


@pytest.mark.parametrize(("state", "cry"), by_pairs(STATES, CRIES))
def test_a_message_that_is_edited_into_a_cry_calls_as_if_it_had_been_typed(
    talks: Talks, tmp_path: Path, state: str, cry: str
) -> None:
    """And nothing untrue is said of a question that is answered."""
    comes_to(talks, state)
    talks.say(PERSON, "здравствуйте")
    rung = talks.rung(*LAWYERS)
    corrects(talks, cry)
    assert ru(talks, texts.NOT_CORRECTED) not in talks.text(PERSON)
    talks.pass_by(minutes=2)
    assert is_called(talks)
    assert talks.rung(*LAWYERS) > rung
    assert len(cry.split()) == 1 or any(cry in one for one in words_in(opened(talks, tmp_path))) or state == "first"


def test_an_answer_that_is_edited_into_a_cry_at_its_own_question_is_both(talks: Talks) -> None:
    """«Мне» becomes «меня задержали»."""
    asked(talks)
    talks.say(PERSON, "мне")
    corrects(talks, "меня задержали")
    assert {"q01", "q02"} <= set(intake(talks).state.answers)
    assert is_called(talks)


def test_what_was_no_answer_is_one_once_it_is_edited(talks: Talks) -> None:
    """A word that was mistyped, and was not kept."""
    asked(talks)
    talks.say(PERSON, "ъъъ")
    corrects(talks, "мне")
    assert intake(talks).state.answers["q01"].options == ("self",)
    assert ru(talks, texts.NOT_CORRECTED) not in talks.text(PERSON)


def test_an_answer_of_before_that_is_edited_answers_nothing_else_and_calls_nobody(talks: Talks) -> None:
    """Only what cries in so many words would."""
    asked(talks)
    talks.say(PERSON, "мне")
    first = talks.newest
    for said in ("на свободе", "безопасно"):
        talks.say(PERSON, said)
    corrects(talks, "мне и ещё у меня был суд", first)
    assert ru(talks, texts.NOT_CORRECTED) in talks.text(PERSON)
    assert Walker(talks, PERSON, "ru").asks("q03")
    talks.pass_by(minutes=3)
    assert talks.cases() == []


def test_an_edited_message_of_a_request_that_was_sent_is_kept_beside_the_first(talks: Talks, tmp_path: Path) -> None:
    """Where it is no cry."""
    sent(talks)
    talks.say(PERSON, "тут холодно")
    corrects(talks, "тут холодно и темно")
    assert ru(talks, texts.CORRECTED) in talks.text(PERSON)
    assert {"тут холодно", "тут холодно и темно"} <= set(words_in(opened(talks, tmp_path)))
