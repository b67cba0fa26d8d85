"""Which lawyers can open a new case, where there are more of them than one is sealed to (storage/chain.py).

Whoever is not among them is never called for it. So whoever is on duty comes first, by the same word as the ladder's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.ladder import matches
from bot.handoff.rota.duty import Duty
from storage.members import Member
from storage.tx import Reading

COMING = timedelta(days=3)  # a case that waits is called for by those who come on duty meanwhile


@dataclass(frozen=True, slots=True)
class Readers:
    """Every method runs inside a change."""

    duty: Duty

    def in_order(self, tx: Reading, lawyers: Sequence[Member], language: str, region: str | None) -> Sequence[Member]:
        """Who is on duty now; who will be within days; of both, and of the rest, whom the bot reaches and who fits."""
        on_duty, coming = self.duty.on_duty(tx), self.duty.within(tx, tx.now, tx.now + COMING)

        def place(lawyer: Member) -> tuple[object, ...]:
            with_shifts = on_duty.get(lawyer.id) or coming.get(lawyer.id) or lawyer
            return (
                lawyer.id not in on_duty,
                lawyer.id not in coming,
                lawyer.met_at is None or lawyer.gone_at is not None,
                -matches(with_shifts, language, region),
                not lawyer.counts(tx.now),
            )

        return sorted(lawyers, key=place)
