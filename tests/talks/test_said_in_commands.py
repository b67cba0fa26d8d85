"""A command in words is a sentence too: once there is a case it is in it word for word, whatever it has done."""

from pathlib import Path

import pytest

from bot.speech.texts import seeker as texts
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_own_words import PERSON, asked, intake, opened, ru, until, words_in

__all__ = ["talks"]  # a fixture


@pytest.mark.parametrize(
    ("question", "said", "then"),
    [
        ("q03", "вернитесь пожалуйста к предыдущему вопросу, я ошибся", "q02_by"),
        ("q01", "давайте дальше, этот вопрос пропустим пока", "q01"),  # it decides, and is not skipped
        ("q08", "/back я ошибся в ответе", "q07"),
        ("q03", "/skip не хочу отвечать на это", "q03"),
        ("q03", "/help что мне теперь делать", "q03"),
        ("q03", "/start помогите, они пришли за мной", "q03"),
        ("q03", "можно по-казахски, мне так легче читать", "q03"),
    ],
)
def test_a_command_at_a_question_is_sealed_as_it_was_said(
    talks: Talks, tmp_path: Path, question: str, said: str, then: str
) -> None:
    """It does what it says, and the lawyer reads the rest of it."""
    urgent(talks, PERSON)
    until(talks, question)
    talks.say(PERSON, said)
    assert asked(talks) == then
    assert words_in(opened(talks, tmp_path)).count(said) == 1


@pytest.mark.parametrize("said", ["/back", "/skip", "назад", "назад пожалуйста", "/delete не хочу больше ничего"])
def test_what_says_nothing_more_than_the_command_is_no_message(talks: Talks, tmp_path: Path, said: str) -> None:
    """Nor is what clears or deletes."""
    urgent(talks, PERSON)
    until(talks, "q03")
    talks.say(PERSON, said)
    assert said not in words_in(opened(talks, tmp_path))


def test_what_sends_the_answers_and_says_more_is_sealed(talks: Talks, tmp_path: Path) -> None:
    """At the summary."""
    urgent(talks, PERSON)
    until(talks, "more_held")
    talks.press(PERSON, "1")
    said = "хватит вопросов, отправляйте что есть"
    talks.say(PERSON, said)
    assert intake(talks) is None
    assert words_in(opened(talks, tmp_path)).count(said) == 1


@pytest.mark.parametrize(
    "said", ["моя ситуация изменилась, меня увозят", "/status когда придёт юрист", "/language по-казахски мне легче"]
)
def test_after_sending_a_command_that_says_more_is_sealed(talks: Talks, tmp_path: Path, said: str) -> None:
    """Also the one that asks about the danger again."""
    urgent(talks, PERSON)
    until(talks, "more_held")
    for one in ("1", "отправить"):
        talks.say(PERSON, one)
    talks.say(PERSON, said)
    assert words_in(opened(talks, tmp_path)).count(said) == 1


@pytest.mark.parametrize("said", ["нас тут двое, темно и холодно", "холодно"])
def test_what_was_not_kept_before_there_was_a_case_does_not_count_as_said(
    talks: Talks, tmp_path: Path, said: str
) -> None:
    """The same again a moment later, when there is one, is no repetition of what the card said was not kept."""
    for one in ("/start", "русский", "срочно"):
        talks.say(PERSON, one)
    talks.say(PERSON, said)
    assert ru(talks, texts.NO_OPTION) in talks.text(PERSON)
    talks.press(PERSON, "1. ")
    talks.say(PERSON, said, again=True)
    assert words_in(opened(talks, tmp_path)).count(said) == 1
    talks.say(PERSON, said, again=True)
    assert ru(talks, texts.CAME_TWICE) in talks.text(PERSON)
    assert words_in(opened(talks, tmp_path)).count(said) == 1
