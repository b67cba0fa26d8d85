"""A false alarm that can still be undone: for ten minutes, what its closing removes is kept under the server key.

Whoever can tell a false alarm from a person in need can be wrong, or hit the wrong button.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select, update

from storage.case import Claimed, Status
from storage.case_rows import CLAIM, LINK
from storage.in_sight import HIDDEN
from storage.schema import Exact, case_file, contact, handoff, intake, relay, shown, undoing
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading

UNDONE_WITHIN = timedelta(minutes=10)
_ROWS = (handoff, intake, relay, contact)
_OF_CHAT = select(undoing.c.case_row).where(undoing.c.chat_look_up == bindparam("look_up"))
_UNTIL = select(undoing.c.ends_at).where(
    undoing.c.case_row == bindparam("row"),
    undoing.c.member_id == bindparam("member"),
    undoing.c.ends_at > bindparam("now", type_=Exact()),
)
_LEFT_OUT = (*LINK, *CLAIM)  # what closing sets to nothing


class Kept(msgspec.Struct, frozen=True):
    """What is sealed in `kept_sealed`: rows as they were; did the claim count for its day, was the account muted."""

    link: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    counted: bool
    was_muted: bool


@dataclass(frozen=True, slots=True)
class Undoing:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def keep(self, tx: Tx, case: Claimed, member_id: int, *, card: int | None, counted: bool, was_muted: bool) -> None:
        """Before a case is closed as a false alarm: what will be needed to undo it. `card`: the person's."""
        row = tx.execute(select(case_file).where(case_file.c.id == case.row)).one()._mapping
        kept = Kept(
            link={name: row[name] for name in _LEFT_OUT},
            rows={table.name: _rows(tx, table, table.c.case_row == case.row) for table in _ROWS}
            | {shown.name: _rows(tx, shown, _of_card(case.chat_look_up, card))},
            counted=counted,
            was_muted=was_muted,
        )
        sealed = self.ring.seal_row("handoff", "undoing", "kept", str(case.row), msgspec.msgpack.encode(kept))
        self.drop(tx, case.row)
        values = {"case_row": case.row, "member_id": member_id, "chat_look_up": case.chat_look_up}
        tx.execute(insert(undoing).values(**values, kept_sealed=sealed, ends_at=tx.now + UNDONE_WITHIN))

    def until(self, tx: Reading, case_row: int, member_id: int) -> datetime | None:
        """Until when this member may undo it; None when they may not, or no more."""
        return tx.execute(_UNTIL, {"row": case_row, "member": member_id, "now": tx.now}).scalar()

    def restore(self, tx: Tx, case_row: int) -> Kept:
        """Puts everything back; an intake that the account has opened since then stays. Raises Unreadable.

        Of a chat that was hidden since then the card is gone.
        """
        sealed = tx.execute(select(undoing.c.kept_sealed).where(undoing.c.case_row == case_row)).scalar_one()
        hidden = tx.execute(select(case_file.c.hidden).where(case_file.c.id == case_row)).scalar_one() == HIDDEN
        no_card = {"card_message": None} if hidden else {}
        with reading("undoing"):
            plain = self.ring.open_row("handoff", "undoing", "kept", str(case_row), bytes(sealed))
            kept = msgspec.msgpack.decode(plain, type=Kept)
        for table in _ROWS:
            for row in kept.rows.get(table.name, ()):
                if table is not intake:
                    tx.execute(insert(table).values(**row))
                elif not _taken_place(tx, row["chat_look_up"]):
                    tx.execute(insert(table).values(**row | no_card))
        for row in () if hidden else kept.rows.get(shown.name, ()):
            tx.execute(insert(shown).values(**row))
        back = {"status": Status.claimed, "outcome": None, "closed_at": None, **kept.link, **no_card}
        tx.execute(update(case_file).where(case_file.c.id == case_row).values(**back))
        self.drop(tx, case_row)
        return kept

    def of_chat(self, tx: Reading, look_up: bytes) -> Sequence[int]:
        """The cases of an account that could still be put back."""
        return list(tx.execute(_OF_CHAT, {"look_up": look_up}).scalars())

    def drop(self, tx: Tx, case_row: int) -> None:
        """It can be undone no more."""
        tx.execute(delete(undoing).where(undoing.c.case_row == case_row))


def forget_undoing(tx: Tx) -> None:
    """What can be undone no more goes."""
    tx.execute(delete(undoing).where(undoing.c.ends_at <= tx.now))


def _rows(tx: Reading, table: Table, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in tx.execute(select(table).where(wanted)).all()]


def _of_card(look_up: bytes | None, card: int | None) -> ColumnElement[bool]:
    return (shown.c.chat_look_up == look_up) & (shown.c.message_id == card)


def _taken_place(tx: Reading, look_up: bytes) -> bool:
    return tx.execute(select(intake.c.id).where(intake.c.chat_look_up == look_up)).first() is not None
