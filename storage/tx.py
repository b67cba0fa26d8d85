"""The shape of a transaction: one value that is handed down through everything that looks something up or changes it.

`Reading` looks, `Tx` changes, and mypy tells them apart: a function that takes a `Reading` cannot change anything. Both
carry the moment that counts as now for all of it, and a name for logs and figures.

A change may run twice, and may be thrown away after it has run (storage/database.py). So it alters nothing but the
database. Whatever else follows from it (memory, counters, a message, a wake-up) is handed to `Tx.after`.

What a change has found it need not ask again (`once`): that is known until the change itself writes to one of the
tables it came from, or locks anything, for whoever has waited for a lock must see what the other has done. It is gone
with the change. Rows that can wait are gathered and written at its end, as one statement (`gather`).
"""

import functools
import weakref
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, TypeVarTuple, cast, overload

from sqlalchemy import ClauseElement, Connection, Executable, FromClause, Select, Table, TextClause
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase

from storage.prepared import Answer, Values, execute

T = TypeVar("T")
Row = TypeVarTuple("Row")
Effect = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the database says at one moment. `now`: aware, in UTC."""

    connection: Connection = field(repr=False)
    now: datetime
    name: str = ""

    @property
    def at_once(self) -> datetime:
        """When something is due that is due at once: the second that has begun, for times rest in whole seconds."""
        return self.now.replace(microsecond=0)

    def execute(self, query: Select[*Row], values: Mapping[str, object] | None = None) -> Answer[*Row]:
        """The rows of a query; `values`: those of its parameters by name, where it was made beforehand."""
        return execute(self.connection, query, values)

    def held(self, query: Select[*Row]) -> Select[*Row]:
        """The query as it is: who only looks holds nobody up."""
        return query

    def once(self, what: Hashable, tables: Collection[Table], find: Callable[[], T]) -> T:
        """What `find` finds in these tables; a change does not ask again for `what` it knows."""
        return find()

    def know(self, what: Hashable, tables: Collection[Table], value: object) -> None:
        """Who only looks keeps nothing, however much that is."""


@dataclass(frozen=True, slots=True)
class Tx(Reading):
    """A running transaction. It may be run again, or thrown away; then its effects are, too."""

    effects: list[Effect] = field(default_factory=list, repr=False)
    _known: dict[Hashable, tuple[Collection[Table], Any]] = field(default_factory=dict, repr=False)
    _known_of: dict[FromClause, set[Hashable]] = field(default_factory=dict, repr=False)
    _gathered: dict[str, "Gathered"] = field(default_factory=dict, repr=False)
    queues: set[Table] = field(default_factory=set, repr=False)

    @overload
    def execute(  # type: ignore[overload-overlap]
        self, statement: Select[*Row], values: Mapping[str, object] | None = None
    ) -> Answer[*Row]: ...
    @overload
    def execute(self, statement: Executable, values: Values | None = None) -> Answer[Any]: ...
    def execute(self, statement: Executable, values: Values | None = None) -> Answer[Any]:
        """The result of any statement; `values`: those of its parameters by name, or the rows of many at once."""
        in_words = isinstance(statement, TextClause)  # nobody knows which tables it is about
        if self._gathered:
            self._write_what_is_asked_for(statement)
        result = execute(self.connection, statement, values)
        if isinstance(statement, UpdateBase):
            self._forget(statement.table)
        elif in_words or (isinstance(statement, Select) and statement._for_update_arg is not None):
            for table in list(self._known_of):
                self._forget(table)
        return result

    @property
    def is_alone(self) -> bool:
        """Nobody else changes anything before this change ends: SQLite has one writer."""
        return self.connection.dialect.name == "sqlite"

    def held(self, query: Select[*Row]) -> Select[*Row]:
        """The query with its rows locked until the end of the transaction, where others could change them."""
        if self.is_alone:
            return query
        if query not in _HELD:
            _HELD[query] = query.with_for_update()
        held: Select[*Row] = _HELD[query]
        return held

    def once(self, what: Hashable, tables: Collection[Table], find: Callable[[], T]) -> T:
        """What `find` finds in these tables; what is known of it is not asked again."""
        if what not in self._known:
            self.know(what, tables, find())
        found: T = self._known[what][1]
        return found

    def know(self, what: Hashable, tables: Collection[Table], value: object) -> None:
        """What would be found is known: seen beside something else, or written by this change.

        Without tables it stays known to the end.
        """
        self._known[what] = (tables, value)
        for table in tables:
            self._known_of.setdefault(table, set()).add(what)

    def knows(self, what: Hashable) -> bool:
        """Whether `what` is known, and need not be asked."""
        return what in self._known

    def forget(self, table: Table) -> None:
        """What is known of a table is not true any more: rows of it that were gathered say something else."""
        self._forget(table)

    def _forget(self, table: FromClause) -> None:
        for what in self._known_of.pop(table, ()):
            if what in self._known and table in self._known[what][0]:  # it may be known from elsewhere by now
                del self._known[what]

    def gather(self, table: Table, write: "Write") -> dict[str, dict[str, object]]:
        """Rows of a table, by key, that are handed to `write` before the change ends; to be added to."""
        return self._gathered.setdefault(table.name, Gathered(write)).rows

    def write_gathered(self) -> None:
        """Writes all that was gathered."""
        for name in list(self._gathered):
            self._write(name)

    def _write_what_is_asked_for(self, statement: Executable) -> None:
        """Whatever a statement is about is in the database before it runs; one in words may be about anything."""
        if isinstance(statement, TextClause):
            self.write_gathered()
            return
        for table in self._gathered.keys() & _tables_of(cast(ClauseElement, statement)):
            self._write(table)

    def _write(self, table: str) -> None:
        gathered = self._gathered.pop(table, None)
        if gathered is not None and gathered.rows:
            gathered.write(self, gathered.rows)

    def queued(self, table: Table) -> None:
        """Something in this table is due: whoever works it off looks once this is committed (storage/writer.py)."""
        self.queues.add(table)

    def after(self, effect: Effect) -> None:
        """Runs `effect` once the transaction is committed, on the thread that committed it; else never.

        It must be short, block on nothing and not fail.
        """
        self.effects.append(effect)


_HELD: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
_TABLES: weakref.WeakKeyDictionary[ClauseElement, frozenset[str]] = weakref.WeakKeyDictionary()


def _tables_of(statement: ClauseElement) -> frozenset[str]:
    """The tables that a statement is about; of one that was made beforehand they are looked for once."""
    if statement not in _TABLES:
        _TABLES[statement] = frozenset(one.name for one in visitors.iterate(statement) if isinstance(one, Table))
    return _TABLES[statement]


Write = Callable[[Tx, Mapping[str, Mapping[str, object]]], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows of one table, by key, and what writes them."""

    write: Write
    rows: dict[str, dict[str, object]] = field(default_factory=dict)


Change = Callable[[Tx], T]
Look = Callable[[Reading], T]


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def name_of(change: Callable[..., object]) -> str:
    """What a change is called: its function, or the one that wrote it as a lambda."""
    while isinstance(change, functools.partial):
        change = change.func
    return getattr(change, "__qualname__", type(change).__name__).split(".<locals>")[0]
