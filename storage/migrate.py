"""Brings a database to this program's version (Alembic; one file a step in `storage/migrations/versions/`)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.writer import Database

VERSION = "0003"


def migrate(database: Database, to: str = "head") -> None:
    """Runs every migration that is missing, in one transaction."""

    def change(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)

    database.now(change)
