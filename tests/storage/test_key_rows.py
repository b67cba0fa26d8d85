"""Draft keys in the database: processes on several machines share them, and no disk."""

import shutil
import threading
import time
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from multiprocessing import Queue, get_context
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from sqlalchemy import func, insert, select, text

from flows.model import Intake
from storage import key_rows, muted
from storage.belongs import require_belonging
from storage.database import Database
from storage.intakes import Intakes, OpenIntake
from storage.schema import day_key, flow_revision
from storage.sealing.errors import Tampered
from storage.sealing.keyring import IN_DATABASE, KeyRing
from storage.tx import Reading, Tx
from tests.storage.test_record import NOW

A_DAY = timedelta(days=1)
LATER = NOW + timedelta(days=4)
EXPIRES = timedelta(hours=48)
_WAITS = text("SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'intake'::regclass AND NOT granted)")
pytestmark = pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A database with a questionnaire, and nobody who answers it."""
    made = Database(migrated_url)
    made.change(lambda tx: tx.execute(insert(flow_revision).values(revision="r", compiled=b"x")))
    yield made
    made.close()


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders, each with its own copy of the same key file."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    KeyRing.create(first / "server.key")
    shutil.copy(first / "server.key", second / "server.key")
    return first, second


def ring_in(folder: Path) -> KeyRing:
    """As a process on that machine begins."""
    return KeyRing.load(folder / "server.key", IN_DATABASE)


def write(database: Database, ring: KeyRing, number: int, at: object = NOW) -> int:
    """An open intake of a chat; its row."""
    intakes, look_up = Intakes(ring, EXPIRES), ring.look_up("chat", number)
    opened = OpenIntake(
        look_up=look_up,
        chat_id=number,
        state=Intake(flow="r", language="ru", answers={}, asked=None),
        tag="t",
        expires_at=NOW + EXPIRES,
    )

    def change(tx: Tx) -> int:
        intakes.put(tx, opened)
        return intakes.rows(tx)[-1]

    return database.change(change, at=at)  # type: ignore[arg-type]


def read(database: Database, ring: KeyRing, row: int) -> OpenIntake | None:
    """What a process finds of it."""
    return database.read(lambda tx: Intakes(ring, EXPIRES).of_row(tx, row), at=NOW)


def forget(database: Database, ring: KeyRing) -> None:
    """What a sweep does, days later."""
    database.change(Intakes(ring, EXPIRES).destroy_old_keys, at=LATER)


def days(database: Database, ring: KeyRing) -> frozenset[date]:
    """The days whose draft keys are there."""
    return database.read(lambda tx: key_rows.drafts(tx, ring).days)


def on_another_machine(url: str, folder: str, row: int, found: "Queue[int | None]") -> None:
    """A process of its own reads an intake, and writes one."""
    database, ring = Database(url), ring_in(Path(folder))
    intake = read(database, ring, row)
    write(database, ring, 2)
    database.close()
    found.put(None if intake is None else intake.chat_id)


def test_what_a_process_on_one_machine_writes_one_on_another_reads(
    database: Database, machines: tuple[Path, Path], migrated_url: str
) -> None:
    """Two processes, two folders, one database; nothing is written to either key file."""
    here, there = machines
    ring, before = ring_in(here), [(one / "server.key").read_bytes() for one in machines]
    row = write(database, ring, 1)
    found: Queue[int | None] = get_context("spawn").Queue()
    other = get_context("spawn").Process(target=on_another_machine, args=(migrated_url, str(there), row, found))
    other.start()
    assert found.get(timeout=60) == 1
    other.join(60)
    rows = database.read(Intakes(ring, EXPIRES).rows)
    assert {one.chat_id for row in rows if (one := read(database, ring, row))} == {1, 2}
    assert [(one / "server.key").read_bytes() for one in machines] == before


def test_of_several_who_make_the_key_of_a_day_at_once_one_wins_and_all_open(
    database: Database, machines: tuple[Path, Path], migrated_url: str
) -> None:
    """Each in a transaction of its own, in step; afterwards both machines read all of them."""
    gate = threading.Barrier(4)

    def at_once(number: int) -> int:
        mine = Database(migrated_url)
        gate.wait()
        row = write(mine, ring_in(machines[number % 2]), number)
        mine.close()
        return row

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(at_once, range(4)))
    assert database.read(lambda tx: tx.execute(select(func.count()).select_from(day_key)).scalar_one()) == 1
    for folder in machines:
        ring = ring_in(folder)
        rows = database.read(Intakes(ring, EXPIRES).rows)
        assert {one.chat_id for row in rows if (one := read(database, ring, row))} == {0, 1, 2, 3}


def test_a_key_goes_when_no_row_of_its_day_is_left(database: Database, machines: tuple[Path, Path]) -> None:
    """While one is left it stays; then row and key are gone, also out of the memory of another process."""
    ring, other = map(ring_in, machines)
    row = write(database, ring, 1)
    assert read(database, other, row) is not None
    forget(database, ring)
    assert days(database, ring) == {NOW.date()}
    sealed = database.read(lambda tx: tx.connection.execute(text("SELECT state_sealed FROM intake")).scalar_one())
    database.change(lambda tx: Intakes(ring, EXPIRES).remove(tx, ring.look_up("chat", 1)))
    forget(database, ring)
    assert days(database, ring) == frozenset()
    forget(database, other)
    assert (ring.rows, other.rows) == ({}, {})
    with pytest.raises(Tampered):
        database.read(
            lambda tx: key_rows.drafts(tx, ring).open("intake", "state", ring.look_up("chat", 1).hex(), sealed)
        )


def test_a_key_that_another_process_has_destroyed_seals_nothing(
    database: Database, machines: tuple[Path, Path]
) -> None:
    """It was in memory; what is sealed afterwards opens for everybody, also for whoever still knows the old key."""
    ring, other = map(ring_in, machines)
    for one in (ring, other):
        read(database, one, write(database, one, 1))
        database.change(lambda tx: Intakes(ring, EXPIRES).remove(tx, ring.look_up("chat", 1)))
    forget(database, other)
    row = write(database, ring, 2)
    for one in (ring, other, ring_in(machines[0])):
        found = read(database, one, row)
        assert found is not None and found.chat_id == 2


def test_no_key_is_destroyed_under_a_row_that_another_process_is_about_to_add(
    database: Database, machines: tuple[Path, Path], migrated_url: str
) -> None:
    """A process whose clock is days behind seals under an old day while this one sweeps, again and again."""
    ring, stop, added = ring_in(machines[0]), threading.Event(), []

    def add() -> None:
        second, theirs = Database(migrated_url), ring_in(machines[1])
        while not stop.is_set() or len(added) < 5:
            added.append(read(second, theirs, write(second, theirs, 1)))
            second.change(lambda tx: Intakes(theirs, EXPIRES).remove(tx, theirs.look_up("chat", 1)))
        second.close()

    thread = threading.Thread(target=add)
    thread.start()
    for _ in range(40):
        forget(database, ring)
    stop.set()
    thread.join(60)
    assert len(added) >= 5
    assert all(one is not None for one in added)


@pytest.mark.once  # a rehearsal would destroy the key in the file before anybody waits
@pytest.mark.parametrize("home", [None, IN_DATABASE])
@pytest.mark.parametrize("known", [False, True])
def test_what_was_sealed_while_its_key_was_destroyed_is_sealed_anew(
    database: Database, machines: tuple[Path, Path], migrated_url: str, home: Literal["database"] | None, known: bool
) -> None:
    """The sweep has seen that nobody needs the key; the other process has sealed with it and waits to write its row."""
    ring, theirs = (KeyRing.load(machines[0] / "server.key", home) for _ in range(2))
    second = Database(migrated_url)
    intakes, look_up = Intakes(theirs, EXPIRES), ring.look_up("chat", 1)
    for _ in range(10):  # the driver prepares what it is asked often, and that is locked at another moment
        read(second, theirs, write(second, theirs, 1))
        second.change(lambda tx: intakes.remove(tx, look_up))
    if known:  # its row is there, under another day's key
        write(second, theirs, 1, LATER)

    def put() -> int:
        if not known:
            return write(second, theirs, 1)

        def again(tx: Tx) -> int:
            row = intakes.rows(tx)[-1]
            found = intakes.of_row(tx, row)
            assert found is not None
            intakes.put(tx, found)
            return row

        return second.change(again, at=NOW)

    def sweep(tx: Tx) -> Future[int]:
        begun: list[Future[int]] = []

        def needed() -> Collection[date]:
            days = Intakes(ring, EXPIRES).hold_draft_days(tx)
            begun.append(threads.submit(put))
            while not database.read(lambda look: look.connection.execute(_WAITS).scalar_one()):
                time.sleep(0.01)
            return days

        assert key_rows.drafts(tx, ring).destroy((NOW + A_DAY).date(), needed=needed) == 1
        return begun[0]

    with ThreadPoolExecutor(1) as threads:
        row = database.change(sweep, at=LATER).result(60)
    second.close()
    found = read(database, KeyRing.load(machines[0] / "server.key", home), row)
    assert found is not None and found.chat_id == 1


IN_THE_WAY = {
    "nobody": "",
    "who reads the keys": "SELECT FROM day_key",
    "who looks at something else": "SELECT FROM intake",
    "who writes something else": "CREATE TABLE other ()",
}


@pytest.mark.parametrize("there", IN_THE_WAY)
@pytest.mark.parametrize("next_time", ["the same process", "one that begins"])
def test_of_a_destroyed_key_the_table_s_files_hold_nothing(
    database: Database, machines: tuple[Path, Path], migrated_url: str, there: str, next_time: str
) -> None:
    """The server has written everything it has; what log and backups keep the threat model says.

    Whoever may look at the table still, or has begun before the key was destroyed, keeps it in the files: the next time
    does it, of another process as well.
    """
    ring = ring_in(machines[0])
    for number in range(3):
        row = write(database, ring, number, NOW + A_DAY * number)
        if number < 2:
            assert row
            database.change(lambda tx, n=number: Intakes(ring, EXPIRES).remove(tx, ring.look_up("chat", n)))
    sealed = database.read(lambda tx: list(tx.execute(select(day_key.c.key_sealed).order_by(day_key.c.name)).scalars()))

    def files(tx: Reading) -> tuple[Path, str]:
        where = tx.connection.execute(text("SHOW data_directory")).scalar_one()
        return Path(where), tx.connection.execute(text("SELECT pg_relation_filepath('day_key')")).scalar_one()

    def raw() -> list[bool]:
        with database._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
        folder = Path(*database.read(files)).parent
        written = b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())
        return [bytes(one) in written for one in sealed]

    assert raw() == [True] * 3
    if IN_THE_WAY[there]:
        with database._engine.connect() as connection:
            connection.execute(text("SET lock_timeout = '50ms'"))
            connection.commit()
        with psycopg.connect(migrated_url.replace("+psycopg", "")) as another:
            another.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            another.execute(IN_THE_WAY[there])
            database.change(Intakes(ring, EXPIRES).destroy_old_keys, at=LATER + A_DAY)
            assert ring.rows_may_linger
        assert raw() == [True] * 3
    ring = ring if next_time == "the same process" else ring_in(machines[0])
    for _ in range(100):  # PostgreSQL itself may look at a table just then
        database.change(Intakes(ring, EXPIRES).destroy_old_keys, at=LATER + A_DAY)
        assert days(database, ring) == {(NOW + 2 * A_DAY).date()}
        if not ring.rows_may_linger:
            break
        time.sleep(0.1)
    assert raw() == [False, False, True]


def test_what_the_key_file_has_from_before_opens_and_goes_in_its_time(
    database: Database, machines: tuple[Path, Path]
) -> None:
    """A service moves its keys while people are answering; the day's own key is taken over."""
    old = KeyRing.load(machines[0] / "server.key")
    row = write(database, old, 1)
    ring = ring_in(machines[0])
    require_belonging(database, ring, None)
    assert read(database, ring, row) is not None
    write(database, ring, 2)
    other = ring_in(machines[1])
    found = read(database, other, row)
    assert found is not None and found.chat_id == 1
    for number in (1, 2):
        database.change(lambda tx, n=number: Intakes(ring, EXPIRES).remove(tx, ring.look_up("chat", n)))
    forget(database, ring)
    assert days(database, ring) == KeyRing.load(machines[0] / "server.key").drafts.days == frozenset()


def test_a_muted_account_is_known_on_every_machine_until_its_salt_is_destroyed(
    database: Database, machines: tuple[Path, Path]
) -> None:
    """The salts of the months are shared, too."""
    ring, other = map(ring_in, machines)
    database.change(lambda tx: muted.mute(tx, ring, b"account"), at=NOW)
    assert database.read(lambda tx: muted.is_muted(tx, other, b"account"), at=NOW)
    database.change(lambda tx: muted.forget_muted(tx, ring, NOW + timedelta(days=90)), at=NOW + timedelta(days=90))
    left = database.read(lambda tx: tx.execute(select(func.count()).select_from(day_key)).scalar_one())
    assert left == 0
