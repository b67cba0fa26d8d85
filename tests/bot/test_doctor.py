"""`pana doctor`: says ok to a sound instance, and names each fault with what to do about it."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.doctor import look
from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from tests.bot.calendars import calendar, shift
from tests.conftest import change_rows

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_a_sound_instance_is_ok_and_a_wrong_token_is_not(telegram: BotApiServer, instance: Instance) -> None:
    """Exit 0 and 1; for people a line each, for programs JSON; never the token."""
    sound = await asyncio.to_thread(instance.pana, "doctor")
    states = {line.split()[0] for line in sound.stdout.splitlines()}
    assert states == {"ok", "warning"}
    for what in (
        "key file",
        "disk",
        "SQLite",
        "Bot API",
        "token",
        "webhook",
        "clock",
        "time zones",
        "catalogs",
        "database",
        "recovery",
        "on call",
    ):
        assert f"ok       {what}: " in sound.stdout
    assert "warning  heartbeat: " in sound.stdout
    assert "warning  backstop: " in sound.stdout
    (instance.folder / "token").write_text("777:this-is-not-the-right-token-at-all-1234")
    ended = await asyncio.to_thread(instance.pana, "doctor", "--json", check=False)
    failed = [one for one in json.loads(ended.stdout) if one["state"] == "failed"]
    assert (ended.returncode, ended.stderr) == (1, "")
    assert [one["what"] for one in failed] == ["token"]
    assert "@BotFather" in failed[0]["said"]
    assert "777:" not in ended.stdout


def _with_rota(instance: Instance, *events: str) -> None:
    (instance.folder / "rota.ics").write_bytes(calendar(*events))
    configuration = instance.folder / "pana.toml"
    configuration.write_text(configuration.read_text() + '[oncall]\nrota = "rota.ics"\n')
    change_rows(instance, "UPDATE member SET on_call = 0")


def _without(path: Path) -> None:
    path.unlink()


BY_ITSELF = {"heartbeat", "backstop", "core dumps", "signed texts"}  # warnings of every instance of these tests
NOW = datetime.now(UTC)
FAULTS: dict[str, tuple[Callable[[Instance], object], list[tuple[str, str, str]]]] = {
    "key file for everybody": (
        lambda one: (one.folder / "server.key").chmod(0o644),
        [("key file", "failed", "chmod 600"), ("questionnaire and keys", "failed", "can be read by others")],
    ),
    "no key file": (
        lambda one: _without(one.folder / "server.key"),
        [("key file", "failed", "restore it"), ("questionnaire and keys", "failed", "no such file")],
    ),
    "tables without a version": (
        lambda one: change_rows(one, "DELETE FROM alembic_version"),
        [("database", "failed", "pana migrate")],
    ),
    "no tables": (
        lambda one: change_rows(one, "DROP TABLE alembic_version"),
        [("database", "failed", "pana init")],
    ),
    "no database": (
        lambda one: _without(one.folder / "pana.db"),
        [("database", "failed", "there is no database: run `pana init`")],
    ),
    "no configuration": (
        lambda one: _without(one.folder / "pana.toml"),
        [("configuration", "failed", "there is no such file")],
    ),
    "a broken rota": (
        lambda one: _with_rota(one, shift("Dina", NOW)),
        [("rota", "warning", "event 1: Dina is not a lawyer"), ("on call", "warning", "pana oncall check")],
    ),
    "a rota with gaps": (
        lambda one: _with_rota(one, shift("Aigul", NOW)),
        [("on call", "warning", "gaps in the next 14 days")],
    ),
    "a lawyer who has blocked the bot": (
        lambda one: change_rows(one, "UPDATE member SET gone_at = '2026-11-01 00:00:00' WHERE id = 1"),
        [("on call", "warning", "Aigul cannot be reached")],
    ),
}


@ON_SQLITE
@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_named_with_what_to_do(
    telegram: BotApiServer, instance: Instance, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nothing else is wrong then, and looking makes nothing that was not there."""
    for name in ("PANA_TELEGRAM_TOKEN_FILE", "PANA_TELEGRAM_API_URL"):
        monkeypatch.setenv(name, instance.environment[name])
    for chat in (201, 202, 301):
        telegram.person(chat)
    breaks, expected = FAULTS[fault]
    breaks(instance)
    before = {path.name for path in instance.folder.iterdir()}
    found = await asyncio.to_thread(lambda: list(look(instance.folder / "pana.toml")))
    wrong = [one for one in found if one.state != "ok" and one.what not in BY_ITSELF]
    assert [(one.what, one.state) for one in wrong] == [(what, state) for what, state, _ in expected]
    for one, (_, _, words) in zip(wrong, expected, strict=True):
        assert words in one.said
    assert {path.name for path in instance.folder.iterdir() if path.suffix == ".db"} <= before


@ON_SQLITE
@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_wrong_is_named(instance: Instance, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """Compared with the Date of Telegram's answer; leases and duty go by the clock."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Bot", "username": "pana_local_bot"}
    date = format_datetime(datetime.now(UTC) - timedelta(hours=hours), usegmt=True)
    app = web.Application()

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": bot}, headers={"Date": date})

    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("PANA_TELEGRAM_TOKEN_FILE", str(instance.folder / "token"))
    monkeypatch.setenv("PANA_TELEGRAM_API_URL", f"http://127.0.0.1:{runner.addresses[0][1]}")
    found = await asyncio.to_thread(lambda: list(look(instance.folder / "pana.toml")))
    await runner.cleanup()
    (clock,) = [one for one in found if one.what == "clock"]
    assert (clock.state, " s ahead of Telegram's" in clock.said) == ("failed", hours > 0)
    assert int(clock.said.split()[0]) in range(3590, 3611)
