"""Just enough HTTP for a Bot API on one core that is not the slowest part: requests in, answers out, fields raw."""

import asyncio
import functools
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import cast

import msgspec

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_KIND = re.compile(rb"\r\ncontent-type: *([^\r;]+)(?:;[^\r]*boundary=\"?([^\r\";]+))?", re.IGNORECASE)
_ESCAPED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
_NAMED = re.compile(rb'name="([^"]+)"')
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: %b\r\nContent-Length: %d\r\n\r\n"
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])

Fields = dict[str, bytes]
Reply = Callable[[bytes], None]


class Connection(asyncio.Protocol):
    """One connection: each request goes to `handle` with the method's name, its fields and where the answer goes.

    A field is the JSON text of its value where the body was JSON, else the bytes of the form.
    """

    def __init__(self, handle: Callable[[bytes, Fields, Reply], None]) -> None:
        self._handle, self._read = handle, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        """What is answered now goes nowhere."""
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """As many requests as are whole."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head, rest = self._read[: end + 2], self._read[end + 4 :]
            found = _body(head, rest)
            if found is None:
                return
            body, self._read = found
            target = head[head.index(b" ") + 1 : head.index(b" ", head.index(b" ") + 1)]
            self._handle(target.rpartition(b"/")[2].partition(b"?")[0].lower(), _fields(head, body), self._reply)

    def _reply(self, body: bytes) -> None:
        if self._transport is not None:
            self._transport.write(_HEAD % (_date(int(time.time())), len(body)) + body)


@functools.lru_cache(maxsize=2)
def _date(now: int) -> bytes:
    return formatdate(now, usegmt=True).encode()


def _body(head: bytes, rest: bytes) -> tuple[bytes, bytes] | None:
    """The body, and what comes after it; None while it is not whole."""
    if _CHUNKED.search(head):
        return _chunks(rest)
    length = _LENGTH.search(head)
    size = int(length[1]) if length else 0
    return (rest[:size], rest[size:]) if len(rest) >= size else None


def _chunks(rest: bytes) -> tuple[bytes, bytes] | None:
    body = b""
    while (line := rest.find(b"\r\n")) >= 0:
        size = int(rest[:line].partition(b";")[0], 16)
        if len(rest) < line + 2 + size + 2:
            return None
        body, rest = body + rest[line + 2 : line + 2 + size], rest[line + 2 + size + 2 :]
        if size == 0:
            return body, rest
    return None


def _fields(head: bytes, body: bytes) -> Fields:
    kind = _KIND.search(head)
    if not body or kind is None:
        return {}
    if kind[1] == b"application/json":
        return {name: bytes(value) for name, value in _OBJECT.decode(body).items()}
    if kind[1] == b"multipart/form-data":
        return dict(_part(part) for part in body.split(b"--" + kind[2])[1:-1])
    return dict(_pair(pair) for pair in body.split(b"&"))


def _pair(pair: bytes) -> tuple[str, bytes]:
    name, _, value = pair.partition(b"=")
    return name.decode(), _ESCAPED.sub(_plain, value.replace(b"+", b" ")) if b"%" in value or b"+" in value else value


def _plain(run: re.Match[bytes]) -> bytes:
    return bytes.fromhex(run[0].replace(b"%", b"").decode())


def _part(part: bytes) -> tuple[str, bytes]:
    head, _, value = part.partition(b"\r\n\r\n")
    named = _NAMED.search(head)
    return (named[1].decode() if named else ""), value.removesuffix(b"\r\n")
