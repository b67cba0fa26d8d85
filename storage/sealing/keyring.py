"""The server's keys: what a running server can read, and nothing else.

They rest in one text file of mode 0600 (storage/sealing/key_file.py).
"""

import hmac
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.sealing import signing
from storage.sealing.day_keys import DayKeys
from storage.sealing.draft_keys import DraftKeys, place
from storage.sealing.errors import Tampered
from storage.sealing.key_file import KeyFile
from storage.sealing.key_slots import Name
from storage.sealing.mute_salts import MuteSalts

Purpose = Literal["chat", "call", "code", "member", "handoff", "outbox", "relay", "file", "update", "callback", "key"]
IN_DATABASE: Literal["database"] = "database"
DraftsLie = Path | Literal["database"] | None
_NONCE = 12


class KeyRing:
    """Seals and opens rows, looks people up, signs; `drafts` and `mutes` have keys of the file that are destroyed.

    `in_database`: such keys rest in the database instead, where storage/key_rows.py finds them; `rows` are those of
    them that were read, to open with. `rows_may_linger`: what was removed of them may stand in the table's files still;
    of a process before nobody knows.
    """

    def __init__(self, file: KeyFile, *, in_database: bool = False) -> None:
        self._file, self.in_database = file, in_database
        self.rows: dict[Name, bytes] = {}
        self.rows_may_linger = True
        self._ciphers: dict[tuple[str, int], AESGCM] = {}
        self._callback = self._subkey("callback", max(file.keys.server))
        self.verify_key = signing.verify_key_of(file.keys.signing)
        self.drafts, self.mutes = DraftKeys(file), MuteSalts(file)

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Makes a key file; refuses to overwrite one."""
        return cls(KeyFile.create(path))

    @classmethod
    def load(cls, path: Path, drafts: DraftsLie = None) -> "KeyRing":
        """Reads a key file; raises BadKeyFile with cause and remedy.

        `drafts`: where draft keys lie, if not in the file: in a folder of memory (see KeyFile), or in the database.
        """
        in_database = drafts == IN_DATABASE
        memory = drafts if isinstance(drafts, Path) else None
        return cls(KeyFile.load(path, memory), in_database=in_database)

    @property
    def forgets(self) -> bool:
        """True when draft keys are gone after a start of the machine."""
        return self._file.in_memory

    @property
    def file(self) -> DayKeys:
        """The keys of a day that the file has."""
        return self._file

    @property
    def signing_fingerprint(self) -> str:
        """The fingerprint that members compare."""
        return signing.fingerprint_of(self.verify_key)

    def sign(self, manifest: bytes) -> bytes:
        """The manifest's signature, base64."""
        return signing.sign(self._file.keys.signing, manifest)

    def look_up(self, kind: str, value: int | str) -> bytes:
        """32 bytes by which a row is found again without keeping the value (HMAC-SHA-256)."""
        return hmac.digest(self._file.keys.lookup, f"{kind}\n{value}".encode(), "sha256")

    def mac(self, chat_id: int, payload: bytes) -> bytes:
        """12 bytes that bind a button to a chat (callback_data can be forged: Bot API, CallbackQuery)."""
        return hmac.digest(self._callback, b"%d\n" % chat_id + payload, "sha256")[:12]

    def require_writable(self) -> None:
        """Raises BadKeyFile where keys of a day rest in files that cannot be written."""
        if not self.in_database:
            self._file.require_writable()

    # --- which keys there are ---

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the server keys, the oldest first."""
        return sorted(self._file.keys.server)

    def key_check(self, number: int) -> bytes:
        """32 bytes by which a database knows this server key again; they say nothing about it (HKDF, HMAC-SHA-256)."""
        return hmac.digest(self._subkey("instance", number), b"pana-instance-v1", "sha256")

    # --- rows under the server key ---

    def seal_row(self, purpose: Purpose, table: str, column: str, row: str, plaintext: bytes) -> bytes:
        """AES-256-GCM under the newest server key; opens only in the same table, column and row."""
        number = max(self._file.keys.server)
        nonce = os.urandom(_NONCE)
        sealed = self._cipher(purpose, number).encrypt(nonce, plaintext, place(table, column, row))
        return bytes([number]) + nonce + sealed

    def open_row(self, purpose: Purpose, table: str, column: str, row: str, blob: bytes) -> bytes:
        """Opens what `seal_row` sealed; raises Tampered."""
        if len(blob) < 1 + _NONCE or blob[0] not in self._file.keys.server:
            raise Tampered("a row is sealed under a key that the key file does not have")
        cipher = self._cipher(purpose, blob[0])
        try:
            return cipher.decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], place(table, column, row))
        except InvalidTag:
            raise Tampered("a row does not open: it was changed or moved") from None

    def rotate(self) -> int:
        """Adds a server key, which writes from now on; returns its number. Old ones stay for reading."""
        with self._file.locked():
            number = self._file.add_server_key()
        self._callback = self._subkey("callback", number)
        return number

    def _cipher(self, purpose: Purpose, number: int) -> AESGCM:
        cipher = self._ciphers.get((purpose, number))
        return cipher or self._ciphers.setdefault((purpose, number), AESGCM(self._subkey(purpose, number)))

    def _subkey(self, purpose: str, number: int) -> bytes:
        return HKDF(hashes.SHA256(), 32, None, f"pana-row-v1\n{purpose}".encode()).derive(
            self._file.keys.server[number]
        )
