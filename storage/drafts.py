"""What a lawyer is writing, under the server key until it is sent or given up: a message to a person, or a note.

The two are values of different kinds, found by different methods: what is a note is no message to anybody.
"""

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
_OF_MEMBER = select(writing).where(writing.c.member_id == bindparam("member"), writing.c.note == bindparam("is_note"))
_TYPED = select(writing.c.case_row, writing.c.note).where(
    writing.c.member_id == bindparam("member"),
    writing.c.text_sealed.is_not(None),
    writing.c.at > bindparam("after", type_=Exact()),
)
_NEW = insert(writing)
_STOPPED = delete(writing).where(writing.c.member_id == bindparam("member"))
_DROPPED = delete(writing).where(writing.c.case_row == bindparam("row"))
_OLD = delete(writing).where(writing.c.at < bindparam("before", type_=Exact()))


@dataclass(frozen=True, slots=True)
class Writing:
    """A lawyer has pressed "write"; `text` once they have typed."""

    case_row: int
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """What a lawyer has typed for whoever has the case after them. No text: nothing that sends one takes it."""

    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Noting:
    """A lawyer has pressed "note for a colleague"; `note` once they have typed."""

    case_row: int
    note: Note | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """Something was typed in this case, and is not sent or saved yet: a note, or a message."""

    case_row: int
    note: bool


@dataclass(frozen=True, slots=True)
class Drafts:
    """One a lawyer at a time; every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def start(self, tx: Tx, member_id: int, case_row: int) -> None:
        """From here on what a lawyer types is a message to this case's person."""
        self._keep(tx, member_id, case_row, None)

    def start_note(self, tx: Tx, member_id: int, case_row: int) -> None:
        """From here on what a lawyer types is a note in this case."""
        self._keep(tx, member_id, case_row, None, note=True)

    def keep_note(self, tx: Tx, member_id: int, case_row: int, note: Note) -> None:
        """What a lawyer has noted, until it is saved or given up."""
        self._keep(tx, member_id, case_row, self._sealed(member_id, note.said), note=True)

    def keep_typed(self, tx: Tx, member_id: int, case_row: int, text: str) -> None:
        """What a lawyer has typed, until it is sent or given up."""
        self._keep(tx, member_id, case_row, self._sealed(member_id, text))

    def _sealed(self, member_id: int, text: str) -> bytes:
        return self.ring.seal_row("relay", "writing", "text", str(member_id), text.encode())

    def _keep(self, tx: Tx, member_id: int, case_row: int, sealed: bytes | None, *, note: bool = False) -> None:
        self.stop(tx, member_id)
        values = {"member_id": member_id, "case_row": case_row, "text_sealed": sealed, "at": tx.now}
        values["note"] = int(note)
        tx.execute(_NEW, values)

    def of(self, tx: Reading, member_id: int) -> Writing | None:
        """The message that a lawyer is writing, if any."""
        found = self._found(tx, member_id, note=False)
        return None if found is None else Writing(*found)

    def note_of(self, tx: Reading, member_id: int) -> Noting | None:
        """The note that a lawyer is writing, if any."""
        found = self._found(tx, member_id, note=True)
        return None if found is None else Noting(found[0], None if found[1] is None else Note(found[1]))

    def typed(self, tx: Reading, member_id: int) -> Typed | None:
        """What a lawyer has typed a moment ago and neither sent, saved nor given up, if anything."""
        row = tx.execute(_TYPED, {"member": member_id, "after": tx.now - READABLE_FOR}).one_or_none()
        return None if row is None else Typed(row.case_row, note=bool(row.note))

    def _found(self, tx: Reading, member_id: int, *, note: bool) -> tuple[int, str | None] | None:
        row = tx.execute(_OF_MEMBER, {"member": member_id, "is_note": int(note)}).one_or_none()
        if row is None:
            return None
        text = None
        if row.text_sealed is not None:
            with contextlib.suppress(Unreadable):  # then it is as if nothing was typed yet
                text = self._open(member_id, row.text_sealed)
        return row.case_row, text

    def _open(self, member_id: int, sealed: bytes) -> str:
        with reading("writing"):
            return self.ring.open_row("relay", "writing", "text", str(member_id), sealed).decode()

    def stop(self, tx: Tx, member_id: int) -> None:
        """The message was sent or given up."""
        tx.execute(_STOPPED, {"member": member_id})

    def forget_old(self, tx: Tx) -> None:
        """Drops what was begun a while ago."""
        tx.execute(_OLD, {"before": tx.now - READABLE_FOR})

    def drop_of(self, tx: Tx, case_row: int) -> None:
        """Drops what is being written to a case."""
        tx.execute(_DROPPED, {"row": case_row})

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        drafts = tx.execute(select(writing).where(writing.c.text_sealed.is_not(None)))
        return {"writing": unreadable(drafts, lambda row: self._open(row.member_id, row.text_sealed))}
