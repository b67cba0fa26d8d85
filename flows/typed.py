"""What people type instead of pressing: numbers, labels, and the words of the buttons, in every language."""

import re
from collections.abc import Callable
from enum import StrEnum

from flows.model import OptionId, Question


class Word(StrEnum):
    """A button's word."""

    back = "back"
    skip = "skip"
    done = "done"
    unknown = "unknown"
    send = "send"


_WORDS = {
    "back": Word.back,
    "назад": Word.back,
    "артқа": Word.back,
    "skip": Word.skip,
    "пропустить": Word.skip,
    "өткізіп жіберу": Word.skip,
    "done": Word.done,
    "готово": Word.done,
    "дайын": Word.done,
    "i don't know": Word.unknown,
    "i dont know": Word.unknown,
    "не знаю": Word.unknown,
    "білмеймін": Word.unknown,
    "send": Word.send,
    "отправить": Word.send,
    "жіберу": Word.send,
}
_NUMBERS = re.compile(r"\s*\d{1,2}(\s*[,;\s.]\s*\d{1,2})*\s*[.,]?\s*", re.ASCII)
_SHORTEST_PREFIX = 4


def plain(text: str) -> str:
    """Text for comparing: folded case, ё as е, no punctuation, single spaces."""
    folded = text.casefold().replace("ё", "е").replace("’", "'")
    return " ".join(re.sub(r"[^\w' ]+", " ", folded).split())


def read_word(text: str) -> Word | None:
    """The button that this text names, or None."""
    return _WORDS.get(plain(text[:40]))


def read_options(question: Question, text: str) -> tuple[OptionId, ...] | None:
    """The options that a typed text means: numbers, or a label in any language; None when it fits none."""
    if len(text) > 200:
        return None
    if _NUMBERS.fullmatch(text):
        return _by_numbers(question, [int(number) for number in re.findall(r"\d+", text)])
    said = plain(re.sub(r"^\s*\d{1,2}\s*[.)]\s*", "", text))
    return _by_label(question, said)


def _by_numbers(question: Question, numbers: list[int]) -> tuple[OptionId, ...] | None:
    if not all(0 < number <= len(question.options) for number in numbers):
        return None
    return tuple(dict.fromkeys(question.options[number - 1].id for number in numbers))


def _by_label(question: Question, said: str) -> tuple[OptionId, ...] | None:
    exact = _matching(question, lambda label: label == said)
    if exact:
        return exact[:1]
    if len(said) < _SHORTEST_PREFIX:
        return None
    begun = _matching(question, lambda label: label.startswith(said))
    return begun if len(begun) == 1 else None


def _matching(question: Question, fits: Callable[[str], bool]) -> tuple[OptionId, ...]:
    return tuple(option.id for option in question.options if any(fits(plain(label)) for label in option.label.values()))
