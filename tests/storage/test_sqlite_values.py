"""Columns that are not sealed, damaged: such a value is one row's affair, and no query of many rows fails for it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.schema import Moment, metadata, seen_update
from storage.tx import Tx
from storage.updates import first_time

NO_TEXT = "CAST(x'c328' AS TEXT)"  # no UTF-8


@pytest.fixture
def database(tmp_path: Path, migrated: Path) -> Iterator[Database]:
    """With every table, and no row."""
    found = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'pana.db')}")
    yield found
    found.close()


@pytest.mark.parametrize("value", ["'2026-13-45 00:00:00'", "''", "x'00ff'", "7", NO_TEXT])
def test_a_moment_that_is_none_is_long_ago_and_the_other_rows_are_read(database: Database, value: str) -> None:
    """Overdue, which calls a lawyer too early and never too late."""

    def fill(tx: Tx) -> None:
        assert first_time(tx, 1) and first_time(tx, 2)
        tx.connection.exec_driver_sql(f"UPDATE seen_update SET at = {value} WHERE update_id = 1")

    database.change(fill)
    found = database.read(lambda tx: [row.at.year for row in tx.execute(select(seen_update))])
    assert sorted(found)[0] == 1970 and sorted(found)[1] > 2020


def test_every_column_can_be_read_whatever_stands_in_it(database: Database) -> None:
    """Text that is no UTF-8, a number, bytes, in each column of each table: the query itself never fails."""
    for table in metadata.sorted_tables:
        names = ", ".join(column.name for column in table.columns)
        for value in (NO_TEXT, "7", "x'00ff'", "'x'"):
            row = ", ".join(
                "'2026-01-01 00:00:00'" if isinstance(column.type, Moment) and value == "'x'" else value
                for column in table.columns
            )

            def change(tx: Tx, statement: str = f"INSERT INTO {table.name} ({names}) VALUES ({row})") -> None:
                tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                tx.connection.exec_driver_sql(statement)
                tx.execute(select(metadata.tables[statement.split()[2]])).all()
                raise _NotKept

            try:
                database.change(change)
            except _NotKept:
                continue
            except Exception as error:
                if type(error).__name__ in {"IntegrityError", "StorageError"}:  # a key that takes only numbers
                    continue
                raise


class _NotKept(Exception):
    pass
