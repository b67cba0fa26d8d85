"""A lost word as it is typed, and what is kept of it: slow to try, so that what rests gives none away.

A member who has lost their phone, or somebody for them, types it to the bot from any account (bot/lost_words.py).
"""

import unicodedata

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

COST = 2**15  # 32 MiB, and 50 to 100 ms
LONGEST, WORDS, CHARACTERS, LETTERS = 100, 3, 12, 10
_DIFFERENT = 6  # characters


def tidy(text: str) -> str | None:
    """What is compared, without regard to case and spaces; None for what has not the form of a lost word."""
    if len(text) > LONGEST:
        return None
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    word = " ".join(folded.split())
    return word if _is_long(word) and not word.startswith("/") else None


def too_easy(word: str, name: str) -> bool:
    """What others would guess, or type by chance: one or two mere words, the same again, the member's own name."""
    own = set(name.casefold().split())
    words = [one for one in word.split() if one not in own]
    rest = "".join(words)
    if len(set(words)) >= WORDS:
        return len(rest) < LETTERS or len(set(rest)) < _DIFFERENT
    return len(rest) < CHARACTERS or len(set(rest)) < _DIFFERENT or not any(one.isdigit() for one in rest)


def slow_hash(word: str, salt: bytes) -> bytes:
    """What is kept, still without its own salt. Blocking as long as COST says: never in a change or on the loop."""
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(word.encode())


def _is_long(word: str) -> bool:
    return len(word) >= CHARACTERS or len(word.split()) >= WORDS
