"""The wraps in a file that a lawyer has made with `pana share`; whatever else it holds is left alone.

A phone may be in other hands, so the file is a stranger's: it is read in a process of its own, and a zip's directory is
believed in nothing. Only small entries of the right name are looked at, stored or deflated, and only what has the form
of a wrap is kept: an age file to one post-quantum reader.
"""

import io
import re
import stat
import struct
import zipfile
from collections import Counter

import msgspec

from bot.bounded import TooMuch, read
from storage.sealing.age_header import is_for_one_reader

MOST_WRAPS, LARGEST_WRAP = 100, 64 * 1024
MOST_TRIED, LARGEST_DIRECTORY = 300, 1024**2
_WRAP = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{4})/keys/([0-9a-f]{1,32})\.age")
MANIFEST = ("manifest.json", "manifest.sig")  # beside the wraps of a case
LARGEST_MANIFEST = 1024**2  # of thousands of entries
_READER = "bot.delivery.wraps:answer"
# The end of a zip's directory (APPNOTE, 4.3.16), with a comment of at most 65,535 bytes behind it.
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_IN_64_BITS, _LOCATOR_SIZE = b"PK\x06\x07", 20
_ENCRYPTED = 0x2041  # encrypted, strongly encrypted, with a masked directory
_HARDLY_SMALLER = 2  # a wrap is noise in base64: it cannot be deflated to half its size

Wraps = dict[str, dict[str, bytes]]


def wraps_sent(content: bytes) -> Wraps:
    """What `wraps_in` finds, in a process of its own. Blocking, at most a few seconds; never raises."""
    try:
        return msgspec.msgpack.decode(read(_READER, content), type=Wraps)
    except (TooMuch, msgspec.DecodeError):
        return {}


def answer(content: bytes) -> bytes:
    """The same as bytes: what the other process does."""
    return msgspec.msgpack.encode(wraps_in(content))


def wraps_in(content: bytes) -> Wraps:
    """Case code -> name -> wrap, at most 100 of at most 64 KiB; empty for anything that is no bundle. Never raises.

    Beside the wraps of a case stands what says of which case they are, where the file has it.
    """
    found: Wraps = {}
    try:
        if not _plain(content):
            return {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in _candidates(archive.infolist()):
                sealed = _content(archive, info)
                if is_for_one_reader(sealed) and sum(map(len, found.values())) < MOST_WRAPS:
                    code, kid = _WRAP.fullmatch(info.filename).groups()  # type: ignore[union-attr]
                    found.setdefault(code, {})[kid] = sealed
            for code in found:
                found[code] |= _manifest(archive, code)
    except Exception:  # an edge: a stranger's bytes, and the library raises many kinds for them
        return {}
    return found


def _manifest(archive: zipfile.ZipFile, code: str) -> dict[str, bytes]:
    """What says of which case they are, and its signature; of a name that stands twice, nothing."""
    found = [one for one in archive.infolist() if one.filename in {f"{code}/{name}" for name in MANIFEST}]
    if {one.filename for one in found if _is_small(one)} != {f"{code}/{name}" for name in MANIFEST} or len(found) > 2:
        return {}
    return {one.filename.partition("/")[2]: _content(archive, one, LARGEST_MANIFEST) for one in found}


def _is_small(info: zipfile.ZipInfo) -> bool:
    """As `pana share` and the reader pack it."""
    stored = info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & _ENCRYPTED
    return stored and info.file_size <= LARGEST_MANIFEST


def _plain(content: bytes) -> bool:
    """True for a zip with a directory of a size that can be read whole, without extensions to 64 bits."""
    at = content.rfind(_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
    if at < 0 or len(content) - at < _END_SIZE or content[max(0, at - _LOCATOR_SIZE) :].startswith(_IN_64_BITS):
        return False
    size, offset = struct.unpack_from("<LL", content, at + 12)
    return bool(size <= LARGEST_DIRECTORY and offset + size <= at)


def _candidates(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries that may be wraps by what the directory says of them; of a name that stands twice, none."""
    times = Counter(one.filename for one in entries)
    named = [one for one in entries if _WRAP.fullmatch(one.filename) and times[one.filename] == 1]
    return [one for one in named if _may_be_wrap(one)][:MOST_TRIED]


def _may_be_wrap(info: zipfile.ZipInfo) -> bool:
    return (
        info.file_size <= min(LARGEST_WRAP, _HARDLY_SMALLER * info.compress_size)
        and info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        and not info.flag_bits & _ENCRYPTED
        and not stat.S_ISLNK(info.external_attr >> 16)
    )


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int = LARGEST_WRAP) -> bytes:
    """An entry, empty when it is damaged or larger than the directory says: the others may be sound."""
    try:
        with archive.open(info) as entry:
            content = entry.read(most + 1)
    except Exception:  # an edge, as above: zlib.error, BadZipFile, struct.error, NotImplementedError and others
        return b""
    return content if len(content) <= most else b""
