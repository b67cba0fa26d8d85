"""A zip that is written front to back is the one that Python's own writer makes, byte for byte."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import stored_zip
from storage.errors import Refused
from storage.stored_zip import StoredZip

NAMES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\\"), min_size=1, max_size=9)
FILES = st.lists(
    st.tuples(NAMES, st.one_of(st.binary(max_size=40), st.lists(st.binary(max_size=20), max_size=4))),
    max_size=6,
    unique_by=lambda file: file[0],
)
File = tuple[str, bytes | list[bytes]]


def ours(files: Sequence[File]) -> bytes:
    out = io.BytesIO()
    with StoredZip(out) as archive:
        for name, content in files:
            if isinstance(content, bytes):
                archive.put(name, content)
            else:
                archive.put_parts(name, content)
    return out.getvalue()


def pythons(files: Sequence[File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, content if isinstance(content, bytes) else b"".join(content))
    return out.getvalue()


@given(FILES)
def test_it_is_what_python_writes(files: list[File]) -> None:
    """Whatever the names, sizes and number, in one piece or in parts."""
    assert ours(files) == pythons(files)


@given(FILES, st.integers(0, 300), st.integers(0, 5))
def test_it_is_what_python_writes_where_it_is_large(files: list[File], limit: int, most: int) -> None:
    """Beyond two gigabytes or 65,535 files, with limits that are met sooner."""
    limit = max(limit, 200)  # each file is smaller: none of ours is that large
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(zipfile, "ZIP64_LIMIT", limit)
        patched.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", most)
        patched.setattr(stored_zip, "LIMIT", limit)
        patched.setattr(stored_zip, "MOST_FILES", most)
        assert ours(files) == pythons(files)


def test_more_files_than_fit_the_old_form_are_read_by_python() -> None:
    """And the same content in each of them has its own name."""
    content, out = b"the questionnaire", io.BytesIO()
    with StoredZip(out) as archive:
        for number in range(70_000):
            archive.put_again(f"{number}.json", content)
    with zipfile.ZipFile(out) as read:
        assert len(read.namelist()) == 70_000
        assert read.read("69999.json") == content
    assert len(archive._directory) < 70_000 * 70


def test_after_an_error_there_is_no_zip() -> None:
    """What was interrupted is not taken for the whole."""
    out = io.BytesIO()
    archive = StoredZip(out)
    with pytest.raises(OSError, match="full"), archive:
        _fails(archive)
    assert not zipfile.is_zipfile(out)


def _fails(archive: StoredZip) -> None:
    archive.put("a", b"a")
    raise OSError("full")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of ours can be."""
    monkeypatch.setattr(stored_zip, "LIMIT", 3)
    with pytest.raises(Refused, match="4 bytes"), StoredZip(io.BytesIO()) as archive:
        archive.put("a", b"aaaa")


def test_what_stands_in_many_places_is_read_for_its_checksum_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where other files come between, as between the questionnaires of two cases."""
    read: list[bytes] = []

    def crc32(content: bytes, before: int = 0) -> int:
        read.append(content)
        return zlib.crc32(content, before)

    monkeypatch.setattr(stored_zip, "zlib", SimpleNamespace(crc32=crc32))
    one, other, out = b"a questionnaire", b"an earlier one", io.BytesIO()
    with StoredZip(out) as archive:
        for number in range(6):
            archive.put(f"{number}.age", b"%d" % number)
            archive.put_again(f"{number}.json", other if number % 3 == 0 else one)
    assert (read.count(one), read.count(other), len(read)) == (1, 1, 8)
    with zipfile.ZipFile(out) as found:
        assert [found.read(f"{number}.json") for number in (0, 1)] == [other, one]
        assert found.testzip() is None
