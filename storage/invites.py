"""Invitations of members: a one-time code whose hash alone is kept, and the key that the invited person has sent.

Nobody becomes a member by a code: a coordinator compares the key's fingerprint and approves it on the terminal.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Row

from storage.errors import Refused
from storage.members import Role, name_look_up
from storage.schema import Exact
from storage.schema import invite as table
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import readable, reading, unreadable

VALID_FOR = timedelta(hours=48)
MOST_TRIES = 5
_OF_ACCOUNT = select(table).where(
    table.c.telegram_look_up == bindparam("look_up"),
    table.c.expires_at > bindparam("now", type_=Exact()),
    table.c.tries < MOST_TRIES,
)


class _About(msgspec.Struct, frozen=True):
    """What is sealed in `about_sealed`."""

    name: str
    role: Role
    languages: tuple[str, ...]
    regions: tuple[str, ...] = ()


class _Joining(msgspec.Struct, frozen=True):
    """What is sealed in `joining_sealed`: who came with the code, and their key."""

    telegram: int
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """One invitation; `telegram_id` once somebody came with the code, `recipient` once they have sent a key."""

    id: int
    name: str = field(repr=False)
    role: Role
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    telegram_id: int | None = field(repr=False)
    recipient: str | None = field(repr=False)
    tries: int


@dataclass(frozen=True, slots=True)
class Invites:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def make(
        self,
        tx: Tx,
        name: str,
        role: Role,
        languages: Sequence[str],
        regions: Sequence[str],
    ) -> str:
        """A new code of 128 bits, good once and for two days; an earlier invitation of this name is over."""
        code = secrets.token_urlsafe(16)
        by_name = name_look_up(self.ring, name)
        tx.execute(delete(table).where(table.c.name_look_up == by_name))
        about = msgspec.json.encode(_About(name, role, tuple(languages), tuple(regions)))
        tx.execute(
            insert(table).values(
                code_hash=_hash(code),
                name_look_up=by_name,
                about_sealed=self.ring.seal_row("member", "invite", "about", by_name.hex(), about),
                expires_at=tx.now + VALID_FOR,
                tries=0,
            )
        )
        return code

    def accept(self, tx: Tx, code: str, telegram_id: int) -> Invite | None:
        """Somebody came with a code: the invitation is theirs and the code is spent. None for any other code."""
        wanted = (table.c.code_hash == _hash(code)) & (table.c.expires_at > tx.now) & table.c.telegram_look_up.is_(None)
        look_up = self.ring.look_up("telegram", telegram_id)
        if self.of(tx, telegram_id) is not None:
            return None
        # What this account had before is over; it must not stand in the way of a new invitation.
        tx.execute(delete(table).where(table.c.telegram_look_up == look_up))
        row = tx.execute(select(table).where(wanted)).one_or_none()
        if row is None:
            return None
        spent = {"telegram_look_up": look_up, "joining_sealed": self._seal(row, _Joining(telegram_id))}
        won = tx.execute(update(table).where(table.c.id == row.id, wanted).values(**spent)).rowcount == 1
        return self.of(tx, telegram_id) if won else None

    def of(self, tx: Reading, telegram_id: int) -> Invite | None:
        """The invitation that this account has accepted and that is still good."""
        look_up = self.ring.look_up("telegram", telegram_id)
        row = tx.execute(_OF_ACCOUNT, {"look_up": look_up, "now": tx.now}).one_or_none()
        return None if row is None else self._read(row)

    def key_came(self, tx: Tx, invite: Invite, recipient: str | None) -> bool:
        """The invited person has sent a key; None for something that is none, which counts as a try.

        False when that was the last try: the invitation is over.
        """
        row = tx.execute(select(table).where(table.c.id == invite.id)).one()
        values: dict[str, object] = {"tries": row.tries + 1}
        if recipient is not None and invite.telegram_id is not None:
            values = {"joining_sealed": self._seal(row, _Joining(invite.telegram_id, recipient))}
        tx.execute(update(table).where(table.c.id == invite.id).values(**values))
        return recipient is not None or row.tries + 1 < MOST_TRIES

    def standing(self, tx: Reading, name: str) -> Invite | None:
        """The invitation of a name that is still good."""
        row = self._row(tx, name)
        return None if row is None or _is_over(tx, row) else self._read(row)

    def by_name(self, tx: Reading, name: str) -> Invite:
        """The invitation of a name that is still good, with a key in it; raises Refused, which says what is missing."""
        row, anew = self._row(tx, name), "`pana member invite` makes a code, good for two days"
        if row is None:
            raise Refused(f"nobody is invited as {name}: {anew}")
        if _is_over(tx, row):
            raise Refused(f"the invitation of {name} is over: {anew}")
        found = self._read(row)
        if found.telegram_id is None:
            raise Refused(f"{name} has not come with the code yet; if it is lost, {anew}")
        if found.recipient is None:
            raise Refused(f"{name} has not sent a key yet; if the bot is not asking for it, {anew}")
        return found

    def name_of(self, tx: Reading, row_id: int) -> str | None:
        """Who was invited by this row; None once it is gone, or when it cannot be read."""
        found = readable(tx.execute(select(table).where(table.c.id == row_id)).all(), self._read)
        return next((one.name for one in found), None)

    def _row(self, tx: Reading, name: str) -> Row[Any] | None:
        return tx.execute(select(table).where(table.c.name_look_up == name_look_up(self.ring, name))).one_or_none()

    def drop(self, tx: Tx, invite: Invite) -> None:
        """The invitation is over."""
        tx.execute(delete(table).where(table.c.id == invite.id))

    def forget_old(self, tx: Tx) -> None:
        """Drops invitations that are over."""
        tx.execute(delete(table).where(table.c.expires_at < tx.now))

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"invite": unreadable(tx.execute(select(table)), self._read)}

    def _seal(self, row: Row[tuple[object, ...]], joining: _Joining) -> bytes:
        return self.ring.seal_row("member", "invite", "joining", row.name_look_up.hex(), msgspec.json.encode(joining))

    def _read(self, row: Row[tuple[object, ...]]) -> Invite:
        place = row.name_look_up.hex()
        joining = None
        with reading("invite"):
            sealed = self.ring.open_row("member", "invite", "about", place, row.about_sealed)
            about = msgspec.json.decode(sealed, type=_About)
            if row.joining_sealed is not None:
                sealed = self.ring.open_row("member", "invite", "joining", place, row.joining_sealed)
                joining = msgspec.json.decode(sealed, type=_Joining)
        return Invite(
            row.id,
            about.name,
            about.role,
            about.languages,
            about.regions,
            joining.telegram if joining else None,
            joining.recipient if joining else None,
            row.tries,
        )


def _is_over(tx: Reading, row: Row[Any]) -> bool:
    return bool(row.expires_at <= tx.now or row.tries >= MOST_TRIES)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()
