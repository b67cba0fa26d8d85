"""Captions are text: also where they are the code that leads back, a command, or a cry for help. The file is kept."""

from pathlib import Path

import pytest

from bot.speech.incoming import FileKind
from bot.speech.texts import seeker as texts
from tests.talks import test_cries_later
from tests.talks.requests import PERSON, asked, called, sent
from tests.talks.talks import Talks, talks
from tests.talks.test_cries_later import is_called
from tests.talks.test_own_words import asked as open_question
from tests.talks.test_own_words import opened, ru, words_in

__all__ = ["talks"]  # a fixture
PHOTO = b"\xff\xd8\xff" + bytes(100)
STATES = {"called": called, "sent": sent}


def files(talks: Talks, tmp_path: Path) -> int:
    """How many came into the case."""
    return len(opened(talks, tmp_path)["files"])


def photo(talks: Talks, caption: str) -> None:
    """It lies at Telegram, and is fetched."""
    talks.file(PERSON, FileKind.photo, PHOTO, caption)
    talks.pass_by(minutes=1)


@pytest.mark.parametrize("caption", ["{code}", "мой код {code}, меня увозят на границу"])
@pytest.mark.parametrize("state", [*STATES])
def test_the_code_as_a_caption_leads_back(talks: Talks, tmp_path: Path, state: str, caption: str) -> None:
    """With what is said beside it, and with the photo."""
    STATES[state](talks)
    talks.say(PERSON, "/clear")
    talks.pass_by(seconds=30)
    photo(talks, caption.format(code=talks.case().code))
    assert not talks.case().hidden
    assert talks.case().code in talks.seen(PERSON)
    assert files(talks, tmp_path) == 1
    assert "границу" not in caption or any("границу" in one for one in words_in(opened(talks, tmp_path)))


@pytest.mark.parametrize("state", [*STATES])
def test_a_command_as_a_caption_hides_the_chat_and_the_photo_is_kept(talks: Talks, tmp_path: Path, state: str) -> None:
    """Nothing of it stays in the chat."""
    STATES[state](talks)
    photo(talks, "/clear")
    assert talks.case().hidden
    assert (talks.chats[PERSON], talks.here[PERSON]) == ({}, set())
    assert files(talks, tmp_path) == 1


@pytest.mark.parametrize(
    ("caption", "shown"), [("/delete", texts.DELETE_YES), ("/status", texts.NOT_YET), ("/help", texts.NOT_YET)]
)
def test_before_there_is_a_case_the_photo_is_not_kept_and_the_command_is_one(
    talks: Talks, caption: str, shown: str
) -> None:
    """The card says so, where it is still a card about answers."""
    asked(talks)
    talks.file(PERSON, FileKind.photo, PHOTO, caption)
    assert talks.cases() == []
    assert not talks.here[PERSON]
    if caption != "/help":  # read in the place of the question, which says it afterwards
        assert ru(talks, shown) in talks.seen(PERSON) + "\n".join(talks.labels(PERSON))


def test_a_photo_with_a_command_answers_nothing(talks: Talks, tmp_path: Path) -> None:
    """Whatever is asked."""
    test_cries_later.comes_to(talks, "words", "ru")
    photo(talks, "+7 700 000 00 00")
    before = open_question(talks)
    photo(talks, "/status")
    assert open_question(talks) == before
    assert files(talks, tmp_path) == 2


@pytest.mark.parametrize("state", ["single", "words", "multiple", "date", "summary", "silence"])
def test_a_cry_as_a_caption_is_heard(talks: Talks, tmp_path: Path, state: str) -> None:
    """As it is when it is typed."""
    test_cries_later.comes_to(talks, state, "ru")
    photo(talks, "помогите, меня увозят в аэропорт")
    talks.pass_by(minutes=2)
    assert is_called(talks)
    assert any("увозят" in one for one in words_in(opened(talks, tmp_path)))
