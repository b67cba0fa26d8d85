"""Work that time brings, row by row: which rows it is time for, and what is done with one of them.

Each row is a change of its own, so one that fails stops no other (bot/edge.py). Which rows it is time for is looked up
without opening any of them. The running bot does it all the time (bot/watch.py), `pana sweep` once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Protocol

from bot.clock import as_of
from bot.house import House
from bot.logs import log
from bot.seeker.over_time import RENEWED_AFTER, Shown
from storage import seen_time, shown, troubles, updates
from storage.cases import ENDS_AFTER
from storage.errors import NotKept, Refused
from storage.seen_time import Moment
from storage.tx import Reading, Tx


class Do(Protocol):
    """Does the work of one row, inside a change."""

    def __call__(self, tx: Tx, row: int) -> Shown | None: ...


A_DAY = timedelta(days=1)
MOST_ERASED = 10  # more cases than this are erased only a day after the coordinators have heard of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of work. `rows`: those it is time for, some at once; `do`: one of them, and what its chat shows then.

    `given_up`: a row that fails again and again is set aside; not so what calls a lawyer. `together`: so many at once,
    so that nobody who presses a button meanwhile waits for all of them.
    """

    what: str
    rows: Callable[[Reading], Sequence[int]]
    do: Do
    given_up: bool = True
    together: int = 16


@dataclass(frozen=True, slots=True)
class Announced:
    """A mass erasure: when it was told, and which cases it is about (storage/seen_time.py)."""

    at: datetime
    closed_before: datetime
    unclaimed_before: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many cases are erased, and not before when."""

    count: int
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Swept:
    """How many intakes have expired, and which erasure has to wait."""

    expired: int
    waiting: Waiting | None


_NOTICE = (Moment.erasing, Moment.closed_before, Moment.unclaimed_before)


class DueWork:
    """Every kind of it. `destroys`: what must wait for a clock that is believed (bot/clock.py)."""

    def __init__(self, house: House) -> None:
        self._house, self._office = house, house.office
        office = house.office
        self.handoffs = Work(what="handoff", rows=office.cases.handoffs.due, do=self._look, given_up=False)
        calls = partial(office.intakes.due, what="call")
        self.calls = Work(what="call", rows=calls, do=self._call, given_up=False, together=2)
        # What is shown dies with what may be known of it.
        self.veil = Work(what="veil", rows=partial(office.intakes.due, what="veil"), do=house.seeker.over_time.veil)
        self.code = Work(what="code", rows=office.cases.handoffs.codes_to_hide, do=house.seeker.over_time.hide_code)
        self.fade = Work(what="fade", rows=office.relay.to_fade, do=house.seeker.over_time.fade)
        self.shown = (self.veil, self.code, self.fade)
        self.renew = Work(
            what="renew", rows=lambda tx: shown.older(tx, tx.now - RENEWED_AFTER), do=house.seeker.over_time.renew
        )
        self.expiry = Work(what="expiry", rows=partial(office.intakes.due, what="expiry"), do=self._expire)
        self.retention = Work(what="retention", rows=self._to_be_erased, do=self._erase)
        self.unopened = Work(what="unopened", rows=office.relay.overdue, do=self._unopened)
        self.ending = Work(what="ending", rows=self._about_to_end, do=self._ends)
        self.destroys = (self.expiry, self.unopened, self.ending, self.retention)

    def announce(self, tx: Tx) -> None:
        """Many cases that are about to be erased are told to the coordinators a day before; a few are not."""
        told, rows = pending(tx), set(self._past_retention(tx))
        if told is not None and not rows & self._announced(tx, told):
            forget_announced(tx)
            told = None
        if told is None and len(rows) > MOST_ERASED:
            log.warning("many cases are erased in a day: their time is over", count=len(rows))
            seen_time.keep(tx, Moment.erasing, tx.now)
            closed, unclaimed = self._limits(tx.now)
            seen_time.keep(tx, Moment.closed_before, closed)
            seen_time.keep(tx, Moment.unclaimed_before, datetime.combine(unclaimed, time(), UTC))
            self._office.queue.to_coordinators(tx, "erasing", count=len(rows))

    def waiting(self, tx: Reading) -> Waiting | None:
        """The cases that are erased once their day of notice is over; None when there are none."""
        told = pending(tx)
        count = 0 if told is None else len(set(self._past_retention(tx)) & self._announced(tx, told))
        return None if told is None or count == 0 else Waiting(count, told.at + A_DAY)

    def as_of_what_is_kept(self, tx: Reading) -> datetime | None:
        """What counts as now for what destroys, where Telegram is not heard; None: the clock is not believed."""
        return as_of(tx.now, seen_time.kept(tx, Moment.sure), confirmed=False)

    def forget(self, tx: Tx) -> None:
        """What nobody needs any more; draft keys go when no row of their day is left.

        A key is destroyed inside the change, while no other process can add a row: after it one could need that key.
        Should the change be thrown away, nothing is missing: no row needed the key.
        """
        office = self._office
        updates.forget_old(tx)
        troubles.forget_old(tx)
        office.relay.forget_old(tx)
        office.cases.forget_over(tx)
        before = (tx.now - office.settings.intake.expires_after - A_DAY).date()
        office.ring.destroy_drafts(before, but=office.intakes.hold_draft_days(tx))

    def once(self, sure: datetime | None = None) -> Swept:
        """What destroys, once, now. For `pana sweep`, beside a running bot. `sure`: Telegram's time, if it was heard.

        Raises Refused while the clock is not believed.
        """
        database = self._office.database
        wall = database.clock()
        at = as_of(wall, sure, confirmed=True) if sure else database.read(self.as_of_what_is_kept, at=wall)
        if at is None:
            than = "five minutes from Telegram's" if sure else "a day from when the bot was last sure of the time"
            raise Refused(f"the clock is more than {than}, so nothing is erased: set the clock, then run this again")
        self._office.duty.make_ready(database, at)
        database.change(self.announce, at=at)
        done = {work.what: self._all(work, at) for work in self.destroys}
        database.change(self.forget, at=at)
        return Swept(done["expiry"], database.read(self.waiting, at=at))

    def _all(self, work: Work, at: datetime) -> int:
        """Some at once until none is left, or none of them can be done; how many were."""
        database, count = self._office.database, 0
        while done := sum(self._now(work, row, at) for row in database.read(work.rows, at=at)):
            count += done
        return count

    def _now(self, work: Work, row: int, at: datetime) -> bool:
        try:
            self._office.database.change(partial(work.do, row=row), at=at)
        except NotKept:
            raise
        except Exception as error:  # an edge like the bot's own
            self._office.database.change(
                partial(troubles.happened, what=work.what, which=str(row), error_class=type(error).__name__)
            )
            return False
        return True

    # --- one row ---

    def _look(self, tx: Tx, row: int) -> None:
        self._office.calls.look(tx, row)

    def _call(self, tx: Tx, row: int) -> None:
        self._house.intake_to_case.call_after_silence(tx, row)

    def _expire(self, tx: Tx, row: int) -> None:
        self._house.intake_to_case.expire_due(tx, row)

    def _unopened(self, tx: Tx, row: int) -> None:
        self._office.messages.unopened(tx, self._office.cases.get(tx, row))

    def _erase(self, tx: Tx, row: int) -> None:
        self._office.calls.erased(tx, self._office.cases.get(tx, row))

    # --- retention ---

    def _limits(self, now: datetime) -> tuple[datetime, date]:
        kept = self._office.settings.retention
        return now - kept.closed_after, (now - kept.unclaimed_after).date()

    def _past_retention(self, tx: Reading) -> Sequence[int]:
        closed, unclaimed = self._limits(tx.now)
        return self._office.cases.past_retention(tx, closed_before=closed, unclaimed_before=unclaimed)

    def _announced(self, tx: Reading, told: Announced) -> frozenset[int]:
        cases = self._office.cases
        return frozenset(
            cases.past_retention(tx, closed_before=told.closed_before, unclaimed_before=told.unclaimed_before.date())
        )

    def _about_to_end(self, tx: Reading) -> Sequence[int]:
        return self._office.cases.ending(tx, tx.now - self._office.settings.retention.unclaimed_after + ENDS_AFTER)

    def _ends(self, tx: Tx, row: int) -> None:
        self._office.claims.ends(tx, self._office.cases.get(tx, row), self._office.settings.retention.unclaimed_after)

    def _to_be_erased(self, tx: Reading) -> Sequence[int]:
        """Those whose notice is over, and of the others a few: what has come since is no part of the notice."""
        rows, told = self._past_retention(tx), pending(tx)
        known = frozenset[int]() if told is None else self._announced(tx, told)
        fresh = [row for row in rows if row not in known]
        over = [row for row in rows if row in known] if told is not None and tx.now - told.at >= A_DAY else []
        return [*over, *(fresh if len(fresh) <= MOST_ERASED else ())]


def pending(tx: Reading) -> Announced | None:
    """The erasure that coordinators were told of."""
    found = [seen_time.kept(tx, one) for one in _NOTICE]
    at, closed, unclaimed = found
    return None if at is None or closed is None or unclaimed is None else Announced(at, closed, unclaimed)


def forget_announced(tx: Tx) -> None:
    """That erasure is over, or there is nothing left of it."""
    for one in _NOTICE:
        seen_time.keep(tx, one, None)
