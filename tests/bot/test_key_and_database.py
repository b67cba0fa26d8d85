"""Wrong pairs of key file and database, met by real commands; the records without any key."""

import errno
import json
import shutil
import zipfile
from pathlib import Path
from unittest import mock

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from storage.sealing.keyring import KeyRing
from tests.bot.in_process import pana
from tests.bot.walks import called
from tests.conftest import Postgres, change_rows
from tests.whole import WHOLE

KEY_AND_DATABASE = [("sweep",), ("member", "list"), ("run",), ("oncall", "show"), ("erase", "K7Q4-F2MX", "--yes")]


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    """A copy of an instance."""
    return Path(shutil.copytree(made_once, tmp_path / "here"))


@pytest.fixture(scope="module")
def other(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another instance with a member, of which nothing is changed."""
    beside = tmp_path_factory.mktemp("beside")
    found = beside / "other"
    recovery = str(made_once / "recovery1.pub")
    assert pana(beside, "init", str(found), "--recovery", recovery, "--single-recovery").code == 0
    key = str(made_once / "Boris.pub")
    assert (
        pana(
            found, "member", "add", "B", "--role", "lawyer", "--telegram-id", "9", "--recipient", key, "--on-call"
        ).code
        == 0
    )
    return found


@pytest.mark.parametrize(("file", "said"), [("server.key", "the key file is of"), ("pana.db", "the database is of")])
def test_every_command_that_opens_both_refuses_a_wrong_pair(folder: Path, other: Path, file: str, said: str) -> None:
    """One sentence that says which of the two is wrong; `doctor` shows the same."""
    shutil.copy(other / file, folder / file)
    for name in ("pana.db-wal", "pana.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for words in KEY_AND_DATABASE:
        ended = pana(folder, *words, environment={"PANA_TELEGRAM_TOKEN": "42:x"})
        assert (ended.code, ended.out) == (1, ""), words
        assert said in ended.err and len(ended.err.splitlines()) == 1, words
    looked = json.loads(pana(folder, "doctor", "--json").out)
    assert any(said in one["said"] and one["state"] == "failed" for one in looked)


def test_an_older_key_file_is_told_and_accepted(folder: Path) -> None:
    """The sentence names the way on, and the way on works."""
    shutil.copy(folder / "server.key", folder / "older.key")
    KeyRing.load(folder / "server.key").rotate()
    assert pana(folder, "member", "list").code == 0
    shutil.move(folder / "older.key", folder / "server.key")
    ended = pana(folder, "sweep")
    assert (ended.code, "`pana key accept`" in ended.err) == (1, True)
    assert pana(folder, "key", "accept").out == "Pana goes on without server key 2\n"
    assert pana(folder, "key", "accept").out == "nothing is missing\n"
    assert pana(folder, "sweep").code == 0


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_records_are_exported_and_opened_without_the_server_key(
    telegram: BotApiServer, instance: Instance
) -> None:
    """As after a seizure, when the operator has destroyed it: unsigned, which both ends say, and complete."""
    telegram.person(201), telegram.person(202)
    await instance.start()
    await called(telegram.person(910))
    assert await instance.stop() == 0
    folder = instance.folder
    assert "; signed by " in pana(folder, "export", "signed.zip").out
    (folder / "server.key").unlink()
    refused = pana(folder, "member", "list")
    assert refused.code == 1 and "pana init" not in refused.err
    listed = pana(folder, "case", "list", "--json")
    assert "named by their ids" in listed.err and "server.key" in listed.err
    (case,) = json.loads(listed.out)
    assert (case["status"], case["level"]) == ("waiting", "critical")
    ended = pana(folder, "export", "unsigned.zip", "--case", case["case"])
    assert (ended.code, ended.err) == (0, "")
    assert "NOT SIGNED" in ended.out.splitlines()[-1] and "server.key" in ended.out.splitlines()[-1]
    with zipfile.ZipFile(folder / "signed.zip") as first, zipfile.ZipFile(folder / "unsigned.zip") as second:
        signed, unsigned = ({name.partition("/")[2] for name in one.namelist()} for one in (first, second))
        assert signed - unsigned == {"manifest.sig"}
        assert {name.partition("/")[0] for name in second.namelist()} == {case["case"]}  # its id: codes are sealed
    opened = pana(folder, "open", "unsigned.zip", "-i", "recovery1.txt", "--format", "json")
    assert opened.code == 0
    (shown,) = json.loads(opened.out)
    assert (shown["problems"], "not signed" in shown["notes"][0]) == ([], True)
    wanted = pana(folder, "open", "unsigned.zip", "-i", "recovery1.txt", "--signed-by", "AAAAA-AAAAA-AAAAA-AAAAA")
    assert (wanted.code, "not signed" in wanted.err) == (1, True)


def test_a_damaged_or_foreign_key_file_keeps_nobody_from_the_records(folder: Path, other: Path) -> None:
    """What cannot sign for this instance does not sign."""
    key = folder / "server.key"
    spoils = (lambda: key.chmod(0o644), lambda: key.write_text("x"), lambda: shutil.copy(other / "server.key", key))
    for number, spoil in enumerate(spoils):
        spoil()
        ended = pana(folder, "export", f"{number}.zip")
        assert (ended.code, "NOT SIGNED" in ended.out) == (0, True)
        key.chmod(0o600)


def test_init_refuses_a_database_that_is_in_use(folder: Path, tmp_path: Path, postgres: Postgres) -> None:
    """Also the one that the environment names: a second key would open nothing in it."""
    name = postgres.make()
    environment = {"PANA_DATABASE_URL": postgres.url(name).replace("postgresql+psycopg:", "postgres:")}
    recovery = ("--recovery", str(folder / "recovery1.pub"), "--recovery", str(folder / "recovery2.pub"))
    assert pana(tmp_path, "init", str(tmp_path / "first"), *recovery, environment=environment).code == 0
    assert pana(tmp_path / "first", "member", "list", environment=environment).code == 0
    again = pana(tmp_path, "init", str(tmp_path / "second"), *recovery, environment=environment)
    assert (again.code, "in use by an instance already" in again.err) == (1, True)
    assert len(again.err.splitlines()) == 1 and not (tmp_path / "second" / "server.key").exists()
    postgres.drop(name)


FAILS = ["storage.migrate.migrate", "storage.sealing.key_file.Keys.render", "bot.cli.operations.write_new"]
FAILS += ["storage.belongs.note"]
FULL, CTRL_C = OSError(errno.ENOSPC, "full"), KeyboardInterrupt()
FAILED = [("sqlite", where, error) for where in FAILS for error in (FULL, CTRL_C)]
FAILED += [("postgresql", where, error) for where in FAILS for error in ((FULL, CTRL_C) if WHOLE else (FULL,))]


@pytest.mark.parametrize(("database_url", "where", "error"), FAILED, indirect=["database_url"])
def test_an_init_that_fails_leaves_nothing_in_the_way_of_the_next(
    made_once: Path, tmp_path: Path, database_url: str, where: str, error: BaseException
) -> None:
    """A full disk, Ctrl-C: no key file without keys and no half database, which the next one would not overwrite.

    Nor the folder, and the one above it, unless they were there before.
    """
    here = tmp_path / "new" / "here"
    words = ["init", str(here), "--single-recovery"]
    words += ["--recovery", str(made_once / "recovery1.pub")]
    environment = {"PANA_DATABASE_URL": database_url} if "postgres" in database_url else {}
    with mock.patch(where, side_effect=error):
        failed = pana(tmp_path, *words, environment=environment)
    assert (failed.code, failed.out, len(failed.err.splitlines())) == (1, "", 1)
    assert not here.parent.exists()
    here.parent.mkdir()
    with mock.patch(where, side_effect=error):
        assert pana(tmp_path, *words, environment=environment).code == 1
    assert list(here.parent.iterdir()) == []
    assert pana(tmp_path, *words, environment=environment).code == 0
    assert pana(here, "member", "list", environment=environment).code == 0


def test_migrate_and_doctor_name_a_newer_database(folder: Path) -> None:
    """No traceback, and no advice that cannot help."""
    change_rows(Instance(folder, "42:x", ""), "UPDATE alembic_version SET version_num = '0099'")
    for words in (("migrate",), ("run",), ("member", "list"), ("export", "x.zip")):
        ended = pana(folder, *words, environment={"PANA_TELEGRAM_TOKEN": "42:x"})
        assert ended.code == 1
        assert (
            ended.err.startswith("pana: the database was made by a newer Pana (0099")
            and "upgrade the program" in ended.err
        )
    assert any("newer Pana" in one["said"] for one in json.loads(pana(folder, "doctor", "--json").out))


def test_doctor_warns_of_a_token_that_others_can_read_and_of_strange_variables(folder: Path) -> None:
    """Neither stops anything."""
    (folder / "token").chmod(0o644)
    environment = {"PANA_TELEGRAM_TOKEN_FILE": str(folder / "token"), "PANA_PORT": "80"}
    environment["PANA_TELEGRAM_API_URL"] = "http://127.0.0.1:1"
    found = json.loads(pana(folder, "doctor", "--json", environment=environment).out)
    warned = {one["what"]: one["said"] for one in found if one["state"] == "warning"}
    assert "chmod 600" in warned["token file"] and "PANA_PORT" in warned["environment"]
