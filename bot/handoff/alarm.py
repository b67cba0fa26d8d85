"""Nobody is heard: everybody is told, on every way that does not need what has failed (bot/hearing.py decides when)."""

from dataclasses import dataclass

from bot.handoff.queue import Queue
from storage.outbox import RowKind
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Alarm:
    """`backstop`: how many addresses `oncall.backstop` has."""

    queue: Queue
    backstop: int

    def ring(self, tx: Tx, why: str) -> None:
        """Every member's ways and the backstop, in a sentence that says nothing; coordinators in Telegram learn why."""
        members = self.queue.members.working(tx)
        for one in members:
            self.queue.outside(tx, one, says="attention")
        self.queue.backstop(tx, self.backstop, says="attention")
        for one in members:
            if one.role == "coordinator":
                args = {"what": str(why), "at": tx.at_once.isoformat()}
                self.queue.to_member(tx, RowKind.line, one.id, args=args, mark=f":{why}")
