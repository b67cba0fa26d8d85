"""Values of a SQLite file as they are read, whatever has become of their bytes.

One damaged byte in a column that is not sealed must be one row's affair. The drivers give up the whole query for a
date that is none or a text that is no UTF-8, and every row that is read with it; here such a value comes out as one
that is plainly wrong, and whoever needs this very row finds out. A moment that cannot be read is long ago: what
depends on it is overdue, which calls a lawyer too early and never too late.
"""

import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Date, DateTime, Engine, LargeBinary
from sqlalchemy.dialects.sqlite import DATE, DATETIME
from sqlalchemy.engine import Dialect

T = TypeVar("T")
LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - the column's type adds the zone (storage/schema.py, Moment)


def _or_else(read: Callable[[Any], T | None] | None, otherwise: T) -> Callable[[Any], T | None]:
    def value(found: Any) -> T | None:
        try:
            return found if read is None else read(found)
        except (ValueError, TypeError, OverflowError):
            return otherwise

    return value


class _Moment(DATETIME):
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _or_else(super().result_processor(dialect, coltype), LONG_AGO)


class _Day(DATE):
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], date | None]:
        return _or_else(super().result_processor(dialect, coltype), LONG_AGO.date())


class _Bytes(LargeBinary):
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bytes | None]:
        del dialect, coltype
        return lambda found: found if found is None or isinstance(found, bytes) else b""


def read_whatever_is_there(engine: Engine) -> None:
    """Has an engine read SQLite's values so; before its first statement."""
    types = {DateTime: _Moment, Date: _Day, LargeBinary: _Bytes}
    engine.dialect.colspecs = {**engine.dialect.colspecs, **types}


def text_of(raw: bytes) -> str:
    """A text column's value, with a sign where bytes are no UTF-8."""
    return raw.decode("utf-8", "replace")


def prepare(connection: sqlite3.Connection) -> None:
    """The same for the texts of one connection."""
    connection.text_factory = text_of
