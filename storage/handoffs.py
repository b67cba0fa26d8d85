"""Keeps the handoff of each case (storage/case.py); what changes it returns the case as it then is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Row

from flows.facts import Facts, lost_facts
from flows.model import Level
from storage.case import AnyHanded, Claimed, Handoff, Live, Waiting, known_level
from storage.errors import Unreadable
from storage.schema import as_they_rest, handoff
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable

_NEW, _GONE = insert(handoff), delete(handoff).where(handoff.c.case_row == bindparam("row"))
_OF_CASE = update(handoff).where(handoff.c.case_row == bindparam("row"))  # what is set is given with the row


@dataclass(frozen=True, slots=True)
class Handoffs:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"handoff": unreadable(tx.execute(select(handoff)), self._open)}

    # --- the ladder ---

    def begin(
        self, tx: Tx, case: Live, facts: Facts, *, muted: bool = False, quiet_until: datetime | None = None
    ) -> Handoff:
        """Begins anew: due now, from the first rung; a muted one waits without a due time."""
        due = None if muted else tx.at_once
        values = {"began_at": tx.now, "rung": 0, "rang_at": None, "next_due_at": due, "quiet_until": quiet_until}
        if case.handoff is not None:
            tx.execute(_GONE, {"row": case.row})
        tx.execute(_NEW, {"case_row": case.row, "muted": int(muted), **values, **self._sealed(case.row, facts)})
        return Handoff(facts=facts, muted=muted, **as_they_rest(handoff, values))

    def climbed(
        self,
        tx: Tx,
        case: Waiting,
        *,
        rung: int,
        rang_at: datetime | None,
        next_due_at: datetime | None,
    ) -> Waiting:
        """Remembers how far the ladder is."""
        return self._change(tx, case, rung=rung, rang_at=rang_at, next_due_at=next_due_at)

    def go_on(self, tx: Tx, case: AnyHanded) -> AnyHanded:
        """The ladder goes on with the next rung, now."""
        return self._change(tx, case, rung=case.handoff.rung + 1, rang_at=None, next_due_at=tx.at_once)

    def stop(self, tx: Tx, case: AnyHanded) -> AnyHanded:
        """The ladder does not look at this case any more."""
        return self._change(tx, case, next_due_at=None)

    def bring_forward(self, tx: Tx, case_row: int, due: datetime) -> None:
        """The ladder looks at this case at `due` at the latest."""
        later = handoff.c.next_due_at.is_(None) | (handoff.c.next_due_at > due)
        tx.execute(update(handoff).where(handoff.c.case_row == case_row, later).values(next_due_at=due))

    def unmute(self, tx: Tx, case: Waiting) -> Waiting:
        """A coordinator lets a case of a muted account through: it begins now, also one that had rung before."""
        anew: dict[str, Any] = {"began_at": tx.now, "rung": 0, "rang_at": None, "quiet_until": None}
        return self._change(tx, case, muted=False, next_due_at=tx.at_once, **anew)

    def mute(self, tx: Tx, case: Waiting) -> Waiting:
        """From now on nobody is rung for a case that waits, before a coordinator has looked."""
        return self._change(tx, case, muted=True, next_due_at=None)

    def set_backstop(self, tx: Tx, case: Waiting) -> Waiting:
        """Everybody was told outside Telegram."""
        return self._change(tx, case, backstop_at=tx.now)

    def set_facts(
        self,
        tx: Tx,
        case: AnyHanded,
        facts: Facts,
        *,
        ring_now: datetime | None = None,
        quiet_until: datetime | None = None,
    ) -> AnyHanded:
        """Changes what is kept of a case for its alerts and reminders; `ring_now` makes the ladder ring again."""
        again: dict[str, Any] = {}
        if ring_now:
            again = {"next_due_at": ring_now, "rang_at": None, "rung": 0, "quiet_until": quiet_until}
        self._set(tx, case.row, **self._sealed(case.row, facts), **again)
        return replace(case, handoff=replace(case.handoff, facts=facts, **as_they_rest(handoff, again)))

    # --- a claim ---

    def set_lease(self, tx: Tx, case: AnyHanded, lease: timedelta | None) -> AnyHanded:
        """A claim holds for `lease` from now on, and the claimer is asked at two thirds; None: it holds."""
        until, ask_at = (tx.now + lease, tx.now + lease * 2 / 3) if lease else (None, None)
        return self._change(tx, case, lease_until=until, lease_asked=False, next_due_at=_first(ask_at, case.handoff))

    def asked(self, tx: Tx, case: Claimed) -> Claimed:
        """The claimer was asked whether they have reached the person; next comes the end of the lease."""
        due = _first(case.handoff.lease_until, case.handoff)
        return self._change(tx, case, lease_asked=True, next_due_at=due)

    def set_due(self, tx: Tx, case: Claimed, at: datetime | None) -> Claimed:
        """When a claimed case is looked at again: at `at`, or for what its facts know if that comes first."""
        return self._change(tx, case, next_due_at=_first(at, case.handoff))

    # --- rows ---

    def read(self, tx: Reading, row: Row[Any]) -> Handoff | None:
        """What a row of case and handoff together says of the handoff; None when the case has none.

        Where its facts cannot be read the case still goes to a lawyer.
        """
        if row.case_row is None:
            return None
        try:
            facts = tx.once(("facts", row.case_row, row.facts_sealed), (), lambda: self._open(row))
        except Unreadable:
            facts = lost_facts(known_level(row.level))
        return Handoff(
            facts=facts,
            began_at=row.began_at,
            rung=row.rung,
            rang_at=row.rang_at,
            next_due_at=row.next_due_at,
            lease_until=row.lease_until,
            lease_asked=bool(row.lease_asked),
            muted=bool(row.muted),
            backstop_at=row.backstop_at,
            code_until=row.code_until,
            quiet_until=row.quiet_until,
        )

    def _change(self, tx: Tx, case: AnyHanded, **changed: Any) -> AnyHanded:
        self._set(tx, case.row, **changed)
        return replace(case, handoff=replace(case.handoff, **as_they_rest(handoff, changed)))

    def _set(self, tx: Tx, case_row: int, **changed: Any) -> None:
        values = {name: int(value) if isinstance(value, bool) else value for name, value in changed.items()}
        tx.execute(_OF_CASE, {"row": case_row, **values})

    def _sealed(self, case_row: int, facts: Facts) -> dict[str, object]:
        sealed = self.ring.seal_row("handoff", "handoff", "facts", str(case_row), msgspec.json.encode(facts))
        return {"facts_sealed": sealed, "unanswered": int(facts.unanswered)}

    def _open(self, row: Row[Any]) -> Facts:
        with reading("handoff"):
            sealed = self.ring.open_row("handoff", "handoff", "facts", str(row.case_row), row.facts_sealed)
            return msgspec.json.decode(sealed, type=Facts)


def lost_handoff(level: Level, began_at: datetime) -> Handoff:
    """In place of a handoff whose row is gone: its case can still be taken, and what is known of it is lost."""
    return Handoff(facts=lost_facts(level), began_at=began_at, rung=0, rang_at=None, next_due_at=None)


def _first(at: datetime | None, known: Handoff) -> datetime | None:
    """When a claimed case is looked at: at `at`, or for what its facts know if that comes first."""
    times = known.facts.looks_at
    return min(times if at is None else (at, *times), default=None)
