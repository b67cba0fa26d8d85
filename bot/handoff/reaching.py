"""Contact between the claimer and the person of a case: what counts as it, and whether there can be any."""

from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.claims import Claims
from bot.handoff.messages import Messages
from bot.handoff.queue import Queue
from bot.handoff.roster import Roster
from bot.handoff.silences import heard
from storage.case import Case, Claimed, Handed, Waiting
from storage.cases import Cases
from storage.contact import Contacts
from storage.outbox import LineKind, RowKind
from storage.tx import Tx

ACTING = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """Every method runs inside a change; what changes a case returns it as it then is."""

    cases: Cases
    queue: Queue
    claims: Claims
    roster: Roster
    contacts: Contacts
    messages: Messages

    def acts(self, tx: Tx, case: Claimed) -> Claimed | None:
        """The claimer says "I am acting": the claim holds for two hours more, once; None when it was extended before.

        After contact it is a sign of life.
        """
        before, until = self.contacts.get(tx, case.row).acted_at, case.handoff.lease_until
        heard(tx, self.contacts, self.queue, case, acted_at=before or tx.now)
        self.queue.wipes.asked(tx, case.claim.by, case.row)
        if until is None:
            return self.claims.watch_lease(tx, case)
        if before is not None:
            return None
        case = self.cases.handoffs.set_lease(tx, case, max(until, tx.now) - tx.now + ACTING)
        self.claims.redraw(tx, case)
        self.queue.person.news(tx, case)
        return case

    def phoned(self, tx: Tx, case: Claimed) -> bool:
        """The claimer reports a call; only of somebody who has typed the check word that counts as contact."""
        if not case.claim.checked:
            return False
        heard(tx, self.contacts, self.queue, case)
        self._reached(tx, case)
        return True

    def seen(self, tx: Tx, case: Handed, number: int) -> None:
        """The person has opened the lawyers' messages up to this one: of this claim, that is contact."""
        known = self.contacts.get(tx, case.row)
        heard(tx, self.contacts, self.queue, case, seen=max(number, known.seen), seen_at=tx.now)
        if not isinstance(case, Claimed):
            return
        if number > known.before:
            self._reached(tx, case)
        self.claims.to_claimer(tx, case, RowKind.receipt)
        self.claims.redraw(tx, case)

    def answered(self, tx: Tx, case: Handed) -> Handed:
        """The person has written to the lawyer: after a message of this claim, that is contact."""
        if isinstance(case, Claimed) and self.contacts.get(tx, case.row).wrote:
            return self._reached(tx, case, tells=False)  # their card is drawn anew, and says what became of it
        return case

    def _reached(self, tx: Tx, case: Claimed, *, tells: bool = True) -> Claimed:
        """First contact of a claim: from here on only the claimer, one deputy and recovery can open the case."""
        if case.claim.has_reached:
            return case
        deputy = self.roster.deputy(tx, case, self.cases.alerted.of(tx, case.row))
        case = self.claims.watch_lease(tx, self.cases.claims.contacted(tx, case, deputy))
        self.queue.wipes.asked(tx, case.claim.by, case.row)
        self.claims.redraw(tx, case)
        if tells:
            self.queue.person.news(tx, case)
        return case

    def tell_again(self, tx: Tx, case: Claimed) -> None:
        """What became of the claimer's last message comes anew, at the end of their chat."""
        self.contacts.set(tx, case.row, receipt_of=0)
        self.claims.to_claimer(tx, case, RowKind.receipt)

    def cannot_reach(self, tx: Tx, case: Case) -> None:
        """Telegram refuses what goes to the person: whoever relies on it hears it. Nothing ends or narrows."""
        if not isinstance(case, Handed) or self.contacts.get(tx, case.row).unreached_at is not None:
            return
        self.contacts.set(tx, case.row, unreached_at=tx.now)
        self.claims.redraw(tx, case)
        if isinstance(case, Waiting):
            self.queue.to_coordinators(tx, LineKind.unreached, case_row=case.row)
            return
        for kind in (RowKind.unreached, RowKind.receipt):
            self.claims.to_claimer(tx, case, kind)

    def can_reach(self, tx: Tx, look_up: bytes) -> None:
        """The person of this chat has written, pressed or let the bot in again."""
        cases = {case.row: case for case in self.cases.all_of_chat(tx, look_up)}
        for case in (cases[row] for row in self.contacts.reachable(tx, list(cases))):
            self.claims.redraw(tx, case)
            self.messages.tell_again(tx, case)
            if isinstance(case, Claimed):
                for kind in (RowKind.reachable, RowKind.receipt):
                    self.claims.to_claimer(tx, case, kind)
