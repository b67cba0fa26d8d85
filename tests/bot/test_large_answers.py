"""Answers of servers: what is larger than any that is awaited is not read to its end."""

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import TryAgain
from bot.outside.push import Push
from bot.settings import PushSettings
from bot.telegram.api import Api


@pytest.fixture
async def endless() -> AsyncIterator[str]:
    """A server whose answers never end."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(1024**2))

    async def nested(_: web.Request) -> web.Response:
        return web.Response(body=b"[" * 100_000)

    site = web.Application()
    site.router.add_route("*", "/nested/{rest:.*}", nested)
    site.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(site) as server:
        yield str(server.make_url("/"))


@pytest.mark.parametrize("path", ["", "nested/"])
async def test_an_answer_without_end_or_bottom_is_a_poll_that_failed(endless: str, path: str) -> None:
    """It is asked again later, like any other; memory and process stay."""
    api, begun = Api("1:token", endless + path), time.monotonic()
    with pytest.raises(TryAgain):
        await api.fetch(None, seconds=1)
    await api.close()
    assert time.monotonic() - begun < 5


async def test_of_a_push_servers_answer_its_status_counts(endless: str) -> None:
    """The address is a member's, and so is what answers there."""
    begun = time.monotonic()
    async with Push(PushSettings()) as push:
        await push.send(endless, "A case is waiting.")
    assert time.monotonic() - begun < 5
