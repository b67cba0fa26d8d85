"""Key file and database belong together: a wrong or older one is told apart, a damaged row stops nobody."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from storage.belongs import accept_loss, require_belonging
from storage.database import Database
from storage.errors import NotReady
from storage.members import Members
from storage.membership import Membership
from storage.migrate import VERSION, migrate, upgrade
from storage.ready import require_tables, require_unused
from storage.schema import flow_revision, instance_key, intake, member
from storage.sealing.keyring import KeyRing
from storage.tx import Tx

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """The key ring of an instance."""
    return KeyRing.create(tmp_path / "server.key")


@pytest.fixture
def stranger(tmp_path: Path) -> KeyRing:
    """That of another."""
    return KeyRing.create(tmp_path / "other.key")


@pytest.fixture
def database(migrated_url: str, ring: KeyRing) -> Iterator[Database]:
    """An instance's database with one member, known by its key."""
    found = Database(migrated_url, lambda: NOW)
    with_member(found, ring)
    require_belonging(found, ring, None)
    yield found
    found.close()


def with_member(database: Database, ring: KeyRing, number: int = 1) -> None:
    """A member, sealed under the newest server key."""
    database.change(
        lambda tx: Membership(members=Members(ring)).add(
            tx,
            name=f"Aigul {number}",
            telegram_id=number,
            role="lawyer",
            languages=["kk"],
            regions=[],
            recipient=f"age1pq1x{number}",
            on_call=True,
        )
    )


def with_intake(database: Database, ring: KeyRing, day: date, *, expires_at: datetime) -> None:
    """An open intake whose answers rest under the draft key of a day."""
    key = day.isoformat().encode().ljust(32, b"-")
    row = {
        "chat_look_up": key,
        "chat_sealed": ring.seal_row("chat", "intake", "chat", key.hex(), b"42"),
        "state_sealed": ring.drafts.seal(day, "intake", "state", key.hex(), b"{}"),
        "revision": "r",
        "touched_at": NOW,
        "expires_at": expires_at,
    }
    database.change(lambda tx: tx.execute(insert(flow_revision).values(revision="r", compiled=b"{}")))
    database.change(lambda tx: tx.execute(insert(intake).values(**row)))


def forget_keys(database: Database) -> None:
    """As in a database of a version that noted no keys."""
    database.change(lambda tx: tx.execute(delete(instance_key)))


@pytest.mark.parametrize("noted", [True, False])
def test_another_instances_key_file_is_refused_and_the_wrong_one_of_the_two_is_named(
    database: Database, ring: KeyRing, stranger: KeyRing, noted: bool
) -> None:
    """The fingerprint in the configuration decides which; without it both are named. Nothing is written."""
    if not noted:
        forget_keys(database)
    with pytest.raises(NotReady, match="the key file is of another instance"):
        require_belonging(database, stranger, ring.signing_fingerprint)
    with pytest.raises(NotReady, match="the database is of another instance"):
        require_belonging(database, stranger, stranger.signing_fingerprint)
    with pytest.raises(NotReady, match=r"of different instances: .*server.key.*database.url"):
        require_belonging(database, stranger, None)
    with pytest.raises(NotReady, match=r"this pana\.toml is of another instance"):
        require_belonging(database, ring, stranger.signing_fingerprint)
    require_belonging(database, ring, ring.signing_fingerprint.lower())


def test_empty_tables_with_a_foreign_key_are_refused(migrated_url: str, ring: KeyRing, stranger: KeyRing) -> None:
    """Noted by `pana init`, before there is any row."""
    database = Database(migrated_url, lambda: NOW)
    require_unused(database)
    require_belonging(database, ring, None)
    with pytest.raises(NotReady, match="in use"):
        require_unused(database)
    with pytest.raises(NotReady, match="different instances"):
        require_belonging(database, stranger, None)
    database.close()


@pytest.mark.parametrize("noted", [True, False])
def test_a_key_file_without_the_newest_server_key_is_older_and_can_be_accepted(
    database: Database, ring: KeyRing, tmp_path: Path, noted: bool
) -> None:
    """What only the lost key opens stays closed; the rest goes on, also when a new second key is made."""
    shutil.copy(tmp_path / "server.key", tmp_path / "older.key")
    ring.rotate()
    require_belonging(database, ring, None)
    with_member(database, ring, 2)
    if not noted:
        forget_keys(database)
    older = KeyRing.load(tmp_path / "older.key")
    with pytest.raises(NotReady, match=r"older than the database, it lacks server key 2: .*`pana key accept`"):
        require_belonging(database, older, ring.signing_fingerprint)
    assert database.change(lambda tx: accept_loss(tx, older, None)) == ["server 2"]
    require_belonging(database, older, None)
    older.rotate()
    require_belonging(database, older, None)
    require_belonging(database, older, None)


def test_a_key_file_without_the_draft_key_of_an_open_intake_is_older_and_can_be_accepted(
    database: Database, ring: KeyRing, tmp_path: Path
) -> None:
    """Only days after its newest key, and only for intakes that have not expired."""
    before = NOW.date() - timedelta(days=1)
    ring.drafts.seal(before, "intake", "state", "x", b"")
    shutil.copy(tmp_path / "server.key", tmp_path / "older.key")
    with_intake(database, ring, NOW.date(), expires_at=NOW + timedelta(hours=1))
    older = KeyRing.load(tmp_path / "older.key")
    with pytest.raises(NotReady, match="it lacks the draft key of 2026-11-24"):
        require_belonging(database, older, None)
    require_belonging(database, ring, None)
    assert database.change(lambda tx: accept_loss(tx, older, None)) == ["draft 2026-11-24"]
    require_belonging(database, older, None)


@pytest.mark.parametrize(
    ("day", "expires_in"), [(NOW.date(), -1), (NOW.date() - timedelta(days=5), 1), (NOW.date() + timedelta(days=9), 1)]
)
def test_a_draft_key_that_was_destroyed_or_never_was_stops_nobody(
    database: Database, ring: KeyRing, tmp_path: Path, day: date, expires_in: int
) -> None:
    """An expired intake is removed by the sweep; an older or a coming day is a row that no copy of the key opens."""
    ring.drafts.seal(NOW.date() - timedelta(days=1), "intake", "state", "x", b"")
    shutil.copy(tmp_path / "server.key", tmp_path / "older.key")
    with_intake(database, ring, day, expires_at=NOW + timedelta(hours=expires_in))
    require_belonging(database, KeyRing.load(tmp_path / "older.key"), None)


def test_one_damaged_byte_of_what_was_noted_stops_nobody(database: Database, ring: KeyRing) -> None:
    """Then the rows decide, and it is noted anew: the next time there need not be any."""
    before = database.change(_rows_of_members)
    for at in range(32):
        check = bytearray(ring.key_check(1))
        check[at] ^= 1
        database.change(lambda tx, check=check: tx.execute(update(instance_key).values(key_check=bytes(check))))
        require_belonging(database, ring, None)
        database.change(lambda tx: tx.execute(delete(member)))
        require_belonging(database, ring, None)
        database.change(lambda tx: tx.execute(insert(member), before))


def _rows_of_members(tx: Tx) -> list[dict[str, object]]:
    return [dict(row._mapping) for row in tx.execute(select(member))]


def test_one_damaged_byte_of_a_sealed_row_stops_nobody(database: Database, ring: KeyRing) -> None:
    """Also in a database that has noted no keys yet: another row is tried."""
    with_member(database, ring, 2)
    sealed = database.read(lambda one: one.connection.execute(text("SELECT about_sealed FROM member")).first())
    assert sealed is not None
    for at in range(40):
        changed = bytearray(sealed[0])
        changed[at] ^= 0xFF
        row = update(member).where(member.c.id == 1).values(about_sealed=bytes(changed))
        database.change(lambda tx, row=row: tx.execute(row))
        require_belonging(database, ring, None)
        forget_keys(database)
        require_belonging(database, ring, None)


def test_what_is_noted_says_nothing_about_the_key(database: Database, ring: KeyRing, tmp_path: Path) -> None:
    """A MAC made with a subkey of its own: no key, and no other subkey, stands in the database."""
    other = KeyRing.load(tmp_path / "server.key")
    assert ring.key_check(1) == other.key_check(1)
    assert ring.key_check(1) not in (tmp_path / "server.key").read_bytes()
    other.rotate()
    assert other.key_check(2) != other.key_check(1)
    with pytest.raises(NotReady):
        require_unused(database)


def test_a_database_of_0004_is_judged_by_its_rows_and_then_known(
    database_url: str, ring: KeyRing, stranger: KeyRing
) -> None:
    """The migration loses nothing and notes nothing: that needs the key file."""
    database = Database(database_url, lambda: NOW)
    migrate(database, "0004")
    row = {"look_up": b"t" * 32, "name": b"n" * 32}
    row["about"] = ring.seal_row("member", "member", "about", row["look_up"].hex(), b"{}")
    add = text(
        "INSERT INTO member (telegram_look_up, name_look_up, about_sealed, role, recipient, on_call, active)"
        " VALUES (:look_up, :name, :about, 'lawyer', 'age1pq1x', 1, 1)"
    )
    database.change(lambda tx: tx.connection.execute(add, row).rowcount)
    upgrade(database)
    require_tables(database, VERSION)
    with pytest.raises(NotReady, match="different instances"):
        require_belonging(database, stranger, None)
    require_belonging(database, ring, None)
    noted = database.read(lambda one: one.connection.execute(text("SELECT name, key_check FROM instance_key")).all())
    assert [(row[0], bytes(row[1])) for row in noted] == [("server 1", ring.key_check(1))]
    database.close()


def test_draft_keys_that_were_lost_with_the_machines_memory_stop_no_start(
    database: Database, ring: KeyRing, tmp_path: Path
) -> None:
    """Their intakes are handled as lost, one by one; the key file is not older for that."""
    memory = tmp_path / "run"
    kept = KeyRing.load(tmp_path / "server.key", memory)
    require_belonging(database, kept, None)
    with_intake(database, kept, NOW.date(), expires_at=NOW + timedelta(days=2))
    shutil.rmtree(memory)
    require_belonging(database, KeyRing.load(tmp_path / "server.key", memory), None)
    with pytest.raises(NotReady, match="older than the database"):
        require_belonging(database, KeyRing.load(tmp_path / "server.key"), None)
