"""What time alone brings to a case that was handed over: the ladder goes on, a deadline comes near, a lease ends."""

from dataclasses import dataclass

from bot.handoff.calls import Calls
from bot.handoff.giving_back import GivingBack
from bot.rings import Event
from storage import ladder_due
from storage.case import Claimed, Waiting
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Every method runs inside a change."""

    calls: Calls
    giving_back: GivingBack

    def look(self, tx: Tx, row: int) -> None:
        """Looks at one case for which it is time. Overdue means now."""
        if not ladder_due.take(tx, row):
            return
        match self.calls.cases.get(tx, row):
            case Waiting() as waiting:
                self.calls.climb(tx, self._rise(tx, waiting))
            case Claimed() as claimed:
                claimed = self.calls.graver.watch(tx, claimed)
                if not self.giving_back.lapsed(tx, claimed):
                    self.calls.claims.watch(tx, claimed)
            case _:
                pass

    def _rise(self, tx: Tx, case: Waiting) -> Waiting:
        """A clock has reached its threshold while the case waits: the level rises, and it rings again."""
        facts = case.handoff.facts.risen(tx.now)
        if facts is None:
            return case
        case = self.calls.cases.update_facts(tx, case, facts, ring_now=tx.at_once)
        self.calls.refresh(tx, case.row)
        self.calls.queue.person.news(tx, case, Event.rise)
        return case
