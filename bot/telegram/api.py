"""The door to Telegram: python-telegram-bot's `Bot` on a request of our own, errors named for what to do.

Neither the token nor an address nor content ever gets into an error.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

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
from bot.telegram.request import CALL_SECONDS, AiohttpRequest, from_json

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
NO_TEXT = "no text"  # a file stands there: its text is its caption
_GONE = ("message to edit not found", "message to delete not found", "message can't be", "query is too old")


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

    async def call(self, method: str, values: Mapping[str, object]) -> Any:
        """The plain answer of a call; `values` in the shapes of the Bot API, None where one is left out.

        For what every tap needs: the library's `Bot` builds objects before such a call and out of its answer that
        nobody reads (docs/decisions/0013). The call itself and its errors are the library's (TelegramError).
        """
        given = [RequestParameter(name, value, None) for name, value in values.items() if value is not None]
        return await self._caller.post(f"{self._root}/{method}", RequestData(given))

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
        raw = await self._poller.post_raw(f"{self._root}/getUpdates", wanted, seconds + POLL_MORE)
        status, answer = _read(raw)
        if answer.get("ok") is True and isinstance(answer.get("result"), list):
            return [one for one in answer["result"] if isinstance(one, dict)]
        raise _refused("getUpdates", status, answer)


def _read(raw: tuple[int, bytes]) -> tuple[int, dict[str, Any]]:
    status, body = raw
    try:
        answer = from_json(body)
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
    if "can't be deleted" in message:
        return NothingToDo("stays")
    if "no text in the message" in message:
        return NothingToDo(NO_TEXT)
    if any(words in message for words in _GONE):
        return NothingToDo("gone")
    if any(words in message for words in _NOBODY):
        return Undeliverable("no such chat")
    kind = Unfit if any(words in message for words in _UNFIT) else Refused
    return kind(f"refused: {described(message)}")
