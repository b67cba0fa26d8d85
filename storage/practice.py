"""The practice case of a new lawyer: sealed as every case is, to them and to recovery, and apart from all cases.

It stands in a table of its own, so whatever looks at cases (ladder, queue, figures, export) never meets it.
"""

import hashlib
import hmac
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Row

from storage import revisions
from storage.bundle import BundleCase, BundleEntry, write_bundle
from storage.members import Member, set_columns
from storage.record import (
    GENESIS,
    PRACTICE_CODE,
    Entry,
    EntryKind,
    Today,
    new_case_key,
    new_check_word,
    new_code,
    new_kid,
    seal_entry,
    wrap,
)
from storage.schema import practice as table
from storage.sealing.identity_file import fingerprint
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx


class Step(StrEnum):
    """What is to be done with it, in this order."""

    taken = "taken"
    opened = "opened"
    wrote = "wrote"
    handed = "handed"
    closed = "closed"


class _Sealed(msgspec.Struct, frozen=True):
    """What is sealed, as it goes into a bundle: entries by kind, the lawyer's wrap, those of recovery."""

    entries: tuple[tuple[str, bytes], ...]
    mine: tuple[str, bytes]
    recovery: tuple[tuple[str, bytes], ...]

    @property
    def head(self) -> str:
        """The end of the chain."""
        return hashlib.sha256(self.entries[-1][1]).hexdigest() if self.entries else GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One lawyer's; `held`: they have it and have not given it back."""

    member_id: int
    code: str
    case_id: str
    recipient: str = field(repr=False)
    revision: str
    sealed: _Sealed = field(repr=False)
    held: bool
    done: frozenset[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Practices:
    """Every method runs inside a change. `recovery`: who can open each case. `today`: the day of a moment."""

    ring: KeyRing = field(repr=False)
    recovery: tuple[str, ...] = field(repr=False)
    today: Today

    def begin(self, tx: Tx, member: Member, revision: str, entries: Sequence[Entry]) -> Practice:
        """A new one in place of any before: key pair, wraps, the readers, these entries, and a check word."""
        key, word, at = new_case_key(), new_check_word(), self.today(tx.now).isoformat()
        readers = [{"name": member.name, "fingerprint": fingerprint(member.recipient), "role": "lawyer"}]
        readers += [{"name": "recovery", "fingerprint": fingerprint(one), "role": "recovery"} for one in self.recovery]
        sealed = _Sealed(
            entries=(),
            mine=(new_kid(), wrap(key.identity, member.recipient)),
            recovery=tuple((new_kid(), wrap(key.identity, one)) for one in self.recovery),
        )
        check = Entry(kind=EntryKind.check, at=at, value={"word": word, "for": member.name})
        for one in (Entry(kind=EntryKind.readers, at=at, value=readers), *entries, check):
            sealed = _with(sealed, key.recipient, key.case_id, one)
        _drop(tx, member.id)
        values = {
            "member_id": member.id,
            "code": PRACTICE_CODE + new_code()[-4:],
            "case_id": key.case_id,
            "recipient": key.recipient,
            "revision": revision,
            "check_mac": self._check_mac(key.case_id, word),
            "sealed": msgspec.msgpack.encode(sealed),
            "held": 0,
            "done": "",
            "began_at": tx.now,
        }
        tx.execute(insert(table).values(**values))
        found = self.of(tx, member.id)
        assert found is not None
        return found

    def of(self, tx: Reading, member_id: int) -> Practice | None:
        """A lawyer's, None when none is open."""
        row = tx.execute(select(table).where(table.c.member_id == member_id)).one_or_none()
        return None if row is None else _read(row)

    def append(self, tx: Tx, practice: Practice, *entries: Entry) -> None:
        """More is sealed onto its chain."""
        sealed = practice.sealed
        for one in entries:
            sealed = _with(sealed, practice.recipient, practice.case_id, one)
        _set(tx, practice, sealed=msgspec.msgpack.encode(sealed))

    def checked(self, tx: Tx, practice: Practice, word: str) -> bool:
        """Is this the check word? Whoever types it has opened the case."""
        known = tx.execute(select(table.c.check_mac).where(table.c.member_id == practice.member_id)).scalar_one()
        return hmac.compare_digest(bytes(known), self._check_mac(practice.case_id, word))

    def did(self, tx: Tx, practice: Practice, step: Step, *, held: bool = True) -> Practice:
        """A step is done."""
        done = " ".join(one for one in Step if one in practice.done or one is step)
        _set(tx, practice, done=done, held=int(held))
        found = self.of(tx, practice.member_id)
        assert found is not None
        return found

    def end(self, tx: Tx, practice: Practice) -> bool:
        """It is erased; True when that makes its lawyer one who has finished it: taken, opened, and closed."""
        _drop(tx, practice.member_id)
        finished = Step.opened in practice.done
        if finished:
            set_columns(tx, practice.member_id, practised_at=tx.now)
        return finished

    def zip(self, tx: Reading, practice: Practice) -> bytes:
        """The bundle for its lawyer, signed, with their wrap alone."""
        entries = practice.sealed.entries
        bundle = BundleCase(
            code=practice.code,
            case_id=practice.case_id,
            recipient=practice.recipient,
            entries=[BundleEntry(seq, kind, sealed) for seq, (kind, sealed) in enumerate(entries, start=1)],
            wraps=[practice.sealed.mine],
            flows={practice.revision: revisions.carried(tx, practice.revision)},
        )
        buffer = io.BytesIO()
        write_bundle(buffer, [bundle], self.ring.sign, self.ring.verify_key, self.today(tx.now))
        return buffer.getvalue()

    def _check_mac(self, case_id: str, word: str) -> bytes:
        return self.ring.look_up("check", f"{case_id}\n{word}")


def forget_old(tx: Tx, before: datetime) -> None:
    """What began before then and was not closed is erased."""
    tx.execute(delete(table).where(table.c.began_at < before))


def _with(sealed: _Sealed, recipient: str, case_id: str, entry: Entry) -> _Sealed:
    seq = len(sealed.entries) + 1
    new = (str(entry.kind), seal_entry(recipient, case_id, seq, sealed.head, entry))
    return msgspec.structs.replace(sealed, entries=(*sealed.entries, new))


def _set(tx: Tx, practice: Practice, **values: object) -> None:
    tx.execute(update(table).where(table.c.member_id == practice.member_id).values(**values))


def _drop(tx: Tx, member_id: int) -> None:
    tx.execute(delete(table).where(table.c.member_id == member_id))


def _read(row: Row[Any]) -> Practice:
    return Practice(
        member_id=row.member_id,
        code=row.code,
        case_id=row.case_id,
        recipient=row.recipient,
        revision=row.revision,
        sealed=msgspec.msgpack.decode(row.sealed, type=_Sealed),
        held=bool(row.held),
        done=frozenset(Step(one) for one in row.done.split()),
    )
