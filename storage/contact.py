"""How far the claimer and the person of a case are in touch: what was sent, what was seen, who can be reached.

Numbers and moments only. What was queued is not sent, what was sent is not seen: each stands in a column of its own.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Row

from storage.schema import contact
from storage.tx import Reading, Tx
from storage.upsert import upsert, upsert_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One case's. `sent`: the number of the lawyers' last message, `before`: of the last one before this claim.

    `seen`: of the last one that was opened, and when; `missed`: of the last one that nobody opened in a day,
    `excused`: up to which the person knows. `heard`: the number of the person's last message to a lawyer. `spoke_at`:
    the last word from either side; `acted_at`: the claimer has extended the claim; `asked_at`, `raised_at`: the claimer
    was asked about a silence, coordinators were shown it; `ending_at`: both were told that the case is about to be
    erased. `unreached_at`: since when the person cannot be reached. `receipt_*`: what stands
    in the claimer's chat.
    `over`: why the last claim ended (`lapsed`, `returned`).
    """

    sent: int = 0
    before: int = 0
    seen: int = 0
    seen_at: datetime | None = None
    missed: int = 0
    excused: int = 0
    heard: int = 0
    spoke_at: datetime | None = None
    acted_at: datetime | None = None
    asked_at: datetime | None = None
    raised_at: datetime | None = None
    ending_at: datetime | None = None
    unreached_at: datetime | None = None
    receipt_message: int | None = None
    receipt_of: int = 0
    over: str | None = None

    @property
    def wrote(self) -> bool:
        """The claimer has written since the claim began."""
        return self.sent > self.before

    @property
    def owes(self) -> bool:
        """A message was there that nobody opened, and the person has not been in touch about it since."""
        return self.missed > max(self.seen, self.excused)


# Beside a case's other columns, of which some have the same names.
COLUMNS = [column.label(f"contact_{column.name}") for column in contact.c]


def of_row(row: Row[Any] | None) -> Contact:
    """What stands in these columns; as new when nothing does."""
    if row is None or row.contact_case_row is None:
        return Contact()
    return Contact(**{one.name: row._mapping[f"contact_{one.name}"] for one in contact.c if one.name != "case_row"})


_OF_CASE = select(*COLUMNS).where(contact.c.case_row == bindparam("row"))


def with_(case_row: int) -> Hashable:
    """As what a change knows it."""
    return "contact", case_row


class Contacts:
    """Keeps them; every method runs inside a change."""

    def get(self, tx: Reading, case_row: int) -> Contact:
        """A case's; as new when nothing is known."""
        row = {"row": case_row}
        return tx.once(with_(case_row), [contact], lambda: of_row(tx.execute(_OF_CASE, row).one_or_none()))

    def set(self, tx: Tx, case_row: int, **values: object) -> None:
        """Changes what is known."""
        tx.execute(upsert_of(tx, contact, ("case_row",), tuple(values)), {"case_row": case_row, **values})

    def spoke(self, tx: Tx, case_row: int, **values: object) -> None:
        """A word from either side: no silence is asked about any more."""
        self.set(tx, case_row, **_spoke(tx), **values)

    def begins(self, tx: Tx, case_row: int) -> None:
        """A new claimer: what those before have written and done does not count for them."""
        fresh = {**_spoke(tx), "acted_at": None, "receipt_message": None, "receipt_of": 0, "over": None}
        new = upsert(tx, contact).values(case_row=case_row, **fresh)
        again = {**fresh, "before": contact.c.sent}
        tx.execute(new.on_conflict_do_update(index_elements=["case_row"], set_=again))

    def reachable(self, tx: Tx, case_rows: Sequence[int]) -> Sequence[int]:
        """The person of these cases is there; those in which they could not be reached until now, in order."""
        rows = [row for row in sorted(case_rows) if self.get(tx, row).unreached_at is not None]
        if rows:
            tx.execute(update(contact).where(contact.c.case_row.in_(rows)).values(unreached_at=None))
        return rows

    def forget(self, tx: Tx, case_row: int) -> None:
        """The case is closed or erased."""
        tx.execute(delete(contact).where(contact.c.case_row == case_row))


def _spoke(tx: Tx) -> dict[str, object]:
    return {"spoke_at": tx.now, "asked_at": None, "raised_at": None, "ending_at": None}
