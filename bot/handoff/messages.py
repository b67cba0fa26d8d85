"""Messages between a lawyer and a seeker on their way, and what the claimer hears of what was added."""

from dataclasses import dataclass
from datetime import datetime

from bot.gate import Event
from bot.handoff.dispatch import Dispatch
from storage.cases import Case, Cases
from storage.relay import Relay
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Messages:
    """Every method runs inside a change."""

    cases: Cases
    dispatch: Dispatch
    relay: Relay

    def to_seeker(self, tx: Tx, case: Case, text: str) -> None:
        """A lawyer's message: kept until it is seen. Whether it rings on the phone, bot/gate.py decides."""
        self.relay.put(tx, case.row, None, text)
        self.dispatch.news(tx, case, Event.relayed, self.cases.handoffs.get(tx, case.row).facts)

    def to_claimer(self, tx: Tx, case: Case, text: str) -> None:
        """What the seeker wrote goes to whoever holds the case; to nobody while it waits (it is in the sealed case).

        Who has not typed the check word hears only that something was added: the phone may be in other hands.
        """
        if case.status != "claimed" or case.claimed_by is None:
            return
        if not case.checked:
            self.added(tx, case, tx.now)
            return
        row = self.relay.put(tx, case.row, case.claimed_by, text)
        self.dispatch.to_member(tx, "relay", case.claimed_by, case_row=case.row, args={"relay": row}, mark=f":{row}")

    def added(self, tx: Tx, case: Case, at: datetime) -> None:
        """Tells the claimer that the person added something; once for all that comes before `at`."""
        if case.claimed_by is not None:
            self.dispatch.to_member(tx, "more", case.claimed_by, at=at, case_row=case.row)
