"""A SQLite file whose structure is damaged, written anew with everything in it that can still be read.

One wrong byte in a page's header makes SQLite refuse everything that needs the page: an index that every look-up uses,
or a table that every update writes to. So the bot looks at its start, and puts a sound file in the place of a damaged
one: rows around the damage, and all indexes. The damaged file stays beside it (`pana.db.damaged`), because it may hold
what was lost; `pana doctor` says so until it is removed, for it also holds what is erased later.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from storage.files import give_to_owner_of

DAMAGED = ".damaged"
_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_INDEXES = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"


def damaged_copy(path: Path) -> Path:
    """Where the damaged file is put."""
    return path.with_name(path.name + DAMAGED)


def salvage(path: Path) -> int | None:
    """Puts a sound file in the place of a damaged one; returns how many rows are in it, None when it was sound.

    Nobody else may use the file meanwhile. Raises sqlite3.DatabaseError when not even its tables' names can be read.
    """
    fresh = path.with_name(path.name + ".new")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        if _sound(old):
            return None
        tables, indexes = old.execute(_TABLES).fetchall(), old.execute(_INDEXES).fetchall()
        fresh.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(fresh)) as new:
            fresh.chmod(path.stat().st_mode & 0o777)
            give_to_owner_of(path, fresh)
            old.text_factory = lambda raw: raw.decode("utf-8", "replace")
            count = sum(_copy(old, new, name, sql) for name, sql in tables)
            for (sql,) in indexes:
                with contextlib.suppress(
                    sqlite3.IntegrityError
                ):  # then this look-up is slow, which is better than none
                    new.execute(sql)
            new.commit()
        with contextlib.suppress(sqlite3.Error):
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _swap(path, fresh)
    return count


def _sound(opened: sqlite3.Connection) -> bool:
    try:
        return opened.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
    except sqlite3.OperationalError:  # a lock, a disk: no verdict about the file
        return True
    except (sqlite3.DatabaseError, ValueError):  # its words of the error may be no UTF-8 either
        return False


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, name: str, sql: str) -> int:
    new.execute(sql)
    columns = ["rowid", *(f'"{row[1]}"' for row in old.execute(f'PRAGMA table_info("{name}")'))]
    insert = f'INSERT OR IGNORE INTO "{name}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})'
    count = 0
    for row in _rows(old, name):
        with contextlib.suppress(sqlite3.IntegrityError):  # a damaged row that breaks a rule of its table
            count += new.execute(insert, row).rowcount
    return count


def _rows(old: sqlite3.Connection, name: str) -> Iterator[tuple[object, ...]]:
    """From the first row to the damage, then from the last one back to it."""
    for order in ("ASC", "DESC"):
        with contextlib.suppress(sqlite3.DatabaseError, ValueError):
            yield from old.execute(f'SELECT rowid, * FROM "{name}" NOT INDEXED ORDER BY rowid {order}')
            return


def _swap(path: Path, fresh: Path) -> None:
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    damaged_copy(path).unlink(missing_ok=True)
    os.link(path, damaged_copy(path))
    handle = os.open(fresh, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
