"""Files of the operator: read whatever machine wrote them, written whole or not at all, errors in words."""

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from storage.errors import Refused

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"  # Notepad writes it
_WORDS: Mapping[int, str] = {
    errno.ENOENT: "there is no such file or folder",
    errno.EISDIR: "is a folder, a file is needed",
    errno.ENOTDIR: "a part of this path is a file where a folder is needed",
    errno.EACCES: "may not be read or written by this user",
    errno.EPERM: "may not be read or written by this user",
    errno.EEXIST: "is there already and is not overwritten",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "lies on a read-only disk",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "links lead in a circle",
}


def why(error: OSError) -> str:
    """The cause of an operating system's error, in words."""
    return _WORDS.get(error.errno or 0) or error.strerror or type(error).__name__


def read_text(path: Path) -> str:
    """The text of a file; raises OSError, and Refused, naming the file, when it is not UTF-8."""
    return as_text(path.read_bytes(), path)


def as_text(data: bytes, path: Path) -> str:
    """What was read from a file, as text; raises Refused, naming the file, when it is not UTF-8."""
    try:
        return without_mark(data, str(path)).decode()
    except UnicodeDecodeError:
        raise Refused(f"{path} is not UTF-8 text: take the right file, or save it as UTF-8") from None


def without_mark(data: bytes, name: str) -> bytes:
    """Bytes without a byte order mark; raises Refused with `name` for UTF-16."""
    if data.startswith(_UTF_16):
        raise Refused(f"{name} is UTF-16 text (PowerShell and Notepad write it): save it as UTF-8")
    return data.removeprefix(_UTF_8_MARK)


def make_folder(path: Path) -> None:
    """A folder of mode 0700, and those above it, where they are not there."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise Refused(f"{path} is a file, a folder is needed") from None


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[None]:
    """As `make_folder`; where what follows fails, the folders that it has made go again, if nothing lies in them."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    try:
        make_folder(path)
        yield
    except BaseException:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


def write_new(path: Path, content: bytes) -> None:
    """Writes a file of mode 0600 that is not there yet: whole, or not at all."""
    with new_file(path) as file:
        file.write(content)


def give_to_owner_of(other: Path, made: Path) -> None:
    """What root has made belongs to whoever owns another file, as SQLite has it: the bot may run as somebody else."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        found = other.stat()
        os.chown(made, found.st_uid, found.st_gid)


def itself(path: Path) -> Path:
    """The file behind links, whether it is there or not: what lies beside it is the same by every name."""
    return Path(os.path.realpath(path))


def refuse_to_overwrite(path: Path) -> None:
    """Raises Refused where something is already."""
    if os.path.lexists(path):
        raise Refused(f"{path} is there already and is not overwritten")


@contextlib.contextmanager
def all_or_nothing() -> Iterator[list[Path]]:
    """Several new files, listed as they are made: where one fails, the next try finds none of them."""
    made = list[Path]()
    try:
        yield made
    except BaseException:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def _name(partial: Path, path: Path) -> None:
    """Gives a whole file its name, unless a file has come to stand there meanwhile, which a rename would end."""
    try:
        os.link(partial, path)
    except (OSError, NotImplementedError):
        refuse_to_overwrite(path)  # or it is a stick with FAT, where a file has one name
        partial.rename(path)
    else:
        partial.unlink()


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file of mode 0600 that stands at `path` once everything is on disk; what fails before leaves nothing there."""
    refuse_to_overwrite(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(partial, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        if isinstance(error, OSError) and error.filename in (None, str(partial), partial):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
