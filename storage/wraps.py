"""Wraps: the case identity, sealed to one member or one recovery recipient. Who holds a wrap can open the case."""

import logging
from collections.abc import Hashable, Sequence

from sqlalchemy import bindparam, delete, insert, select

from storage.case import LIVE, Status
from storage.record import CaseKey, new_kid, wrapping
from storage.schema import case_file, member
from storage.schema import wrap as table
from storage.sealing.errors import SealingError
from storage.tx import Reading, Tx

_HOLDERS = select(table.c.member_id).where(table.c.case_row == bindparam("case_row"))
_OF_CASE = select(table.c.kid, table.c.sealed).where(table.c.case_row == bindparam("row"))
_OF_ONE = _OF_CASE.where(table.c.member_id == bindparam("member"))
_NEW = insert(table)
_LIVE = case_file.c.status.in_(LIVE) & case_file.c.erase_at.is_(None)


class Wraps:
    """Who can open which case; every method runs inside a change. A wrap without a member is one of recovery's."""

    def of(self, tx: Reading, case_row: int, *, only_for: int | None = None) -> Sequence[tuple[str, bytes]]:
        """A case's wraps by name, or those of one member only."""
        if only_for is None:
            found = tx.execute(_OF_CASE, {"row": case_row}).all()
        else:
            found = tx.execute(_OF_ONE, {"row": case_row, "member": only_for}).all()
        return [(kid, sealed) for kid, sealed in found]

    def kids(self, tx: Reading, case_row: int) -> frozenset[str]:
        """The names of a case's wraps."""
        query = select(table.c.kid).where(table.c.case_row == case_row)
        return frozenset(tx.execute(query).scalars())

    def can_open(self, tx: Reading, case_row: int) -> frozenset[int]:
        """The members who hold a wrap."""
        found = tx.once(
            who_can_open(case_row), [table], lambda: tx.execute(_HOLDERS, {"case_row": case_row}).scalars().all()
        )
        return frozenset(one for one in found if one is not None)

    def opened_by(self, tx: Reading, member_id: int) -> Sequence[int]:
        """The rows of the live cases that a member holds a wrap of, in the order they came."""
        mine = select(table.c.case_row).where(table.c.member_id == member_id)
        query = select(case_file.c.id).where(_LIVE, case_file.c.id.in_(mine))
        return list(tx.execute(query.order_by(case_file.c.id)).scalars())

    def only_open_by(self, tx: Reading, member_id: int) -> Sequence[int]:
        """The rows of the cases that no other member who takes part could open, in the order they came."""
        mine = select(table.c.case_row).where(table.c.member_id == member_id)
        others = (
            select(table.c.case_row)
            .join(member, member.c.id == table.c.member_id)
            .where(table.c.member_id != member_id, member.c.active == 1, member.c.suspended == 0)
        )
        query = select(case_file.c.id).where(_LIVE, case_file.c.id.in_(mine), case_file.c.id.not_in(others))
        return list(tx.execute(query.order_by(case_file.c.id)).scalars())

    # --- changes ---

    def make(
        self, tx: Tx, case_row: int, key: CaseKey, readers: Sequence[tuple[int | None, str]]
    ) -> Sequence[tuple[int | None, str]]:
        """Wraps a new case's identity for everybody who may read it: (member, or None for recovery; recipient).

        Returns those who got one: a key to which nothing can be sealed is its owner's affair, and stops no case.
        Raises SealingError when there is none left.
        """
        made, unfit, wrap = [], None, wrapping(key)
        for member_id, recipient in readers:
            try:
                made.append((member_id, recipient, wrap(recipient)))
            except SealingError as error:
                unfit = error
                logging.getLogger(__name__).error("a key cannot be sealed to: %s", type(error).__name__)
        if not made:
            raise unfit or SealingError("a case needs a reader")
        rows = [
            {"kid": new_kid(), "case_row": case_row, "member_id": member_id, "sealed": sealed}
            for member_id, _, sealed in made
        ]
        tx.execute(_NEW, rows)
        tx.know(who_can_open(case_row), [table], [row["member_id"] for row in rows])
        return [(member_id, recipient) for member_id, recipient, _ in made]

    def add(self, tx: Tx, case_row: int, member_id: int, kid: str, sealed: bytes) -> None:
        """A wrap that a holder has made on their own device."""
        self.drop(tx, case_row, member_id)
        values = {"kid": kid, "case_row": case_row, "member_id": member_id, "sealed": sealed}
        tx.execute(insert(table).values(**values))

    def drop(self, tx: Tx, case_row: int, member_id: int) -> None:
        """A member cannot open the case any more."""
        tx.execute(delete(table).where((table.c.case_row == case_row) & (table.c.member_id == member_id)))

    def drop_all_of(self, tx: Tx, member_id: int) -> None:
        """A member cannot open any case any more."""
        tx.execute(delete(table).where(table.c.member_id == member_id))

    def drop_waiting(self, tx: Tx, member_id: int) -> None:
        """A member cannot open any more what nobody has taken."""
        untaken = select(case_file.c.id).where(case_file.c.status.in_([Status.open, Status.waiting]))
        tx.execute(delete(table).where(table.c.member_id == member_id, table.c.case_row.in_(untaken)))

    def narrow_to(self, tx: Tx, case_row: int, *kept: int | None) -> None:
        """Only these members and recovery can open the case from now on."""
        named = [one for one in kept if one is not None]
        others = table.c.member_id.is_not(None) & table.c.member_id.not_in(named)
        tx.execute(delete(table).where(table.c.case_row == case_row, others))


def who_can_open(case_row: int) -> Hashable:
    """As what a change knows it."""
    return "can open", case_row
