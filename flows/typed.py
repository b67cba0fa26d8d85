"""The words of the buttons themselves, in every language: they are read also where there is no vocabulary."""

import re

from flows.said.commands import Wish

_WORDS = {
    "back": Wish.back,
    "назад": Wish.back,
    "артқа": Wish.back,
    "skip": Wish.skip,
    "пропустить": Wish.skip,
    "өткізіп жіберу": Wish.skip,
    "done": Wish.done,
    "готово": Wish.done,
    "дайын": Wish.done,
    "i don't know": Wish.unknown,
    "i dont know": Wish.unknown,
    "не знаю": Wish.unknown,
    "білмеймін": Wish.unknown,
    "send": Wish.send,
    "отправить": Wish.send,
    "жіберу": Wish.send,
}


def plain(text: str) -> str:
    """Text for comparing: folded case, ё as е, no punctuation, single spaces."""
    folded = text.casefold().replace("ё", "е").replace("’", "'")
    return " ".join(re.sub(r"[^\w' ]+", " ", folded).split())


def read_word(text: str) -> Wish | None:
    """The button that this text names, or None."""
    return _WORDS.get(plain(text[:40]))
