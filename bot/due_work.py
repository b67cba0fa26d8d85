"""Work that time brings, row by row: which rows it is time for, and what is done with one of them.

Each row is a change of its own, so one that fails stops no other (bot/edge.py). Which rows it is time for is looked up
without opening any of them. The running bot does it all the time (bot/watch.py), `pana sweep` once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from bot.clock import believed
from bot.conversation.seeker import Shown
from bot.house import House
from bot.logs import log
from storage import seen_time, troubles, updates
from storage.errors import Refused, TryLater
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

    `given_up`: a row that fails again and again is set aside; not so what calls a lawyer.
    """

    what: str
    rows: Callable[[Reading], Sequence[int]]
    do: Do
    given_up: bool = True


class DueWork:
    """Every kind of it. `destroys`: what must wait for a clock that is believed (bot/clock.py)."""

    def __init__(self, house: House) -> None:
        self._house, self._office = house, house.office
        office = house.office
        self.handoffs = Work(what="handoff", rows=office.cases.handoffs.due, do=self._look, given_up=False)
        self.calls = Work(what="call", rows=partial(office.intakes.due, what="call"), do=self._call, given_up=False)
        self.veil = Work(what="veil", rows=partial(office.intakes.due, what="veil"), do=house.seeker.veil)
        self.expiry = Work(what="expiry", rows=partial(office.intakes.due, what="expiry"), do=self._expire)
        self.retention = Work(what="retention", rows=self._to_be_erased, do=self._erase)
        self.destroys = (self.expiry, self.retention)

    def announce(self, tx: Tx) -> None:
        """Many cases that are about to be erased are told to the coordinators a day before; a few are not."""
        count = len(self._past_retention(tx))
        if count <= MOST_ERASED:
            if seen_time.kept(tx, Moment.erasing) is not None and count == 0:
                seen_time.keep(tx, Moment.erasing, None)
            return
        if seen_time.kept(tx, Moment.erasing) is None:
            log.warning("many cases are erased in a day: their time is over", count=count)
            seen_time.keep(tx, Moment.erasing, tx.now)
            self._office.dispatch.to_coordinators(tx, "erasing", count=count)

    def forget(self, tx: Tx) -> None:
        """What nobody needs any more; draft keys go when no row of their day is left."""
        office = self._office
        updates.forget_old(tx)
        troubles.forget_old(tx)
        office.relay.forget_old(tx)
        before, needed = (tx.now - office.settings.intake.expires_after - A_DAY).date(), office.intakes.draft_days(tx)
        tx.after(lambda: office.ring.destroy_drafts(before, but=needed))

    def once(self) -> int:
        """What destroys, once, now; returns how many intakes have expired. For `pana sweep`, beside a running bot.

        Raises Refused while the clock is far from when the bot last believed it.
        """
        database = self._office.database
        if not database.read(lambda tx: believed(tx.now, None, seen_time.kept(tx, Moment.believed))):
            raise Refused(
                "the clock is more than a day from when the bot was last sure of the time, so nothing is erased:"
                " set the clock, or start the bot, which asks Telegram for the time"
            )
        self._office.duty.make_ready(database)
        database.change(self.announce)
        done = {work.what: sum(self._now(work, row) for row in database.read(work.rows)) for work in self.destroys}
        database.change(self.forget)
        return done["expiry"]

    def _now(self, work: Work, row: int) -> bool:
        try:
            self._office.database.change(partial(work.do, row=row))
        except TryLater:
            raise
        except Exception as error:  # an edge like the bot's own
            self._office.database.change(
                partial(troubles.happened, what=work.what, which=str(row), error_class=type(error).__name__)
            )
            return False
        return True

    # --- one row ---

    def _look(self, tx: Tx, row: int) -> None:
        self._office.desk.look(tx, row)

    def _call(self, tx: Tx, row: int) -> None:
        self._house.casework.call_after_silence(tx, row)

    def _expire(self, tx: Tx, row: int) -> None:
        self._house.casework.expire_due(tx, row)

    def _erase(self, tx: Tx, row: int) -> None:
        self._office.desk.erased(tx, self._office.cases.get(tx, row))

    # --- retention ---

    def _past_retention(self, tx: Reading) -> Sequence[int]:
        kept = self._office.settings.retention
        return self._office.cases.past_retention(
            tx, closed_before=tx.now - kept.closed_after, unclaimed_before=(tx.now - kept.unclaimed_after).date()
        )

    def _to_be_erased(self, tx: Reading) -> Sequence[int]:
        rows, told = self._past_retention(tx), seen_time.kept(tx, Moment.erasing)
        if told is None:
            return rows if len(rows) <= MOST_ERASED else ()
        return rows if tx.now - told >= A_DAY else ()
