"""What came from Telegram: plain values between the receiver and the conversations."""

from dataclasses import dataclass, field
from datetime import datetime


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
