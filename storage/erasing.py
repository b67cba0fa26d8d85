"""The end of a case: which have been kept long enough, what is destroyed, and what its code still says for a day.

Every function runs inside a change.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from storage.case import Case, Status
from storage.case_rows import CLAIM, LINK, WISH, gone_with_case, set_columns
from storage.record import GENESIS
from storage.schema import (
    Exact,
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
_GONE = gone_with_case(wrap, entry, sent_file, handoff, intake, relay, writing, offer, contact, undoing)


def past_retention(tx: Reading, *, closed_before: datetime, unclaimed_before: date) -> Sequence[int]:
    """The rows of cases that have been kept long enough: closed, never taken, or taken and long without a word.

    Of the last kind only those of which that was told `ENDS_AFTER` ago.
    """
    values: dict[str, object] = {"closed": closed_before, "unclaimed": unclaimed_before, "now": tx.now}
    values |= {"told": tx.now - ENDS_AFTER, "silent": datetime.combine(unclaimed_before, time(), UTC)}
    return list(tx.execute(_PAST_RETENTION, values).scalars())


def ending(tx: Reading, silent_before: datetime) -> Sequence[int]:
    """The rows of claimed cases that are erased soon, since nothing is heard, and of which nobody was told so."""
    return list(tx.execute(_ENDING, {"silent": silent_before, "now": tx.now}).scalars())


def erase(tx: Tx, case: Case, *, wish: bool = False) -> None:
    """Destroys a case: wraps, entries, handoff, the link to the chat. `wish`: its person's.

    For a day its code still says so.
    """
    for gone in _GONE:
        tx.execute(gone, {"row": case.row})
    nobody = {"claimed_by": None, "deputy": None, "outcome": WISH if wish else None, "hidden": 0, "erase_at": None}
    nothing = {"seq": 0, "head": GENESIS, "recipient": ""}
    set_columns(tx, case.row, status=Status.erased, closed_at=tx.now, **{**LINK, **CLAIM, **nobody, **nothing})
    _forget_times(tx, [case.row])


def forget_over(tx: Tx) -> None:
    """Of a case that was erased a day ago nothing is left, nor is anybody told of it any more.

    Of one that was closed, nobody knows when who was told; not before a false alarm can be undone no more.
    """
    _forget_times(tx, list(tx.execute(_TIMED, {"now": tx.now}).scalars()))
    rows = list(tx.execute(_LONG_ERASED, {"before": tx.now - ERASED_FOR}).scalars())
    if rows:
        about = trouble.c.what.in_(["handoff", "retention", "parting"]) & trouble.c.which.in_(
            [str(one) for one in rows]
        )
        tx.execute(delete(trouble).where(about))
        tx.execute(delete(outbox).where(outbox.c.case_row.in_(rows)))
        tx.execute(delete(case_file).where(case_file.c.id.in_(rows)))


def _forget_times(tx: Tx, case_rows: Sequence[int]) -> None:
    """Who was told stays, so that their cards can be brought up to date; not when."""
    gone = {"at": None, "told_at": None, "outside_at": None}
    if case_rows:
        tx.execute(update(alert).where(alert.c.case_row.in_(case_rows)).values(**gone))


# Asked every few seconds, so they are made once.
_NOW, _SILENT = bindparam("now", type_=Exact()), bindparam("silent", type_=Exact())
_CLOSED = (case_file.c.status == Status.closed) & (case_file.c.closed_at < bindparam("closed", type_=Exact()))
_NEVER_TAKEN = (case_file.c.status == Status.waiting) & (case_file.c.created_on < bindparam("unclaimed"))
_SPOKE = select(contact.c.spoke_at).where(contact.c.case_row == case_file.c.id).scalar_subquery()
_HEARD = func.coalesce(_SPOKE, case_file.c.contacted_at, case_file.c.claimed_at)
# Claimed, and without a word from either side since before a moment.
_IS_SILENT = (case_file.c.status == Status.claimed) & (_HEARD < _SILENT)
_ARE_TOLD = select(contact.c.case_row).where(contact.c.ending_at <= bindparam("told", type_=Exact()))
_PAST_RETENTION = (
    select(case_file.c.id)
    .where(
        _CLOSED | _NEVER_TAKEN | (_IS_SILENT & case_file.c.id.in_(_ARE_TOLD)),
        may_be_tried(_NOW, "retention", case_file.c.id),
    )
    .order_by(case_file.c.id)
)
_TOLD = select(contact.c.case_row).where(contact.c.ending_at.is_not(None))
_ENDING = (
    select(case_file.c.id)
    .where(_IS_SILENT, case_file.c.id.not_in(_TOLD), may_be_tried(_NOW, "ending", case_file.c.id))
    .order_by(case_file.c.id)
)
_UNDONE = select(undoing.c.case_row).where(undoing.c.ends_at > _NOW)
_OVER = (case_file.c.closed_at <= _NOW) & case_file.c.id.not_in(_UNDONE)
_CLOSED_BEFORE = select(case_file.c.id).where(case_file.c.status == Status.closed, _OVER)
_TIMED = select(alert.c.case_row).where(alert.c.at.is_not(None), alert.c.case_row.in_(_CLOSED_BEFORE)).distinct()
_LONG_ERASED = select(case_file.c.id).where(
    case_file.c.status == Status.erased, case_file.c.closed_at <= bindparam("before", type_=Exact())
)
