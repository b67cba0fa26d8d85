"""Which cases the ladder looks at, and whose card must not show the code any more.

Every function runs inside a change.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from flows.model import Level
from storage.case import Status
from storage.schema import Exact, case_file, handoff
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx

MOST_DUE = 100


def due(tx: Reading) -> Sequence[int]:
    """The cases whose ladder has something to do; nothing of them is opened here."""
    return list(tx.execute(_ARE_DUE, {"now": tx.now}).scalars())


def take(tx: Tx, case_row: int) -> bool:
    """True when a case's is still due and no other process has it in hand; until the end of the change none has."""
    return tx.execute(_STILL_DUE, {"now": tx.now, "row": case_row}).first() is not None


def crowd(tx: Reading, since: datetime, *, unanswered: bool) -> int:
    """How many critical cases have come since then and wait: those with an answer, or those without one."""
    return int(tx.execute(_CROWD, {"since": since, "silent": int(unanswered)}).scalar_one())


def without_due_time(tx: Tx) -> int:
    """The reconciler: gives each live case that has lost its due time one; returns how many."""
    handed = select(case_file.c.id).where(case_file.c.status.in_([Status.waiting, Status.claimed]))
    lost = handoff.c.case_row.in_(handed) & handoff.c.next_due_at.is_(None) & (handoff.c.muted == 0)
    return tx.execute(update(handoff).where(lost).values(next_due_at=tx.at_once)).rowcount


def show_code(tx: Tx, case_row: int, until: datetime | None) -> None:
    """So long the person's card shows the code; None when it is gone from there."""
    tx.execute(_SHOWN_UNTIL, {"row": case_row, "code_until": until})


def codes_to_hide(tx: Reading) -> Sequence[int]:
    """The cases whose card must not show the code any more."""
    return list(tx.execute(_CODES, {"now": tx.now}).scalars())


# Made once: the bot asks every second, and at every ring.
_SHOWN_UNTIL = update(handoff).where(handoff.c.case_row == bindparam("row"))
_NOW = bindparam("now", type_=Exact())
_CODES = (
    select(handoff.c.case_row)
    .where(handoff.c.code_until <= _NOW, may_be_tried(_NOW, "code", handoff.c.case_row))
    .limit(MOST_DUE)
)
_IS_DUE = (handoff.c.next_due_at <= _NOW) & (handoff.c.muted == 0) & may_be_tried(_NOW, "handoff", handoff.c.case_row)
_ARE_DUE = (
    select(handoff.c.case_row)
    .where(_IS_DUE)
    .order_by(handoff.c.unanswered, handoff.c.next_due_at)  # who has named a danger goes before who has said nothing
    .limit(MOST_DUE)
)
_STILL_DUE = (
    select(handoff.c.case_row).where(handoff.c.case_row == bindparam("row"), _IS_DUE).with_for_update(skip_locked=True)
)
_CROWD = (
    select(func.count())
    .select_from(case_file.join(handoff, handoff.c.case_row == case_file.c.id))
    .where(
        case_file.c.status == Status.waiting,
        case_file.c.level == Level.critical,
        handoff.c.began_at >= bindparam("since", type_=Exact()),
        handoff.c.muted == 0,
        handoff.c.unanswered == bindparam("silent"),
    )
)
