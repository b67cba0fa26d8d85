"""The bare python-telegram-bot on the HTTP client and the loop that Pana uses; nothing is stored."""

import asyncio
import logging
import sys

import aiohttp
import uvloop
from telegram.error import NetworkError
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, RequestData

from bench.peers.ptb_bare import builder, run

SECONDS = 20.0


class AiohttpRequest(BaseRequest):
    """Its extension point for HTTP, on one aiohttp session."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a read may take."""
        return SECONDS

    async def initialize(self) -> None:
        """Opens the session."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=256)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Closes it."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        """One exchange."""
        assert self._session is not None
        body = None if request_data is None else request_data.json_parameters
        try:
            async with asyncio.timeout(SECONDS), self._session.request(method, url, data=body) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NetworkError(type(error).__name__) from None


def on_aiohttp(made: ApplicationBuilder) -> ApplicationBuilder:
    """With that client for calls and for polling."""
    return made.request(AiohttpRequest()).get_updates_request(AiohttpRequest())


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    run(on_aiohttp(builder(sys.argv[1], *sys.argv[2:])).build())
