"""An INSERT that may find its row there already, in the words of the database it goes to."""

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tx import Tx


def upsert(tx: Tx, table: Table) -> PostgresInsert | SqliteInsert:
    """To be told what to do with a row that is there."""
    return postgres_insert(table) if tx.connection.dialect.name == "postgresql" else sqlite_insert(table)
