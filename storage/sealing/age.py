"""age v1 files (C2SP age.md) to the post-quantum hybrid recipient `mlkem768x25519`.

Any age >= 1.3, typage and this module open them, so that records outlive Pana. Pana writes only to
`mlkem768x25519` (and, for members' own key files, to a passphrase); X25519 stanzas are only read.
"""

import base64
import functools
import hashlib
import hmac
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.sealing import bech32
from storage.sealing.age_header import ENCAPSULATED, HYBRID, VERSION, Stanza, b64, parse, unb64
from storage.sealing.errors import Malformed, NoMatchingKey, Tampered

_HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
_X25519_INFO = b"age-encryption.org/v1/X25519"
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_RECIPIENT_PREFIX, _IDENTITY_PREFIX = "age1pq", "age-secret-key-pq-"
_X25519_IDENTITY_PREFIX = "age-secret-key-"
_CHUNK, _TAG = 64 * 1024, 16
_MAX_WORK_FACTOR = 20  # a gigabyte, some seconds; age writes 18
_FACTOR = re.compile(r"[1-9][0-9]?")
_LONGEST_HEADER = 256 * 1024  # a stanza has less than 2 KB, and nothing is sealed to a hundred readers at once
_NO_KEY = "this recipient is not a valid key"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_NO_NONCE = bytes(12)


# --- keys ----------------------------------------------------------------------------------------------------


def generate_identity() -> str:
    """A new post-quantum identity: `AGE-SECRET-KEY-PQ-1...`, a 32-byte seed in 77 characters."""
    return bech32.encode(_IDENTITY_PREFIX, os.urandom(32)).upper()


def recipient_of(identity: str) -> str:
    """The recipient `age1pq1...` (1216 bytes, 1959 characters) of a post-quantum identity."""
    halves = _private_parts(identity)
    mlkem, x25519 = halves[0].public_key(), halves[1].public_key()
    recipient = bech32.encode(_RECIPIENT_PREFIX, mlkem.public_bytes_raw() + x25519.public_bytes_raw())
    _newest.clear()
    _newest[recipient] = MLKEM768X25519PublicKey(mlkem, x25519)
    return recipient


def check_recipient(text: str) -> str:
    """Returns the recipient without surrounding space; raises Malformed with one clear sentence."""
    recipient = text.strip()
    if not recipient.startswith(_RECIPIENT_PREFIX + "1"):
        raise Malformed("a recipient begins with age1pq1; make one with `pana keygen`")
    _to_hybrid(b"", recipient)  # a point of low order shows only here, and would stop each new case
    return recipient


_newest: dict[str, MLKEM768X25519PublicKey] = {}  # of the pair that was made last: it is sealed to at once


@functools.lru_cache(maxsize=512)  # a key takes 7 KB; few are used at once
def _public_key(recipient: str) -> MLKEM768X25519PublicKey:
    if (made := _newest.get(recipient)) is not None:
        return made
    prefix, data = bech32.decode(recipient)
    if prefix != _RECIPIENT_PREFIX or len(data) != 1216:
        raise Malformed("this is not a post-quantum recipient (age1pq1...)")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(data[:1184])
        return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(data[1184:]))
    except ValueError:
        raise Malformed(_NO_KEY) from None


def _private_parts(identity: str) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    prefix, seed = bech32.decode(identity.strip())
    if prefix != _IDENTITY_PREFIX or len(seed) != 32:
        raise Malformed("this is not a post-quantum identity (AGE-SECRET-KEY-PQ-1...)")
    # X-Wing: SHAKE-256 of the seed gives ML-KEM's 64 bytes and X25519's 32 (draft-connolly-cfrg-xwing-kem).
    expanded = hashlib.shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])


# --- sealing -------------------------------------------------------------------------------------------------


def seal(plaintext: bytes, recipients: Sequence[str]) -> bytes:
    """Returns an age file that each of the recipients can open."""
    return _whole(sealing(recipients), plaintext)


class Sealing:
    """An age file that is written piece by piece, whatever its size: `start`, what `add` gives, and `end` at last."""

    def __init__(self, file_key: bytes, stanzas: Iterable[Stanza]) -> None:
        header = VERSION + b"\n" + b"".join(_render(stanza) for stanza in stanzas) + b"---"
        mac = hmac.digest(_hkdf(file_key, b"", b"header"), header, "sha256")
        nonce = os.urandom(16)
        self.start = header + b" " + b64(mac).encode() + b"\n" + nonce
        self._cipher = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
        self._number, self._rest = 0, b""

    def add(self, plaintext: bytes) -> bytes:
        """The next piece; what fills no chunk yet comes with a later one."""
        data = self._rest + plaintext
        whole = max(0, len(data) - 1) // _CHUNK  # the last chunk is marked as that, so one is always held back
        self._rest = data[whole * _CHUNK :]
        return b"".join(self._chunk(data[at * _CHUNK : (at + 1) * _CHUNK], last=False) for at in range(whole))

    def end(self) -> bytes:
        """The last piece."""
        return self._chunk(self._rest, last=True)

    def _chunk(self, chunk: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_stream_nonce(self._number, last), chunk, None)
        self._number += 1
        return sealed


def sealing(recipients: Sequence[str]) -> Sealing:
    """The same as `seal`, piece by piece."""
    if not recipients:
        raise Malformed("nothing is sealed to nobody")
    file_key = os.urandom(16)
    return Sealing(file_key, [_to_hybrid(file_key, recipient) for recipient in recipients])


def _whole(to: Sealing, plaintext: bytes) -> bytes:
    return to.start + to.add(plaintext) + to.end()


def seal_with_passphrase(plaintext: bytes, passphrase: str, work_factor: int = 18) -> bytes:
    """Returns an age file that the passphrase opens (scrypt stanza; 2**work_factor rounds)."""
    file_key, salt = os.urandom(16), os.urandom(16)
    key = _scrypt(passphrase, salt, work_factor)
    body = ChaCha20Poly1305(key).encrypt(_NO_NONCE, file_key, None)
    return _whole(Sealing(file_key, [Stanza("scrypt", (b64(salt), str(work_factor)), body)]), plaintext)


def _to_hybrid(file_key: bytes, recipient: str) -> Stanza:
    try:
        sealed = _SUITE.encrypt(file_key, _public_key(recipient), info=_HYBRID_INFO)
    except ValueError:
        raise Malformed(_NO_KEY) from None
    return Stanza(HYBRID, (b64(sealed[:ENCAPSULATED]),), sealed[ENCAPSULATED:])


def _render(stanza: Stanza) -> bytes:
    body = b64(stanza.body)
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    if not lines or len(lines[-1]) == 64:
        lines.append("")  # the last line of a body is always short
    return ("-> " + " ".join((stanza.kind, *stanza.arguments)) + "\n" + "\n".join(lines) + "\n").encode()


def _stream_nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


# --- unsealing -----------------------------------------------------------------------------------------------


class Reads(Protocol):
    """Something to be read piece by piece: as many bytes as are asked for, fewer only at its end."""

    def read(self, size: int, /) -> bytes: ...


def unseal(ciphertext: bytes, identities: Sequence[str]) -> bytes:
    """Opens an age file with the first identity that fits; raises Malformed, NoMatchingKey or Tampered."""
    return b"".join(unsealed(io.BytesIO(_without_armor(ciphertext)), identities))


def unsealed(ciphertext: Reads, identities: Sequence[str]) -> Iterator[bytes]:
    """The same piece by piece, of a file that is not armored: what has come is whole only when nothing was raised."""
    stanzas, header, mac, start = parse(ciphertext.read(_LONGEST_HEADER))
    for identity in identities:
        file_key = _file_key(stanzas, identity)
        if file_key is not None:
            yield from _open_payload(file_key, header, mac, _Behind(start, ciphertext))
            return
    raise NoMatchingKey("the file is sealed to other keys")


class _Behind:
    """What was read already, and then the rest."""

    def __init__(self, start: bytes, rest: Reads) -> None:
        self._start, self._rest = start, rest

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        given, self._start = self._start[:size], self._start[size:]
        return given if len(given) == size else given + self._rest.read(size - len(given))


def is_passphrase_file(data: bytes) -> bool:
    """True for an age file whose only stanza is scrypt."""
    return b"\n-> scrypt " in data[:64] or (data.startswith(b"-----BEGIN AGE") and _armored_scrypt(data))


def _armored_scrypt(data: bytes) -> bool:
    return b"\n-> scrypt " in _without_armor(data)[:64]


def unseal_with_passphrase(ciphertext: bytes, passphrase: str) -> bytes:
    """Opens a passphrase file; raises NoMatchingKey when the passphrase is wrong."""
    stanzas, header, mac, payload = parse(_without_armor(ciphertext))
    if len(stanzas) != 1 or stanzas[0].kind != "scrypt" or len(stanzas[0].arguments) != 2:
        raise Malformed("this file is not protected by a passphrase")
    salt, factor = unb64(stanzas[0].arguments[0]), stanzas[0].arguments[1]
    if not _FACTOR.fullmatch(factor) or int(factor) > _MAX_WORK_FACTOR:
        raise Malformed("the passphrase file asks for too much work")
    try:
        file_key = ChaCha20Poly1305(_scrypt(passphrase, salt, int(factor))).decrypt(_NO_NONCE, stanzas[0].body, None)
    except InvalidTag:
        raise NoMatchingKey("the passphrase does not open this file") from None
    return b"".join(_open_payload(file_key, header, mac, io.BytesIO(payload)))


def _open_payload(file_key: bytes, header: bytes, mac: bytes, payload: Reads) -> Iterator[bytes]:
    expected = hmac.digest(_hkdf(file_key, b"", b"header"), header, "sha256")
    if not hmac.compare_digest(expected, mac):
        raise Tampered("the header of the file was changed")
    nonce, chunk = payload.read(16), payload.read(_CHUNK + _TAG)
    if len(chunk) < _TAG:
        raise Tampered("the file is cut off")
    cipher, number = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload")), 0
    while chunk:
        following = payload.read(_CHUNK + _TAG)
        try:
            plain = cipher.decrypt(_stream_nonce(number, not following), chunk, None)
        except InvalidTag:
            raise Tampered("the file is damaged, changed or cut off") from None
        if number and not plain:
            raise Tampered("the file ends in an empty chunk")
        yield plain
        number, chunk = number + 1, following


def _file_key(stanzas: Sequence[Stanza], identity: str) -> bytes | None:
    prefix, _ = bech32.decode(identity.strip())
    if prefix == _IDENTITY_PREFIX:
        return _from_hybrid(stanzas, identity)
    if prefix == _X25519_IDENTITY_PREFIX:
        return _from_x25519(stanzas, identity)
    raise Malformed("this is not an age identity")


def _from_hybrid(stanzas: Sequence[Stanza], identity: str) -> bytes | None:
    key = MLKEM768X25519PrivateKey(*_private_parts(identity))
    for stanza in stanzas:
        if stanza.kind != HYBRID:
            continue
        encapsulated = unb64(stanza.arguments[0]) if len(stanza.arguments) == 1 else b""
        if len(encapsulated) != ENCAPSULATED or len(stanza.body) != 32:
            raise Malformed("a recipient stanza has the wrong size")
        try:
            return bytes(_SUITE.decrypt(encapsulated + stanza.body, key, info=_HYBRID_INFO))
        except (InvalidTag, ValueError):
            continue
    return None


def _from_x25519(stanzas: Sequence[Stanza], identity: str) -> bytes | None:
    private = X25519PrivateKey.from_private_bytes(bech32.decode(identity.strip())[1])
    ours = private.public_key().public_bytes_raw()
    for stanza in stanzas:
        if stanza.kind != "X25519" or len(stanza.arguments) != 1:
            continue
        share = unb64(stanza.arguments[0])
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(share))
            key = HKDF(hashes.SHA256(), 32, share + ours, _X25519_INFO).derive(shared)
            return ChaCha20Poly1305(key).decrypt(_NO_NONCE, stanza.body, None)
        except (InvalidTag, ValueError):
            continue
    return None


def _without_armor(data: bytes) -> bytes:
    if not data.lstrip().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----"):
        return data
    lines = data.split()
    inner = [line for line in lines if not line.startswith(b"-----") and line not in {b"BEGIN", b"END"}]
    words = {b"AGE", b"ENCRYPTED", b"FILE-----"}
    try:
        return base64.b64decode(b"".join(line for line in inner if line not in words), validate=True)
    except ValueError:
        raise Malformed("the armor of the age file is damaged") from None


def _hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(key)


def _scrypt(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    return Scrypt(_SCRYPT_LABEL + salt, 32, 2**work_factor, 8, 1).derive(passphrase.encode())
