"""The message in a lawyer's chat that tells them of their duty. Every function runs inside a change."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from storage.schema import duty_card
from storage.tx import Reading, Tx


def of(tx: Reading, member_id: int) -> int | None:
    """The message that tells a lawyer of their duty."""
    return tx.execute(select(duty_card.c.message_id).where(duty_card.c.member_id == member_id)).scalar()


def everybody(tx: Reading) -> Sequence[int]:
    """Whose chats have one."""
    return tx.execute(select(duty_card.c.member_id).order_by(duty_card.c.member_id)).scalars().all()


def keep(tx: Tx, member_id: int, message_id: int | None) -> None:
    """Keeps it in place of an earlier one."""
    tx.execute(delete(duty_card).where(duty_card.c.member_id == member_id))
    if message_id is not None:
        tx.execute(insert(duty_card).values(member_id=member_id, message_id=message_id))
