"""The files of a bundle, wherever they lie, a zip or a folder: small ones are read, large ones piece by piece.

A bundle may be a stranger's: only files of a record's names are looked at, each up to its size. What is damaged, or
larger than anything of ours, concerns the file that lies there, and no other.
"""

import contextlib
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from storage.errors import Refused, StorageError

LARGE = ".bin.age"
PIECE = 256 * 1024
MANIFEST = "manifest.json"
# What a case consists of, and how many bytes one such file may have that is read whole.
_FORMS = (
    (re.compile(r"manifest\.json"), 8 * 1024**2),
    (re.compile(r"manifest\.sig"), 4096),
    (re.compile(r"keys/[^/]+\.age"), 64 * 1024),
    (re.compile(r"[0-9]+\.age"), 4 * 1024**2),
    (re.compile(r"flow/[0-9a-f]{64}\.json"), 8 * 1024**2),
)
_SENT = re.compile(r"[0-9]+\.bin\.age")
FLOWS = "flow/"
_PARTS = {"keys", "flow"}  # the folders of a case
_DEEPEST = 3  # folders: a case's own, and those that somebody has packed around it
MOST_WHOLE = 128 * 1024**2  # of one case, together
MOST_FILES = 500_000  # of one bundle
_ENCRYPTED = 1  # APPNOTE.TXT 4.4.4, the first bit of the flags
_HARDLY_SMALLER = 2  # what is sealed is noise: nothing packs it to half its size
# What the library raises for a damaged entry, or for one that is packed as no zip of ours is.
_UNREADABLE = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
# A directory of a zip that is no directory raises these too.
_NO_ZIP = (*_UNREADABLE, struct.error, IndexError, KeyError, TypeError)


class Damaged(StorageError):
    """A file of a bundle that cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be read")


Place = zipfile.ZipInfo | Path


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of one case: name -> where it lies. `archive`: the zip, None for files of a folder.

    `folder`: how the case's own folder is called, empty where it has none. `twice`: names that stand there more than
    once, so that nobody knows which is meant.
    """

    where: Mapping[str, Place]
    archive: zipfile.ZipFile | None = field(default=None, repr=False)
    folder: str = ""
    twice: frozenset[str] = frozenset()

    def size(self, name: str) -> int:
        """How many bytes a file has, by what is said of it."""
        place = self.where[name]
        return place.file_size if isinstance(place, zipfile.ZipInfo) else place.stat().st_size

    def small(self) -> tuple[dict[str, bytes], list[str]]:
        """Every file but those that people have sent, and questionnaires; and the names of those that are damaged."""
        found, damaged, left = dict[str, bytes](), list[str](), MOST_WHOLE
        for name in self.where:
            most = None if name.startswith(FLOWS) else _most(name)
            if most is None:
                continue
            try:
                found[name] = self._whole(name, min(most, left))
                left -= len(found[name])
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
        if name in self.twice or _is_bomb(place):
            raise Damaged(name)
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

    def whole(self, name: str) -> bytes | None:
        """One of them, or a questionnaire; None when it is not there; raises Damaged."""
        return self._whole(name, _most(name) or 0) if name in self.where else None

    def _whole(self, name: str, most: int) -> bytes:
        with self.open(name) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise Damaged(name)
        return content


def _most(name: str) -> int | None:
    """How large a file of this name may be that is read whole; None for any other."""
    return next((most for form, most in _FORMS if form.fullmatch(name)), None)


def belongs(name: str) -> bool:
    """True for the name of a file that a case consists of."""
    return _most(name) is not None or _SENT.fullmatch(name) is not None


def _is_bomb(place: Place) -> bool:
    """Something sealed that was packed to a fraction of its size: it is nothing of ours."""
    if isinstance(place, Path) or not place.filename.endswith(".age"):
        return False
    return place.file_size > 4096 + _HARDLY_SMALLER * place.compress_size


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
def cases_in(path: Path) -> Iterator[list[Packed]]:
    """The cases of a zip or folder, each with what lies around its manifest; raises Refused where there is none."""
    with contextlib.ExitStack() as stack:
        if path.is_dir():
            here = _cases(_in_folder(path.resolve()), None)
        else:
            archive = stack.enter_context(_archive(path))
            here = _cases(_in_zip(archive), archive)
        if not here:
            raise Refused(f"there is no case in {path}")
        yield here


def _cases(found: Iterable[tuple[str, Place]], archive: zipfile.ZipFile | None) -> list[Packed]:
    """A zip may have been unpacked and packed again with folders around it; what belongs to no case is left alone."""
    places, twice = _by_name(found)
    folders = sorted(name[: -len(MANIFEST)] for name in places if _around(name)[1] == MANIFEST)
    cases: dict[str, dict[str, Place]] = {folder: {} for folder in folders}
    doubtful = {folder: {_around(name)[1] for name in twice if _around(name)[0] == folder} for folder in folders}
    for name, place in places.items():
        folder, rest = _around(name)
        if folder in cases and belongs(rest):
            cases[folder][rest] = place
    return [
        Packed(files, archive, folder.rstrip("/").rpartition("/")[2], frozenset(doubtful[folder]))
        for folder, files in cases.items()
    ]


def _by_name(found: Iterable[tuple[str, Place]]) -> tuple[dict[str, Place], set[str]]:
    """Where each file lies, and the names that stand there more than once."""
    places, twice = dict[str, Place](), set[str]()
    for name, place in found:
        twice |= {name} & places.keys()
        places[name] = place
        if len(places) > MOST_FILES:
            raise Refused("there are too many files in it for a bundle")
    return places, twice


def _around(name: str) -> tuple[str, str]:
    """The folder of a case that a file lies in, and its name there."""
    head, _, last = name.rpartition("/")
    above, _, inner = head.rpartition("/")
    if inner in _PARTS:
        return (f"{above}/" if above else ""), f"{inner}/{last}"
    return (f"{head}/" if head else ""), last


def _in_zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, Place]]:
    for info in archive.infolist():
        if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
            yield info.filename.replace("\\", "/"), info  # Windows has packed it


def _in_folder(path: Path) -> Iterator[tuple[str, Place]]:
    """The files of cases; of a folder that holds much else, such as a whole disk, what lies deep is left alone."""
    root = path.parent if MANIFEST in os.listdir(path) else path  # which says so where nobody may look
    for folder, inside, names in os.walk(path):
        here = Path(folder)
        if MANIFEST in names:
            parts = [here, *(here / name for name in inside if name in _PARTS)]
            yield from ((file.relative_to(root).as_posix(), file) for part in parts for file in _files(part))
        if len(here.relative_to(path).parts) >= _DEEPEST:
            inside.clear()


def _files(folder: Path) -> Iterator[Path]:
    """Without links: they lead to what belongs to no case."""
    if not folder.is_symlink():
        yield from (file for file in folder.iterdir() if file.is_file() and not file.is_symlink())


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except _NO_ZIP:
        raise Refused(f"{path} is not a case bundle (zip or folder)") from None
    if any(one.flag_bits & _ENCRYPTED and _around(one.filename)[1] == MANIFEST for one in archive.infolist()):
        archive.close()
        raise Refused(f"{path} is under a password: unpack it with that, and name the folder")
    return archive
