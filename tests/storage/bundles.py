"""Bundles without a database: a case with the files that somebody has sent, sealed as the bot seals them."""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from storage.bundle import BundleCase, BundleEntry, SealedFile, Sign, write_bundle
from storage.media import media_of
from storage.record import GENESIS, CaseKey, Entry, EntryKind, FileSealing, new_case_key, seal_entry, wrap
from storage.sealing import age

LAWYER = age.generate_identity()
FLOW = b'{"flow":"kazakhstan","questions":[],"rules":[]}'
REVISION = hashlib.sha256(FLOW).hexdigest()
CODE = "K7Q4-F2MX"
AT = "2026-11-24T09:00:00+00:00"


@dataclass(frozen=True)
class Sent:
    """A file that was sent; `more` stands in its entry too, in place of what would."""

    content: bytes
    kind: str = "paper"
    more: Mapping[str, Any] | None = None
    question: str | None = None


def a_case(files: Sequence[Sent], code: str = CODE, key: CaseKey | None = None) -> BundleCase:
    """A case with these files, as numbers 2, 3 and so on."""
    key = key or new_case_key()
    readers = Entry(
        kind=EntryKind.readers, at="2026-11-24", value=[{"name": "A", "fingerprint": "F", "role": "lawyer"}]
    )
    told, prev = list[BundleEntry](), GENESIS
    for seq, (entry, blob) in enumerate([(readers, None), *(_sent(key, one) for one in files)], start=1):
        sealed = seal_entry(key.recipient, key.case_id, seq, prev, entry)
        prev = hashlib.sha256(sealed).hexdigest()
        told.append(BundleEntry(seq, entry.kind, sealed, blob))
    return BundleCase(
        code=code,
        case_id=key.case_id,
        recipient=key.recipient,
        entries=told,
        wraps=[("0a", wrap(key.identity, age.recipient_of(LAWYER)))],
        flows={REVISION: FLOW},
    )


def _sent(key: CaseKey, sent: Sent) -> tuple[Entry, SealedFile]:
    sealing = FileSealing(key.recipient)
    sealed = sealing.add(sent.content) + sealing.end()
    value = {"name": "", "kind": sent.kind, "bytes": sealing.bytes, "sha256": sealing.clear_sha256}
    value |= {"media": media_of(sent.content), **(sent.more or {})}
    entry = Entry(kind=EntryKind.file, at=AT, value=value, lang="ru", question=sent.question)
    return entry, SealedFile(size=len(sealed), sha256=sealing.sha256, parts=lambda: iter([sealed]))


def write(path: Path, *cases: BundleCase, sign: Sign | None = None, signer: str = "") -> Path:
    """A bundle with these cases."""
    with path.open("wb") as out:
        write_bundle(out, cases, sign, signer, date(2026, 11, 24))
    return path


def changed(path: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of a bundle of which the files are changed."""
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    change(files)
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return to


def identity_file(folder: Path) -> Path:
    """The lawyer's key in a file."""
    path = folder / "me.txt"
    path.write_text(f"{LAWYER}\n")
    return path


# --- photos ----------------------------------------------------------------------------------------------------------


def tiff(*, taken: bytes = b"2026:11:20 14:03:22", order: str = ">", south: bool = False) -> bytes:
    """What a camera writes into a photo: make, model, when, where."""
    texts = [b"Apple\0", b"iPhone 12\0", taken + b"\0", b"+05:00\0"]
    directories = (4, 2, 4)  # how many tags
    ends = [8 + 2 + 12 * 4 + 4]
    for count in directories[1:]:
        ends.append(ends[-1] + 2 + 12 * count + 4)
    places, at = [], ends[-1]
    for text in texts:
        places.append(at)
        at += len(text)
    degrees, minutes, seconds = (43, 1), (14, 1), (168, 10)
    angles = [(degrees, minutes, seconds), ((76, 1), (57, 1), (0, 1))]
    places += [at, at + 24]

    def directory(*tags: tuple[int, int, int, bytes]) -> bytes:
        told = b"".join(struct.pack(f"{order}HHI", *tag[:3]) + tag[3].ljust(4, b"\0") for tag in tags)
        return struct.pack(f"{order}H", len(tags)) + told + bytes(4)

    def place(number: int) -> bytes:
        return struct.pack(f"{order}I", number)

    main = directory(
        (0x010F, 2, len(texts[0]), place(places[0])),
        (0x0110, 2, len(texts[1]), place(places[1])),
        (0x8769, 4, 1, place(ends[0])),
        (0x8825, 4, 1, place(ends[1])),
    )
    exif = directory((0x9003, 2, len(texts[2]), place(places[2])), (0x9011, 2, len(texts[3]), place(places[3])))
    where = directory(
        (1, 2, 2, b"S\0" if south else b"N\0"),
        (2, 5, 3, place(places[4])),
        (3, 2, 2, b"E\0"),
        (4, 5, 3, place(places[5])),
    )
    numbers = b"".join(struct.pack(f"{order}II", *one) for angle in angles for one in angle)
    start = (b"MM" if order == ">" else b"II") + struct.pack(f"{order}HI", 42, 8)
    return start + main + exif + where + b"".join(texts) + numbers


def jpeg(exif: bytes | None = None, size: int = 2000) -> bytes:
    """A photo with what it says of itself; no picture that could be drawn."""
    told = b"" if exif is None else b"Exif\0\0" + exif
    app1 = b"" if exif is None else b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    jfif = b"\xff\xe0\x00\x10JFIF\0\1\2\0\0\1\0\1\0\0"
    return b"\xff\xd8" + jfif + app1 + b"\xff\xda\x00\x02" + bytes(range(256)) * (size // 256) + b"\xff\xd9"


def png(exif: bytes) -> bytes:
    """The same as a PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + bytes(4)

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"eXIf", exif) + chunk(b"IEND", b"")


def webp(exif: bytes) -> bytes:
    """The same as a WebP."""
    chunks = b"VP8X" + struct.pack("<I", 10) + bytes(10)
    chunks += b"EXIF" + struct.pack("<I", len(exif)) + exif + bytes(len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def heic(exif: bytes, number: int = 7) -> bytes:
    """The same as a HEIC: what it says lies in an item, behind the boxes that name its place."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content) + 8) + kind + content

    def item(which: int, kind: bytes) -> bytes:
        return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", which, 0) + kind + b"\0")

    def meta(at: int) -> bytes:
        infos = box(b"iinf", bytes(4) + struct.pack(">H", 2) + item(1, b"hvc1") + item(number, b"Exif"))
        # ISO 14496-12, 8.11.3, version 1: each item has a construction method before its data reference.
        places = struct.pack(">HHHHII", 1, 0, 0, 1, 0, 4) + struct.pack(">HHHHII", number, 0, 0, 1, at, len(exif) + 10)
        iloc = box(b"iloc", b"\1\0\0\0" + struct.pack(">HH", 0x4400, 2) + places)
        return box(b"meta", bytes(4) + box(b"hdlr", bytes(24)) + infos + iloc)

    start = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    at = len(start) + len(meta(0)) + 8
    return start + meta(at) + box(b"mdat", struct.pack(">I", 6) + b"Exif\0\0" + exif + bytes(100))


def zipped(*cases: BundleCase) -> bytes:
    """A bundle in memory."""
    buffer = io.BytesIO()
    write_bundle(buffer, cases, None, "", date(2026, 11, 24))
    return buffer.getvalue()


def manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest among the files of a bundle of one case."""
    return dict(json.loads(next(content for name, content in files.items() if name.endswith("manifest.json"))))
