"""What a questionnaire's file says of a law, in the words of whoever signs: terms, levels, conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.speech.texts import signing as texts
from bot.speech.words import Words
from flows.model import (
    AllOf,
    Always,
    AnyOf,
    AtClock,
    Chose,
    Condition,
    Not,
    QuestionId,
    Since,
    Until,
    WasAnswered,
    WasSkipped,
)
from flows.readable import Readable
from flows.release import read_condition

_NAMES: Mapping[str, str] = {
    "level": texts.LEVEL,
    "when": texts.WHEN,
    "start": texts.START,
    "end": texts.END,
    "period": texts.PERIOD,
    "hours": texts.HOURS,
    "days": texts.DAYS,
    "months": texts.MONTHS,
    "side": texts.SIDE,
    "file_at": texts.FILE_AT,
    "suspends": texts.SUSPENDS,
    "pages": texts.PAGES,
    "remind": texts.REMIND,
    "basis": texts.BASIS,
    "words": texts.LAWS_WORDS,
    "edition": texts.EDITION,
    "certainty": texts.CERTAINTY,
    "source": texts.SOURCE,
    "read_on": texts.READ_ON,
}
_LEVELS = {"critical": texts.LEVEL_CRITICAL, "high": texts.LEVEL_HIGH, "normal": texts.LEVEL_NORMAL}
_SIDES = {"person": texts.SIDE_PERSON, "state": texts.SIDE_STATE, "host": texts.SIDE_HOST}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and those that belong under it."""

    text: str
    under: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what is so."""

    name: str
    lines: tuple[Line, ...]


def facts(words: Words, one: Readable) -> Sequence[Fact]:
    """All that is signed beside the text itself; what this page has no words for stands as the file has it."""
    in_words = _InWords(words, one)
    known = [name for name in _NAMES if name in one.facts]
    others = [name for name in one.facts if name not in _NAMES]
    if "when" not in one.facts:
        known.insert("level" in one.facts, "when")  # what has no condition counts always, and that is read too
    return [in_words.fact(name) for name in (*known, *others)]


@dataclass(frozen=True, slots=True)
class _InWords:
    words: Words
    one: Readable

    def fact(self, name: str) -> Fact:
        title = self._text(_NAMES[name]) if name in _NAMES else name
        said = next((said.text for said in self.one.texts if said.context.endswith(f".{name}")), None)
        value = self.one.facts.get(name)
        if said is not None:
            return Fact(title, (Line(said),))
        of: Mapping[str, Callable[[object], tuple[Line, ...]]] = {
            "when": lambda one: (self.condition(read_condition(one)),),
            "start": self._questions,
            "end": self._questions,
            "pages": self._pages,
        }
        return Fact(title, of.get(name, self._plain)(value))

    def condition(self, condition: Condition) -> Line:  # noqa: C901 - an arm for each kind
        match condition:
            case Chose(question, options):
                ids = sorted(options, key=self._place_of(question))
                chosen = f" {self._text(texts.OR)} ".join(self._quoted(f"{question}.{one}") for one in ids)
                return self._about(question, self._text(texts.ANSWERED_WITH, answers=chosen))
            case WasAnswered(question):
                return self._about(question, self._text(texts.IS_ANSWERED))
            case WasSkipped(question):
                return self._about(question, self._text(texts.IS_SKIPPED))
            case Since(question, days):
                return self._about(question, self._count(texts.DAYS_AGO, days))
            case Until(question, days):
                return self._about(question, self._count(texts.DAYS_AHEAD, days))
            case AtClock(level):
                return Line(self._text(texts.A_CLOCK_AT, level=self._level(level.value)))
            case AllOf(conditions):
                return Line(self._text(texts.ALL_OF), tuple(map(self.condition, conditions)))
            case AnyOf(conditions):
                return Line(self._text(texts.ANY_OF), tuple(map(self.condition, conditions)))
            case Not(inner):
                return Line(self._text(texts.NONE_OF), (self.condition(inner),))
            case Always():
                return Line(self._text(texts.ALWAYS))
            case _:
                assert_never(condition)

    def _about(self, question: QuestionId, said: str) -> Line:
        return Line(f"{question}. {self._named(question)} – {said}")

    def _named(self, name: str) -> str:
        return self.one.named.get(name, name)

    def _quoted(self, name: str) -> str:
        return self._text(texts.IN_QUOTES, text=self._named(name))

    def _place_of(self, question: QuestionId) -> Callable[[str], int]:
        """Where an answer stands in its question: `named` has them in the order of the file."""
        order = list(self.one.named)
        return lambda option: order.index(name) if (name := f"{question}.{option}") in order else len(order)

    def _questions(self, value: object) -> tuple[Line, ...]:
        asked = value if isinstance(value, list | tuple) else [value]
        return tuple(Line(f"{one}. {self._named(str(one))}") for one in asked)

    def _pages(self, value: object) -> tuple[Line, ...]:
        return tuple(Line(self._page(one)) for one in value) if isinstance(value, list | tuple) else self._plain(value)

    def _page(self, page: Mapping[str, object]) -> str:
        said = [self._level(str(page["level"]))]
        for name, none, several in (
            ("from_start", texts.PAGE_AT_START, texts.PAGE_FROM_START),
            ("before_end", texts.PAGE_AT_END, texts.PAGE_BEFORE_END),
            ("after", "", texts.PAGE_UNTIL),
        ):
            days = page.get(name)
            if isinstance(days, int):
                said.append(self._count(several, days) if days or not none else self._text(none))
        return ", ".join(said)

    def _plain(self, value: object) -> tuple[Line, ...]:
        if isinstance(value, list | tuple):
            return (Line(", ".join(str(one) for one in value)),)
        said = str(value)
        return (Line(self._level(said) if said in _LEVELS else self._text(_SIDES[said]) if said in _SIDES else said),)

    def _level(self, level: str) -> str:
        return self._text(_LEVELS[level])

    def _text(self, msgid: str, **values: object) -> str:
        return self.words.text(self.one.language, msgid, **values)

    def _count(self, forms: tuple[str, str], num: int) -> str:
        return self.words.plural(self.one.language, forms, num)
