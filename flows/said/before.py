"""What a stranger types: a language, and consent or the questions before it."""

from enum import StrEnum

from flows.said.resolve import resolved
from flows.words.fold import is_cyrillic
from flows.words.vocabulary import Vocabulary

LONGEST = 1000


class Consents(StrEnum):
    """What is said at the consent: its three ways on, and the questions that everybody asks."""

    urgent = "urgent"
    proceed = "continue"
    leave = "leave"
    who = "who"
    free = "free"
    data = "data"


_QUESTIONS = frozenset({Consents.who, Consents.data})  # and help that is free is no cry


def read_language(vocabulary: Vocabulary, text: str, languages: tuple[str, ...], fallback: str) -> str | None:
    """The language that a text names, else the one in which it is written; None for signs alone.

    A word with a letter of its own shows a language as much as a known one, and decides between two that show equally.
    """
    said = text[:LONGEST]
    named = named_language(vocabulary, said, languages)
    if named is not None:
        return named
    counted = {language: _signs(vocabulary, language, said) for language in languages}
    most = max(counted.values(), default=(0, 0))
    best = [language for language, count in counted.items() if count == most]
    if any(most) and len(best) == 1:
        return best[0]
    if is_cyrillic(said):
        return fallback
    return best[0] if any(most) else None


def _signs(vocabulary: Vocabulary, language: str, said: str) -> tuple[int, int]:
    """How many words show this language, however it was typed; and how many by a letter of its own."""
    if language not in vocabulary.files:
        return 0, 0
    known = max(vocabulary.count_signs(language, text) for text in vocabulary.texts(said))
    its_own = set(vocabulary.files[language].letters)
    letters = sum(not its_own.isdisjoint(word) for word in said.casefold().split())
    return max(known, letters), letters


def named_language(vocabulary: Vocabulary, text: str, languages: tuple[str, ...]) -> str | None:
    """The one language that a text names."""
    for one in vocabulary.texts(text[:LONGEST]):
        named = resolved(vocabulary.matches("languages", one)).sure
        if len(named) == 1 and named[0] in languages:
            return named[0]
    return None


def read_consent(vocabulary: Vocabulary, text: str) -> Consents | None:
    """What is said at the consent; None for anything else. Whoever cries for help and asks us something cries."""
    for said in vocabulary.texts(text[:LONGEST]):
        sure = resolved(vocabulary.matches("consent", said)).sure
        meant = [one for one in sure if one not in _QUESTIONS] if Consents.urgent in sure else sure
        if len(meant) == 1:
            return Consents(meant[0])
    return None
