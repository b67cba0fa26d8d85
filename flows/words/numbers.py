"""Numbers as answers: `1)`, `№2`, `1️⃣`, `3 и 5`, «вариант 2», «первое»."""

from collections.abc import Mapping, Sequence
from functools import cache

from flows.words.fold import Word, forms_of
from flows.words.patterns import each_of
from flows.words.written import File


class Numbers:
    """Reads numbers by the words of every language."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._ordinals = [
            (number, word)
            for file in files.values()
            for number, each in enumerate(file.ordinals, start=1)
            for word in each_of([each])
        ]
        self._beside = {
            form
            for file in files.values()
            for word in each_of((*file.beside_numbers, *file.joins))
            for form in forms_of(word)
        }

    def read(self, words: Sequence[Word]) -> tuple[int, ...]:
        """The numbers that a text is, in order; empty when it says anything else."""
        found: list[int] = []
        for word in words:
            number = self._number(word)
            if number is None and not word.forms & self._beside:
                return ()
            found += [] if number is None else [number]
        return tuple(dict.fromkeys(found))

    def _number(self, word: Word) -> int | None:
        form = next((one for one in word.forms if one.isascii() and one.isdigit() and len(one) < 3), None)
        if form is not None:
            return int(form)
        return next((number for number, one in self._ordinals if _is(one, word)), None)


def _is(ordinal: str, word: Word) -> bool:
    bare, stem = ordinal.removesuffix("*"), ordinal.endswith("*")
    return any(form == one or (stem and form.startswith(one)) for one in _folded(bare) for form in word.forms)


@cache
def _folded(word: str) -> frozenset[str]:
    return forms_of(word)
