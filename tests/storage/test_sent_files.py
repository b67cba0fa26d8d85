"""Files that people send: sealed piece by piece, whole in a bundle, gone with their case. On both databases."""

import hashlib
import io
import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import erasing, sent_files, troubles
from storage.bundle import in_zips, write_bundle
from storage.case import Open
from storage.cases import Cases
from storage.database import Database
from storage.reading import read_bundle
from storage.record import Entry, EntryKind, FileSealing, size_class
from storage.schema import file_part, sent_file
from storage.sealing import age
from storage.sent_files import PART, SEEN_AFTER, TAKEN_FOR, WANTED_FOR, About, Counts, SentFiles, Wanted
from storage.troubles import MOST_TRIES
from storage.tx import Tx
from tests.storage.age_reader import read_age
from tests.storage.test_record import LAWYER, NOW, cases, database, fill

__all__ = ["cases", "database"]
PIECE = 64 * 1024


@pytest.fixture
def files(cases: Cases) -> SentFiles:
    """Files beside these cases."""
    return SentFiles(cases.ring)


@pytest.fixture
def case(database: Database, cases: Cases) -> Open:
    """A case with one answer."""
    return database.change(lambda tx: fill(tx, cases, ["a"]), at=NOW)


def photo(size: int = 5) -> About:
    """One that lies at Telegram."""
    return About(file_id="AgAC", kind="photo", chat_id=5, message=77, sent_at=NOW, size=size, name="құпия.jpg")


def content(size: int) -> bytes:
    """Something that compresses badly."""
    return random.Random(size).randbytes(size)


def pieces(data: bytes) -> Iterator[bytes]:
    """As it comes from Telegram: never the same length."""
    chance, at = random.Random(1), 0
    while at < len(data):
        step = chance.randint(1, PIECE)
        yield data[at : at + step]
        at += step


def taken(database: Database, files: SentFiles, *, at: datetime = NOW) -> Wanted:
    """The only file that is to be fetched then."""
    (wanted,) = database.change(lambda tx: files.take(tx, 3), at=at)
    return wanted


def keep(database: Database, cases: Cases, case: Open, data: bytes, *, at: datetime = NOW) -> int:
    """A file that was wanted, fetched and sealed; its row."""
    files = SentFiles(cases.ring)
    row = database.change(lambda tx: files.want(tx, case.row, photo(len(data))), at=at)
    (wanted,) = database.change(lambda tx: files.take(tx, 3), at=at)
    assert wanted.row == row
    sealing, number, ready = FileSealing(case.recipient), 0, b""

    def add(part: bytes) -> None:
        assert database.change(lambda tx: files.add(tx, wanted, number, part), at=at)

    assert database.change(lambda tx: files.begins(tx, wanted), at=at)
    for piece in [*pieces(data), None]:
        ready += sealing.end() if piece is None else sealing.add(piece)
        while len(ready) >= PART or (piece is None and ready):
            add(ready[:PART])
            ready, number = ready[PART:], number + 1

    def is_kept(tx: Tx) -> None:
        value = {"sha256": sealing.clear_sha256, "bytes": sealing.bytes}
        seq = cases.chain.append(tx, case, Entry(kind=EntryKind.file, value=value, at="2026-11-24T09:00Z"))
        kept = sent_files.Kept(row=row, seq=seq, parts=number, size=sealing.size, sha256=sealing.sha256)
        files.is_kept(tx, row, kept)

    database.change(is_kept, at=at)
    return row


def test_a_file_that_is_wanted_is_fetched_at_once(database: Database, files: SentFiles, case: Open) -> None:
    """Whoever fetches is woken by the change that wants it; by its own looking it is not."""

    def woken(change: Callable[[Tx], object]) -> list[object]:
        def changed(tx: Tx) -> list[object]:
            change(tx)
            return [*tx.queues]

        return database.change(changed, at=NOW)

    assert woken(lambda tx: files.want(tx, case.row, photo())) == [sent_file]
    assert woken(lambda tx: files.take(tx, 3)) == []


@pytest.mark.parametrize("size", [0, 1, 511, 512, PIECE - 1, PIECE, PIECE + 1, PART, 3 * PART + 7])
def test_a_file_is_padded_and_what_it_was_comes_first(size: int) -> None:
    """Whatever the pieces: the bytes, then zeros up to the size class; with the hashes of both."""
    key, data = age.generate_identity(), content(size)
    sealing = FileSealing(age.recipient_of(key))
    sealed = b"".join(sealing.add(one) for one in pieces(data)) + sealing.end()
    opened = read_age(sealed, key)
    assert (opened[:size], opened[size:].strip(b"\0"), len(opened)) == (data, b"", size_class(size))
    assert (sealing.bytes, sealing.size) == (size, len(sealed))
    assert sealing.clear_sha256 == hashlib.sha256(data).hexdigest()
    assert sealing.sha256 == hashlib.sha256(sealed).hexdigest()


def test_a_file_is_whole_in_the_bundle_and_opens_with_age_alone(
    database: Database, cases: Cases, case: Open, tmp_path: Path
) -> None:
    """Its entry says its size and SHA-256; the manifest those of the age file."""
    data = content(2 * PART + 100)
    keep(database, cases, case, data)
    with (tmp_path / "a.zip").open("wb") as out:
        database.read(
            lambda tx: write_bundle(
                out, [cases.chain.bundle(tx, case)], cases.ring.sign, cases.ring.verify_key, NOW.date()
            )
        )
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        files = {info.filename.partition("/")[2]: archive.read(info) for info in archive.infolist()}
    listed = json.loads(files["manifest.json"])["entries"][-1]
    assert listed["blob_sha256"] == hashlib.sha256(files[listed["blob"]]).hexdigest()
    identity = next(one for one in _wraps(files) if one is not None)
    entry = json.loads(read_age(files[listed["file"]], identity))
    photo = read_age(files[listed["blob"]], identity)[: entry["value"]["bytes"]]
    assert photo == data
    assert hashlib.sha256(photo).hexdigest() == entry["value"]["sha256"]
    [opened] = read_bundle(tmp_path / "a.zip", [LAWYER], None)
    assert opened.problems == []


def _wraps(files: dict[str, bytes]) -> Iterator[str | None]:
    for name, sealed in files.items():
        if name.startswith("keys/"):
            try:
                text = read_age(sealed, LAWYER).decode()
            except AssertionError:
                continue
            yield next(line for line in text.splitlines() if line.startswith("AGE-SECRET-KEY"))


def test_many_files_go_in_several_zips_each_with_all_that_is_written(
    database: Database, cases: Cases, case: Open, tmp_path: Path
) -> None:
    """No zip is larger than wanted; what is apart is named in the signed manifest, and each file is in one of them."""
    for size in (300_000, 300_000, 900_000, 10):
        keep(database, cases, case, content(size))
    zips = database.read(lambda tx: _zips(tx, cases, case, 700_000))
    assert all(len(one) < 750_000 for one in zips[:1])
    found: list[str] = []
    for number, one in enumerate(zips):
        (tmp_path / f"{number}.zip").write_bytes(one)
        [opened] = read_bundle(tmp_path / f"{number}.zip", [LAWYER], None)
        assert opened.problems == []
        assert len(opened.entries) == 6
        with zipfile.ZipFile(io.BytesIO(one)) as archive:
            here = [name.partition("/")[2] for name in archive.namelist() if name.endswith(".bin.age")]
        listed = [entry["blob"] for entry in opened.manifest["entries"] if "blob" in entry]
        assert sorted([*here, *opened.manifest.get("apart", [])]) == sorted(listed)
        found += here
    assert sorted(found) == sorted(set(found)) == ["0003.bin.age", "0004.bin.age", "0005.bin.age", "0006.bin.age"]


def _zips(tx: Tx, cases: Cases, case: Open, most: int) -> list[bytes]:
    made = []
    for one in in_zips(cases.chain.bundle(tx, case), most):
        buffer = io.BytesIO()
        write_bundle(buffer, [one], cases.ring.sign, cases.ring.verify_key, NOW.date())
        made.append(buffer.getvalue())
    return made


def test_a_zip_is_written_part_by_part(database: Database, cases: Cases, case: Open, tmp_path: Path) -> None:
    """Of twenty megabytes less than three are in memory at once."""
    keep(database, cases, case, bytes(20 * 1024 * 1024))
    with (tmp_path / "a.zip").open("wb") as out:
        tracemalloc.start()
        try:
            database.read(lambda tx: write_bundle(out, [cases.chain.bundle(tx, case)], None, "", NOW.date()))
            assert tracemalloc.get_traced_memory()[1] < 3 * 1024 * 1024
        finally:
            tracemalloc.stop()


def test_whoever_fetches_a_file_has_it_as_long_as_it_comes(database: Database, files: SentFiles, case: Open) -> None:
    """Nobody else takes it meanwhile; it is due again when nothing has come for a while, and begins anew then."""
    database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    at, wanted = NOW, taken(database, files)
    for number in range(4):
        at += TAKEN_FOR - timedelta(seconds=1)
        assert database.change(lambda tx, number=number: files.add(tx, wanted, number, b"x"), at=at)
        assert database.change(lambda tx: files.take(tx, 3), at=at) == []
    at += TAKEN_FOR + timedelta(seconds=1)
    anew = taken(database, files, at=at)
    assert database.change(lambda tx: files.begins(tx, anew), at=at)
    assert database.read(lambda tx: tx.execute(select(func.count()).select_from(file_part)).scalar_one()) == 0


def test_who_was_too_slow_adds_nothing_to_what_another_fetches(
    database: Database, files: SentFiles, case: Open
) -> None:
    """Parts of two fetches are sealed with two keys, and never stand in one file; nor does the first end it."""
    database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    slow, at = taken(database, files), NOW + TAKEN_FOR + timedelta(seconds=1)
    assert database.change(lambda tx: files.add(tx, slow, 0, b"slow"), at=NOW)
    quick = taken(database, files, at=at)
    assert database.change(lambda tx: files.begins(tx, quick), at=at)
    assert not database.change(lambda tx: files.add(tx, slow, 1, b"slow"), at=at)
    assert not database.change(lambda tx: files.begins(tx, slow), at=at)
    database.change(lambda tx: files.later(tx, slow, at + timedelta(hours=1), "TryAgain"), at=at)
    assert database.change(lambda tx: files.add(tx, quick, 0, b"quick"), at=at)
    assert database.read(lambda tx: [bytes(one) for one in tx.execute(select(file_part.c.sealed)).scalars()]) == [
        b"quick"
    ]


def test_what_is_wanted_no_longer_is_taken_whatever_has_failed(
    database: Database, files: SentFiles, case: Open
) -> None:
    """A row that was set aside after many failures ends with its day, and its person is told."""
    row = database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    for _ in range(MOST_TRIES):
        database.change(lambda tx: troubles.happened(tx, "file", str(row), "KeyError", for_good=True), at=NOW)
    assert database.change(lambda tx: files.take(tx, 3), at=NOW + WANTED_FOR - timedelta(seconds=1)) == []
    assert taken(database, files, at=NOW + WANTED_FOR).row == row


def test_what_is_kept_leads_back_to_nobody(database: Database, cases: Cases, case: Open) -> None:
    """The file's id, chat and message are gone with the commit that keeps it; it is not fetched again."""
    keep(database, cases, case, content(10))
    row = database.read(lambda tx: tx.execute(select(sent_file)).one())
    assert (row.wanted_sealed, row.taken_until, row.last_error) == (None, None, None)
    assert database.change(lambda tx: SentFiles(cases.ring).take(tx, 3), at=NOW + timedelta(days=1)) == []


def test_a_case_that_ends_takes_its_files_with_it(database: Database, cases: Cases, case: Open, tmp_path: Path) -> None:
    """Those that are kept and those on their way; a part that comes later stays nowhere."""
    files = SentFiles(cases.ring)
    keep(database, cases, case, b"")
    sealed = database.read(lambda tx: b"".join(sent_files.parts(tx, sent_files.kept(tx, case.row)[3])))
    database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    wanted = taken(database, files)
    database.change(lambda tx: files.add(tx, wanted, 0, b"half"), at=NOW)
    database.change(lambda tx: erasing.erase(tx, case))
    assert not database.change(lambda tx: files.begins(tx, wanted))
    assert not database.change(lambda tx: files.add(tx, wanted, 1, b"other half"))
    left = [database.read(lambda tx, one=one: tx.execute(select(one)).all()) for one in (sent_file, file_part)]
    assert left == [[], []]
    held = b"".join(path.read_bytes() for path in tmp_path.glob("pana.db*"))
    assert sealed[200:300] not in held


def test_a_damaged_row_is_that_rows_affair(database: Database, files: SentFiles, case: Open) -> None:
    """It is named as unreadable; others are fetched."""
    database.change(lambda tx: [files.want(tx, case.row, photo()) for _ in range(2)], at=NOW)
    first = database.read(lambda tx: tx.execute(select(func.min(sent_file.c.id))).scalar_one())
    damage = sent_file.update().where(sent_file.c.id == first).values(wanted_sealed=b"\x01damaged")
    database.change(lambda tx: tx.execute(damage).rowcount)
    taken = database.change(lambda tx: files.take(tx, 3), at=NOW)
    assert [one.about is None for one in taken] == [True, False]
    assert database.read(files.unreadable) == {"sent_file": 1}


def test_a_case_takes_so_much_and_no_more(
    database: Database, files: SentFiles, case: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By number and by size, of files on their way too."""
    monkeypatch.setattr(sent_files, "MOST_FILES", 3)
    monkeypatch.setattr(sent_files, "MOST_BYTES", 1000)
    assert not database.read(lambda tx: files.is_full(tx, case.row))
    database.change(lambda tx: files.want(tx, case.row, photo(999)), at=NOW)
    assert not database.read(lambda tx: files.is_full(tx, case.row))
    row = database.change(lambda tx: files.want(tx, case.row, photo(1)), at=NOW)
    assert database.read(lambda tx: files.is_full(tx, case.row))
    database.change(lambda tx: files.lose(tx, row, "gone"))
    database.change(lambda tx: files.want(tx, case.row, photo(0)), at=NOW)
    assert database.read(lambda tx: files.is_full(tx, case.row))
    assert database.read(lambda tx: files.counts(tx, case.row)) == Counts(waiting=2, kept=0, lost=1)


def test_what_is_lost_leaves_nothing_but_that_it_was(database: Database, files: SentFiles, case: Open) -> None:
    """No part, no name, no way back to Telegram; it is not tried again, and forgotten once that was spoken of."""
    row = database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    wanted = taken(database, files)
    database.change(lambda tx: files.add(tx, wanted, 0, b"half"), at=NOW)
    database.change(lambda tx: files.lose(tx, row, "gone"), at=NOW)
    assert database.read(lambda tx: tx.execute(select(file_part)).all()) == []
    assert database.read(lambda tx: tx.execute(select(sent_file)).one()).wanted_sealed is None
    assert database.change(lambda tx: files.take(tx, 3), at=NOW + timedelta(hours=1)) == []
    assert not database.change(lambda tx: files.add(tx, wanted, 1, b"half"), at=NOW)
    database.change(lambda tx: files.forget_lost(tx, case.row), at=NOW + timedelta(days=1))
    assert database.read(lambda tx: files.counts(tx, case.row)) == Counts(lost=1)  # no card has said so yet
    said = NOW + timedelta(days=1)
    for again in (timedelta(), timedelta(seconds=5)):  # each card that says it, too
        database.change(lambda tx: files.told(tx, case.row), at=said + again)
    database.change(lambda tx: files.forget_lost(tx, case.row), at=said + SEEN_AFTER - timedelta(seconds=1))
    assert database.read(lambda tx: files.counts(tx, case.row)) == Counts(lost=1)
    database.change(lambda tx: files.forget_lost(tx, case.row), at=said + SEEN_AFTER)
    assert database.read(lambda tx: files.counts(tx, case.row)) == Counts()
