"""A message goes out once, by its own button: pressed twice, late or on another device, nothing else is sent."""

from collections.abc import Callable

import pytest

from bot.speech.presses import Say, SendTyped, button_data, read_press
from bot.speech.texts import member as texts
from storage.case_rows import set_columns
from tests.talks.talks import Talks, talks
from tests.talks.test_claims import BORIS, PERSON, contact, taken

__all__ = ["talks"]  # a fixture
PHRASE, OTHER = "Я юрист-волонтёр", "Ничего не подписывайте"


def opened(talks: Talks) -> None:
    """Boris has a case, and has opened it."""
    taken(talks)
    talks.change(lambda tx: set_columns(tx, talks.case().row, checked=1))


def button(talks: Talks, label: str) -> tuple[str, int]:
    """The data and the message of a button that stands there now."""
    return next((data, message) for text, data, message in talks.data(BORIS) if label in text)


def says(talks: Talks) -> tuple[str, int]:
    """A ready phrase is before them."""
    talks.press(BORIS, "Написать")
    return button(talks, PHRASE)


def types(talks: Talks, text: str = "первый текст") -> tuple[str, int]:
    """A text of their own is before them, and not sent."""
    talks.press(BORIS, "Написать")
    talks.say(BORIS, text)
    return button(talks, "Отправить")


@pytest.mark.parametrize("ready", [says, types])
def test_a_double_tap_sends_one_message(talks: Talks, ready: Callable[[Talks], tuple[str, int]]) -> None:
    """Both presses are on their way before the card is gone; the second one tells what became of the message."""
    opened(talks)
    pressed = ready(talks)
    for _ in range(3):
        talks.push(BORIS, *pressed)
        assert contact(talks).sent == 1
        assert "сообщение 1: ещё не прочитано" in talks.text(BORIS)
    talks.press(PERSON, "Показать")
    assert sum(talks.seen(PERSON).count(said) for said in (PHRASE, "первый текст")) == 1


@pytest.mark.parametrize("first", [says, types])
@pytest.mark.parametrize("then", [says, types])
def test_a_button_of_a_message_that_was_sent_sends_nothing_that_is_prepared_after_it(
    talks: Talks, first: Callable[[Talks], tuple[str, int]], then: Callable[[Talks], tuple[str, int]]
) -> None:
    """On a second device, or late on a bad line: what is being written waits for its own button."""
    opened(talks)
    old = first(talks)
    talks.push(BORIS, *old)
    new = then(talks) if then is says else types(talks, "ещё не отправлен")
    talks.push(BORIS, *old)
    assert contact(talks).sent == 1
    talks.push(BORIS, *new)
    assert contact(talks).sent == 2


def test_another_phrase_of_the_same_card_is_not_sent_after_the_first(talks: Talks) -> None:
    """Whoever has pressed one reads what became of it; to say more they press "write" again."""
    opened(talks)
    says(talks)
    first, second = button(talks, PHRASE), button(talks, OTHER)
    for one in (first, second):
        talks.push(BORIS, *one)
    assert contact(talks).sent == 1


def test_what_was_typed_goes_out_after_a_phrase_that_was_quicker(talks: Talks) -> None:
    """It comes anew, as the message after it: of the two cards the newer one alone stands there and sends it."""
    opened(talks)
    talks.press(BORIS, "Написать")
    phrase = button(talks, PHRASE)
    talks.say(BORIS, "первый текст")
    old = button(talks, "Отправить")
    talks.push(BORIS, *phrase)
    assert talks.labels(BORIS).count("Отправить") == 1
    talks.push(BORIS, *old)
    assert contact(talks).sent == 1
    talks.press(BORIS, "Отправить")
    assert contact(talks).sent == 2
    talks.press(PERSON, "Показать")
    assert "первый текст" in talks.seen(PERSON)


def test_a_button_of_before_a_claim_tells_what_became_of_the_message(talks: Talks) -> None:
    """Given back and taken again: the message went out then."""
    opened(talks)
    old = types(talks)
    talks.push(BORIS, *old)
    talks.press(BORIS, talks.pana.words.text("ru", texts.GIVE_BACK))
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.push(BORIS, *old)
    assert contact(talks).sent == 1
    assert "сообщение 1: ещё не прочитано" in f"{talks.toast}{talks.seen(BORIS)}"


def test_a_keyboard_of_before_phrases_were_counted_still_says_them(talks: Talks) -> None:
    """Such buttons stand in chats."""
    opened(talks)
    code, ring = talks.case().code, talks.core.ring
    data = button_data(ring, BORIS, Say(code, 0))
    assert read_press(ring, BORIS, data) == Say(code, 0, None)
    talks.push(BORIS, data, 1)
    assert contact(talks).sent == 1


def test_every_button_that_sends_names_the_message_it_sends(talks: Talks) -> None:
    """Both kinds, as the next of this case."""
    opened(talks)
    for number in (1, 2):
        for ready, kind in ((says, Say), (types, SendTyped)):
            press = read_press(talks.core.ring, BORIS, ready(talks)[0])
            assert isinstance(press, kind)
            assert press.number == number
        talks.press(BORIS, "Отправить")
