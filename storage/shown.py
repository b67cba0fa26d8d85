"""Which of the bot's messages a person's chat still shows, so that all of them can be removed at once.

Only message ids under the chat's look-up value; of somebody who has not consented nothing is kept.
"""

from collections.abc import Hashable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ScalarSelect, String, bindparam, cast, delete, func, select

from storage.schema import Exact, in_chat, shown
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

MOST_DUE = 100
_THAN, _NOW = bindparam("than", type_=Exact()), bindparam("now", type_=Exact())
_OLDER = (
    select(shown.c.message_id)
    .where(shown.c.at <= _THAN, may_be_tried(_NOW, "renew", shown.c.message_id))
    .limit(MOST_DUE)
)
_OF_CHAT = shown.c.chat_look_up == bindparam("look_up")
_GONE = delete(shown).where(_OF_CHAT, shown.c.message_id.in_(bindparam("these", expanding=True)))
_ALL = select(shown.c.message_id, shown.c.at).where(_OF_CHAT).order_by(shown.c.message_id)
_ALL_GONE = delete(shown).where(_OF_CHAT)
_NEWEST = tuple(select(func.max(table.c.message_id)) for table in (shown, in_chat))
_IN_CHAT = select(shown.c.message_id).where(_OF_CHAT)


def keep(tx: Tx, look_up: bytes, message_id: int) -> None:
    """A message was sent into the chat."""
    new = upsert_of(tx, shown, ("chat_look_up", "message_id"), ("at",))
    tx.execute(new, {"chat_look_up": look_up, "message_id": message_id, "at": tx.now})


def gone(tx: Tx, look_up: bytes, message_ids: Sequence[int]) -> None:
    """These messages are being removed."""
    stand = _standing(tx, look_up)
    these = stand.intersection(message_ids)  # what people send themselves never stands here
    if these:
        tx.execute(_GONE, {"look_up": look_up, "these": sorted(these)})
        tx.know(_those_of(look_up), [shown], stand - these)


def beside(tx: Reading, look_up: bytes, *cards: int | None) -> Sequence[int]:
    """What the chat shows beside its card."""
    return sorted(_standing(tx, look_up).difference(cards))


def in_one(look_up: BindParameter[bytes]) -> ScalarSelect[str]:
    """As part of a query about something else: the messages that a chat shows, in one value for `know`."""
    ids = func.aggregate_strings(cast(shown.c.message_id, String), ",")
    return select(ids).where(shown.c.chat_look_up == look_up).scalar_subquery()


def know(tx: Reading, look_up: bytes, in_one: str | None) -> None:
    """A change need not ask any more what a chat shows."""
    tx.know(_those_of(look_up), [shown], frozenset(map(int, in_one.split(",") if in_one else ())))


def _those_of(look_up: bytes) -> Hashable:
    return "shown", look_up


def _standing(tx: Reading, look_up: bytes) -> frozenset[int]:
    here = {"look_up": look_up}
    return tx.once(_those_of(look_up), [shown], lambda: frozenset(tx.execute(_IN_CHAT, here).scalars()))


def take_all(tx: Tx, look_up: bytes) -> Sequence[tuple[int, datetime]]:
    """Every message that the chat still shows, the oldest first, and when it was sent; they are forgotten here."""
    rows = tx.execute(_ALL, {"look_up": look_up}).all()
    tx.execute(_ALL_GONE, {"look_up": look_up})
    return [(message_id, at) for message_id, at in rows]


def older(tx: Reading, than: datetime) -> Sequence[int]:
    """The ids of messages that were sent so long ago; nothing tells here whose they are."""
    return list(tx.execute(_OLDER, {"than": than, "now": tx.now}).scalars())


def where(tx: Reading, message_id: int, than: datetime) -> bytes | None:
    """The chat that has shown this message since before `than`; None when none does."""
    here = (shown.c.message_id == message_id) & (shown.c.at <= than)
    found = tx.execute(select(shown.c.chat_look_up).where(here)).scalars().first()
    return None if found is None else bytes(found)


def forget(tx: Tx, message_id: int, than: datetime) -> None:
    """Of chats of which nothing else is known."""
    tx.execute(delete(shown).where((shown.c.message_id == message_id) & (shown.c.at <= than)))


def newest(tx: Reading) -> int:
    """The highest of all ids that are kept, members' too, 0 when there are none: ids of a bot's chats grow together."""
    return max(tx.execute(one).scalar() or 0 for one in _NEWEST)
