"""The messages of members' chats, so that a chat can be emptied when its owner takes part no more.

Alerts, lists, questions, lines and what the member typed: their ids alone, for thirty days. After two of them Telegram
lets nobody remove a message any more (Bot API, deleteMessage), but a bot may still take the text from its own.

Some go before, and have a part: an answer goes with whatever its reader does next, a question once it is answered or is
none any more, what was typed and not sent yet once it is sent or given up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningDelete

from storage.schema import Exact, in_chat, member
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

REMOVABLE, REMEMBERED = timedelta(hours=46), timedelta(days=30)  # two hours are left for what waits
ANSWER, UNSENT, PRACTICE = "answer", "unsent", "practice"
ROTA, SUSPENSION, SWAP = "rota", "suspend", "swap"  # questions that others can answer too, or time can end
_HERE = in_chat.c.member_id == bindparam("here")
_PART_OF = select(in_chat.c.part, in_chat.c.at).where(_HERE, in_chat.c.message_id == bindparam("message"))
_KINS = or_(in_chat.c.part == ROTA, *(in_chat.c.part.startswith(f"{kin}:") for kin in (SUSPENSION, SWAP)))
_ASKED = select(in_chat.c.member_id, in_chat.c.message_id, in_chat.c.part).where(_KINS)
_TAKE_ALL = delete(in_chat).where(_HERE).returning(in_chat.c.message_id, in_chat.c.at)
_YOUNG = select(in_chat.c.message_id).where(_HERE, in_chat.c.at >= bindparam("after", type_=Exact()))
_YOUNG_OF = _YOUNG.where(in_chat.c.message_id.in_(bindparam("these", expanding=True)))
_STOPPED = select(member.c.id).where((member.c.active == 0) | (member.c.suspended != 0))
_LEFT = select(in_chat.c.member_id).where(in_chat.c.member_id.in_(_STOPPED)).distinct()
_NEWEST = select(func.max(in_chat.c.message_id)).where(_HERE, in_chat.c.part == bindparam("of"))
_TAKE = _TAKE_ALL.where(in_chat.c.part == bindparam("of"), in_chat.c.message_id != bindparam("but"))


_THIS = _HERE & (in_chat.c.message_id == bindparam("message"))
_ANSWERED = update(in_chat).where(_THIS).values(part=None)
_TAKE_EACH = (
    delete(in_chat)
    .where(in_chat.c.member_id.in_(bindparam("these", expanding=True)), in_chat.c.part == bindparam("of"))
    .returning(in_chat.c.member_id, in_chat.c.message_id, in_chat.c.at)
)


@dataclass(frozen=True, slots=True)
class Stood:
    """Messages that go from a chat, the oldest first. `old`: those that Telegram may let nobody remove any more."""

    young: Sequence[int]
    old: Sequence[int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a member's chat that others can answer too, or time can end. `about`: whom, or which request."""

    member_id: int
    message_id: int
    part: str

    @property
    def kin(self) -> str:
        """What is asked: `SUSPENSION`, `SWAP` or `ROTA`."""
        return self.part.partition(":")[0]

    @property
    def about(self) -> int:
        """The member, or the number of the request; 0 of a rota."""
        return int(self.part.partition(":")[2] or 0)


def question(case_row: int | None = None) -> str:
    """The part of a question to a member: about a case, or about nothing of the kind."""
    return "question" if case_row is None else f"question:{case_row}"


def suspension(member_id: int) -> str:
    """The part of a question to a coordinator: is this member to be suspended?"""
    return f"{SUSPENSION}:{member_id}"


def swap(number: int) -> str:
    """The part of a question to a lawyer: do they take this shift?"""
    return f"{SWAP}:{number}"


def deadline(case_row: int) -> str:
    """The part of a reminder of a deadline of a case."""
    return f"deadline:{case_row}"


def keep(tx: Tx, member_id: int, message_id: int, part: str | None = None) -> None:
    """A message stands in a member's chat. One that was changed is as old as it was."""
    again = () if part is None else ("part",)
    values = {"member_id": member_id, "message_id": message_id, "at": tx.now, "part": part}
    tx.execute(upsert_of(tx, in_chat, ("member_id", "message_id"), again), values)


def part_of(tx: Reading, member_id: int, message_id: int) -> str | None:
    """What a message is for; None for one that stays, or is too old to be removed."""
    found = tx.execute(_PART_OF, {"here": member_id, "message": message_id}).one_or_none()
    return None if found is None or _is_old(tx, found.at) else found.part


def has_outlived(tx: Reading, member_id: int, message_id: int) -> bool:
    """Whether a message is for something and would go once that is done, but is too old to be removed."""
    found = tx.execute(_PART_OF, {"here": member_id, "message": message_id}).one_or_none()
    return found is not None and found.part is not None and _is_old(tx, found.at)


def asked(tx: Reading) -> Sequence[Asked]:
    """Every question that stands in some chat and may be over without an answer there."""
    return [Asked(*row) for row in tx.execute(_ASKED)]


def answered(tx: Tx, member_id: int, message_id: int) -> None:
    """A message is no question any more; it still stands there."""
    tx.execute(_ANSWERED, {"here": member_id, "message": message_id})


def newest(tx: Reading, member_id: int, part: str) -> int | None:
    """The newest message of a part; None when nothing of it stands there."""
    return tx.execute(_NEWEST, {"here": member_id, "of": part}).scalar()


def take(tx: Tx, member_id: int, part: str, *, but: int | None = None) -> Stood:
    """The messages of a part, `but` one; they are forgotten here."""
    return _taken(tx, _TAKE, here=member_id, of=part, but=but or 0)


def take_each(tx: Tx, member_ids: Collection[int], part: str) -> Mapping[int, Stood]:
    """The messages of a part in the chats of these members; they are forgotten here."""
    found: dict[int, list[tuple[int, datetime]]] = {}
    if member_ids:
        for row in tx.execute(_TAKE_EACH, {"these": list(member_ids), "of": part}):
            found.setdefault(row.member_id, []).append((row.message_id, row.at))
    return {member_id: _by_age(tx, some) for member_id, some in found.items()}


def take_all(tx: Tx, member_id: int) -> Stood:
    """Every message that may still stand there; they are forgotten here."""
    return _taken(tx, _TAKE_ALL, here=member_id)


def by_age(tx: Reading, member_id: int, message_ids: Sequence[int]) -> Stood:
    """These messages by their age; what is not known here may be of any."""
    wanted = {"here": member_id, "after": tx.now - REMOVABLE, "these": list(message_ids)}
    young = set(tx.execute(_YOUNG_OF, wanted).scalars()) if message_ids else set[int]()
    return Stood([one for one in message_ids if one in young], [one for one in message_ids if one not in young])


def left_over(tx: Reading) -> Sequence[int]:
    """Members who take part no more, and in whose chat something stands all the same.

    It came in the same moment, by another process on the same database: neither has seen what the other did.
    """
    return sorted(tx.execute(_LEFT).scalars())


def forget_old(tx: Tx) -> None:
    """Drops what hardly anybody scrolls back to."""
    tx.execute(delete(in_chat).where(in_chat.c.at < tx.now - REMEMBERED))


def _taken(tx: Tx, query: ReturningDelete[int, datetime], **wanted: object) -> Stood:
    return _by_age(tx, [tuple(row) for row in tx.execute(query, wanted)])


def _by_age(tx: Reading, messages: Sequence[tuple[int, datetime]]) -> Stood:
    found = sorted(messages)
    old = [message_id for message_id, at in found if _is_old(tx, at)]
    return Stood([message_id for message_id, _ in found if message_id not in old], old)


def _is_old(tx: Reading, at: datetime) -> bool:
    return tx.now - at > REMOVABLE
