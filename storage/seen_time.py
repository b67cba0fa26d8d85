"""The last wall time that was seen: a clock that is set back must delay nothing that is due.

Due times are UTC rows. When the clock has been set back, every due time is set back by as much, so that what was due in
five minutes is still due in five minutes.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from storage.schema import handoff, intake, outbox, seen_time

# Clocks of several machines differ a little; on one machine a second back is a step.
TOLERATED, TOLERATED_SHARED = timedelta(seconds=1), timedelta(seconds=60)
_DUE = (
    (handoff, ("began_at", "rang_at", "next_due_at", "lease_until", "backstop_at")),
    (intake, ("call_due_at", "expires_at", "touched_at")),
    (outbox, ("next_at", "taken_until")),
)


def see(connection: Connection, now: datetime, *, shared: bool) -> timedelta:
    """Remembers `now`; by how much the clock has been set back since the last time, zero when it has not."""
    last = connection.execute(select(seen_time.c.at).where(seen_time.c.id == 1).with_for_update()).scalar()
    if last is None:
        connection.execute(insert(seen_time).values(id=1, at=now))
        return timedelta()
    back: timedelta = last - now
    if timedelta() < back <= (TOLERATED_SHARED if shared else TOLERATED):
        return timedelta()
    connection.execute(update(seen_time).where(seen_time.c.id == 1).values(at=now))
    if back <= timedelta():
        return timedelta()
    set_back(connection, back)
    return back


def set_back(connection: Connection, back: timedelta) -> None:
    """Sets every due time back by as much as the clock was."""
    for table, names in _DUE:
        key = next(iter(table.primary_key.columns))
        for row in connection.execute(select(key, *(table.c[name] for name in names))).all():
            times = {name: at - back for name, at in zip(names, row[1:], strict=True) if at is not None}
            if times:
                connection.execute(update(table).where(key == row[0]).values(**times))
