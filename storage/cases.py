"""Cases are found here, and put before the lawyers.

How one is opened and added to: storage/chain.py. Who takes it: storage/claims.py. Its person's chat and card:
storage/in_sight.py. Its end: storage/erasing.py.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import LargeBinary, Select, bindparam, literal_column, select
from sqlalchemy.engine import Row

from flows.facts import Facts
from storage import codes, in_sight, records, shown
from storage import contact as kept_contact
from storage.alerted import AlertedMembers
from storage.case import (
    LIVE,
    AnyHanded,
    Case,
    Claim,
    Claimed,
    Closed,
    Erased,
    Handed,
    Handoff,
    Live,
    Open,
    Parted,
    Status,
    Waiting,
    known_level,
    turned,
)
from storage.case_rows import WISH, set_columns
from storage.chain import Chain
from storage.claims import KeptClaims
from storage.errors import Unreadable
from storage.handoffs import Handoffs, lost_handoff
from storage.record import tidy_code
from storage.revisions import flow_of
from storage.schema import (
    case_file,
    contact,
    flow_revision,
    handoff,
    intake,
    wrap,
)
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable
from storage.wraps import Wraps

_WANTS = {0: None, 1: True, 2: False}  # the column's values
_TABLES = (case_file, handoff)
_EVERY = select(case_file, handoff).outerjoin(handoff, handoff.c.case_row == case_file.c.id)
_OF_ROW = _EVERY.where(case_file.c.id == bindparam("row"))
_OF_CODE = _EVERY.where(case_file.c.code_look_up == bindparam("code"))
_WAITING = _EVERY.where(case_file.c.status == Status.waiting).order_by(case_file.c.id)
_THESE = _WAITING.where(case_file.c.id.in_(bindparam("rows", expanding=True)))
_LISTED = _EVERY.order_by(case_file.c.id)
_OF_ROWS = _LISTED.where(case_file.c.id.in_(bindparam("rows", expanding=True)))
_HELD_BY = _LISTED.where(case_file.c.claimed_by == bindparam("member"), case_file.c.status == Status.claimed)
_LOOK_UP = bindparam("look_up", type_=LargeBinary)
_KNOWN = select(case_file.c.chat_look_up).where(case_file.c.chat_look_up.in_(bindparam("look_ups", expanding=True)))
# What is asked of a chat at every press, in one row at least: its cases, how far each is in touch, what stands there.
_OF_CHAT = (
    select(case_file, handoff, *kept_contact.COLUMNS, shown.in_one(_LOOK_UP).label("shown"))
    .select_from(select(literal_column("1")).subquery())
    .outerjoin(case_file, case_file.c.chat_look_up == _LOOK_UP)
    .outerjoin(handoff, handoff.c.case_row == case_file.c.id)
    .outerjoin(contact, contact.c.case_row == case_file.c.id)
    .order_by(case_file.c.id.desc())
)
_HANDED, _LIVE = (case_file.c.status.in_(some) for some in ([Status.waiting, Status.claimed], LIVE))


@dataclass(frozen=True, slots=True)
class Cases:
    """Finds cases and hands them over; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    handoffs: Handoffs
    alerted: AlertedMembers
    wraps: Wraps
    chain: Chain
    claims: KeptClaims

    # --- finding ---

    def of_chat(self, tx: Reading, look_up: bytes, *, hold: bool = False, behind: bool = False) -> Handed | None:
        """The waiting or claimed case that a chat shows, or None. `hold`: as it is until the end of the change.

        `behind`: the one that stands behind what the chat shows, and is the chat's once that is over.
        """
        if hold and isinstance(tx, Tx) and not tx.is_alone:  # what is read after that is as new
            wanted = (case_file.c.chat_look_up == look_up) & _HANDED & (case_file.c.hidden != in_sight.HIDDEN)
            tx.execute(tx.held(select(case_file.c.id).where(wanted))).all()
        stand = (case for case in self.all_of_chat(tx, look_up) if not case.hidden and case.behind is behind)
        return next((case for case in stand if isinstance(case, Handed)), None)

    def all_of_chat(self, tx: Reading, look_up: bytes) -> Sequence[Case]:
        """Every case of a chat, the hidden ones too, the newest first."""
        return tx.once(("chat", look_up), (*_TABLES, contact), lambda: self._of_chat(tx, look_up))

    def known(self, tx: Reading, look_ups: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these chats have a case."""
        found = tx.execute(_KNOWN, {"look_ups": list(look_ups)}).scalars()
        return frozenset(bytes(one) for one in found if one is not None)

    def get(self, tx: Reading, row_id: int) -> Case:
        """The case of this row."""
        return tx.once(("case", row_id), _TABLES, lambda: self._read(tx, tx.execute(_OF_ROW, {"row": row_id}).one()))

    def of_rows(self, tx: Reading, rows: Sequence[int]) -> Sequence[Case]:
        """The cases of these rows, in the order they came."""
        if not rows:
            return []
        return self._all(tx, _OF_ROWS, rows=list(rows))

    def hold(self, tx: Tx, row_id: int) -> Case:
        """Locks a case until the end of the change, after its intake; as it is now, and stays."""
        if not tx.is_alone:
            tx.execute(tx.held(select(intake.c.id).where(intake.c.case_row == row_id)))
            tx.execute(tx.held(select(case_file.c.id).where(case_file.c.id == row_id)))
        return self.get(tx, row_id)

    def by_typed_code(self, tx: Reading, text: str) -> Case | None:
        """The case of a code as people type it, or None."""
        code = tidy_code(text)
        return self.by_code(tx, code) if code else None

    def by_code(self, tx: Reading, code: str) -> Case | None:
        """The case of this code, or None."""
        row = tx.execute(_OF_CODE, {"code": codes.look_up(self.ring, code)}).one_or_none()
        if row is None:  # one whose code cannot be read has another
            named = (one for one in tx.execute(_EVERY.where(_LIVE)) if codes.spare(self.ring, one.case_id) == code)
            row = next(named, None)
        return None if row is None else self._read(tx, row)

    def listed(
        self,
        tx: Reading,
        *,
        statuses: Sequence[str] = (),
        since: date | None = None,
    ) -> Sequence[Case]:
        """Cases in the order they came, narrowed by what is given."""
        query = records.narrowed(_LISTED, statuses=statuses, since=since)
        return self._all(tx, query)

    def held_by(self, tx: Reading, member_id: int) -> Sequence[Claimed]:
        """The cases that a member has claimed."""
        return [case for case in self._all(tx, _HELD_BY, member=member_id) if isinstance(case, Claimed)]

    def waiting(self, tx: Reading, rows: Sequence[int] | None = None) -> Sequence[Waiting]:
        """The cases that nobody has taken, the oldest first; all of them, or those of these rows."""
        found = self._all(tx, _WAITING) if rows is None else self._all(tx, _THESE, rows=list(rows))
        return [case for case in found if isinstance(case, Waiting)]

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        flows = tx.execute(select(flow_revision.c.revision)).scalars().all()
        return {
            "case_file": unreadable(tx.execute(select(case_file)), self._try),
            "entry": records.damaged_entries(tx),
            "flow_revision": unreadable(flows, lambda revision: flow_of(tx, revision)),
        }

    # --- opening and filling ---

    # --- handing over ---

    def hand_over(
        self, tx: Tx, case: Live, facts: Facts, *, muted: bool = False, quiet_until: datetime | None = None
    ) -> Waiting:
        """Puts the case before the lawyers: due now, from the first rung; a muted one waits without a due time."""
        begun = self.handoffs.begin(tx, case, facts, muted=muted, quiet_until=quiet_until)
        set_columns(tx, case.row, status=Status.waiting, level=facts.level)
        return replace(turned(case, Waiting, handoff=begun), level=facts.level)

    def update_facts(
        self,
        tx: Tx,
        case: AnyHanded,
        facts: Facts,
        *,
        ring_now: datetime | None,
        quiet_until: datetime | None = None,
    ) -> AnyHanded:
        """Changes what the alerts say; `ring_now` makes the ladder ring again at once (a rise)."""
        again = ring_now if isinstance(case, Waiting) else None
        set_columns(tx, case.row, level=facts.level)
        case = self.handoffs.set_facts(tx, case, facts, ring_now=again, quiet_until=quiet_until)
        return replace(case, level=facts.level)

    def withdraw(self, tx: Tx, case: Waiting) -> Open:
        """Takes a waiting case back from the lawyers; it stays open."""
        set_columns(tx, case.row, status=Status.open)
        return turned(case, Open, handoff=self.handoffs.stop(tx, case).handoff)

    # --- bundles and erasing ---

    # --- rows ---

    def _try(self, row: Row[tuple[object, ...]]) -> None:
        with reading("case_file"):
            codes.open_code(self.ring, row)
        if row.chat_sealed is not None:
            in_sight.open_chat(self.ring, row.case_id, row.chat_sealed)

    def _call(self, row: Row[Any]) -> tuple[str | None, str]:
        """What the call words come from, and their language; None when it cannot be read.

        A claim of before has the case's id, or no language.
        """
        if row.call_sealed is None:
            return str(row.case_id), ""
        with contextlib.suppress(Unreadable), reading("case_file"):
            kept = self.ring.open_row("call", "case", "call", row.case_id, row.call_sealed).decode()
            secret, _, language = kept.partition(" ")
            return secret, language
        return None, ""

    def _of_chat(self, tx: Reading, look_up: bytes) -> Sequence[Case]:
        """With what else is wanted next of one of them, and of the chat."""
        rows = tx.execute(_OF_CHAT, {"look_up": look_up}).all()
        shown.know(tx, look_up, rows[0].shown)
        cases = []
        for row in (row for row in rows if row.id is not None):
            tx.know(kept_contact.with_(row.id), [contact], kept_contact.of_row(row))
            cases.append(self._read(tx, row))
            tx.know(("case", row.id), _TABLES, cases[-1])
        return cases

    def _all(self, tx: Reading, wanted: Select[Any], **values: object) -> list[Case]:
        """Every case that is wanted, in the order of the query."""
        return [self._read(tx, row) for row in tx.execute(wanted, values).all()]

    def _read(self, tx: Reading, row: Row[Any]) -> Case:
        """A case by its state; one that says of itself what cannot be (after damage) is called for again."""
        self.chain.saw(tx, row)
        shared, known = self._shared(tx, row), self.handoffs.read(tx, row)
        match row.status:
            case Status.claimed if row.erase_at is not None:
                return Parted(**shared, by=row.claimed_by, erase_at=row.erase_at)
            case Status.waiting:
                return Waiting(**shared, handoff=known or _lost(row))
            case Status.claimed if row.claimed_by is not None:
                known = known or _lost(row)
                return Claimed(**shared, handoff=known, claim=self._claim(row, known.began_at, shared["language"]))
            case Status.closed:
                return Closed(**shared, outcome=row.outcome or "", by=row.claimed_by)
            case Status.erased:
                return Erased(**shared, by_wish=row.outcome == WISH)
            case _:
                return Open(**shared, handoff=known)

    def _claim(self, row: Row[Any], began_at: datetime, spoken: str) -> Claim:
        secret, language = self._call(row)
        return Claim(
            by=row.claimed_by,
            at=row.claimed_at or began_at,
            contacted_at=row.contacted_at,
            deputy=row.deputy,
            checked=bool(row.checked),
            call_secret=secret,
            call_language=language or spoken,
        )

    def _shared(self, tx: Reading, row: Row[Any]) -> dict[str, Any]:
        """What a row says of a case in every state."""
        chat = None
        if row.chat_sealed is not None:
            # Without its chat a case can still be taken, read and exported: only its person cannot be written to.
            with contextlib.suppress(Unreadable):
                sealed = row.case_id, row.chat_sealed
                chat = tx.once(("chat", *sealed), (), lambda: in_sight.open_chat(self.ring, *sealed))
        return {
            "row": row.id,
            "code": tx.once(("code", row.case_id, row.code_sealed), (), lambda: codes.code_of(self.ring, row)),
            "case_id": row.case_id,
            "recipient": row.recipient,
            "level": known_level(row.level),
            "revision": row.revision,
            "chat_look_up": row.chat_look_up,
            "chat_id": chat.chat if chat else None,
            "language": chat.language if chat else self.chain.members.last_resort,
            "card_message": row.card_message,
            "seq": row.seq,
            "created_on": row.created_on,
            "hidden": row.hidden == in_sight.HIDDEN,
            "behind": row.hidden == in_sight.BEHIND,
            "wants_ping": _WANTS[row.wants_ping],
        }


def any_calls(tx: Reading, member_id: int | None) -> bool:
    """Some case waits and calls lawyers; with a member, one that they can open."""
    calls = (case_file.c.status == Status.waiting) & (handoff.c.muted == 0)
    if member_id is not None:
        calls &= case_file.c.id.in_(select(wrap.c.case_row).where(wrap.c.member_id == member_id))
    query = select(case_file.c.id).join(handoff, handoff.c.case_row == case_file.c.id).where(calls)
    return tx.execute(query.limit(1)).first() is not None


def _lost(row: Row[Any]) -> Handoff:
    """It counts from before it can have begun: its day is one where people are helped, which may be ahead of UTC."""
    began_at = datetime.combine(row.created_on, time(), UTC) - timedelta(days=1)
    return lost_handoff(known_level(row.level), began_at)
