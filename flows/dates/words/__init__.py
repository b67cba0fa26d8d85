"""The vocabularies, and which of them a conversation is read with. A language moves in with a file and a line here."""

from collections.abc import Mapping

from flows.dates.vocabulary import Vocabulary, together
from flows.dates.words.en import ENGLISH
from flows.dates.words.kk import KAZAKH
from flows.dates.words.ru import RUSSIAN

VOCABULARIES: Mapping[str, Vocabulary] = {"ru": RUSSIAN, "kk": KAZAKH, "en": ENGLISH}
_ALL = together(VOCABULARIES.values())


def words_for(language: str) -> Vocabulary:
    """The words that dates are read with in a conversation in this language.

    Here a language decides, and nowhere else. So far all decide alike: people mix languages, and every vocabulary is
    read together with the others.
    """
    return _ALL
