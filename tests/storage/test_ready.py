"""A database that cannot be used is named for what it is: never one error for another, never a traceback."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.driver_errors import sentence
from storage.errors import NotKept, NotReady
from storage.migrate import VERSION, upgrade
from storage.ready import require_tables
from storage.tx import Tx
from tests.conftest import Postgres


def refusal(database: Database) -> str:
    """The sentence with which it is refused."""
    with pytest.raises(NotReady) as raised:
        require_tables(database, VERSION)
    database.close()
    said = str(raised.value)
    assert "\n" not in said
    return said


def _a_folder(path: Path, _migrated: Path) -> None:
    path.mkdir()


def _no_database(path: Path, _migrated: Path) -> None:
    path.write_bytes(b"PK\x03\x04 this is a zip" * 100)


def _torn(path: Path, migrated: Path) -> None:
    shutil.copy(migrated, path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(4000))


FILES: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "missing": (lambda path, migrated: None, "there is no database: run `pana init`"),
    "a folder": (_a_folder, "is a folder: database.url must name a file"),
    "empty": (lambda path, migrated: path.write_bytes(b""), "has no tables"),
    "no database": (_no_database, "no SQLite database"),
    "torn": (_torn, "is damaged"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, migrated: Path, case: str) -> None:
    """And looking makes nothing."""
    path = tmp_path / "pana.db"
    breaks, words = FILES[case]
    breaks(path, migrated)
    there = path.exists()
    assert words in refusal(Database(f"sqlite:///{path}"))
    assert path.exists() == there


def test_a_lock_of_another_program_is_named_and_is_no_missing_table(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking needs no lock; a change says who is in the way, and that it may be tried again."""
    monkeypatch.setattr("storage.database._OF_EVERY_CONNECTION", ("PRAGMA busy_timeout=100",))
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'pana.db')}")
    other = sqlite3.connect(tmp_path / "pana.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    require_tables(database, VERSION)
    with pytest.raises(NotKept, match="locked by another program"):
        database.change(lambda tx: tx.execute(text("DELETE FROM seen_update")))
    other.execute("ROLLBACK")
    other.close()
    database.close()


def test_a_read_only_file_is_named(migrated: Path) -> None:
    """With owner and mode as the remedy (root may write every file, so SQLite itself is asked to refuse)."""
    reader = sqlite3.connect(f"file:{migrated}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as raised:
        reader.execute("DELETE FROM seen_update")
    reader.close()
    assert "read-only: see the owner and mode" in sentence(DBAPIError("", None, raised.value))


@pytest.mark.parametrize("found", ["0099", "9999"])
def test_a_newer_version_is_told_to_run_and_to_migrate(migrated_url: str, found: str) -> None:
    """Nothing is changed, and nobody is sent to `pana migrate`, which cannot help."""
    database = Database(migrated_url)
    database.change(lambda tx: tx.execute(text(f"UPDATE alembic_version SET version_num = '{found}'")))
    for ask in (lambda: require_tables(database, VERSION), lambda: upgrade(database)):
        with pytest.raises(NotReady, match=r"newer Pana.*upgrade the program"):
            ask()
    database.close()


def test_migrate_makes_no_second_instance_out_of_an_empty_database(database_url: str) -> None:
    """Only `pana init` makes tables: a mistyped address would silently begin anew."""
    database = Database(database_url)
    with pytest.raises(NotReady, match="pana init"):
        upgrade(database)
    database.close()


def test_a_postgresql_server_that_cannot_be_used_is_named(postgres: Postgres, tmp_path: Path) -> None:
    """Not there, refused, unknown name, unknown database, unknown user, unknown option: each for what it is."""
    good = postgres.url("postgres")
    cases = {
        "postgresql+psycopg://u:SECRET@127.0.0.1:1/d": "refuses the connection",
        "postgresql+psycopg://u:SECRET@nowhere.invalid/d": "name is not known",
        f"postgresql+psycopg://u:SECRET@/d?host={tmp_path}": "is not there",
        good.replace("/postgres?", "/SECRET?"): "no such user or database",
        good.replace(f"//{postgres.user}@", "//SECRET@"): "no such user or database",
        f"{good}&SECRET=1": "option that PostgreSQL's client does not know",
        good: "has no tables",
    }
    for url, words in cases.items():
        said = refusal(Database(url))
        assert words in said, (words, said)
        assert "SECRET" not in said


def test_a_table_that_another_program_has_locked_is_named(postgres: Postgres, migrated_on_postgres: str) -> None:
    """By the server's own code."""
    name = postgres.make(migrated_on_postgres)
    database, other = Database(postgres.url(name)), Database(postgres.url(name))

    def blocked(tx: Tx) -> None:
        tx.execute(text("SET LOCAL lock_timeout = '50ms'"))
        tx.execute(text("DELETE FROM seen_update"))

    def held(tx: Tx) -> None:
        tx.execute(text("LOCK TABLE seen_update"))
        with pytest.raises(NotKept, match="locked by another program"):
            other.change(blocked)

    database.change(held)
    database.close()
    other.close()
    postgres.drop(name)
