"""The last wall time that was seen: a clock that is set back must delay nothing that is due.

Due times are UTC rows. When the clock has been set back, every due time is set back by as much, so that what was due in
five minutes is still due in five minutes.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, insert, or_, select, update

from storage.schema import alert, case_file, delivered, handoff, intake, list_card, outbox, relay, seen_time, writing
from storage.tx import Reading, Tx

# Clocks of several machines differ a little; on one machine a second back is a step.
TOLERATED, TOLERATED_SHARED = timedelta(seconds=1), timedelta(seconds=60)
# Times of the bot's own work. Legal deadlines, shifts and days of retention are times of the calendar: they stay.
_DUE = (
    (case_file, ("claimed_at",)),
    (alert, ("at", "outside_at")),
    (list_card, ("rang_at",)),
    (delivered, ("at",)),
    (relay, ("at", "shown_at")),
    (writing, ("at",)),
    (handoff, ("began_at", "rang_at", "next_due_at", "lease_until", "backstop_at")),
    (intake, ("call_due_at", "expires_at", "touched_at")),
    (outbox, ("next_at", "taken_until")),
)


def last(tx: Reading) -> datetime | None:
    """The last wall time that was seen; None before the first."""
    found: datetime | None = tx.execute(select(seen_time.c.at).where(seen_time.c.id == 1)).scalar()
    return found


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
    """Sets every due time back by as much as the clock was; it shows `now`, and this step is not seen a second time."""
    tx.execute(update(seen_time).where(seen_time.c.id == 1).values(at=tx.now))
    for table, names in _DUE:
        keys = list(table.primary_key.columns)
        known = or_(*(table.c[name].is_not(None) for name in names))
        for row in tx.execute(select(*keys, *(table.c[name] for name in names)).where(known)).all():
            here = and_(*(key == value for key, value in zip(keys, row, strict=False)))
            times = zip(names, row[len(keys) :], strict=True)
            values = {name: at - back for name, at in times if at is not None}
            tx.execute(update(table).where(here).values(**values))
