"""The last wall time that was seen: a clock that is set back must delay nothing that is due.

Due times are UTC rows. When the clock has been set back, every due time is set back by as much, so that what was due in
five minutes is still due in five minutes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import Table, and_, bindparam, delete, insert, or_, select, update

from storage import parting
from storage.case import Status
from storage.outbox import TAKEN_FOR
from storage.schema import (
    alert,
    case_file,
    contact,
    delivered,
    handoff,
    intake,
    list_card,
    outbox,
    relay,
    seen_time,
    trouble,
    writing,
)
from storage.tx import Reading, Tx

# Clocks of several machines differ a little; on one machine a second back is a step.
TOLERATED, TOLERATED_SHARED = timedelta(seconds=1), timedelta(seconds=60)
LONGEST_INTAKE = timedelta(hours=72)  # the most that intake.expires_after may be (bot/settings.py)
# Times of the bot's own work. Legal deadlines, shifts and days of retention are times of the calendar: they stay.
_TIMES = (
    (case_file, ("claimed_at",)),
    (alert, ("at", "told_at", "outside_at")),
    (list_card, ("rang_at",)),
    (delivered, ("at",)),
    (relay, ("at", "shown_at")),
    (contact, ("seen_at", "spoke_at", "acted_at", "asked_at", "raised_at")),
    (writing, ("at",)),
    (handoff, ("next_due_at", "lease_until", "backstop_at", "code_until")),
    (intake, ("call_due_at", "touched_at")),
    (outbox, ("next_at",)),
    (trouble, ("next_at",)),
)
_KEPT = select(seen_time.c.at).where(seen_time.c.id == bindparam("which"))


class Moment(IntEnum):
    """Moments that are kept: the rows of their table."""

    last = 1  # the last wall time that was seen
    sure = 2  # the last time that was not later than the true one (bot/clock.py)
    erasing = 3  # when coordinators were told that many cases are about to be erased: those that were
    closed_before = 4  # closed before this, or
    unclaimed_before = 5  # not taken and of a day before this one's
    told_clock = 6  # when coordinators were told that the clock is wrong
    told_unreadable = 7  # when they were told of rows that cannot be read


def kept(tx: Reading, which: Moment) -> datetime | None:
    """A moment, None when there is none."""
    return tx.execute(_KEPT, {"which": which.value}).scalar()


def keep(tx: Tx, which: Moment, at: datetime | None) -> None:
    """Keeps a moment in place of the one before, or forgets it."""
    tx.execute(delete(seen_time).where(seen_time.c.id == which.value))
    if at is not None:
        tx.execute(insert(seen_time).values(id=which.value, at=at))


def see(tx: Tx, *, shared: bool) -> timedelta:
    """Remembers `now`; by how much the clock has been set back since the last time, zero when it has not."""
    last = tx.execute(select(seen_time.c.at).where(seen_time.c.id == 1).with_for_update()).scalar()
    if last is None:
        tx.execute(insert(seen_time).values(id=1, at=tx.now))
        return timedelta()
    back: timedelta = last - tx.now
    if timedelta() < back <= (TOLERATED_SHARED if shared else TOLERATED):
        return timedelta()
    if back > timedelta():
        set_back(tx, back)
        return back
    tx.execute(update(seen_time).where(seen_time.c.id == 1).values(at=tx.now))
    return timedelta()


def set_back(tx: Tx, back: timedelta) -> None:
    """Sets times back by as much as the clock was; it shows `tx.now`, and this step is not seen a second time.

    Only what would lie ahead is set back: what had come before the clock went wrong stays where it was. But a ladder
    counts from when it began and rang, and nobody knows which clock said so: it comes rather too early. An intake
    expires no earlier for it, and no later than one that begins now.
    """
    tx.execute(update(seen_time).where(seen_time.c.id == Moment.last.value).values(at=tx.now))
    for table, names in _TIMES:
        _set_table_back(tx, table, names, back)
    for row, began, rang in tx.execute(select(handoff.c.case_row, handoff.c.began_at, handoff.c.rang_at)).all():
        counted = {"began_at": began - back, "rang_at": None if rang is None else rang - back}
        tx.execute(update(handoff).where(handoff.c.case_row == row).values(**counted))
    held = tx.now + TAKEN_FOR  # what is on its way stays in hand, or it would go out a second time
    tx.execute(update(outbox).where(outbox.c.taken_until > held).values(taken_until=held))
    if (erasing := kept(tx, Moment.erasing)) is not None and erasing > tx.now:
        keep(tx, Moment.erasing, tx.now)
    late = case_file.c.closed_at > tx.now
    tx.execute(update(case_file).where(late).values(closed_at=tx.now))  # kept no longer than what is closed now
    parting.end_no_later_than(tx, tx.now + parting.OPEN_FOR)
    tomorrow = tx.now.date() + timedelta(days=1)
    tx.execute(update(case_file).where(case_file.c.created_on > tomorrow).values(created_on=tomorrow))
    latest = tx.now + LONGEST_INTAKE
    tx.execute(update(intake).where(intake.c.expires_at > latest).values(expires_at=latest))


def _set_table_back(tx: Tx, table: Table, names: Sequence[str], back: timedelta) -> None:
    """The times of one table that lie ahead."""
    keys = list(table.primary_key.columns)
    ahead = or_(*(table.c[name] > tx.now for name in names))
    for row in tx.execute(select(*keys, *(table.c[name] for name in names)).where(ahead)).all():
        here = and_(*(key == value for key, value in zip(keys, row, strict=False)))
        times = zip(names, row[len(keys) :], strict=True)
        values = {name: at - back for name, at in times if at is not None and at > tx.now}
        tx.execute(update(table).where(here).values(**values))


def set_ahead(tx: Tx, by: timedelta) -> None:
    """The clock was set ahead, or nobody ran for so long: claims go on for as long as they would have.

    What else is due is due: an alert that comes too early costs little.
    """
    leased = select(handoff.c.case_row, handoff.c.lease_until).where(handoff.c.lease_until.is_not(None))
    for row, until in tx.execute(leased).all():
        here = case_file.c.id == row
        claimed = tx.execute(select(case_file.c.claimed_at).where(here, case_file.c.status == Status.claimed)).scalar()
        if claimed is not None:
            tx.execute(update(case_file).where(here).values(claimed_at=claimed + by))
            due = {"lease_until": until + by, "next_due_at": tx.at_once}  # looked at now, which finds the next moment
            tx.execute(update(handoff).where(handoff.c.case_row == row).values(**due))
