"""HTTP under python-telegram-bot: its extension point (telegram.request.BaseRequest) on one aiohttp session.

Its default httpx client costs five times the CPU per call (docs/decisions/0002). Neither the token nor an address
nor content ever gets into an error.
"""

import asyncio
import functools
import io
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from aiohttp import hdrs
from telegram._utils.types import ODVInput
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.clock import TelegramTime
from bot.errors import TryAgain

# A connection that has died without a word is given up after this, and the row is tried again: an alert may then go out
# once more.
CALL_SECONDS, FILE_SECONDS = 10.0, 25.0
LARGEST_ANSWER = 24 * 1024**2  # a hundred updates have much less
PIECE = 64 * 1024
_NOT_SAID = (hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING)  # the Bot API reads none of them
_JSON = {hdrs.CONTENT_TYPE: "application/json"}
# Nobody reads these answers: a card that was changed comes back whole, with its text and every button.
_UNREAD = ("/editMessageText", "/answerCallbackQuery", "/deleteMessages")
_IS_DONE = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\s*,')
_DONE = b'{"ok":true,"result":true}'


class AiohttpRequest(BaseRequest):
    """Parameters go as JSON, files as a form (Bot API, "Making requests")."""

    def __init__(self, time: TelegramTime, connections: int = 128) -> None:
        self._time, self._connections = time, connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a read may take."""
        return CALL_SECONDS

    async def initialize(self) -> None:
        """Opens the session."""
        self._opened()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_NOT_SAID,
                timeout=aiohttp.ClientTimeout(total=None),  # each exchange has its own
            )
        return self._session

    async def shutdown(self) -> None:
        """Closes the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One HTTP exchange; a lost connection or a slow answer becomes NetworkError without details.

        An answer that nobody reads is told in short.
        """
        del write_timeout, connect_timeout, pool_timeout
        carries_file = method == "GET" or (request_data is not None and request_data.contains_files)
        usual = FILE_SECONDS if carries_file else CALL_SECONDS
        seconds = read_timeout if isinstance(read_timeout, int | float) else usual
        try:
            status, answer = await self._exchange(method, url, _body(request_data), seconds)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if url.endswith(_UNREAD) and _IS_DONE.match(answer):
            return status, _DONE
        return status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """An answer as the library reads it, and faster."""
        try:
            found = from_json(payload)
        except (ValueError, RecursionError):  # the library puts up with more, and names what is wrong
            return BaseRequest.parse_json_payload(payload)
        return found if isinstance(found, dict) else BaseRequest.parse_json_payload(payload)

    async def post_raw(self, url: str, values: Mapping[str, object], seconds: float) -> tuple[int, bytes]:
        """Status and body of a POST; raises TryAgain for a lost connection or a slow answer."""
        try:
            return await self._exchange("POST", url, msgspec.json.encode(values), seconds)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryAgain(type(error).__name__) from None

    @asynccontextmanager
    async def stream(self, url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of an answer, piece by piece; raises TryAgain for what is cut off, too slow or no file."""
        slow = aiohttp.ClientTimeout(total=None, sock_connect=CALL_SECONDS, sock_read=FILE_SECONDS)
        try:
            async with self._opened().get(url, timeout=slow) as answer:
                if answer.status != 200:
                    raise TryAgain(f"a file answered {answer.status}")
                yield answer.content.iter_chunked(PIECE)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryAgain(type(error).__name__) from None

    async def _exchange(self, method: str, url: str, body: "_Body", seconds: float) -> tuple[int, bytes]:
        headers = _JSON if isinstance(body, bytes) else None
        request = self._opened().request(method, _address(url), data=body, headers=headers)
        async with asyncio.timeout(seconds), request as answer:
            if answer.status < 500:  # a gateway's own page is not Telegram's word
                self._time.answered(answer.headers.get(hdrs.DATE))
            return answer.status, await _bounded(answer)


def from_json(said: bytes) -> Any:
    """What JSON says; raises ValueError or RecursionError. Half a surrogate in a text is no fault, as for `json`."""
    try:
        return msgspec.json.decode(said)
    except msgspec.DecodeError:
        return json.loads(said)


@functools.lru_cache(maxsize=64)
def _address(url: str) -> URL:
    """An address, read once: there are as many as methods."""
    return URL(url)


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    """The body of an answer, unless it is larger than any that is awaited."""
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise aiohttp.ClientPayloadError("too large")
    return bytes(body)


_Body = aiohttp.FormData | bytes | None


def _body(request_data: RequestData | None) -> _Body:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return msgspec.json.encode(request_data.parameters)
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media) in request_data.multipart_data.items():
        pieces = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, pieces, filename=filename, content_type=media)
    return form
