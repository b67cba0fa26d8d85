"""The vocabulary of a questionnaire, in every language at once: people mix them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import msgspec

from flows.words.fold import Word, forms_of, other_layout, words_in
from flows.words.matching import Denial, Lexicon, Match, Text, begins_so
from flows.words.numbers import Numbers
from flows.words.patterns import Atom, Groups, Pattern, each_of, forms_of_each, pattern_of
from flows.words.written import Entry, File, Topic, groups_of

EITHER = "|"  # `held|border`: one of them, which cannot be told
NOTHING = "-"  # words that are no answer, although some of them are elsewhere


_BEARS = 1  # words that nobody knows, beside an answer of which the vocabulary does not say how many


@dataclass(frozen=True, slots=True)
class Meaning:
    """Patterns of one entry, compiled."""

    keys: frozenset[str]
    patterns: tuple[Pattern, ...]
    forbidden: tuple[Pattern, ...]
    over: frozenset[str]
    weak: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """How many words of a text were not read: those that deny, or speak of another answer; and those nobody knows."""

    other: int
    unknown: int


class Vocabulary:
    """Finds what a text says about a topic. `written`: the files by name, as a release has them."""

    def __init__(self, written: Mapping[str, object]) -> None:
        self._written = written
        self._read_once: dict[str, Mapping[str, tuple[Meaning, ...]]] = {}

    @cached_property
    def files(self) -> Mapping[str, File]:
        """By name, as its author writes them."""
        return {name: msgspec.convert(one, File, strict=False) for name, one in self._written.items()}

    @cached_property
    def numbers(self) -> Numbers:
        """Reads numbers."""
        return Numbers(self.files)

    @cached_property
    def _call_codes(self) -> frozenset[str]:
        return forms_of_each(chain.from_iterable(file.call_codes for file in self.files.values()))

    def calls_a_code(self, text: str) -> bool:
        """These words say no more than that a code of a case stands beside them, as in «мой код»."""
        return all(word.forms & self._call_codes for word in words_in(text))

    def days(self, question: str) -> Mapping[str, tuple[int, int]]:
        """The options of a question that a day means: from so many days ahead to so many."""
        found: dict[str, tuple[int, int]] = {}
        for file in self.files.values():
            found |= file.days.get(question, {})
        return found

    def bears(self, question: str, key: str) -> int:
        """How many words that nobody knows may stand beside an answer."""
        told = [file.bears[question][key] for file in self.files.values() if key in file.bears.get(question, {})]
        return told[0] if told else _BEARS

    def joins(self, text: Text) -> bool:
        """Whether it joins one thing to another: by a word, or by a sentence sign."""
        return any(word.clause > text.words[0].clause or word.forms & self._joins for word in text.words)

    def only_about(self, question: str, text: Text, but: Collection[int]) -> bool:
        """Whether every word of a text, but for these, says nothing or is about this question."""
        about = [word for file in self.files.values() for word in _marked(file.about.get(question, ()))]
        rest = set(range(len(text))) - self.silent(text) - set(but)
        return all(begins_so(text.words[at], about) for at in rest)

    def ready(self) -> None:
        """Reads every pattern now, which takes half a second, and not when the first text comes; from any thread."""
        self.matches("", self._text(""))

    def texts(self, said: str) -> Iterator[Text]:
        """A text as it can be read: as it stands, and as if the keyboard had been the other one."""
        swapped = other_layout(said)
        texts = [self._text(one) for one in ((said, swapped) if swapped is not None else (said,))]
        yield from sorted(texts, key=lambda one: -sum(self._lexicon.knows_word(word) for word in one.words))

    def matches(self, topic: str, text: Text) -> list[Match]:
        """Everything of a topic, `consent` or `questions.q02`, that stands in a text."""
        silent, meanings, begins = self.silent(text), self._topics.get(topic, ()), self._begins.get(topic, {})
        able = sorted({number for atom in text.atoms for number in begins.get(atom, ())})
        return [one for number in able for one in self._matches(meanings[number], text, silent)]

    def silent(self, text: Text) -> frozenset[int]:
        """The words that say nothing."""
        return frozenset(
            at
            for at, word in enumerate(text.words)
            if word.forms & self._fillers or any(form.isdigit() for form in word.forms)
        )

    def count_signs(self, language: str, text: Text) -> int:
        """How many words of a text show that it is this language."""
        return sum(any(_is(one, form) for one in self._signs[language] for form in word.forms) for word in text.words)

    def undenied(self, words: Sequence[Word]) -> Sequence[Word]:
        """A text without the word that denies it as a whole, at its begin or end; empty when there is none."""
        if not words:
            return ()
        denials = self._denials.values()
        if any(words[0].forms & one.before for one in denials):
            return words[1:]
        return words[:-1] if any(begins_so(words[-1], one.after) for one in denials) else ()

    def rest(self, question: str, text: Text, found: Sequence[Match], keys: Collection[str]) -> Rest:
        """What a text says beside what was found in it, when that is read as these answers."""
        read = self._read(text, found) | self.silent(text)
        vain = self._beside.get(question, self._beside[""])
        left = [word for at, word in enumerate(text.words) if at not in read and not begins_so(word, vain)]
        other = [word for word in left if self._is_other(word, question, keys)]
        return Rest(len(other), len(left) - len(other))

    def _read(self, text: Text, found: Sequence[Match]) -> set[int]:
        """The words that were found; what denies one of them, and what stands between the two, is read with it."""
        read = set[int]().union(*(one.words for one in found))
        for step, denies in ((-1, self._denies_after), (1, self._denies_before)):
            for begin in sorted(read):
                at = begin + step
                while 0 <= at < len(text.words) and (denies(text.words[at]) or self._passes_on(text.words[at])):
                    read.add(at)
                    at += step
        return read

    def _is_other(self, word: Word, question: str, keys: Collection[str]) -> bool:
        denies = self._denies_after(word) or self._denies_before(word)
        return denies or bool(self._speaks_of(f"questions.{question}", word) - {*keys})

    def _speaks_of(self, topic: str, word: Word) -> set[str]:
        """The answers that a word means by itself."""
        of = self._keys_of.get(topic, {})
        return {key for atom in self._lexicon.read_by(word) for key in of.get(atom, ())}

    def _denies_after(self, word: Word) -> bool:
        return any(word.forms & one.before for one in self._denials.values())

    def _denies_before(self, word: Word) -> bool:
        return any(begins_so(word, one.after) for one in self._denials.values())

    def _passes_on(self, word: Word) -> bool:
        return any(word.forms & one.through for one in self._denials.values())

    def asks(self, text: Text, *, mark: bool) -> bool:
        """Whether it asks something: a word that begins a question, with its mark, or first of all."""
        first = next((word for word in text.words if not word.forms & self._fillers), None)
        asks_first = first is not None and bool(first.forms & self._asks_first)
        asks_last = any(_ends_with(text, one) for one in self._asks_last)
        return asks_first or asks_last or (mark and any(word.forms & self._asks for word in text.words))

    # --- parts ---

    def _text(self, said: str) -> Text:
        return Text(words_in(said), self._lexicon, self._denials, self._between)

    def _matches(self, meaning: Meaning, text: Text, silent: frozenset[int]) -> list[Match]:
        covered = [one for pattern in meaning.patterns if (one := text.covered(pattern, silent)) is not None]
        if not covered or any(text.covered(one, silent) is not None for one in meaning.forbidden):
            return []
        return [Match(meaning.keys, one, meaning.over, meaning.weak) for one in dict.fromkeys(covered)]

    @property
    def _topics(self) -> Mapping[str, tuple[Meaning, ...]]:
        """Of two threads that read them at once, what the first one has read counts for both.

        An atom is only the same as itself, and all that is found by atoms is made of these topics.
        """
        return self._read_once.get("") or self._read_once.setdefault("", self._read_topics())

    def _read_topics(self) -> Mapping[str, tuple[Meaning, ...]]:
        topics: dict[str, list[Meaning]] = {}
        for language, file in self.files.items():
            groups = groups_of(self.files, language)
            for name, topic in file.topics():
                topics.setdefault(name, []).extend(self._meanings(topic, groups))
        return {name: tuple(each) for name, each in topics.items()}

    def _meanings(self, topic: Topic, groups: Groups) -> Iterator[Meaning]:
        entries = ((key, entry) for key, each in topic.items() for entry in each)
        for key, entry in entries:
            full = entry if isinstance(entry, Entry) else Entry(any=(entry,))
            yield Meaning(
                keys=frozenset(key.split(EITHER)),
                patterns=tuple(pattern_of(one, groups) for one in each_of(full.any)),
                forbidden=tuple(pattern_of(one, groups) for one in each_of(full.not_)),
                over=frozenset(full.over),
                weak=full.weak,
            )

    @cached_property
    def _begins(self) -> Mapping[str, Mapping[Atom, Sequence[int]]]:
        """By topic and atom the numbers of the meanings that need it, or another one: most need not be looked at."""
        found: dict[str, dict[Atom, list[int]]] = {}
        for topic, meanings in self._topics.items():
            of = found.setdefault(topic, {})
            for number, meaning in enumerate(meanings):
                for atom in {atom for pattern in meaning.patterns for atom in min(pattern.first, key=len)}:
                    of.setdefault(atom, []).append(number)
        same: dict[tuple[int, ...], tuple[int, ...]] = {}  # most are needed by one meaning alone
        return {
            topic: {atom: same.setdefault(one := tuple(each), one) for atom, each in of.items()}
            for topic, of in found.items()
        }

    @cached_property
    def _beside(self) -> Mapping[str, tuple[str, ...]]:
        """By question the words that change none of its answers; those of every question under no name."""
        always = _marked([word for file in self.files.values() for word in file.beside])
        asked = {question for file in self.files.values() for question in file.about}
        about = {one: [word for file in self.files.values() for word in file.about.get(one, ())] for one in asked}
        return {"": always, **{one: (*always, *_marked(words)) for one, words in about.items()}}

    @cached_property
    def _keys_of(self) -> Mapping[str, Mapping[Atom, frozenset[str]]]:
        """By topic the answers that an atom alone means."""
        found: dict[str, dict[Atom, frozenset[str]]] = {}
        same: dict[frozenset[str], frozenset[str]] = {}
        for topic, meanings in self._topics.items():
            of = found.setdefault(topic, {})
            for meaning in meanings:
                for atom in {atom for pattern in meaning.patterns for atom in pattern.alone}:
                    keys = of.get(atom, frozenset()) | meaning.keys
                    of[atom] = same.setdefault(keys, keys)
        return found

    @cached_property
    def _lexicon(self) -> Lexicon:
        atoms = {
            atom
            for meaning in chain.from_iterable(self._topics.values())
            for pattern in (*meaning.patterns, *meaning.forbidden)
            for atom in pattern.atoms
        }
        mended = {one for one in atoms if not self._has_denial(one)}
        return Lexicon(atoms | {Atom(form, False, "") for form in self._fillers | self._asks}, mended)

    def _has_denial(self, atom: Atom) -> bool:
        """Whether it may have an ending that denies in it: there one letter is the difference."""
        endings = [one.removesuffix("*") for one in self._denials[atom.language].endings]
        return any(one in atom.text[2:] for one in endings)

    @cached_property
    def _denials(self) -> Mapping[str, Denial]:
        """By file: a word denies in whatever language it stands; an ending only a stem of its own."""
        every = [file.denies for file in self.files.values()]
        shared = Denial(
            before=forms_of_each([word for one in every for word in one.before]),
            through=forms_of_each([word for one in every for word in one.through]),
            after=_marked([word for one in every for word in one.after]),
            unless=forms_of_each([word for one in every for word in one.unless]),
        )
        return {
            name: replace(shared, endings=_marked(one.denies.endings), endings_but=_marked(one.denies.endings_but))
            for name, one in self.files.items()
        }

    @cached_property
    def _fillers(self) -> frozenset[str]:
        return frozenset().union(*(forms_of_each(file.fillers) for file in self.files.values()))

    @cached_property
    def _joins(self) -> frozenset[str]:
        return frozenset().union(*(forms_of_each(file.joins) for file in self.files.values()))

    @cached_property
    def _between(self) -> frozenset[str]:
        return frozenset().union(*(forms_of_each(file.between) for file in self.files.values()))

    @cached_property
    def _asks_first(self) -> frozenset[str]:
        return frozenset().union(*(forms_of_each(file.asks_first) for file in self.files.values()))

    @cached_property
    def _asks_last(self) -> tuple[tuple[frozenset[str], ...], ...]:
        every = each_of([line for file in self.files.values() for line in file.asks_last])
        return tuple(tuple(forms_of(word) for word in one.split("+")) for one in every)

    @cached_property
    def _asks(self) -> frozenset[str]:
        return frozenset().union(*(forms_of_each(file.asks) for file in self.files.values()))

    @cached_property
    def _signs(self) -> Mapping[str, tuple[str, ...]]:
        return {language: _marked(file.signs) for language, file in self.files.items()}


def _marked(words: Sequence[str]) -> tuple[str, ...]:
    """Folded; a star at the end stays."""
    return tuple(
        form + ("*" if word.endswith("*") else "")
        for word in each_of(words)
        for form in sorted(forms_of(word.removesuffix("*")))
    )


def _ends_with(text: Text, words: Sequence[frozenset[str]]) -> bool:
    """Whether these are the last words of a text."""
    last = text.words[-len(words) :]
    return len(last) == len(words) and all(one.forms & forms for one, forms in zip(last, words, strict=True))


def _is(one: str, form: str) -> bool:
    return form.startswith(one[:-1]) if one.endswith("*") else form == one
