"""A case's sealed entries: each in its place in the chain, readable for whoever holds a wrap.

The case identity exists in memory while the case is opened: it is wrapped for every active lawyer and every recovery
recipient and then forgotten, so that this server can add to a case and never read it again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Row

from flows.model import Level
from storage import codes, records
from storage.bundle import BundleCase
from storage.case import Case, Open, Status
from storage.case_rows import ends_at, set_columns
from storage.in_sight import sealed_chat
from storage.members import Member, Members
from storage.record import GENESIS, Entry, EntryKind, new_case_key, new_code, seal_entry
from storage.schema import case_file, entry
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.upsert import upsert_of
from storage.wraps import Wraps

MOST_LAWYERS = 48
# Lawyers in the order in which a new case is sealed to them; in which language it is, and where, if that is known.
InOrder = Callable[[Reading, Sequence[Member], str, str | None], Sequence[Member]]
_NEW = insert(entry)
_END = select(case_file.c.seq, case_file.c.head).where(case_file.c.id == bindparam("row"))
_END_IN_STATE = _END.where(case_file.c.status == bindparam("state"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Opens cases and adds to them; every method runs inside a change.

    `in_order`: asked where there are more lawyers than a case is sealed to. `here`: a moment on the clock of
    the place where people are helped, whose days and times entries have.
    """

    ring: KeyRing = field(repr=False)
    members: Members = field(repr=False)
    recovery: tuple[str, ...] = field(repr=False)
    wraps: Wraps
    in_order: InOrder
    here: Callable[[datetime], datetime]

    def open(
        self,
        tx: Tx,
        *,
        chat_id: int,
        look_up: bytes,
        language: str,
        revision: str,
        region: str | None = None,
    ) -> Open:
        """A new case: key pair, wraps for everybody who may take it, and the entry that names them.

        `region`: where it is, as far as that is known already.
        """
        key = new_case_key()
        lawyers, today = self._lawyers(tx, language, region), self.today(tx.now)
        values: dict[str, Any] = {
            "case_id": key.case_id,
            "recipient": key.recipient,
            "level": Level.normal,
            "revision": revision,
            "chat_look_up": look_up,
            "seq": 0,
            "created_on": today,
        }
        sealed = sealed_chat(self.ring, key.case_id, chat_id, language)
        row_id, code = self._insert(tx, {**values, "chat_sealed": sealed, "status": Status.open, "head": GENESIS})
        tx.know(("chain", row_id), (), (0, GENESIS))
        members, recovery = [(one.id, one.recipient) for one in lawyers], [(None, one) for one in self.recovery]
        names = {one.id: one.name for one in lawyers}
        readers = [
            {
                "name": "recovery" if member_id is None else names[member_id],
                "fingerprint": fingerprint(recipient),
                "role": "recovery" if member_id is None else "lawyer",
            }
            for member_id, recipient in self.wraps.make(tx, row_id, key, [*members, *recovery])
        ]
        case = Open(
            row=row_id,
            code=code,
            **values,
            chat_id=chat_id,
            language=language,
            card_message=None,
            hidden=False,
            wants_ping=None,
        )
        self.append(tx, case, Entry(kind=EntryKind.readers, value=readers, at=today.isoformat()))
        return case

    def today(self, now: datetime) -> date:
        """The day of a moment."""
        return self.here(now).date()

    def stamp(self, at: datetime) -> str:
        """When something was written, as an entry says it: to the second, with the zone."""
        return self.here(at).isoformat(timespec="seconds")

    def append(self, tx: Tx, case: Case, new: Entry, **beside: object) -> int:
        """Seals one more entry onto the case's chain; its number. `beside`: what else changes in the case's row."""
        # Its end is looked up once, and locked: seeker and lawyer both append.
        seq, head = tx.once(("chain", case.row), (), lambda: tuple(tx.execute(tx.held(_END), {"row": case.row}).one()))
        sealed = seal_entry(case.recipient, case.case_id, seq + 1, head, new)
        sha256 = hashlib.sha256(sealed).hexdigest()
        values = {"case_row": case.row, "seq": seq + 1, "kind": new.kind, "sha256": sha256, "sealed": sealed}
        tx.gather(entry, _write)[f"{case.row} {seq + 1}"] = values
        ends_at(tx, case.row, seq + 1, sha256)
        if beside:
            set_columns(tx, case.row, **beside)
        tx.know(("chain", case.row), (), (seq + 1, sha256))
        return int(seq + 1)

    def saw(self, tx: Reading, row: Row[Any]) -> None:
        """A case's row, as it was read in this change: it need not be asked again, if nobody else changes anything."""
        if isinstance(tx, Tx) and tx.is_alone:
            tx.once(("chain", row.id), (), lambda: (row.seq, row.head))
            tx.once(("still", row.id, row.status), [case_file], lambda: True)

    def still(self, tx: Tx, case_row: int, status: Status) -> bool:
        """Whether a case is in this state; if so, nobody else changes it from here to the end of the change."""

        def find() -> bool:
            end = tx.execute(tx.held(_END_IN_STATE), {"row": case_row, "state": status}).one_or_none()
            if end is not None:
                tx.know(("chain", case_row), (), tuple(end))
            return end is not None

        return tx.once(("still", case_row, status), [case_file], find)

    def bundle(self, tx: Reading, case: Case, *, only_for: int | None = None) -> BundleCase:
        """The case as it goes into a bundle; a claimer's holds only the claimer's wrap."""
        return records.bundle(tx, case, only_for=only_for)

    def _lawyers(self, tx: Reading, language: str, region: str | None) -> Sequence[Member]:
        able = [one for one in self.members.working(tx) if one.role == "lawyer"]
        if len(able) <= MOST_LAWYERS:
            return able
        return self.in_order(tx, able, language, region)[:MOST_LAWYERS]

    def _insert(self, tx: Tx, values: Mapping[str, Any]) -> tuple[int, str]:
        """A case's row, under a code that no other case has."""
        new = upsert_of(tx, case_file, ("code_look_up",), (), case_file.c.id)
        row_id = None
        while row_id is None:
            code = new_code()
            row_id = tx.execute(new, {**values, **codes.rested(self.ring, values["case_id"], code)}).scalar()
        return row_id, code


def _write(tx: Tx, entries: Mapping[str, Mapping[str, object]]) -> None:
    tx.execute(_NEW, list(entries.values()))
