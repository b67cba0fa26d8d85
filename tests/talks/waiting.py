"""Whether anything may have to be sent or fetched. Asked after each step of a talk: on SQLite, of the driver itself."""

import contextlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects import sqlite

from storage.database import Database
from storage.schema import Exact, outbox, sent_file

WANTED = sent_file.c.seq.is_(None) & sent_file.c.lost.is_(None)
_NOW = bindparam("now", type_=Exact())
_WAITS = select(exists().where(outbox.c.next_at <= _NOW), exists().where(sent_file.c.next_at <= _NOW, WANTED))
_WAITS_ON_SQLITE = str(_WAITS.compile(dialect=sqlite.dialect(paramstyle="named")))


def waits(database: Database, at: datetime) -> tuple[bool, bool]:
    """A row of the outbox, and a file that somebody has sent."""
    if database.shared:
        rows, files = database.read(lambda tx: tx.execute(_WAITS, {"now": tx.now}).one(), at=at)
    else:
        with contextlib.ExitStack() as stack:
            connection: Any = database._connected(stack).connection.driver_connection  # no change runs meanwhile
            now = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
            ((rows, files),) = connection.execute(_WAITS_ON_SQLITE, {"now": now})
    return bool(rows), bool(files)
