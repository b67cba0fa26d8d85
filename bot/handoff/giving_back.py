"""A case goes back to those who wait: its lawyer gives it back, is silent, or takes part no more.

Each way is one step and is done whole: the claim is over, the others are called, and whoever must know it is told.
Nothing else ends a claim so. To one other lawyer: handing_over.py; the end of the case: closing.py.
"""

from dataclasses import dataclass

from bot.handoff.calls import Calls
from bot.handoff.claims import Claims
from bot.rings import Event
from storage.case import Claimed
from storage.contact import Contacts
from storage.offers import Offers
from storage.outbox import LineKind, RowKind
from storage.relay import Relay
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingBack:
    """Every method runs inside a change, and leaves nothing to be done."""

    calls: Calls
    claims: Claims
    relay: Relay
    offers: Offers
    contacts: Contacts

    def given_back(self, tx: Tx, case: Claimed) -> None:
        """The claimer gives the case back, and is called no more for it."""
        self._is_called_no_more(tx, case)
        self._goes_back(tx, case, Event.returned, LineKind.given_back)

    def stopped(self, tx: Tx, case: Claimed) -> None:
        """The claimer takes part no more; coordinators hear that of the member too (membership_changes.py)."""
        self._is_called_no_more(tx, case)
        self._goes_back(tx, case, Event.returned, LineKind.stopped)

    def freed(self, tx: Tx, case: Claimed) -> bool:
        """A coordinator gives a claim that has fallen silent to others; False while it is not one that was shown so."""
        if self.contacts.get(tx, case.row).raised_at is None:
            return False
        self.claims.to_claimer(tx, case, RowKind.freed)
        self._goes_back(tx, case, Event.freed, LineKind.freed)
        return True

    def lapsed(self, tx: Tx, case: Claimed) -> bool:
        """No contact in time: the silent claimer may take the case again. False while the lease is not over."""
        until = case.handoff.lease_until
        if until is None or until > tx.now:
            return False
        self.claims.to_claimer(tx, case, RowKind.lapsed)
        self._goes_back(tx, case, Event.lapsed, LineKind.lapsed)
        return True

    # --- parts ---

    def _is_called_no_more(self, tx: Tx, case: Claimed) -> None:
        self.calls.cases.alerted.keep(tx, case.row, case.claim.by, state="passed")

    def _goes_back(self, tx: Tx, case: Claimed, event: Event, line: LineKind) -> None:
        """The claim is over, and what the former claimer's chat shows of the case goes.

        The others are called, from where the ladder was. The person hears of the `event`, coordinators in a `line`.
        """
        calls = self.calls
        calls.queue.to_coordinators(tx, line, case_row=case.row, about=case.claim.by)
        self.claims.leaves_chats(tx, case)
        over = "lapsed" if event is Event.lapsed else "returned"  # as the card of the person has it (status.py)
        self.contacts.set(tx, case.row, over=over, receipt_message=None)
        self.relay.claim_over(tx, case.row)
        self.offers.drop(tx, case.row)
        waiting = calls.cases.claims.waits_again(tx, case)
        calls.refresh(tx, case.row)
        calls.queue.person.news(tx, calls.climb(tx, waiting), event)
