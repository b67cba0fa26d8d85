"""The door to Telegram: python-telegram-bot's `Bot` on an aiohttp request, errors named for what to do.

Its default httpx client costs five times the CPU per call (docs/decisions/0002). Neither the token nor an address
nor content ever gets into an error.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData

from bot.clock import TelegramTime
from bot.errors import (
    CallError,
    NothingToDo,
    Refused,
    TakenElsewhere,
    TokenTrouble,
    TryAgain,
    Undeliverable,
    Unfit,
)
from bot.telegram.described import described

# A connection that has died without a word is given up after this, before another process takes the row again
# (storage/outbox.py, TAKEN_FOR); an alert then goes out once more.
CALL_SECONDS, FILE_SECONDS = 10.0, 25.0
LARGEST_ANSWER = 24 * 1024**2  # a hundred updates have much less
PIECE = 64 * 1024
POLL_SECONDS, POLL_MORE = 10, 5.0
MOST_UPDATES = 100  # Bot API, getUpdates: the most at once
TOLD_WRONG = "Telegram does not know the token: ask @BotFather for it and put it where telegram.token is read from"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
# Bot API, errors of 400: no list of them exists. Who cannot be reached, and what was wrong in the message itself; any
# other refuses this call for good.
_NOBODY = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "user_is_blocked",
    "input_user_deactivated",
    "can't initiate conversation",
)
_UNFIT = (
    "message text is empty",
    "message is too long",
    "message_too_long",
    "caption is too long",
    "can't parse",
    "entit",
    "button",
    "keyboard",
    "reply markup",
    "reply_markup",
    "file",
    "document",
)
_GONE = ("message to edit not found", "message to delete not found", "message can't be", "query is too old")


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's extension point for HTTP (telegram.request.BaseRequest) on one aiohttp session."""

    def __init__(self, time: TelegramTime, connections: int = 100) -> None:
        self._time, self._connections = time, connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a read may take."""
        return CALL_SECONDS

    async def initialize(self) -> None:
        """Opens the session."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

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
        """One HTTP exchange; a lost connection or a slow answer becomes NetworkError without details."""
        del write_timeout, connect_timeout, pool_timeout
        carries_file = method == "GET" or (request_data is not None and request_data.contains_files)
        usual = FILE_SECONDS if carries_file else CALL_SECONDS
        seconds = read_timeout if isinstance(read_timeout, int | float) else usual
        try:
            return await self._exchange(method, url, _body(request_data), seconds)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    async def post_raw(self, url: str, parameters: dict[str, str], seconds: float) -> tuple[int, bytes]:
        """Status and body of a POST; raises TryAgain for a lost connection or a slow answer."""
        try:
            return await self._exchange("POST", url, parameters, seconds)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryAgain(type(error).__name__) from None

    @asynccontextmanager
    async def stream(self, url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of an answer, piece by piece; raises TryAgain for what is cut off, too slow or no file."""
        await self.initialize()
        assert self._session is not None
        slow = aiohttp.ClientTimeout(total=None, sock_connect=CALL_SECONDS, sock_read=FILE_SECONDS)
        try:
            async with self._session.get(url, timeout=slow) as answer:
                if answer.status != 200:
                    raise TryAgain(f"a file answered {answer.status}")
                yield answer.content.iter_chunked(PIECE)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryAgain(type(error).__name__) from None

    async def _exchange(self, method: str, url: str, body: "_Body", seconds: float) -> tuple[int, bytes]:
        await self.initialize()
        assert self._session is not None
        async with asyncio.timeout(seconds), self._session.request(method, url, data=body) as answer:
            if answer.status < 500:  # a gateway's own page is not Telegram's word
                self._time.answered(answer.headers.get("Date"))
            return answer.status, await _bounded(answer)


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    """The body of an answer, unless it is larger than any that is awaited."""
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise aiohttp.ClientPayloadError("too large")
    return bytes(body)


_Body = aiohttp.FormData | dict[str, str] | None


def _body(request_data: RequestData | None) -> _Body:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return dict(request_data.json_parameters)
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media) in request_data.multipart_data.items():
        pieces = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, pieces, filename=filename, content_type=media)
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """What getWebhookInfo says: is one set, why it failed last, how many updates wait."""

    is_set: bool
    failed: str | None
    waiting: int


class Api:
    """The Bot API as the rest of the bot knows it: `bot` for typed calls, `fetch` for raw updates."""

    def __init__(self, token: str, api_url: str, time: TelegramTime | None = None) -> None:
        self.time = time or TelegramTime()
        root = api_url.rstrip("/")
        self._root = f"{root}/bot{token}"
        self._poller, self._caller = AiohttpRequest(self.time, connections=2), AiohttpRequest(self.time)
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._caller,
            get_updates_request=self._poller,
        )

    async def open(self) -> None:
        """Connects and checks the token; raises a CallError."""
        await self._poller.initialize()
        try:
            await self.bot.initialize()
        except TelegramError as error:
            raise named(error) from None

    async def webhook(self) -> Webhook:
        """Whether a webhook takes this bot's updates (Bot API, getWebhookInfo); raises a CallError."""
        found = await self._ask("getWebhookInfo")
        failed, waiting = found.get("last_error_message"), found.get("pending_update_count")
        return Webhook(
            is_set=bool(found.get("url")),
            failed=described(failed) if failed else None,
            waiting=waiting if isinstance(waiting, int) else 0,
        )

    async def answers(self) -> bool:
        """Telegram can be reached and knows the token."""
        try:
            await self.bot.get_me()
        except TelegramError:
            return False
        return True

    async def has_met(self, chat_id: int) -> bool:
        """Whether the owner of this account has ever pressed Start (Bot API, getChat); raises a CallError."""
        try:
            await self._ask("getChat", chat_id=str(chat_id))
        except Undeliverable:
            return False
        return True

    async def _ask(self, method: str, **parameters: str) -> dict[str, Any]:
        """The plain result of a call that asks; a server that answers less than the library expects is no failure."""
        status, answer = _read(await self._caller.post_raw(f"{self._root}/{method}", parameters, CALL_SECONDS))
        result = answer.get("result")
        if answer.get("ok") is True and isinstance(result, dict):
            return result
        if status == 400:
            raise _bad_request(str(answer.get("description", "")).lower())
        raise _refused(method, status, answer)

    async def close(self) -> None:
        """Ends every connection."""
        await self.bot.shutdown()
        for request in (self._caller, self._poller):  # of a bot that was never answered the library closes nothing
            await request.shutdown()

    @asynccontextmanager
    async def download(self, address: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """A file piece by piece, from the address that getFile gave; raises TryAgain."""
        async with self._caller.stream(address) as pieces:
            yield pieces

    async def fetch(self, offset: int | None, seconds: int = POLL_SECONDS) -> list[dict[str, Any]]:
        """Raw updates from `offset` on; what lies before it is thereby confirmed (Bot API, getUpdates).

        They stay raw because one update that does not parse must not hide the others.
        """
        wanted: dict[str, object] = {
            "timeout": seconds,
            "limit": MOST_UPDATES,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        if offset is not None:
            wanted["offset"] = offset
        parameters = {name: json.dumps(value) for name, value in wanted.items()}
        raw = await self._poller.post_raw(f"{self._root}/getUpdates", parameters, seconds + POLL_MORE)
        status, answer = _read(raw)
        if answer.get("ok") is True and isinstance(answer.get("result"), list):
            return [one for one in answer["result"] if isinstance(one, dict)]
        raise _refused("getUpdates", status, answer)


def _read(raw: tuple[int, bytes]) -> tuple[int, dict[str, Any]]:
    status, body = raw
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise TryAgain(f"answer {status} was not JSON") from None
    return status, answer if isinstance(answer, dict) else {}


def _refused(method: str, status: int, answer: dict[str, Any]) -> CallError:
    description = answer.get("description")
    said = f"{method} answered {status}: {described(description)}"
    if status in {401, 404}:
        return TokenTrouble(said)
    if status == 409:
        return TakenElsewhere(said, webhook="webhook" in str(description).lower())
    return TryAgain(said, _retry_after(answer), too_many=status == 429)


def _retry_after(answer: dict[str, Any]) -> float | None:
    parameters = answer.get("parameters")
    after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(after) if isinstance(after, int | float) else None


def named(error: TelegramError) -> CallError:
    """The library's error as one of ours, without its message: that may carry the token."""
    match error:
        case RetryAfter():
            after = error.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
            return TryAgain("too many requests", seconds, too_many=True)
        case InvalidToken():
            return TokenTrouble(TOLD_WRONG)
        case Forbidden():
            return Undeliverable("blocked")
        case BadRequest():
            return _bad_request(error.message.lower())
        case Conflict():
            return TryAgain("another poller runs on this token")
        case _:
            return TryAgain(type(error).__name__)


def _bad_request(message: str) -> CallError:
    """A refusal of 400 by what it says; unknown words are a refusal that lasts."""
    if "not modified" in message:
        return NothingToDo("not modified")
    if any(words in message for words in _GONE):
        return NothingToDo("gone")
    if any(words in message for words in _NOBODY):
        return Undeliverable("no such chat")
    kind = Unfit if any(words in message for words in _UNFIT) else Refused
    return kind(f"refused: {described(message)}")
