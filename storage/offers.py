"""A claimed case that is offered to another lawyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.schema import offer
from storage.tx import Reading, Tx

_OF_CASE = select(offer).where(offer.c.case_row == bindparam("row"))


@dataclass(frozen=True, slots=True)
class Offer:
    """To whom a case is offered; accepted when; `wrap_kid`: the wrap they got and have not confirmed yet."""

    case_row: int
    member_id: int
    accepted_at: datetime | None
    wrap_kid: str | None


class Offers:
    """Every method runs inside a change. A case is offered to one lawyer at a time."""

    def make(self, tx: Tx, case_row: int, member_id: int) -> None:
        """Offers a case; an earlier offer of it is over."""
        self.drop(tx, case_row)
        tx.execute(insert(offer).values(case_row=case_row, member_id=member_id, at=tx.now))

    def of(self, tx: Reading, case_row: int) -> Offer | None:
        """The offer of a case, if there is one."""
        row = tx.execute(_OF_CASE, {"row": case_row}).one_or_none()
        return None if row is None else Offer(row.case_row, row.member_id, row.accepted_at, row.wrap_kid)

    def made_to(self, tx: Reading, member_id: int) -> Sequence[int]:
        """The cases that are offered to a lawyer."""
        query = select(offer.c.case_row).where(offer.c.member_id == member_id)
        return list(tx.execute(query.order_by(offer.c.case_row)).scalars())

    def accept(self, tx: Tx, case_row: int) -> None:
        """The other lawyer wants the case."""
        tx.execute(update(offer).where(offer.c.case_row == case_row).values(accepted_at=tx.now))

    def wrapped(self, tx: Tx, case_row: int, kid: str | None) -> None:
        """The other lawyer's wrap is there, or was taken back."""
        tx.execute(update(offer).where(offer.c.case_row == case_row).values(wrap_kid=kid))

    def drop(self, tx: Tx, case_row: int) -> None:
        """The offer is over."""
        tx.execute(delete(offer).where(offer.c.case_row == case_row))
