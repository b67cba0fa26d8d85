"""Messages that go, in anybody's chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.kind import Kind, Removal, nothing_kept
from bot.delivery.kinds.person import nobody_there
from bot.handoff.calls import Calls
from bot.handoff.reaching import Reaching
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class WipeKinds:
    """What is queued by `Wipes` (bot/handoff/wipes.py)."""

    calls: Calls
    reaching: Reaching

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        return {
            RowKind.wipe: Kind(draw=self._wipe, kept=nothing_kept, lost=self._lost),
            RowKind.blank: Kind(draw=self._blank, kept=nothing_kept, lost=self._lost),
        }

    def _wipe(self, tx: Tx, due: Due) -> Removal | None:
        """One message costs a call either way; several do where one may have grown too old while this waited."""
        chat_id, messages, by = due.chat_id or 0, due.args.get("messages"), due.args.get("by")
        these = tuple(messages) if isinstance(messages, list) else ()
        if len(these) == 1:
            return Removal(chat_id=chat_id, alone=these[0])
        if isinstance(by, str) and tx.now > datetime.fromisoformat(by):
            self.calls.queue.wipes.one_by_one(tx, chat_id, these)
            return None
        return Removal(chat_id=chat_id, messages=these)

    def _blank(self, _tx: Reading, due: Due) -> Removal:
        return Removal(chat_id=due.chat_id or 0, alone=due.number("message"))

    def _lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        if gone and due.chat_id is not None:
            nobody_there(tx, self.reaching, due.chat_id)
