"""Drafts, sealed under a key of their day, which is destroyed when no row needs it any more."""

import os
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.sealing.day_keys import DayKeys, Needed, nothing_more
from storage.sealing.errors import Malformed, Tampered
from storage.sealing.key_file import DRAFT

_NONCE = 12


class DraftKeys:
    """Seals and opens drafts. Where several processes write, another one may destroy a key meanwhile: see `keeps`."""

    def __init__(self, home: DayKeys) -> None:
        self._home = home

    @property
    def days(self) -> frozenset[date]:
        """The days whose draft keys are there."""
        return frozenset(self._home.every(DRAFT))

    def seal(self, day: date, table: str, column: str, row: str, plaintext: bytes) -> bytes:
        """AES-256-GCM under the draft key of the day, which is kept before it seals anything, and still."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._home.held((DRAFT, day))).encrypt(nonce, plaintext, place(table, column, row))
        return day.isoformat().encode() + nonce + sealed

    def keeps(self, table: str, column: str, row: str, blob: bytes) -> bool:
        """Whether the key that sealed it is still kept: asked when its row is written, which others then wait for."""
        day = draft_day(blob)
        key = None if day is None else self._home.kept((DRAFT, day))
        return key is not None and _opened(key, place(table, column, row), blob) is not None

    def open(self, table: str, column: str, row: str, blob: bytes) -> bytes:
        """Opens what `seal` sealed; raises Tampered also when the day's key has been destroyed."""
        day = draft_day(blob)
        if day is None:
            raise Malformed("a draft row has no day")
        where = place(table, column, row)
        known = self._home.known((DRAFT, day))
        opened = None if known is None else _opened(known, where, blob)
        if opened is not None:
            return opened
        key = self._home.found((DRAFT, day))
        if key is None:
            raise Tampered("the draft key of that day has been destroyed")
        opened = _opened(key, where, blob)
        if opened is None:
            raise Tampered("a draft does not open: it was changed or moved")
        return opened

    def destroy(self, before: date, *, needed: Needed = nothing_more) -> int:
        """Destroys the draft keys of days before `before`, without those that rows need; returns how many."""
        return self._home.destroy(DRAFT, lambda day: day < before, needed)


def _opened(key: bytes, where: bytes, blob: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(blob[10 : 10 + _NONCE], blob[10 + _NONCE :], where)
    except InvalidTag:
        return None


def draft_day(blob: bytes) -> date | None:
    """The day whose draft key seals a row; None for what is no such row."""
    try:
        return date.fromisoformat(blob[:10].decode("ascii"))
    except ValueError:
        return None


def place(table: str, column: str, row: str) -> bytes:
    """Where a row stands: it opens nowhere else."""
    return f"{table}\n{column}\n{row}".encode()
