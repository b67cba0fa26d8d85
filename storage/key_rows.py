"""Keys of a day in the database, for bots on several machines that share no disk: PostgreSQL alone.

Each is sealed under the server key, so whoever holds the database without `server.key` opens no draft. A key is made
and destroyed inside the change that needs it or has seen that nothing does; of two processes that make the same one,
one wins. What destroying is worth there docs/threat-model.md says, and docs/decisions/0014.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Insert,
    Update,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
)

from storage.schema import day_key as table
from storage.sealing.day_keys import Needed
from storage.sealing.draft_keys import DraftKeys
from storage.sealing.key_file import DRAFT
from storage.sealing.key_slots import Name
from storage.sealing.keyring import KeyRing
from storage.sealing.mute_salts import MuteSalts
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

_KEY = select(table.c.key_sealed).where(table.c.name == bindparam("key_name"))
_EVERY = select(table)
_KEY_NOW = _KEY.scalar_subquery()


def drafts(tx: Reading, ring: KeyRing) -> DraftKeys:
    """The draft keys, wherever they rest."""
    return DraftKeys(KeyRows(tx, ring)) if ring.in_database else ring.drafts


def mutes(tx: Reading, ring: KeyRing) -> MuteSalts:
    """The salts of muted accounts, wherever they rest."""
    return MuteSalts(KeyRows(tx, ring)) if ring.in_database else ring.mutes


def with_key(statement: Insert | Update) -> Executable:
    """A statement that writes a row under a draft key and sees in the same breath whether that is kept: for `write`."""
    return statement.returning(_KEY_NOW)


def write(tx: Tx, ring: KeyRing, day: date, statement: Executable, values: Mapping[str, object]) -> None:
    """Runs a statement `with_key`; what it has seen of the day's draft key need not be asked again."""
    name = DRAFT, day
    sealed = tx.execute(statement, {**values, "key_name": _written(name)}).scalar()
    KeyRows(tx, ring).saw(name, sealed)


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Inside one change, or look. Keys that the key file has from before count, too, until they are destroyed."""

    tx: Reading
    ring: KeyRing = field(repr=False)

    def known(self, name: Name) -> bytes | None:
        """A key that was read."""
        return self.ring.rows.get(name)

    def found(self, name: Name) -> bytes | None:
        """A key, read anew: once in a change."""
        return self._row(name) or self.ring.file.found(name)

    def held(self, name: Name) -> bytes:
        """A key, made where there is none."""
        return self.known(name) or self._row(name) or self._made(name)

    def kept(self, name: Name) -> bytes | None:
        """A key, as the table has it."""
        tx = self._change
        if not tx.knows(("kept", name)):
            self.saw(name, tx.execute(_KEY, {"key_name": _written(name)}).scalar())
        return self._row(name)

    def saw(self, name: Name, sealed: bytes | None) -> None:
        """What rests there once this change has written a row that needs the key: from then on nobody destroys it."""
        tx, key = self._change, None if sealed is None else self._open(_written(name), sealed)
        tx.know(("day key", name), [table], key)
        tx.know(("kept", name), [table], True)
        if key != self.known(name):
            self.ring.rows.pop(name, None)

    def every(self, kind: str) -> Mapping[date, bytes]:
        """The keys of a kind."""
        rows = {_name(row.name): self._open(row.name, row.key_sealed) for row in self.tx.execute(_EVERY)}
        return {**self.ring.file.every(kind), **{day: key for (one, day), key in rows.items() if one == kind}}

    def destroy(self, kind: str, over: Callable[[date], bool], needed: Needed) -> int:
        """Removes rows, then writes the table anew; what the key file has from before is overwritten.

        Should the change be thrown away, nothing is missing: no row needed the key.
        """
        there, tx = self.every(kind), self._change
        self._know_only(kind, there)
        gone = self._removed(kind, over, there, needed)
        if gone or self.ring.rows_may_linger:
            engine = tx.connection.engine
            tx.after(lambda: self._leave(engine, gone))
        return len(gone)

    def _removed(
        self, kind: str, over: Callable[[date], bool], there: Collection[date], needed: Needed
    ) -> Sequence[Name]:
        old = list(filter(over, there))
        if not old:
            return ()
        kept = needed()
        gone = [(kind, day) for day in set(old).difference(kept)]
        self._change.execute(delete(table).where(table.c.name.in_(list(map(_written, gone)))))
        self.ring.file.destroy(kind, over, lambda: kept)
        return gone

    def _know_only(self, kind: str, there: Collection[date]) -> None:
        """What another process has destroyed leaves the memory of this one."""
        for name in [one for one in self.ring.rows if one[0] == kind and one[1] not in there]:
            del self.ring.rows[name]

    def _leave(self, engine: Engine, gone: Sequence[Name]) -> None:
        """What was removed leaves memory, and the files of the table; if it does not, the next time does it."""
        self.ring.rows_may_linger = True
        for name in gone:
            self.ring.rows.pop(name, None)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (FULL) day_key"))
        with engine.connect() as connection:
            self.ring.rows_may_linger = _holds_more_than_it_shows(connection)

    @property
    def _change(self) -> Tx:
        assert isinstance(self.tx, Tx), "who only looks neither makes nor destroys a key"
        return self.tx

    def _made(self, name: Name) -> bytes:
        tx, key = self._change, self.ring.file.known(name) or os.urandom(32)
        fresh = self.ring.seal_row("key", "day_key", "key", _written(name), key)
        tx.execute(upsert_of(tx, table, ("name",), ()), {"name": _written(name), "key_sealed": fresh})
        return self._row(name) or self._made(name)  # another process may have made it, or destroyed it since

    def _row(self, name: Name) -> bytes | None:
        return self.tx.once(("day key", name), [table], lambda: self._read(name))

    def _read(self, name: Name) -> bytes | None:
        sealed = self.tx.execute(_KEY, {"key_name": _written(name)}).scalar()
        if sealed is None:
            return None
        key = self._open(_written(name), sealed)
        self._remember(name, key)
        return key

    def _remember(self, name: Name, key: bytes) -> None:
        if self.known(name) == key:
            return
        if isinstance(self.tx, Tx):  # it may be one that this change has made
            self.tx.after(lambda: self.ring.rows.update({name: key}))
        else:
            self.ring.rows[name] = key

    def _open(self, written: str, sealed: bytes) -> bytes:
        return self.ring.open_row("key", "day_key", "key", written, bytes(sealed))


def _holds_more_than_it_shows(connection: Connection) -> bool:
    """Whether rows that were removed have been written anew with the others, for a transaction that began before.

    In a table that was just written anew the next row gets the place behind all of them; it is thrown away.
    """
    shown = connection.execute(select(func.count()).select_from(table)).scalar_one()
    one_more: Executable = insert(table).values(name="", key_sealed=b"").returning(literal_column("ctid::text"))
    place = connection.execute(one_more).scalar_one()
    connection.rollback()
    return bool(place != f"(0,{shown + 1})")


def _written(name: Name) -> str:
    kind, day = name
    return f"{kind} {day.isoformat()}"


def _name(written: str) -> Name:
    kind, _, day = written.partition(" ")
    return kind, date.fromisoformat(day)
