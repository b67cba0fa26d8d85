"""The part of a key file that changes: keys of a day, each in a place of fixed size that is overwritten in place.

A key that is destroyed is gone from the file's own blocks, and nothing else in the file is written. Each place carries
a checksum: one that is damaged, or was torn when the power failed, is that day's affair alone.
"""

import base64
import contextlib
import hashlib
import os
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from storage.sealing.errors import BadKeyFile

SLOTS, SIZE, BLOCK = 64, 128, 4096  # a block of the disk is never shared with the keys that do not change
REGION = SLOTS * SIZE
Name = tuple[str, date]  # a kind of key, and its day


def render(keys: Mapping[Name, bytes]) -> bytes:
    """The whole region."""
    used = [_slot(kind, day, key) for (kind, day), key in sorted(keys.items())]
    return b"".join([*used, *[_slot() for _ in range(SLOTS - len(used))]])


def region_of(content: bytes) -> int | None:
    """Where the region of a file begins, None when it has none."""
    at = len(content) - REGION
    return at if at >= 0 and at % BLOCK == 0 else None


def keys_in(content: bytes) -> dict[Name, bytes]:
    """The keys whose places are sound; of a file that an editor has saved, those whose lines are."""
    at = region_of(content)
    lines = content.split(b"\n") if at is None else [content[one : one + SIZE] for one in range(at, len(content), SIZE)]
    return {found[0]: found[1] for line in lines if (found := _read(line)) is not None}


def change(path: Path, *, put: Mapping[Name, bytes] | None = None, destroy: Collection[Name] = ()) -> None:
    """Overwrites places in a file that has a region, and waits until they are on disk; what is damaged is cleared."""
    fresh = dict(put or {})
    with path.open("r+b") as file:
        content = file.read()
        at = region_of(content)
        assert at is not None
        for place in range(at, at + REGION, SIZE):
            line = content[place : place + SIZE]
            found = _read(line)
            if found is not None and found[0] not in destroy and found[0] not in fresh:
                continue
            new = _slot(*_next(fresh))
            if new != line:
                os.pwrite(file.fileno(), new, place)
        os.fsync(file.fileno())
    if fresh:
        raise BadKeyFile(f"{path} has no room for another day's key: look at the clock, and at `pana sweep`")


def overwrite(path_or_file: int) -> None:
    """Overwrites all of an open file with nothing, where it stands: it has been replaced."""
    with contextlib.suppress(OSError):  # tidiness: the file that counts is written
        os.pwrite(path_or_file, bytes(os.fstat(path_or_file).st_size), 0)
        os.fsync(path_or_file)


def _next(fresh: dict[Name, bytes]) -> tuple[str, date, bytes] | tuple[()]:
    if not fresh:
        return ()
    (kind, day), key = fresh.popitem()
    return kind, day, key


def _slot(kind: str | None = None, day: date | None = None, key: bytes = b"") -> bytes:
    text = b"slot -"
    if kind is not None and day is not None:
        text = f"slot {kind} {day.isoformat()} {base64.b64encode(key).decode()}".encode()
        text += b" " + _checksum(text)
    return text.ljust(SIZE - 1) + b"\n"


def _read(line: bytes) -> tuple[Name, bytes] | None:
    text, _, checksum = line.strip().rpartition(b" ")
    words = text.split()
    if len(words) != 4 or words[0] != b"slot" or checksum != _checksum(text):
        return None
    try:
        return (words[1].decode(), date.fromisoformat(words[2].decode())), base64.b64decode(words[3], validate=True)
    except ValueError:
        return None


def _checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:16].encode()
