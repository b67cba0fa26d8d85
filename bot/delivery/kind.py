"""What every kind of outbox row must say, and what can go out for it.

A row is drawn from the truth of the moment in one change, brought (bot/delivery/carrier.py), and settled in another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.delivery.wraps import Wraps
from bot.speech.outgoing import Card, Outcome
from storage.outbox import Due, RowKind
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedZip:
    """A case as one lawyer can open it, with the files of these entries; made when it is its turn to go.

    `size`: how many bytes the files have together.
    """

    case_row: int
    member_id: int
    files: frozenset[int]
    size: int
    name: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMember:
    """What goes into a member's chat. `replaces`: an older message that goes when the new one is there.

    `anew`: sent as a new message when the one that was to be changed is gone. `silent`: as bot/rings.py says.
    """

    chat_id: int = field(repr=False)
    card: Card | None = None
    edit: int | None = None
    anew: bool = False
    replaces: int | None = None
    silent: bool = False
    document: tuple[str, bytes, str] | None = field(default=None, repr=False)
    sealed: SealedZip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPerson:
    """What goes through the door to a person's chat (bot/telegram/door.py). `removes`: messages that go before it."""

    chat_id: int = field(repr=False)
    outcome: Outcome
    removes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Messages to be removed from a chat. `alone`: one that loses its text if it is too old to go."""

    chat_id: int = field(repr=False)
    messages: tuple[int, ...] = ()
    alone: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A sentence to an address outside Telegram: `mailto:...` or `https://...`."""

    address: str = field(repr=False)
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The menu of one chat: command -> what it does; none: that of everybody."""

    chat_id: int = field(repr=False)
    commands: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """The other way round: a file that a lawyer has sent is fetched, and the wraps in it are found."""

    file_id: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """The same of one that an invited person has sent in place of a key: at most so many bytes."""

    file_id: str = field(repr=False)
    most: int


Parcel = ToMember | ToPerson | Removal | Menu | Outside | SentFile | KeyFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What has come of it: the new message that stands in a chat, the wraps of a file, or what stands in it.

    `gone`: the older message that was removed for it.
    """

    message_id: int | None = None
    gone: int | None = None
    wraps: Wraps | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)


NOTHING_CAME = Came()


class Lost(Protocol):
    """`gone`: nobody is reached there any more; false when Telegram does not take only what this message says."""

    def __call__(self, tx: Tx, due: Due, /, *, gone: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of row; its lane stands with its name (storage/outbox.py). Each part works inside a change.

    `draw`: what goes out, by the truth of this moment; None when there is nothing left to say.
    `kept`: what is remembered when the row is settled, also one that had nothing left to say.
    `lost`: who is told when it could not be brought.
    `rests`: seconds between two of them about one case for one member. What comes meanwhile is drawn with the next one.
    `message`: what brings the message in a member's chat up to date that rows of this kind replace or change; every
    kind that does names the same.
    """

    draw: Callable[[Tx, Due], Parcel | None]
    kept: Callable[[Tx, Due, Came], None]
    lost: Lost
    rests: float = 0.0
    message: RowKind | None = None


def nothing_kept(_tx: Tx, _due: Due, _came: Came) -> None:
    """Nothing is remembered of it."""


def nobody_told(_tx: Tx, _due: Due, *, gone: bool) -> None:
    """Nobody relies on it."""
    del gone
