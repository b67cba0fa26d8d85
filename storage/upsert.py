"""An INSERT that may find its row there already, in the words of the database it goes to."""

import functools
from typing import Any

from sqlalchemy import ColumnElement, Table, alias
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from storage.tx import Tx

Insert = PostgresInsert | SqliteInsert


def upsert(tx: Tx, table: Table) -> Insert:
    """To be told what to do with a row that is there."""
    return postgres_insert(table) if tx.connection.dialect.name == "postgresql" else sqlite_insert(table)


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
    new: Any = postgres_insert(table) if dialect == "postgresql" else sqlite_insert(table)
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
