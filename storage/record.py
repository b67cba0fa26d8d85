"""The sealed record's format (docs/sealed-record.md): case key, wrap, entry, padding, codes. No database."""

import base64
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from storage.sealing import age
from storage.sealing.identity_file import render_identity_file

GENESIS = "0" * 64
CODE_ALPHABET = "23456789CDFGHJKMNPQRTVWX"
PRACTICE_CODE = "PRCT-"  # how the code of every practice case begins
_SIZES = (512, 2048, 8192, 32768)
Today = Callable[[datetime], date]  # which day a moment is of, where people are helped: entries are of such days


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A case's key pair while it is in memory."""

    identity: str = field(repr=False)
    recipient: str
    case_id: str

    @classmethod
    def of(cls, identity: str) -> "CaseKey":
        """The key pair of an identity."""
        recipient = age.recipient_of(identity)
        return cls(identity, recipient, case_id_of(recipient))


class EntryKind(StrEnum):
    """What an entry is about (docs/sealed-record.md); `readers` is always the first."""

    readers = "readers"
    snapshot = "snapshot"
    answer = "answer"
    level = "level"
    message = "message"
    file = "file"
    check = "check"
    submitted = "submitted"
    withdrawn = "withdrawn"
    restored = "restored"
    note = "note"  # of a lawyer for the next one


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one entry says, before it has a place in the chain. `form`: in which words an answer was asked for."""

    kind: EntryKind
    at: str
    value: object = field(default=None, repr=False)
    flow: str | None = None
    question: str | None = None
    lang: str | None = None
    part: int | None = None
    form: str | None = None


def new_case_key() -> CaseKey:
    """A fresh case key; whoever makes it wraps the identity and forgets it."""
    return CaseKey.of(age.generate_identity())


def case_id_of(recipient: str) -> str:
    """The case id that belongs to a case recipient."""
    digest = hashlib.sha256(b"pana-case-v1\n" + recipient.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:32]


def wrap(identity: str, recipient: str) -> bytes:
    """The case identity as an age identity file, sealed to one recipient."""
    return wrapping(CaseKey.of(identity))(recipient)


def wrapping(key: CaseKey) -> Callable[[str], bytes]:
    """Wraps one case identity for several recipients: its file, which names its own recipient, is written once."""
    file = render_identity_file(key.identity, datetime(2000, 1, 1, tzinfo=UTC), recipient=key.recipient).encode()
    return lambda recipient: age.seal(file, [recipient])


def seal_entry(case_recipient: str, case_id: str, seq: int, prev: str, entry: Entry) -> bytes:
    """One entry in its place in the chain, padded and sealed to the case recipient."""
    said: dict[str, object] = {"v": 1, "case": case_id, "seq": seq, "prev": prev, "kind": entry.kind}
    named = {"flow": entry.flow, "question": entry.question, "lang": entry.lang, "part": entry.part, "form": entry.form}
    said |= {name: value for name, value in named.items() if value is not None}
    said |= {"value": entry.value, "at": entry.at, "pad": ""}
    bare = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    pad = b" " * (size_class(len(bare)) - len(bare))
    return age.seal(bare[:-2] + pad + bare[-2:], [case_recipient])  # the bare JSON ends in `"}`


def size_class(length: int) -> int:
    """The size that a record of this length is padded to."""
    return next((size for size in _SIZES if length <= size), -(-length // _SIZES[-1]) * _SIZES[-1])


class FileSealing:
    """A file on its way into a case: its bytes, then zeros up to the size class; sealed to the case recipient.

    The bytes come first, so that stock tools open what they decrypt; how many they are stands in the file's entry.
    """

    def __init__(self, case_recipient: str) -> None:
        self._sealing = age.sealing([case_recipient])
        self._clear, self._sealed = hashlib.sha256(), hashlib.sha256()
        self.bytes, self.size = 0, 0
        self._ready = self._sealing.start

    def add(self, data: bytes) -> bytes:
        """The next piece, sealed as far as that goes."""
        self._clear.update(data)
        self.bytes += len(data)
        return self._gives(self._sealing.add(data))

    def end(self) -> bytes:
        """The padding, and the last piece."""
        pad = size_class(self.bytes) - self.bytes
        return self._gives(self._sealing.add(bytes(pad)) + self._sealing.end())

    @property
    def clear_sha256(self) -> str:
        """SHA-256 of the file as it was sent, hexadecimal."""
        return self._clear.hexdigest()

    @property
    def sha256(self) -> str:
        """SHA-256 of the age file so far, hexadecimal."""
        return self._sealed.hexdigest()

    def _gives(self, sealed: bytes) -> bytes:
        given, self._ready = self._ready + sealed, b""
        self._sealed.update(given)
        self.size += len(given)
        return given


def new_kid() -> str:
    """An opaque name for a wrap."""
    return secrets.token_hex(8)


def new_code() -> str:
    """A random case code, without look-alikes and vowels: `K7Q4-F2MX`; none that a practice case could have."""
    while True:
        letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))
        code = f"{letters[:4]}-{letters[4:]}"
        if not code.startswith(PRACTICE_CODE):
            return code


def new_check_word() -> str:
    """Six letters from inside a case: whoever can say them has opened it."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))


# What stands on a Cyrillic or Greek keyboard and looks like a letter or figure of our alphabet, Kazakh ones too.
_LOOK_ALIKES = str.maketrans("СНКМРТХԌЈԚԜԀЅҢҚҒҺҲЗЧБΗΚΜΝΡΤΧ", "CHKMPTXGJQWDSHKFHX346HKMNPTX")


def tidy_letters(text: str) -> str:
    """What is typed of a code: capital letters and figures, whatever the keyboard, dashes, blanks, stops and signs."""
    kept = "".join(one for one in text if unicodedata.category(one)[0] in "LN")  # before NFKC: № becomes two letters
    return unicodedata.normalize("NFKC", kept).upper().translate(_LOOK_ALIKES)


def tidy_check_word(text: str) -> str | None:
    """A typed check word in its proper form; None when it cannot be one."""
    return _of_alphabet(tidy_letters(text), 6)


def tidy_code(text: str) -> str | None:
    """A typed code in its proper form, also after a word such as "code"; None when it cannot be one."""
    words = text.split()
    for start in (0, -1, -2, -3):  # all of it, or what stands last: K7Q4-F2MX, K7Q4 F2MX, K7Q4 – F2MX
        letters = _of_alphabet(tidy_letters(" ".join(words[start:])), 8)
        if letters is not None:
            return f"{letters[:4]}-{letters[4:]}"
    return None


def codes_in(text: str) -> frozenset[str]:
    """Every code that may stand in a text, wherever it does."""
    words = text.split()
    runs = (" ".join(words[at : at + few]) for at in range(len(words)) for few in (1, 2, 3))
    return frozenset(code for code in map(tidy_code, (text, *runs)) if code is not None)


def without_codes(words: Sequence[str]) -> list[str]:
    """The words that belong to no code; one may stand in up to three of them."""
    left, at = list[str](), 0
    while at < len(words):
        runs = (few for few in (1, 2, 3) if _of_alphabet(tidy_letters(" ".join(words[at : at + few])), 8) is not None)
        few = next(runs, 0)
        left += [] if few else [words[at]]
        at += few or 1
    return left


def _of_alphabet(letters: str, length: int) -> str | None:
    return letters if len(letters) == length and all(one in CODE_ALPHABET for one in letters) else None
