"""What came from Telegram, and what goes back at once: plain values between the receiver and the conversations."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.outbox import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text message. `late`: written more than a minute before it was heard, by Telegram's clock."""

    update_id: int
    chat_id: int = field(repr=False)
    message_id: int
    text: str = field(repr=False)
    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A press on an inline button. `data` may be forged."""

    update_id: int
    chat_id: int = field(repr=False)
    message_id: int
    callback_id: str = field(repr=False)
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that can be fetched (Bot API, getFile). `kind`: document, photo, voice; `size` in bytes, 0 if unknown."""

    kind: str
    file_id: str = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOther:
    """A photo, file, voice message or anything that is no text."""

    update_id: int
    chat_id: int = field(repr=False)
    message_id: int
    file: SentFile | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A text message as it was edited; `at`: when."""

    update_id: int
    chat_id: int = field(repr=False)
    message_id: int
    text: str = field(repr=False)
    at: datetime

    @property
    def as_said(self) -> Said:
        """The same as if it had been typed anew."""
        return Said(
            update_id=self.update_id, chat_id=self.chat_id, message_id=self.message_id, text=self.text, at=self.at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Somebody has blocked the bot, or let it in again (`here`)."""

    update_id: int
    chat_id: int = field(repr=False)
    here: bool


Heard = Said | Pushed | SentOther | Corrected
Incoming = Heard | Reach


@dataclass(frozen=True, slots=True)
class Button:
    """A label and signed data."""

    text: str
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Card:
    """One message with buttons; plain text, never markup, so that nothing typed can become a link.

    `code`: where (offset, length in characters) somebody else's text stands; it is shown as code.
    """

    text: str = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)
    protect: bool = True
    code: tuple[int, int] | None = None


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
    """

    card: Card | None = None
    edit: int | None = None
    fresh: bool = False
    toast: str | None = None
    alert: bool = False
    wipe: tuple[int, ...] = ()
    wake: bool = False
    lane: Lane = Lane.reply
    only_edit: bool = False
    of: frozenset[str] = frozenset()
    apart: bool = False
    rings: bool = False
    for_now: timedelta | None = None
    goodbye: bool = False
    empties: bool = False

    @property
    def is_kept(self) -> bool:
        """Where it stands must be known, so that it can go again; a stranger's answers say nothing of anybody."""
        return bool(self.of) or self.goodbye or self.for_now is not None
