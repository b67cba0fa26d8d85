"""`pana keygen`: a key for an own device, its public half beside it, and what people compare."""

import errno
import stat
import unicodedata
from functools import partial
from pathlib import Path

import pytest

from storage.files import write_new
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from tests.bot.in_process import Ended, pana

LONG = "Ёжик пьёт чай у реки"  # й and ё as one character each


def _keygen(folder: Path, *arguments: str, passphrase: str | None = None) -> Ended:
    if passphrase is None:
        return pana(folder, "keygen", *arguments)
    (folder / "passphrase").write_text(passphrase + "\n")
    return pana(folder, "keygen", *arguments, environment={"PANA_PASSPHRASE_FILE": str(folder / "passphrase")})


def test_the_public_key_lies_beside_the_file_and_its_fingerprint_is_told(tmp_path: Path) -> None:
    made = _keygen(tmp_path, "-o", "me")
    recipient = (tmp_path / "me.pub").read_text().strip()
    assert (made.code, made.err, made.out) == (
        0,
        f"Public key: {recipient}\n",
        f"Fingerprint: {fingerprint(recipient)}\n",
    )
    assert recipient == age.check_recipient(recipient)
    assert stat.S_IMODE((tmp_path / "me").stat().st_mode) == 0o600
    assert "AGE-SECRET-KEY" not in (tmp_path / "me.pub").read_text()


@pytest.mark.parametrize("passphrase", [None, LONG])
def test_it_is_told_again(tmp_path: Path, passphrase: str | None) -> None:
    made = _keygen(tmp_path, "-o", "me", *(["--passphrase"] if passphrase else []), passphrase=passphrase)
    again = _keygen(tmp_path, "-y", "me", passphrase=passphrase)
    assert (again.code, again.out) == (0, made.err + made.out)


@pytest.mark.parametrize("there", ["me", "me.pub"])
def test_nothing_is_overwritten_and_half_a_pair_is_not_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    made = _keygen(tmp_path, "-o", "me")
    assert (made.code, made.err.count("\n")) == (1, 1)
    assert "is not overwritten" in made.err
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {there: "mine"}


def test_a_pair_that_is_not_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full after the first half: the next try must not meet it."""

    def half(path: Path, content: bytes) -> None:
        if path.suffix == ".pub":
            raise OSError(errno.ENOSPC, "full", str(path))
        write_new(path, content)

    with monkeypatch.context() as patched:
        patched.setattr("bot.cli.keys.write_new", half)
        made = _keygen(tmp_path, "-o", "me")
        assert (made.code, made.err) == (1, "pana: me.pub: the disk is full\n")
    assert list(tmp_path.iterdir()) == []
    assert _keygen(tmp_path, "-o", "me").code == 0


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase that opens a file in an instant; with the work that is usual above."""
    monkeypatch.setattr(age, "seal_with_passphrase", partial(age.seal_with_passphrase, work_factor=10))


@pytest.mark.usefixtures("light")
def test_another_computer_writes_the_passphrase_otherwise(tmp_path: Path) -> None:
    """macOS gives й and ё as two characters."""
    other = unicodedata.normalize("NFD", LONG)
    assert other != LONG
    made = _keygen(tmp_path, "-o", "me", "--passphrase", passphrase=other)
    assert _keygen(tmp_path, "-y", "me", passphrase=LONG).out == made.err + made.out


@pytest.mark.usefixtures("light")
def test_a_short_passphrase_is_refused_for_a_new_key_only(tmp_path: Path) -> None:
    made = _keygen(tmp_path, "-o", "me", "--passphrase", passphrase="й" * 9)
    assert (made.code, "fewer than 10 characters" in made.err) == (1, True)
    assert not (tmp_path / "me").exists()
    sealed = age.seal_with_passphrase(f"{age.generate_identity()}\n".encode(), "short")
    (tmp_path / "old").write_bytes(sealed)
    assert _keygen(tmp_path, "-y", "old", passphrase="short").code == 0


def test_a_file_without_a_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("apples\n")
    told = _keygen(tmp_path, "-y", "list")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("pana: list: there is no identity")
