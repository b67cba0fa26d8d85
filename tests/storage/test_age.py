"""age files: round trips, damage, and an independent reading written from the C2SP text."""

import base64
import hashlib
import hmac
import random

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.sealing import age, bech32
from storage.sealing.errors import Malformed, NoMatchingKey, SealingError
from tests.storage.age_reader import read_age

ME, OTHER = age.generate_identity(), age.generate_identity()


def test_keys_have_the_lengths_of_the_standard() -> None:
    """An identity has 77 characters, a recipient 1959."""
    assert (len(ME), len(age.recipient_of(ME))) == (77, 1959)
    assert ME.startswith("AGE-SECRET-KEY-PQ-1") and age.recipient_of(ME).startswith("age1pq1")


def test_what_is_sealed_opens_again_whatever_its_size() -> None:
    """Round trips around the edges of 64 KiB chunks and at random sizes."""
    chance = random.Random(7)
    sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, *(chance.randrange(70_000) for _ in range(60))]
    for size in sizes:
        data = chance.randbytes(size)
        assert age.unseal(age.seal(data, [age.recipient_of(OTHER), age.recipient_of(ME)]), [ME]) == data


def test_an_independent_reader_of_the_standard_opens_it() -> None:
    """The bytes are what C2SP age.md says, read by code that shares nothing with ours."""
    data = random.Random(1).randbytes(100_000)
    assert read_age(age.seal(data, [age.recipient_of(ME)]), ME) == data


def test_every_flipped_byte_and_every_cut_is_found() -> None:
    """No change of one byte and no cut anywhere opens."""
    sealed = age.seal(b"a small secret", [age.recipient_of(ME)])
    for at in range(len(sealed)):
        with pytest.raises(SealingError):
            age.unseal(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], [ME])
        with pytest.raises(SealingError):
            age.unseal(sealed[:at], [ME])


def test_another_key_does_not_open_it() -> None:
    """A file sealed to somebody else says so."""
    with pytest.raises(NoMatchingKey):
        age.unseal(age.seal(b"x", [age.recipient_of(ME)]), [OTHER])


def test_a_passphrase_opens_its_file_and_no_other_does() -> None:
    """Identity files can be protected by a passphrase."""
    sealed = age.seal_with_passphrase(b"identity", "пароль", work_factor=10)
    assert age.is_passphrase_file(sealed)
    assert age.unseal_with_passphrase(sealed, "пароль") == b"identity"
    with pytest.raises(NoMatchingKey):
        age.unseal_with_passphrase(sealed, "другой")


def test_files_to_the_older_x25519_recipient_can_be_read() -> None:
    """X25519 is read, never written."""
    secret = X25519PrivateKey.generate()
    ours, share = secret.public_key().public_bytes_raw(), X25519PrivateKey.generate()
    info = b"age-encryption.org/v1/X25519"
    public = share.public_key().public_bytes_raw()
    key = HKDF(hashes.SHA256(), 32, public + ours, info).derive(share.exchange(secret.public_key()))
    file_key, nonce = b"0123456789abcdef", bytes(16)
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)

    def b64(data: bytes) -> bytes:
        return base64.b64encode(data).rstrip(b"=")

    header = b"age-encryption.org/v1\n-> X25519 " + b64(public) + b"\n" + b64(body) + b"\n---"
    mac = hmac.digest(HKDF(hashes.SHA256(), 32, None, b"header").derive(file_key), header, "sha256")
    stream = HKDF(hashes.SHA256(), 32, nonce, b"payload").derive(file_key)
    payload = ChaCha20Poly1305(stream).encrypt(bytes(11) + b"\x01", b"hello", None)
    identity = bech32.encode("age-secret-key-", secret.private_bytes_raw()).upper()
    assert age.unseal(header + b" " + b64(mac) + b"\n" + nonce + payload, [identity]) == b"hello"


RIGHT = age.recipient_of(ME)
TYPED_WRONG = RIGHT[:-1] + ("p" if RIGHT.endswith("q") else "q")


@pytest.mark.parametrize("text", ["", "age1abc", "age1pq1qqqq", TYPED_WRONG, "hello"])
def test_a_wrong_recipient_is_refused_in_one_sentence(text: str) -> None:
    """A typing mistake in a recipient is found before anything is sealed to it."""
    with pytest.raises(Malformed, match=r"^[^\n]{10,120}$"):
        age.check_recipient(text)


LOW_ORDER = [
    "00" * 32,
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
]
"""Points of X25519 with which every shared secret is nought (RFC 7748, section 7)."""


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_key_to_which_nothing_can_be_sealed_is_refused_when_it_comes(point: str) -> None:
    """Else it would be found out at the next case, which is sealed to everybody: none could be opened any more."""
    prefix, data = bech32.decode(age.recipient_of(ME))
    with pytest.raises(Malformed):
        age.check_recipient(bech32.encode(prefix, data[:1184] + bytes.fromhex(point)))


@pytest.mark.parametrize(
    "text", ["age1qdd35qf", "age1qpu0j2ex", "age1qqqyst3gn", "аge1qqpexly5", "\U0001f5111qqpexly5"]
)
def test_letters_that_are_not_whole_bytes_and_letters_of_other_alphabets_are_no_key(text: str) -> None:
    """The first three have a right checksum."""
    assert bech32.decode("age1qqpexly5") == ("age", b"\0")
    with pytest.raises(Malformed):
        bech32.decode(text)


def test_the_fingerprint_of_seed_is_stable() -> None:
    """The recipient depends on nothing but the seed (X-Wing: SHAKE-256 of it)."""
    identity = bech32.encode("age-secret-key-pq-", bytes(range(32))).upper()
    digest = hashlib.sha256(age.recipient_of(identity).encode()).hexdigest()
    assert digest == hashlib.sha256(age.recipient_of(identity.lower()).encode()).hexdigest()
