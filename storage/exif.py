"""What a photo says of itself: when it was taken, with which camera, where. Anybody can change that.

A photo is a stranger's: three directories of the few tags are read, no chain is followed, every place is compared with
the end of what is there, and whatever does not fit is as if nothing were said (docs/decisions/0011).
"""

import contextlib
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

LARGEST = 20 * 1024**2  # Bot API, getFile: no file that was sent is larger
_MOST_PARTS, _MOST_TAGS, _LONGEST = 4096, 512, 200
# Exif 2.32: 4.6.4, 4.6.5 and 4.6.6.
_MAKE, _MODEL, _DATE, _EXIF, _GPS = 0x010F, 0x0110, 0x0132, 0x8769, 0x8825
_TAKEN, _ZONE = 0x9003, 0x9011
_SOUTH_OR_NORTH, _LATITUDE, _WEST_OR_EAST, _LONGITUDE = 1, 2, 3, 4
_ASCII, _RATIONAL = 2, 5
_MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


class _Cut(Exception):
    """Something lies beyond the end, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Itself:
    """What a file says of itself. `taken`: a day and time, with the zone where it is given; `place`: in degrees."""

    taken: str | None = None
    camera: str | None = None
    place: tuple[float, float] | None = None


def itself(content: bytes, media: str) -> Itself | None:
    """What a JPEG, PNG, WebP or HEIC says of itself, None when that is nothing. Never raises."""
    finds = _FINDS.get(media)
    with contextlib.suppress(_Cut):
        exif = finds(content) if finds is not None else None
        if exif is not None:
            said = _read(exif)
            return None if said == Itself() else said
    return None


@dataclass(frozen=True, slots=True)
class _Bytes:
    """Bytes that are not read beyond their end. `order`: of numbers, as struct names it."""

    data: bytes
    order: str = ">"

    def number(self, at: int, kind: str) -> int:
        size = struct.calcsize(kind)
        return int(struct.unpack(self.order + kind, self.part(at, size))[0])

    def part(self, at: int, size: int) -> bytes:
        if at < 0 or size < 0 or at + size > len(self.data):
            raise _Cut
        return self.data[at : at + size]


# --- where it lies in a file -----------------------------------------------------------------------------------------


def _in_jpeg(content: bytes) -> bytes | None:
    """The APP1 segment "Exif" before the picture begins (Exif 2.32, 4.5.4)."""
    file, at = _Bytes(content), 2
    for _ in range(_MOST_PARTS):
        mark = file.number(at, "H")
        if not 0xFFC0 <= mark <= 0xFFFE or mark == 0xFFDA:
            return None
        length = file.number(at + 2, "H")
        if length < 2:
            return None
        if mark == 0xFFE1 and file.part(at + 4, min(6, length - 2)) == b"Exif\0\0":
            return file.part(at + 10, length - 8)
        at += 2 + length
    return None


def _in_png(content: bytes) -> bytes | None:
    """The chunk eXIf (PNG, third edition, 11.3.3.1)."""
    file, at = _Bytes(content), 8
    for _ in range(_MOST_PARTS):
        length, kind = file.number(at, "I"), file.part(at + 4, 4)
        if kind == b"eXIf":
            return file.part(at + 8, length)
        if kind == b"IEND":
            return None
        at += 12 + length
    return None


def _in_webp(content: bytes) -> bytes | None:
    """The chunk EXIF of the RIFF container (WebP Container Specification)."""
    file, at = _Bytes(content, "<"), 12
    for _ in range(_MOST_PARTS):
        kind, length = file.part(at, 4), file.number(at + 4, "I")
        if kind == b"EXIF":
            return file.part(at + 8, length).removeprefix(b"Exif\0\0")
        at += 8 + length + length % 2
    return None


def _in_heic(content: bytes) -> bytes | None:
    """The item of type Exif (ISO 23008-12, annex A): its number in iinf, its place in iloc, both inside meta."""
    file = _Bytes(content)
    meta = next((place for kind, *place in _boxes(file, 0, len(content)) if kind == b"meta"), None)
    if meta is None:
        return None
    inside = {kind: (begin, end) for kind, begin, end in _boxes(file, meta[0] + 4, meta[1])}
    if b"iinf" not in inside or b"iloc" not in inside:
        return None
    number = _exif_item(file, *inside[b"iinf"])
    at, length = _place_of(file, inside[b"iloc"][0], number)
    skipped = file.number(at, "I")
    return file.part(at + 4 + skipped, length - 4 - skipped)


def _boxes(file: _Bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Boxes one after another: type, begin and end of what is in them (ISO 14496-12, 4.2)."""
    for _ in range(_MOST_PARTS):
        if at + 8 > end:
            return
        size, kind, head = file.number(at, "I"), file.part(at + 4, 4), 8
        if size == 1:
            size, head = file.number(at + 8, "Q"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        yield kind, at + head, at + size
        at += size


def _exif_item(file: _Bytes, begin: int, end: int) -> int:
    """The number of the item of type Exif (ISO 14496-12, 8.11.6)."""
    counted = 2 if file.part(begin, 1) == b"\0" else 4
    for kind, at, _ in _boxes(file, begin + 4 + counted, end):
        version = file.part(at, 1)
        if kind == b"infe" and version in {b"\2", b"\3"}:
            number, wide = (file.number(at + 4, "H"), 2) if version == b"\2" else (file.number(at + 4, "I"), 4)
            if file.part(at + 4 + wide + 2, 4) == b"Exif":
                return number
    raise _Cut


def _place_of(file: _Bytes, begin: int, wanted: int) -> tuple[int, int]:
    """Where an item of one piece lies in the file, and how long it is (ISO 14496-12, 8.11.3)."""
    form = _Places.of(file, begin)
    count, at = file.number(begin + 6, form.long), begin + 6 + form.wide
    for _ in range(min(count, _MOST_PARTS)):
        number, at = file.number(at, form.long), at + form.wide
        beside = file.number(at, "H") & 15 if form.version else 0  # the item lies in the boxes, not in the file
        at += 4 if form.version else 2
        base, at = (file.number(at, _OF[form.base]) if form.base else 0), at + form.base
        pieces, at = file.number(at, "H"), at + 2
        if number == wanted and (pieces, beside) == (1, 0):
            at += form.index
            return base + file.number(at, _OF[form.offset]), file.number(at + form.offset, _OF[form.length])
        at += pieces * (form.index + form.offset + form.length)
    raise _Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """How wide the numbers of iloc are, in bytes."""

    version: int
    offset: int
    length: int
    base: int
    index: int

    @classmethod
    def of(cls, file: _Bytes, begin: int) -> Self:
        version, sizes = file.number(begin, "B"), file.number(begin + 4, "H")
        offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        index = index if version else 0
        if version > 2 or {offset, length} - {4, 8} or {base, index} - {0, 4, 8}:
            raise _Cut
        return cls(version=version, offset=offset, length=length, base=base, index=index)

    @property
    def long(self) -> str:
        """Of counts and of items' numbers."""
        return "I" if self.version == 2 else "H"

    @property
    def wide(self) -> int:
        """The same in bytes."""
        return struct.calcsize(self.long)


_OF = {4: "I", 8: "Q"}
_FINDS = {"image/jpeg": _in_jpeg, "image/png": _in_png, "image/webp": _in_webp, "image/heic": _in_heic}


# --- what it says ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tag:
    kind: int
    count: int
    at: int  # of its value, or of the place where that stands


def _read(exif: bytes) -> Itself:
    """The three directories (TIFF 6.0, section 2)."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        raise _Cut
    file = _Bytes(exif, order)
    main = _tags(file, file.number(4, "I"))
    more = _tags(file, file.number(main[_EXIF].at, "I")) if _EXIF in main else {}
    where = _tags(file, file.number(main[_GPS].at, "I")) if _GPS in main else {}
    camera = " ".join(dict.fromkeys(one for one in (_text(file, main, _MAKE), _text(file, main, _MODEL)) if one))
    return Itself(taken=_moment(file, main, more), camera=camera or None, place=_degrees(file, where))


def _tags(file: _Bytes, at: int) -> Mapping[int, _Tag]:
    found = {}
    with contextlib.suppress(_Cut):  # of a directory that is cut off what is there counts
        for number in range(min(file.number(at, "H"), _MOST_TAGS)):
            place = at + 2 + 12 * number
            kind, count = file.number(place + 2, "H"), file.number(place + 4, "I")
            found[file.number(place, "H")] = _Tag(kind, count, place + 8)
    return found


def _text(file: _Bytes, tags: Mapping[int, _Tag], name: int) -> str | None:
    tag = tags.get(name)
    if tag is None or tag.kind != _ASCII or not 0 < tag.count <= _LONGEST:
        return None
    with contextlib.suppress(_Cut):
        at = tag.at if tag.count <= 4 else file.number(tag.at, "I")
        text = file.part(at, tag.count).partition(b"\0")[0].decode("ascii", "replace")
        return "".join(one for one in text if one.isprintable()).strip() or None
    return None


def _moment(file: _Bytes, main: Mapping[int, _Tag], more: Mapping[int, _Tag]) -> str | None:
    found = _MOMENT.fullmatch(_text(file, more, _TAKEN) or _text(file, main, _DATE) or "")
    if found is None:
        return None
    zone = _text(file, more, _ZONE) or ""
    year, month, day, time = found.groups()
    return f"{year}-{month}-{day} {time}{zone if re.fullmatch(r'[+-][0-9]{2}:[0-9]{2}', zone) else ''}"


def _degrees(file: _Bytes, tags: Mapping[int, _Tag]) -> tuple[float, float] | None:
    latitude, longitude = _angle(file, tags, _LATITUDE), _angle(file, tags, _LONGITUDE)
    if latitude is None or longitude is None or latitude > 90 or longitude > 180:
        return None
    south, west = _text(file, tags, _SOUTH_OR_NORTH) == "S", _text(file, tags, _WEST_OR_EAST) == "W"
    return (-latitude if south else latitude), (-longitude if west else longitude)


def _angle(file: _Bytes, tags: Mapping[int, _Tag], name: int) -> float | None:
    """Degrees, minutes and seconds, each a fraction."""
    tag = tags.get(name)
    if tag is None or (tag.kind, tag.count) != (_RATIONAL, 3):
        return None
    with contextlib.suppress(_Cut, ZeroDivisionError):
        at = file.number(tag.at, "I")
        parts = [file.number(at + 8 * one, "I") / file.number(at + 8 * one + 4, "I") for one in range(3)]
        return round(parts[0] + parts[1] / 60 + parts[2] / 3600, 6)
    return None
