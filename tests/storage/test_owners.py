"""Root looks after an instance that the bot runs as somebody else: what it makes there must stay the bot's to use."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from storage.database import Database
from storage.sealing.keyring import KeyRing

DAY = date(2026, 11, 20)


def _changes(folder: Path) -> None:
    with closing(Database(f"sqlite:///{folder / 'pana.db'}")) as database:
        database.change(lambda _tx: None)


def _runs(folder: Path) -> None:
    with closing(Database(f"sqlite:///{folder / 'pana.db'}")) as database:
        database.claim_for_bot()


def _seals(folder: Path) -> None:
    KeyRing.load(folder / "server.key").drafts.seal(DAY, "intake", "state", "1", b"options")


def _seals_in_memory(folder: Path) -> None:
    KeyRing.load(folder / "server.key", folder / "run").drafts.seal(DAY, "intake", "state", "1", b"options")


def _rotates(folder: Path) -> None:
    KeyRing.load(folder / "server.key").rotate()


def _mends(folder: Path) -> None:
    with (folder / "pana.db").open("r+b") as file:
        file.seek(40 * 4096)
        file.write(bytes(4096))
    with closing(Database(f"sqlite:///{folder / 'pana.db'}")) as database:
        assert database.mend() is not None


@pytest.fixture
def folder(tmp_path: Path, migrated: Path) -> Path:
    """A database and a key file; where root runs this, they are somebody else's."""
    shutil.copy(migrated, tmp_path / "pana.db")
    KeyRing.create(tmp_path / "server.key")
    if os.geteuid() == 0:
        for name in ("pana.db", "server.key"):
            os.chown(tmp_path / name, 65534, 65533)
    return tmp_path


MADE: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "a change": (_changes, {"pana.db.lock"}),
    "a run": (_runs, {"pana.db.bot"}),
    "a key of a day": (_seals, {"server.key.lock"}),
    "a key of a day in memory": (_seals_in_memory, {"server.key.lock", "run/draft.keys"}),
    "a new server key": (_rotates, {"server.key.lock", "server.key.new"}),
    "a damaged database": (_mends, {"pana.db.lock", "pana.db.new"}),
}


@pytest.mark.parametrize("case", MADE)
@pytest.mark.parametrize("root", [True, False])
def test_what_root_makes_beside_a_file_is_its_owners(
    folder: Path, monkeypatch: pytest.MonkeyPatch, case: str, root: bool
) -> None:
    """As SQLite has it with its log. Nobody else can give a file away, so nobody else tries."""
    act, made = MADE[case]
    given = dict[str, tuple[int, int]]()
    owner = (folder / "pana.db").stat().st_uid, (folder / "pana.db").stat().st_gid
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(
        os, "chown", lambda path, uid, gid: given.update({str(path.relative_to(folder.resolve())): (uid, gid)})
    )
    act(folder)
    assert given == (dict.fromkeys(made, owner) if root else {})
