"""The one card of a lawyer that lists many cases, and the accounts whose case was a false alarm."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.schema import list_card, muted
from storage.tx import Reading, Tx


def list_of(tx: Reading, member_id: int) -> tuple[int | None, datetime | None]:
    """The message that is a lawyer's list, and when it last rang."""
    row = tx.execute(select(list_card).where(list_card.c.member_id == member_id)).one_or_none()
    return (None, None) if row is None else (row.message_id, row.rang_at)


def keep_list(tx: Tx, member_id: int, **values: object) -> None:
    """Keeps the message of a list, or when it rang."""
    mine = list_card.c.member_id == member_id
    if tx.execute(update(list_card).where(mine).values(**values)).rowcount == 0:
        tx.execute(insert(list_card).values(member_id=member_id, **values))


def mute(tx: Tx, look_up: bytes) -> None:
    """Later cases of this account ring nobody."""
    unmute(tx, look_up)
    tx.execute(insert(muted).values(chat_look_up=look_up, at=tx.now))


def unmute(tx: Tx, look_up: bytes) -> None:
    """Later cases of this account ring again."""
    tx.execute(delete(muted).where(muted.c.chat_look_up == look_up))


def is_muted(tx: Reading, look_up: bytes | None) -> bool:
    """True when this account's case was a false alarm."""
    if look_up is None:
        return False
    return tx.execute(select(muted.c.at).where(muted.c.chat_look_up == look_up)).first() is not None


def forget_muted(tx: Tx, before: datetime) -> None:
    """Drops what is older than that."""
    tx.execute(delete(muted).where(muted.c.at < before))
