"""Whatever is typed, in whatever state: it is a text like any other, and no failure."""

from collections.abc import Callable

import pytest

from bot.speech.incoming import Corrected, What
from bot.speech.texts import seeker as texts
from tests.talks import test_cries_later
from tests.talks.requests import PERSON, asked, called, sent
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import ru, until

__all__ = ["talks"]  # a fixture
BLANKS = ["", " ", "\n", "\t", "\u00a0", "\u2003", "\u200b", "\u200d", "\ufeff", "\u202e", "\x00", "\x1f", "\ud800"]
SIGNS = [
    "/",
    "//",
    "/@",
    "/start",
    "/start@",
    "/clear@x",
    "/delete ",
    "-",
    "—",
    "@",
    "№",
    "?",
    "!",
    "0",
    "-1",
    "9" * 40,
]
ODD = [
    *BLANKS,
    *SIGNS,
    *(f"/{blank}" for blank in BLANKS),
    *(f"/{blank}start" for blank in BLANKS[1:5]),
    *(
        "/start -",
        "/start —",
        "/start " + "А" * 300,
        "AAAA-",
        "-AAAA",
        "A-A",
        "АААА—АААА",
        "👍",
        "🏳️\u200d🌈",
        "é",
        "e\u0301",
    ),
    *(
        "٣",
        "²",
        "①",
        "１",
        "Ⅳ",
        "½",
        "31.02.2026",
        "00.00.0000",
        "29.02.1900",
        "1.1.1",
        "99:99",
        "a" * 4096,
        "/" * 4096,
    ),
]
GOES = ("/clear", "/delete ")  # what would end the state that is tried, even where something stands behind it


def under(command: str, state: Callable[[Talks], None]) -> Callable[[Talks], None]:
    """Another card stands there."""

    def comes(talks: Talks) -> None:
        state(talks)
        talks.say(PERSON, command)

    return comes


def _consent(talks: Talks) -> None:
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")


def _at(question: str) -> Callable[[Talks], None]:
    def comes(talks: Talks) -> None:
        called(talks)
        until(talks, question)

    return comes


STATES: dict[str, Callable[[Talks], None]] = {
    "nobody": lambda talks: None,
    "consent": _consent,
    "asked": asked,
    "called": called,
    "words": _at("q08"),
    "several": _at("q10"),
    "day": _at("q09"),
    "summary": lambda talks: test_cries_later.comes_to(talks, "summary", "ru"),
    "languages": under("/language", called),
    "delete?": under("/delete", called),
    "sent": sent,
    "delete?, sent": under("/delete", sent),
    "hidden": under("/clear", sent),
}


@pytest.mark.parametrize("state", [*STATES])
def test_no_text_fails_in_any_state(talks: Talks, state: str) -> None:
    """Typed, as a caption, as a correction; and somebody who then begins is heard as ever."""
    STATES[state](talks)
    for said in ODD:
        if said.startswith(GOES) and state not in {"nobody", "consent"}:
            continue
        talks.say(PERSON, said)
    for said in ODD[::6]:
        number = next(talks._numbers)
        talks.hear(Corrected(update_id=number, chat_id=PERSON, message_id=talks.newest, text=said, at=talks.at))
        talks.send(PERSON, What.paper, said)
    talks.say(PERSON, "/start")
    assert state == "hidden" or talks.chats[PERSON]
    assert ru(talks, texts.LOST) not in talks.seen(PERSON)


@pytest.mark.parametrize("chat", [201, 301], ids=["a lawyer", "a coordinator"])
def test_no_text_of_a_member_fails(talks: Talks, chat: int) -> None:
    """A slash and nothing behind it is none of their commands either."""
    called(talks)
    for said in ODD:
        talks.say(chat, said)
    assert talks.chats[chat]
