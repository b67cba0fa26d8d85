"""Nobody is heard: everybody is told, on every way that does not need what has failed (bot/hearing.py decides when)."""

from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.hearing import Trouble
from storage.outbox import LineKind
from storage.tx import Tx

_LINES = {
    Trouble.webhook: LineKind.webhook,
    Trouble.rival: LineKind.rival,
    Trouble.refused: LineKind.refused,
    Trouble.unreachable: LineKind.unreachable,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """`backstop`: how many addresses `oncall.backstop` has."""

    queue: Queue
    backstop: int

    def ring(self, tx: Tx, why: Trouble) -> None:
        """Every member's ways and the backstop, in a sentence that says nothing; coordinators in Telegram learn why."""
        members = self.queue.members.working(tx)
        for one in members:
            self.queue.outside(tx, one, says="attention")
        self.queue.backstop(tx, self.backstop, says="attention")
        for one in members:
            if one.role == "coordinator":
                self.queue.line(tx, _LINES[why], one.id, mark=f":{why}", at=tx.at_once.isoformat())
