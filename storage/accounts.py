"""How often an account has called in the last day, so that one account does not empty the rota.

What is kept names nobody and leads to no case: two numbers and three times under an HMAC of its own, for a day, also
after everything else of the account was erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from storage.schema import Exact, as_they_rest
from storage.schema import account as table
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx

A_DAY = timedelta(days=1)
RINGS_EVERY = timedelta(minutes=10)
TOLD_EVERY = timedelta(hours=1)
MOST_LIVE, MOST_A_DAY = 2, 3
_HERE = table.c.mark == bindparam("its")
_OF_MARK, _CHANGE, _NEW = select(table).where(_HERE), update(table).where(_HERE), insert(table)
_OLD = delete(table).where(_HERE, table.c.since <= bindparam("before", type_=Exact()))


@dataclass(frozen=True, slots=True)
class Account:
    """`cases`: opened in the last day, from `since` on; None before the first.

    `rang_at`, `rang_for`: when lawyers were last rung, and for how grave a case.
    """

    cases: int = 0
    rang_at: datetime | None = None
    rang_for: int = -1
    told_at: datetime | None = None
    since: datetime | None = None

    def quiet_until(self, now: datetime, grade: int) -> datetime | None:
        """Until when a call makes no sound; None when it does: after ten minutes, or for something graver."""
        if self.cases > MOST_A_DAY and (self.rang_at is None or grade <= self.rang_for):
            return now + RINGS_EVERY
        if self.rang_at is None or grade > self.rang_for or now - self.rang_at >= RINGS_EVERY:
            return None
        return self.rang_at + RINGS_EVERY


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every method runs inside a change. An account is known by the look-up of its chat."""

    ring: KeyRing = field(repr=False)

    def of(self, tx: Reading, look_up: bytes) -> Account:
        """What is known of an account; inside a change nobody else counts meanwhile."""
        return tx.once(("account", self._mark(look_up)), (), lambda: self._read(tx, self._mark(look_up)))

    def _read(self, tx: Reading, mark: bytes) -> Account:
        row = tx.execute(tx.held(_OF_MARK), {"its": mark}).one_or_none()
        if row is None or tx.now - row.since >= A_DAY:
            return Account()
        return Account(row.cases, row.rang_at, row.rang_for, row.told_at, row.since)

    def opened(self, tx: Tx, look_up: bytes) -> None:
        """A case was opened."""
        self._set(tx, look_up, cases=self.of(tx, look_up).cases + 1)

    def rang(self, tx: Tx, look_up: bytes, grade: int) -> None:
        """Lawyers were rung aloud."""
        self._set(tx, look_up, rang_at=tx.now, rang_for=grade)

    def must_tell(self, tx: Tx, look_up: bytes) -> bool:
        """True when coordinators should hear of this account; once an hour."""
        last = self.of(tx, look_up).told_at
        if last is not None and tx.now - last < TOLD_EVERY:
            return False
        self._set(tx, look_up, told_at=tx.now)
        return True

    def _set(self, tx: Tx, look_up: bytes, **values: object) -> None:
        mark, known = self._mark(look_up), self.of(tx, look_up)
        fresh = {"cases": 0, "rang_for": -1, "since": tx.now} if known.since is None else {}
        tx.gather(table, _write).setdefault(mark.hex(), {"mark": mark, **fresh}).update(values)
        rested = as_they_rest(table, values)
        tx.know(("account", mark), (), replace(known, since=known.since or tx.now, **rested))

    def _mark(self, look_up: bytes) -> bytes:
        return self.ring.look_up("account", look_up.hex())


def _write(tx: Tx, rows: Mapping[str, Mapping[str, object]]) -> None:
    for row in rows.values():
        if "since" not in row:
            tx.execute(_CHANGE, {"its": row["mark"], **row})
            continue
        # One of before goes; one that another process has written in this moment stays, and this change runs again.
        tx.execute(_OLD, {"its": row["mark"], "before": tx.now - A_DAY})
        tx.execute(_NEW, row)


def forget_accounts(tx: Tx) -> None:
    """What is older than a day goes."""
    tx.execute(delete(table).where(table.c.since <= tx.now - A_DAY))
