"""Cases that have come to the end of their time: announced when they are many, then erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.handoff.calls import Calls
from bot.handoff.claims import Claims
from bot.handoff.queue import Queue
from bot.logs import log
from bot.settings import RetentionSettings
from storage import erasing, seen_time
from storage.case import Claimed
from storage.cases import Cases
from storage.erasing import ENDS_AFTER
from storage.outbox import LineKind
from storage.seen_time import Moment
from storage.tx import Reading, Tx

A_DAY = timedelta(days=1)
MOST_ERASED = 10  # more cases than this are erased only a day after the coordinators have heard of it
_NOTICE = (Moment.erasing, Moment.closed_before, Moment.unclaimed_before)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Every method runs inside a change. `kept`: for how long cases are."""

    cases: Cases
    queue: Queue
    calls: Calls
    claims: Claims
    kept: RetentionSettings

    def announce(self, tx: Tx) -> None:
        """Many cases that are about to be erased are told to the coordinators a day before; a few are not."""
        told, rows = pending(tx), set(self._past(tx))
        if told is not None and not rows & self._announced(tx, told):
            forget_announced(tx)
            told = None
        if told is None and len(rows) > MOST_ERASED:
            log.warning("many cases are erased in a day: their time is over", count=len(rows))
            seen_time.keep(tx, Moment.erasing, tx.now)
            closed, unclaimed = self._limits(tx.now)
            seen_time.keep(tx, Moment.closed_before, closed)
            seen_time.keep(tx, Moment.unclaimed_before, datetime.combine(unclaimed, time(), UTC))
            self.queue.to_coordinators(tx, LineKind.erasing, count=len(rows))

    def waiting(self, tx: Reading) -> Waiting | None:
        """The cases that are erased once their day of notice is over; None when there are none."""
        told = pending(tx)
        count = 0 if told is None else len(set(self._past(tx)) & self._announced(tx, told))
        return None if told is None or count == 0 else Waiting(count, told.at + A_DAY)

    def over(self, tx: Reading) -> Sequence[int]:
        """Those whose notice is over, and of the others a few: what has come since is no part of the notice."""
        rows, told = self._past(tx), pending(tx)
        known = frozenset[int]() if told is None else self._announced(tx, told)
        fresh = [row for row in rows if row not in known]
        noticed = [row for row in rows if row in known] if told is not None and tx.now - told.at >= A_DAY else []
        return [*noticed, *(fresh if len(fresh) <= MOST_ERASED else ())]

    def erase(self, tx: Tx, row: int) -> None:
        """The case is erased."""
        self.calls.erased(tx, self.cases.get(tx, row))

    def about_to_end(self, tx: Reading) -> Sequence[int]:
        """Claims in which neither side has said anything for long."""
        return erasing.ending(tx, tx.now - self.kept.unclaimed_after + ENDS_AFTER)

    def tell_of_the_end(self, tx: Tx, row: int) -> None:
        """A silent claim is told that its case will be erased."""
        case = self.cases.get(tx, row)
        if isinstance(case, Claimed):
            self.claims.ends(tx, case, self.kept.unclaimed_after)

    def _limits(self, now: datetime) -> tuple[datetime, date]:
        return now - self.kept.closed_after, self.calls.place.today(now - self.kept.unclaimed_after)

    def _past(self, tx: Reading) -> Sequence[int]:
        closed, unclaimed = self._limits(tx.now)
        return erasing.past_retention(tx, closed_before=closed, unclaimed_before=unclaimed)

    def _announced(self, tx: Reading, told: Announced) -> frozenset[int]:
        before, unclaimed = told.closed_before, told.unclaimed_before.date()
        return frozenset(erasing.past_retention(tx, closed_before=before, unclaimed_before=unclaimed))


def pending(tx: Reading) -> Announced | None:
    """The erasure that coordinators were told of."""
    at, closed, unclaimed = (seen_time.kept(tx, moment) for moment in _NOTICE)
    return None if at is None or closed is None or unclaimed is None else Announced(at, closed, unclaimed)


def forget_announced(tx: Tx) -> None:
    """That erasure is over, or there is nothing left of it."""
    for moment in _NOTICE:
        seen_time.keep(tx, moment, None)
