"""People who type: language, consent, answers, offers and commands in words, through the whole conversation."""

import pytest

from bot.seeker.chat import veil
from flows.model import Chosen, Level, QuestionId, Written
from storage.case import Waiting
from storage.intakes import OpenIntake
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_own_words import until
from tests.talks.walked_once import walked_once

__all__ = ["talks"]  # a fixture
PERSON = 900


def intake(talks: Talks) -> OpenIntake:
    """The one open intake."""
    (row,) = talks.change(talks.core.intakes.rows)
    found: OpenIntake = talks.change(lambda tx: talks.core.intakes.of_row(tx, row))
    return found


def answers(talks: Talks) -> dict[str, tuple[str, ...]]:
    """Every choice so far."""
    given = intake(talks).state.answers
    return {question: one.options for question, one in given.items() if isinstance(one, Chosen)}


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Здравствуйте, мужа задержали, что делать?", "Срочно"),
        ("мені ұстап отыр, көмектесіңіздер", "Шұғыл"),
        ("qazaqsha", "Шұғыл"),
        ("два", "Шұғыл"),
        ("екінші", "Шұғыл"),
        ("нөмір бір", "Срочно"),
        ("Salemetsizbe", "Шұғыл"),
        ("qaiyrly kun", "Шұғыл"),
        ("heccrbq", "Срочно"),
        ("🇰🇿", "Шұғыл"),
        ("do you speak english", "Urgent"),
    ],
)
def test_a_first_message_is_its_own_answer_to_the_choice_of_a_language(talks: Talks, said: str, language: str) -> None:
    """Whoever writes has chosen; nothing is kept of it."""
    talks.say(PERSON, said)
    assert any(language in label for label in talks.labels(PERSON))
    assert talks.change(talks.core.intakes.rows) == []


@pytest.mark.parametrize("code", ["FMVM-9WJF", "J8WN-MRQV", "GWPJ MMGJ", "ntp5-dk8q", "GRK5 – FFHT"])
def test_a_code_that_leads_nowhere_names_no_language(talks: Talks, code: str) -> None:
    """One in 330 has letters that are written in one: whoever types an old code begins as everybody does."""
    talks.say(PERSON, code)
    assert "1. Русский" in talks.labels(PERSON)


@pytest.mark.parametrize("said", ["да", "хорошо, согласен", "ок", "+", "👍", "2", "lf", "два", "номер два", "екі"])
def test_a_yes_at_the_consent_goes_on(talks: Talks, said: str) -> None:
    """In words, in signs, by its number, on the wrong keyboard."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    talks.say(PERSON, said)
    assert not intake(talks).state.urgent


@pytest.mark.parametrize(
    "said", ["помогите, мужа забрали", "СРОЧНО!!!", "зарядка кончается, минута осталась", "1", "один"]
)
def test_a_danger_at_the_consent_is_urgent(talks: Talks, said: str) -> None:
    """Without any button's word."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    talks.say(PERSON, said)
    assert intake(talks).state.urgent


def test_the_consent_answers_what_everybody_asks_and_never_leads_back_to_the_languages(talks: Talks) -> None:
    """One line each; nothing is kept until somebody agrees."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    for said, answer in [
        ("кто вы такие?", "не полиция"),
        ("а это сколько стоит", "бесплатно"),
        ("кто это прочитает? данные не сольют?", "юристы-волонтёры"),
        ("здравствуйте", "Напишите: «срочно»"),
    ]:
        talks.say(PERSON, said)
        assert answer in talks.text(PERSON)
        assert any("Срочно" in label for label in talks.labels(PERSON))
        assert "Казак" not in talks.text(PERSON)
    assert talks.change(talks.core.intakes.rows) == []
    talks.say(PERSON, "нет, передумал")
    assert talks.change(talks.core.intakes.rows) == []


def test_an_agreement_that_was_never_asked_for_is_none(talks: Talks) -> None:
    """A first "+" is no consent: nobody has read it yet. A "yes" is a language, and the consent comes."""
    for said in ("+", "👍", "+", "да"):
        talks.say(PERSON, said)
    assert talks.change(talks.core.intakes.rows) == []


def test_two_meanings_are_offered_as_buttons_which_go_with_the_next_thing_said(talks: Talks) -> None:
    """They stand above the ordinary answers; a press answers, and one of an earlier offer answers nothing."""
    urgent(talks, PERSON, None)
    talks.say(PERSON, "участковый спрашивал про меня у соседей")
    assert "Вы имели в виду это?" in talks.text(PERSON)
    (first, *_) = talks.labels(PERSON)
    assert not first[0].isdigit()
    offered = next((data, message) for label, data, message in talks.data(PERSON) if label == first)
    talks.say(PERSON, "банан")
    assert "Вы имели в виду это?" not in talks.text(PERSON)
    talks.push(PERSON, *offered)
    assert answers(talks) == {}
    talks.say(PERSON, "участковый спрашивал про меня у соседей")
    talks.press(PERSON, first)
    assert list(answers(talks)) == ["q02"]


def test_a_body_named_beside_the_danger_answers_the_question_about_it(talks: Talks) -> None:
    """One sentence, two answers; the alert is out at once."""
    urgent(talks, PERSON, None)
    talks.say(PERSON, "менты держат меня в отделе")
    assert answers(talks) == {"q02": ("held",), "q02_by": ("police",)}
    assert isinstance(talks.case(), Waiting)


def test_nobody_is_called_off_or_deleted_by_a_sentence(talks: Talks) -> None:
    """Each is asked first."""
    urgent(talks, PERSON)
    talks.say(PERSON, "не зовите никого")
    assert "Больше не звать" in talks.labels(PERSON)
    assert isinstance(talks.case(), Waiting)
    talks.say(PERSON, "удалите всё")
    assert any("Удалить" in label for label in talks.labels(PERSON))
    assert isinstance(talks.case(), Waiting)


def test_a_pause_changes_nothing(talks: Talks) -> None:
    """A kind line, and the same question."""
    urgent(talks, PERSON, None)
    asked = intake(talks).state.asked
    talks.say(PERSON, "погоди")
    assert "Не спешите" in talks.text(PERSON)
    assert intake(talks).state.asked == asked


@pytest.mark.parametrize("said", ["что с моей заявкой?", "юриста нашли?"])
def test_who_asks_how_it_stands_is_told(talks: Talks, said: str) -> None:
    """As by /status."""
    urgent(talks, PERSON)
    talks.say(PERSON, "/status")
    told = talks.text(PERSON)
    talks.say(PERSON, said)
    assert talks.text(PERSON) == told


def test_urgent_help_in_the_middle_of_the_questions_leads_to_the_one_that_decides(talks: Talks) -> None:
    """Whoever began calmly."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    talks.press(PERSON, "Продолжить")
    talks.say(PERSON, "помогите срочно")
    state = intake(talks)
    assert (state.state.asked, state.state.urgent) == ("q02", True)
    assert state.call_due_at is not None


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("помогите, меня забрали в полицию", "Мне"),
        ("мужа забрали в полицию", "Близкому человеку"),
        ("мені полицияға алып кетті, көмектесіңіз", None),
    ],
)
def test_a_cry_for_help_at_another_question_is_kept_and_brings_a_lawyer_in_a_minute(
    talks: Talks, said: str, offered: str | None
) -> None:
    """It answers for whom, or nothing; whoever can do no more after it is no less in danger."""
    talks.say(PERSON, "здравствуйте")
    talks.press(PERSON, "Продолжить")
    talks.say(PERSON, said)
    assert intake(talks).state.asked == "q01"
    assert "Сохранено для юриста" in talks.text(PERSON)
    assert "Через минуту позовём юриста" in talks.text(PERSON)
    assert (talks.labels(PERSON)[0] == offered) or offered is None
    case = talks.case()
    assert not isinstance(case, Waiting)
    talks.pass_by(seconds=30)
    if offered is not None:  # and the minute begins anew
        talks.press(PERSON, offered)
    talks.pass_by(seconds=90)
    called = talks.case()
    assert (called.code, isinstance(called, Waiting), called.level) == (case.code, True, Level.critical)


def test_an_answer_that_names_no_danger_ends_the_minute_after_a_cry_for_help(talks: Talks) -> None:
    """What was cried is kept all the same, and goes out with the answers."""
    talks.say(PERSON, "здравствуйте")
    talks.press(PERSON, "Продолжить")
    talks.say(PERSON, "помогите, меня забрали в полицию")
    talks.press(PERSON, "Мне")
    talks.press(PERSON, "На свободе")
    talks.press(PERSON, "Безопасно")
    talks.pass_by(minutes=3)
    assert not isinstance(talks.case(), Waiting)


@walked_once
def at_the_offer(talks: Talks, where: str) -> None:
    """The main part is done, as shortly as it can be."""
    urgent(talks, PERSON, where)
    while intake(talks).state.asked not in {"more", "more_held"}:
        for label in ("Пропустить", "Мне", "Нет", "Безопасно", "Не знаю"):
            if any(label in one for one in talks.labels(PERSON)):
                talks.press(PERSON, label)
                break


@pytest.mark.parametrize("where", ["Удерживают", "На свободе"])
@pytest.mark.parametrize("said", ["хватит", "пока хватит", "больше не хочу", "жетеді", "осымен жетеді", "jetedi"])
def test_enough_at_the_offer_to_go_on_is_enough(talks: Talks, where: str, said: str) -> None:
    """In both languages; what is there is looked at once more and can be sent."""
    at_the_offer(talks, where)
    talks.say(PERSON, said)
    assert "Проверьте ответы" in talks.text(PERSON)


@pytest.mark.parametrize("said", ["ещё вопросы", "давайте ещё", "тағы", "жалғастыра бер"])
def test_more_at_the_offer_to_go_on_is_more(talks: Talks, said: str) -> None:
    """In both languages."""
    at_the_offer(talks, "На свободе")
    talks.say(PERSON, said)
    assert intake(talks).state.asked not in {None, "more"}


@pytest.mark.parametrize("said", ["да", "иә", "ок"])
def test_a_yes_at_the_offer_to_go_on_may_be_either_and_is_offered(talks: Talks, said: str) -> None:
    """It says two things: that it can be sent, and that there are questions."""
    at_the_offer(talks, "На свободе")
    talks.say(PERSON, said)
    assert intake(talks).state.asked == "more"
    assert {*talks.labels(PERSON)[:2]} == {"Пока достаточно", "Ответить ещё"}


@pytest.mark.parametrize("said", ["не хочу больше жить", "хватит меня бить", "өмірден шаршадым"])
def test_despair_at_the_offer_to_go_on_is_no_answer_to_it(talks: Talks, said: str) -> None:
    """It is a message to the lawyer."""
    at_the_offer(talks, "Удерживают")
    talks.say(PERSON, said)
    assert intake(talks).state.asked == "more_held"
    assert "Сохранено для юриста" in talks.text(PERSON)


def test_a_chat_is_hidden_by_a_sentence(talks: Talks) -> None:
    """Somebody is coming: whatever else the sentence says."""
    urgent(talks, PERSON)
    talks.say(PERSON, "спрячь переписку, муж идёт")
    assert talks.labels(PERSON) == [] or all("Скрыть" in label for label in talks.labels(PERSON))


def test_an_offer_is_not_seen_any_more_after_a_silence(talks: Talks) -> None:
    """It tells what was typed."""
    urgent(talks, PERSON, None)
    talks.say(PERSON, "участковый спрашивал про меня у соседей")
    assert intake(talks).state.offered
    assert veil(intake(talks)).state.offered == ()


def test_a_number_in_words_is_an_answer_where_answers_have_numbers_and_nowhere_else(talks: Talks) -> None:
    """Where words are asked for it is what somebody writes, and of a day it says nothing."""
    urgent(talks, PERSON)
    until(talks, "q08")
    before = answers(talks)
    talks.say(PERSON, "два")
    given = intake(talks).state.answers
    assert isinstance(given[QuestionId("q08")], Written)
    assert answers(talks) == before
    until(talks, "q10")
    talks.say(PERSON, "три, пункт пять")
    labels = talks.pana.questionnaires.current.question(QuestionId("q10")).options
    assert answers(talks)["q10"] == (labels[2].id, labels[4].id)
    until(talks, "q09")
    talks.say(PERSON, "два")
    assert intake(talks).state.asked == "q09"
