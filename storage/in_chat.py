"""The messages of members' chats, so that a chat can be emptied when its owner takes part no more.

Alerts, lists, questions, lines and what the member typed: their ids alone, for two days, after which Telegram keeps a
message whatever a bot wants (Bot API, deleteMessage).
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from storage.schema import in_chat
from storage.tx import Tx
from storage.upsert import upsert

REMOVABLE = timedelta(hours=48)


def keep(tx: Tx, member_id: int, message_id: int) -> None:
    """A message stands in a member's chat."""
    new = upsert(tx, in_chat).values(member_id=member_id, message_id=message_id, at=tx.now)
    tx.execute(new.on_conflict_do_update(index_elements=["member_id", "message_id"], set_={"at": tx.now}))


def take_all(tx: Tx, member_id: int) -> Sequence[int]:
    """Every message that may still stand there, the oldest first; they are forgotten here."""
    mine = in_chat.c.member_id == member_id
    found = list(tx.execute(select(in_chat.c.message_id).where(mine).order_by(in_chat.c.message_id)).scalars())
    tx.execute(delete(in_chat).where(mine))
    return found


def forget_old(tx: Tx) -> None:
    """Drops what can be removed no more."""
    tx.execute(delete(in_chat).where(in_chat.c.at < tx.now - REMOVABLE))
