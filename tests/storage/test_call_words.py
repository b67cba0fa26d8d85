"""The two words that a lawyer says first when calling."""

from itertools import combinations

import pytest

from storage.call_words import WORDS, call_words


@pytest.mark.parametrize("language", list(WORDS))
def test_a_case_gives_two_different_words_in_each_language(language: str) -> None:
    """Always the same two for a case, none twice in one, and every word of the list is drawn somewhere."""
    drawn = [call_words(f"case-{number}", language).split(", ") for number in range(5000)]
    assert drawn[7] == call_words("case-7", language).split(", ")
    assert all(len(two) == len(set(two)) == 2 for two in drawn)
    assert {word for two in drawn for word in two} == set(WORDS[language])


@pytest.mark.parametrize("language", list(WORDS))
def test_no_two_words_are_alike_but_for_a_letter(language: str) -> None:
    """On a bad line one letter is not heard."""
    words = WORDS[language]
    assert len(set(words)) == len(words) >= 50
    alike = [(one, other) for one, other in combinations(words, 2) if _with_one_gone(one) & _with_one_gone(other)]
    assert alike == []


def _with_one_gone(word: str) -> set[str]:
    """The word, and each way to lose one letter of it."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
