"""Case codes, as they rest: a MAC by which a code is found again, and the code itself under the server key.

A paper with a code and a disk without the key must not lead from a person to a case.
"""

import base64
from typing import Any

from sqlalchemy.engine import Row

from storage.errors import Unreadable
from storage.record import CODE_ALPHABET
from storage.sealing.keyring import KeyRing
from storage.unreadable import reading

LOOK_UP = 9  # characters of base32, 45 bits; a code has 37


def rested(ring: KeyRing, case_id: str, code: str) -> dict[str, object]:
    """The two columns of a case's code."""
    sealed = ring.seal_row("code", "case", "code", case_id, code.encode())
    return {"code_look_up": look_up(ring, code), "code_sealed": sealed}


def look_up(ring: KeyRing, code: str) -> str:
    """By which the case of a code is found (HMAC-SHA-256, cut)."""
    return base64.b32encode(ring.look_up("code", code)).decode().lower()[:LOOK_UP]


def code_of(ring: KeyRing, row: Row[Any]) -> str:
    """The code of a case's row; where it cannot be read another one, always the same: lawyers must name a case."""
    try:
        with reading("case_file"):
            return open_code(ring, row)
    except Unreadable:
        return spare(ring, row.case_id)


def open_code(ring: KeyRing, row: Row[Any]) -> str:
    """The code of a case's row; raises Tampered."""
    return ring.open_row("code", "case", "code", row.case_id, row.code_sealed or b"").decode()


def spare(ring: KeyRing, case_id: str) -> str:
    """The code in place of one that cannot be read."""
    letters = "".join(CODE_ALPHABET[one % len(CODE_ALPHABET)] for one in ring.look_up("spare code", case_id)[:8])
    return f"{letters[:4]}-{letters[4:]}"
