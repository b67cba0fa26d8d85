"""A file that somebody has sent, in words: what it is, and how much of it."""

from bot.speech.texts import both
from bot.speech.texts import member as texts
from bot.speech.words import MEGABYTE, Words, amount

_KINDS = {
    "photo": texts.FILE_PHOTO,
    "paper": texts.FILE_PAPER,
    "voice": texts.FILE_VOICE,
    "round": texts.FILE_ROUND,
    "video": texts.FILE_VIDEO,
}


def file_in_words(words: Words, language: str, kind: object, size: int, seconds: int) -> str:
    """`photo (1.2 MB)`, `voice message (0:42)`; a kind that only a newer version knows is a file."""
    time = f"{seconds // 60}:{seconds % 60:02}"
    text = _KINDS.get(str(kind), texts.FILE_OTHER)
    return words.text(language, text, time=time, size=_size(words, language, size))


def _size(words: Words, language: str, size: int) -> str:
    """How large it is: 1.2 MB, 40 KB."""
    unit = both.MEGABYTES if size >= MEGABYTE else both.KILOBYTES
    return words.text(language, unit, size=amount(language, size))
