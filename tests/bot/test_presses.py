"""Every press on a button: written and read again, bound to its chat, at most 64 bytes."""

import base64
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speech import presses
from bot.speech.presses import LONGEST, Press, button_data, read_press
from storage.sealing.keyring import KeyRing

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


@pytest.mark.parametrize("kind", KINDS)
def test_a_press_names_what_it_is_about(kind: type[Any]) -> None:
    """What acts on a request or a case carries it; there is one verb for each, and each is shown as a name."""
    fields = set(kind.__dataclass_fields__)
    if kind in get_args(presses.OnRequest):
        assert "request" in fields
    if kind in (presses.Take, presses.Pass, presses.OfClaim, presses.Say, presses.Give, presses.CloseWith):
        assert "case" in fields
    assert kind.__doc__


def test_one_letter_verbs_live_only_in_the_codec() -> None:
    """Nobody else signs or reads button data."""
    here = Path(presses.__file__)
    others = [path for path in here.parents[1].rglob("*.py") if path != here]
    assert [path.name for path in others if "ring.mac(" in path.read_text()] == []
