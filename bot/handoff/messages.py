"""Messages between a lawyer and a seeker on their way, and what the claimer hears of what was added."""

from dataclasses import dataclass
from datetime import datetime

from bot.handoff.dispatch import Dispatch
from storage.cases import Case, Cases
from storage.relay import Relay
from storage.writer import Connection


@dataclass(frozen=True, slots=True)
class Messages:
    """Every method runs inside a change."""

    cases: Cases
    dispatch: Dispatch
    relay: Relay

    def to_seeker(self, connection: Connection, case: Case, text: str, now: datetime) -> None:
        """A lawyer's message: kept until it is seen. Somebody who is held gets no notification, only a changed card."""
        self.relay.put(connection, case.row, None, text, now)
        if self.cases.handoffs.get(connection, case.row).facts.quiet and not case.wants_ping:
            self.dispatch.news(connection, case, now)
        else:
            self.dispatch.ping(connection, case, now)

    def to_claimer(self, connection: Connection, case: Case, text: str, now: datetime) -> None:
        """What the seeker wrote goes to whoever holds the case; to nobody while it waits (it is in the sealed case)."""
        if case.status != "claimed" or case.claimed_by is None:
            return
        row = self.relay.put(connection, case.row, case.claimed_by, text, now)
        self.dispatch.to_member(
            connection, "relay", case.claimed_by, now, case_row=case.row, args={"relay": row}, mark=f":{row}"
        )

    def added(self, connection: Connection, case: Case, at: datetime) -> None:
        """Tells the claimer that the person added something; once for all that comes before `at`."""
        if case.claimed_by is not None:
            self.dispatch.to_member(connection, "more", case.claimed_by, at, case_row=case.row)
