"""Numbers as answers: `1)`, `№2`, `1️⃣`, `3-й`, `3 и 5`, «вариант 2», «первое», «номер два»."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from flows.words.fold import Word, forms_of
from flows.words.patterns import each_of, forms_of_each
from flows.words.written import File

_DIGITS = re.compile(r"(\D*)([0-9]{1,2})(\D*)")


@dataclass(frozen=True, slots=True)
class _Name:
    """How a number is called, in words or stems. `cardinal`: as it is counted, "one", not "first".

    `place`: among all of them, as they are written.
    """

    language: str
    number: int
    words: tuple[str, ...]
    cardinal: bool
    place: int


class _Names:
    """Names by what they begin with: at every word of a text there are three hundred that it might be."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self._whole: dict[str, list[_Name]] = {}
        self._stems: dict[str, list[_Name]] = {}
        for name in names:
            bare, is_stem = _bare(name.words[0])
            for form in _folded(bare):
                (self._stems if is_stem else self._whole).setdefault(form, []).append(name)

    def begins(self, words: Sequence[Word]) -> _Name | None:
        """The longest with which a text begins; of several the one that was written first."""
        found = [name for name in self._met(words[0]) if _goes_on(words, name.words)]
        return min(found, key=lambda name: (-len(name.words), name.place), default=None)

    def _met(self, word: Word) -> Iterator[_Name]:
        for form in word.forms:
            yield from self._whole.get(form, ())
            for end in range(1, len(form) + 1):
                yield from self._stems.get(form[:end], ())


class Numbers:
    """Reads numbers by the words of every language."""

    def __init__(self, files: Mapping[str, File]) -> None:
        each = chain.from_iterable(_names(language, file) for language, file in files.items())
        self._names = [_Name(*one, place) for place, one in enumerate(each)]
        self._ordinals = _Names(name for name in self._names if not name.cardinal)
        self._counted: dict[str, _Names] = {}
        written = files.values()
        self._calls = forms_of_each(chain.from_iterable(file.call_numbers for file in written))
        self._joins = forms_of_each(chain.from_iterable(file.joins for file in written))
        self._beside = (
            self._calls | self._joins | forms_of_each(chain.from_iterable(file.beside_numbers for file in written))
        )
        self._in_latin = {language for language, file in files.items() if _is_latin(file.cardinals)}
        self._fillers = {language: forms_of_each(file.fillers) for language, file in files.items()}

    def read(self, words: Sequence[Word]) -> tuple[int, ...]:
        """The numbers in digits or of an order that a text is, as they stand; empty when it says anything else."""
        return self._read(words, self._ordinals, self._beside)

    def counted(self, words: Sequence[Word], language: str) -> tuple[int, ...]:
        """The same where one is called as it is counted, "two": only bare, or called a number.

        «Я один» is none, and «он» is ten only in a conversation whose `language` counts so. "West" is not «шесть» where
        Latin letters are the language's own.
        """
        if language not in self._counted:
            counts = (name for name in self._names if not name.cardinal or self._counts(name, language))
            self._counted[language] = _Names(counts)
        ends = words[0].forms | words[-1].forms if words else frozenset[str]()
        return () if ends & self._joins else self._read(words, self._counted[language], self._calls | self._joins)

    def _counts(self, name: _Name, language: str) -> bool:
        """What says nothing where another language is spoken is no number there."""
        if name.language == language or language in self._in_latin:
            return name.language == language
        return not any(_folded(word) & self._fillers.get(language, frozenset()) for word in name.words)

    def _read(self, words: Sequence[Word], names: _Names, beside: frozenset[str]) -> tuple[int, ...]:
        found, at = list[int](), 0
        while at < len(words):
            number, length = self._number(words[at:], names)
            if number is None and not words[at].forms & beside:
                return ()
            found += [] if number is None else [number]
            at += length
        return tuple(dict.fromkeys(found))

    def _number(self, words: Sequence[Word], names: _Names) -> tuple[int | None, int]:
        """With what a text begins, and how many words that are."""
        digits = next((one for form in words[0].forms if (one := self._digits(form)) is not None), None)
        if digits is not None:
            return digits, 1
        name = names.begins(words)
        return (None, 1) if name is None else (name.number, len(name.words))

    def _digits(self, form: str) -> int | None:
        """A number with what people write close to it: `n1`, `3й`."""
        found = _DIGITS.fullmatch(form)
        if found is None or not all(part in self._beside for part in (found[1], found[3]) if part):
            return None
        return int(found[2])


def _names(language: str, file: File) -> Iterator[tuple[str, int, tuple[str, ...], bool]]:
    for written, cardinal in ((file.ordinals, False), (file.cardinals, True)):
        for number, each in enumerate(written, start=1):
            for one in each_of([each]):
                yield language, number, tuple(one.split("+")), cardinal


def _is_latin(words: Sequence[str]) -> bool:
    return bool(words) and all(map(str.isascii, words))


def _goes_on(words: Sequence[Word], name: Sequence[str]) -> bool:
    return len(words) >= len(name) and all(_is(one, word) for one, word in zip(name[1:], words[1:], strict=False))


def _is(named: str, word: Word) -> bool:
    bare, is_stem = _bare(named)
    return any(form == one or (is_stem and form.startswith(one)) for one in _folded(bare) for form in word.forms)


def _bare(named: str) -> tuple[str, bool]:
    return named.removesuffix("*"), named.endswith("*")


@cache
def _folded(word: str) -> frozenset[str]:
    return forms_of(word)
