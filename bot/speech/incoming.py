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


LARGEST_FILE = 20 * 1024**2  # Bot API, getFile


class FileKind(StrEnum):
    """What a file was sent as. `round`: a video note; `document`: a file that is none of the others."""

    photo = "photo"
    paper = "paper"
    voice = "voice"
    round = "round"
    document = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that can be fetched (Bot API, getFile). `size` in bytes and `seconds`, 0 if unknown.

    `name` and `media` are what its sender's phone says of it.
    """

    kind: FileKind
    file_id: str = field(repr=False)
    size: int = 0
    seconds: int = 0
    name: str = field(default="", repr=False)
    media: str = ""


class What(StrEnum):
    """What somebody has sent that is no text. `paper`: a photo or a PDF; `file`: any other; `sound`: something spoken.

    `video`: a film, with sound or without. `notice`: sent by nobody; what Telegram itself says of what somebody has
    done with the chat: a message was pinned, messages go by themselves after a day.
    """

    paper = "paper"
    file = "file"
    sound = "sound"
    video = "video"
    place = "place"
    number = "number"
    other = "other"
    notice = "notice"


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
