"""A command in words is a sentence too: once there is a case it is in it word for word, whatever it has done."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.speech.texts import both
from bot.speech.texts import seeker as texts
from storage.case import Open, Waiting
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_own_words import BORIS, PERSON, asked, intake, opened, ru, until, words_in
from tests.whole import by_pairs

__all__ = ["talks"]  # a fixture


def has_sent(talks: Talks) -> None:
    """Somebody who is held has answered what there is to be answered, and sent it."""
    urgent(talks, PERSON)
    until(talks, "more_held")
    for one in ("1", "отправить"):
        talks.say(PERSON, one)


def is_kept(talks: Talks, folder: Path, said: str) -> None:
    """The card says so, and it is in the case once."""
    assert ru(talks, texts.KEPT) in talks.text(PERSON)
    assert words_in(opened(talks, folder)).count(said) == 1


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
    has_sent(talks)
    talks.say(PERSON, said)
    assert words_in(opened(talks, tmp_path)).count(said) == 1


@pytest.mark.parametrize(
    "said",
    ["суд завтра", "меня везут", "меня отпустили", "сот ертең", "мені босатты", "срочно", "шұғыл", "court today"],
)
@pytest.mark.parametrize("taken", [False, True])
def test_after_sending_what_tells_of_a_change_in_a_word_or_two_reaches_the_lawyer(
    talks: Talks, tmp_path: Path, said: str, taken: bool
) -> None:
    """The questions about it may never be answered: whoever is being moved loses the phone."""
    has_sent(talks)
    if taken:
        talks.say(BORIS, f"/take {talks.case().code}")
    before = talks.seen(BORIS)
    talks.say(PERSON, said)
    assert asked(talks) == "q02"
    is_kept(talks, tmp_path, said)
    assert (talks.seen(BORIS) != before) == taken


@pytest.mark.parametrize("said", ["меня отпустили", "мені босатты"])
def test_what_tells_of_a_change_and_comes_twice_does_not_answer_the_question_that_it_has_brought(
    talks: Talks, tmp_path: Path, said: str
) -> None:
    """As on a bad line; said again later it does."""
    has_sent(talks)
    for _ in range(2):
        talks.say(PERSON, said, again=True)
    assert asked(talks) == "q02"
    assert ru(talks, texts.CAME_TWICE) in talks.text(PERSON)
    assert words_in(opened(talks, tmp_path)).count(said) == 1
    talks.at += timedelta(seconds=16)
    talks.say(PERSON, said)
    assert asked(talks) != "q02"


@pytest.mark.parametrize("said", ["прямо сейчас", "прям сейчас!"])
def test_right_now_does_not_ask_for_time(talks: Talks, tmp_path: Path, said: str) -> None:
    """Nobody who says so is told not to hurry."""
    urgent(talks, PERSON)
    until(talks, "q02_by")
    talks.say(PERSON, said)
    assert ru(talks, texts.NO_HURRY) not in talks.text(PERSON)
    assert words_in(opened(talks, tmp_path)).count(said) == 1


SOMEWHERE: Mapping[str, Callable[[Talks], object]] = {
    "the consent": lambda talks: [talks.say(PERSON, one) for one in ("/start", "русский")],
    "the first question": lambda talks: [talks.say(PERSON, one) for one in ("/start", "русский", "продолжить")],
    "called": lambda talks: urgent(talks, PERSON),
    "another card": lambda talks: [urgent(talks, PERSON), talks.say(PERSON, "/language")],
    "sent": has_sent,
}


@pytest.mark.parametrize("word", ["помогите", "бьют", "көмектесіңіз", "идут забирать"])
@pytest.mark.parametrize("where", SOMEWHERE)
def test_what_clears_the_chat_does_so_at_once_whatever_stands_behind_it(talks: Talks, where: str, word: str) -> None:
    """Also a cry for help: they are at the door, and the chat is what must not be found."""
    SOMEWHERE[where](talks)
    talks.say(PERSON, f"/clear {word}")
    assert {*talks.labels(PERSON)} <= {"Скрыть чат"}  # under the code that leads back
    assert "?" not in talks.seen(PERSON)


@pytest.mark.parametrize("word", ["помогите", "бьют"])
@pytest.mark.parametrize("where", SOMEWHERE)
def test_what_deletes_everything_asks_at_once_whatever_stands_behind_it(talks: Talks, where: str, word: str) -> None:
    """As alone."""
    SOMEWHERE[where](talks)
    talks.say(PERSON, f"/delete {word}")
    first = talks.text(PERSON)
    talks.say(PERSON, "/help")
    talks.say(PERSON, "/delete")
    assert first == talks.text(PERSON)


def test_after_sending_the_words_of_the_button_are_no_message(talks: Talks, tmp_path: Path) -> None:
    """They say no more than a press."""
    has_sent(talks)
    before = words_in(opened(talks, tmp_path))
    talks.say(PERSON, ru(talks, texts.CHANGED))
    assert asked(talks) == "q02"
    assert words_in(opened(talks, tmp_path)) == before
    assert ru(talks, texts.KEPT) not in talks.text(PERSON)


@pytest.mark.parametrize("said", ["помогите", "срочно", "көмектесіңіз", "sos"])
def test_a_cry_at_a_question_reaches_the_lawyer_who_has_the_case(talks: Talks, tmp_path: Path, said: str) -> None:
    """Nobody is called any more for it; were it a single word, it is not lost."""
    urgent(talks, PERSON)
    until(talks, "q03")
    talks.say(PERSON, said)
    assert said not in words_in(opened(talks, tmp_path))  # lawyers are being called, and the card says so
    talks.say(BORIS, f"/take {talks.case().code}")
    before = talks.seen(BORIS)
    talks.say(PERSON, said)
    assert asked(talks) == "q03"
    is_kept(talks, tmp_path, said)
    assert talks.seen(BORIS) != before


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


COMMANDS = ("/start", "/help", "/status", "/language", "/back", "/skip")
UNDER = {"the question": None, "languages": "/language", "delete everything?": "/delete", "help": "/help"}


@pytest.mark.parametrize(
    ("under", "command", "word", "taken"),
    by_pairs([*UNDER], [*COMMANDS], ["холодно", "бьют", "holodno"], [False, True]),
)
def test_a_single_word_behind_a_command_is_sealed(
    talks: Talks, tmp_path: Path, under: str, command: str, word: str, taken: bool
) -> None:
    """At a question, and under whatever stands in its place."""
    urgent(talks, PERSON)
    until(talks, "q03")
    if taken:
        talks.say(BORIS, f"/take {talks.case().code}")
    if (card := UNDER[under]) is not None:
        talks.say(PERSON, card)
    before = talks.seen(BORIS)
    talks.say(PERSON, f"{command} {word}")
    assert sum(word in one for one in words_in(opened(talks, tmp_path))) == 1
    talks.pass_by(seconds=40)  # a remark is gathered with others
    assert (talks.seen(BORIS) != before) >= taken
    assert talks.text(PERSON)


@pytest.mark.parametrize("command", ["/start", "/help", "/status", "/language"])
@pytest.mark.parametrize("word", ["холодно", "бьют", "помогите"])
def test_after_sending_a_single_word_behind_a_command_is_sealed(
    talks: Talks, tmp_path: Path, command: str, word: str
) -> None:
    """And one that tells of a change brings the questions about danger, as it does alone."""
    has_sent(talks)
    talks.say(PERSON, f"{command} {word}")
    assert sum(word in one for one in words_in(opened(talks, tmp_path))) == 1
    assert (intake(talks) is not None) == (word == "бьют")


@pytest.mark.parametrize("said", ["/start ru", "/start kk_u", "/start K7Q4-F2MX", "/language қазақша", "/language kk"])
def test_what_belongs_to_a_command_is_no_message(talks: Talks, tmp_path: Path, said: str) -> None:
    """A code, a language."""
    urgent(talks, PERSON)
    until(talks, "q03")
    before = words_in(opened(talks, tmp_path))
    talks.say(PERSON, said)
    talks.say(PERSON, f"/start {talks.case().code}")
    assert words_in(opened(talks, tmp_path)) == before


@pytest.mark.parametrize(
    ("command", "word", "first"),
    by_pairs([*COMMANDS], ["помогите", "көмектесіңіз"], [("срочно",), ("продолжить",)]),
)
def test_a_cry_behind_a_command_is_heard_as_one(talks: Talks, command: str, word: str, first: tuple[str, ...]) -> None:
    """Where nobody is called yet; alone it would bring the same."""
    for one in ("/start", "русский", *first):
        talks.say(PERSON, one)
    assert talks.cases() == []
    talks.say(PERSON, f"{command} {word}")
    assert asked(talks) == "q02"
    talks.pass_by(seconds=70)
    assert [type(one) for one in talks.cases()] == [Waiting]
    assert talks.rung(201) + talks.rung(BORIS) > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cry_behind_a_command_calls_again_where_the_call_was_withdrawn(talks: Talks, command: str) -> None:
    """The card has said that it comes when they ask for it again."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    assert [type(one) for one in talks.cases()] == [Open]
    talks.say(PERSON, f"{command} помогите")
    assert [type(one) for one in talks.cases()] == [Waiting]


# --- what clears the chat ---

HIDES = ("спрячь этот чат поскорее", "чатты тез жасырып қойыңыз")
DELETES = ("удалите пожалуйста всё", "барлығын өшіріп тастаңыз")
PLACES = ("q03", "q08", "q10", "summary", "languages", "sent", "taken")


def comes_to(talks: Talks, place: str) -> None:
    """A case that lawyers are called for."""
    if place == "sent":
        has_sent(talks)
        return
    urgent(talks, PERSON)
    until(talks, {"summary": "more_held"}.get(place, place if place.startswith("q") else "q03"))
    if place == "summary":
        talks.press(PERSON, "1")
    elif place == "languages":
        talks.say(PERSON, "/language")
    elif place == "taken":
        talks.say(BORIS, f"/take {talks.case().code}")


@pytest.mark.parametrize(("place", "said"), by_pairs(PLACES, (*HIDES, *DELETES)))
def test_a_sentence_that_is_read_as_what_clears_the_chat_is_in_the_case(
    talks: Talks, tmp_path: Path, place: str, said: str
) -> None:
    """It may have been told of others: the lawyer reads it, also where *cancel* is pressed."""
    comes_to(talks, place)
    talks.say(PERSON, said)
    if said in HIDES:
        assert talks.case().hidden
        talks.say(PERSON, talks.case().code)
    else:
        assert ru(talks, texts.DELETE_YES) in talks.labels(PERSON)
        talks.press(PERSON, ru(talks, both.CANCEL))
    assert words_in(opened(talks, tmp_path)).count(said) == 1


@pytest.mark.parametrize("said", ["скрыть чат", "удали всё", "чатты жасыр"])
@pytest.mark.parametrize("place", ["q03", "sent"])
def test_two_words_that_clear_the_chat_are_no_message(talks: Talks, tmp_path: Path, place: str, said: str) -> None:
    """They say no more than the command."""
    comes_to(talks, place)
    talks.say(PERSON, said)
    assert said not in words_in(opened(talks, tmp_path))


@pytest.mark.parametrize("said", [*HIDES, *DELETES])
def test_before_there_is_a_case_such_a_sentence_opens_none(talks: Talks, said: str) -> None:
    """It clears the chat, or asks whether to delete, and that is all."""
    for one in ("/start", "русский", "продолжить", said):
        talks.say(PERSON, one)
    assert talks.cases() == []
    assert ru(talks, texts.WORDS_NOT_KEPT) not in talks.seen(PERSON)
