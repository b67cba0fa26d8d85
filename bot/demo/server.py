"""The local Bot API server: the small Telegram of `world.py` over real HTTP, on 127.0.0.1 only."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.demo.person import Person
from bot.demo.world import Call, Refusal, World

LONGEST_POLL = 50.0
PIECE, LARGEST_FILE = 64 * 1024, 20 * 1024**2


@dataclass(slots=True)
class Fault:
    """Something that goes wrong with a call.

    kinds: `429` (value: retry_after), `502`, `reset` (dropped before the effect), `lost` (dropped after it),
    `delay` (value: seconds), `hang`, `held` (the same after the effect), `error` (value: code and description).
    Of `file`, what is fetched from an address that getFile gave, also `cut`: the line breaks in the middle.
    """

    method: str
    kind: str
    value: Any = None
    chat_id: int | None = None
    times: int = 1
    probability: float = 1.0


class BotApiServer:
    """`async with BotApiServer() as server: server.url`; people are driven through `server.person(...)`."""

    def __init__(self, token: str = "4242:local-token-for-tests-and-the-story-0", port: int = 0, seed: int = 1) -> None:
        self.world = World(token)
        self.faults: list[Fault] = []
        self.url = ""
        self._webhook = ""  # with one, nobody can poll
        self._port, self._random = port, random.Random(seed)
        self._poller: asyncio.Future[str] | None = None  # done: why it is ended
        self._news = asyncio.Event()
        self.world.changed.append(self._tell)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await self._listen()
        return self

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_poll("")
        await self._runner.cleanup()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Meanwhile nobody reaches it: connections break, and new ones are refused."""
        await self._site.stop()
        assert self._runner.server is not None
        for one in self._runner.server.connections:
            if one.transport is not None:
                one.transport.abort()
        yield
        await self._listen()

    def set_webhook(self, url: str) -> None:
        """Somebody who knows the token sets a webhook; none when it is empty."""
        self._webhook = url
        self._end_poll("Conflict: terminated by setWebhook request")

    def _end_poll(self, why: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(why)

    def person(self, user_id: int, first_name: str = "Person", language_code: str = "ru") -> Person:
        """Somebody with a phone; the private chat has the same number."""
        self.world.join(user_id, first_name, language_code)
        return Person(self.world, user_id)

    def _tell(self) -> None:
        self._news.set()

    # --- one call ---

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.world.token:
            return _answer(Refusal(401, "Unauthorized"))
        method = request.match_info["method"].lower()
        parameters, document = await _parameters(request)
        fault = self._fault(method, parameters)
        if fault is not None and (early := await self._before(fault, request)) is not None:
            return early
        try:
            result = await self._do(method, parameters, document)
        except Refusal as refusal:
            self._note(method, parameters, ok=False)
            return _answer(refusal)
        self._note(method, parameters, ok=True)
        if fault is not None and fault.kind == "lost":
            _drop(request)
        if fault is not None and fault.kind == "held":
            await asyncio.sleep(3600)
        return web.json_response({"ok": True, "result": result})

    async def _do(self, method: str, parameters: dict[str, Any], document: tuple[str, bytes] | None) -> Any:
        if method == "getupdates":
            return await self._updates(parameters)
        world = self.world
        methods: dict[str, Callable[[], Any]] = {
            "getme": lambda: world.bot,
            "sendmessage": lambda: world.send(parameters),
            "senddocument": lambda: world.send_document(parameters, *(document or ("file", b""))),
            "editmessagetext": lambda: world.edit(parameters),
            "editmessagemedia": lambda: world.edit(parameters, document or ("file", b"")),
            "answercallbackquery": lambda: world.answer(parameters),
            "deletemessage": lambda: world.delete(_chat(parameters), [int(parameters["message_id"])], strict=True),
            "deletemessages": lambda: world.delete(_chat(parameters), list(parameters["message_ids"]), strict=False),
            "leavechat": lambda: world.leave(_chat(parameters)),
            "getchat": lambda: world.get_chat(_chat(parameters)),
            "getfile": lambda: _file_of(world, str(parameters["file_id"])),
            "setmyprofilephoto": lambda: world.set_picture(document[1] if document else b""),
        }
        do = methods.get(method)
        return self._set_or_get(method, parameters) if do is None else do()

    def _set_or_get(self, method: str, parameters: dict[str, Any]) -> Any:
        if method in {"setmycommands", "deletemycommands"}:
            self._menu(parameters)
            return True
        if method == "getmycommands":
            return self.world.menus.get(str(parameters.get("language_code", "")), [])
        if method in {"setmyname", "setmydescription", "setmyshortdescription"}:
            language = str(parameters.pop("language_code", ""))
            self.world.face |= {
                f"{name}{language and f' {language}'}": str(value) for name, value in parameters.items()
            }
            return True
        if method == "getuserprofilephotos":
            return {"total_count": int(self.world.picture is not None), "photos": []}
        if method in {"deletewebhook", "setwebhook"}:
            self.set_webhook(str(parameters.get("url", "")) if method == "setwebhook" else "")
            return True
        if method == "getwebhookinfo":
            waiting = self.world.updates.unconfirmed
            return {"url": self._webhook, "has_custom_certificate": False, "pending_update_count": waiting}
        raise Refusal(404, "Not Found")

    def _menu(self, parameters: dict[str, Any]) -> None:
        """Of one chat, or of a language; of a chat that nobody has begun there is none."""
        scope = parameters.get("scope") or {}
        if scope.get("type") != "chat":
            self.world.menus[str(parameters.get("language_code", ""))] = parameters.get("commands", [])
            return
        self.world.get_chat(int(scope["chat_id"]))
        self.world.own_menus[int(scope["chat_id"])] = parameters.get("commands", [])

    async def _updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Long poll; a second poller ends the first with a conflict, a webhook keeps everybody out."""
        if self._webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self._end_poll(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine = self._poller = asyncio.get_running_loop().create_future()
        offset = int(parameters["offset"]) if "offset" in parameters else None
        limit = max(1, min(100, int(parameters.get("limit", 100))))
        until = time.monotonic() + min(LONGEST_POLL, float(parameters.get("timeout", 0)))
        while True:
            found = self.world.updates.fetch(offset, limit)
            left = until - time.monotonic()
            if found or left <= 0:
                return found
            self._news.clear()
            waiting = asyncio.ensure_future(self._news.wait())
            await asyncio.wait({waiting, mine}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if mine.done():
                raise Refusal(409, mine.result())

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Piece by piece, as a real one does: whoever fetches twenty at once need not have all of them in memory."""
        content = self.world.files.get(request.match_info["path"])
        if request.match_info["token"] != self.world.token or content is None:
            return _answer(Refusal(404, "Not Found"))
        fault = self._fault("file", {})
        if fault is not None and fault.kind != "cut" and (early := await self._before(fault, request)) is not None:
            return early
        answer = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await answer.prepare(request)
        until = len(content) // 2 if fault is not None and fault.kind == "cut" else len(content)
        for at in range(0, until, PIECE):
            await answer.write(content[at : min(at + PIECE, until)])
        if until < len(content):
            _drop(request)
        return answer

    # --- faults and the log of calls ---

    def _fault(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            wanted = fault.method == "*" or fault.method.lower() == method
            chat = fault.chat_id is None or str(fault.chat_id) == str(parameters.get("chat_id"))
            if wanted and chat and fault.times > 0 and self._random.random() < fault.probability:
                fault.times -= 1
                return fault
        return None

    async def _before(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        match fault.kind:
            case "429":
                after = int(fault.value or 1)
                return _answer(Refusal(429, f"Too Many Requests: retry after {after}", retry_after=after))
            case "502":
                return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            case "error":
                return _answer(Refusal(*fault.value))
            case "reset":
                _drop(request)
                return web.Response()
            case "delay":
                await asyncio.sleep(float(fault.value))
            case "hang":
                await asyncio.sleep(3600)
        return None

    def _note(self, method: str, parameters: dict[str, Any], *, ok: bool) -> None:
        if method != "getupdates":
            chat, message = parameters.get("chat_id"), parameters.get("message_id")
            self.world.calls.append(
                Call(time.monotonic(), method, int(chat) if chat else None, int(message) if message else None, ok)
            )


def _chat(parameters: dict[str, Any]) -> int:
    return int(parameters["chat_id"])


def _file_of(world: World, file_id: str) -> dict[str, Any]:
    """Where a file lies that somebody sent, and how large it is; more than 20 MB a bot may not fetch."""
    content = world.files.get(file_id)
    if content is None:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if len(content) > LARGEST_FILE:
        raise Refusal(400, "Bad Request: file is too big")
    return {"file_id": file_id, "file_unique_id": "u", "file_size": len(content), "file_path": file_id}


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _answer(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


async def _parameters(request: web.Request) -> tuple[dict[str, Any], tuple[str, bytes] | None]:
    """Query, form, multipart or JSON; a value that is a JSON list or object is read as one."""
    found: dict[str, Any] = dict(request.query)
    document: tuple[str, bytes] | None = None
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                document = (value.filename, value.file.read())
            else:
                found[name] = value
    return {name: _read(value) for name, value in found.items()}, document


def _read(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
