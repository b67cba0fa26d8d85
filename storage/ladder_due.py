"""Which cases the ladder looks at, and whose card must not show the code any more.

Every function runs inside a change.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from flows.model import Level
from storage.case import Status
from storage.schema import case_file, handoff
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx

MOST_DUE = 100


def due(tx: Reading) -> Sequence[int]:
    """The cases whose ladder has something to do; nothing of them is opened here."""
    first = (handoff.c.unanswered, handoff.c.next_due_at)  # who has named a danger goes before who has said nothing
    query = select(handoff.c.case_row).where(_is_due(tx)).order_by(*first).limit(MOST_DUE)
    return list(tx.execute(query).scalars())


def take(tx: Tx, case_row: int) -> bool:
    """True when a case's is still due and no other process has it in hand; until the end of the change none has."""
    query = select(handoff.c.case_row).where(handoff.c.case_row == case_row, _is_due(tx))
    return tx.execute(query.with_for_update(skip_locked=True)).first() is not None


def crowd(tx: Reading, since: datetime, *, unanswered: bool) -> int:
    """How many critical cases have come since then and wait: those with an answer, or those without one."""
    wanted = (
        (case_file.c.status == Status.waiting)
        & (case_file.c.level == Level.critical)
        & (handoff.c.began_at >= since)
        & (handoff.c.muted == 0)
        & (handoff.c.unanswered == int(unanswered))
    )
    both = case_file.join(handoff, handoff.c.case_row == case_file.c.id)
    query = select(func.count()).select_from(both).where(wanted)
    return int(tx.execute(query).scalar_one())


def without_due_time(tx: Tx) -> int:
    """The reconciler: gives each live case that has lost its due time one; returns how many."""
    handed = select(case_file.c.id).where(case_file.c.status.in_([Status.waiting, Status.claimed]))
    lost = handoff.c.case_row.in_(handed) & handoff.c.next_due_at.is_(None) & (handoff.c.muted == 0)
    return tx.execute(update(handoff).where(lost).values(next_due_at=tx.at_once)).rowcount


def show_code(tx: Tx, case_row: int, until: datetime | None) -> None:
    """So long the person's card shows the code; None when it is gone from there."""
    tx.execute(update(handoff).where(handoff.c.case_row == case_row).values(code_until=until))


def codes_to_hide(tx: Reading) -> Sequence[int]:
    """The cases whose card must not show the code any more."""
    here = (handoff.c.code_until <= tx.now) & may_be_tried(tx, "code", handoff.c.case_row)
    return list(tx.execute(select(handoff.c.case_row).where(here).limit(MOST_DUE)).scalars())


def _is_due(tx: Reading) -> ColumnElement[bool]:
    due = (handoff.c.next_due_at <= tx.now) & (handoff.c.muted == 0)
    return due & may_be_tried(tx, "handoff", handoff.c.case_row)
