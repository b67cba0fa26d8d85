"""What could not be done: which row or job, how often it was tried, when it is tried again, and who was told.

A row that fails is left alone for a pause that grows, and is set aside after `MOST_TRIES`; then `pana doctor` counts it
and the coordinators hear of it once. Only the class of the error is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, String, bindparam, case, cast, delete, func, insert, or_, select, update

from storage.schema import Exact, trouble
from storage.tx import Reading, Tx

MOST_TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
TOLD_EVERY = timedelta(hours=24)
KEPT_FOR = timedelta(days=7)
_OLD = delete(trouble).where(trouble.c.at < bindparam("before", type_=Exact()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """How things stand with one row or job. `aside`: it is not tried any more. `tell`: this time it is news."""

    what: str
    which: str
    tries: int
    pause: timedelta
    aside: bool
    tell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows of one kind are in trouble, how many of them for long, and the class of an error."""

    what: str
    rows: int
    for_long: int
    error_class: str


def pause_after(tries: int) -> timedelta:
    """How long is waited after so many tries: twice as long each time, ten minutes at the most."""
    pause = FIRST_PAUSE * int(2 ** min(tries - 1, 20))
    return min(pause, LONGEST_PAUSE)


def happened(tx: Tx, what: str, which: str, error_class: str, *, for_good: bool = True) -> Trouble:
    """One more try has failed. `for_good`: after `MOST_TRIES` it is set aside; else it is tried on and on."""
    mine = (trouble.c.what == what) & (trouble.c.which == which)
    before = tx.execute(tx.held(select(trouble.c.tries).where(mine))).scalar()
    tries = (before or 0) + 1
    aside, enough = for_good and tries >= MOST_TRIES, tries >= MOST_TRIES
    pause = pause_after(tries)
    lately = (trouble.c.what == what) & (trouble.c.told_at > tx.now - TOLD_EVERY)
    tell = enough and tx.execute(select(trouble.c.which).where(lately)).first() is None
    values: dict[str, object] = {"error_class": error_class[:80], "tries": tries, "at": tx.now}
    values["next_at"] = None if aside else tx.now + pause
    if tell:
        values["told_at"] = tx.now
    if before is not None:
        tx.execute(update(trouble).where(mine).values(**values))
    else:
        tx.execute(insert(trouble).values(what=what, which=which, **values))
    return Trouble(what=what, which=which, tries=tries, pause=pause, aside=aside, tell=tell)


def over(tx: Tx, what: str, which: str) -> None:
    """It has worked, or there is nothing left to do. That it was told stays known for its day."""
    mine = (trouble.c.what == what) & (trouble.c.which == which)
    told = mine & (trouble.c.told_at > tx.now - TOLD_EVERY)
    if tx.execute(update(trouble).where(told).values(tries=0, next_at=tx.at_once)).rowcount == 0:
        tx.execute(delete(trouble).where(mine))


def aside(what: str) -> ColumnElement[bool]:
    """As part of a query: what was set aside of one kind."""
    return (trouble.c.what == what) & trouble.c.next_at.is_(None)


def once_more(tx: Tx, what: str, rows: Sequence[int]) -> None:
    """There is news for rows that were set aside: each is tried once, and rests again if it still fails."""
    if rows:
        these = trouble.c.which.in_([str(row) for row in rows])
        tx.execute(update(trouble).where(aside(what), these).values(next_at=tx.at_once))


def known(tx: Reading) -> Sequence[tuple[str, str]]:
    """What has failed and which, as far as it was not over when it was kept."""
    return [(row.what, row.which) for row in tx.execute(select(trouble.c.what, trouble.c.which)).all()]


def may_be_tried(now: datetime | ColumnElement[datetime], what: str, row: Column[int]) -> ColumnElement[bool]:
    """As part of a query for rows of one kind: true for those that are not to be left alone now.

    Of a query that is made beforehand `now` is a parameter.
    """
    rests = or_(trouble.c.next_at.is_(None), trouble.c.next_at > now)
    return cast(row, String).not_in(select(trouble.c.which).where(trouble.c.what == what, rests))


def counted(tx: Reading) -> Sequence[Count]:
    """What is in trouble, by kind."""
    for_long = func.sum(case((trouble.c.tries >= MOST_TRIES, 1), else_=0))
    query = select(trouble.c.what, func.count(), for_long, func.max(trouble.c.error_class)).where(trouble.c.tries > 0)
    rows = tx.execute(query.group_by(trouble.c.what).order_by(trouble.c.what)).all()
    return [Count(what=row[0], rows=row[1], for_long=int(row[2]), error_class=row[3]) for row in rows]


def forget_old(tx: Tx) -> None:
    """Drops what has not been tried for a week: its row is gone, or was looked after by hand."""
    tx.execute(_OLD, {"before": tx.now - KEPT_FOR})
