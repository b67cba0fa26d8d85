"""The supervisor, an outside watcher, and a clock that was set back while nobody looked."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.watchdog import Watchdog
from tests.bot.test_crash import codes_in
from tests.bot.walks import held_by_police
from tests.conftest import change_rows

# The clock stood an hour ahead, and it is two minutes since it rang.
AN_HOUR_AHEAD = (
    "UPDATE seen_time SET at = datetime(at, '+1 hour')",
    "UPDATE handoff SET rang_at = datetime(rang_at, '+58 minutes'), next_due_at = datetime(next_due_at, '+58 minutes')",
)


@pytest.fixture
def supervisor() -> Iterator[tuple[socket.socket, str]]:
    """A socket as systemd gives one (sd_notify(3)), in the abstract name space, and its address."""
    name = f"pana-{uuid.uuid4().hex}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(f"\0{name}")
        sock.setblocking(False)
        yield sock, f"@{name}"


@pytest.fixture
async def watcher() -> AsyncIterator[tuple[asyncio.Queue[str], str]]:
    """What asked an outside watcher for its address, and this address."""
    beats, app = asyncio.Queue[str](), web.Application()

    async def beat(request: web.Request) -> web.Response:
        beats.put_nowait(f"{request.method} {request.path}")
        return web.Response()

    app.router.add_route("*", "/{path:.*}", beat)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield beats, f"http://127.0.0.1:{runner.addresses[0][1]}/bot-lives"
    await runner.cleanup()


async def heard(sock: socket.socket, wanted: bytes) -> list[bytes]:
    """What the supervisor is told up to the wanted word."""
    found, loop = list[bytes](), asyncio.get_running_loop()
    async with asyncio.timeout(20):
        while wanted not in found:
            found.append(await loop.sock_recv(sock, 100))
    return found


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_the_bot_tells_that_it_lives_and_a_clock_set_back_delays_no_ring(
    telegram: BotApiServer,
    instance: Instance,
    supervisor: tuple[socket.socket, str],
    watcher: tuple[asyncio.Queue[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ready, alive every second, stopping; a beat to the watcher; what was due an hour ahead is due now."""
    sock, address = supervisor
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    beats, watched_at = watcher
    configuration = instance.folder / "pana.toml"
    given = configuration.read_text().replace("[server]", f'[server]\nheartbeat_url = "{watched_at}"')
    configuration.write_text(given)

    aigul = telegram.person(201)
    telegram.person(202)
    await instance.start()
    told = await heard(sock, b"WATCHDOG=1")
    assert told.index(b"READY=1") == 0
    await heard(sock, b"WATCHDOG=1")
    assert await asyncio.wait_for(beats.get(), 10) == "GET /bot-lives"
    await held_by_police(telegram.person(989))
    first = await aigul.until(lambda: aigul.from_bot[-1] if codes_in(aigul) else None)
    assert await instance.stop() == 0
    assert (await heard(sock, b"STOPPING=1"))[-1] == b"STOPPING=1"

    for statement in AN_HOUR_AHEAD:
        change_rows(instance, statement)
    await instance.start()
    again = await aigul.wait(lambda one: one.id > first.id and first.text == one.text)
    await aigul.until(lambda: [one.id for one in aigul.from_bot] == [again.id] or None)  # the older ring goes
    await instance.stop()


def test_without_a_supervisor_or_with_one_that_is_gone_nothing_happens() -> None:
    """A bot that is started by hand must not fail for it."""
    for environment in ({}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "@nobody-listens-here"}):
        watchdog = Watchdog(environment)
        for say in (watchdog.ready, watchdog.lives, watchdog.stopping):
            say()
