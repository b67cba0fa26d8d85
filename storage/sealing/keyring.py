"""The server's key file: what a running server can read, and nothing else.

One text file of mode 0600. Its first part has the server key ring (the newest key writes, all read), the look-up secret
and the signing seed, each with a check, and is written anew only by `rotate`. Behind it stand, in places of fixed size
(storage/sealing/key_slots.py), the draft keys, one a day, and the salts of muted accounts, one a month; they are
destroyed in place. Draft keys may lie in a folder of memory instead. What flash disks keep docs/threat-model.md says.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Refused
from storage.files import make_folder, why, without_mark
from storage.locks import FileLock
from storage.sealing import key_slots, signing
from storage.sealing.errors import BadKeyFile, Malformed, Tampered

Purpose = Literal["chat", "call", "code", "member", "handoff", "outbox", "relay", "callback"]
_HEADER = "# Pana server key. Mode 0600; never copy it beside the database.\n"
_NONCE = 12
_DRAFT, _MUTE = "draft", "mute"
MEMORY_FILE = "draft.keys"
Mark = tuple[int, int, int]
_GONE: Mark = (0, 0, 0)


@dataclass(slots=True)
class _Keys:
    """The parsed file."""

    server: dict[int, bytes] = field(default_factory=dict, repr=False)
    lookup: bytes = field(default=b"", repr=False)
    signing: bytes = field(default=b"", repr=False)
    slots: dict[key_slots.Name, bytes] = field(default_factory=dict, repr=False)
    in_slots: bool = False  # False: a file of an older version, or one that an editor has saved

    @property
    def drafts(self) -> dict[date, bytes]:
        return {day: key for (kind, day), key in self.slots.items() if kind == _DRAFT}

    @property
    def mute_salts(self) -> dict[date, bytes]:
        return {day: key for (kind, day), key in self.slots.items() if kind == _MUTE}

    def render(self) -> bytes:
        """The whole file; its first part ends where a block of the disk ends."""
        text = _HEADER + self._lines()
        room = -(len(text) + 1) % key_slots.BLOCK
        return f"{text}{'#' * room}\n".encode() + key_slots.render(self.slots)

    def _lines(self) -> str:
        rows = [("server", str(number), key) for number, key in sorted(self.server.items())]
        rows += [("look-up", "-", self.lookup), ("signing", "-", self.signing)]
        return "".join(
            f"{kind} {name} {base64.b64encode(key).decode()} {_check(kind, name, key)}\n" for kind, name, key in rows
        )


class KeyRing:
    """Seals and opens rows, looks people up, signs; made by `create`, read by `load`."""

    def __init__(self, path: Path, keys: _Keys, memory: Path | None = None) -> None:
        self._path, self._memory = path, memory / MEMORY_FILE if memory else None
        self._keys = keys
        self._mark = self._mark_now()
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
        with os.fdopen(handle, "wb") as file:
            file.write(keys.render())
            file.flush()
            os.fsync(file.fileno())
        return cls(path, keys)

    @classmethod
    def load(cls, path: Path, memory: Path | None = None) -> "KeyRing":
        """Reads a key file; raises BadKeyFile with cause and remedy.

        `memory`: a folder in which draft keys lie, and go with the machine's power, instead of in the file.
        """
        ring = cls(path, _read(path), memory)
        ring._read_again()
        return ring

    @property
    def forgets(self) -> bool:
        """True when draft keys are gone after a start of the machine."""
        return self._memory is not None

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
            self._destroy([(_DRAFT, day) for day in old])
        for day in old:
            self._draft_ciphers.pop(day, None)
        return len(old)

    def rotate(self) -> int:
        """Adds a server key, which writes from now on; returns its number. Old ones stay for reading."""
        with FileLock(_lock_of(self._path)):
            self._read_again()
            number = max(self._keys.server) + 1
            self._keys.server[number] = os.urandom(32)
            self._replace()
            self._read_again()
        self._callback = self._subkey("callback", number)
        return number

    def _new_draft(self, day: date) -> AESGCM:
        with FileLock(_lock_of(self._path)):
            self._read_again()  # another process may have made today's key
            if day not in self._keys.drafts:
                self._put((_DRAFT, day), self._memory or self._path)
        return self._draft_ciphers.setdefault(day, AESGCM(self._keys.drafts[day]))

    def _known_draft(self, day: date) -> AESGCM:
        if day not in self._keys.drafts:
            self._read_again()
        if day not in self._keys.drafts:
            raise Tampered("the draft key of that day has been destroyed")
        return self._draft_ciphers.setdefault(day, AESGCM(self._keys.drafts[day]))

    # --- accounts that were muted ---

    def mute_mac(self, on: date, look_up: bytes) -> bytes:
        """By which a muted account is known again as long as the salt of this month is kept."""
        month = on.replace(day=1)
        if month not in self._keys.mute_salts:
            with FileLock(_lock_of(self._path)):
                self._read_again()
                if month not in self._keys.mute_salts:
                    self._put((_MUTE, month), self._path)
        return hmac.digest(self._keys.mute_salts[month], look_up, "sha256")

    def mute_macs(self, on: date, look_up: bytes) -> Sequence[bytes]:
        """The same of every month whose salt is kept."""
        if on.replace(day=1) not in self._keys.mute_salts:
            self._read_again()  # another process may have made it
        return [hmac.digest(salt, look_up, "sha256") for salt in self._keys.mute_salts.values()]

    def destroy_mute_salts(self, before: date) -> None:
        """Destroys the salts of the months that were over before that day."""
        old = [(_MUTE, month) for month in self._keys.mute_salts if _next_month(month) <= before]
        if old:
            with FileLock(_lock_of(self._path)):
                self._destroy(old)

    # --- the file ---

    def _changed(self) -> bool:
        return self._mark_now() not in {self._mark, (_GONE, _GONE)}

    def _mark_now(self) -> tuple[Mark, Mark]:
        return _mark(self._path), _mark(self._memory) if self._memory else _GONE

    def _read_again(self) -> None:
        mark = self._mark_now()  # before it is read: what is written meanwhile is seen the next time
        self._keys, self._mark = _read(self._path), mark
        if self._memory is not None and self._memory.exists():
            self._keys.slots |= key_slots.keys_in(self._memory.read_bytes())
        self._draft_ciphers = {day: one for day, one in self._draft_ciphers.items() if day in self._keys.drafts}

    def _put(self, name: key_slots.Name, where: Path) -> None:
        """Makes a key, which is on disk (or in the folder of memory) before it is used."""
        self._prepare()
        fresh = {name: os.urandom(32)}
        key_slots.change(where, put=fresh)
        self._keys.slots |= fresh
        self._mark = self._mark_now()

    def _destroy(self, names: Collection[key_slots.Name]) -> None:
        if not names:
            return
        self._prepare()
        for where in (self._path, self._memory):
            if where is not None:
                key_slots.change(where, destroy=names)
        for name in names:
            self._keys.slots.pop(name, None)
        self._mark = self._mark_now()

    def _prepare(self) -> None:
        """Gives a file of an older version its places, and the folder of memory its file."""
        if not self._keys.in_slots:
            kept = self._keys
            self._keys = _read(self._path)
            self._replace()
            self._keys = replace(kept, in_slots=True)
        if self._memory is not None and not self._memory.exists():
            make_folder(self._memory.parent)
            handle = os.open(self._memory, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(key_slots.render({}))

    def _replace(self) -> None:
        """Writes the file anew, and the one that was there is overwritten."""
        fresh = self._path.with_name(self._path.name + ".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self._keys.render())
            file.flush()
            os.fsync(file.fileno())
        before = os.open(self._path, os.O_RDWR)
        try:
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
            key_slots.overwrite(before)
        finally:
            os.close(before)

    def _cipher(self, purpose: Purpose, number: int) -> AESGCM:
        cipher = self._ciphers.get((purpose, number))
        return cipher or self._ciphers.setdefault((purpose, number), AESGCM(self._subkey(purpose, number)))

    def _subkey(self, purpose: str, number: int) -> bytes:
        return HKDF(hashes.SHA256(), 32, None, f"pana-row-v1\n{purpose}".encode()).derive(self._keys.server[number])


def draft_day(blob: bytes) -> date | None:
    """The day whose draft key seals a row; None for what is no such row."""
    try:
        return date.fromisoformat(blob[:10].decode("ascii"))
    except ValueError:
        return None


def _read(path: Path) -> _Keys:
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
        content = without_mark(content, str(path))
    except OSError as error:
        raise BadKeyFile(f"{path}: {why(error)}; put back your own copy, or see server.key_file") from None
    except Refused as error:
        raise BadKeyFile(str(error)) from None
    if stat.S_IMODE(mode) & 0o077:
        raise BadKeyFile(f"{path} can be read by others: run `chmod 600 {path}`")
    region = key_slots.region_of(content)
    keys = _Keys(slots=key_slots.keys_in(content), in_slots=region is not None)
    _take_lines(keys, content[:region], path)
    if not keys.server or len(keys.lookup) != 32 or len(keys.signing) != 32:
        raise BadKeyFile(f"{path} is not complete: restore it from your own copy")
    return keys


def _take_lines(keys: _Keys, content: bytes, path: Path) -> None:
    """Takes in the keys that do not change, and the drafts of a file of an older version."""
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        raise BadKeyFile(f"{path} is not UTF-8 text: restore it from your own copy") from None
    for line in lines:
        if not line.strip() or line.startswith(("#", "slot ")):
            continue
        if line.startswith("draft "):
            _take_old_draft(keys, line.split())
            continue
        _take(keys, line.split(), path)


def _take_old_draft(keys: _Keys, words: Sequence[str]) -> None:
    """A draft key of a file of an older version; a damaged line is that day's affair."""
    with contextlib.suppress(ValueError):
        _, day, encoded, *_check = words
        key = base64.b64decode(encoded, validate=True)
        if len(key) == 32:
            keys.slots[_DRAFT, date.fromisoformat(day)] = key


def _take(keys: _Keys, words: Iterable[str], path: Path) -> None:
    try:
        kind, name, encoded, *check = words
        key = base64.b64decode(encoded, validate=True)
        if (check or keys.in_slots) and check != [_check(kind, name, key)]:  # a file of before version 0.2 has none
            raise ValueError
        match kind:
            case "server" if len(key) == 32 and 0 < int(name) < 256:  # a row's first byte has the number
                keys.server[int(name)] = key
            case "look-up":
                keys.lookup = key
            case "signing":
                keys.signing = key
            case _:
                raise ValueError
    except ValueError:
        raise BadKeyFile(f"{path} has a line that is no key, or is damaged: restore it from your own copy") from None


def _check(kind: str, name: str, key: bytes) -> str:
    """By which a damaged line is known: a look-up secret with one wrong bit would find nobody, and say nothing."""
    return hashlib.sha256(b"pana-key-line-v1\n%s\n%s\n%s" % (kind.encode(), name.encode(), key)).hexdigest()[:8]


def _mark(path: Path) -> Mark:
    """What tells one content of a file from another."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return _GONE


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}\n{column}\n{row}".encode()
