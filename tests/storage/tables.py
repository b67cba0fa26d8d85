"""This program's tables in an empty database, for tests that need no migration: their DDL is worked out once."""

from functools import cache

from sqlalchemy import create_mock_engine

from storage.schema import metadata
from storage.tx import Tx


def make_tables(tx: Tx) -> None:
    """On either database."""
    if tx.is_alone:
        for one in _statements("sqlite"):
            tx.connection.exec_driver_sql(one)
    else:
        whole = ";\n".join(_statements("postgresql+psycopg"))
        tx.connection.exec_driver_sql(whole, execution_options={"no_parameters": True})


@cache
def _statements(kind: str) -> tuple[str, ...]:
    found = list[str]()
    engine = create_mock_engine(
        f"{kind}://", lambda ddl, *_, **__: found.append(str(ddl.compile(dialect=engine.dialect)))
    )
    metadata.create_all(engine, checkfirst=False)
    return tuple(found)
