"""Where patterns stand in a text: which words they cover, and whether these are denied."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from flows.words.fold import Word, is_near
from flows.words.patterns import NUMBER, Atom, Pattern, Phrase, Slot, Step

_NEAR = 4  # so many other words may stand between those of a part
_MOST_PLACES = 6  # of one slot, in a text that says the same again and again
_BETWEEN = 2  # words that may stand within a phrase
_FUZZY = 6  # letters: shorter words are not taken for one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """How a language denies: words before and after, words that pass a denial on, words that take it back, endings."""

    before: frozenset[str] = frozenset()
    through: frozenset[str] = frozenset()
    after: tuple[str, ...] = ()
    unless: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    endings_but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase as it stands: its words, and those that deny it."""

    begin: int
    end: int
    denied: bool


class Lexicon:
    """Every atom of a vocabulary, to be found in words."""

    def __init__(self, atoms: set[Atom], mended: set[Atom]) -> None:
        """`mended`: those for which a word with one wrong letter is taken."""
        self._words: dict[str, list[Atom]] = {}
        self._stems: dict[str, list[Atom]] = {}
        for atom in atoms:
            (self._stems if atom.is_stem else self._words).setdefault(atom.text, []).append(atom)
        self._long: dict[str, list[tuple[str, bool]]] = {}
        for text, is_stem in {(atom.text, atom.is_stem) for atom in mended if len(atom.text) >= _FUZZY}:
            self._long.setdefault(text[0], []).append((text, is_stem))

    def knows(self, form: str) -> bool:
        """Whether an atom reads it; a stem of three letters says too little about a long word."""
        return form in self._words or any(form[:end] in self._stems for end in range(4, len(form) + 1))

    def knows_word(self, word: Word) -> bool:
        """Whether an atom reads it, however it is written."""
        return any(self.knows(form) for form in word.forms)

    def read_by(self, word: Word) -> Iterator[Atom]:
        """The atoms that read a word."""
        for form in word.forms:
            yield from self._words.get(form, ())
            for end in range(1, len(form) + 1):
                yield from self._stems.get(form[:end], ())
            if form.isdigit():
                yield from self._words.get(NUMBER, ())

    def mended(self, word: Word) -> Word:
        """An unknown long word with one wrong letter as the word that was meant, where there is only one."""
        if self.knows_word(word):
            return word
        found = {meant for form in word.forms if len(form) >= _FUZZY for meant in self._meant(form)}
        stems = {one for one in found if not any(other != one and one.startswith(other) for other in found)}
        return Word(word.forms | found, word.clause) if len(stems) == 1 else word

    def _meant(self, form: str) -> Iterator[str]:
        for text, is_stem in self._long.get(form[0], []):
            if not is_stem and is_near(form, text):
                yield text
            elif is_stem:  # its last letter stands: there a form often differs without a mistake
                ends = (end for end in _ends(form, text) if form[end - 1] == text[-1])
                cut = next((end for end in ends if is_near(form[:end], text)), None)
                if cut is not None:
                    yield text + form[cut:]


def _ends(form: str, stem: str) -> Sequence[int]:
    return [end for end in (len(stem), len(stem) + 1, len(stem) - 1) if end <= len(form)]


class Text:
    """The words of one text, with what denies them."""

    def __init__(
        self, words: Sequence[Word], lexicon: Lexicon, denials: Mapping[str, Denial], between: frozenset[str]
    ) -> None:
        self.words = [lexicon.mended(word) for word in words]
        self._denials, self._between = denials, between
        self._denied = {language: _denied(self.words, denial) for language, denial in denials.items()}
        self._found: dict[Atom, list[int]] = {}
        for at, word in enumerate(self.words):
            for atom in dict.fromkeys(lexicon.read_by(word)):
                self._found.setdefault(atom, []).append(at)

    def __len__(self) -> int:
        return len(self.words)

    @property
    def atoms(self) -> Collection[Atom]:
        """Every word and stem of the vocabulary that stands here."""
        return self._found.keys()

    def covered(self, pattern: Pattern, silent: frozenset[int]) -> frozenset[int] | None:
        """The words that a pattern reads, the fewest; None when it does not stand here."""
        if any(self._found.keys().isdisjoint(each) for each in pattern.first):
            return None
        found = [self._part(part) for part in pattern.parts]
        if any(one is None for one in found):
            return None
        all_of = frozenset[int]().union(*(one for one in found if one is not None))
        return all_of if not pattern.whole or all_of >= set(range(len(self.words))) - silent else None

    def _part(self, slots: Sequence[Slot]) -> frozenset[int] | None:
        places = [self._slot(slot) for slot in slots]
        if not all(places):
            return None
        near = (chosen for chosen in product(*places) if self._are_near(chosen))
        best = min(near, key=_span, default=None)
        return None if best is None else frozenset(at for one in best for at in range(one.begin, one.end))

    def _are_near(self, places: Sequence[Place]) -> bool:
        ordered = sorted(places, key=lambda one: one.begin)
        if any(one.end > other.begin for one, other in pairwise(ordered)):
            return False
        words = sum(one.end - one.begin for one in ordered)
        first, last = ordered[0].begin, ordered[-1].end - 1
        return last - first < words + _NEAR and self.words[first].clause == self.words[last].clause

    def _slot(self, slot: Slot) -> list[Place]:
        places = [place for way in slot for place in self._phrase(way.phrase) if way.denied in {None, place.denied}]
        return list(dict.fromkeys(places))[:_MOST_PLACES]

    def _phrase(self, phrase: Phrase) -> Iterator[Place]:
        for atom in self._here(phrase[0]):
            for begin in self._at(atom):
                for last, at in self._ends(phrase[1:], atom, begin):
                    yield Place(begin, at + 1, self._is_denied(last, begin, at + 1))

    def _ends(self, steps: Sequence[Step], atom: Atom, at: int) -> Iterator[tuple[Atom, int]]:
        """The last word of a phrase that goes on so after a word, and where it stands; each that it may be."""
        if not steps:
            yield atom, at
            return
        for following in self._here(steps[0]):
            after = self._next(at, following)
            if after is not None:
                yield from self._ends(steps[1:], following, after)

    def _next(self, at: int, atom: Atom) -> int | None:
        """Where a phrase goes on after a word: right behind it, or behind words that may stand between."""
        following = self._at(atom)
        for after in range(at + 1, min(at + 2 + _BETWEEN, len(self.words))):
            if after in following:
                return after
            if not self.words[after].forms & self._between:
                return None
        return None

    def _is_denied(self, last: Atom, begin: int, end: int) -> bool:
        by = [self._denied[last.language][at] for at in range(begin, end)]
        if any(at is not None and not begin <= at < end for at in by):
            return True
        return self._has_ending(last, end - 1)

    def _has_ending(self, atom: Atom, at: int) -> bool:
        denial = self._denials[atom.language]
        if not denial.endings or not atom.is_stem:
            return False
        tails = [form[len(atom.text) :] for form in self.words[at].forms if form.startswith(atom.text)]
        return any(_ends_so(tail, denial.endings) and not _ends_so(tail, denial.endings_but) for tail in tails)

    def _here(self, step: Step) -> Sequence[Atom]:
        """Those of its words that stand in the text."""
        return [atom for atom in step if atom in self._found]

    def _at(self, atom: Atom) -> Sequence[int]:
        return self._found.get(atom, ())


def _span(places: Sequence[Place]) -> int:
    return max(one.end for one in places) - min(one.begin for one in places)


def _ends_so(tail: str, endings: Sequence[str]) -> bool:
    """`май*` begins an ending, `ма` is one; a vowel that joins it to the stem may stand before."""
    ways = (tail, tail[1:]) if tail[:1] in tuple("аеиу") else (tail,)
    return any(way.startswith(one[:-1]) if one.endswith("*") else way == one for way in ways for one in endings if way)


def _denied(words: Sequence[Word], denial: Denial) -> list[int | None]:
    """For each word the place of the word that denies it."""
    found: list[int | None] = [None] * len(words)
    for at, word in enumerate(words):
        if word.forms & denial.before:
            _denies_on(words, at, denial, found)
        if at and begins_so(word, denial.after) and words[at - 1].clause == word.clause:
            before = at - 2 if words[at - 1].forms & denial.through and at > 1 else at - 1
            found[before] = at
    return found


def _denies_on(words: Sequence[Word], at: int, denial: Denial, found: list[int | None]) -> None:
    for after in range(at + 1, min(at + 4, len(words))):
        if words[after].clause != words[at].clause or words[after].forms & denial.unless:
            return
        found[after] = at
        if not words[after].forms & denial.through:
            return


def begins_so(word: Word, starts: Sequence[str]) -> bool:
    """Whether it is one of these words, or begins with one that ends in a star."""
    return any(form.startswith(one[:-1]) if one.endswith("*") else form == one for form in word.forms for one in starts)


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of a vocabulary that stands in a text: for which keys, and by which words."""

    keys: frozenset[str]
    words: frozenset[int] = field(repr=False)
    over: frozenset[str] = frozenset()
    weak: bool = False
