"""A case on its way to a lawyer: what alerts may say of it, how far the ladder is, and how long a claim holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.engine import Row

from storage.errors import Unreadable
from storage.schema import case_file, handoff
from storage.sealing.keyring import KeyRing
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable

MOST_DUE = 100
LEVELS = ("critical", "high", "normal")
_WITH_LEVEL = select(handoff, case_file.c.level).join(case_file, case_file.c.id == handoff.c.case_row)


class Facts(msgspec.Struct, frozen=True):
    """What an alert may say; never typed text. `reasons`: rule and the (question, option) pairs behind it.

    `contact`: the option chosen for how to reach the person; `quiet`: nothing may ring on the phone.
    `soonest`: the clock that ends first, and its last day; `risings`: when a clock will raise the level, to which, and
    the rule, because after submission the server cannot read the answers. `reminders`: when the claimer is reminded of
    which clock, and its last day; `settled`: the clocks that the claimer is done with, `reminded`: what they were
    reminded of. `backed`: a paper or a text stands behind the case. `lost`: what was known could not be read; the
    sealed case is as it was. `hands`: in whose hands the phone may be (bot/gate.py), empty where only `quiet` is known.
    `unanswered`: urgent help was asked for, and nothing else was said.
    """

    level: str
    reasons: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    region: str | None
    language: str
    asked_urgent: bool = False
    contact: str | None = None
    quiet: bool = False
    soonest: tuple[str, date] | None = None
    risings: tuple[tuple[datetime, str, str], ...] = ()
    advice: tuple[str, ...] = ()
    backed: bool = False
    reminders: tuple[tuple[datetime, str, date], ...] = ()
    settled: tuple[str, ...] = ()
    reminded: tuple[tuple[datetime, str], ...] = ()
    lost: bool = False
    hands: str = ""
    unanswered: bool = False


def known_level(level: str) -> str:
    """A level as it stands in clear; one that is none, after damage, is the gravest."""
    return level if level in LEVELS else "critical"


def lost_facts(level: str) -> Facts:
    """What may be said of a case whose facts cannot be read: its level; nothing may ring on its person's phone."""
    return Facts(level=level, reasons=(), region=None, language="", quiet=True, lost=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A case on its way to a lawyer: how far the ladder is, and what an alert may say.

    `muted`: the account's earlier case was a false alarm, so nobody is rung. `backstop_at`: when everybody was last
    told outside Telegram. `code_until`: so long the person's card shows the code. `quiet_until`: until then its alerts
    make no sound, since its account has rung a moment ago.
    """

    case_row: int
    facts: Facts = field(repr=False)
    began_at: datetime
    rung: int
    rang_at: datetime | None
    next_due_at: datetime | None
    lease_until: datetime | None = None
    lease_asked: bool = False
    muted: bool = False
    backstop_at: datetime | None = None
    code_until: datetime | None = None
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handoffs:
    """Keeps the handoff of each case; every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def get(self, tx: Reading, case_row: int) -> Handoff:
        """The handoff of a case."""
        return self._read(tx.execute(_WITH_LEVEL.where(handoff.c.case_row == case_row)).one())

    def due(self, tx: Reading) -> Sequence[int]:
        """The cases whose ladder has something to do; nothing of them is opened here."""
        first = (handoff.c.unanswered, handoff.c.next_due_at)  # who has named a danger goes before who has said nothing
        query = select(handoff.c.case_row).where(_is_due(tx)).order_by(*first).limit(MOST_DUE)
        return list(tx.execute(query).scalars())

    def take(self, tx: Tx, case_row: int) -> Handoff | None:
        """A handoff, when it is still due and no other process has it in hand."""
        query = _WITH_LEVEL.where(handoff.c.case_row == case_row, _is_due(tx))
        row = tx.execute(query.with_for_update(skip_locked=True, of=handoff)).one_or_none()
        return None if row is None else self._read(row)

    def of_rows(self, tx: Reading, rows: Sequence[int]) -> Mapping[int, Handoff]:
        """Case -> handoff, of many at once."""
        return {row.case_row: self._read(row) for row in tx.execute(_WITH_LEVEL.where(handoff.c.case_row.in_(rows)))}

    def crowd(self, tx: Reading, since: datetime, *, unanswered: bool) -> int:
        """How many critical cases have come since then and wait: those with an answer, or those without one."""
        wanted = (
            (case_file.c.status == "waiting")
            & (case_file.c.level == "critical")
            & (handoff.c.began_at >= since)
            & (handoff.c.muted == 0)
            & (handoff.c.unanswered == int(unanswered))
        )
        both = case_file.join(handoff, handoff.c.case_row == case_file.c.id)
        query = select(func.count()).select_from(both).where(wanted)
        return int(tx.execute(query).scalar_one())

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"handoff": unreadable(tx.execute(select(handoff)), self._open)}

    # --- the code on the card ---

    def show_code(self, tx: Tx, case_row: int, until: datetime | None) -> None:
        """So long the person's card shows the code; None when it is gone from there."""
        tx.execute(update(handoff).where(handoff.c.case_row == case_row).values(code_until=until))

    def codes_to_hide(self, tx: Reading) -> Sequence[int]:
        """The cases whose card must not show the code any more."""
        here = (handoff.c.code_until <= tx.now) & may_be_tried(tx, "code", handoff.c.case_row)
        return list(tx.execute(select(handoff.c.case_row).where(here).limit(MOST_DUE)).scalars())

    # --- the ladder ---

    def begin(
        self, tx: Tx, case_row: int, facts: Facts, *, muted: bool = False, quiet_until: datetime | None = None
    ) -> None:
        """Begins anew: due now, from the first rung; a muted one waits without a due time."""
        tx.execute(delete(handoff).where(handoff.c.case_row == case_row))
        values = {"case_row": case_row, "began_at": tx.now, "rung": 0, "rang_at": None, "muted": int(muted)}
        values["next_due_at"] = None if muted else tx.at_once
        values |= {"quiet_until": quiet_until, "unanswered": int(facts.unanswered)}
        tx.execute(insert(handoff).values(facts_sealed=self._seal(case_row, facts), **values))

    def climbed(
        self,
        tx: Tx,
        case_row: int,
        *,
        rung: int,
        rang_at: datetime | None,
        next_due_at: datetime | None,
    ) -> None:
        """Remembers how far the ladder is."""
        self._set(tx, case_row, rung=rung, rang_at=rang_at, next_due_at=next_due_at)

    def go_on(self, tx: Tx, case_row: int) -> None:
        """The ladder goes on with the next rung, now."""
        rung = self.get(tx, case_row).rung + 1
        self._set(tx, case_row, rung=rung, rang_at=None, next_due_at=tx.at_once)

    def stop(self, tx: Tx, case_row: int) -> None:
        """The ladder does not look at this case any more."""
        self._set(tx, case_row, next_due_at=None)

    def bring_forward(self, tx: Tx, case_row: int, due: datetime) -> None:
        """The ladder looks at this case at `due` at the latest."""
        later = handoff.c.next_due_at.is_(None) | (handoff.c.next_due_at > due)
        tx.execute(update(handoff).where(handoff.c.case_row == case_row, later).values(next_due_at=due))

    def unmute(self, tx: Tx, case_row: int) -> None:
        """A coordinator lets a case of a muted account through: it begins now."""
        self._set(tx, case_row, muted=0, began_at=tx.now, next_due_at=tx.at_once, quiet_until=None)

    def mute(self, tx: Tx, case_row: int) -> None:
        """From now on nobody is rung for a case that waits, before a coordinator has looked."""
        self._set(tx, case_row, muted=1, next_due_at=None)

    def set_backstop(self, tx: Tx, case_row: int) -> None:
        """Everybody was told outside Telegram."""
        self._set(tx, case_row, backstop_at=tx.now)

    def set_facts(
        self,
        tx: Tx,
        case_row: int,
        facts: Facts,
        *,
        ring_now: datetime | None = None,
        quiet_until: datetime | None = None,
    ) -> None:
        """Changes what is kept of a case for its alerts and reminders; `ring_now` makes the ladder ring again."""
        again = {"next_due_at": ring_now, "rang_at": None, "rung": 0, "quiet_until": quiet_until} if ring_now else {}
        sealed, unanswered = self._seal(case_row, facts), int(facts.unanswered)
        self._set(tx, case_row, facts_sealed=sealed, unanswered=unanswered, **again)

    def without_due_time(self, tx: Tx) -> int:
        """The reconciler: gives each live case that has lost its due time one; returns how many."""
        watched = handoff.c.case_row.in_(select(case_file.c.id).where(case_file.c.status.in_(["waiting", "claimed"])))
        lost = watched & handoff.c.next_due_at.is_(None) & (handoff.c.muted == 0)
        return tx.execute(update(handoff).where(lost).values(next_due_at=tx.at_once)).rowcount

    # --- a claim ---

    def set_lease(self, tx: Tx, case_row: int, lease: timedelta | None) -> None:
        """A claim holds for `lease` from now on, and the claimer is asked at two thirds; None: it holds."""
        self._set(tx, case_row, lease_until=tx.now + lease if lease else None, lease_asked=0)
        self.set_due(tx, case_row, tx.now + lease * 2 / 3 if lease else None)

    def asked(self, tx: Tx, handed: Handoff) -> None:
        """The claimer was asked whether they have reached the person; next comes the end of the lease."""
        self._set(tx, handed.case_row, lease_asked=1)
        self.set_due(tx, handed.case_row, handed.lease_until)

    def set_due(self, tx: Tx, case_row: int, at: datetime | None) -> None:
        """When a claimed case is looked at again: at `at`, or for the next reminder of a clock if that comes first."""
        reminders = self.get(tx, case_row).facts.reminders
        due = min([one for one in (at, *(each[0] for each in reminders[:1])) if one is not None], default=None)
        self._set(tx, case_row, next_due_at=due)

    # --- rows ---

    def _set(self, tx: Tx, case_row: int, **values: object) -> None:
        tx.execute(update(handoff).where(handoff.c.case_row == case_row).values(**values))

    def _seal(self, case_row: int, facts: Facts) -> bytes:
        return self.ring.seal_row("handoff", "handoff", "facts", str(case_row), msgspec.json.encode(facts))

    def _open(self, row: Row[tuple[object, ...]]) -> Facts:
        with reading("handoff"):
            sealed = self.ring.open_row("handoff", "handoff", "facts", str(row.case_row), row.facts_sealed)
            return msgspec.json.decode(sealed, type=Facts)

    def _read(self, row: Row[tuple[object, ...]]) -> Handoff:
        try:
            facts = self._open(row)
        except Unreadable:  # the case still goes to a lawyer
            facts = lost_facts(known_level(row.level))
        return Handoff(
            case_row=row.case_row,
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


def _is_due(tx: Reading) -> ColumnElement[bool]:
    due = (handoff.c.next_due_at <= tx.now) & (handoff.c.muted == 0)
    return due & may_be_tried(tx, "handoff", handoff.c.case_row)
