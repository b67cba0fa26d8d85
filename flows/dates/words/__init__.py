"""The vocabularies, and which of them a conversation is read with. A language moves in with a file and a line here."""

from collections.abc import Mapping

from flows.dates.vocabulary import Vocabulary
from flows.dates.words.en import ENGLISH
from flows.dates.words.kk import KAZAKH
from flows.dates.words.ru import RUSSIAN

VOCABULARIES: Mapping[str, Vocabulary] = {"ru": RUSSIAN, "en": ENGLISH, "kk": KAZAKH}


def words_for(language: str) -> tuple[Vocabulary, ...]:
    """The words that a date is read with in a conversation in this language, one vocabulary after the other.

    People write in another language than they chose: what the first reads nothing in is read by the next. No reading
    has the words of two: «он два дня назад» is "he, two days ago", not twelve.
    """
    own_first = sorted(VOCABULARIES, key=lambda name: name != language)
    return tuple(VOCABULARIES[name] for name in own_first)
