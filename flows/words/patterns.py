"""The patterns in which a vocabulary is written, as docs/writing-a-flow.md explains them.

держ*                 a stem; without the star a whole word; № is any number
не+до+сна             words side by side, in this order
полиц*|мент*          either; <police> is a group of the file
полиц* держ*          both, in any order, near each other in one clause
держ* & завтра        both, anywhere in the text
!держ*                only where it is denied; without the ! only where it is not; ~ either way
=дома                 the whole text, but for words that say nothing
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice, product

from flows.words.fold import forms_of

NUMBER = "№"
_MARKS: Mapping[str, bool | None] = {"!": True, "~": None}
_DEEPEST = 4  # groups within groups


class Unreadable(ValueError):
    """A pattern that cannot be read; what is wrong in words."""


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A word or a stem, folded; `language` tells how it is denied. There are many: each is only the same as itself."""

    text: str
    is_stem: bool
    language: str


Phrase = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A phrase. `denied`: True only denied, False only not, None either way."""

    phrase: Phrase
    denied: bool | None


Slot = tuple[Way, ...]  # one of them


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parts that stand anywhere; the slots of a part stand near each other. `whole`: nothing else is said.

    `first`: for each slot the words with which it may begin; without one of them there is no need to look further.
    """

    written: str
    parts: tuple[tuple[Slot, ...], ...]
    whole: bool
    first: tuple[frozenset[Atom], ...] = field(repr=False)

    @property
    def atoms(self) -> set[Atom]:
        """Every word and stem of it."""
        return {atom for part in self.parts for slot in part for way in slot for atom in way.phrase}

    @property
    def alone(self) -> set[Atom]:
        """The words and stems that are enough by themselves."""
        slots = [slot for part in self.parts for slot in part]
        return {way.phrase[0] for way in slots[0] if len(way.phrase) == 1} if len(slots) == 1 else set()

    def samples(self, denied: str, most: int) -> Sequence[str]:
        """Texts that it is meant to read. `denied`: how its language denies, as `не {}`."""
        slots = [slot if len(self.parts) == 1 else slot[:1] for part in self.parts for slot in part]
        return [" ".join(_sample(way, denied) for way in ways) for ways in islice(product(*slots), most)]


def _sample(way: Way, denied: str) -> str:
    said = " ".join("5" if atom.text == NUMBER else atom.text for atom in way.phrase)
    return denied.format(said) if way.denied is True else said


def each_of(written: Sequence[str]) -> list[str]:
    """Patterns, words or stems: several may stand in one line, with commas."""
    return [bare for line in written for one in line.split(",") if (bare := one.strip())]


class Groups:
    """The groups of a file, each read once."""

    def __init__(self, written: Mapping[str, Sequence[str]], language: str) -> None:
        self._written, self.language = written, language
        self._read: dict[tuple[str, bool | None], list[Way]] = {}

    def ways(self, name: str, denied: bool | None, depth: int) -> list[Way]:
        """The phrases of a group; raises Unreadable."""
        if name not in self._written:
            raise Unreadable(f"there is no group `{name}`")
        if depth == _DEEPEST:
            raise Unreadable(f"the group `{name}` leads to itself")
        if (name, denied) not in self._read:
            each = each_of(self._written[name])
            self._read[name, denied] = [way for one in each for way in _ways(one, self, denied, depth + 1)]
        return self._read[name, denied]


def pattern_of(written: str, groups: Groups) -> Pattern:
    """Reads a pattern; raises Unreadable."""
    bare = written.strip()
    whole, bare = bare.startswith("="), bare.removeprefix("=")
    parts = tuple(tuple(_slot(word, groups) for word in part.split()) for part in bare.split("&") if part.strip())
    if not parts:
        raise Unreadable("it is empty")
    first = tuple(frozenset(way.phrase[0] for way in slot) for part in parts for slot in part)
    return Pattern(written, parts, whole, first)


def _slot(word: str, groups: Groups) -> Slot:
    """A mark before the first of several is that of all that have none."""
    first = _mark(word, default=False)
    return tuple(way for one in word.split("|") for way in _ways(one, groups, first))


def _mark(word: str, *, default: bool | None) -> bool | None:
    return _MARKS.get(word[:1], default)


def _ways(one: str, groups: Groups, first: bool | None, depth: int = 0) -> list[Way]:
    """One phrase, in each way in which its words and groups can be said. A mark anywhere in it is that of the whole."""
    words = one.split("+")
    denied = next((_mark(word, default=first) for word in words if word[:1] in _MARKS), first)
    if len(words) > 1:
        each = [_ways(word.lstrip("!~"), groups, denied, depth) for word in words]
        return [Way(tuple(chain.from_iterable(way.phrase for way in chosen)), denied) for chosen in product(*each)]
    word = one.lstrip("!~")
    if word.startswith("<"):
        return groups.ways(word.strip("<>"), denied, depth)
    return [Way((atom,), denied) for atom in _atoms(word, groups.language)]


@lru_cache(maxsize=20_000)
def _atoms(written: str, language: str) -> tuple[Atom, ...]:
    """The atom of a word; of a Latin one each of the forms in which it may be typed."""
    if written == NUMBER:
        return (Atom(NUMBER, False, language),)
    bare, star = (written[:-1], True) if written.endswith("*") else (written, False)
    if not bare or not any(one.isalnum() or ord(one) > 0x2600 for one in bare) or set(bare) & set("*<>!~=&|,"):
        raise Unreadable(f"`{written}` is no word")
    forms = forms_of(bare) if any("Ѐ" <= one <= "ӿ" for one in bare) else {min(forms_of(bare), key=_latin_first)}
    return tuple(Atom(form, star, language) for form in forms)


def _latin_first(form: str) -> bool:
    return not form.isascii()
