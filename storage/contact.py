"""How far the claimer and the person of a case are in touch: what was sent, what was seen, who can be reached.

Numbers and moments only. What was queued is not sent, what was sent is not seen: each stands in a column of its own.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.schema import case_file, contact
from storage.tx import Reading, Tx


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


class Contacts:
    """Keeps them; every method runs inside a change."""

    def get(self, tx: Reading, case_row: int) -> Contact:
        """A case's; as new when nothing is known."""
        row = tx.execute(select(contact).where(contact.c.case_row == case_row)).one_or_none()
        if row is None:
            return Contact()
        return Contact(**{name: value for name, value in row._mapping.items() if name != "case_row"})

    def set(self, tx: Tx, case_row: int, **values: object) -> None:
        """Changes what is known."""
        here = contact.c.case_row == case_row
        if tx.execute(update(contact).where(here).values(**values)).rowcount == 0:
            tx.execute(insert(contact).values(case_row=case_row, **values))

    def spoke(self, tx: Tx, case_row: int, **values: object) -> None:
        """A word from either side: no silence is asked about any more."""
        self.set(tx, case_row, spoke_at=tx.now, asked_at=None, raised_at=None, ending_at=None, **values)

    def begins(self, tx: Tx, case_row: int) -> None:
        """A new claimer: what those before have written and done does not count for them."""
        fresh = {"acted_at": None, "receipt_message": None, "receipt_of": 0, "over": None}
        self.spoke(tx, case_row, before=self.get(tx, case_row).sent, **fresh)

    def reachable(self, tx: Tx, look_up: bytes) -> list[int]:
        """The person of this chat is there; the cases in which they could not be reached until now."""
        mine = select(case_file.c.id).where(case_file.c.chat_look_up == look_up)
        lost = contact.c.case_row.in_(mine) & contact.c.unreached_at.is_not(None)
        rows = list(tx.execute(select(contact.c.case_row).where(lost).order_by(contact.c.case_row)).scalars())
        if rows:
            tx.execute(update(contact).where(contact.c.case_row.in_(rows)).values(unreached_at=None))
        return rows

    def forget(self, tx: Tx, case_row: int) -> None:
        """The case is closed or erased."""
        tx.execute(delete(contact).where(contact.c.case_row == case_row))
