"""A database file with a damaged page: what can be read of it is in a sound file after the start."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import StorageError
from storage.revisions import keep_flow
from storage.salvage import damaged_copy
from storage.schema import metadata
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from storage.updates import first_time

ROWS = 600


@pytest.fixture
def path(tmp_path: Path, migrated: Path) -> Path:
    """A database with several pages of one table, at rest."""
    KeyRing.create(tmp_path / "server.key")
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'pana.db')}")

    def fill(tx: Tx) -> None:
        keep_flow(tx, "r", b"{}")
        for number in range(ROWS):
            first_time(tx, number)

    database.change(fill)
    database.close()
    return tmp_path / "pana.db"


def pages(path: Path) -> int:
    """How many pages the file has."""
    return path.stat().st_size // 4096


def rows(path: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(path)) as opened:
        names = [table.name for table in metadata.sorted_tables]
        return {name: int(opened.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names}


def test_whatever_page_is_damaged_every_table_can_be_used_after_the_start(path: Path, tmp_path: Path) -> None:
    """The header of each page after the first, one at a time: at most the rows of that page, or below it, are gone."""
    with closing(sqlite3.connect(path)) as opened:
        (root,) = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'seen_update'").fetchone()
    refused = 0
    for page in range(1, pages(path)):
        copy = tmp_path / f"{page}.db"
        shutil.copy(path, copy)
        content = bytearray(copy.read_bytes())
        content[page * 4096] ^= 0xFF
        copy.write_bytes(content)
        database = Database(f"sqlite:///{copy}")
        try:
            saved = database.mend()
        except StorageError:  # a page of the list of tables
            refused += 1
            continue
        left = rows(copy)
        assert database.change(lambda tx: first_time(tx, 10**6))
        assert rows(copy) == {**left, "seen_update": left["seen_update"] + 1}
        database.close()
        lost = ROWS - left["seen_update"]
        assert 0 <= lost <= (ROWS if page == root - 1 else 300)
        if saved is not None:
            assert sum(left.values()) <= saved <= ROWS + 50
            assert damaged_copy(copy).exists()
    assert refused <= 6, "the list of tables takes few pages"


def test_a_sound_file_is_left_as_it_is(path: Path) -> None:
    """Nothing is written."""
    before = path.read_bytes()
    assert Database(f"sqlite:///{path}").mend() is None
    assert path.read_bytes() == before
    assert not damaged_copy(path).exists()


def test_a_file_whose_tables_are_not_known_any_more_is_refused_and_left_as_it_is(path: Path) -> None:
    """One sentence; a copy must be put back."""
    content = bytearray(path.read_bytes())
    content[100] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged: put back a copy"):
        Database(f"sqlite:///{path}").mend()
    assert path.read_bytes() == content
