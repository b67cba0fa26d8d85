"""Brings a database to this program's version (Alembic; one file a step in `storage/migrations/versions/`)."""

from pathlib import Path

from storage.database import Database
from storage.ready import require_any_version
from storage.sealing.keyring import KeyRing
from storage.tx import Tx

VERSION = "0022"


def upgrade(database: Database, ring: KeyRing | None = None) -> None:
    """`pana migrate`: only for tables that are there, and not newer than this program; raises NotReady."""
    require_any_version(database, VERSION)
    migrate(database, ring=ring)


def migrate(database: Database, to: str = "head", ring: KeyRing | None = None) -> None:
    """Runs every migration that is missing, in one transaction. `ring`: needed where rows are sealed anew."""
    from alembic import command  # a tenth of a second, which other commands need not wait for
    from alembic.config import Config

    def change(tx: Tx) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = tx.connection
        config.attributes["ring"] = ring
        command.upgrade(config, to)

    database.change(change)
    database.checkpoint()  # what was in clear before leaves the log, too
