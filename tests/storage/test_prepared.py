"""What runs on the driver's own cursor answers, changes and fails as SQLAlchemy has it."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    CompoundSelect,
    Connection,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InvalidRequestError,
    OperationalError,
    ResourceClosedError,
    StatementError,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase

import storage
from storage.database import Database
from storage.errors import NotKept, StorageError
from storage.prepared import Rows, Statements, _prepared, execute
from storage.schema import Shred, case_file, entry, intake, metadata, muted, outbox, seen_update
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

NOW = datetime(2026, 8, 1, 9, 30, 12, 345678, tzinfo=UTC)
SECRET = "words that somebody has said"
pytestmark = pytest.mark.once  # each way is run by itself here


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """An empty database."""
    made = Database(migrated_url, lambda: NOW)
    yield made
    made.close()


# --- every statement of storage/ ---


def _statements() -> Iterator[tuple[str, Executable]]:
    """Those that stand in a module, also in its tables and tuples."""
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if module.ispkg:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            held = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else [value]
            for number, one in enumerate(held):
                if isinstance(one, Select | CompoundSelect | UpdateBase):
                    yield f"{module.name.removeprefix('storage.')}.{name}.{number}", one


STATEMENTS = dict(_statements())


def _value(kind: object, name: str) -> object:
    """Of a type; what is asked for and what is there are the same."""
    if name == "status":
        return "waiting"
    return {int: 1, str: "1", bytes: b"1", datetime: NOW, date: NOW.date(), object: 1}[kind]  # type: ignore[index]


def _of_type(one: Any, name: str) -> object:
    try:
        return _value(getattr(one.type, "impl", one.type).python_type, name)
    except NotImplementedError:
        return 1


def _row(table: Table, *, fresh: bool = False) -> dict[str, object]:
    """What is in each table; `fresh`: another one, of what it refers to."""
    row = {one.name: _of_type(one, one.name) for one in table.c}
    return {**row, **{one.name: _other(row[one.name]) for one in table.c if fresh and not one.foreign_keys}}


def _other(value: Any) -> object:
    return value * 2 if isinstance(value, int | str | bytes) else value


def _given(statement: Any) -> dict[str, object]:
    """Values for what a statement asks for; all columns that are to be set, where it does not say which."""
    asked = [one for one in visitors.iterate(statement) if one.__visit_name__ == "bindparam"]
    values = {one.key: _of_type(one, one.key) for one in asked if one.required}  # type: ignore[attr-defined]
    if isinstance(statement, Insert) and not statement.compile().params.keys() - {*statement.table.c.keys()}:
        return {**_row(statement.table, fresh=True), **values}
    if isinstance(statement, Update) and {*statement.table.c.keys()} <= statement.compile().params.keys():
        table = statement.table
        own = [one for one in table.c if not one.primary_key and not one.foreign_keys and one.name not in values]
        return {**{one.name: _of_type(one, one.name) for one in own}, **values}
    return values


def _filled(connection: Connection) -> None:
    """A row in every table: whatever refers to another finds it."""
    for table in metadata.sorted_tables:
        connection.execute(insert(table), _row(table))


def _outcome(connection: Connection, run: Callable[[], Any], statement: Any) -> object:
    """All that can be seen of it: rows with their types and names, how many were changed, and the table after it."""
    try:
        result = run()
    except (DBAPIError, StatementError) as error:
        return type(error), error.statement, type(error.orig)
    if isinstance(statement, UpdateBase):
        columns = list(statement.exported_columns)
        changed = 1 if isinstance(statement, Insert) else result.rowcount
        told = [tuple(row) for row in result.all()] if columns else changed
        after = connection.execute(select(statement.table)).all()
        return told, [tuple(row) for row in after]
    names = list(result.keys())
    rows = result.all()
    return names, [tuple(row) for row in rows], [[type(one) for one in row] for row in rows]


def _both_ways(database: Database, statement: Any, values: Sequence[Mapping[str, object]]) -> tuple[object, object]:
    """What SQLAlchemy makes of it, and what is made of it prepared; each is rolled back."""
    ways: list[object] = []
    for prepared in (False, True):
        with database._engine.connect() as connection:
            transaction = connection.begin()
            made = _prepared(connection.dialect, statement, len(values), tuple(values[0]))
            assert made is not None
            given: Any = values[0] if len(values) == 1 else values
            run = (lambda c=connection, m=made: m.run(c, statement, values)) if prepared else (
                lambda c=connection, g=given: c.execute(statement, g)
            )
            ways.append(_outcome(connection, run, statement))
            transaction.rollback()
    return ways[0], ways[1]


def _has_a_list(statement: Any) -> bool:
    asked = (one for one in visitors.iterate(statement) if one.__visit_name__ == "bindparam")
    return any(one.expanding and one.required for one in asked)  # type: ignore[attr-defined]


def test_every_statement_of_storage_answers_and_changes_the_same(database: Database) -> None:
    """Those with a list whose length nobody knows are left to SQLAlchemy; of the others most find something."""
    database.change(lambda tx: _filled(tx.connection))
    found = 0
    for name, statement in STATEMENTS.items():
        values = _given(statement)
        if _has_a_list(statement):
            with database._engine.connect() as connection:
                assert _prepared(connection.dialect, statement, 1, tuple(values)) is None, name
            continue
        theirs, ours = _both_ways(database, statement, [values])
        assert ours == theirs, name
        found += isinstance(theirs, tuple) and bool(theirs[1] if isinstance(statement, Select) else theirs[0])
    assert len(STATEMENTS) > 80
    assert found > len(STATEMENTS) / 2
