"""The patterns in which a vocabulary is written, as docs/writing-a-flow.md explains them.

держ*                 a stem; without the star a whole word; № is any number
не+до+сна             words side by side, in this order
полиц*|мент*          either; <police> is a group of the file
полиц* держ*          both, in any order, near each other in one clause
держ* & завтра        both, anywhere in the text
!держ*                only where it is denied; without the ! only where it is not; ~ either way
=дома                 the whole text, but for words that say nothing
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, product

from flows.words.fold import forms_of

NUMBER = "№"
_MARKS: Mapping[str, bool | None] = {"!": True, "~": None}
_DEEPEST = 4  # groups within groups
_FEW = 3  # words, which are looked through as quickly as looked up


class Unreadable(ValueError):
    """A pattern that cannot be read; what is wrong in words."""


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A word or a stem, folded; `language` tells how it is denied. There are many: each is only the same as itself."""

    text: str
    is_stem: bool
    language: str


Step = tuple[Atom, ...]  # one of them
Phrase = tuple[Step, ...]  # one after the other


@dataclass(frozen=True, slots=True)
class Way:
    """A phrase. `denied`: True only denied, False only not, None either way."""

    phrase: Phrase
    denied: bool | None

    @property
    def is_word(self) -> bool:
        """A single word, or one of several."""
        return len(self.phrase) == 1


Slot = tuple[Way, ...]  # one of them


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parts that stand anywhere; the slots of a part stand near each other. `whole`: nothing else is said.

    `first`: for each slot the words with which it may begin; without one of them there is no need to look further.
    """

    parts: tuple[tuple[Slot, ...], ...]
    whole: bool
    first: tuple[Collection[Atom], ...] = field(repr=False)

    @property
    def atoms(self) -> set[Atom]:
        """Every word and stem of it."""
        slots = chain.from_iterable(self.parts)
        return {atom for slot in slots for way in slot for step in way.phrase for atom in step}

    @property
    def alone(self) -> set[Atom]:
        """The words and stems that are enough by themselves."""
        slots = [slot for part in self.parts for slot in part]
        return {atom for way in slots[0] if way.is_word for atom in way.phrase[0]} if len(slots) == 1 else set()

    def samples(self, denied: str, most: int) -> Sequence[str]:
        """Texts that it is meant to read. `denied`: how its language denies, as `не {}`."""
        ways = [chain.from_iterable(_samples(way, denied) for way in slot) for part in self.parts for slot in part]
        few = [one if len(self.parts) == 1 else islice(one, 1) for one in ways]
        return [" ".join(said) for said in islice(product(*few), most)]


def _samples(way: Way, denied: str) -> Iterator[str]:
    for atoms in product(*way.phrase):
        said = " ".join("5" if atom.text == NUMBER else atom.text for atom in atoms)
        yield denied.format(said) if way.denied is True else said


def each_of(written: Sequence[str]) -> list[str]:
    """Patterns, words or stems: several may stand in one line, with commas."""
    return [bare for line in written for one in line.split(",") if (bare := one.strip())]


def forms_of_each(written: Iterable[str]) -> frozenset[str]:
    """Every form of these words."""
    return frozenset(form for word in each_of(list(written)) for form in forms_of(word))


class Groups:
    """The groups of a file, and the words of its patterns: each is read once, and what is the same is one object."""

    def __init__(self, written: Mapping[str, Sequence[str]], language: str) -> None:
        self._written, self.language = written, language
        self._read: dict[tuple[str, bool | None], list[Way]] = {}
        self._atoms: dict[str, Step] = {}
        self._slots: dict[str, tuple[Slot, Collection[Atom]]] = {}
        self._same: dict[Way, Way] = {}

    def atoms(self, word: str) -> Step:
        """The atom of a word; of a Latin one each of the forms in which it may be typed. Raises Unreadable."""
        if word not in self._atoms:
            self._atoms[word] = _atoms(word, self.language)
        return self._atoms[word]

    def slot(self, word: str) -> tuple[Slot, Collection[Atom]]:
        """A word of a pattern, and with what it may begin; raises Unreadable."""
        if word not in self._slots:
            slot = tuple(self._same.setdefault(way, way) for way in _slot(word, self))
            self._slots[word] = slot, _begins(slot)
        return self._slots[word]

    def ways(self, name: str, denied: bool | None, depth: int) -> list[Way]:
        """The phrases of a group; raises Unreadable."""
        if name not in self._written:
            raise Unreadable(f"there is no group `{name}`")
        if depth == _DEEPEST:
            raise Unreadable(f"the group `{name}` leads to itself")
        if (name, denied) not in self._read:
            each = each_of(self._written[name])
            self._read[name, denied] = _joined(way for one in each for way in _ways(one, self, denied, depth + 1))
        return self._read[name, denied]


def pattern_of(written: str, groups: Groups) -> Pattern:
    """Reads a pattern; raises Unreadable."""
    bare = written.strip()
    whole, bare = bare.startswith("="), bare.removeprefix("=")
    parts = [[groups.slot(word) for word in part.split()] for part in bare.split("&") if part.strip()]
    if not parts:
        raise Unreadable("it is empty")
    first = tuple(begins for part in parts for _, begins in part)
    return Pattern(tuple(tuple(slot for slot, _ in part) for part in parts), whole, first)


def _begins(slot: Slot) -> Collection[Atom]:
    """With what it may begin. Most have one or two words: there are thousands, and a set of each takes megabytes."""
    few = slot[0].phrase[0]
    return few if len(slot) == 1 and len(few) <= _FEW else frozenset(atom for way in slot for atom in way.phrase[0])


def _slot(word: str, groups: Groups) -> list[Way]:
    """A mark before the first of several is that of all that have none."""
    first = _mark(word, default=False)
    return _joined(way for one in word.split("|") for way in _ways(one, groups, first))


def _joined(ways: Iterable[Way]) -> list[Way]:
    """Single words as one of several, where the first of them stood: few ways, however many words a group has."""
    several = list(ways)
    if len(several) == 1:  # as nearly everywhere: there are tens of thousands
        return several
    words, found = dict[bool | None, list[Atom]](), dict[bool | Way | None, None]()
    for way in several:
        if way.is_word:
            words.setdefault(way.denied, []).extend(way.phrase[0])
            found[way.denied] = None
        else:
            found[way] = None
    return [one if isinstance(one, Way) else Way((tuple(dict.fromkeys(words[one])),), one) for one in found]


def _mark(word: str, *, default: bool | None) -> bool | None:
    return _MARKS.get(word[:1], default)


def _ways(one: str, groups: Groups, first: bool | None, depth: int = 0) -> list[Way]:
    """One phrase, in each way in which its words and groups can be said. A mark anywhere in it is that of the whole."""
    words = one.split("+")
    denied = next((_MARKS[word[0]] for word in words if word[:1] in _MARKS), first)
    each = [_joined(_said(word.lstrip("!~"), groups, denied, depth)) for word in words]
    if len(each) == 1:
        return each[0]
    return [Way(tuple(chain.from_iterable(way.phrase for way in chosen)), denied) for chosen in product(*each)]


def _said(word: str, groups: Groups, denied: bool | None, depth: int) -> list[Way]:
    """A word, or each that a group has."""
    if word.startswith("<"):
        return groups.ways(word.strip("<>"), denied, depth)
    return [Way((groups.atoms(word),), denied)]


def _atoms(written: str, language: str) -> Step:
    if written == NUMBER:
        return (Atom(NUMBER, False, language),)
    bare, star = (written[:-1], True) if written.endswith("*") else (written, False)
    if not bare or not any(one.isalnum() or ord(one) > 0x2600 for one in bare) or set(bare) & set("*<>!~=&|,"):
        raise Unreadable(f"`{written}` is no word")
    forms = forms_of(bare) if any("Ѐ" <= one <= "ӿ" for one in bare) else {min(forms_of(bare), key=_latin_first)}
    return tuple(Atom(form, star, language) for form in forms)


def _latin_first(form: str) -> bool:
    return not form.isascii()
