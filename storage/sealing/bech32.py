"""Bech32 without a length limit, as age uses it for keys (BIP 173; C2SP age.md, "Native X25519")."""

from storage.sealing.errors import Malformed

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {letter: number for number, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if (top >> bit) & 1 else 0
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _regroup(data: bytes | list[int], width: int, to: int) -> tuple[list[int], int, int]:
    """Regroups bits; returns the groups, the left-over bits and how many they are."""
    held, bits, out = 0, 0, []
    for value in data:
        held = (held << width) | value
        bits += width
        while bits >= to:
            bits -= to
            out.append((held >> bits) & ((1 << to) - 1))
        held &= (1 << bits) - 1
    return out, held, bits


def encode(prefix: str, data: bytes) -> str:
    """Returns `prefix` + "1" + the data and its checksum, in lower case."""
    groups, rest, bits = _regroup(data, 8, 5)
    if bits:
        groups.append((rest << (5 - bits)) & 31)
    check = _polymod([*_expand(prefix), *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    groups += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return prefix + "1" + "".join(_ALPHABET[group] for group in groups)


def decode(text: str) -> tuple[str, bytes]:
    """Returns prefix (lower case) and data; raises Malformed for mixed case, bad letters or a wrong checksum."""
    if text != text.lower() and text != text.upper():
        raise Malformed("a key mixes upper and lower case")
    prefix, _, rest = text.lower().rpartition("1")
    if not prefix or len(rest) < 6 or not set(rest) <= set(_VALUE):
        raise Malformed("this is not a key in age's form")
    groups = [_VALUE[letter] for letter in rest]
    if _polymod([*_expand(prefix), *groups]) != 1:
        raise Malformed("a letter of the key is wrong: its checksum does not hold")
    data, left, bits = _regroup(groups[:-6], 5, 8)
    if bits >= 5 or left:
        raise Malformed("this is not a key in age's form")
    return prefix, bytes(data)
