"""The gate: what may leave for a person's chat, and whether it rings. Pure; what an event is says bot/rings.py.

Three things decide: what the chat may show (nothing, once it is hidden or closed), in whose hands the phone may be,
and whether the person waits for an answer at this moment. It is asked when a message is drawn and once more when it
goes out (bot/telegram/door.py). Answers drawn for a stranger, which say nothing of anybody, and deletions pass without.
"""

from enum import StrEnum

from bot.rings import TABLE, Event, ForPerson
from flows.hands import Hands


class Ring(StrEnum):
    """What the person has said about ringing."""

    unsaid = "unsaid"
    yes = "yes"
    no = "no"


class Way(StrEnum):
    """What may leave, from nothing to what rings. `edit`: the card that stands there changes, and nothing is sent.

    `card`: it changes or is sent anew, without a sound. `hint`: it changes, and a neutral message comes silently.
    `ping`: the same with a sound.
    """

    nothing = "nothing"
    edit = "edit"
    card = "card"
    hint = "hint"
    ping = "ping"


def least(*ways: Way) -> Way:
    """The one of these by which least leaves."""
    return min(ways, key=list(Way).index)


_IN_HANDS = {Hands.free: Way.ping, Hands.unsure: Way.hint}  # news; on a phone in other hands only the card changes


def let_out(event: Event, hands: Hands, ring: Ring = Ring.unsaid) -> Way:
    """What may leave for this phone."""
    if hands is Hands.hidden:
        return Way.nothing
    match TABLE[event].person:
        case ForPerson.nothing:
            return Way.nothing
        case ForPerson.change:
            return Way.edit
        case ForPerson.answer:
            return Way.card
        case ForPerson.news | ForPerson.message if ring is not Ring.unsaid:
            return Way.ping if ring is Ring.yes else Way.edit
        case ForPerson.message if hands is Hands.chosen:  # who asked for this chat is written to there
            return Way.ping
        case _:
            return _IN_HANDS.get(hands, Way.edit)
