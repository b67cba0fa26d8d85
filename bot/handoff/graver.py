"""A claimed case becomes graver: its claimer hears at once what is new, and others where nobody has seen it in time.

The claim goes on. Who is called besides may take the case over, until the claimer has seen what is new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.claims import Claims
from bot.handoff.handing_over import HandingOver
from bot.handoff.ladder import can_come
from bot.handoff.queue import Queue
from bot.handoff.roster import Roster
from bot.rings import Event
from flows.facts import Change
from flows.model import Reason
from storage.case import Case, Claimed
from storage.cases import Cases
from storage.members import Member
from storage.outbox import LineKind, RowKind
from storage.tx import Reading, Tx

SEEN_WITHIN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graver:
    """Every method runs inside a change; what changes a case returns it as it then is."""

    cases: Cases
    queue: Queue
    claims: Claims
    roster: Roster
    handing_over: HandingOver

    def rings(self, tx: Tx, case: Claimed, new: Sequence[Reason], *, rises: bool) -> Claimed:
        """The claimer hears it at once, outside Telegram too. `rises`: the level is a higher one than it was."""
        if rises:
            case = self.claims.risen(tx, case)
        facts = case.handoff.facts
        case = self._keep(tx, case, facts.changing(Change(at=tx.now, reasons=tuple(new), due_at=tx.now + SEEN_WITHIN)))
        self.queue.drop_to_member(tx, RowKind.more, case.claim.by, case_row=case.row)  # this says more
        self._ring_claimer(tx, case)
        self.handing_over.graver(tx, case)
        return case

    def watch(self, tx: Tx, case: Claimed) -> Claimed:
        """What is new was not seen in time: whoever else can open the case is called, again and again until it is."""
        change = case.handoff.facts.unseen
        if change is None or change.due_at is None or change.due_at > tx.now:
            return case
        called = self._others(tx, case)
        again = self.claims.ladder.rungs_for(case.level).repeat or SEEN_WITHIN
        case = self._keep(tx, case, change.calling(tx.now, called, len(self._coordinators(tx)), tx.now + again))
        self.cases.alerted.keep_all(tx, case.row, called, state="rung", at=tx.now)
        for member_id in called:
            self.queue.to_member(tx, RowKind.ring, member_id, case_row=case.row)
            self._outside(tx, member_id, "unseen")
        if change.called_at is None:
            self.queue.to_coordinators(tx, LineKind.unseen, case_row=case.row, about=case.claim.by, count=len(called))
        self._ring_claimer(tx, case)
        return case

    def seen(self, tx: Tx, case: Claimed) -> Claimed:
        """The claimer has seen what is new, or acts: nobody else is called for it any more."""
        change = case.handoff.facts.unseen
        if change is None:
            return case
        case = self._keep(tx, case, change.seen)
        self.claims.to_claimer(tx, case, RowKind.risen)
        if change.called_at is not None:
            self.claims.redraw(tx, case)
            self.queue.to_coordinators(tx, LineKind.seen, case_row=case.row, about=case.claim.by)
        return self.claims.watch_lease(tx, case)

    def take_over(self, tx: Tx, case: Claimed, member: Member) -> bool:
        """Somebody who was called has the case from now on; False for anybody else, and once it was seen."""
        if not is_called(case, member.id) or not member.works:
            return False
        if member.id not in self.cases.wraps.can_open(tx, case.row):
            return False
        self.claims.to_claimer(tx, case, RowKind.overtaken)
        self.handing_over.passes(tx, case, member, Event.overtaken)
        return True

    def pass_on(self, tx: Tx, case: Claimed, member: Member, reason: str) -> bool:
        """Somebody who was called passes, and with a conflict of interest cannot open the case any more.

        False for anybody else.
        """
        if not is_called(case, member.id):
            return False
        self.cases.alerted.keep(tx, case.row, member.id, state="passed")
        if reason == "conflict":
            self.cases.wraps.drop(tx, case.row, member.id)
        self.queue.to_member(tx, RowKind.alert, member.id, case_row=case.row)
        return True

    # --- parts ---

    def _keep(self, tx: Tx, case: Claimed, change: Change) -> Claimed:
        case = self.cases.handoffs.set_facts(tx, case, case.handoff.facts.with_change(change))
        if change.due_at is not None:
            self.cases.handoffs.bring_forward(tx, case.row, change.due_at)
        return case

    def _ring_claimer(self, tx: Tx, case: Claimed) -> None:
        """A fresh card each time, in place of the one before."""
        args, mark = {"at": tx.at_once.isoformat()}, f":{tx.at_once.isoformat()}"
        self.queue.to_member(tx, RowKind.risen, case.claim.by, case_row=case.row, args=args, mark=mark)
        self._outside(tx, case.claim.by, "yours")

    def _outside(self, tx: Tx, member_id: int, says: str) -> None:
        member = self.queue.members.find(tx, member_id)
        if member is not None:
            self.queue.outside(tx, member, says)

    def _others(self, tx: Tx, case: Claimed) -> tuple[int, ...]:
        """The other lawyers who can open the case, the deputy first."""
        alerts = self.roster.told(tx, case.row)
        deputy = case.claim.deputy or self.roster.deputy(tx, case, alerts)
        able = [one.id for one in self.roster.of(tx, case.row, alerts) if can_come(one) and not case.is_held_by(one.id)]
        return tuple(sorted(able, key=lambda one: one != deputy))

    def _coordinators(self, tx: Reading) -> Sequence[Member]:
        return self.queue.members.coordinators(tx)


def unseen_by(case: Case, member_id: int) -> Change | None:
    """To what this member is called in a claimed case, while its claimer has not seen it; None for all others."""
    change = case.handoff.facts.unseen if isinstance(case, Claimed) else None
    return change if change is not None and member_id in change.called else None


def is_called(case: Case, member_id: int) -> bool:
    """Whether this member is called to a claimed case, whose claimer has not seen how grave it has become."""
    return unseen_by(case, member_id) is not None
