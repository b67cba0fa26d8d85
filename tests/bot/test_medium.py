"""What `pana doctor` says of the disk that keys lie on."""

import os
from pathlib import Path

import pytest

from bot.cli.medium import Medium, medium_of


@pytest.mark.parametrize(
    ("kind", "uuid", "turns", "said"),
    [
        ("tmpfs", None, None, "in memory"),
        ("ext4", None, "0", "flash"),
        ("ext4", None, "1", "overwritten in place"),
        ("ext4", "CRYPT-LUKS2-1", "0", "encrypted disk"),
        ("ext4", "LVM-1", "0", "flash"),
        ("btrfs", None, "1", "keeps old blocks"),
        (None, None, None, "not known"),
    ],
)
def test_a_disk_is_called_what_linux_says(
    tmp_path: Path, kind: str | None, uuid: str | None, turns: str | None, said: str
) -> None:
    """Memory, flash, a disk that turns, dm-crypt, copy-on-write, and nothing known."""
    device = tmp_path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    block = tmp_path / "dev" / "block" / number
    for folder, name, content in (("queue", "rotational", turns), ("dm", "uuid", uuid)):
        if content is not None:
            (block / folder).mkdir(parents=True)
            (block / folder / name).write_text(f"{content}\n")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"36 35 {number} / /srv rw - {kind} /dev/x rw\n" if kind else "")
    found = medium_of(tmp_path, system=tmp_path, mounts=mounts)
    assert said in found.said
    assert found == Medium(kind or "", None if turns is None else turns == "1", uuid == "CRYPT-LUKS2-1")


def test_a_volume_on_an_encrypted_disk_is_encrypted(tmp_path: Path) -> None:
    """LVM above dm-crypt, as installers make it."""
    device = tmp_path.stat().st_dev
    block = tmp_path / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}"
    below = block / "slaves" / "dm-0" / "dm"
    below.mkdir(parents=True)
    (below / "uuid").write_text("CRYPT-LUKS2-1\n")
    (block / "dm").mkdir()
    (block / "dm" / "uuid").write_text("LVM-1\n")
    assert medium_of(tmp_path, system=tmp_path).encrypted


def test_this_machine_is_told_something(tmp_path: Path) -> None:
    """Whatever it is."""
    assert medium_of(tmp_path).said
