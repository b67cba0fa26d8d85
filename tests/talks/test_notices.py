"""What Telegram itself says of a chat, when somebody pins a message or lets messages go by themselves: no answer."""

from collections.abc import Callable, Mapping

import pytest

from bot.speech.incoming import What
from bot.speech.texts import seeker as texts
from tests.talks.talks import Talks, talks
from tests.talks.test_first_minutes import DINA, invited
from tests.talks.walking import AIGUL, BORIS, CLARA, Walker

__all__ = ["talks"]  # a fixture
PERSON = 900


def _consent(talks: Talks) -> None:
    Walker(talks, PERSON, "ru").says("/start")
    talks.press(PERSON, "Русский")


def _question(talks: Talks) -> None:
    person = Walker(talks, PERSON, "ru")
    person.begins()
    person.answers(q02="held", q01="self")


def _hidden(talks: Talks) -> None:
    _question(talks)
    talks.press(PERSON, talks.pana.words.text("ru", texts.HIDE_CHAT))


def _taken(talks: Talks) -> None:
    _question(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.press(BORIS, "Написать")


def _nothing(talks: Talks) -> None:
    assert talks.cases() == []


def _invited(talks: Talks) -> None:
    invited(talks)


STATES: Mapping[str, tuple[int, Callable[[Talks], None]]] = {
    "a stranger": (PERSON, _nothing),
    "at the consent": (PERSON, _consent),
    "at a question": (PERSON, _question),
    "in a hidden chat": (PERSON, _hidden),
    "a lawyer who writes": (BORIS, _taken),
    "a lawyer": (AIGUL, _taken),
    "a coordinator": (CLARA, _taken),
    "somebody invited": (DINA, _invited),
}


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_answered_who_has_said_nothing(talks: Talks, state: str) -> None:
    """Whatever the chat shows, it goes on showing; what Telegram said of it goes, for it may quote a card."""
    chat, begins = STATES[state]
    begins(talks)
    before = {number: (one.text, tuple(one.labels)) for number, one in talks.chats.get(chat, {}).items()}
    for _ in range(7):
        talks.send(chat, What.notice)
    after = {number: (one.text, tuple(one.labels)) for number, one in talks.chats.get(chat, {}).items()}
    assert after == before
    assert not talks.here.get(chat)


def test_what_is_typed_after_it_means_what_it_meant(talks: Talks) -> None:
    """The consent is still the one that was read."""
    _consent(talks)
    talks.send(PERSON, What.notice)
    talks.say(PERSON, "да")
    assert any(label.startswith("1. ") for label in talks.labels(PERSON))
    assert "Русский" not in "".join(talks.labels(PERSON))
