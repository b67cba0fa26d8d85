"""Migrations, with data, on both databases: nothing is lost, and the tables end as the program knows them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text, update

from storage import codes
from storage.database import Database
from storage.errors import NotReady
from storage.migrate import VERSION, migrate
from storage.muted import is_muted
from storage.ready import require_tables
from storage.schema import metadata
from storage.sealing.keyring import KeyRing
from storage.tx import Tx

ROWS = (
    "INSERT INTO flow_revision (revision, compiled) VALUES ('r', 'x')",
    "INSERT INTO member (id, telegram_look_up, name_look_up, about_sealed, role, recipient, on_call, active)"
    " VALUES (7, 'a', 'b', 'c', 'lawyer', 'age1pq1x', 1, 1)",
    "INSERT INTO case_file (id, code, case_id, recipient, status, level, revision, seq, head, created_on, claimed_by)"
    " VALUES (5, 'K7Q4-F2MX', 'id', 'age1pq1y', 'claimed', 'critical', 'r', 1, 'h', '2026-11-24', 7)",
    "INSERT INTO handoff (case_row, facts_sealed, began_at, rung) VALUES (5, 'f', '2026-11-24 09:00:00', 1)",
    "INSERT INTO intake (id, chat_look_up, chat_sealed, state_sealed, revision, case_row, urgent_due_at, touched_at,"
    " expires_at) VALUES (3, 'l', 'c', 's', 'r', 5, '2026-11-24 09:01:00', '2026-11-24 09:00:00',"
    " '2026-11-26 09:00:00')",
)


def of_before(database: Database, ring: KeyRing) -> None:
    """The rows, in tables of the first version."""
    migrate(database, "0001")
    database.change(lambda tx: [tx.execute(text(row)) for row in ROWS])
    migrate(database, "0006")
    muted = text("INSERT INTO muted (chat_look_up, at) VALUES (:look_up, '2026-11-20 09:00:00')")
    database.change(lambda tx: tx.connection.execute(muted, {"look_up": b"m"}).rowcount)
    about = ring.seal_row("member", "member", "about", b"a".hex(), b"{}")
    values = {"about_sealed": about, "telegram_look_up": b"a"}
    member = metadata.tables["member"]
    database.change(lambda tx: tx.execute(update(member).values(**values)).rowcount)


def test_a_database_of_the_first_version_is_brought_up_with_its_rows(database_url: str, tmp_path: Path) -> None:
    """From 0001 to this program's version: rows stay, a call that was due stays due, tables match the schema."""
    database = Database(database_url)
    ring = KeyRing.create(tmp_path / "server.key")
    of_before(database, ring)
    migrate(database, ring=ring)
    require_tables(database, VERSION)

    def look(tx: Tx) -> tuple[list[object], list[object]]:
        query = text(
            "SELECT case_file.case_id, code_look_up, code_sealed, lease_asked, call_due_at IS NOT NULL,"
            " handoff.code_until = handoff.began_at FROM case_file"
            " JOIN handoff ON handoff.case_row = case_file.id JOIN intake ON intake.case_row = case_file.id"
        )
        differs = compare_metadata(MigrationContext.configure(tx.connection), metadata)
        return [*tx.execute(query).one()], list(differs)

    found, differs = database.change(look)
    assert database.read(lambda tx: is_muted(tx, ring, b"m"), at=datetime(2026, 11, 24, tzinfo=UTC))
    database.close()
    case_id, look_up, sealed, *rest = found
    assert rest == [0, True, True]
    assert ring.open_row("code", "case", "code", str(case_id), bytes(sealed)) == b"K7Q4-F2MX"  # type: ignore[call-overload]
    assert look_up == codes.look_up(ring, "K7Q4-F2MX")
    assert differs == []


_PEOPLE = (
    "INSERT INTO member (id, telegram_look_up, name_look_up, about_sealed, role, recipient, on_call, active{0})"
    " VALUES ({1}, '{1}', 'n{1}', 'c', 'lawyer', 'age1pq1x', {2}, 1{3})"
)
BEFORE_0007 = (
    _PEOPLE.format(", reach_confirmed_at", 1, 1, ", '2026-11-20 09:00:00'"),
    *(_PEOPLE.format("", number, int(number == 4), "") for number in (2, 3, 4)),
    # 1 has given the night to 2, who has given it on to 3; 1 has said "until"; 4 has said off, 2 on, until changed.
    *(
        f"INSERT INTO duty (member_id, on_duty, begins_at, ends_at) VALUES ({who}, {on}, '{begins}', {ends})"
        for who, on, begins, ends in (
            (1, 0, "2026-11-27 15:00:00", "'2026-11-28 03:00:00'"),
            (2, 1, "2026-11-27 15:00:00", "'2026-11-28 03:00:00'"),
            (2, 0, "2026-11-27 15:00:00", "'2026-11-28 03:00:00'"),
            (3, 1, "2026-11-27 15:00:00", "'2026-11-28 03:00:00'"),
            (1, 1, "2026-11-25 15:00:00", "'2026-11-26 02:00:00'"),
            (4, 0, "2026-11-25 15:00:00", "NULL"),
            (2, 1, "2026-11-25 16:00:00", "NULL"),
        )
    ),
)


def test_what_was_said_about_duty_is_said_after_0007(database_url: str) -> None:
    """A swap that went on twice is one; "until changed" is the member's; who has confirmed a page has been met."""
    database = Database(database_url)
    migrate(database, "0006")
    database.change(lambda tx: [tx.execute(text(row)) for row in BEFORE_0007])
    migrate(database)

    def look(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
        queries = {
            "handed": "SELECT owner, holder, given_up FROM handed",
            "on_until": "SELECT member_id FROM on_until",
            "member": "SELECT id, on_call, met_at IS NOT NULL FROM member ORDER BY id",
        }
        return {name: [tuple(row) for row in tx.execute(text(query)).all()] for name, query in queries.items()}

    found = database.change(look)
    database.close()
    assert found == {
        "handed": [(1, 3, 0)],
        "on_until": [(1,)],
        "member": [(1, 1, True), (2, 1, False), (3, 0, False), (4, 0, False)],
    }


def test_codes_leave_the_disk_when_they_are_sealed(tmp_path: Path) -> None:
    """After the step that seals them no code of a case of before stands in any file."""
    database, ring = Database(f"sqlite:///{tmp_path / 'pana.db'}"), KeyRing.create(tmp_path / "server.key")
    of_before(database, ring)
    assert any(b"K7Q4-F2MX" in path.read_bytes() for path in tmp_path.iterdir())
    migrate(database, ring=ring)
    assert not any(b"K7Q4-F2MX" in path.read_bytes() for path in tmp_path.iterdir())
    database.close()


def test_the_step_that_seals_codes_wants_this_databases_own_key_file(database_url: str, tmp_path: Path) -> None:
    """Without it, or with another one, nothing is changed and one sentence says what to do."""
    database = Database(database_url)
    of_before(database, KeyRing.create(tmp_path / "server.key"))
    for ring, said in ((None, "put back server.key"), (KeyRing.create(tmp_path / "other.key"), "not that of this")):
        with pytest.raises(NotReady, match=said):
            migrate(database, ring=ring)
    assert database.read(lambda tx: tx.connection.execute(text("SELECT code FROM case_file")).scalar()) == "K7Q4-F2MX"
    database.close()


def test_who_is_a_member_before_there_is_a_practice_case_needs_none(database_url: str) -> None:
    """0019: they count as cover as they did."""
    database = Database(database_url)
    migrate(database, "0018")
    database.change(lambda tx: tx.execute(text(_PEOPLE.format("", 1, 1, ""))))
    migrate(database)
    query = text("SELECT practised_at IS NOT NULL FROM member")
    assert database.read(lambda tx: tx.connection.execute(query).scalars().all()) == [True]
    database.close()
