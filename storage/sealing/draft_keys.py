"""Drafts, sealed under a key of their day, which is destroyed when no row needs it any more."""

import os
from collections.abc import Collection
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.sealing.errors import Malformed, Tampered
from storage.sealing.key_file import DRAFT, KeyFile

_NONCE = 12


class DraftKeys:
    """Seals and opens drafts; a process never uses a key that another one has destroyed."""

    def __init__(self, file: KeyFile) -> None:
        self._file = file
        self._ciphers: dict[date, tuple[bytes, AESGCM]] = {}

    @property
    def forgets(self) -> bool:
        """True when draft keys are gone after a start of the machine."""
        return self._file.in_memory

    @property
    def days(self) -> frozenset[date]:
        """The days whose draft keys are there."""
        return frozenset(self._file.keys.drafts)

    def seal(self, day: date, table: str, column: str, row: str, plaintext: bytes) -> bytes:
        """AES-256-GCM under the draft key of the day, which is on disk before it seals anything, and still."""
        if self._file.changed():  # another process may have destroyed that key
            self._file.read_again()
        cipher = self._cipher(day) or self._made(day)
        nonce = os.urandom(_NONCE)
        return day.isoformat().encode() + nonce + cipher.encrypt(nonce, plaintext, place(table, column, row))

    def open(self, table: str, column: str, row: str, blob: bytes) -> bytes:
        """Opens what `seal` sealed; raises Tampered also when the day's key has been destroyed."""
        day = draft_day(blob)
        if day is None:
            raise Malformed("a draft row has no day")
        cipher = self._cipher(day) or self._read_anew(day)
        try:
            return cipher.decrypt(blob[10 : 10 + _NONCE], blob[10 + _NONCE :], place(table, column, row))
        except InvalidTag:
            raise Tampered("a draft does not open: it was changed or moved") from None

    def destroy(self, before: date, *, but: Collection[date] = ()) -> int:
        """Destroys the draft keys of days before `before`, `but` those that rows still need; returns how many."""
        if not any(day < before and day not in but for day in self._file.keys.drafts) and not self._file.changed():
            return 0
        with self._file.locked():
            self._file.read_again()
            old = [day for day in self._file.keys.drafts if day < before and day not in but]
            self._file.destroy([(DRAFT, day) for day in old])
        self._ciphers = {day: known for day, known in self._ciphers.items() if day in self.days}
        return len(old)

    def _cipher(self, day: date) -> AESGCM | None:
        """By the day's key as the file was read last, whoever read it: none is used that was seen to be gone."""
        key = self._file.keys.slots.get((DRAFT, day))
        if key is None:
            self._ciphers.pop(day, None)
            return None
        known = self._ciphers.get(day)
        if known is None or known[0] != key:
            known = self._ciphers[day] = key, AESGCM(key)
        return known[1]

    def _made(self, day: date) -> AESGCM:
        with self._file.locked():
            self._file.read_again()  # another process may have made today's key
            if day not in self.days:
                self._file.put((DRAFT, day))
            cipher = self._cipher(day)
        assert cipher is not None
        return cipher

    def _read_anew(self, day: date) -> AESGCM:
        self._file.read_again()
        cipher = self._cipher(day)
        if cipher is None:
            raise Tampered("the draft key of that day has been destroyed")
        return cipher


def draft_day(blob: bytes) -> date | None:
    """The day whose draft key seals a row; None for what is no such row."""
    try:
        return date.fromisoformat(blob[:10].decode("ascii"))
    except ValueError:
        return None


def place(table: str, column: str, row: str) -> bytes:
    """Where a row stands: it opens nowhere else."""
    return f"{table}\n{column}\n{row}".encode()
