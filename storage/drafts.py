"""What a lawyer is writing to a person, under the server key until it is sent or given up."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select

from storage.errors import Unreadable
from storage.schema import Exact, writing
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable

READABLE_FOR = timedelta(minutes=15)
_OLD = delete(writing).where(writing.c.at < bindparam("before", type_=Exact()))


@dataclass(frozen=True, slots=True)
class Writing:
    """A lawyer has pressed "write"; `text` once they have typed."""

    case_row: int
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drafts:
    """One a lawyer at a time; every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def start(self, tx: Tx, member_id: int, case_row: int) -> None:
        """From here on what a lawyer types is a message to this case's person."""
        self._keep(tx, member_id, case_row, None)

    def keep_typed(self, tx: Tx, member_id: int, case_row: int, text: str) -> None:
        """What a lawyer has typed, until it is sent or given up."""
        sealed = self.ring.seal_row("relay", "writing", "text", str(member_id), text.encode())
        self._keep(tx, member_id, case_row, sealed)

    def _keep(self, tx: Tx, member_id: int, case_row: int, sealed: bytes | None) -> None:
        self.stop(tx, member_id)
        values = {"member_id": member_id, "case_row": case_row, "text_sealed": sealed, "at": tx.now}
        tx.execute(insert(writing).values(**values))

    def of(self, tx: Reading, member_id: int) -> Writing | None:
        """What a lawyer is writing, if anything."""
        row = tx.execute(select(writing).where(writing.c.member_id == member_id)).one_or_none()
        if row is None:
            return None
        text = None
        if row.text_sealed is not None:
            with contextlib.suppress(Unreadable):  # then it is as if nothing was typed yet
                text = self._open(member_id, row.text_sealed)
        return Writing(row.case_row, text)

    def _open(self, member_id: int, sealed: bytes) -> str:
        with reading("writing"):
            return self.ring.open_row("relay", "writing", "text", str(member_id), sealed).decode()

    def stop(self, tx: Tx, member_id: int) -> None:
        """The message was sent or given up."""
        tx.execute(delete(writing).where(writing.c.member_id == member_id))

    def forget_old(self, tx: Tx) -> None:
        """Drops what was begun a while ago."""
        tx.execute(_OLD, {"before": tx.now - READABLE_FOR})

    def drop_of(self, tx: Tx, case_row: int) -> None:
        """Drops what is being written to a case."""
        tx.execute(delete(writing).where(writing.c.case_row == case_row))

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        drafts = tx.execute(select(writing).where(writing.c.text_sealed.is_not(None)))
        return {"writing": unreadable(drafts, lambda row: self._open(row.member_id, row.text_sealed))}
