"""A call that was taken back and then hidden ends in silence: when, its person has read before."""

from datetime import timedelta

import pytest

from bot.speech.texts import seeker as texts
from storage.case import Erased, Open
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
PERSON = 900
LONGEST_TOAST = 200  # Bot API, answerCallbackQuery
STAYS = "Отправленное осталось у нас"
ENDS = "Если не отзовётесь, удалим ответы: 26.11,"


def taken_back(talks: Talks) -> None:
    """Called, and called off."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")


def hides(talks: Talks, how: str) -> str:
    """What is said to whoever hides the chat."""
    if how == "typed":
        talks.say(PERSON, "/clear")
        return talks.text(PERSON)
    talks.press(PERSON, "Скрыть чат")
    return talks.toast or ""


@pytest.mark.parametrize("how", ["pressed", "typed"])
def test_who_hides_what_nobody_gets_reads_when_it_ends(talks: Talks, how: str) -> None:
    """Then it is erased, to the minute, and nothing comes into the chat for it."""
    taken_back(talks)
    said = hides(talks, how)
    assert said.startswith(f"Чат очищен. {ENDS}")
    code, ends = talks.case().code, said.partition("26.11, ")[2][:5]
    assert f"напишите сюда: {code}" in said
    assert isinstance(talks.case(), Open)
    assert ends == f"{talks.at + timedelta(hours=48 + 5):%H:%M}"
    passes(talks, timedelta(hours=47, minutes=58))
    assert isinstance(talks.case(), Open)
    passes(talks, timedelta(minutes=3))
    assert isinstance(talks.case(), Erased)
    assert not talks.chats[PERSON]
    assert talks.rung(PERSON) == 0


def passes(talks: Talks, time: timedelta) -> None:
    """Time passes, and what has run out of it ends."""
    talks.at += time
    talks.deliver()
    due = talks.core.database.read(lambda tx: talks.core.intakes.due(tx, "expiry"), at=talks.at)
    for row in due:
        talks.change(lambda tx, row=row: talks.pana.intake_ends.expire_due(tx, row))
    talks.deliver()


def test_who_comes_back_in_time_has_everything_for_as_long_again(talks: Talks) -> None:
    """With its code; and a lawyer is called as soon as they ask."""
    taken_back(talks)
    hides(talks, "pressed")
    passes(talks, timedelta(hours=47))
    talks.say(PERSON, talks.case().code)
    assert "Вызов отменён" in talks.text(PERSON)
    passes(talks, timedelta(hours=47))
    assert isinstance(talks.case(), Open)
    talks.press(PERSON, "Позвать юриста сейчас")
    said = hides(talks, "pressed")
    assert STAYS in said


def test_what_lawyers_get_stays(talks: Talks) -> None:
    """Called, or about to be: nothing of an end is said, for there is none."""
    urgent(talks, PERSON)
    assert STAYS in hides(talks, "pressed")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_what_is_said_fits_the_window_of_a_press(talks: Talks, language: str) -> None:
    """With what could only be blanked beside it."""
    words = talks.pana.words
    said = words.text(language, texts.HIDDEN_UNSENT, code="MMMM-WWWW, MMMM-WWWM", time="26.11, 23:45")
    assert len(said + "\n" + words.plural(language, texts.LEFT_OVER, 112)) <= LONGEST_TOAST
