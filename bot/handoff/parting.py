"""A person deletes everything while a lawyer has their urgent case: they are gone at once, the record a day later.

Somebody else may hold the phone, and the lawyer may be on the way to the person. So for a day the claimer can still
have the case sent; nobody else is called, and nobody writes. Anything else is erased at once (calls.py, `erased`), and
whoever had it is told as loudly: else one who forces the person would choose the quieter way.
"""

from dataclasses import dataclass
from typing import TypeGuard

from bot.handoff.calls import Calls
from flows.model import Level
from storage import parting
from storage.case import Case, Claimed, Parted
from storage.outbox import LineKind, RowKind
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """Every method runs inside a change."""

    calls: Calls

    def wished(self, tx: Tx, case: Case, *, lawyer_too: bool) -> None:
        """Its person has deleted everything. `lawyer_too`: also what a lawyer could still open."""
        case = self.calls.cases.hold(tx, case.row)
        if is_kept_for_a_lawyer(case) and not lawyer_too:
            self._begins(tx, case)
            return
        if isinstance(case, Claimed):
            self._is_told(tx, case, LineKind.deleted)
        self.calls.erased(tx, case, wish=True)

    def over(self, tx: Tx, row: int) -> None:
        """The day is over."""
        case = self.calls.cases.hold(tx, row)
        if isinstance(case, Parted):
            self.calls.erased(tx, case, wish=True)

    def _begins(self, tx: Tx, case: Claimed) -> None:
        """The claimer is told and gets the case once more; other alerts, and who was called besides, end here."""
        claimer, queue = case.claim.by, self.calls.queue
        self.calls.claims.leaves_chats(tx, case)
        parting.begins(tx, case)
        for member_id in self.calls.cases.alerted.of(tx, case.row):
            if member_id != claimer:
                self.calls.refresh(tx, case.row, only=member_id)
        self._is_told(tx, case, LineKind.parted)
        queue.to_member(tx, RowKind.bundle, claimer, case_row=case.row)

    def _is_told(self, tx: Tx, case: Claimed, line: LineKind) -> None:
        """A message that rings, in place of the card of the claim, and a line to the coordinators."""
        self.calls.queue.to_member(tx, RowKind.parted, case.claim.by, case_row=case.row)
        self.calls.queue.to_coordinators(tx, line, case_row=case.row, about=case.claim.by)


def is_kept_for_a_lawyer(case: Case | None) -> TypeGuard[Claimed]:
    """Whether *delete everything* leaves this case to its lawyer for a day."""
    return isinstance(case, Claimed) and case.level is Level.critical
