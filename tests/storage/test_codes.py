"""Case codes at rest: a paper and a disk without the key do not belong together, and an erased case has no name."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from flows.facts import Facts
from flows.model import Level
from storage import codes, erasing, records
from storage.case import Case, Erased
from storage.cases import Cases
from storage.database import Database
from storage.errors import Refused
from storage.outbox import Outbox, RowKind
from storage.records import Wanted
from storage.schema import alert, case_file, outbox
from storage.tx import Tx
from tests.storage.test_record import NOW, cases, database, fill

__all__ = ["cases", "database"]
FACTS = Facts(level=Level.high, language="kk")


def taken(tx: Tx, cases: Cases) -> Case:
    """A case that its claimer holds; others were told of it."""
    case = fill(tx, cases, ["a"])
    cases.hand_over(tx, case, FACTS)
    for member in cases.chain.members.all(tx):
        cases.alerted.keep(tx, case.row, member.id, at=tx.now, outside_at=tx.now)
    case = cases.get(tx, case.row)
    assert cases.claims.claim(tx, case, cases.chain.members.all(tx)[0], timedelta(hours=1))
    return cases.get(tx, case.row)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_code_stands_in_no_byte_of_the_database(database: Database, cases: Cases, tmp_path: Path) -> None:
    """Nor without its dash; with the key the case is found by it and named by it."""
    case = database.change(lambda tx: taken(tx, cases), at=NOW)
    held = b"".join(path.read_bytes() for path in tmp_path.glob("pana.db*"))
    assert [one for one in (case.code, case.code.replace("-", "")) if one.encode() in held] == []
    found = database.read(lambda tx: cases.by_code(tx, case.code))
    assert found is not None and (found.row, found.code) == (case.row, case.code)
    assert database.read(lambda tx: cases.by_code(tx, "2222-2222")) is None


def test_without_the_key_a_case_is_named_by_its_id(database: Database, cases: Cases) -> None:
    """A code then leads nowhere, and the sentence says why."""
    case = database.change(lambda tx: taken(tx, cases), at=NOW)
    (keyless,) = database.read(lambda tx: list(records.listed(tx)))
    (named,) = database.read(lambda tx: list(records.listed(tx, cases.ring, Wanted(names=[case.code]))))
    assert (keyless.code, named.code) == (case.case_id, case.code)
    assert database.read(lambda tx: list(records.listed(tx, None, Wanted(names=[case.case_id])))) == [keyless]
    for ring, said in ((None, "without server.key"), (cases.ring, "there is no case 2222-2222")):
        with pytest.raises(Refused, match=said):
            database.read(lambda tx, ring=ring: records.listed(tx, ring, Wanted(names=["2222-2222"])))


def test_what_was_erased_is_in_a_list_and_in_no_export(database: Database, cases: Cases) -> None:
    """In the order in which they came, however many more there are than are read at once."""
    made = [database.change(lambda tx: fill(tx, cases, [])) for _ in range(records._AT_ONCE + 1)]
    database.change(lambda tx: erasing.erase(tx, made[3]), at=NOW)
    for wanted, here in ((Wanted(), made), (Wanted(erased_too=False), [*made[:3], *made[4:]])):
        found = database.read(lambda tx, wanted=wanted: [one.row for one in records.listed(tx, cases.ring, wanted)])
        assert found == [one.row for one in here]


@pytest.mark.parametrize("spoiled", [b"x", None])
def test_a_case_whose_code_cannot_be_read_has_another_one(
    database: Database, cases: Cases, spoiled: bytes | None
) -> None:
    """Always the same, so that a lawyer can take it; who has the old one on paper finds it still."""
    case = database.change(lambda tx: taken(tx, cases), at=NOW)
    database.change(lambda tx: tx.execute(update(case_file).values(code_sealed=spoiled)).rowcount)
    other = database.read(lambda tx: cases.get(tx, case.row).code)
    assert other == codes.spare(cases.ring, case.case_id) != case.code
    for code in (other, case.code):
        found = database.read(lambda tx, code=code: cases.by_code(tx, code))
        assert found is not None and found.row == case.row
    assert database.read(cases.unreadable)["case_file"] == 1


@pytest.mark.parametrize("how", ["erase", "close"])
def test_of_a_case_that_is_over_no_moment_is_kept(database: Database, cases: Cases, how: str) -> None:
    """Neither when it was taken, nor when who was told: the day, and the hour in which it ended."""
    case, at = database.change(lambda tx: taken(tx, cases), at=NOW), NOW + timedelta(minutes=7, microseconds=3)

    def end(tx: Tx) -> None:
        if how == "erase":
            erasing.erase(tx, case)
        else:
            cases.claims.close(tx, case, "helped")

    database.change(end, at=at)
    row = database.read(lambda tx: tx.execute(select(case_file)).one())
    assert (row.claimed_at, row.contacted_at, row.closed_at) == (None, None, NOW + timedelta(hours=1))
    database.change(erasing.forget_over, at=NOW + timedelta(hours=1))
    told = database.read(lambda tx: tx.execute(select(alert.c.at, alert.c.told_at, alert.c.outside_at)).all())
    assert {tuple(one) for one in told} == {(None, None, None)}


def test_a_day_after_erasing_nothing_names_the_case(database: Database, cases: Cases, tmp_path: Path) -> None:
    """For a day its code says that it was erased; then the row is gone, and whatever was still to be said of it."""
    case, ended = database.change(lambda tx: taken(tx, cases), at=NOW), NOW + timedelta(minutes=5)
    other = database.change(lambda tx: fill(tx, cases, ["b"]), at=NOW)
    say = {"case_row": case.row, "member_id": 1, "key": "line"}
    database.change(lambda tx: Outbox(cases.ring).put(tx, RowKind.line, **say), at=ended)  # type: ignore[arg-type]
    database.change(lambda tx: erasing.erase(tx, case), at=ended)
    database.change(erasing.forget_over, at=ended + timedelta(hours=23))
    found = database.read(lambda tx: cases.by_code(tx, case.code))
    assert found is not None and (type(found), found.recipient, found.seq) == (Erased, "", 0)
    database.change(erasing.forget_over, at=ended + timedelta(hours=25))
    assert database.read(lambda tx: [one.row for one in cases.listed(tx)]) == [other.row]
    for table in (alert, outbox):
        assert database.read(lambda tx, table=table: tx.execute(select(func.count()).select_from(table)).scalar()) == 0
    held = b"".join(path.read_bytes() for path in tmp_path.glob("pana.db*"))
    assert case.case_id.encode() not in held and codes.look_up(cases.ring, case.code).encode() not in held
