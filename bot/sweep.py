"""What destroys, once, now: for `pana sweep`, beside a running bot."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.clock import as_of
from bot.due_work import DueWork, Work
from bot.handoff.rota.duty import Duty
from bot.retention import Retention, Waiting
from storage import seen_time, troubles
from storage.database import Database
from storage.errors import NotKept, Refused
from storage.seen_time import Moment
from storage.tx import Reading


@dataclass(frozen=True, slots=True)
class Swept:
    """How many intakes have expired, and which erasure has to wait."""

    expired: int
    waiting: Waiting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Blocking; not inside a change."""

    database: Database
    duty: Duty
    due: DueWork
    retention: Retention

    def once(self, sure: datetime | None = None) -> Swept:
        """`sure`: Telegram's time, if it was heard. Raises Refused while the clock is not believed."""
        database = self.database
        wall = database.clock()
        at = as_of(wall, sure, confirmed=True) if sure else database.read(as_of_what_is_kept, at=wall)
        if at is None:
            than = "five minutes from Telegram's" if sure else "a day from when the bot was last sure of the time"
            raise Refused(f"the clock is more than {than}, so nothing is erased: set the clock, then run this again")
        self.duty.rota.make_ready(database, at)
        database.change(self.retention.announce, at=at)
        done = {work.what: self._all(work, at) for work in self.due.destroys}
        database.change(self.due.forget, at=at)
        return Swept(done["expiry"], database.read(self.retention.waiting, at=at))

    def _all(self, work: Work, at: datetime) -> int:
        """Some at once until none is left, or none of them can be done; how many were."""
        count = 0
        while done := sum(self._row(work, row, at) for row in self.database.read(work.rows, at=at)):
            count += done
        return count

    def _row(self, work: Work, row: int, at: datetime) -> bool:
        try:
            self.database.change(partial(work.do, row=row), at=at)
        except NotKept:
            raise
        except Exception as error:  # an edge like the bot's own
            self.database.change(
                partial(troubles.happened, what=work.what, which=str(row), error_class=type(error).__name__)
            )
            return False
        return True


def as_of_what_is_kept(tx: Reading) -> datetime | None:
    """What counts as now for what destroys, where Telegram is not heard; None: the clock is not believed."""
    return as_of(tx.now, seen_time.kept(tx, Moment.sure), confirmed=False)
