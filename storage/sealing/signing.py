"""Ed25519 signatures over manifests: where a bundle came from (docs/sealed-record.md)."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LABEL = b"pana-manifest-v1\n"


def sign(seed: bytes, manifest: bytes) -> bytes:
    """base64 of the Ed25519 signature over the label and the manifest's bytes."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(LABEL + manifest))


def verify_key_of(seed: bytes) -> str:
    """base64 of the public half."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()).decode()


def verify(manifest: bytes, signature: bytes, verify_key: str) -> bool:
    """True when the signature is this key's over these bytes; False for anything else, garbage included."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(verify_key, validate=True))
        public.verify(base64.b64decode(signature.strip(), validate=True), LABEL + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_of(verify_key: str) -> str:
    """What people compare: the first 100 bits of SHA-256 of the key, base32, in four groups of five."""
    digest = base64.b32encode(hashlib.sha256(verify_key.encode()).digest()).decode()[:20]
    return "-".join(digest[at : at + 5] for at in range(0, 20, 5))
