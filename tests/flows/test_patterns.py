"""A pattern with groups in it reads what it would read with every word written out, and is small all the same."""

import sys
import threading
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.words.patterns import Groups, pattern_of
from flows.words.vocabulary import Vocabulary
from tests.flows.samples import examples

HE = ("брат", "муж", "сын", "сват*", "младший+брат", "дядя")
SHE = ("сестра", "жена", "тёща", "дочь", "тётя", "старшая+сестра")
DENIES = {"before": ["не"], "through": ["и"]}
GROUPS = {"he": [", ".join(HE)], "she": [", ".join(SHE)], "they": ["<he>, <she>, они"]}
EVERYBODY = "|".join((*HE, *SHE, "они"))
WRITTEN = {
    "<he>+и+<she>": "|".join(f"{one}+и+{other}" for one, other in product(HE, SHE)),
    "!<they> <she>": f"!{EVERYBODY} {'|'.join(SHE)}",
    "~<he>|вчера+<she> & мы": f"~{'|'.join(HE)}|{'|'.join(f'вчера+{one}' for one in SHE)} & мы",
    "=<they>": f"={EVERYBODY}",
}
SAID = (
    *("брат", "муж", "сват", "они", "сестра", "жена", "и", "не", "вчера", "мы", "очень", ","),
    *("муж и жена", "сват и старшая сестра", "младший брат", "не муж", "вчера жена", "они, сестра"),
)


def _vocabulary(pattern: str, groups: dict[str, list[str]]) -> Vocabulary:
    said = {"held": [pattern]}
    return Vocabulary({"ru": {"groups": groups, "questions": {"q": said}, "denies": DENIES, "between": ["очень"]}})


PAIRS = [(_vocabulary(short, GROUPS), _vocabulary(long, {})) for short, long in WRITTEN.items()]


@examples(60, 3000)
@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=6))
def test_a_group_reads_what_its_words_would(words: list[str]) -> None:
    for short, long in PAIRS:
        for one, other in zip(short.texts(" ".join(words)), long.texts(" ".join(words)), strict=True):
            assert short.matches("questions.q", one) == long.matches("questions.q", other), words


def test_groups_beside_one_another_are_not_multiplied() -> None:
    """Eighty words for a relative, twice in a pattern, were 6,500 phrases."""
    groups = Groups({"kin": [", ".join(f"слово{chr(1072 + at // 9)}{chr(1072 + at % 9)}" for at in range(80))]}, "ru")
    pattern = pattern_of("<kin>+и+<kin>", groups)
    assert [len(slot) for part in pattern.parts for slot in part] == [1]
    assert len(pattern.samples("не {}", 10_000)) == 80 * 80


@pytest.mark.parametrize("threads", [2, 8])
def test_who_writes_while_the_words_are_still_being_read_is_understood(threads: int) -> None:
    """A start reads them in a thread; whoever writes in that half second reads them too, or waits."""
    every, begins, before = 100, threading.Barrier(threads), sys.getswitchinterval()
    entries = [f"слово{chr(1072 + at // 18)}{chr(1072 + at % 18)} & <he>" for at in range(every)]
    vocabulary = Vocabulary({"ru": {"groups": GROUPS, "questions": {"q": {"held": entries}}}})
    found: list[int] = []

    def writes() -> None:
        begins.wait()
        vocabulary.ready()
        texts = [text for at in range(every) for text in vocabulary.texts(entries[at].replace("& <he>", "брат"))]
        found.append(sum(bool(vocabulary.matches("questions.q", text)) for text in texts))

    sys.setswitchinterval(1e-6)
    try:
        each = [threading.Thread(target=writes) for _ in range(threads)]
        for one in each:
            one.start()
        for one in each:
            one.join()
    finally:
        sys.setswitchinterval(before)
    assert found == [every] * threads
