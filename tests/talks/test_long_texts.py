"""Telegram cuts a text at 4096 characters: the rest belongs to it, whatever it would mean alone."""

from pathlib import Path

import pytest

from bot.speech.texts import seeker as texts
from tests.talks.requests import PERSON, asked, called, sent
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import intake, opened, ru, until, words_in
from tests.talks.walked_once import walked_once
from tests.whole import by_pairs

__all__ = ["talks"]  # a fixture
LONG = "а" * 4096
RESTS = (
    "подождите",
    "спрячь чат",
    "удали всё",
    "помощь",
    "статус",
    "срочно",
    "назад",
    "нет",
    "6",
    "сегодня",
    "не знаю",
)
# Where it comes: as an answer, as a message while something else is asked, under another card, after sending.
PLACES = ("answer", "options", "date", "summary", "languages", "sent")


@walked_once
def comes_to(talks: Talks, place: str) -> None:
    """A case that lawyers are called for."""
    if place == "sent":
        sent(talks)
        return
    called(talks)
    if place == "date":
        until(talks, "q10")
        talks.say(PERSON, "4")
    elif place == "summary":
        until(talks, "more_held")
        talks.say(PERSON, "1")
    else:
        until(talks, "q08" if place == "answer" else "q03")
    if place == "languages":
        talks.say(PERSON, "/language")


@pytest.mark.parametrize(("place", "rest"), by_pairs(PLACES, RESTS))
def test_the_rest_of_a_long_text_is_kept_with_it_and_does_nothing(
    talks: Talks, tmp_path: Path, place: str, rest: str
) -> None:
    """It hides, deletes, asks and answers nothing."""
    comes_to(talks, place)
    talks.say(PERSON, LONG)
    open_intake = intake(talks)
    talks.say(PERSON, rest)
    assert not talks.case().hidden
    assert not talks.pana.front.seeker.screen.chats.others.covers(talks.pana.front.seeker.screen.chats.look_up(PERSON))
    if open_intake is not None:
        assert intake(talks).state == open_intake.state
    said = words_in(opened(talks, tmp_path))
    assert (f"{LONG}{rest}" in said) if place == "answer" else {LONG, rest} <= set(said)


@pytest.mark.parametrize("rest", ["мне", "1", "спрячь чат", "удали всё"])
def test_before_there_is_a_case_it_answers_nothing_either(talks: Talks, rest: str) -> None:
    """Neither part is kept, and the card says so."""
    asked(talks)
    talks.say(PERSON, LONG)
    talks.say(PERSON, rest)
    assert intake(talks).state.answers == {}
    assert ru(talks, texts.NOT_KEPT) in talks.text(PERSON)
    talks.pass_by(seconds=6)
    talks.say(PERSON, "мне")
    assert "q01" in intake(talks).state.answers


def test_a_cry_in_the_rest_of_it_is_heard(talks: Talks) -> None:
    """Whoever tells at length may come to it last."""
    asked(talks)
    talks.say(PERSON, LONG)
    talks.say(PERSON, "помогите, меня увозят")
    talks.pass_by(minutes=2)
    assert talks.rung(201, 202)


@pytest.mark.parametrize("place", ["answer", "sent"])
def test_a_command_by_its_name_is_one_right_after_a_long_text_too(talks: Talks, place: str) -> None:
    """Nobody's sentence goes on with it, and whoever must hide the chat cannot wait."""
    comes_to(talks, place)
    talks.say(PERSON, LONG)
    talks.say(PERSON, "/clear")
    assert talks.case().hidden


@pytest.mark.parametrize("place", ["answer", "options", "sent"])
def test_three_parts_are_one_text_and_what_comes_later_is_another(talks: Talks, tmp_path: Path, place: str) -> None:
    """After five seconds a command in words is one."""
    comes_to(talks, place)
    for one in (LONG, "б" * 4096, "удали всё"):
        talks.say(PERSON, one)
    said = "".join(words_in(opened(talks, tmp_path)))
    assert "б" * 4096 in said and said.count("удали всё") == 1
    talks.at = talks.at.replace(second=talks.at.second + 6)
    talks.say(PERSON, "спрячь чат")
    assert talks.case().hidden
