"""Cases of accounts whose earlier one was a false alarm: nobody is called before a coordinator has looked."""

from bot.handoff.queue import Queue
from storage.case import Waiting
from storage.cases import Cases
from storage.outbox import RowKind
from storage.tx import Tx


def coordinators_look(tx: Tx, cases: Cases, queue: Queue, case: Waiting) -> None:
    """A muted case is shown to every coordinator, each of whom may let it through. No lawyer is told by that."""
    coordinators = [one.id for one in queue.members.coordinators(tx)]
    cases.alerted.keep_all(tx, case.row, coordinators, state="told", at=tx.now)
    for one in coordinators:
        queue.to_member(tx, RowKind.muted, one, case_row=case.row)
