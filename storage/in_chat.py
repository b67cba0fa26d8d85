"""The messages of members' chats, so that a chat can be emptied when its owner takes part no more.

Alerts, lists, questions, lines and what the member typed: their ids alone, for two days, after which Telegram keeps a
message whatever a bot wants (Bot API, deleteMessage).

Some go before, and have a part: an answer goes with whatever its reader does next, a question once it is answered or is
none any more, what was typed and not sent yet once it is sent or given up.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from storage.schema import in_chat
from storage.tx import Reading, Tx
from storage.upsert import upsert

REMOVABLE = timedelta(hours=48)
ANSWER, UNSENT = "answer", "unsent"


def question(case_row: int | None = None) -> str:
    """The part of a question to a member: about a case, or about nothing of the kind."""
    return "question" if case_row is None else f"question:{case_row}"


def deadline(case_row: int) -> str:
    """The part of a reminder of a deadline of a case."""
    return f"deadline:{case_row}"


def keep(tx: Tx, member_id: int, message_id: int, part: str | None = None) -> None:
    """A message stands in a member's chat."""
    new = upsert(tx, in_chat).values(member_id=member_id, message_id=message_id, at=tx.now, part=part)
    same = {"at": tx.now} if part is None else {"at": tx.now, "part": part}
    tx.execute(new.on_conflict_do_update(index_elements=["member_id", "message_id"], set_=same))


def part_of(tx: Reading, member_id: int, message_id: int) -> str | None:
    """What a message is for; None for one that stays."""
    here = (in_chat.c.member_id == member_id) & (in_chat.c.message_id == message_id)
    return tx.execute(select(in_chat.c.part).where(here)).scalar()


def take(tx: Tx, member_id: int, part: str, *, but: int | None = None) -> Sequence[int]:
    """The messages of a part, `but` one; they are forgotten here."""
    return _take(
        tx, (in_chat.c.member_id == member_id) & (in_chat.c.part == part) & (in_chat.c.message_id != (but or 0))
    )


def take_all(tx: Tx, member_id: int) -> Sequence[int]:
    """Every message that may still stand there, the oldest first; they are forgotten here."""
    return _take(tx, in_chat.c.member_id == member_id)


def _take(tx: Tx, mine: ColumnElement[bool]) -> Sequence[int]:
    return sorted(tx.execute(delete(in_chat).where(mine).returning(in_chat.c.message_id)).scalars())


def forget_old(tx: Tx) -> None:
    """Drops what can be removed no more."""
    tx.execute(delete(in_chat).where(in_chat.c.at < tx.now - REMOVABLE))
