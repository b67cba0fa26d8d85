"""Every press on a button: written and read again, bound to its chat, at most 64 bytes."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speech import presses
from bot.speech.presses import LONGEST, Press, button_data, read_press
from storage.sealing.keyring import KeyRing
from tests.talks.talks import Talks, talks, urgent
from tests.ways import CALM_ON

__all__ = ["talks"]  # a fixture
PERSON = 900

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=10)
KINDS = get_args(Press)
some_press = st.one_of([st.builds(kind) for kind in KINDS])
st.register_type_strategy(str, WORDS)
st.register_type_strategy(int, st.integers(0, 2**31))


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """A key ring."""
    return KeyRing.create(tmp_path_factory.mktemp("keys") / "server.key")


@given(press=some_press, chat=st.integers(1, 2**52))
def test_what_is_written_is_read_again_in_its_own_chat_alone(ring: KeyRing, press: Press, chat: int) -> None:
    """Whatever it is about; in 64 bytes; neither in another chat nor with one letter changed."""
    data = button_data(ring, chat, press)
    assert len(data.encode()) <= LONGEST
    assert read_press(ring, chat, data) == press
    assert read_press(ring, chat + 1, data) is None
    for at in (0, len(data) // 2, len(data) - 3):
        assert read_press(ring, chat, data[:at] + chr(ord(data[at]) ^ 1) + data[at + 1 :]) is None


@given(payload=st.text(max_size=40))
def test_what_no_press_is_written_as_is_none(ring: KeyRing, payload: str) -> None:
    """Also when it carries this chat's MAC, as buttons of another version do."""
    mac = base64.urlsafe_b64encode(ring.mac(1, payload.encode("utf-8", "replace"))).decode()
    found = read_press(ring, 1, f"{payload}.{mac}")
    assert found is None or read_press(ring, 1, button_data(ring, 1, found)) == found


def test_a_press_names_what_it_is_about() -> None:
    """What acts on a request or a case carries it, and nothing else does; each is shown as a name."""
    for kind in KINDS:
        fields = set(kind.__struct_fields__)
        named = {"request"} if kind in get_args(presses.OnRequest) else set()
        named |= {"case"} if kind in (*get_args(presses.OnSent), *get_args(presses.OnCase)) else set()
        assert fields & {"request", "case"} == named, kind
        assert kind.__doc__, kind


def test_a_press_under_one_case_never_acts_on_another_of_the_same_chat(talks: Talks) -> None:
    """Every button of an earlier request, pressed while a later one is shown: questions, call, the card once sent."""
    urgent(talks, PERSON, where=None)
    old = [*talks.data(PERSON)]
    for said in ("7", "1", "2", "1"):
        talks.say(PERSON, said)
        old += talks.data(PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    old += talks.data(PERSON)
    talks.press(PERSON, "Звать дальше")
    for said in ("5", "1", "2", "1", *CALM_ON, "1", "отправить"):
        talks.say(PERSON, said)
        old += talks.data(PERSON)
    talks.say(PERSON, "/clear")
    talks.at += timedelta(minutes=1)
    urgent(talks, PERSON)
    before, shown = talks.cases(), talks.text(PERSON)
    assert len(before) == 2
    pressed = set()
    for _, data, message in old:
        press = read_press(talks.pana.core.ring, PERSON, data)
        if press is None or type(press) not in (*get_args(presses.OnRequest), *get_args(presses.OnSent)):
            continue
        pressed.add(type(press))
        talks.push(PERSON, data, message)
        assert talks.cases() == before
        assert talks.text(PERSON) == shown
    assert pressed >= {presses.Option, presses.AskToWithdraw, presses.Withdraw, presses.Send, *get_args(presses.OnSent)}


def test_one_letter_verbs_live_only_in_the_codec() -> None:
    """Nobody else signs or reads button data."""
    here = Path(presses.__file__)
    others = [path for path in here.parents[1].rglob("*.py") if path != here]
    assert [path.name for path in others if "ring.mac(" in path.read_text()] == []
