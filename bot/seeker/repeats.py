"""The last text of each chat, for a quarter of a minute: the same again was sent twice, and is counted once.

And whether Telegram may have cut it, so that the next one goes on with it.

Only in memory, and only as a digest that nobody can compare after the process has ended: what people type is kept
nowhere but in the sealed case.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.speech.incoming import Said
from flows.engine import tidy

FULL_MESSAGE = 4096  # Bot API, sendMessage: Telegram cuts a longer text into messages of this length
SAME_TEXT_WITHIN = timedelta(seconds=5)
SAME_WITHIN = timedelta(seconds=15)  # a bad line, or a second tap where nothing seemed to happen
_MOST = 2000  # chats; more are tidied first


@dataclass(frozen=True, slots=True)
class _Last:
    digest: bytes = field(repr=False)
    message_id: int
    at: datetime
    kept: bool
    full: bool


@dataclass(frozen=True, slots=True)
class Repeats:
    """Asked inside a change; told once it is kept."""

    _last: dict[int, _Last] = field(default_factory=dict, repr=False)
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)

    def is_again(self, said: Said) -> bool:
        """The same text was sent by this chat a moment ago, in another message."""
        last = self._last.get(said.chat_id)
        if last is None or last.message_id == said.message_id or abs(said.at - last.at) > SAME_WITHIN:
            return False
        return last.digest == self._digest(said.text)

    def goes_on(self, said: Said) -> bool:
        """The last text filled a whole message, a moment ago: this is the rest of it."""
        last = self._last.get(said.chat_id)
        if last is None or not last.full or last.message_id == said.message_id:
            return False
        return timedelta() <= said.at - last.at <= SAME_TEXT_WITHIN

    def went_nowhere(self, chat_id: int, message_id: int) -> bool:
        """The text that was heard last came in this message, and was not kept."""
        last = self._last.get(chat_id)
        return last is not None and last.message_id == message_id and not last.kept

    def was_kept(self, said: Said) -> bool:
        """Of a text that came again: it is in a case, or was an answer and no more than that."""
        last = self._last.get(said.chat_id)
        return last is None or last.kept

    def not_kept(self, chat_id: int) -> None:
        """The text that was heard last went nowhere."""
        if chat_id in self._last:
            self._last[chat_id] = replace(self._last[chat_id], kept=False)

    def heard(self, said: Said, *, kept: bool) -> None:
        """A text that is not the same again, or was not kept before: from here on it is the last one."""
        if len(self._last) >= _MOST:
            for chat_id in [one for one, last in self._last.items() if said.at - last.at > SAME_WITHIN]:
                del self._last[chat_id]
        self._last[said.chat_id] = _Last(
            self._digest(said.text), said.message_id, said.at, kept, len(said.text) >= FULL_MESSAGE
        )

    def _digest(self, text: str) -> bytes:
        return blake2b(tidy(text).casefold().encode(), key=self._salt, digest_size=16).digest()
