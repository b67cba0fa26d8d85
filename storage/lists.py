"""The one card of a lawyer that lists many cases."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.schema import list_card
from storage.tx import Reading, Tx

_OF_MEMBER = select(list_card).where(list_card.c.member_id == bindparam("member"))


def list_of(tx: Reading, member_id: int) -> tuple[int | None, datetime | None]:
    """The message that is a lawyer's list, and when it last rang."""
    row = tx.execute(_OF_MEMBER, {"member": member_id}).one_or_none()
    return (None, None) if row is None else (row.message_id, row.rang_at)


def keep_list(tx: Tx, member_id: int, **values: object) -> None:
    """Keeps the message of a list, or when it rang."""
    mine = list_card.c.member_id == member_id
    if tx.execute(update(list_card).where(mine).values(**values)).rowcount == 0:
        tx.execute(insert(list_card).values(member_id=member_id, **values))
