"""A neutral message stands in the place of the question: what is typed then was not written to that question."""

from datetime import timedelta

import pytest

from bot.speech.texts import seeker as texts
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import intake
from tests.talks.walked_once import walked_once
from tests.talks.walking import BORIS, Walker

__all__ = ["talks"]  # a fixture
PERSON = 900
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk"])


@walked_once
def comes_to_rest(talks: Talks, language: str) -> None:
    """Somebody held says nothing for nearly two days; a lawyer has the case, and a question is open."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.answers(q02="held", q01="self", q02_by="police")
    person.sees_question("q03")
    talks.at += timedelta(hours=46)  # at once: what was due meanwhile is done at the next tick
    person.waits(minutes=30)
    person.sees(texts.RESTS)
    assert not person.asks("q03")


def rests(talks: Talks, language: str) -> Walker:
    """Whose chat shows a neutral message since then."""
    comes_to_rest(talks, language)
    return Walker(talks, PERSON, language)


@EACH_LANGUAGE
def test_a_number_that_is_typed_where_no_question_stands_answers_none(talks: Talks, language: str) -> None:
    """It is kept for the lawyer, and the question is shown; then a number is an answer again."""
    person = rests(talks, language)
    before = dict(intake(talks).state.answers)
    person.says("5")
    assert dict(intake(talks).state.answers) == before
    person.sees_question("q03")
    person.sees(texts.KEPT)
    person.says("4")
    person.sees_question("q04")


@EACH_LANGUAGE
@pytest.mark.parametrize("way", ["pressed", "typed", "news"])
def test_once_the_question_is_shown_again_it_is_answered(talks: Talks, language: str, way: str) -> None:
    """By whatever has brought it back."""
    person = rests(talks, language)
    if way == "pressed":
        person.presses(texts.SHOW)
    elif way == "typed":
        person.says(person.words(texts.SHOW))
    else:
        talks.say(BORIS, f"/take {talks.case().code}")
    person.sees_question("q03")
    talks.at += timedelta(seconds=20)
    person.says("5")
    person.sees_question("q04")


@EACH_LANGUAGE
def test_after_an_outage_a_number_answers_nothing_before_the_question_is_seen_again(
    talks: Talks, language: str
) -> None:
    """On the phone of somebody free a neutral message has taken its place."""
    person = Walker(talks, PERSON, language)
    person.begins(texts.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="safe")
    person.sees_question("q03")
    (row,) = talks.change(talks.core.intakes.rows)
    over_time = talks.pana.seeker.over_time
    shown = talks.change(lambda tx: over_time.ask_again(tx, row, heard=()))
    assert shown is not None
    talks._show(*shown)
    talks.deliver()
    assert not person.asks("q03")
    before = dict(intake(talks).state.answers)
    person.says("6")
    assert dict(intake(talks).state.answers) == before
    person.sees(texts.NOT_KEPT)
    person.says("5")
    person.sees_question("q04")


def test_when_it_is_warned_that_the_answers_go_still_no_question_stands_there(talks: Talks) -> None:
    """One neutral message after another: what stands there now covers the question as the one before did."""
    person = Walker(talks, PERSON, "ru")
    person.begins(texts.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="safe")
    person.says("не зовите никого")
    over_time = talks.pana.seeker.over_time
    (row,) = talks.change(talks.core.intakes.rows)
    for shows in (lambda tx: over_time.ask_again(tx, row, heard=()), lambda tx: over_time.warn(tx, row)):
        talks.at = intake(talks).expires_at - timedelta(hours=1)
        shown = talks.change(shows)
        assert shown is not None
        talks._show(*shown)
        talks.deliver()
        assert not person.asks("q03")
        assert intake(talks).covered
