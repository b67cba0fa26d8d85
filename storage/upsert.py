"""An INSERT that may find its row there already, in the words of the database it goes to."""

import functools
from typing import Any

from sqlalchemy import Table, alias
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from storage.tx import Tx


def upsert(tx: Tx, table: Table) -> PostgresInsert | SqliteInsert:
    """To be told what to do with a row that is there."""
    return postgres_insert(table) if tx.connection.dialect.name == "postgresql" else sqlite_insert(table)


@functools.cache
def excluded(table: Table) -> ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]:
    """What would have been inserted where the row is there already.

    It is what `Insert.excluded` is, which copies every column for each statement.
    """
    return alias(table, name="excluded").c
