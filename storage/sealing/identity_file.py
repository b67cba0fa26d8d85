"""Files that hold identities and recipients, in age-keygen's layout."""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.sealing import age
from storage.sealing.errors import Malformed

# Base32 has no 0, 1 and 8, and no letters but Latin ones: whoever types these means what looks the same.
LOOK_ALIKES = str.maketrans("АВСЕНІЈКМОРԚЅТУҮԜХ018", "ABCEHIJKMOPQSTYYWXOIB")
_SIGNED_BY = re.compile(r"^#\s*pana-signed-by:\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class IdentityFile:
    """The identities of a file, and the server's signing fingerprint where the file carries it."""

    identities: tuple[str, ...] = field(repr=False)
    signed_by: str | None


def render_identity_file(
    identity: str, created: datetime, comments: Sequence[str] = (), *, recipient: str | None = None
) -> str:
    """The text of an identity file: comments for people, then the identity. `recipient`: its own, where it is known."""
    lines = [
        f"# created: {created.isoformat(timespec='seconds')}",
        f"# public key: {recipient or age.recipient_of(identity)}",
    ]
    return "\n".join([*lines, *(f"# {comment}" for comment in comments), identity, ""])


def read_identity_file(data: bytes, passphrase: Callable[[], str]) -> IdentityFile:
    """Reads an identity file, asking for the passphrase only when the file is protected by one."""
    if age.is_passphrase_file(data):
        data = age.unseal_with_passphrase(data, passphrase())
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Malformed("this is not an identity file") from None
    identities = tuple(_lines(text))
    if not identities or not all(one.upper().startswith("AGE-SECRET-KEY-") for one in identities):
        raise Malformed("there is no identity (AGE-SECRET-KEY-PQ-1...) in this file")
    signed_by = _SIGNED_BY.search(text)
    return IdentityFile(identities, signed_by.group(1) if signed_by else None)


def read_recipients(text: str) -> tuple[str, ...]:
    """The recipients of an age recipients file (one a line, # comments) or of a single recipient."""
    found = tuple(age.check_recipient(line) for line in _lines(text))
    if not found:
        raise Malformed("there is no recipient (age1pq1...) here")
    return found


def fingerprint(recipient: str) -> str:
    """What people compare: the first 100 bits of SHA-256 of the recipient, base32, in four groups of five."""
    digest = base64.b32encode(hashlib.sha256(recipient.encode()).digest()).decode()[:20]
    return _grouped(digest)


def as_fingerprint(typed: str) -> str:
    """A fingerprint in its proper form, however it was grouped, in small letters or on a Cyrillic keyboard."""
    composed = unicodedata.normalize("NFKC", typed).upper().translate(LOOK_ALIKES)
    return _grouped("".join(one for one in composed if one.isalnum()))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))


def _lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]
