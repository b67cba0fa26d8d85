"""Commands in words, at any question and after sending."""

from enum import StrEnum

from flows.model import Flow
from flows.said.resolve import resolved
from flows.words.vocabulary import Vocabulary

_LONGEST = 160


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
    return Wish(one) if one in Wish.__members__ else None


def read_sent(flow: Flow, text: str) -> str | None:
    """What is said after the answers were sent: `changed`, or the name of a command; None for a message."""
    return _only(flow.vocabulary, "sent", text)


def _only(vocabulary: Vocabulary, topic: str, text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    for said in vocabulary.texts(text):
        sure = resolved(vocabulary.matches(topic, said))
        if len(sure.sure) == 1:
            return sure.sure[0]
    return None
