"""Files of the operator: whole or not at all, and errors that name them."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from storage.errors import Refused
from storage.files import new_file, read_text, write_new


def test_a_file_is_whole_or_not_there_and_never_overwritten(tmp_path: Path) -> None:
    """Mode 0600; a full disk names the path that was asked for; nothing stays behind."""
    path = tmp_path / "a.zip"
    with pytest.raises(OSError, match="No space") as raised, new_file(path) as file:
        _fill(file)
    assert (raised.value.filename, list(tmp_path.iterdir())) == (str(path), [])
    write_new(path, b"whole")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"whole", 0o600)
    with pytest.raises(Refused, match="not overwritten"):
        write_new(path, b"other")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(Refused, match="not overwritten"):
        write_new(tmp_path / "link", b"other")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", "link"]


def _fill(file: BinaryIO) -> None:
    file.write(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_is_read_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    """As Notepad writes it."""
    path = tmp_path / "a.txt"
    path.write_text("пана\n", encoding=encoding)
    assert read_text(path) == "пана\n"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_other_encodings_are_named_with_the_file(tmp_path: Path, encoding: str) -> None:
    """UTF-16 as such; anything else as what it is not."""
    path = tmp_path / "a.txt"
    path.write_text("пана\n", encoding=encoding)
    with pytest.raises(Refused, match=r"a\.txt is (UTF-16|not UTF-8) text"):
        read_text(path)


@pytest.mark.parametrize("links", [True, False])
def test_what_another_command_has_written_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Two exports, or two keys of one name, at once: the first stands, and the second is told. On a stick as well."""
    if not links:
        monkeypatch.setattr(os, "link", _no_second_names)
    path = tmp_path / "me.txt"
    with pytest.raises(Refused, match="is there already and is not overwritten"), new_file(path) as file:
        _meanwhile(file, path)
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (b"first", ["me.txt"])
    write_new(tmp_path / "other.txt", b"alone")
    assert (tmp_path / "other.txt").read_bytes() == b"alone"
    assert (tmp_path / "other.txt").stat().st_nlink == 1
    assert len([*tmp_path.iterdir()]) == 2


def _meanwhile(file: BinaryIO, path: Path) -> None:
    file.write(b"second")
    path.write_bytes(b"first")


def _no_second_names(*_: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")
