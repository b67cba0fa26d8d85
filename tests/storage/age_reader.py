"""A reader of age v1 files written from the C2SP text only; shares no code with Pana."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def seed_of(identity: str) -> bytes:
    """The 32 bytes of a bech32 identity (checksum not looked at)."""
    data = identity.lower().rpartition("1")[2][:-6]
    bits = "".join(f"{LETTERS.index(letter):05b}" for letter in data)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, 256, 8))


def unpadded(text: bytes) -> bytes:
    """base64 without padding."""
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def derive(key: bytes, salt: bytes | None, info: bytes) -> bytes:
    """HKDF-SHA-256, 32 bytes."""
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def read_age(data: bytes, identity: str) -> bytes:
    """Opens a file with one mlkem768x25519 stanza per recipient."""
    header, _, rest = data.partition(b"\n---")
    mac, _, payload = rest[1:].partition(b"\n")
    expanded = hashlib.shake_256(seed_of(identity)).digest(96)
    key = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
    )
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    file_key = None
    for stanza in header.split(b"\n-> ")[1:]:
        first, *body = stanza.split(b"\n")
        kind, argument = first.split(b" ")
        assert kind == b"mlkem768x25519"
        try:
            sealed = unpadded(argument) + unpadded(b"".join(body))
            file_key = suite.decrypt(sealed, key, info=b"age-encryption.org/mlkem768x25519")
        except Exception:
            continue
    assert file_key is not None
    expected = hmac.digest(derive(file_key, None, b"header"), header + b"\n---", "sha256")
    assert expected == unpadded(mac)
    cipher, stream = ChaCha20Poly1305(derive(file_key, payload[:16], b"payload")), payload[16:]
    size = 64 * 1024 + 16
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    opened = [
        cipher.decrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, None)
        for number, chunk in enumerate(chunks)
    ]
    return b"".join(opened)
