"""What a file lies on, as far as Linux tells: memory, a disk that turns, flash; encrypted or not."""

import os
from dataclasses import dataclass
from pathlib import Path

IN_MEMORY = {"tmpfs", "ramfs"}
COPIES = {"btrfs", "zfs", "bcachefs", "f2fs", "nilfs2"}  # a block that is written anew is another block


@dataclass(frozen=True, slots=True)
class Medium:
    """`system`: the file system, empty where nothing is known; `turns`: None where nothing is known."""

    system: str
    turns: bool | None = None
    encrypted: bool = False

    @property
    def said(self) -> str:
        """What that means for keys that are destroyed."""
        if not self.system:
            return "its disk is not known: a destroyed key may stay in old blocks unless the disk is encrypted"
        if self.system in IN_MEMORY:
            return f"it lies in memory ({self.system}) and is gone with the machine's power"
        if self.encrypted:
            return "it lies on an encrypted disk: old blocks say nothing without its passphrase"
        if self.system in COPIES:
            return f"{self.system} keeps old blocks when a file is changed: encrypt the disk, or set server.draft_keys"
        if self.turns:
            return "it lies on a disk that turns: a destroyed key is overwritten in place"
        return "it lies on flash, which may keep old blocks: encrypt the disk, or set server.draft_keys"


def medium_of(path: Path, *, system: Path = Path("/sys"), mounts: Path = Path("/proc/self/mountinfo")) -> Medium:
    """The medium of a file or folder. `system`, `mounts`: where Linux tells (sysfs(5), proc_pid_mountinfo(5))."""
    device = path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    block = system / "dev" / "block" / number
    return Medium(_file_system(mounts, number), _turns(block), _encrypted(block))


def _file_system(mounts: Path, number: str) -> str:
    try:
        lines = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    return next((words[words.index("-") + 1] for words in lines if words[2] == number and "-" in words), "")


def _turns(block: Path) -> bool | None:
    for folder in (block, block / ".."):  # a partition has its queue one folder up
        try:
            return (folder / "queue" / "rotational").read_text().strip() == "1"
        except OSError:
            continue
    return None


def _encrypted(block: Path) -> bool:
    """dm-crypt, itself or below a volume of LVM."""
    try:
        if (block / "dm" / "uuid").read_text().startswith("CRYPT-"):
            return True
        below = list((block / "slaves").iterdir())
    except OSError:
        return False
    return bool(below) and all(_encrypted(one) for one in below)
