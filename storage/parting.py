"""A case whose person has deleted everything while a lawyer had it: for a day its claimer can still open it.

Every function runs inside a change.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from storage.case import Claimed, Parted, turned
from storage.case_rows import CLAIM, LINK, gone_with_case, set_columns
from storage.schema import (
    Exact,
    as_they_rest,
    case_file,
    contact,
    handoff,
    intake,
    offer,
    relay,
    sent_file,
    undoing,
    writing,
)
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx

OPEN_FOR = timedelta(hours=24)
_GONE = (
    *gone_with_case(handoff, intake, relay, writing, offer, contact, undoing),
    *(one.where(sent_file.c.seq.is_(None)) for one in gone_with_case(sent_file)),  # on its way, or lost
)


def begins(tx: Tx, case: Claimed) -> Parted:
    """What leads to the person goes, and what the server itself can read; the sealed record and its wraps stay."""
    for one in _GONE:
        tx.execute(one, {"row": case.row})
    until = as_they_rest(case_file, {"erase_at": tx.now + OPEN_FOR})
    set_columns(tx, case.row, **{**LINK, **CLAIM, "deputy": None, "hidden": 0, **until})
    gone = {"chat_look_up": None, "chat_id": None, "card_message": None, "hidden": False, "behind": False}
    return turned(case, Parted, by=case.claim.by, erase_at=until["erase_at"], **gone)


def every(tx: Reading) -> Sequence[int]:
    """The rows of all of them, the oldest first."""
    return list(tx.execute(_EVERY).scalars())


def left_to(tx: Reading, member_id: int) -> Sequence[int]:
    """The rows of those that a member can open."""
    return list(tx.execute(_EVERY.where(case_file.c.claimed_by == member_id)).scalars())


def over(tx: Reading) -> Sequence[int]:
    """The rows of those whose day is over."""
    return list(tx.execute(_OVER, {"now": tx.now}).scalars())


def end_no_later_than(tx: Tx, latest: datetime) -> None:
    """The clock was set back: none is kept for longer than one that begins now."""
    late = case_file.c.erase_at > latest
    tx.execute(case_file.update().where(late).values(erase_at=latest))


_NOW = bindparam("now", type_=Exact())
_EVERY = select(case_file.c.id).where(case_file.c.erase_at.is_not(None)).order_by(case_file.c.id)
_OVER = (
    select(case_file.c.id)
    .where(case_file.c.erase_at <= _NOW, may_be_tried(_NOW, "parting", case_file.c.id))
    .order_by(case_file.c.id)
)
