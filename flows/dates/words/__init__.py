"""The vocabularies, and which of them a conversation is read with. A language moves in with a file and a line here."""

from collections.abc import Mapping
from functools import cache

from flows.dates.vocabulary import Vocabulary


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """By language. Their patterns take a tenth of a second: whoever types the first date has them read, or a start."""
    from flows.dates.words.en import ENGLISH
    from flows.dates.words.kk import KAZAKH
    from flows.dates.words.ru import RUSSIAN

    return {"ru": RUSSIAN, "en": ENGLISH, "kk": KAZAKH}


def words_for(language: str) -> tuple[Vocabulary, ...]:
    """The words that a date is read with in a conversation in this language, one vocabulary after the other.

    People write in another language than they chose: what the first reads nothing in is read by the next. No reading
    has the words of two: «он два дня назад» is "he, two days ago", not twelve. What many mix is `reworded` first.
    """
    every = vocabularies()
    return tuple(every[name] for name in sorted(every, key=lambda name: name != language))
