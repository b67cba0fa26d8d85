"""Whom of the members the bot can reach: who has pressed Start, who has blocked it, and who confirmed a test page.

Every function runs inside a change.
"""

from sqlalchemy import bindparam, update

from storage.members import Member, set_columns
from storage.schema import member as table
from storage.tx import Tx

_MET = update(table).where(table.c.id == bindparam("row"), table.c.met_at.is_(None))


def gone(tx: Tx, member_id: int) -> bool:
    """The bot cannot reach this member; True when that is news."""
    here = (table.c.id == member_id) & table.c.gone_at.is_(None)
    return tx.execute(update(table).where(here).values(gone_at=tx.now)).rowcount == 1


def back(tx: Tx, member: Member) -> None:
    """A member has written, or has let the bot write again: the bot can reach them."""
    if member.gone_at is not None:
        set_columns(tx, member.id, gone_at=None)
    if member.met_at is None:
        met(tx, member.id)


def met(tx: Tx, member_id: int) -> None:
    """A message has reached a member, or one of theirs the bot; only the first time is kept."""
    tx.execute(_MET, {"row": member_id, "met_at": tx.now})


def asked(tx: Tx, member_id: int) -> None:
    """A test page is on its way."""
    set_columns(tx, member_id, reach_asked_at=tx.now)


def asked_later(tx: Tx, member_id: int) -> None:
    """A member of an older version: the month until the first test page begins now."""
    set_columns(tx, member_id, joined_at=tx.now)


def confirmed(tx: Tx, member_id: int) -> None:
    """A test page was confirmed."""
    set_columns(tx, member_id, reach_confirmed_at=tx.now)
