"""The roster of one case: every member as the ladder sees them at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.ladder import Candidate, can_come
from bot.handoff.rota.duty import Duty
from storage import claims as kept_claims
from storage.alerted import Alerted
from storage.case import Claimed, Waiting
from storage.cases import Cases
from storage.members import Member, Members
from storage.together import read_together
from storage.tx import Reading


@dataclass(frozen=True, slots=True)
class Roster:
    """Every method runs inside a change. `open_claims`: who holds so many cases is only called with everybody."""

    members: Members
    cases: Cases
    duty: Duty
    open_claims: int

    def told(self, tx: Reading, case_row: int) -> Mapping[int, Alerted]:
        """Member -> alert of a case; read with all else that its roster needs."""
        read_together(tx, case_row)
        return self.cases.alerted.of(tx, case_row)

    def of(self, tx: Reading, case_row: int, alerts: Mapping[int, Alerted]) -> Sequence[Candidate]:
        """Everybody who takes part, in the order they joined. `alerts`: those of the case, by member."""
        able = self.cases.wraps.can_open(tx, case_row)
        on_duty, claims = self.duty.on_duty(tx), kept_claims.held(tx)
        return [
            _candidate(
                on_duty.get(one.id, one),
                tx.now,
                on_call=one.id in on_duty,
                can_open=one.id in able,
                passed=one.id in alerts and alerts[one.id].state == "passed",
                full=claims.get(one.id, 0) >= self.open_claims,
            )
            for one in self.members.working(tx)
        ]

    def can_come(self, tx: Reading, case: Waiting, alerts: Mapping[int, Alerted]) -> bool:
        """Somebody who could still take a waiting case can be called."""
        return bool(self.who_can_come(tx, case, alerts))

    def who_can_come(self, tx: Reading, case: Waiting, alerts: Mapping[int, Alerted]) -> Sequence[int]:
        """The lawyers who could still take a waiting case, and can be called."""
        return [one.id for one in self.of(tx, case.row, alerts) if can_come(one)]

    def deputy(self, tx: Reading, case: Claimed, alerts: Mapping[int, Alerted]) -> int | None:
        """The next on the ladder who can open a claimed case."""
        able = [one for one in self.of(tx, case.row, alerts) if one.role == "lawyer" and one.can_open]
        able = [one for one in able if not case.is_held_by(one.id)]
        able.sort(key=lambda lawyer: (lawyer.passed, lawyer.gone, not lawyer.on_call))
        return able[0].id if able else None


def _candidate(member: Member, now: datetime, *, on_call: bool, can_open: bool, passed: bool, full: bool) -> Candidate:
    return Candidate(
        id=member.id,
        role=member.role,
        on_call=on_call,
        can_open=can_open,
        passed=passed,
        languages=member.languages,
        regions=member.regions,
        gone=member.gone_at is not None,
        proven=member.proven(now),
        full=full,
    )
