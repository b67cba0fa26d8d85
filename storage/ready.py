"""Whether a database can be used by this program as it stands, and if not, what exactly is in the way."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, inspect, select, text

from storage.database import Database
from storage.errors import NotReady, StorageError
from storage.schema import metadata
from storage.tx import Reading

T = TypeVar("T")


def require_tables(database: Database, version: str) -> None:
    """Raises NotReady, naming what it is, when the database is not there, not reachable or of another version."""
    found = require_any_version(database, version)
    if found != version:
        raise NotReady(f"the database is at version {found}, this program needs {version}: run `pana migrate`")


def require_any_version(database: Database, version: str) -> str | None:
    """The version of a database that `pana migrate` may bring to `version`; raises NotReady for any other."""
    require_file(database)
    found = _look(database, _version)
    if found == "":
        raise NotReady("the database has no tables: run `pana init`")
    refuse_newer(found, version)
    return found


def require_file(database: Database) -> None:
    """Raises NotReady when a database of a file has none: to look must not make an empty one."""
    file = database.file
    if file is None:
        return
    if file.is_dir():
        raise NotReady(f"{file} is a folder: database.url must name a file")
    if not _exists(file):
        raise NotReady(f"{file}: there is no database: run `pana init`")


def require_writable(database: Database) -> None:
    """Raises StorageError where a bot could only look. SQLite makes files beside its own, too."""
    file = database.file
    for where in (file, file.parent) if file is not None else ():
        if not os.access(where, os.W_OK):
            raise NotReady(f"{where} may not be written by this user: see its owner and mode")
    database.change(lambda _tx: None)


def refuse_newer(found: str | None, version: str) -> None:
    """Raises NotReady for a database that a later version of this program has made."""
    if found is not None and found > version:
        raise NotReady(
            f"the database was made by a newer Pana ({found}, this one knows {version}): upgrade the program"
        )


def require_unused(database: Database) -> None:
    """Raises NotReady when an instance lives in this database already: a second key would open nothing in it."""
    used = ("member", "case_file", "intake", "instance_key")

    def look(tx: Reading) -> bool:
        there = set(inspect(tx.connection).get_table_names())
        tables = [metadata.tables[name] for name in used if name in there]
        return any(tx.execute(select(func.count()).select_from(one)).scalar_one() for one in tables)

    if _look(database, look):
        raise NotReady("the database is in use by an instance already: name an empty one, or use that one's server.key")


def _version(tx: Reading) -> str | None:
    """The version, None where a table of versions is empty, nothing at all where there is none."""
    if not inspect(tx.connection).has_table("alembic_version"):
        return ""
    found: str | None = tx.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _look(database: Database, question: Callable[[Reading], T]) -> T:
    try:
        return database.read(question)
    except StorageError as error:
        raise NotReady(str(error)) from None


def _exists(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
