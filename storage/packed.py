"""The files of a bundle, wherever they lie, a zip or a folder: small ones are read, large ones piece by piece.

What is damaged in a zip concerns the file that lies there, and no other.
"""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from storage.errors import Refused, StorageError

LARGE = ".bin.age"
PIECE = 256 * 1024
MOST_WHOLE = 64 * 1024**2  # of what is read whole; entries and questionnaires have much less
# What the library raises for a damaged entry, or for one that is packed as no zip of ours is.
_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError)


class Damaged(StorageError):
    """A file of a bundle that cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be read")


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of one case: name -> where it lies. `archive`: the zip, None for files of a folder."""

    where: Mapping[str, "zipfile.ZipInfo | Path"]
    archive: zipfile.ZipFile | None = field(default=None, repr=False)

    def size(self, name: str) -> int:
        """How many bytes a file has, by what is said of it."""
        place = self.where[name]
        return place.file_size if isinstance(place, zipfile.ZipInfo) else place.stat().st_size

    def small(self) -> tuple[dict[str, bytes], list[str]]:
        """Every file but those that people have sent; and the names of those that are damaged, or far too large."""
        found, damaged = dict[str, bytes](), list[str]()
        for name in self.where:
            if name.endswith(LARGE):
                continue
            try:
                found[name] = self._whole(name)
            except Damaged:
                damaged.append(name)
        return found, damaged

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file piece by piece; raises Damaged."""
        with self.open(name) as file:
            while piece := file.read(PIECE):
                yield piece

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator["Part"]:
        """A file that is read piece by piece; raises Damaged."""
        place = self.where[name]
        try:
            opened: IO[bytes] | BinaryIO
            opened = place.open("rb") if isinstance(place, Path) else self._archive.open(place)
        except _UNREADABLE:
            raise Damaged(name) from None
        with opened:
            yield Part(name, opened)

    @property
    def _archive(self) -> zipfile.ZipFile:
        assert self.archive is not None
        return self.archive

    def _whole(self, name: str) -> bytes:
        with self.open(name) as file:
            content = file.read(MOST_WHOLE + 1)
        if len(content) > MOST_WHOLE:
            raise Damaged(name)
        return content


@dataclass(frozen=True, slots=True)
class Part:
    """One file that is being read."""

    name: str
    file: IO[bytes] = field(repr=False)

    def read(self, size: int, /) -> bytes:
        """The next bytes; raises Damaged."""
        try:
            return self.file.read(size)
        except _UNREADABLE:
            raise Damaged(self.name) from None


@contextlib.contextmanager
def cases_in(path: Path) -> Iterator[Mapping[str, Packed]]:
    """The cases of a zip or folder, by the names of their folders; raises Refused where there is none."""
    with contextlib.ExitStack() as stack:
        if path.is_dir():
            archive, found = None, _in_folder(path.resolve())
        else:
            archive = stack.enter_context(_archive(path))
            found = ((one.filename, one) for one in archive.infolist())
        cases: dict[str, dict[str, zipfile.ZipInfo | Path]] = {}
        for name, place in found:
            code, _, rest = name.partition("/")
            if rest and not rest.endswith("/"):
                cases.setdefault(code, {})[rest] = place
        here = {code: Packed(files, archive) for code, files in sorted(cases.items()) if "manifest.json" in files}
        if not here:
            raise Refused(f"there is no case in {path}")
        yield here


def _in_folder(path: Path) -> Iterator[tuple[str, "zipfile.ZipInfo | Path"]]:
    root = path.parent if (path / "manifest.json").is_file() else path
    for file in sorted(path.rglob("*")):
        if file.is_file() and not file.is_symlink():  # a link leads to what belongs to no case
            yield file.relative_to(root).as_posix(), file


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise Refused(f"{path} is not a case bundle (zip or folder)") from None
