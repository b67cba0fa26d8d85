"""The gate: what may leave for a person's chat, and whether it rings. Pure; one table for every message.

Three things decide: what the chat may show (nothing, once it is hidden or closed), in whose hands the phone may be,
and whether the person waits for an answer at this moment. It is asked when a message is drawn and once more when it
goes out (bot/telegram/door.py). Answers drawn for a stranger, which say nothing of anybody, and deletions pass without.
"""

from enum import StrEnum

from flows.hands import Hands


class Event(StrEnum):
    """Why something wants to leave. `late`: the answer to a text older than a minute. `told`: the card is kept true."""

    press = "press"
    text = "text"
    aside = "aside"
    redraw = "redraw"
    late = "late"
    taken = "taken"
    lapsed = "lapsed"
    closed = "closed"
    rise = "rise"
    relayed = "relayed"
    asked_again = "asked_again"
    expiry = "expiry"
    renewed = "renewed"
    told = "told"


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


_ANSWERS = frozenset({Event.press, Event.text, Event.aside, Event.redraw})  # to a tap or text of the last minute
_CHANGES = frozenset({Event.told})
_REPLACES = frozenset({Event.renewed})
_MESSAGES = frozenset({Event.relayed})


def let_out(event: Event, hands: Hands, ring: Ring = Ring.unsaid) -> Way:
    """What may leave for this phone."""
    if hands is Hands.hidden:
        return Way.nothing
    if event in _ANSWERS | _REPLACES:
        return Way.card
    if event in _CHANGES:
        return Way.edit
    return _news(event, hands, ring)


def _news(event: Event, hands: Hands, ring: Ring) -> Way:
    if ring is not Ring.unsaid:
        return Way.ping if ring is Ring.yes else Way.edit
    if hands is Hands.chosen:  # who asked for this chat is written to there; other news waits on the card
        return Way.ping if event in _MESSAGES else Way.edit
    return {Hands.free: Way.ping, Hands.unsure: Way.hint}.get(hands, Way.edit)
