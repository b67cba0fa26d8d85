"""An INSERT that may find its row there already, in the words of the database it goes to."""

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Table, alias
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from storage.tx import Tx

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"


def upsert(tx: Tx, table: Table) -> Insert:
    """To be told what to do with a row that is there."""
    return upsert_in(tx.connection.dialect.name, table)


def upsert_in(dialect: str, table: Table) -> Insert:
    """The same in the words of a dialect, for a statement that is made once."""
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # of no use to an instance on a file

    return postgresql.insert(table)


def upsert_of(
    tx: Tx, table: Table, by: tuple[str, ...], again: tuple[str, ...], *returning: ColumnElement[Any]
) -> Insert:
    """The same, made once: a row whose columns `by` are there already gets only those of `again`, or stays as it is.

    Its values are given when it is executed.
    """
    return _made(tx.connection.dialect.name, table, by, again, returning)


@functools.cache
def _made(
    dialect: str, table: Table, by: tuple[str, ...], again: tuple[str, ...], returning: tuple[ColumnElement[Any], ...]
) -> Insert:
    new: Any = upsert_in(dialect, table)
    if again:
        new = new.on_conflict_do_update(index_elements=by, set_={name: excluded(table)[name] for name in again})
    else:
        new = new.on_conflict_do_nothing(index_elements=by)
    made: Insert = new.returning(*returning) if returning else new
    return made


@functools.cache
def excluded(table: Table) -> ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]:
    """What would have been inserted where the row is there already.

    It is what `Insert.excluded` is, which copies every column for each statement.
    """
    return alias(table, name="excluded").c
