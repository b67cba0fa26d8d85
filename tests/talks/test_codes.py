"""A code that somebody types or taps while a request is open: they read what has come of it, in every state."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.case import Open, Waiting
from storage.schema import entry
from tests.talks.requests import PERSON, asked, called, sent
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_cries_later import comes_to, is_called
from tests.talks.test_own_words import intake, opened, until, words_in
from tests.talks.walking import Walker
from tests.whole import by_pairs

__all__ = ["talks"]  # a fixture
ANOTHER = 901
NOBODYS = "K7Q4-F2MX"
NO_SUCH = "Такого открытого обращения здесь нет. Проверьте код."
HERE = "Это и есть обращение с этим кодом."
LEFT = "Другое обращение скрыто. Чтобы вернуться к нему, напишите сюда:"


def under(command: str, state: Callable[[Talks], None]) -> Callable[[Talks], None]:
    """Another card stands in the place of that."""

    def begins(talks: Talks) -> None:
        state(talks)
        talks.say(PERSON, command)

    return begins


CASELESS: dict[str, Callable[[Talks], None]] = {
    "at a question": asked,
    "delete?, at a question": under("/delete", asked),
    "help, at a question": under("/help", asked),
}
WITH_CODE: dict[str, Callable[[Talks], None]] = {
    "called": called,
    "sent": sent,
    "status": under("/status", called),
    "languages": under("/language", called),
    "delete?": under("/delete", called),
    "delete?, sent": under("/delete", sent),
}
OPEN = {**CASELESS, **WITH_CODE}
FORMS = ["/start {}", "{}", "мой код {}", "вот мой код {} помогите"]


def in_form(form: str, code: str) -> str:
    """As people type it, or as a link does."""
    return form.format(code.replace("-", "") if form.startswith("/") else code)


@pytest.mark.parametrize(
    ("state", "form", "whose"), by_pairs([*OPEN], ["/start {}", "{}"], ["nobody's", "another's", "closed"])
)
def test_a_code_of_no_request_here_is_answered(talks: Talks, state: str, form: str, whose: str) -> None:
    """The same for one that nobody has, that of another account, and one that is over; the request stays."""
    code = NOBODYS
    if whose == "another's":
        urgent(talks, ANOTHER)
        code = talks.case().code
    if whose == "closed":
        urgent(talks, PERSON)
        code = talks.case().code
        talks.say(PERSON, "/delete")
        talks.press(PERSON, "Удалить всё")
    OPEN[state](talks)
    cases = len(talks.cases())
    talks.say(PERSON, in_form(form, code))
    assert talks.text(PERSON).count(NO_SUCH) == 1
    assert len(talks.cases()) == cases
    assert "Скрыть чат" in talks.labels(PERSON)


@pytest.mark.parametrize("state", WITH_CODE)
@pytest.mark.parametrize("form", FORMS)
def test_the_code_of_this_very_request_is_answered(talks: Talks, state: str, form: str) -> None:
    """It stands there already, also where something else was in its place."""
    WITH_CODE[state](talks)
    talks.say(PERSON, in_form(form, talks.case().code))
    assert talks.text(PERSON).count(HERE) == 1
    assert talks.case().code in talks.text(PERSON)


LOOK_ALIKES = str.maketrans("CHKMPTX", "СҢҚМРТХ")


@pytest.mark.parametrize(("state", "form", "other_keyboard"), by_pairs([*OPEN], [*FORMS], [False, True]))
def test_the_code_of_a_hidden_request_leads_there_from_every_state(
    talks: Talks, state: str, form: str, other_keyboard: bool
) -> None:
    """What stood there is hidden, and its code is told where it has one."""
    urgent(talks, PERSON)
    first = talks.case().code
    talks.press(PERSON, "Скрыть чат")
    OPEN[state](talks)
    typed = first.translate(LOOK_ALIKES).lower() if other_keyboard else first
    talks.say(PERSON, in_form(form, typed))
    assert first in talks.text(PERSON)
    second = talks.case().code
    assert (f"{LEFT} {second}" in talks.text(PERSON)) is (second != first)
    assert NO_SUCH not in talks.text(PERSON)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hidden", [False, True])
def test_where_nothing_is_shown_a_wrong_code_tells_nothing(talks: Talks, form: str, hidden: bool) -> None:
    """A hidden chat and that of a stranger look the same, and like the first time."""
    if hidden:
        urgent(talks, PERSON)
        talks.press(PERSON, "Скрыть чат")
    talks.say(PERSON, in_form(form, NOBODYS))
    assert "код" not in talks.seen(PERSON)


def test_what_is_said_beside_a_code_is_not_lost(talks: Talks) -> None:
    """A sentence in which it stands is in the case word for word."""
    called(talks)
    rows = len(talks.change(lambda tx: tx.execute(select(entry.c.seq)).all()))
    talks.say(PERSON, f"мой код {talks.case().code} меня сейчас везут на границу")
    assert len(talks.change(lambda tx: tx.execute(select(entry.c.seq)).all())) == rows + 1


@pytest.mark.parametrize("text", ["/start", "/start ru", "/start kk_u", "12345678", "нотариус"])
def test_what_is_no_code_is_answered_as_ever(talks: Talks, text: str) -> None:
    """A link in a language, a number, a word of eight letters."""
    called(talks)
    talks.say(PERSON, text)
    assert NO_SUCH not in talks.text(PERSON)


@pytest.mark.parametrize(
    ("word", "form", "state", "hidden"),
    by_pairs(
        ["помогите", "бьют", "көмектесіңіз", "меня увозят сейчас"],
        ["{code} {word}", "{word} {code}", "код {code} {word}", "/start {code} {word}"],
        ["called", "sent"],
        [False, True],
    ),
)
def test_a_word_beside_the_code_is_sealed_and_the_code_leads_back(
    talks: Talks, tmp_path: Path, word: str, form: str, state: str, hidden: bool
) -> None:
    """From a hidden chat too; the code alone, or called so, is no message."""
    WITH_CODE[state](talks)
    code = talks.case().code
    before = words_in(opened(talks, tmp_path))
    if hidden:
        talks.press(PERSON, "Скрыть чат")
    talks.say(PERSON, form.format(code=code, word=word))
    assert code in talks.text(PERSON)
    kept = words_in(opened(talks, tmp_path))
    assert sum(word in one for one in kept) == sum(word in one for one in before) + 1
    for alone in (code, f"код {code}", f"менің кодым {code}", f"мой код: {code}.", f"/start {code.replace('-', '')}"):
        talks.press(PERSON, "Скрыть чат")
        talks.say(PERSON, alone)
        assert code in talks.text(PERSON)
    assert words_in(opened(talks, tmp_path)) == kept


@pytest.mark.parametrize("hidden", [False, True])
def test_a_cry_beside_the_code_of_a_withdrawn_call_calls_again(talks: Talks, hidden: bool) -> None:
    """As the card has said: whenever they ask for it."""
    called(talks)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    assert isinstance(talks.case(), Open)
    if hidden:
        talks.press(PERSON, "Скрыть чат")
    talks.say(PERSON, f"{talks.case().code} помогите")
    assert isinstance(talks.case(), Waiting)
    assert talks.case().code in talks.text(PERSON)


@pytest.mark.parametrize("state", [*WITH_CODE])
def test_the_card_comes_anew_for_its_own_code_and_the_earlier_one_goes_however_far_above_it_stands(
    talks: Talks, state: str
) -> None:
    """Later nothing would veil it: it would show its code to whoever takes the phone."""
    WITH_CODE[state](talks)
    code = talks.case().code
    for _ in range(70):  # ids of a bot's chats grow together: other people have written
        next(talks._numbers)
    talks.say(PERSON, code)
    assert HERE in talks.text(PERSON)
    assert len(talks.chats[PERSON]) == 1
    Walker(talks, PERSON, "ru").waits(minutes=20)
    assert code not in talks.seen(PERSON)


CRY = "помогите, меня уже увозят куда-то в сторону границы, позвоните жене"


@pytest.mark.parametrize(
    "form", ["{code} {cry}", "{cry} {code}", "это мой код, {code}, {cry}. " + "Нас тут двое. " * 200]
)
@pytest.mark.parametrize("state", ["called", "sent", "status"])
def test_a_code_of_ones_own_leads_back_however_much_is_said_beside_it(
    talks: Talks, tmp_path: Path, state: str, form: str
) -> None:
    """And a lawyer reads all of it."""
    WITH_CODE[state](talks)
    code = talks.case().code
    talks.say(PERSON, "/clear")
    talks.pass_by(seconds=30)
    talks.say(PERSON, form.format(code=code, cry=CRY))
    assert not talks.case().hidden
    assert code in talks.text(PERSON)
    assert any(CRY in one for one in words_in(opened(talks, tmp_path)))


def test_a_long_answer_that_names_the_code_of_what_stands_there_is_an_answer(talks: Talks) -> None:
    """It leads nowhere."""
    called(talks)
    until(talks, "q08")
    talks.say(PERSON, f"обращение {talks.case().code}, здание на окраине, этаж второй, решётки, охрана в форме")
    assert "q08" in intake(talks).state.answers
    assert HERE not in talks.text(PERSON)


@pytest.mark.parametrize("hidden", [False, True])
def test_a_cry_beside_the_code_of_a_calm_request_that_was_sent_is_heard(
    talks: Talks, tmp_path: Path, hidden: bool
) -> None:
    """As it is without the code: it is asked what has changed, and without an answer lawyers are called."""
    comes_to(talks, "summary", "ru")
    talks.press(PERSON, "Отправить")
    code = talks.case().code
    if hidden:
        talks.press(PERSON, "Скрыть чат")
    talks.say(PERSON, f"{code} {CRY}")
    assert "Через минуту позовём юриста и без ответа" in talks.text(PERSON)
    talks.pass_by(minutes=2)
    assert is_called(talks)
    assert any(CRY in one for one in words_in(opened(talks, tmp_path)))
