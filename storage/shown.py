"""Which of the bot's messages a person's chat still shows, so that all of them can be removed at once.

Only message ids under the chat's look-up value; of somebody who has not consented nothing is kept.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.schema import shown
from storage.tx import Tx


def keep(tx: Tx, look_up: bytes, message_id: int) -> None:
    """A message was sent into the chat."""
    gone(tx, look_up, [message_id])
    tx.execute(insert(shown).values(chat_look_up=look_up, message_id=message_id, at=tx.now))


def gone(tx: Tx, look_up: bytes, message_ids: Sequence[int]) -> None:
    """These messages are being removed."""
    these = (shown.c.chat_look_up == look_up) & shown.c.message_id.in_(message_ids)
    tx.execute(delete(shown).where(these))


def take_all(tx: Tx, look_up: bytes) -> Sequence[tuple[int, datetime]]:
    """Every message that the chat still shows, the oldest first, and when it was sent; they are forgotten here."""
    here = shown.c.chat_look_up == look_up
    rows = tx.execute(select(shown.c.message_id, shown.c.at).where(here).order_by(shown.c.message_id)).all()
    tx.execute(delete(shown).where(here))
    return [(message_id, at) for message_id, at in rows]
