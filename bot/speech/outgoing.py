"""What goes back into a chat at once: cards with buttons, and what to do with them. Plain values."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

import msgspec

from flows.model import Asks, Untold
from storage.outbox import Lane
from storage.record import CODE_ALPHABET

_CODE = re.compile(rf"\b[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]{{4}}\b(?![./]\w)")  # not the name of a file


class Style(StrEnum):
    """How a button stands out (Bot API, InlineKeyboardButton): something is at stake, or it is the way on."""

    danger = "danger"
    primary = "primary"


class Button(Untold, frozen=True):
    """A label and signed data."""

    text: str
    data: str
    style: Style | None = None


class Look(StrEnum):
    """How a part of a text looks (Bot API, MessageEntity). `folded`: three lines of it, the rest at a tap."""

    strong = "bold"
    quiet = "italic"
    code = "code"
    folded = "expandable_blockquote"


class Mark(msgspec.Struct, frozen=True):
    """How the text looks from `at` on, in characters; two marks never overlap."""

    look: Look
    at: int
    length: int


@dataclass(frozen=True, slots=True)
class Card:
    """One message with buttons; plain text, never markup, so that nothing typed can become a link.

    `marks`: in their order. Somebody else's text is shown as code. `sends`: the label of the one button in place of the
    phone's keyboard, which sends what is asked for; such a message has no other buttons and is never changed.
    """

    text: str = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)
    protect: bool = True
    marks: tuple[Mark, ...] = ()
    sends: tuple[Asks, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What to do in the chat after the commit.

    `edit` is the message to change; with `fresh`, or when there is none, the card is sent anew and remembered.
    `toast` answers a press; with `alert` it stays until it is dismissed. `wipe` are messages to remove of a person
    about whom nothing is stored; everybody else's go through the outbox. `lane`: strangers wait for everybody else.
    `only_edit`: when the card is gone, none is sent in its place. `of`: whose request the card shows something of; it
    leaves only while the chat still shows that request. `apart`: a message beside the card. `rings`: with a sound;
    without it a message comes silently. `for_now`: how long a new message stays; `goodbye`: it goes with the closed
    card. `empties`: what is on its way to the chat goes again.
    `notice`: what the card says once, should it not be seen now. `member`: whose press or words it answers.
    """

    card: Card | None = None
    edit: int | None = None
    fresh: bool = False
    toast: str | None = None
    alert: bool = False
    wipe: tuple[int, ...] = ()
    lane: Lane = Lane.reply
    only_edit: bool = False
    of: frozenset[str] = frozenset()
    apart: bool = False
    rings: bool = False
    for_now: timedelta | None = None
    goodbye: bool = False
    empties: bool = False
    notice: str | None = None
    member: int | None = None

    @property
    def is_kept(self) -> bool:
        """Where it stands must be known, so that it can go again; a stranger's answers say nothing of anybody."""
        return bool(self.of) or self.goodbye or self.for_now is not None


def with_codes(card: Card) -> Card:
    """The same with every code of a case marked, wherever nothing else is: a tap copies it."""
    found = [Mark(Look.code, one.start(), one.end() - one.start()) for one in _CODE.finditer(card.text)]
    free = [mark for mark in found if all(_apart(mark, other) for other in card.marks)]
    return replace(card, marks=tuple(sorted((*card.marks, *free), key=lambda mark: mark.at)))


def _apart(first: Mark, second: Mark) -> bool:
    return first.at + first.length <= second.at or second.at + second.length <= first.at
