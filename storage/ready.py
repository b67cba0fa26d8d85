"""Whether a database is there and at this program's version."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.errors import NotReady, StorageError
from storage.tx import Reading


def require_tables(database: Database, version: str) -> None:
    """Raises NotReady when the database is not at this program's version."""
    if database.file is not None and not database.file.exists():  # to look must not make an empty one
        raise NotReady("there is no database: run `pana init`")

    def look(reading: Reading) -> str | None:
        try:
            found: str | None = reading.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DBAPIError:
            raise NotReady("the database has no tables: run `pana init`") from None
        return found

    try:
        found = database.read(look)
    except NotReady:
        raise
    except StorageError:
        raise NotReady("the database cannot be opened: see database.url, and whether its server runs") from None
    if found != version:
        raise NotReady(f"the database is at version {found}, this program needs {version}: run `pana migrate`")
