"""What every test may use: a local Bot API server, and the real bot as a process of its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer


@pytest.fixture
async def telegram() -> AsyncIterator[BotApiServer]:
    """A local Bot API server."""
    async with BotApiServer() as server:
        yield server


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance made with the real commands: two lawyers on call (201 Kazakh, 202 Russian), a coordinator 301."""
    folder = tmp_path_factory.mktemp("instance")
    instance = Instance(folder, "4242:local-token-for-tests-and-the-story-0", "http://127.0.0.1:1")
    instance.set_up()
    instance.add_member("Aigul", 201, "--language", "kk", "--on-call")
    instance.add_member("Boris", 202, "--language", "ru", "--on-call")
    instance.add_member("Clara", 301, "--language", "en", role="coordinator")
    return folder


@pytest.fixture
async def instance(made_once: Path, tmp_path: Path, telegram: BotApiServer) -> AsyncIterator[Instance]:
    """A fresh copy of the instance for this test; its bot is ended afterwards, whatever happened."""
    folder = tmp_path / "pana"
    shutil.copytree(made_once, folder)
    copy = Instance(folder, telegram.world.token, telegram.url)
    yield copy
    if copy.process is not None and copy.process.returncode is None:
        copy.process.kill()
        await copy.process.wait()
