"""Who is on duty apart from the rota, and shifts that change hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Row

from storage.schema import Exact, handed, on_until, swap
from storage.tx import Reading, Tx

UNTILS, HANDED = "untils", "handed"  # as what a change knows them
_UNTILS = select(on_until).order_by(on_until.c.member_id)
_ASKED = select(swap).order_by(swap.c.id)
_HANDED = select(handed).order_by(handed.c.begins_at, handed.c.owner)
_NOW = bindparam("now", type_=Exact())
_OVER = [delete(table).where(table.c.ends_at < _NOW) for table in (on_until, handed, swap)]


@dataclass(frozen=True, slots=True)
class Until:
    """A member has said "on duty until", whatever the rota says."""

    member_id: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """A shift for which the rota names `owner`: `holder` has it now; `given_up`: and has ended it (/oncall off)."""

    owner: int
    begins: datetime
    ends: datetime
    holder: int
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Swap:
    """A shift that `asker` wants `taker` to take."""

    id: int
    asker: int
    taker: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Duties:
    """Every method runs inside a change."""

    # --- on duty until ---

    def stay(self, tx: Tx, member_id: int, until: datetime) -> None:
        """On duty from now until then, in place of what was said before."""
        self.go(tx, member_id)
        tx.execute(insert(on_until).values(member_id=member_id, begins_at=tx.now, ends_at=until))

    def go(self, tx: Tx, member_id: int) -> None:
        """Ends it."""
        tx.execute(delete(on_until).where(on_until.c.member_id == member_id))

    def untils(self, tx: Reading) -> Sequence[Until]:
        """Everybody who has said so."""
        return tx.once(UNTILS, [on_until], lambda: [Until(*row) for row in tx.execute(_UNTILS).all()])

    def forget_old(self, tx: Tx) -> None:
        """Drops what is over."""
        for over in _OVER:
            tx.execute(over, {"now": tx.now})

    # --- shifts that change hands ---

    def ask(self, tx: Tx, asker: int, taker: int, begins: datetime, ends: datetime) -> int:
        """One lawyer asks another to take a shift, in place of an earlier request like it; its number."""
        same = (
            (swap.c.asker == asker) & (swap.c.taker == taker) & (swap.c.begins_at == begins) & (swap.c.ends_at == ends)
        )
        tx.execute(delete(swap).where(same))
        values = {"asker": asker, "taker": taker, "begins_at": begins, "ends_at": ends, "at": tx.now}
        return int(tx.execute(insert(swap).values(**values).returning(swap.c.id)).scalar_one())

    def swap(self, tx: Reading, number: int) -> Swap | None:
        """A request, None when it was answered or is over."""
        row = tx.execute(select(swap).where(swap.c.id == number)).one_or_none()
        return None if row is None else Swap(row.id, row.asker, row.taker, row.begins_at, row.ends_at)

    def asked(self, tx: Reading) -> Sequence[Swap]:
        """Every request that was not answered."""
        rows = tx.execute(_ASKED).all()
        return [Swap(row.id, row.asker, row.taker, row.begins_at, row.ends_at) for row in rows]

    def answered(self, tx: Tx, asked: Swap, *, accepted: bool) -> None:
        """A request is over; a shift that is taken is asked of nobody else any more."""
        same = (swap.c.asker == asked.asker) & (swap.c.begins_at == asked.begins) & (swap.c.ends_at == asked.ends)
        tx.execute(delete(swap).where(same if accepted else swap.c.id == asked.id))

    def hand(self, tx: Tx, owner: int, begins: datetime, ends: datetime, holder: int, *, given_up: bool) -> None:
        """From now on a shift of the rota is this member's; or, given up, nobody's."""
        self.as_the_rota_says(tx, owner, begins, ends)
        if owner != holder or given_up:
            values = {"owner": owner, "begins_at": begins, "ends_at": ends, "holder": holder}
            tx.execute(insert(handed).values(**values, given_up=int(given_up)))

    def as_the_rota_says(self, tx: Tx, owner: int, begins: datetime, ends: datetime) -> None:
        """A shift is again that of whom the rota names."""
        same = (handed.c.owner == owner) & (handed.c.begins_at == begins) & (handed.c.ends_at == ends)
        tx.execute(delete(handed).where(same))

    def handed(self, tx: Reading) -> Sequence[Handed]:
        """Every shift that is not as the rota says."""
        return tx.once(HANDED, [handed], lambda: [_handed(row) for row in tx.execute(_HANDED).all()])


def _handed(row: Row[Any]) -> Handed:
    return Handed(row.owner, row.begins_at, row.ends_at, row.holder, bool(row.given_up))
