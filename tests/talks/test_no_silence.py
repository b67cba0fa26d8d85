"""Nothing that somebody presses or types leaves their chat empty without a word, unless nothing of theirs was kept."""

import random
from datetime import timedelta

import pytest

from bot.speech.texts import seeker as texts
from storage.case import Waiting
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import AIGUL, BORIS, PERSON
from tests.talks.walking import Walker
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
STEPS, WALKS = (120, 60) if WHOLE else (45, 8)
SAID = (
    *("/start", "/status", "/help", "/language", "/delete", "/clear", "/back", "/skip", "/start помогите", "да", "нет"),
    *("помогите", "меня увозят", "1", "2", "привет", "показать", "удалить всё", "отправить", "скрыть чат", "русский"),
)
LANGUAGES = ("ru", "kk")


def joined(talks: Talks, language: str = "ru", *, whose: str = "self") -> Walker:
    """Held, hidden and begun anew, twice: the third request's answers go to the newest case. `whose`: who is held."""
    walker = Walker(talks, PERSON, language)
    for at in range(3):
        if at:
            walker.presses(texts.HIDE_CHAT)
            talks.at += timedelta(minutes=2)
        walker.begins()
        walker.answers(q02="held", q01=whose)
    assert len(talks.cases()) == 2
    assert walker.is_told(texts.JOINED_CALLING)
    return walker


def waits(walker: Walker, **time: float) -> None:
    """The last minute of it in small steps, the rest as while nobody is there; in `make both` all in small steps."""
    all_of_it = timedelta(**time)
    if not WHOLE:
        walker.talks.at += all_of_it - timedelta(minutes=1)
        all_of_it = timedelta(minutes=1)
    walker.waits(seconds=all_of_it.total_seconds())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_joined_an_earlier_request_says_so_when_its_time_is_over(talks: Talks, language: str) -> None:
    """Before and after the message that takes the card's place; nothing of that request is shown."""
    walker = joined(talks, language)
    waits(walker, hours=47)
    assert walker.words(texts.SHOW) in walker.labels
    waits(walker, hours=2)
    walker.sees(texts.SENT_JOINED)
    assert all(case.code not in walker.seen for case in talks.cases())
    assert walker.labels == [walker.words(texts.HIDE_CHAT)]
    assert all(isinstance(case, Waiting) for case in talks.cases())
    waits(walker, hours=25)
    assert walker.seen == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_that_rings_tells_that_it_has_joined(talks: Talks, language: str) -> None:
    """*Show* says it, and that nothing was deleted."""
    walker = joined(talks, language, whose="relative")
    waits(walker, hours=49)
    assert walker.rung == 1
    walker.presses(texts.SHOW)
    assert talks.toast == walker.words(texts.SENT_JOINED)
    walker.sees(texts.SENT_JOINED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [False, True])
def test_hiding_what_has_joined_says_where_it_is(talks: Talks, language: str, typed: bool) -> None:
    """Not by which code: that request was out of sight before."""
    walker = joined(talks, language)
    if typed:
        walker.says("/clear")
        walker.sees(texts.HIDDEN_JOINED)
    else:
        walker.presses(texts.HIDE_CHAT)
        assert talks.toast == walker.words(texts.HIDDEN_JOINED)
        assert walker.seen == ""
    assert all(case.hidden and case.code not in walker.seen + (talks.toast or "") for case in talks.cases())


def test_what_has_joined_and_was_brought_back_is_hidden_whole(talks: Talks) -> None:
    """By the code of its request: then both are in sight, and both go."""
    walker = joined(talks)
    code = talks.case().code
    walker.presses(texts.HIDE_CHAT)
    walker.says(code)
    walker.presses(texts.HIDE_CHAT)
    assert all(case.hidden for case in talks.cases())
    assert talks.toast is not None and code in talks.toast
    walker.says("/status")
    assert code not in walker.seen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [False, True])
def test_hiding_what_was_not_begun_says_that_nothing_is_kept(talks: Talks, language: str, typed: bool) -> None:
    """An untouched first question; and so it is."""
    walker = Walker(talks, PERSON, language)
    walker.begins(texts.CONTINUE)
    if typed:
        walker.says("/clear")
        walker.sees(texts.LEFT)
    else:
        walker.presses(texts.HIDE_CHAT)
        assert talks.toast == walker.words(texts.LEFT)
    assert talks.change(talks.core.intakes.rows) == []
    assert talks.cases() == []


@pytest.mark.parametrize("seed", range(WALKS))
def test_no_act_of_somebody_of_whom_anything_is_known_ends_in_silence(talks: Talks, seed: int) -> None:
    """Whatever is pressed, typed, waited for, and done by the lawyers meanwhile."""
    dice, told = random.Random(f"silence {seed}"), list[str]()
    urgent(talks, PERSON)
    for _ in range(STEPS):
        before = talks.change(lambda tx: talks.pana.seeker.talk.screen.chats.of(tx, PERSON))
        act = _acts(talks, dice)
        told = [*told, act][-12:]
        silent = not talks.seen(PERSON) and talks.toast is None
        assert not (silent and act.startswith(("press", "say")) and not before.is_stranger), told


def _acts(talks: Talks, dice: random.Random) -> str:
    """One thing that somebody does."""
    talks.toast = None
    buttons, kind = talks.data(PERSON), dice.random()
    if kind < 0.5 and buttons:
        label, data, message = dice.choice(buttons)
        talks.push(PERSON, data, message)
        return f"press {label}"
    if kind < 0.8:
        said = dice.choice([*SAID, "русский", "срочно", *(case.code for case in talks.cases()[-3:])])
        talks.say(PERSON, said)
        return f"say {said}"
    if kind < 0.9:
        minutes = dice.choice([1, 4, 20, 60, 60 * 25, 60 * 49])
        waits(Walker(talks, PERSON, "ru"), minutes=minutes)
        return f"wait {minutes}"
    lawyer = dice.choice([AIGUL, BORIS])
    if talks.cases() and dice.random() < 0.5:
        talks.say(lawyer, f"/take {talks.case().code}")
        return "take"
    theirs = talks.data(lawyer)
    if theirs:
        label, data, message = dice.choice(theirs)
        talks.push(lawyer, data, message)
        return f"lawyer {label}"
    return "nothing"
