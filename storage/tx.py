"""The shape of a transaction: one value that is handed down through everything that looks something up or changes it.

`Reading` looks, `Tx` changes, and mypy tells them apart: a function that takes a `Reading` cannot change anything. Both
carry the moment that counts as now for all of it, and a name for logs and figures.

A change may run twice, and may be thrown away after it has run (storage/database.py). So it alters nothing but the
database. Whatever else follows from it (memory, counters, a message, a wake-up) is handed to `Tx.after`.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, TypeVarTuple, overload

from sqlalchemy import Connection, CursorResult, Executable, Select

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

    def execute(self, query: Select[*Row]) -> CursorResult[*Row]:
        """The rows of a query."""
        return self.connection.execute(query)

    def held(self, query: Select[*Row]) -> Select[*Row]:
        """The query as it is: who only looks holds nobody up."""
        return query


@dataclass(frozen=True, slots=True)
class Tx(Reading):
    """A running transaction. It may be run again, or thrown away; then its effects are, too."""

    effects: list[Effect] = field(default_factory=list, repr=False)

    @overload
    def execute(self, statement: Select[*Row]) -> CursorResult[*Row]: ...  # type: ignore[overload-overlap]
    @overload
    def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, object]] | None = None
    ) -> CursorResult[Any]: ...
    def execute(self, statement: Executable, rows: Sequence[Mapping[str, object]] | None = None) -> CursorResult[Any]:
        """The result of any statement; `rows`: the values of many at once."""
        return self.connection.execute(statement, rows)

    def held(self, query: Select[*Row]) -> Select[*Row]:
        """The query with its rows locked until the end of the transaction (PostgreSQL; SQLite has one writer)."""
        return query.with_for_update()

    def after(self, effect: Effect) -> None:
        """Runs `effect` once the transaction is committed, on the thread that committed it; else never.

        It must be short, block on nothing and not fail.
        """
        self.effects.append(effect)


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
