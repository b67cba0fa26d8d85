"""The key of somebody who was invited, sent as a file: it is fetched, looked at, and leaves the chat."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Came, KeyFile, Kind, ToPerson, nobody_told, nothing_kept
from bot.joining import LARGEST_KEY_FILE, Joining
from bot.speech.outgoing import Outcome
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningKinds:
    """Of the file nothing is kept but a public key."""

    joining: Joining

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        return {
            RowKind.keyfile: Kind(draw=self._file, kept=self._came, lost=nobody_told),
            RowKind.keysaid: Kind(draw=self._said, kept=nothing_kept, lost=nobody_told),
        }

    def _file(self, tx: Reading, due: Due) -> KeyFile | None:
        """None when no key is waited for any more."""
        chat_id, file_id = _where(due)
        if self.joining.waits_for_key(tx, chat_id) is None:
            return None
        return KeyFile(file_id=file_id, most=LARGEST_KEY_FILE)

    def _came(self, tx: Tx, due: Due, came: Came) -> None:
        self.joining.file_came(tx, _where(due)[0], due.number("message"), came.content)

    def _said(self, tx: Reading, due: Due) -> ToPerson | None:
        chat_id = due.chat_id or 0
        card = self.joining.said(tx, chat_id, str(due.args["says"]), str(due.args.get("key", "")))
        return None if card is None else ToPerson(chat_id=chat_id, outcome=Outcome(card=card, fresh=True))


def _where(due: Due) -> tuple[int, str]:
    """The chat, and the file at Telegram."""
    chat_id, _, file_id = (due.secret or "0:").partition(":")
    return int(chat_id), file_id
