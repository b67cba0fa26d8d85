"""What came from Telegram: plain values between the receiver and the conversations."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text message. `late`: written more than a minute before it was heard, by Telegram's clock.

    `waited`: how long before it was heard, None where Telegram's time is not known.
    """

    update_id: int
    chat_id: int = field(repr=False)
    message_id: int
    text: str = field(repr=False)
    at: datetime
    late: bool = False
    waited: timedelta | None = None


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


class What(StrEnum):
    """What somebody has sent that is no text. `sound`: spoken, with a picture or without."""

    file = "file"
    sound = "sound"
    place = "place"
    number = "number"
    other = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOther:
    """A photo, file, voice message or anything that is no text.

    `text`: what of it can be kept as text: a caption, where a place lies, the number of a contact. `album`: the one to
    which it belongs.
    """

    update_id: int
    chat_id: int = field(repr=False)
    message_id: int
    at: datetime | None = None
    what: What = What.other
    text: str = field(default="", repr=False)
    album: str | None = field(default=None, repr=False)
    file: SentFile | None = field(default=None, repr=False)
    waited: timedelta | None = None

    def as_said(self, now: datetime) -> Said:
        """Its text, as if it had been typed."""
        at, waited = self.at or now, self.waited
        return Said(
            update_id=self.update_id,
            chat_id=self.chat_id,
            message_id=self.message_id,
            text=self.text,
            at=at,
            waited=waited,
        )


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
