"""Writes a zip without compression from front to back, byte for byte as Python's `zipfile` does (PKWARE's APPNOTE 6.3).

`zipfile` keeps 700 bytes of memory for each file of a zip, goes back to each file's head once its content is known, and
reads each content for its checksum, also the questionnaire that stands in each case: docs/decisions/0016-zips.md.
"""

import struct
import zlib
from collections.abc import Iterable
from types import TracebackType
from typing import BinaryIO, Self

from storage.errors import Refused

_STORED_SINCE, _ZIP64_SINCE, _UNIX = 20, 45, 3
_NO_TIME, _NO_DAY = 0, (1 << 5) | 1  # 1980-01-01: a zip must not say when somebody exported it
_OWNER_ONLY = 0o600 << 16
_IN_UTF8 = 0x800
_HEAD = struct.Struct("<4s2B4H3L2H")
_LISTED = struct.Struct("<4s4B4H3L5H2L")
_ENDS = struct.Struct("<4s4H2LH")
_ENDS_64 = struct.Struct("<4sQ2H2L4Q")
_ENDS_64_AT = struct.Struct("<4sLQL")
_FAR = struct.Struct("<2HQ")
LIMIT, MOST_FILES = 2**31 - 1, 2**16 - 1  # beyond them the forms of ZIP64


class StoredZip:
    """`with StoredZip(out) as archive`: files in the order in which they are put, and at the end what stands where.

    After an error the end is not written, so that what is there is no zip. `out` can seek, and nothing is in it. Raises
    Refused for a file of two gigabytes.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._at, self._count = out, 0, 0
        self._directory = bytearray()
        self._known: dict[bytes, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._end()

    def put(self, name: str, content: bytes) -> None:
        """A file."""
        self._put(name.encode(), content, zlib.crc32(content))

    def put_again(self, name: str, content: bytes) -> None:
        """What stands in many places: it is kept, and read for its checksum once."""
        if content not in self._known:
            self._known[content] = zlib.crc32(content)
        self._put(name.encode(), content, self._known[content])

    def put_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """A file of which one part is in memory; how large it is shows when it is written, and then its head is."""
        written, checksum, size = name.encode(), 0, 0
        self._out.write(_head(written, 0, 0) + written)
        for part in parts:
            self._out.write(part)
            checksum, size = zlib.crc32(part, checksum), size + len(part)
        ends = self._out.tell()
        self._out.seek(self._at)
        self._out.write(_head(written, checksum, size))
        self._out.seek(ends)
        self._list(written, checksum, size)

    def _put(self, name: bytes, content: bytes, checksum: int) -> None:
        self._out.write(_head(name, checksum, len(content)) + name)
        self._out.write(content)
        self._list(name, checksum, len(content))

    def _list(self, name: bytes, checksum: int, size: int) -> None:
        far = self._at > LIMIT
        since = _ZIP64_SINCE if far else _STORED_SINCE
        more = _FAR.pack(1, 8, self._at) if far else b""
        self._directory += _LISTED.pack(
            b"PK\1\2", since, _UNIX, since, 0, _flags(name), 0, _NO_TIME, _NO_DAY, checksum, size, size,
            len(name), len(more), 0, 0, 0, _OWNER_ONLY, 0xFFFFFFFF if far else self._at,
        )  # fmt: skip
        self._directory += name + more
        self._at += _HEAD.size + len(name) + size
        self._count += 1

    def _end(self) -> None:
        self._out.write(self._directory)
        size, count, ends = len(self._directory), self._count, self._at + len(self._directory)
        if count > MOST_FILES or self._at > LIMIT or size > LIMIT:
            self._out.write(
                _ENDS_64.pack(b"PK\6\6", 44, _ZIP64_SINCE, _ZIP64_SINCE, 0, 0, count, count, size, self._at)
            )
            self._out.write(_ENDS_64_AT.pack(b"PK\6\7", 0, ends, 1))
        shown = min(count, 0xFFFF)
        self._out.write(_ENDS.pack(b"PK\5\6", 0, 0, shown, shown, min(size, 0xFFFFFFFF), min(self._at, 0xFFFFFFFF), 0))


def _head(name: bytes, checksum: int, size: int) -> bytes:
    if size > LIMIT:
        raise Refused(f"a file of {size} bytes is larger than any that Telegram or we can have made")
    return _HEAD.pack(
        b"PK\3\4", _STORED_SINCE, 0, _flags(name), 0, _NO_TIME, _NO_DAY, checksum, size, size, len(name), 0
    )


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else _IN_UTF8
