"""A call is passed on by the button or by `/pass CODE`: whoever does it reads so, and can say why."""

import pytest

from storage.case import Claimed
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import AIGUL, BORIS, PERSON, able, rises, taken

__all__ = ["talks"]  # a fixture
NOT_CALLED = "больше вас по нему не зовём"
REASONS = ["Конфликт интересов", "Не мой язык", "Нет времени", "Всё-таки взять"]


def passes(talks: Talks, chat: int = BORIS) -> str:
    """Types that the newest case is not for them; its code."""
    code = talks.case().code
    talks.say(chat, f"/pass {code}")
    return code


def reasons(talks: Talks, chat: int = BORIS) -> list[list[str]]:
    """Of the cards that ask why, what can be said."""
    return [one.labels for one in talks.chats[chat].values() if NOT_CALLED in one.text]


def test_who_was_not_called_and_passes_reads_it_and_can_say_why(talks: Talks) -> None:
    """Off duty, and told the code by a colleague: with a conflict of interest they can open the case no more."""
    talks.say(BORIS, "/oncall off")
    urgent(talks, PERSON)
    assert talks.case().code not in talks.seen(BORIS)
    code = passes(talks)
    assert code in talks.seen(BORIS)
    assert reasons(talks) == [REASONS]
    talks.press(BORIS, "Конфликт интересов")
    assert able(talks) == {"Aigul"}
    assert talks.toast is not None and code in talks.toast
    assert reasons(talks) == []


def test_who_has_said_why_and_passes_again_can_say_something_else(talks: Talks) -> None:
    """Their card had gone with the first reason."""
    urgent(talks, PERSON)
    talks.press(BORIS, "Не могу взять")
    talks.press(BORIS, "Нет времени")
    assert talks.case().code not in talks.seen(BORIS)
    passes(talks)
    assert reasons(talks) == [REASONS]
    talks.press(BORIS, "Всё-таки взять")
    assert isinstance(talks.case(), Claimed)


def test_who_passes_in_words_while_the_alert_stands_is_asked_why_once_at_the_end_of_the_chat(talks: Talks) -> None:
    """The alert further up goes: there are never two cards of one case."""
    urgent(talks, PERSON)
    code = talks.case().code
    (alert,) = [one.id for one in talks.chats[BORIS].values() if code in one.text]
    for _ in range(2):
        passes(talks)
        assert reasons(talks) == [REASONS]
        assert alert not in talks.chats[BORIS]
    talks.say(AIGUL, f"/take {code}")
    assert reasons(talks) == []
    assert talks.seen(BORIS) == f"Обращение № {code} уже в работе."


@pytest.mark.parametrize("crowd", [True, False])
def test_a_case_that_was_passed_leaves_the_list(talks: Talks, *, crowd: bool) -> None:
    """A list has no button to pass; the command is the only way. `crowd`: or it is the only one on it."""
    for number in range(5 if crowd else 4):
        urgent(talks, PERSON + number)
    if not crowd:
        for one in talks.cases()[:-1]:
            talks.say(AIGUL, f"/take {one.code}")
    code = talks.case().code
    assert code in talks.labels(BORIS)
    passes(talks)
    talks.pass_by(seconds=10)
    assert code not in talks.labels(BORIS)
    assert reasons(talks) == [REASONS]


def test_who_is_called_besides_and_passes_reads_it_and_can_say_why(talks: Talks) -> None:
    """Somebody else has the case, and has not seen how grave it has become."""
    rises(talks, taken(talks))
    talks.pass_by(minutes=4)
    passes(talks, AIGUL)
    (said,) = [one.labels for one in talks.chats[AIGUL].values() if len(one.labels) == len(REASONS)]
    assert said


def test_the_button_changes_the_alert_where_it_stands(talks: Talks) -> None:
    """Whoever has just pressed there looks there; pressed twice, it is said so."""
    urgent(talks, PERSON)
    (alert,) = [one for one in talks.chats[BORIS].values() if talks.case().code in one.text]
    (pass_,) = [data for label, data, _ in talks.data(BORIS) if label == "Не могу взять"]
    talks.push(BORIS, pass_, alert.id)
    assert list(talks.chats[BORIS]) == [alert.id]
    assert reasons(talks) == [REASONS]
    talks.push(BORIS, pass_, alert.id)
    assert talks.toast is not None and talks.case().code in talks.toast
    assert reasons(talks) == [REASONS]
