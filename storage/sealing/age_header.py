"""The header of an age v1 file (C2SP age.md): what can be told of one without any key. No cryptography."""

import base64
from dataclasses import dataclass

from storage.sealing.errors import Malformed

VERSION = b"age-encryption.org/v1"
HYBRID = "mlkem768x25519"
ENCAPSULATED = 1120  # bytes of a hybrid stanza's argument
_WRAPPED_KEY, _MAC, _LEAST_PAYLOAD = 32, 32, 32


@dataclass(frozen=True, slots=True)
class Stanza:
    kind: str
    arguments: tuple[str, ...]
    body: bytes


def is_for_one_reader(data: bytes) -> bool:
    """True for a file that is sealed to one post-quantum recipient and to nobody else, as each wrap is.

    Whether it opens, only the recipient can tell.
    """
    try:
        stanzas, _, mac, payload = parse(data)
        return (
            [one.kind for one in stanzas] == [HYBRID]
            and [len(unb64(one)) for one in stanzas[0].arguments] == [ENCAPSULATED]
            and len(stanzas[0].body) == _WRAPPED_KEY
            and len(mac) == _MAC
            and len(payload) > _LEAST_PAYLOAD
        )
    except Malformed:
        return False


def parse(data: bytes) -> tuple[list[Stanza], bytes, bytes, bytes]:
    """Splits a file into stanzas, the header under the MAC, the MAC and the payload."""
    if not data.startswith(VERSION + b"\n"):
        raise Malformed("this is not an age file")
    at, stanzas = len(VERSION) + 1, []
    while data[at : at + 3] == b"-> ":
        stanza, at = _parse_stanza(data, at)
        stanzas.append(stanza)
    end = data.find(b"\n", at)
    if not stanzas or end < 0 or data[at : at + 4] != b"--- ":
        raise Malformed("the header of the age file is not complete")
    return stanzas, data[: at + 3], unb64(_ascii(data[at + 4 : end])), data[end + 1 :]


def _parse_stanza(data: bytes, at: int) -> tuple[Stanza, int]:
    end = data.find(b"\n", at)
    if end < 0:
        raise Malformed("the header of the age file is not complete")
    kind, *arguments = _ascii(data[at + 3 : end]).split(" ")
    at, body = end + 1, []
    while True:
        end = data.find(b"\n", at)
        if end < 0 or end - at > 64:
            raise Malformed("the header of the age file is not complete")
        body.append(_ascii(data[at:end]))
        at = end + 1
        if len(body[-1]) < 64:
            return Stanza(kind, tuple(arguments), unb64("".join(body))), at


def _ascii(data: bytes) -> str:
    if not data.isascii():
        raise Malformed("the header of the age file is damaged")
    return data.decode("ascii")


def b64(data: bytes) -> str:
    """Base64 as age writes it: without padding."""
    return base64.b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """Strict base64 without padding, canonical: a second spelling of the same bytes is refused."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Malformed("the header of the age file is damaged") from None
    if b64(data) != text:
        raise Malformed("the header of the age file is damaged")
    return data
