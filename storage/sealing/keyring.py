"""The server's key file: what a running server can read, and nothing else.

One text file of mode 0600 with the server key ring (the newest key writes, all read), the look-up secret, the
signing seed and the draft keys, one a day. A draft key is destroyed by writing the file anew without it; on flash
disks the old block may survive until it is reused, which docs/threat-model.md says.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Refused
from storage.files import read_text, why
from storage.locks import FileLock
from storage.sealing import signing
from storage.sealing.errors import BadKeyFile, Malformed, Tampered

Purpose = Literal["chat", "call", "code", "member", "handoff", "outbox", "relay", "callback"]
_HEADER = "# Pana server key. Mode 0600; never copy it beside the database.\n"
_NONCE = 12
_GONE = (0, 0, 0)


@dataclass(slots=True)
class _Keys:
    """The parsed file."""

    server: dict[int, bytes] = field(default_factory=dict, repr=False)
    lookup: bytes = field(default=b"", repr=False)
    signing: bytes = field(default=b"", repr=False)
    drafts: dict[date, bytes] = field(default_factory=dict, repr=False)

    def render(self) -> str:
        rows = [("server", str(number), key) for number, key in sorted(self.server.items())]
        rows += [("look-up", "-", self.lookup), ("signing", "-", self.signing)]
        rows += [("draft", day.isoformat(), key) for day, key in sorted(self.drafts.items())]
        return _HEADER + "".join(
            f"{kind} {name} {base64.b64encode(key).decode()} {_check(kind, name, key)}\n" for kind, name, key in rows
        )


class KeyRing:
    """Seals and opens rows, looks people up, signs; made by `create`, read by `load`."""

    def __init__(self, path: Path, keys: _Keys) -> None:
        self._path = path
        self._keys, self._mark = keys, _mark(path)
        self._ciphers: dict[tuple[str, int], AESGCM] = {}
        self._draft_ciphers: dict[date, AESGCM] = {}
        self._callback = self._subkey("callback", max(keys.server))
        self.verify_key = signing.verify_key_of(keys.signing)

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Makes a key file; refuses to overwrite one."""
        keys = _Keys({1: os.urandom(32)}, os.urandom(32), os.urandom(32))
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise BadKeyFile(f"{path} is there already and is not overwritten") from None
        with os.fdopen(handle, "w") as file:
            file.write(keys.render())
            file.flush()
            os.fsync(file.fileno())
        return cls(path, keys)

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Reads a key file; raises BadKeyFile with cause and remedy."""
        return cls(path, _read(path))

    @property
    def signing_fingerprint(self) -> str:
        """The fingerprint that members compare."""
        return signing.fingerprint_of(self.verify_key)

    def sign(self, manifest: bytes) -> bytes:
        """The manifest's signature, base64."""
        return signing.sign(self._keys.signing, manifest)

    def look_up(self, kind: str, value: int | str) -> bytes:
        """32 bytes by which a row is found again without keeping the value (HMAC-SHA-256)."""
        return hmac.digest(self._keys.lookup, f"{kind}\n{value}".encode(), "sha256")

    def mac(self, chat_id: int, payload: bytes) -> bytes:
        """12 bytes that bind a button to a chat (callback_data can be forged: Bot API, CallbackQuery)."""
        return hmac.digest(self._callback, b"%d\n" % chat_id + payload, "sha256")[:12]

    # --- which keys there are ---

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the server keys, the oldest first."""
        return sorted(self._keys.server)

    @property
    def draft_days(self) -> frozenset[date]:
        """The days whose draft keys are there."""
        return frozenset(self._keys.drafts)

    def key_check(self, number: int) -> bytes:
        """32 bytes by which a database knows this server key again; they say nothing about it (HKDF, HMAC-SHA-256)."""
        return hmac.digest(self._subkey("instance", number), b"pana-instance-v1", "sha256")

    # --- rows under the server key ---

    def seal_row(self, purpose: Purpose, table: str, column: str, row: str, plaintext: bytes) -> bytes:
        """AES-256-GCM under the newest server key; opens only in the same table, column and row."""
        number = max(self._keys.server)
        nonce = os.urandom(_NONCE)
        sealed = self._cipher(purpose, number).encrypt(nonce, plaintext, _place(table, column, row))
        return bytes([number]) + nonce + sealed

    def open_row(self, purpose: Purpose, table: str, column: str, row: str, blob: bytes) -> bytes:
        """Opens what `seal_row` sealed; raises Tampered."""
        if len(blob) < 1 + _NONCE or blob[0] not in self._keys.server:
            raise Tampered("a row is sealed under a key that the key file does not have")
        cipher = self._cipher(purpose, blob[0])
        try:
            return cipher.decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], _place(table, column, row))
        except InvalidTag:
            raise Tampered("a row does not open: it was changed or moved") from None

    # --- drafts under the key of the day ---

    def seal_draft(self, day: date, table: str, column: str, row: str, plaintext: bytes) -> bytes:
        """AES-256-GCM under the draft key of the day, which is on disk before it seals anything, and still."""
        if self._changed():  # another process may have destroyed that key
            self._read_again()
        cipher = self._draft_ciphers.get(day) or self._new_draft(day)
        nonce = os.urandom(_NONCE)
        return day.isoformat().encode() + nonce + cipher.encrypt(nonce, plaintext, _place(table, column, row))

    def open_draft(self, table: str, column: str, row: str, blob: bytes) -> bytes:
        """Opens what `seal_draft` sealed; raises Tampered also when the day's key has been destroyed."""
        day = draft_day(blob)
        if day is None:
            raise Malformed("a draft row has no day")
        cipher = self._draft_ciphers.get(day) or self._known_draft(day)
        try:
            return cipher.decrypt(blob[10 : 10 + _NONCE], blob[10 + _NONCE :], _place(table, column, row))
        except InvalidTag:
            raise Tampered("a draft does not open: it was changed or moved") from None

    def destroy_drafts(self, before: date, *, but: Collection[date] = ()) -> int:
        """Destroys the draft keys of days before `before`, `but` those that rows still need; returns how many."""
        if not any(day < before and day not in but for day in self._keys.drafts) and not self._changed():
            return 0
        with FileLock(_lock_of(self._path)):
            self._read_again()
            old = [day for day in self._keys.drafts if day < before and day not in but]
            for day in old:
                del self._keys.drafts[day]
            if old:
                self._rewrite()
        for day in old:
            self._draft_ciphers.pop(day, None)
        return len(old)

    def rotate(self) -> int:
        """Adds a server key, which writes from now on; returns its number. Old ones stay for reading."""
        with FileLock(_lock_of(self._path)):
            self._read_again()
            number = max(self._keys.server) + 1
            self._keys.server[number] = os.urandom(32)
            self._rewrite()
        self._callback = self._subkey("callback", number)
        return number

    def _new_draft(self, day: date) -> AESGCM:
        with FileLock(_lock_of(self._path)):
            self._read_again()  # another process may have made today's key
            if day not in self._keys.drafts:
                self._keys.drafts[day] = os.urandom(32)
                self._rewrite()
        return self._draft_ciphers.setdefault(day, AESGCM(self._keys.drafts[day]))

    def _known_draft(self, day: date) -> AESGCM:
        if day not in self._keys.drafts:
            self._read_again()
        if day not in self._keys.drafts:
            raise Tampered("the draft key of that day has been destroyed")
        return self._draft_ciphers.setdefault(day, AESGCM(self._keys.drafts[day]))

    def _changed(self) -> bool:
        return _mark(self._path) not in {self._mark, _GONE}

    def _read_again(self) -> None:
        mark = _mark(self._path)  # before it is read: what is written meanwhile is seen the next time
        self._keys, self._mark = _read(self._path), mark
        self._draft_ciphers = {day: one for day, one in self._draft_ciphers.items() if day in self._keys.drafts}

    def _cipher(self, purpose: Purpose, number: int) -> AESGCM:
        cipher = self._ciphers.get((purpose, number))
        return cipher or self._ciphers.setdefault((purpose, number), AESGCM(self._subkey(purpose, number)))

    def _subkey(self, purpose: str, number: int) -> bytes:
        return HKDF(hashes.SHA256(), 32, None, f"pana-row-v1\n{purpose}".encode()).derive(self._keys.server[number])

    def _rewrite(self) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(self._keys.render())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._mark = _mark(self._path)


def draft_day(blob: bytes) -> date | None:
    """The day whose draft key seals a row; None for what is no such row."""
    try:
        return date.fromisoformat(blob[:10].decode("ascii"))
    except ValueError:
        return None


def _read(path: Path) -> _Keys:
    try:
        mode = path.stat().st_mode
        text = read_text(path)
    except OSError as error:
        raise BadKeyFile(f"{path}: {why(error)}; put back your own copy, or see server.key_file") from None
    except Refused as error:
        raise BadKeyFile(str(error)) from None
    if stat.S_IMODE(mode) & 0o077:
        raise BadKeyFile(f"{path} can be read by others: run `chmod 600 {path}`")
    keys = _Keys()
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            _take(keys, line.split(), path)
    if not keys.server or len(keys.lookup) != 32 or len(keys.signing) != 32:
        raise BadKeyFile(f"{path} is not complete: restore it from your own copy")
    return keys


def _take(keys: _Keys, words: Iterable[str], path: Path) -> None:
    try:
        kind, name, encoded, *check = words
        key = base64.b64decode(encoded, validate=True)
        if check and check != [_check(kind, name, key)]:  # a file of before version 0.2 has none
            raise ValueError
        match kind:
            case "server" if len(key) == 32 and 0 < int(name) < 256:  # a row's first byte has the number
                keys.server[int(name)] = key
            case "look-up":
                keys.lookup = key
            case "signing":
                keys.signing = key
            case "draft" if len(key) == 32:
                keys.drafts[date.fromisoformat(name)] = key
            case _:
                raise ValueError
    except ValueError:
        raise BadKeyFile(f"{path} has a line that is no key, or is damaged: restore it from your own copy") from None


def _check(kind: str, name: str, key: bytes) -> str:
    """By which a damaged line is known: a look-up secret with one wrong bit would find nobody, and say nothing."""
    return hashlib.sha256(b"pana-key-line-v1\n%s\n%s\n%s" % (kind.encode(), name.encode(), key)).hexdigest()[:8]


def _mark(path: Path) -> tuple[int, int, int]:
    """What tells one content of the file from another: it is always replaced, never written in place."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return _GONE


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}\n{column}\n{row}".encode()
