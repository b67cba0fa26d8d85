"""Commands in words, at any question and after sending."""

from enum import StrEnum
from typing import assert_never

from flows import dates
from flows.model import Flow, Kind, Question
from flows.said.asking import Asking
from flows.said.choices import read_choice
from flows.said.resolve import resolved
from flows.words.fold import words_in
from flows.words.vocabulary import NOTHING, Vocabulary

_LONGEST = 160
CHANGED = "changed"
_ALONE = 4  # words


class Wish(StrEnum):
    """What somebody may say at any question instead of an answer."""

    back = "back"
    skip = "skip"
    done = "done"
    unknown = "unknown"
    send = "send"
    status = "status"
    hide = "hide"
    delete = "delete"
    language = "language"
    help = "help"
    urgent = "urgent"
    withdraw = "withdraw"
    wait = "wait"


def read_wish(flow: Flow, text: str) -> Wish | None:
    """The one command that a text is, or None."""
    one = _only(flow.vocabulary, "commands", text)
    return Wish(one) if one is not None and one in Wish.__members__ else None


def read_sent(flow: Flow, text: str) -> str | None:
    """What is said after the answers were sent: `changed`, or the name of a command; None for a message.

    What tells of earlier days is a message, whatever else stands in it.
    """
    said = _only(flow.vocabulary, "sent", text)
    tells = any(
        NOTHING in one.keys for each in flow.vocabulary.texts(text) for one in flow.vocabulary.matches("sent", each)
    )
    return None if tells else said


def _only(vocabulary: Vocabulary, topic: str, text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    for said in vocabulary.texts(text):
        sure = resolved(vocabulary.matches(topic, said))
        if len(sure.sure) == 1:
            return sure.sure[0]
    return None


_FIRST = frozenset({Wish.hide, Wish.delete})  # whoever says so does not answer


def wish_at(flow: Flow, question: Question | None, text: str, asking: Asking) -> Wish | None:
    """The command that a text is at an open question, or at the summary: what answers the question is an answer."""
    wish = read_wish(flow, text)
    if wish is None or question is None or wish in _FIRST:
        return wish
    match question.kind:
        case Kind.single | Kind.multiple:
            return None if read_choice(flow, question, text, asking) is not None else wish
        case Kind.date:
            ahead = not question.past
            return None if dates.read(text, asking.today, language=asking.language, ahead=ahead) is not None else wish
        case Kind.text:  # where people write sentences, a command is one only alone
            return wish if len(words_in(text)) <= _ALONE else None
        case _:
            assert_never(question.kind)
