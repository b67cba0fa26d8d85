"""Suspensions by Telegram: those of the last hour, and those that wait for a second coordinator's yes.

One phone in wrong hands must not stop everybody who could help.
"""

from datetime import timedelta

from sqlalchemy import delete, insert, select

from storage.schema import suspending
from storage.tx import Reading, Tx

AN_HOUR = timedelta(hours=1)


def keep(tx: Tx, member_id: int, asked_by: int, *, waits: bool) -> None:
    """A coordinator has suspended this member, or asks another one whether to."""
    tx.execute(delete(suspending).where(suspending.c.member_id == member_id))
    values = {"member_id": member_id, "asked_by": asked_by, "waits": int(waits), "at": tx.now}
    tx.execute(insert(suspending).values(**values))


def lately(tx: Reading) -> bool:
    """True when somebody was suspended by Telegram within the hour."""
    done = (suspending.c.waits == 0) & (suspending.c.at > tx.now - AN_HOUR)
    return tx.execute(select(suspending.c.member_id).where(done)).first() is not None


def asked_by(tx: Reading, member_id: int) -> int | None:
    """Who asks for a yes to suspend this member; None when nobody does any more."""
    waits = (suspending.c.waits == 1) & (suspending.c.at > tx.now - AN_HOUR)
    return tx.execute(select(suspending.c.asked_by).where(waits, suspending.c.member_id == member_id)).scalar()


def drop(tx: Tx, member_id: int) -> None:
    """Answered, or over."""
    tx.execute(delete(suspending).where(suspending.c.member_id == member_id))


def stopped(tx: Tx, member_id: int) -> None:
    """Somebody takes part no more: what they asked, and what was asked about them, is over."""
    theirs = (suspending.c.member_id == member_id) | (suspending.c.asked_by == member_id)
    tx.execute(delete(suspending).where(suspending.c.waits == 1, theirs))


def forget_old(tx: Tx) -> None:
    """Drops what is over."""
    tx.execute(delete(suspending).where(suspending.c.at < tx.now - AN_HOUR))
