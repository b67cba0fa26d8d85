"""What a lawyer's phone may send in place of a bundle: wraps are found in a good one, and nothing else ever happens."""

import io
import random
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.wraps import LARGEST_WRAP, MOST_WRAPS, Wraps, wraps_in, wraps_sent
from storage.record import new_case_key, wrap
from storage.sealing.age_header import is_for_one_reader
from tests.bot.test_hostile_calendars import of_children

A_SECOND = 1.0
CODE, KID = "K7Q4-F2MX", "0a"
NAME = f"{CODE}/keys/{KID}.age"


@cache
def a_wrap() -> bytes:
    """A case identity sealed to one reader."""
    return wrap(new_case_key().identity, new_case_key().recipient)


def a_zip(*entries: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice
        with zipfile.ZipFile(buffer, "w", compression) as archive:
            for name, content in entries:
                archive.writestr(name, content, compression)
    return buffer.getvalue()


def good() -> bytes:
    """What `pana share` makes, in small."""
    return a_zip((f"{CODE}/manifest.json", b"{}"), (NAME, a_wrap()), (f"{CODE}/entries/0001.age", bytes(5000)))


def patched(content: bytes, mark: bytes, at: int, value: bytes) -> bytes:
    """With other bytes so far behind the last place of a mark."""
    place = content.rfind(mark) + at
    return content[:place] + value + content[place + len(value) :]


def in_both_headers(content: bytes, local: int, central: int, value: bytes) -> bytes:
    """With other bytes in the local header and in the directory of a zip with one entry."""
    return patched(patched(content, b"PK\x03\x04", local, value), b"PK\x01\x02", central, value)


def damaged() -> bytes:
    """A deflate stream that is none."""
    content = a_zip((NAME, a_wrap()))
    begins = 30 + len(NAME)
    return content[:begins] + b"\xff" * 200 + content[begins + 200 :]


def link() -> bytes:
    """A symbolic link of the right name."""
    info = zipfile.ZipInfo(NAME)
    info.external_attr = 0o120777 << 16
    return a_zip((info, a_wrap()))


def overlapping() -> bytes:
    """Ten thousand entries that all say they are the first one."""
    one = a_zip((NAME, a_wrap()))
    at = one.rfind(b"PK\x01\x02")
    entry = one[at : at + 46 + len(NAME)]
    entries = b"".join(
        entry[:46] + f"{CODE}/keys/{number:02x}.age".ljust(len(NAME)).encode()[: len(NAME)] for number in range(256)
    )
    return one[:at] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 256, 256, len(entries), at, 0)


def quine_of_names() -> bytes:
    """A directory of a megabyte and more."""
    return a_zip(*((f"{number:x}", b"") for number in range(25_000)))


ONE_ENTRY = a_zip((NAME, b"age-encryption.org/v1\n" * 100))
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no zip": lambda: b"PK\x03\x04 broken",
    "an end alone": lambda: b"PK\x05\x06" + bytes(18),
    "an end cut short": lambda: good()[:-5],
    "a beginning alone": lambda: good()[:100],
    "a damaged stream": damaged,
    "a checksum that is wrong": lambda: in_both_headers(a_zip((NAME, a_wrap())), 14, 16, b"abcd"),
    "a stream of ten megabytes that says 100 bytes": lambda: in_both_headers(
        a_zip((NAME, bytes(10**7))), 22, 24, struct.pack("<L", 100)
    ),
    "a bomb": lambda: a_zip((NAME, bytes(10**8))),
    "a bomb with the words of age": lambda: a_zip((NAME, b"age-encryption.org/v1\n" + bytes(10**6))),
    "a bomb of the size of a wrap": lambda: a_zip((NAME, b"age-encryption.org/v1\n" + bytes(LARGEST_WRAP - 30))),
    "bombs without number": lambda: a_zip(
        *((f"{CODE}/keys/{number:x}.age", bytes(LARGEST_WRAP)) for number in range(3000))
    ),
    "noise without number": lambda: a_zip(
        *((f"{CODE}/keys/{number:x}.age", random.Random(number).randbytes(6000)) for number in range(2000)),
        compression=zipfile.ZIP_STORED,
    ),
    "bzip2": lambda: a_zip((NAME, a_wrap()), compression=zipfile.ZIP_BZIP2),
    "lzma": lambda: a_zip((NAME, a_wrap()), compression=zipfile.ZIP_LZMA),
    "a method that nobody knows": lambda: in_both_headers(ONE_ENTRY, 8, 10, b"\x63\x00"),
    "encrypted": lambda: in_both_headers(a_zip((NAME, a_wrap())), 6, 8, b"\x01\x00"),
    "a link": link,
    "a folder of that name": lambda: a_zip((NAME + "/", b"")),
    "the same name twice": lambda: a_zip((NAME, a_wrap()), (NAME, a_wrap())),
    "a path upwards": lambda: a_zip((f"{CODE}/keys/../../0a.age", a_wrap())),
    "a name of capitals": lambda: a_zip((f"{CODE}/keys/0A.age", a_wrap())),
    "a name with a line behind": lambda: a_zip((NAME + "\n", a_wrap())),
    "digits of another script": lambda: a_zip((f"{CODE}/keys/\u0660.age", a_wrap())),
    "a zip in a zip": lambda: a_zip((NAME, good())),
    "the words of age alone": lambda: a_zip((NAME, b"age-encryption.org/v1\nrest")),
    "sealed to nobody": lambda: a_zip((NAME, b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n" + bytes(100))),
    "a stanza without end": lambda: a_zip((NAME, b"age-encryption.org/v1\n-> mlkem768x25519 " + b"A" * 3000)),
    "stanzas without number": lambda: a_zip((NAME, b"age-encryption.org/v1\n" + b"-> a b\n\n" * 8000)),
    "in 64 bits": lambda: patched(good(), b"PK\x05\x06", 10, b"\xff" * 10),
    "a locator of 64 bits": lambda: good()[:-22] + b"PK\x06\x07" + bytes(16) + good()[-22:],
    "a directory larger than the file": lambda: patched(good(), b"PK\x05\x06", 12, b"\xff\xff\xff\x7f"),
    "a directory behind the file": lambda: patched(good(), b"PK\x05\x06", 16, b"\xff\xff\xff\x7f"),
    "a directory without end": quine_of_names,
    "an entry behind the file": lambda: patched(a_zip((NAME, a_wrap())), b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
    "20 megabytes of ends": lambda: b"PK\x05\x06" * (5 * 1024**2),
    "20 megabytes of entries": lambda: b"PK\x01\x02" * (5 * 1024**2),
    "20 megabytes of nothing": lambda: bytes(20 * 1024**2),
}


def is_sound(found: Wraps) -> bool:
    """What may come of any bytes at all."""
    wraps = [one for of_case in found.values() for one in of_case.values()]
    return len(wraps) <= MOST_WRAPS and all(len(one) <= LARGEST_WRAP and is_for_one_reader(one) for one in wraps)


def test_a_wrap_in_a_bundle_is_found() -> None:
    """Its name and itself; beside what is damaged, and behind bytes that are none of the zip's."""
    assert wraps_in(good()) == wraps_sent(good()) == wraps_in(b"before" + good()) == {CODE: {KID: a_wrap()}}
    stored = a_zip((NAME, a_wrap()), compression=zipfile.ZIP_STORED)
    assert wraps_in(stored) == {CODE: {KID: a_wrap()}}
    other = a_zip((f"{CODE}/keys/0b.age", a_wrap()), (NAME, a_wrap()))
    broken = other[:60] + b"\xff" * 200 + other[260:]
    assert wraps_in(broken) == {CODE: {KID: a_wrap()}}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_gives_nothing_and_costs_little(name: str) -> None:
    """Never an error, whatever the library raises for it, and less than a second."""
    content = HOSTILE[name]()
    begun = time.process_time()
    assert wraps_in(content) == {}
    assert time.process_time() - begun < A_SECOND


def test_entries_that_overlap_cost_no_more_than_those_that_do_not() -> None:
    """At most a hundred wraps come of a file, however many there seem to be."""
    begun = time.process_time()
    assert is_sound(wraps_in(overlapping()))
    assert time.process_time() - begun < A_SECOND
    many = a_zip(*((f"{CODE}/keys/{number:x}.age", a_wrap()) for number in range(250)))
    assert len(wraps_in(many)[CODE]) == MOST_WRAPS


def test_the_process_that_reads_a_file_of_twenty_megabytes_answers_within_a_second() -> None:
    """The most that Telegram hands out."""
    content = HOSTILE["20 megabytes of ends"]()
    begun = of_children()
    assert wraps_sent(content) == {}
    assert of_children() - begun < A_SECOND


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good zip with bytes changed, taken out, doubled and cut off."""
    content = bytearray(good())
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.integers(0, 3)):
            case 0:
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case 1:
                del content[at : at + draw(st.integers(1, 50))]
            case 2:
                content[at:at] = content[at : at + draw(st.integers(1, 500))]
            case 3:
                content = content[: len(content) - draw(st.integers(0, 60))]
    return bytes(content)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=3000), spoiled()))
def test_any_bytes_give_sound_wraps_or_none(content: bytes) -> None:
    """Random ones, and those of a good zip that was spoiled."""
    begun = time.process_time()
    assert is_sound(wraps_in(content))
    assert time.process_time() - begun < A_SECOND


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_in_place_of_a_wrap_are_told_from_one(data: bytes) -> None:
    """Also behind the first line of an age file, and in place of a part of a wrap."""
    assert not is_for_one_reader(data)
    assert not is_for_one_reader(b"age-encryption.org/v1\n-> mlkem768x25519 " + data)
    assert is_for_one_reader(a_wrap())
    assert not is_for_one_reader(a_wrap()[: 1500 - len(data) // 2])


def test_a_deflate_stream_that_is_damaged_is_the_case_that_once_ended_the_process() -> None:
    """The library lets zlib's own error through."""
    with zipfile.ZipFile(io.BytesIO(damaged())) as archive, pytest.raises(zlib.error):
        archive.read(NAME)
    assert wraps_in(damaged()) == {}
