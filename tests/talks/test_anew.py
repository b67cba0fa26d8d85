"""Whoever begins anew, adds something, falls silent or takes an answer back: nobody is forgotten."""

from datetime import timedelta

import pytest

from bot.speech.texts import seeker as texts
from flows.model import Level
from storage.case import Open, Waiting
from tests.cases import handoff
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once
from tests.ways import CALM_ON, HELD_ON

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
HELD = ["1", "1", "2", "1", "5", "/skip", "2", "слова", "1", *HELD_ON, "1", "отправить"]
FREE = ["7", "1", "2", "1", "5", "1", "2", "1", *CALM_ON, "1", "отправить"]


@walked_once
def says(talks: Talks, *said: str) -> None:
    """One answer after another."""
    for one in said:
        talks.say(PERSON, one)


@walked_once
def begins(talks: Talks, way: str) -> None:
    """From /start over the consent to the first question."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    talks.press(PERSON, way)


def test_who_asked_for_a_lawyer_hid_the_chat_and_begins_anew_is_called_for(talks: Talks) -> None:
    """The call of before goes out first, at once."""
    urgent(talks, PERSON, None)
    talks.say(PERSON, "/clear")
    assert talks.rung(AIGUL) == 0
    begins(talks, "Продолжить")
    assert [type(one) for one in talks.cases()] == [Waiting]
    assert talks.rung(AIGUL) == talks.rung(BORIS) == 1


def test_who_has_answered_hid_the_chat_and_begins_anew_is_a_case_as_it_stands(talks: Talks) -> None:
    """Calm as far as it goes: what was not asked counts as not known, and lawyers hear of it at once."""
    begins(talks, "Продолжить")
    says(talks, "1", "7", "2", "6", "5")
    talks.say(PERSON, "/clear")
    assert not [one for one in talks.cases() if isinstance(one, Waiting)]
    begins(talks, "Продолжить")
    case = talks.case()
    assert isinstance(case, Waiting)
    assert case.level is Level.high
    assert case.code in talks.seen(AIGUL) + talks.seen(BORIS)


@pytest.mark.parametrize("first", [HELD, FREE])
@pytest.mark.parametrize("second", [["1", "7"], HELD, FREE])
def test_whoever_goes_back_to_an_earlier_request_is_told_how_to_find_the_other_again(
    talks: Talks, first: list[str], second: list[str]
) -> None:
    """Nobody has seen its code where nothing of it was sent; what was answered is there behind it."""
    begins(talks, "Продолжить")
    says(talks, *first, "/clear")
    begins(talks, "Продолжить")
    says(talks, *second)
    earlier = talks.cases()[0]
    before = talks.text(PERSON)
    talks.say(PERSON, earlier.code)
    (other,) = (one for one in talks.cases() if one.row != earlier.row)
    assert f"Чтобы вернуться к нему, напишите сюда: {other.code}" in talks.text(PERSON)
    assert earlier.code in talks.text(PERSON)
    talks.say(PERSON, other.code)
    assert talks.text(PERSON).startswith(before[:20]), (before, talks.text(PERSON))
    assert earlier.code in talks.text(PERSON)  # said the other way round


@pytest.mark.parametrize(("said", "before"), [(["1", "7", "2", "3"], "high"), (["1", "7", "2", "6"], "normal")])
def test_whoever_falls_silent_is_called_for(talks: Talks, said: list[str], before: str) -> None:
    """A quarter of an hour after a danger was named, and after a calm answer too: the rest is not known."""
    begins(talks, "Продолжить")
    says(talks, *said)
    assert talks.cases() == []
    level = talks.change(lambda tx: talks.core.intakes.of_row(tx, talks.core.intakes.rows(tx)[0])).state.level
    assert level.value == before
    talks.pass_by(minutes=16)
    assert isinstance(talks.case(), Waiting)
    assert talks.case().level is Level.high


@pytest.mark.parametrize(("way", "rings"), [(HELD, 0), (FREE, 1)], ids=["held", "free"])
def test_what_is_added_to_a_request_changes_nothing_about_whose_hands_the_phone_is_in(
    talks: Talks, way: list[str], rings: int
) -> None:
    """Nothing was said of where the person is now: it is as quiet as it was, when the lawyer takes the case."""
    urgent(talks, PERSON, None)
    says(talks, *way)
    before = handoff(talks.case()).facts
    talks.press(PERSON, talks.pana.words.text("ru", texts.CHANGED))
    talks.say(PERSON, "6")  # where they are now they do not say
    facts = handoff(talks.case()).facts
    assert (facts.quiet, facts.hands, facts.asked_urgent) == (before.quiet, before.hands, before.asked_urgent)
    rung = talks.rung(PERSON)
    talks.at += timedelta(minutes=2)
    talks.say(BORIS, f"/take {talks.case().code}")
    assert talks.rung(PERSON) - rung == rings


def test_not_now_holds_for_the_answers_that_follow(talks: Talks) -> None:
    """The next one calls nobody."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    assert isinstance(talks.case(), Open)
    says(talks, "1", "1")
    assert isinstance(talks.case(), Open)


def test_an_answer_that_another_one_makes_pointless_is_taken_back_in_the_sealed_case(talks: Talks) -> None:
    """The case says so in an entry of its own."""
    urgent(talks, PERSON)
    says(talks, "1", "2", "1", "5", "1", "2", "слова", "5, 6", "вчера", "не знаю")
    row = talks.case().row

    def kinds() -> list[str]:
        return talks.change(
            lambda tx: [one.kind for one in talks.core.cases.chain.bundle(tx, talks.core.cases.get(tx, row)).entries]
        )

    assert "withdrawn" not in kinds()
    says(talks, "назад", "назад", "назад", "1", "готово")
    assert kinds().count("withdrawn") == 2
