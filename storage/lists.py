"""The one card of a lawyer that lists many cases."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.schema import list_card
from storage.tx import Reading, Tx

_OF_MEMBER = select(list_card).where(list_card.c.member_id == bindparam("member"))
_KEEP, _NEW = update(list_card).where(list_card.c.member_id == bindparam("member")), insert(list_card)


def list_of(tx: Reading, member_id: int) -> tuple[int | None, datetime | None]:
    """The message that is a lawyer's list, and when it last rang."""
    row = tx.execute(_OF_MEMBER, {"member": member_id}).one_or_none()
    return (None, None) if row is None else (row.message_id, row.rang_at)


def keep_list(tx: Tx, member_id: int, **values: object) -> None:
    """Keeps the message of a list, or when it rang."""
    if tx.execute(_KEEP, {"member": member_id, **values}).rowcount == 0:
        tx.execute(_NEW, {"member_id": member_id, **values})
