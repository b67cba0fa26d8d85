"""The end of a case: which have been kept long enough, what is destroyed, and what its code still says for a day.

Every function runs inside a change.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from storage.case import Case, Status
from storage.case_rows import CLAIM, LINK, WISH, set_columns
from storage.record import GENESIS
from storage.schema import (
    alert,
    case_file,
    contact,
    entry,
    handoff,
    intake,
    offer,
    outbox,
    relay,
    sent_file,
    trouble,
    undoing,
    wrap,
    writing,
)
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx

ENDS_AFTER = timedelta(days=7)  # a silent claim is erased so long after it was told
ERASED_FOR = timedelta(hours=24)


def past_retention(tx: Reading, *, closed_before: datetime, unclaimed_before: date) -> Sequence[int]:
    """The rows of cases that have been kept long enough: closed, never taken, or taken and long without a word.

    Of the last kind only those of which that was told `ENDS_AFTER` ago.
    """
    closed = (case_file.c.status == Status.closed) & (case_file.c.closed_at < closed_before)
    never_taken = (case_file.c.status == Status.waiting) & (case_file.c.created_on < unclaimed_before)
    told = select(contact.c.case_row).where(contact.c.ending_at <= tx.now - ENDS_AFTER)
    silent = _is_silent(datetime.combine(unclaimed_before, time(), UTC)) & case_file.c.id.in_(told)
    here = (closed | never_taken | silent) & may_be_tried(tx, "retention", case_file.c.id)
    return list(tx.execute(select(case_file.c.id).where(here).order_by(case_file.c.id)).scalars())


def ending(tx: Reading, silent_before: datetime) -> Sequence[int]:
    """The rows of claimed cases that are erased soon, since nothing is heard, and of which nobody was told so."""
    told = select(contact.c.case_row).where(contact.c.ending_at.is_not(None))
    here = _is_silent(silent_before) & case_file.c.id.not_in(told) & may_be_tried(tx, "ending", case_file.c.id)
    return list(tx.execute(select(case_file.c.id).where(here).order_by(case_file.c.id)).scalars())


def erase(tx: Tx, case: Case, *, wish: bool = False) -> None:
    """Destroys a case: wraps, entries, handoff, the link to the chat. `wish`: its person's.

    For a day its code still says so.
    """
    for table in (wrap, entry, sent_file, handoff, intake, relay, writing, offer, contact, undoing):
        tx.execute(delete(table).where(table.c.case_row == case.row))
    nobody = {"claimed_by": None, "deputy": None, "outcome": WISH if wish else None, "hidden": 0}
    nothing = {"seq": 0, "head": GENESIS, "recipient": ""}
    set_columns(tx, case.row, status=Status.erased, closed_at=tx.now, **{**LINK, **CLAIM, **nobody, **nothing})
    _forget_times(tx, [case.row])


def forget_over(tx: Tx) -> None:
    """Of a case that was erased a day ago nothing is left, nor is anybody told of it any more.

    Of one that was closed, nobody knows when who was told; not before a false alarm can be undone no more.
    """
    undone = select(undoing.c.case_row).where(undoing.c.ends_at > tx.now)
    over = (case_file.c.closed_at <= tx.now) & case_file.c.id.not_in(undone)
    closed = select(case_file.c.id).where(case_file.c.status == Status.closed, over)
    timed = select(alert.c.case_row).where(alert.c.at.is_not(None), alert.c.case_row.in_(closed)).distinct()
    _forget_times(tx, list(tx.execute(timed).scalars()))
    old = (case_file.c.status == Status.erased) & (case_file.c.closed_at <= tx.now - ERASED_FOR)
    rows = list(tx.execute(select(case_file.c.id).where(old)).scalars())
    if rows:
        about = trouble.c.what.in_(["handoff", "retention"]) & trouble.c.which.in_([str(one) for one in rows])
        tx.execute(delete(trouble).where(about))
        tx.execute(delete(outbox).where(outbox.c.case_row.in_(rows)))
        tx.execute(delete(case_file).where(case_file.c.id.in_(rows)))


def _forget_times(tx: Tx, case_rows: Sequence[int]) -> None:
    """Who was told stays, so that their cards can be brought up to date; not when."""
    gone = {"at": None, "told_at": None, "outside_at": None}
    if case_rows:
        tx.execute(update(alert).where(alert.c.case_row.in_(case_rows)).values(**gone))


def _is_silent(before: datetime) -> ColumnElement[bool]:
    """Claimed, and without a word from either side since before a moment."""
    spoke = select(contact.c.spoke_at).where(contact.c.case_row == case_file.c.id).scalar_subquery()
    since = func.coalesce(spoke, case_file.c.contacted_at, case_file.c.claimed_at)
    return (case_file.c.status == Status.claimed) & (since < before)
