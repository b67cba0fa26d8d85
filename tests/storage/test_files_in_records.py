"""Files of cases as whoever has the database sees them: how many, how much, which are damaged. On both databases."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from storage import records
from storage.bundle import write_bundle
from storage.case import Open
from storage.cases import Cases
from storage.database import Database
from storage.outbox import Outbox, RowKind
from storage.reading import read_bundle
from storage.schema import file_part
from storage.sent_files import PART, SentFiles
from tests.storage.test_record import LAWYER, NOW, cases, database
from tests.storage.test_sent_files import case, content, keep, photo

__all__ = ["case", "cases", "database"]


def test_files_are_counted_and_weighed(database: Database, cases: Cases, case: Open) -> None:
    """Kept, on their way, lost; with the entries' bytes that of an export is known before it is written."""
    files = SentFiles(cases.ring)
    for size in (10, PART):
        keep(database, cases, case, content(size))
    database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    lost = database.change(lambda tx: files.want(tx, case.row, photo()), at=NOW)
    database.change(lambda tx: files.lose(tx, lost, "gone"), at=NOW)
    assert database.read(records.files_counted) == {"kept": 2, "waiting": 1, "lost": 1}
    [bundle] = [database.read(lambda tx: cases.chain.bundle(tx, case))]
    sealed = sum(len(one.sealed) + (one.blob.size if one.blob else 0) for one in bundle.entries)
    assert database.read(lambda tx: records.size_of(tx, cases.ring, records.Wanted(names=[case.code]))) == sealed
    assert database.read(lambda tx: records.size_of(tx, None, records.Wanted(statuses=["erased"]))) == 0


def test_a_damaged_file_is_found_and_keeps_no_other_from_being_read(
    database: Database, cases: Cases, case: Open, tmp_path: Path
) -> None:
    """A part that is other than it was, or not there at all: the reader names the file."""
    first = keep(database, cases, case, content(2 * PART))
    second = keep(database, cases, case, content(2 * PART + 1))
    keep(database, cases, case, content(100))
    here = file_part.c.number == 1
    database.change(lambda tx: tx.execute(file_part.delete().where(here & (file_part.c.file_row == first))).rowcount)
    other = file_part.update().where(here & (file_part.c.file_row == second)).values(sealed=b"x" * PART)
    database.change(lambda tx: tx.execute(other).rowcount)
    assert database.read(records.damaged_files) == 2
    buffer = io.BytesIO()
    database.read(lambda tx: write_bundle(buffer, [cases.chain.bundle(tx, case)], None, "", NOW.date()))
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    [opened] = read_bundle(tmp_path / "a.zip", [LAWYER], None)
    assert opened.problems == [f"000{seq}.bin.age is not the file that was signed" for seq in (3, 4)]
    assert [one.problem is None for one in opened.files.values()] == [False, False, True]


@pytest.mark.parametrize("taken", [False, True])
def test_a_row_that_gathers_is_found_until_it_is_on_its_way(
    database: Database, cases: Cases, case: Open, taken: bool
) -> None:
    """Only one of the same kin, and what it says can be read."""
    outbox = Outbox(cases.ring)

    def put(key: str, number: int) -> None:
        database.change(
            lambda tx: outbox.put(tx, RowKind.files, at=tx.now, case_row=case.row, args={"n": number}, key=key),
            at=NOW,
        )

    put("files:1:20:5", 1)
    put("files:1:2:7", 2)
    if taken:
        database.change(outbox.take, at=NOW)
    found = database.read(lambda tx: outbox.gathering(tx, "files:1:2"), at=NOW)
    assert (found is None) == taken
    if found is not None:
        assert (found.key, found.args, found.at) == ("files:1:2:7", {"n": 2}, NOW)


def test_what_is_being_brought_stays_taken_as_long_as_that_takes(database: Database, cases: Cases, case: Open) -> None:
    """And no longer, once nobody says so any more."""
    outbox = Outbox(cases.ring)
    database.change(lambda tx: outbox.put(tx, RowKind.bundle, case_row=case.row, key="bundle:1:1"), at=NOW)
    [due] = database.change(outbox.take, at=NOW)
    at = NOW
    for _ in range(5):
        at += timedelta(seconds=20)
        database.change(lambda tx: outbox.go_on(tx, [due]), at=at)
        assert database.change(outbox.take, at=at + timedelta(seconds=5)) == []
    assert len(database.change(outbox.take, at=at + timedelta(seconds=31))) == 1
