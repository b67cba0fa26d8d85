"""What a compiled questionnaire is made of: what every case carries, and what the bot alone needs."""

import hashlib
import json

import pytest

from flows.release import carried_of, read_release, revision_of
from tests.flows.test_engine import COMPILED


@pytest.fixture
def compiled() -> bytes:
    """The questionnaire of Kazakhstan."""
    return COMPILED


def test_a_case_carries_the_questions_and_not_what_people_type_at_them(compiled: bytes) -> None:
    """Two thirds of it would go to a lawyer's phone with every case. The revision is the hash of what is carried."""
    carried, typed = carried_of(compiled), compiled.splitlines()[1]
    assert revision_of(compiled) == revision_of(carried) == hashlib.sha256(carried).hexdigest()
    assert json.loads(carried)["words"] == hashlib.sha256(typed).hexdigest()
    assert len(json.loads(carried)["questions"]) == len(read_release(compiled).questions)
    assert "мобилизация".encode() in typed
    assert len(carried) < 260_000 < len(typed)


def test_what_was_released_before_has_the_words_in_itself_and_is_read_as_it_was(compiled: bytes) -> None:
    """An open intake of before an update finishes on it."""
    carried, typed = compiled.splitlines()
    before = json.dumps({**json.loads(carried), "words": json.loads(typed)}).encode()
    assert read_release(before).vocabulary.files == read_release(compiled).vocabulary.files
    assert read_release(before).revision == hashlib.sha256(before).hexdigest()


@pytest.mark.parametrize("damaged", ["cut off", "left out", "changed"])
def test_a_questionnaire_whose_words_are_not_whole_is_not_used(compiled: bytes, damaged: str) -> None:
    """Nobody would be understood who types; and nobody would notice."""
    carried, typed = compiled.splitlines()
    found = {
        "cut off": carried + b"\n" + typed[:-40],
        "left out": carried,
        "changed": carried + b"\n" + typed.replace("мобилизация".encode(), "демобилизация".encode()),
    }
    with pytest.raises(ValueError, match="what people type is not"):
        read_release(found[damaged])
