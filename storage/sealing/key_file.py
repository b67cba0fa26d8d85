"""The file of the server's keys, and the folder of memory in which draft keys may lie: read, and written, as bytes.

Its first part has the server key ring (the newest key writes, all read), the look-up secret and the signing seed, each
with a check, and is written anew only when a key is added. Behind it stand, in places of fixed size
(storage/sealing/key_slots.py), the draft keys, one a day, and the salts of muted accounts, one a month; they are
destroyed in place. What flash disks keep docs/threat-model.md says.
"""

import base64
import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from storage.errors import Refused
from storage.files import all_or_nothing, give_to_owner_of, itself, make_folder, why, without_mark
from storage.locks import FileLock
from storage.sealing import key_slots
from storage.sealing.day_keys import Needed
from storage.sealing.errors import BadKeyFile

_HEADER = "# Pana server key. Mode 0600; never copy it beside the database.\n"
DRAFT, MUTE = "draft", "mute"
MEMORY_FILE = "draft.keys"
Mark = tuple[int, int, int]
_GONE: Mark = (0, 0, 0)


@dataclass(slots=True)
class Keys:
    """The parsed file."""

    server: dict[int, bytes] = field(default_factory=dict, repr=False)
    lookup: bytes = field(default=b"", repr=False)
    signing: bytes = field(default=b"", repr=False)
    slots: dict[key_slots.Name, bytes] = field(default_factory=dict, repr=False)
    in_slots: bool = False  # False: a file of an older version, or one that an editor has saved

    def of(self, kind: str) -> dict[date, bytes]:
        """The keys of a kind, by their days."""
        return {day: key for (one, day), key in self.slots.items() if one == kind}

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


class KeyFile:
    """What the file says, as `keys`; other processes may change it, so it is read again where that counts.

    `memory`: a folder in which draft keys lie, and go with the machine's power, instead of in the file.
    """

    def __init__(self, path: Path, keys: Keys, memory: Path | None = None) -> None:
        self._path, self._memory = itself(path), memory / MEMORY_FILE if memory else None
        self.keys = keys
        self._mark = self._mark_now()

    @classmethod
    def create(cls, path: Path) -> "KeyFile":
        """Makes a key file; refuses to overwrite one."""
        keys = Keys({1: os.urandom(32)}, os.urandom(32), os.urandom(32))
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise BadKeyFile(f"{path} is there already and is not overwritten") from None
        with all_or_nothing() as made, os.fdopen(handle, "wb") as file:
            made.append(path)
            file.write(keys.render())
            file.flush()
            os.fsync(file.fileno())
        return cls(path, keys)

    @classmethod
    def load(cls, path: Path, memory: Path | None = None) -> "KeyFile":
        """Reads a key file; raises BadKeyFile with cause and remedy."""
        found = cls(path, _read(path), memory)
        found.read_again()
        return found

    @property
    def in_memory(self) -> bool:
        """True when draft keys are gone after a start of the machine."""
        return self._memory is not None

    def locked(self) -> FileLock:
        """Held while it is changed."""
        return FileLock(self._path)

    def add_server_key(self) -> int:
        """Adds a server key, under the lock, and returns its number."""
        self.read_again()
        number = max(self.keys.server) + 1
        self.keys.server[number] = os.urandom(32)
        with self._written():
            self._replace()
        self.read_again()
        return number

    def require_writable(self) -> None:
        """Raises BadKeyFile where no key of a day could be made or destroyed; changes nothing."""
        with self._written(), self.locked():
            for where in (self._path, self._memory):
                if where is not None and where.exists():
                    os.close(os.open(where, os.O_RDWR))

    @contextlib.contextmanager
    def _written(self) -> Iterator[None]:
        """What the disk or a mode refuses is the file's affair: whoever asked for a key may ask again."""
        try:
            yield
        except OSError as error:
            raise BadKeyFile(
                f"{error.filename or self._path}: {why(error)}; the bot makes and destroys each day's keys there"
            ) from None

    def changed(self) -> bool:
        """True when another process has written it."""
        return self._mark_now() not in {self._mark, (_GONE, _GONE)}

    def _mark_now(self) -> tuple[Mark, Mark]:
        return _mark(self._path), _mark(self._memory) if self._memory else _GONE

    def read_again(self) -> None:
        """What other processes have written is known from here on."""
        mark = self._mark_now()  # before it is read: what is written meanwhile is seen the next time
        self.keys, self._mark = _read(self._path), mark
        if self._memory is not None and self._memory.exists():
            self.keys.slots |= key_slots.keys_in(self._memory.read_bytes())

    # --- keys of a day (storage/sealing/day_keys.py) ---

    def known(self, name: key_slots.Name) -> bytes | None:
        """A key as the file was read last, whoever read it: none is known that was seen to be gone."""
        return self.keys.slots.get(name)

    def found(self, name: key_slots.Name) -> bytes | None:
        """A key, read anew."""
        self.read_again()
        return self.known(name)

    def held(self, name: key_slots.Name) -> bytes:
        """A key, made where there is none; what another process has destroyed is made anew."""
        key = self.kept(name)
        if key is None:
            with self._written(), self.locked():
                key = self.found(name) or self._put(name)  # another process may have made it
        return key

    def kept(self, name: key_slots.Name) -> bytes | None:
        """A key, as the file has it."""
        if self.changed():
            self.read_again()
        return self.known(name)

    def every(self, kind: str) -> Mapping[date, bytes]:
        """The keys of a kind."""
        if self.changed():
            self.read_again()
        return self.keys.of(kind)

    def destroy(self, kind: str, over: Callable[[date], bool], needed: Needed) -> int:
        """Overwrites keys where they stand."""
        if not any(map(over, self.every(kind))):
            return 0
        kept = needed()
        with self._written(), self.locked():
            self.read_again()
            old = [(kind, day) for day in self.keys.of(kind) if over(day) and day not in kept]
            self._destroy(old)
        return len(old)

    def _put(self, name: key_slots.Name) -> bytes:
        """Makes a key, under the lock; it is on disk (a draft key maybe in memory) before it is used."""
        self._prepare()
        where = self._memory if self._memory is not None and name[0] == DRAFT else self._path
        fresh = {name: os.urandom(32)}
        key_slots.change(where, put=fresh)
        self.keys.slots |= fresh
        self._mark = self._mark_now()
        return fresh[name]

    def _destroy(self, names: Collection[key_slots.Name]) -> None:
        if not names:
            return
        self._prepare()
        for where in (self._path, self._memory):
            if where is not None:
                key_slots.change(where, destroy=names)
        for name in names:
            self.keys.slots.pop(name, None)
        self._mark = self._mark_now()

    def _prepare(self) -> None:
        """Gives a file of an older version its places, and the folder of memory its file."""
        if not self.keys.in_slots:
            kept = self.keys
            self.keys = _read(self._path)
            self._replace()
            self.keys = replace(kept, in_slots=True)
        if self._memory is not None and not self._memory.exists():
            make_folder(self._memory.parent)
            handle = os.open(self._memory, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(key_slots.render({}))
            give_to_owner_of(self._path, self._memory)

    def _replace(self) -> None:
        """Writes the file anew, and the one that was there is overwritten."""
        fresh = self._path.with_name(self._path.name + ".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self.keys.render())
            file.flush()
            os.fsync(file.fileno())
        give_to_owner_of(self._path, fresh)
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


def _read(path: Path) -> Keys:
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
    keys = Keys(slots=key_slots.keys_in(content), in_slots=region is not None)
    _take_lines(keys, content[:region], path)
    if not keys.server or len(keys.lookup) != 32 or len(keys.signing) != 32:
        raise BadKeyFile(f"{path} is not complete: restore it from your own copy")
    return keys


def _take_lines(keys: Keys, content: bytes, path: Path) -> None:
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


def _take_old_draft(keys: Keys, words: Sequence[str]) -> None:
    """A draft key of a file of an older version; a damaged line is that day's affair."""
    with contextlib.suppress(ValueError):
        _, day, encoded, *_check = words
        key = base64.b64decode(encoded, validate=True)
        if len(key) == 32:
            keys.slots[DRAFT, date.fromisoformat(day)] = key


def _take(keys: Keys, words: Iterable[str], path: Path) -> None:
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
