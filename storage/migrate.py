"""Brings a database to this program's version (Alembic; one file a step in `storage/migrations/versions/`)."""

from pathlib import Path

from storage.database import Database
from storage.ready import require_any_version
from storage.tx import Tx

VERSION = "0011"


def upgrade(database: Database) -> None:
    """`pana migrate`: only for tables that are there, and not newer than this program; raises NotReady."""
    require_any_version(database, VERSION)
    migrate(database)


def migrate(database: Database, to: str = "head") -> None:
    """Runs every migration that is missing, in one transaction."""
    from alembic import command  # a tenth of a second, which other commands need not wait for
    from alembic.config import Config

    def change(tx: Tx) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = tx.connection
        command.upgrade(config, to)

    database.change(change)
