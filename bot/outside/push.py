"""A push in ntfy's form (POST of the text to the topic's address, `Priority` and `Tags` as headers); a heartbeat."""

import asyncio
from types import TracebackType
from typing import Self

import aiohttp

from bot.errors import Unsent
from bot.outside.cause import cause
from bot.settings import PushSettings

SECONDS, TRY_SECONDS = 15.0, 8.0
MOST_READ = 4096  # bytes of an answer: what counts is its status
TOKEN_WANTED = {401, 403}


class Push:
    """`async with Push(settings) as push`: one session for as long as the bot runs."""

    def __init__(self, settings: PushSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, address: str, text: str) -> None:
        """Rings with the highest priority, which passes "do not disturb" where its owner allows it; raises Unsent."""
        headers = {"Priority": "urgent", "Tags": "rotating_light"}
        if token := self._settings.token_for(address):
            headers["Authorization"] = f"Bearer {token}"
        await self._ask("POST", address, headers=headers, data=text.encode())

    async def greet(self, server: str) -> None:
        """Whether a push server can be reached; nothing is sent, and no topic is told. Raises Unsent."""
        await self._ask("GET", server, most=599, seconds=TRY_SECONDS)

    async def beat(self, address: str) -> None:
        """Tells an outside watcher that this bot lives; raises Unsent."""
        await self._ask("GET", address)

    async def _ask(
        self,
        method: str,
        address: str,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
        *,
        most: int = 299,
        seconds: float = SECONDS,
    ) -> None:
        assert self._session is not None
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(method, address, headers=headers, data=data, allow_redirects=False) as answer,
            ):
                await answer.content.read(MOST_READ)
                if answer.status > most:
                    asks = ": it asks for a token (push.token)" if answer.status in TOKEN_WANTED else ""
                    raise Unsent(f"answer {answer.status}", f"it answered {answer.status}{asks}")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unsent(type(error).__name__, cause(error)) from None
