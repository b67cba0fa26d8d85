"""One page with three phones: what each chat shows, live, and what its person does."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Message
from bot.reader_page import PAGE as READER

PAGE = Path(__file__).parent / "page"
FILES = {"/": "index.html", "/phones.css": "phones.css", "/phones.js": "phones.js"}
SETTLED = 0.03  # seconds: changes that come together are drawn together
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# The reader brings a policy of its own, in the file; here it only may not be framed.
ITS_OWN = {"Content-Security-Policy": "frame-ancestors 'none'"}
Presses = list[tuple[int, str]]  # phone and press whose answer the page waits for
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Phone:
    """One of the phones: whose it is, the language of its menu, and for a lawyer the name of the key."""

    person: Person
    name: str
    about: str
    language: str
    identity: str | None = None


def three(telegram: BotApiServer) -> list[Phone]:
    """Somebody who writes for help, and the two lawyers of the instance."""
    return [
        Phone(telegram.person(101, "Phone"), "Somebody at the border", "writes for help", "ru"),
        Phone(telegram.person(201, "Aigul", "kk"), "Aigul", "lawyer on call, reads Kazakh", "kk", "Aigul"),
        Phone(telegram.person(202, "Boris"), "Boris", "lawyer on call, reads Russian", "ru", "Boris"),
    ]


class Phones:
    """`async with Phones(...) as page: page.url`; serves 127.0.0.1 only, and only to its own page."""

    def __init__(self, telegram: BotApiServer, instance: Instance, phones: list[Phone], port: int) -> None:
        self._world, self._instance, self._port = telegram.world, instance, port
        self._phones = {phone.person.id: phone for phone in phones}
        self._allowed: set[str] = set()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._guard])
        for path in FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/live", self._live)
        app.router.add_get("/document/{phone:\\d+}/{message:\\d+}", self._document)
        app.router.add_post("/open/{phone:\\d+}/{message:\\d+}", self._open)
        app.router.add_get("/reader.html", self._reader)
        app.router.add_get("/opened/{phone:\\d+}/{message:\\d+}", self._in_reader)
        app.router.add_get("/key/{phone:\\d+}", self._key)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        port = self._runner.addresses[0][1]
        self._allowed = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Another site in the same browser can neither read this page nor act on it."""
        origin = request.headers.get("Origin")
        if request.host not in self._allowed or (origin and origin.partition("://")[2] not in self._allowed):
            return web.Response(status=403, text="Open the address that the terminal shows.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update({name: value for name, value in HEADERS.items() if name not in response.headers})
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / FILES[request.path])

    # --- live ---

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Everything that the phones show, again at each change; what people do comes back."""
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        changed = asyncio.Event()
        presses: Presses = []
        self._world.changed.append(changed.set)
        telling = asyncio.create_task(self._tell(socket, changed, presses))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._act(json.loads(frame.data), presses)
        finally:
            self._world.changed.remove(changed.set)
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await telling
        return socket

    async def _tell(
        self, socket: web.WebSocketResponse, changed: asyncio.Event, presses: list[tuple[int, str]]
    ) -> None:
        while True:
            changed.clear()
            await socket.send_json({"phones": [self._shown(phone) for phone in self._phones.values()]})
            for phone, press_id in [one for one in presses if self._world.presses[one[1]].answered]:
                presses.remove((phone, press_id))
                press = self._world.presses[press_id]
                if press.toast:
                    await socket.send_json({"toast": press.toast, "alert": press.alert, "phone": phone})
            await changed.wait()
            await asyncio.sleep(SETTLED)

    def _act(self, done: dict[str, Any], presses: Presses) -> None:
        phone = self._phones.get(int(done.get("phone", 0)))
        if phone is None:
            return
        if isinstance(done.get("say"), str) and done["say"].strip():
            phone.person.say(done["say"][:4096], again=True)
        if done.get("send") in _SENT:
            phone.person.send(**_SENT[done["send"]])
        if isinstance(done.get("press"), str):
            press = phone.person.press_data(done["press"], int(done["message"]))
            presses.append((phone.person.id, press.id))

    def _shown(self, phone: Phone) -> dict[str, Any]:
        usual = self._world.menus.get(phone.language) or self._world.menus.get("", [])
        menu = self._world.own_menus.get(phone.person.id) or usual
        return {
            "id": phone.person.id,
            "name": phone.name,
            "about": phone.about,
            "lang": phone.language,
            "bot": self._world.face.get("name") or "Bot",
            "menu": menu,
            "messages": [_drawn(one, phone) for one in phone.person.chat],
        }

    # --- documents ---

    def _wanted(self, request: web.Request) -> tuple[Phone, tuple[str, bytes]]:
        phone = self._phones.get(int(request.match_info["phone"]))
        message = self._world.chats.get(phone.person.id, {}).get(int(request.match_info["message"])) if phone else None
        if phone is None or message is None or message.document is None:
            raise web.HTTPNotFound
        return phone, message.document

    async def _document(self, request: web.Request) -> web.StreamResponse:
        _, (name, content) = self._wanted(request)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, content_type="application/zip", headers=headers)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """What the lawyer's own device does: `pana open` with the lawyer's key."""
        phone, (name, _) = self._wanted(request)
        opened = await self._opened(request)
        command = f"pana open {name} -i {phone.identity}.txt"
        return web.json_response({"command": command, "text": opened.stdout.strip() or opened.stderr.strip()})

    async def _opened(self, request: web.Request, *options: str) -> CompletedProcess[str]:
        phone, (name, content) = self._wanted(request)
        path = self._instance.folder / name
        path.write_bytes(content)
        arguments = ("open", str(path), "-i", str(self._key_of(phone)), *options)
        return await asyncio.to_thread(self._instance.pana, *arguments, check=False)

    def _key_of(self, phone: Phone | None) -> Path:
        if phone is None or phone.identity is None:
            raise web.HTTPNotFound
        return self._instance.folder / f"{phone.identity}.txt"

    # --- the reader, and what it needs ---

    async def _reader(self, _request: web.Request) -> web.StreamResponse:
        """The file as lawyers have it."""
        return web.Response(body=READER.read_bytes(), content_type="text/html", charset="utf-8", headers=ITS_OWN)

    async def _in_reader(self, request: web.Request) -> web.StreamResponse:
        """What the lawyer's phone shows: the reader with the opened case in it."""
        opened = await self._opened(request, "--format", "html")
        return web.Response(text=opened.stdout, content_type="text/html", headers=ITS_OWN)

    async def _key(self, request: web.Request) -> web.StreamResponse:
        """A lawyer's key, for whoever tries the reader by hand; here it opens a played case."""
        key = self._key_of(self._phones.get(int(request.match_info["phone"])))
        headers = {"Content-Disposition": f'attachment; filename="{key.name}"'}
        return web.Response(body=key.read_bytes(), content_type="text/plain", headers=headers)


# What these phones send where a real one asks its owner: a place near Oral, and a number that nobody has.
_SENT: dict[str, dict[str, Any]] = {
    "location": {"location": {"latitude": 51.22, "longitude": 51.37}},
    "contact": {"contact": {"phone_number": "+77000000000", "first_name": "A"}},
}


def _drawn(message: Message, phone: Phone) -> dict[str, Any]:
    document = message.document
    return {
        "id": message.id,
        "mine": not message.from_bot,
        "text": message.text,
        "looks": message.looks,
        "rows": [[{"text": one.text, "data": one.data, "style": one.style} for one in row] for row in message.buttons],
        "sends": message.sends,
        "document": {"name": document[0], "size": len(document[1]), "key": phone.identity} if document else None,
        "edits": message.edits,
        "silent": message.silent,
        "date": message.date,
    }
