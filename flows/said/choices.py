"""A text as the answer to a question with options: taken, offered as two or three buttons, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flows.model import Flow, Kind, OptionId, Question
from flows.said.asking import Asking
from flows.said.resolve import MOST_OFFERED, Resolved, resolved
from flows.said.times import days_meant
from flows.words.fold import Word, words_in
from flows.words.matching import Match, Text
from flows.words.vocabulary import Vocabulary

LONGEST = 700  # characters: a whole life is for the lawyer
_STORY = 15  # words: of a story one danger is offered, never taken


@dataclass(frozen=True, slots=True)
class Taken:
    """The options that a text names."""

    options: tuple[OptionId, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """Options of which it may mean one."""

    options: tuple[OptionId, ...] = field(repr=False)


def read_choice(flow: Flow, question: Question, text: str, asking: Asking) -> Taken | Offer | None:
    """What a typed text means as the answer to this question; None when it means none of its options."""
    if len(text) > LONGEST:
        return None
    if numbers := flow.vocabulary.numbers.read(words_in(text)):
        return _by_numbers(question, numbers)
    words = words_in(text)
    exact = _by_label(question, words)
    if exact is not None:
        return Taken((exact,))
    read = _in_words(flow, question, text, asking)
    denied = _by_label(question, flow.vocabulary.undenied(words))
    if isinstance(read, Taken) and denied in read.options:
        return None
    return _or_by_number(read, _by_numbers(question, flow.vocabulary.numbers.counted(words, asking.language)))


def read_beside(flow: Flow, question: Question, text: str, asking: Asking) -> OptionId | None:
    """The answer to the next question that the same text gives, when it gives exactly one."""
    said = _in_words(flow, question, text, asking)
    return said.options[0] if isinstance(said, Taken) and len(said.options) == 1 else None


def _or_by_number(read: Taken | Offer | None, by_number: Taken | Offer | None) -> Taken | Offer | None:
    """What is counted may mean something in words too: «один» is the first answer, or nobody else."""
    if read is None or by_number is None or read.options == by_number.options:
        return by_number if read is None else read
    options = tuple(dict.fromkeys((*by_number.options, *read.options)))
    return Offer(options) if len(options) <= MOST_OFFERED else read


def _by_numbers(question: Question, numbers: tuple[int, ...]) -> Taken | Offer | None:
    if not numbers or not all(0 < number <= len(question.options) for number in numbers):
        return None
    options = tuple(question.options[number - 1].id for number in numbers)
    if question.kind is Kind.multiple or len(options) == 1:
        return Taken(options)
    return Offer(options) if len(options) <= MOST_OFFERED else None


def _by_label(question: Question, typed: Sequence[Word]) -> OptionId | None:
    said = [word.forms for word in typed]
    for option in question.options:
        for label in option.label.values():
            words = _label(label)
            if len(words) == len(said) and all(one & other for one, other in zip(words, said, strict=True)):
                return option.id
    return None


@lru_cache(maxsize=4096)
def _label(label: str) -> Sequence[frozenset[str]]:
    """The words of a label, which is ours, so that nothing of a person is kept by it."""
    return tuple(word.forms for word in words_in(label))


def _in_words(flow: Flow, question: Question, text: str, asking: Asking) -> Taken | Offer | None:
    vocabulary = flow.vocabulary
    for said in vocabulary.texts(text):
        found = vocabulary.matches(f"questions.{question.id}", said)
        days = vocabulary.days(question.id)
        if days:
            day = days_meant(said, text, days, found, asking)
            found += [one for one in day if vocabulary.only_about(question.id, said, one.words)]
        story = len(said) > _STORY
        read = _meant(question, resolved(found, story=story), story=story, joined=vocabulary.joins(said))
        if read is not None:
            return _careful(vocabulary, said, text, read, sure=_sure(vocabulary, question, read, said, found))
    return None


def _meant(question: Question, read: Resolved, *, story: bool, joined: bool) -> Taken | Offer | None:
    """Several are taken where the text joins them: of "a fine for the border" one may be meant."""
    sure, perhaps = _options(question, read.sure), _options(question, read.perhaps)
    if story and sure:
        return Offer(sure[:MOST_OFFERED])
    if sure and not perhaps and ((question.kind is Kind.multiple and joined) or len(sure) == 1):
        return Taken(_together(question, sure) if question.kind is Kind.multiple else sure)
    offered = tuple(dict.fromkeys((*sure, *perhaps)))
    return Offer(offered) if 0 < len(offered) <= MOST_OFFERED else None


def _options(question: Question, keys: Sequence[str]) -> tuple[OptionId, ...]:
    known = {option.id for option in question.options}
    return tuple(OptionId(one) for one in keys if one in known)


def _together(question: Question, sure: tuple[OptionId, ...]) -> tuple[OptionId, ...]:
    """In the order of the question; what stands alone gives way to what is named beside it."""
    alone = {option.id for option in question.options if option.exclusive}
    left = [one for one in sure if one not in alone] or list(sure[:1])
    return tuple(option.id for option in question.options if option.id in left)


def _sure(vocabulary: Vocabulary, question: Question, read: Taken | Offer, said: Text, found: Sequence[Match]) -> bool:
    """Whether nothing else is said beside the one answer; several stand as they are."""
    if len(read.options) > 1:
        return True
    rest = vocabulary.rest(question.id, said, found, read.options)
    return not rest.other and rest.unknown <= vocabulary.bears(question.id, read.options[0])


def _careful(vocabulary: Vocabulary, said: Text, text: str, read: Taken | Offer, *, sure: bool) -> Taken | Offer | None:
    """A question back answers nothing; of a story, and beside words that say something else, it is offered."""
    if vocabulary.asks(said, mark="?" in text):
        return None if len(said) <= _STORY else _offered(read)
    return read if sure else _offered(read)


def _offered(read: Taken | Offer) -> Offer | None:
    return Offer(read.options) if len(read.options) <= MOST_OFFERED else None
