"""Bech32 without a length limit, as age uses it for keys (BIP 173; C2SP age.md, "Native X25519").

Five bits are a letter, as in base32 (RFC 4648): what both have in common is left to `base64`. A key has 2000 letters.
"""

import base64
from collections.abc import Iterable

from storage.sealing.errors import Malformed

_ALPHABET = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_NUMBERS = bytes.maketrans(_ALPHABET, bytes(range(32)))
_LETTERS = bytes.maketrans(bytes(range(32)), _ALPHABET)
_FROM_BASE32 = bytes.maketrans(_BASE32, bytes(range(32)))
_TO_BASE32 = bytes.maketrans(bytes(range(32)), _BASE32)
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _generated(top: int) -> int:
    check = 0
    for bit, generator in enumerate(_GENERATOR):
        check ^= generator if (top >> bit) & 1 else 0
    return check


_GENERATED = tuple(_generated(top) for top in range(32))


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _GENERATED[check >> 25]
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _groups(data: bytes) -> bytes:
    """Five bits each, the last one filled up with zeros."""
    return base64.b32encode(data).rstrip(b"=").translate(_FROM_BASE32)


def encode(prefix: str, data: bytes) -> str:
    """Returns `prefix` + "1" + the data and its checksum, in lower case."""
    groups = _groups(data)
    check = _polymod([*_expand(prefix), *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    groups += bytes((check >> 5 * (5 - place)) & 31 for place in range(6))
    return prefix + "1" + groups.translate(_LETTERS).decode()


def decode(text: str) -> tuple[str, bytes]:
    """Returns prefix (lower case) and data; raises Malformed for mixed case, bad letters or a wrong checksum."""
    if text != text.lower() and text != text.upper():
        raise Malformed("a key mixes upper and lower case")
    prefix, _, rest = text.lower().rpartition("1")
    if not prefix or len(rest) < 6 or not set(rest) <= set(_ALPHABET.decode()):
        raise Malformed("this is not a key in age's form")
    groups = rest.encode().translate(_NUMBERS)
    if _polymod([*_expand(prefix), *groups]) != 1:
        raise Malformed("a letter of the key is wrong: its checksum does not hold")
    return prefix, _data(groups[:-6])


def _data(groups: bytes) -> bytes:
    """The bytes that have exactly these groups; raises Malformed when none have."""
    padding = b"=" * (-len(groups) % 8)
    try:
        data = base64.b32decode(groups.translate(_TO_BASE32) + padding)
    except ValueError:
        raise Malformed("this is not a key in age's form") from None
    spare = 5 * len(groups) - 8 * len(data)
    if groups and groups[-1] & ((1 << spare) - 1):  # bits are left over that fill nothing up
        raise Malformed("this is not a key in age's form")
    return data
