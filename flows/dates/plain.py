"""A text as the ways of writing read it: small letters of one alphabet, ordinals as `15TH`, one word for a number."""

import re
from collections.abc import Sequence
from functools import cache

from flows.dates.vocabulary import ORDINAL, Pattern, Vocabulary, any_of

_SIGNS = re.compile(r"[()\"«»?!~≈*\u00a0]")
# Beside a date a picture says nothing, but for those that count (\U0001f51f) or deny; a digit on a key is a digit.
_PICTURES = re.compile(
    r"(?![\u26d4\u274c\u274e\U0001f44e\U0001f51f\U0001f6ab])[\u203c\u2049\u2600-\u2775\U0001f300-\U0001faff]"
)
_OF_PICTURES = re.compile(r"[\u200d\u20e3\ufe0f]")
_ALWAYS = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "−": "-", "|": "."})
_ABOUT_AN_HOUR = re.compile(r"[~≈] ?(?=\d{1,2}:\d\d)")
_POINT = re.compile(r"\s*([,./])\s*")
_LATIN, _CYRILLIC = re.compile(r"[a-z]"), re.compile(r"[\u0400-\u04ff]")
_ROMAN = re.compile(r"\b(\d{1,2})[. ]([ivx]{1,4})(?=[. ]\d{2}|$)")
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def folded(text: str, words: Vocabulary) -> str:
    """The same text in the letters of these words."""
    said = _PICTURES.sub(" ", _OF_PICTURES.sub("", text)).casefold().translate(_ALWAYS)
    said = _ABOUT_AN_HOUR.sub(f"{words.around[0]} " if words.around else "", said)
    said = _ROMAN.sub(_with_month_in_digits, said)
    said = " ".join(_SIGNS.sub(" ", said).split())
    if _LATIN.search(said) and not _CYRILLIC.search(said):
        for form, instead in words.latin:
            said = form.sub(instead, said)
    for letter, instead in words.letters.items():
        said = said.replace(letter, instead)
    for form, instead in _reworded(words):
        said = form.sub(instead, said)
    return " ".join(said.split()).strip(" .,;")


def _with_month_in_digits(match: re.Match[str]) -> str:
    """20.XI.2026 is 20.11.2026."""
    return f"{match[1]}.{_ROMAN_MONTHS.index(match[2]) + 1}" if match[2] in _ROMAN_MONTHS else match[0]


@cache
def _reworded(words: Vocabulary) -> tuple[tuple[Pattern, str], ...]:
    return tuple((re.compile(form), instead) for form, instead in words.reworded.items())


def plain(said: str, words: Vocabulary) -> str:
    """The words of a folded date in one form."""
    said = said.strip(" .,;")
    if _only_numbers(words).fullmatch(said):
        said = _POINT.sub(r"\1", said).replace(",", ".")
    for form, instead in _rewritten(words):
        said = form.sub(instead, said)
    return " ".join(_in_digits(said.split(), words))


@cache
def _only_numbers(words: Vocabulary) -> Pattern:
    return re.compile(rf"[\d\s,./]+{any_of(words.year_mark)}?")


@cache
def _rewritten(words: Vocabulary) -> tuple[tuple[Pattern, str], ...]:
    """What is written otherwise, one after the other."""
    return (
        (re.compile(r"\b(\d{1,2}),5 (?=[^\W\d])"), r"\1.5 "),
        (re.compile(r"[,;]"), " "),
        (re.compile(rf"(\d)-?{any_of(words.ordinal_endings)}\b"), rf"\1{ORDINAL}"),
        (re.compile(rf"\b((?:19|20)\d\d)(?:{ORDINAL}|-?{any_of(words.year_endings)})\b"), r"\1"),
        (re.compile(r"\b(\d{1,2})[-/]([^\W\d_]{3,})[-/](\d{2,4})\b"), r"\1 \2 \3"),
        (re.compile(rf"(\d)-?(?={any_of(words.year_letters)}\b|[^\W\d_]{{3,}})"), r"\1 "),
        (re.compile(r"([^\W\d_]{3,})(?=\d)"), r"\1 "),
        (re.compile(r"(\d)\.(?=[^\W\d_])"), r"\1 "),
        (re.compile(r"([^\W\d_])\."), r"\1 "),
        (words.dropped, ""),
        (words.split, " "),
    )


def _in_digits(said: Sequence[str], words: Vocabulary) -> list[str]:
    """Ordinals, and numbers of two words, in digits: «двадцать первого» is `21TH`, «он екі» is `12`."""
    found: list[str] = []
    for word in said:
        tens = words.numbers[found[-1]] if found and found[-1] in words.tens else 0
        ordinal, small = _ordinal(word, words, alone=len(said) == 1), _small(word, words)
        if tens and (small or 0 < ordinal < 10):
            found[-1] = str(tens + small) if small else f"{tens + ordinal}{ORDINAL}"
        else:
            found.append(f"{ordinal}{ORDINAL}" if ordinal else word)
    return found


def _ordinal(word: str, words: Vocabulary, *, alone: bool) -> int:
    return words.ordinals.get(word) or (0 if alone else words.ordinals_beside.get(word, 0))


def _small(word: str, words: Vocabulary) -> int:
    """One to nine, where it may follow a ten."""
    number = 0 if word in words.articles else words.numbers.get(word, 0)
    return number if number < 10 else 0
