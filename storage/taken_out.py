"""The files of a case, opened piece by piece: compared with manifest and entry, and written where they are wanted.

A piece is in memory, and of a photo as much as a bot can be sent, since its own words may stand anywhere in it. What is
wrong with a file is a problem of that file alone.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from storage.errors import Refused
from storage.exif import LARGEST, Itself, itself
from storage.files import why
from storage.media import media_of
from storage.packed import Damaged, Packed
from storage.said import N_, Said
from storage.sealing import age
from storage.sealing.errors import SealingError

# What a program on the reader's machine opens, by the file's bytes and never by the name that it was sent under.
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """What was found of one file. `media`: by its bytes; `written`: where it stands now; `apart`: in another zip."""

    media: str | None = None
    itself: Itself | None = None
    written: str | None = None
    problem: Said | None = None
    apart: bool = False


class Taking:
    """What becomes of the files of a bundle: here each is compared with what was signed, and nothing is written."""

    def begins(self, cases: int, size: int) -> None:
        """So many cases, whose sealed files have so many bytes together."""

    def wants(self, seq: int) -> bool:
        """Whether the file of this entry is looked at."""
        del seq
        return True

    def put(self, case: str, name: str) -> AbstractContextManager[tuple[BinaryIO, str] | None]:
        """Where a file is written, and how that is called; None when it is not. What fails inside leaves nothing."""
        del case, name
        return contextlib.nullcontext()

    def went(self, size: int) -> None:
        """So many bytes more were read."""


class _Wrong(Exception):
    """What is wrong with a file: a sentence with a place for its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as manifest and entry tell of it. `value`: of the entry; None when that does not open."""

    seq: int
    name: str
    sealed_sha256: str
    value: Mapping[str, Any] | None = field(repr=False)


def take_out(packed: Packed, file: SentFile, identity: str | None, case: str, taking: Taking) -> TakenOut:
    """Opens one file of a case; `identity` None: it is only compared with what was signed."""
    try:
        with packed.open(file.name) as sealed:
            source = _Counted(sealed, taking)
            return _opened(source, file, identity, case, taking)
    except Damaged:
        return TakenOut(problem=Said(N_("%(name)s cannot be read"), name=file.name))


def _opened(source: "_Counted", file: SentFile, identity: str | None, case: str, taking: Taking) -> TakenOut:
    found = TakenOut()
    try:
        if identity is not None:
            found = _written(source, file, identity, case, taking)
    except _Wrong as error:
        found = TakenOut(problem=Said(str(error), name=file.name))
    except SealingError:
        found = TakenOut(problem=Said(N_("%(name)s does not open"), name=file.name))
    except Refused as error:
        found = TakenOut(problem=Said(str(error)))
    except OSError as error:
        found = TakenOut(problem=Said(f"{error.filename or file.name}: {why(error)}"))
    if source.rest() != file.sealed_sha256:
        return TakenOut(problem=Said(N_("%(name)s is not the file that was signed"), name=file.name))
    return found


def _written(source: "_Counted", file: SentFile, identity: str, case: str, taking: Taking) -> TakenOut:
    size, sha256 = _told(file)
    pieces = _content(source, identity, size)
    start = next(pieces, b"")
    media = media_of(start)
    name = f"{file.seq:04}.{_ENDINGS.get(media, 'bin')}"
    digest, kept, came = hashlib.sha256(), bytearray(), 0
    with taking.put(case, name) as place:
        for piece in _all(start, pieces):
            digest.update(piece)
            came += len(piece)
            if media.startswith("image/") and came <= LARGEST:
                kept += piece
            if place is not None:
                place[0].write(piece)
        if came != size or digest.hexdigest() != sha256:
            raise _Wrong(N_("%(name)s is not the file that its entry names"))
        if source.rest() != file.sealed_sha256:  # somebody who has the case key can seal another one
            raise _Wrong(N_("%(name)s is not the file that was signed"))
    return TakenOut(media=media, itself=itself(bytes(kept), media), written=place and place[1])


def _told(file: SentFile) -> tuple[int, str]:
    """Size and SHA-256, as the entry tells them."""
    if file.value is None:
        raise _Wrong(N_("%(name)s cannot be compared: its entry does not open"))
    match file.value:
        case {"bytes": int(size), "sha256": str(sha256)} if size >= 0 and size is not True:
            return size, sha256
        case _:
            raise _Wrong(N_("%(name)s cannot be compared: its entry does not say what it is"))


def _content(source: "_Counted", identity: str, size: int) -> Iterator[bytes]:
    """The file without its padding, which must be zeros."""
    left = size
    for piece in age.unsealed(source, [identity]):
        if piece[left:].strip(b"\0"):
            raise _Wrong(N_("%(name)s is not the file that its entry names"))
        if left:
            yield piece[:left]
        left = max(0, left - len(piece))


def _all(start: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield start
    yield from rest


class _Counted:
    """A sealed file on its way: its SHA-256, told as it goes."""

    def __init__(self, sealed: age.Reads, taking: Taking) -> None:
        self._sealed, self._taking, self._digest = sealed, taking, hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        piece = self._sealed.read(size)
        self._digest.update(piece)
        self._taking.went(len(piece))
        return piece

    def rest(self) -> str:
        """Reads to the end; the SHA-256 of all of it, hexadecimal."""
        while self.read(64 * 1024):
            continue
        return self._digest.hexdigest()
