"""The messages of members' chats, so that a chat can be emptied when its owner takes part no more.

Alerts, lists, questions, lines and what the member typed: their ids alone, for two days, after which Telegram keeps a
message whatever a bot wants (Bot API, deleteMessage).

Some go before, and have a part: an answer goes with whatever its reader does next, a question once it is answered or is
none any more, what was typed and not sent yet once it is sent or given up.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from storage.schema import in_chat
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

REMOVABLE = timedelta(hours=48)
ANSWER, UNSENT, PRACTICE = "answer", "unsent", "practice"
_HERE = in_chat.c.member_id == bindparam("here")
_PART_OF = select(in_chat.c.part).where(_HERE, in_chat.c.message_id == bindparam("message"))
_TAKE_ALL = delete(in_chat).where(_HERE).returning(in_chat.c.message_id)
_TAKE = _TAKE_ALL.where(in_chat.c.part == bindparam("of"), in_chat.c.message_id != bindparam("but"))


def question(case_row: int | None = None) -> str:
    """The part of a question to a member: about a case, or about nothing of the kind."""
    return "question" if case_row is None else f"question:{case_row}"


def deadline(case_row: int) -> str:
    """The part of a reminder of a deadline of a case."""
    return f"deadline:{case_row}"


def keep(tx: Tx, member_id: int, message_id: int, part: str | None = None) -> None:
    """A message stands in a member's chat."""
    again = ("at",) if part is None else ("at", "part")
    values = {"member_id": member_id, "message_id": message_id, "at": tx.now, "part": part}
    tx.execute(upsert_of(tx, in_chat, ("member_id", "message_id"), again), values)


def part_of(tx: Reading, member_id: int, message_id: int) -> str | None:
    """What a message is for; None for one that stays."""
    return tx.execute(_PART_OF, {"here": member_id, "message": message_id}).scalar()


def take(tx: Tx, member_id: int, part: str, *, but: int | None = None) -> Sequence[int]:
    """The messages of a part, `but` one; they are forgotten here."""
    return sorted(tx.execute(_TAKE, {"here": member_id, "of": part, "but": but or 0}).scalars())


def take_all(tx: Tx, member_id: int) -> Sequence[int]:
    """Every message that may still stand there, the oldest first; they are forgotten here."""
    return sorted(tx.execute(_TAKE_ALL, {"here": member_id}).scalars())


def forget_old(tx: Tx) -> None:
    """Drops what can be removed no more."""
    tx.execute(delete(in_chat).where(in_chat.c.at < tx.now - REMOVABLE))
