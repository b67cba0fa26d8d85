"""Buttons of before, of another request, of another chat, and forged ones: each does what it says, or nothing."""

from bot.speech.presses import ChooseLanguage, button_data, read_press
from storage.case import Waiting
from storage.sealing.errors import Tampered
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
PERSON, OTHER = 900, 901


def asks(talks: Talks, person: int = PERSON) -> str:
    """Which question is open."""
    (row,) = talks.change(talks.core.intakes.rows)
    return str(talks.change(lambda tx: talks.core.intakes.of_row(tx, row)).state.asked)


def option(talks: Talks, label: str) -> tuple[str, int]:
    """The data and message of a button that stands there."""
    return next((data, message) for shown, data, message in talks.data(PERSON) if label in shown)


def test_a_button_that_was_pressed_twice_answers_one_question(talks: Talks) -> None:
    """The second press of an impatient finger is no answer to what is asked next."""
    urgent(talks, PERSON, None)
    held = option(talks, "Удерживают")
    talks.push(PERSON, *held)
    asked = asks(talks)
    talks.push(PERSON, *held)
    assert asks(talks) == asked


def test_a_button_of_an_earlier_request_answers_nothing_in_the_new_one(talks: Talks) -> None:
    """Everything was deleted, and the same question is asked anew."""
    urgent(talks, PERSON, None)
    held = option(talks, "Удерживают")
    asked = asks(talks)
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")
    urgent(talks, PERSON, None)
    talks.push(PERSON, *held)
    assert asks(talks) == asked
    assert talks.cases() == []


def test_a_yes_to_not_calling_belongs_to_the_request_that_it_was_asked_about(talks: Talks) -> None:
    """It takes back no later call."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    yes = option(talks, "Больше не звать")
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")
    urgent(talks, PERSON)
    assert isinstance(talks.case(), Waiting)
    talks.push(PERSON, *yes)
    assert isinstance(talks.case(), Waiting)


def test_a_forged_button_is_believed_by_nobody(talks: Talks) -> None:
    """Not one of a thousand, whatever stands in the MAC's place, and none is shorter than twelve bytes."""
    ring = talks.core.ring
    data = button_data(ring, PERSON, ChooseLanguage("ru"))
    payload, _, mac = data.rpartition(".")
    assert len(mac) == 16
    assert read_press(ring, PERSON, data) == ChooseLanguage("ru")
    assert read_press(ring, OTHER, data) is None
    for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        for last in "AQgw":
            forged = f"{payload}.{first}{mac[1:15]}{last}"
            assert forged == data or read_press(ring, PERSON, forged) is None
    assert read_press(ring, PERSON, f"{payload}.{mac[:4]}") is None
    assert read_press(ring, PERSON, f"{payload}.") is None


def test_a_code_opens_a_request_in_the_chat_it_comes_from_alone(talks: Talks) -> None:
    """Whoever has seen it on somebody's screen learns nothing with it."""
    urgent(talks, PERSON)
    code = talks.case().code
    urgent(talks, OTHER)
    talks.say(OTHER, code)
    assert code not in talks.text(OTHER)
    talks.say(PERSON, "/clear")
    talks.say(OTHER, code)
    assert [one.hidden for one in talks.cases() if one.code == code] == [True]
    assert code not in talks.seen(OTHER)
    talks.say(PERSON, code)
    assert code in talks.text(PERSON)


def test_a_code_brings_one_request_back_and_hides_the_other(talks: Talks) -> None:
    """The chat shows one at a time."""
    urgent(talks, PERSON)
    first = talks.case().code
    talks.say(PERSON, "/clear")
    urgent(talks, PERSON)
    second = talks.case().code
    assert first != second
    talks.say(PERSON, first)
    assert f"Отправлено · {first}" in talks.seen(PERSON) or f"запомните: {first}" in talks.seen(PERSON)
    assert talks.seen(PERSON).count(second) == 1  # by which it is found again
    assert {one.code: one.hidden for one in talks.cases()} == {first: False, second: True}


def test_a_row_of_one_kind_does_not_open_as_one_of_another(talks: Talks) -> None:
    """Each purpose has a key of its own."""
    ring = talks.core.ring
    sealed = ring.seal_row("chat", "t", "c", "1", b"x")
    assert ring.open_row("chat", "t", "c", "1", sealed) == b"x"
    try:
        ring.open_row("relay", "t", "c", "1", sealed)
    except Tampered:
        return
    raise AssertionError("it opens")
