"""While another card stands in the place of the question, what is typed is for that card and answers no question."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.speech.incoming import FileKind, What
from bot.speech.texts import both
from bot.speech.texts import seeker as texts
from storage.case import Claimed, Erased, Open, Parted, Waiting
from tests.talks.talks import ON_BOTH, Talks, talks
from tests.talks.test_own_words import intake, opened, words_in
from tests.talks.walked_once import walked_once
from tests.talks.walking import BORIS, LAWYERS, Walker

__all__ = ["talks"]  # a fixture
PERSON = 900
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk"])
YES = {"ru": ["да", "Да.", "ок"], "kk": ["иә", "ия", "ok"]}
# Each is a yes to the consent; at "delete everything?" it may as well mean to go on with the questions.
GO_ON = ("продолжить", "дальше", "начать", "готова", "хорошо", "жалғастыру", "кеттік", "бар", "continue", "next")
CRIES = {
    "ru": ("меня задержали на границе и сейчас отдают", "ко мне ломится полиция, помогите", "срочно"),
    "kk": ("мені ұстап алып кетті, көмек керек", "көмектесіңіздер", "есікті сындырып жатыр"),
}
NO = {"ru": ["нет", "назад", "отмена"], "kk": ["жоқ", "артқа", "болдырмау"]}


def held(talks: Talks, language: str) -> Walker:
    """Somebody who is held; a question with numbered answers is open, and a yes would be one of them."""
    comes_to_q03(talks, language)
    return Walker(talks, PERSON, language)


@walked_once
def comes_to_q03(talks: Talks, language: str) -> None:
    """The way there."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.answers(q02="held", q01="self", q02_by="police")
    person.sees_question("q03")


@walked_once
def _comes_to_words(talks: Talks, language: str) -> None:
    person = Walker(talks, PERSON, language)
    person.begins(texts.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="safe", q03="no", q04="none", q05="phone")
    person.sees_question("q06")
    assert talks.cases() == []


def free_at_words(talks: Talks, language: str) -> Walker:
    """Somebody free who is asked for words, which a file may be in the place of; nothing is sealed yet."""
    _comes_to_words(talks, language)
    return Walker(talks, PERSON, language)


def covers(talks: Talks, person: Walker, card: str) -> None:
    """Something else takes the place of the question."""
    if card.startswith("/"):
        person.says(card)
    else:
        (row,) = talks.change(talks.core.intakes.rows)
        shown = talks.change(lambda tx: talks.pana.seeker.over_time.ask_again(tx, row, heard=()))
        talks._show(*shown)
        talks.deliver()
    assert not person.asks("q06")


def answered(talks: Talks) -> object:
    """What the questionnaire has been told so far."""
    return dict(intake(talks).state.answers)


# --- the languages ---


@EACH_LANGUAGE
@pytest.mark.parametrize(
    ("typed", "language_then"),
    [
        ("1", "ru"),
        ("2.", "kk"),
        ("№2", "kk"),
        ("екінші", "kk"),
        ("два", "kk"),
        ("нөмір бір", "ru"),
        ("русский", "ru"),
        ("по-русски", "ru"),
        ("қазақша", "kk"),
        ("qazaqsha", "kk"),
    ],
)
def test_a_language_is_chosen_as_it_is_typed(talks: Talks, language: str, typed: str, language_then: str) -> None:
    """By its number on the card too, which is no answer to the question that stood there before."""
    person, before = held(talks, language), None
    before = answered(talks)
    person.says("/language", typed)
    person.language = language_then
    person.sees_question("q03")
    assert answered(talks) == before


@EACH_LANGUAGE
def test_a_language_is_chosen_by_its_number_once_everything_is_sent(talks: Talks, language: str) -> None:
    """It is no message to the lawyer."""
    person = held(talks, language)
    person.answers(q03="no", q04="none")
    person.says("/language", "2")
    person.language = "kk"
    person.sees_question("q05")


@EACH_LANGUAGE
@pytest.mark.parametrize(
    "typed", ["Русские военные забирают меня прямо сейчас", "казахская полиция ломится в дверь, помогите"]
)
def test_a_cry_for_help_chooses_no_language_whichever_it_names(talks: Talks, language: str, typed: str) -> None:
    """It is for the lawyer, word for word."""
    person = held(talks, language)
    person.says("/language", typed)
    person.sees(texts.KEPT)
    person.sees_question("q03")


@EACH_LANGUAGE
def test_a_sentence_that_chooses_a_language_is_kept_as_well(talks: Talks, language: str) -> None:
    """It may say more than that; of one before there is a case it is said that it was not kept."""
    person = held(talks, language)
    talks.say(BORIS, f"/take {talks.case().code}")
    person.says("/language", "пишите по-казахски, у меня дети")
    person.language = "kk"
    person.sees_question("q03")
    assert "добавлены новые сведения" in talks.seen(BORIS)
    person = Walker(talks, PERSON + 1, language)
    person.begins(texts.CONTINUE)
    person.says("/language", "пишите по-казахски, у меня дети")
    person.language = "kk"
    person.sees(texts.WORDS_NOT_KEPT)


# --- danger ---


@walked_once
def says_whom_it_is_for(talks: Talks, chat: int, language: str) -> None:
    """Somebody who has not said that it is urgent, nor where they are."""
    person = Walker(talks, chat, language)
    person.begins(texts.CONTINUE)
    person.answers(q01="self")


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/help", "/language", "/delete"])
@pytest.mark.parametrize("way", [0, 1, 2])
def test_whoever_cries_for_help_under_another_card_is_heard_as_under_the_question(
    talks: Talks, language: str, card: str, way: int
) -> None:
    """Before there is a case, when nothing else that is typed there is kept."""
    seen, called = list[str](), list[object]()
    for chat in (PERSON, PERSON + 1):
        says_whom_it_is_for(talks, chat, language)
    for chat, under in ((PERSON, ()), (PERSON + 1, (card,))):
        person = Walker(talks, chat, language)
        person.says(*under, CRIES[language][way])
        case = talks.cases()[-1] if talks.cases() else None
        seen.append(person.text.replace(case.code, "") if case is not None else person.text)
        called.append(type(case))
    assert seen[0] == seen[1]
    assert called[0] == called[1]


@EACH_LANGUAGE
def test_whoever_cries_for_help_before_it_is_asked_where_they_are_is_called_for_in_a_minute(
    talks: Talks, language: str
) -> None:
    """Also under a card that is only read."""
    person = Walker(talks, PERSON, language)
    person.begins(texts.CONTINUE)
    person.says("/help", CRIES[language][0])
    talks.pass_by(minutes=2)
    assert isinstance(talks.case(), Waiting)


# --- delete everything? ---


@EACH_LANGUAGE
@pytest.mark.parametrize("way", [0, 1, 2])
def test_a_typed_yes_deletes_everything(talks: Talks, language: str, way: int) -> None:
    """Nobody need press a button, which may be lost in an outage."""
    person = held(talks, language)
    person.says("/delete", YES[language][way])
    assert isinstance(talks.case(), Erased)
    assert person.seen == person.words(texts.DELETE_DONE)


@EACH_LANGUAGE
def test_the_words_of_its_buttons_delete_everything_but_not_when_they_may_have_come_twice(
    talks: Talks, language: str
) -> None:
    """They ask for it as well as they confirm it."""
    person = held(talks, language)
    words = person.words(texts.DELETE_YES)
    person.says(words)
    person.says(words, again=True)
    assert isinstance(talks.case(), Waiting)
    assert words in person.labels
    talks.at += timedelta(seconds=20)
    person.says(words)
    assert isinstance(talks.case(), Erased)


@ON_BOTH
@EACH_LANGUAGE
def test_who_types_the_words_again_and_again_is_told_how_to_confirm_and_need_not_wait_for_ever(
    talks: Talks, language: str
) -> None:
    """They may have come twice by themselves for a quarter of a minute after they were typed first, and no longer."""
    person = held(talks, language)
    words = person.words(texts.DELETE_YES)
    for seconds in (0, 6, 6):
        talks.at += timedelta(seconds=seconds)
        person.says(words, again=True)
        assert isinstance(talks.case(), Waiting)
        assert words in person.labels
        assert person.is_told(texts.DELETE_HOW) is (seconds > 0 and not talks.core.database.shared)
    talks.at += timedelta(seconds=6)
    person.says(words, again=True)
    assert isinstance(talks.case(), Erased)


@EACH_LANGUAGE
@pytest.mark.parametrize(("typed", "becomes"), [(NO, Waiting), (YES, Erased)])
def test_what_it_says_how_to_confirm_confirms(
    talks: Talks, language: str, typed: dict[str, list[str]], becomes: type[object]
) -> None:
    """A bare yes, after the words were typed twice; and a bare no is a no still."""
    person = held(talks, language)
    person.says(person.words(texts.DELETE_YES))
    person.says(person.words(texts.DELETE_YES), again=True)
    person.sees(texts.DELETE_HOW)
    person.says(typed[language][0])
    assert isinstance(talks.case(), becomes)


@EACH_LANGUAGE
@pytest.mark.parametrize(("typed", "becomes"), [(texts.DELETE_YES, Parted), (texts.DELETE_LAWYER_TOO, Erased)])
def test_of_a_case_that_a_lawyer_has_either_button_can_be_typed(
    talks: Talks, language: str, typed: str, becomes: type[object]
) -> None:
    """Each does what it says."""
    person = held(talks, language)
    talks.say(BORIS, f"/take {talks.case().code}")
    assert isinstance(talks.case(), Claimed)
    person.says("/delete")
    talks.at += timedelta(seconds=20)
    person.says(person.words(typed))
    assert isinstance(talks.case(), becomes)


@EACH_LANGUAGE
@pytest.mark.parametrize("way", [0, 1, 2])
def test_a_typed_no_deletes_nothing(talks: Talks, language: str, way: int) -> None:
    """It leads back to the question that stood there, and no further."""
    person = held(talks, language)
    before = answered(talks)
    person.says("/delete", NO[language][way])
    assert isinstance(talks.case(), Waiting)
    person.sees_question("q03")
    assert answered(talks) == before


@EACH_LANGUAGE
def test_a_yes_to_deleting_is_no_consent(talks: Talks, language: str) -> None:
    """Of a stranger, or in a hidden chat: nothing is begun by it. It is asked in the language of the consent."""
    person = held(talks, language)
    person.presses(texts.HIDE_CHAT)
    person.says("/start")
    person.presses({"ru": "1. Русский", "kk": "2. Қазақша"}[language])
    person.says("/delete")
    assert person.words(texts.DELETE_YES) in person.labels
    person.says(YES[language][0])
    assert isinstance(talks.case(), Erased)
    assert person.text == person.words(texts.DELETE_DONE)
    assert talks.core.database.read(talks.core.intakes.rows, at=talks.at) == []


@EACH_LANGUAGE
def test_a_no_to_deleting_leads_a_stranger_back_to_the_consent(talks: Talks, language: str) -> None:
    """Typed or pressed; a yes is one to the consent then."""
    person = Walker(talks, PERSON, language)
    person.says("/start")
    person.presses({"ru": "1. Русский", "kk": "2. Қазақша"}[language])
    person.says("/delete", NO[language][0])
    person.sees(texts.CONSENT)
    person.says("/delete")
    person.presses(both.CANCEL)
    person.sees(texts.CONSENT)
    person.says(YES[language][0])
    person.sees_question("q01")


@pytest.mark.parametrize("typed", GO_ON)
def test_what_may_mean_to_go_on_deletes_nothing_and_stops_no_call(talks: Talks, typed: str) -> None:
    """Neither can be undone by somebody who has only wanted to go on answering."""
    person = held(talks, "ru")
    person.says("/delete", typed)
    assert isinstance(talks.case(), Waiting)
    person.says("/status")
    person.presses(texts.WITHDRAW)
    talks.at += timedelta(seconds=20)
    person.says(typed)
    assert isinstance(talks.case(), Waiting)


@ON_BOTH
def test_where_another_process_may_have_shown_the_question_a_bare_yes_deletes_nothing(talks: Talks) -> None:
    """It could be an answer; the words of the button are none."""
    person = held(talks, "ru")
    person.says("/delete", "да")
    assert isinstance(talks.case(), Waiting) is talks.core.database.shared
    if talks.core.database.shared:
        person.says("/delete")
        person.says(person.words(texts.DELETE_YES))
        assert isinstance(talks.case(), Erased)


@EACH_LANGUAGE
def test_the_words_of_the_button_confirm_at_once_what_was_asked_for_otherwise(talks: Talks, language: str) -> None:
    """Only the same words may have come twice."""
    person = held(talks, language)
    person.says("/delete")
    person.says(person.words(texts.DELETE_YES))
    assert isinstance(talks.case(), Erased)


@pytest.mark.parametrize("no", ["/back", "/skip", "нет", "назад"])
def test_of_a_no_of_a_stranger_nothing_is_left_but_the_consent(talks: Talks, no: str) -> None:
    """Neither what was typed, nor the question that stood there."""
    person = Walker(talks, PERSON, "ru")
    person.says("/start")
    person.presses("1. Русский")
    person.says("/delete", no)
    person.sees(texts.CONSENT)
    assert len(talks.chats[PERSON]) == 1


def test_a_yes_long_after_the_question_deletes_nothing(talks: Talks) -> None:
    """Nobody remembers by then what it was asked for."""
    person = held(talks, "ru")
    person.says("/delete")
    talks.at += timedelta(minutes=16)
    person.says("да")
    assert isinstance(talks.case(), Waiting)


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/language", "/delete", "/help", "/status", "nobody"])
@pytest.mark.parametrize("since", ["a start", "a quarter of an hour"])
def test_what_is_typed_answers_no_question_that_another_card_covers(
    talks: Talks, language: str, card: str, since: str
) -> None:
    """The process that has shown it has ended, or nobody remembers what it asked; the question stands there again."""
    person = held(talks, language)
    person.says({"ru": "не надо юриста", "kk": "заңгер керек емес"}[language] if card == "nobody" else card)
    assert not person.asks("q03")
    before = answered(talks)
    if since == "a start":
        talks.pana.seeker.screen.chats.others._shown.clear()
    else:
        talks.at += timedelta(minutes=16)
    person.says("екі" if since == "a start" else "1")
    assert answered(talks) == before
    person.sees_question("q03")
    person.says("1")
    assert answered(talks) != before


def test_a_yes_that_was_typed_before_it_was_asked_deletes_nothing(talks: Talks) -> None:
    """It was for another card."""
    person = held(talks, "ru")
    person.says("/delete")
    talks.at -= timedelta(seconds=5)
    person.says("да")
    assert isinstance(talks.case(), Waiting)


def test_an_answer_that_was_typed_before_another_card_came_is_one(talks: Talks) -> None:
    """It is heard late, behind the command."""
    person = held(talks, "ru")
    before = answered(talks)
    talks.at += timedelta(seconds=20)
    person.says("/language")
    talks.at -= timedelta(seconds=5)
    person.says("1")
    assert answered(talks) != before


def test_a_yes_to_something_else_deletes_nothing(talks: Talks) -> None:
    """In a hidden chat: what was asked is not on the screen any more."""
    person = held(talks, "ru")
    person.presses(texts.HIDE_CHAT)
    person.says("/delete", "/start", "да")
    assert isinstance(talks.case(), Waiting)


# --- stop calling? ---


@EACH_LANGUAGE
@pytest.mark.parametrize(("typed", "becomes"), [(texts.WITHDRAW_YES, Open), (texts.GO_ON_CALLING, Waiting)])
def test_whether_a_lawyer_is_called_can_be_typed(
    talks: Talks, language: str, typed: str, becomes: type[object]
) -> None:
    """In the words of both buttons."""
    person = held(talks, language)
    person.says("/status")
    person.presses(texts.WITHDRAW)
    person.says(person.words(typed))
    assert isinstance(talks.case(), becomes)
    person.sees_question("q03")


@EACH_LANGUAGE
@pytest.mark.parametrize(("said", "becomes"), [(YES, Open), (NO, Waiting)])
def test_a_yes_or_a_no_settles_whether_a_lawyer_is_called(
    talks: Talks, language: str, said: dict[str, list[str]], becomes: type[object]
) -> None:
    """It answers no question that stood there before."""
    person = held(talks, language)
    before = answered(talks)
    person.says("/status")
    person.presses(texts.WITHDRAW)
    person.says(said[language][0])
    assert isinstance(talks.case(), becomes)
    assert answered(talks) == before


ASKS = {
    "ru": ["помогите", "срочно", "позовите юриста", "юрист нужен", "мне нужен адвокат", "зовите", texts.CALL_NOW],
    "kk": ["көмектесіңіз", "шұғыл", "заңгер шақырыңыз", "заңгер керек", "шақырыңыз", texts.CALL_NOW],
}


@pytest.mark.parametrize(("language", "said"), [(one, said) for one in ASKS for said in ASKS[one]])
def test_who_has_withdrawn_the_call_and_asks_for_it_again_in_words_is_called_for(
    talks: Talks, language: str, said: str
) -> None:
    """As the card has said: nobody is called until they ask, and they can at any time."""
    person = held(talks, language)
    person.says(person.words(texts.WITHDRAW), person.words(texts.WITHDRAW_YES))
    assert isinstance(talks.case(), Open)
    person.sees(texts.CALL_WITHDRAWN)
    rung = talks.rung(*LAWYERS)
    person.says(person.words(said))
    assert isinstance(talks.case(), Waiting)
    person.sees(texts.CALLING, code=talks.case().code)
    person.sees_question("q03")
    person.waits(minutes=11)  # an account rings once in ten minutes
    assert talks.rung(*LAWYERS) > rung


@pytest.mark.parametrize(("language", "said"), [("ru", "срочно"), ("kk", "көмек"), ("ru", texts.CALL_NOW)])
def test_who_has_withdrawn_before_anybody_was_called_is_called_for_too(talks: Talks, language: str, said: str) -> None:
    """In the minute after "urgent" no case is there yet."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.says(person.words(texts.WITHDRAW))
    person.presses(texts.WITHDRAW_YES)
    person.waits(minutes=3)
    assert talks.cases() == []
    person.says(person.words(said))
    assert isinstance(talks.case(), Waiting)


@pytest.mark.parametrize(("language", "said"), [("ru", "срочно"), ("kk", "шұғыл")])
def test_who_is_called_for_after_all_is_called_for_once_whichever_question_stands_there(
    talks: Talks, language: str, said: str
) -> None:
    """What they answer from then on goes into that case."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.says(person.words(texts.WITHDRAW))
    person.presses(texts.WITHDRAW_YES)
    person.says("1")
    assert (talks.cases(), intake(talks).withdrawn) == ([], True)
    person.says(said)
    assert (intake(talks).withdrawn, intake(talks).handed) == (False, True)
    person.says("1", "2", "1")
    assert [type(case) for case in talks.cases()] == [Waiting]
    assert intake(talks).handed


@pytest.mark.parametrize("under", ["", "/help"], ids=["the question", "what is read"])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "помогите пожалуйста меня увозят"),
        ("ru", "помогите меня депортируют"),  # what it may answer is offered
        ("kk", "көмектесіңізші мені ұрып жатыр"),
        ("kk", "тез көмек керек заңгер шақырыңызшы"),  # asks for a lawyer as a command would
    ],
)
def test_who_has_withdrawn_the_call_and_cries_for_help_in_a_sentence_that_answers_nothing_is_called_for(
    talks: Talks, tmp_path: Path, language: str, said: str, under: str
) -> None:
    """A single word does it, and so do more; the lawyer reads them, and the call stays until it is withdrawn again."""
    person = held(talks, language)
    person.says(person.words(texts.WITHDRAW), person.words(texts.WITHDRAW_YES))
    before = answered(talks)
    person.says(*filter(None, [under]), said)
    assert answered(talks) == before
    assert isinstance(talks.case(), Waiting)
    assert (intake(talks).withdrawn, intake(talks).handed) == (False, True)
    assert said in words_in(opened(talks, tmp_path))
    person.says("1")
    assert (intake(talks).withdrawn, intake(talks).handed) == (False, True)


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "меня бьют помогите пожалуйста"), ("kk", "көмектесіңізші мені ұрып жатыр")]
)
def test_a_sentence_does_it_too_before_anybody_was_called(
    talks: Talks, tmp_path: Path, language: str, said: str
) -> None:
    """It opens the case in which it stands."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.says(person.words(texts.WITHDRAW), person.words(texts.WITHDRAW_YES))
    assert talks.cases() == []
    person.says(said)
    assert isinstance(talks.case(), Waiting)
    assert (intake(talks).withdrawn, intake(talks).handed) == (False, True)
    assert said in words_in(opened(talks, tmp_path))


PLEAS = {
    "ru": [
        *("помогите пожалуйста меня увозят", "помогите меня держат в полиции", "срочно меня арестовали"),
        *("вызовите адвоката, меня держат в полиции", "меня держат в полиции нужен адвокат", "помагите меня держат"),
    ],
    "kk": [
        *("көмектесіңізші мені ұстап алды", "көмек мені полиция ұстап отыр", "құтқарыңыздар мені қамап қойды"),
        "заңгер керек мені полиция ұстап отыр",
    ],
}


@pytest.mark.parametrize(("language", "said"), [(one, said) for one in PLEAS for said in PLEAS[one]])
def test_who_has_withdrawn_the_call_and_cries_for_help_in_a_sentence_that_answers_is_called_for(
    talks: Talks, tmp_path: Path, language: str, said: str
) -> None:
    """What they say is the answer, and a lawyer is called, who reads every word."""
    person = asked_where_they_are(talks, language)
    person.says(said)
    assert "q02" in intake(talks).state.answers
    assert isinstance(talks.case(), Waiting)
    assert (intake(talks).withdrawn, intake(talks).handed) == (False, True)
    person.sees(texts.CALLING, code=talks.case().code)
    assert said in words_in(opened(talks, tmp_path))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "1"),
        ("ru", "меня держат в полиции"),
        ("ru", "меня увозят"),
        ("kk", "мені полиция ұстап отыр"),
        ("kk", "мені полиция тез алып кетті"),
    ],
)
def test_who_has_withdrawn_the_call_and_only_says_where_they_are_is_not(talks: Talks, language: str, said: str) -> None:
    """Nobody is called against the wish of whoever has said so; a tap calls."""
    person = asked_where_they_are(talks, language)
    person.says(said)
    assert "q02" in intake(talks).state.answers
    assert talks.cases() == []
    person.presses(texts.CALL_NOW)
    assert isinstance(talks.case(), Waiting)


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "не зовите никого, меня держат в полиции"), ("kk", "мені полиция ұстап отыр көмек керек емес")],
)
def test_who_says_where_they_are_and_that_nobody_should_come_is_not_called_for(
    talks: Talks, language: str, said: str
) -> None:
    """Whether it is read as an answer or not."""
    asked_where_they_are(talks, language).says(said)
    assert talks.cases() == []


def asked_where_they_are(talks: Talks, language: str) -> Walker:
    """Somebody has asked for urgent help and withdrawn it, before they have said where they are."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.says(person.words(texts.WITHDRAW), person.words(texts.WITHDRAW_YES))
    person.sees_question("q02")
    return person


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "не зовите"),
        ("ru", "не нужен юрист"),
        ("ru", "нет мне больше не нужен юрист спасибо"),
        ("ru", "да"),
        ("kk", "заңгер керек емес"),
        ("kk", "шақырмаңыз"),
    ],
)
def test_what_does_not_ask_for_a_lawyer_leaves_the_call_withdrawn(talks: Talks, language: str, said: str) -> None:
    """Nobody is called against the wish of whoever has said so."""
    person = held(talks, language)
    person.says(person.words(texts.WITHDRAW), person.words(texts.WITHDRAW_YES))
    person.says(said)
    assert isinstance(talks.case(), Open)


# --- what is only read ---


@EACH_LANGUAGE
@pytest.mark.parametrize("command", ["/help", "/status"])
@pytest.mark.parametrize("way", ["/back", "/skip", texts.BACK])
def test_back_from_what_is_only_read_leads_to_the_question(talks: Talks, language: str, command: str, way: str) -> None:
    """And no further: nothing is taken back, and nothing skipped."""
    person = held(talks, language)
    before = answered(talks)
    person.says(command, way if way.startswith("/") else person.words(way))
    person.sees_question("q03")
    assert answered(talks) == before


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/help", "/status", "/language", "/delete"])
def test_whatever_else_is_typed_there_is_for_the_lawyer_and_answers_nothing(
    talks: Talks, language: str, card: str
) -> None:
    """A number stands on no button there, and a sentence was not written to a question that nobody saw."""
    person = held(talks, language)
    before = answered(talks)
    for text in ("5", {"ru": "завтра обещали увезти", "kk": "ертең алып кетеміз дейді"}[language]):
        person.says(card, text)
        person.sees(texts.KEPT)
        person.sees_question("q03")
    assert answered(talks) == before


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/help", "/status", "/delete"])
def test_a_caption_there_answers_nothing_either(talks: Talks, language: str, card: str) -> None:
    """It is read as if it were typed."""
    person = held(talks, language)
    before = answered(talks)
    person.says(card)
    person.sends(What.paper, "5")
    person.sees_question("q03")
    assert answered(talks) == before


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/help", "/language", "/delete", "a neutral message"])
@pytest.mark.parametrize("file", [FileKind.photo, FileKind.voice, FileKind.paper])
def test_a_file_that_is_sent_there_answers_no_question_that_nobody_sees(
    talks: Talks, language: str, card: str, file: FileKind
) -> None:
    """Before there is a case none is opened for it: it is said that it was not kept. Under its question it is one."""
    person = free_at_words(talks, language)
    covers(talks, person, card)
    before = answered(talks)
    talks.file(PERSON, file, b"%PDF-1.7 a paper")
    assert answered(talks) == before and talks.cases() == []
    person.sees(texts.EARLIER)
    person.sees_question("q06")
    talks.file(PERSON, file, b"%PDF-1.7 a paper")
    assert answered(talks) != before


@EACH_LANGUAGE
def test_of_an_album_that_is_sent_there_no_part_answers(talks: Talks, language: str) -> None:
    """The first part brings the question back; the others were not sent to it either."""
    person = free_at_words(talks, language)
    before = answered(talks)
    person.says("/help")
    for _ in range(3):
        talks.file(PERSON, FileKind.photo, b"a photo", album="7")
    assert answered(talks) == before and talks.cases() == []
    person.sees(texts.EARLIER)
    person.sees_question("q06")


@EACH_LANGUAGE
def test_a_file_that_is_sent_there_is_for_the_lawyer_once_there_is_a_case(talks: Talks, language: str) -> None:
    """Where words are asked for, too."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.answers(q02="held", q01="self", q02_by="police")
    while not person.asks("q08"):
        person.goes_on()
    before = answered(talks)
    person.says("/help")
    talks.file(PERSON, FileKind.voice, b"OggS a voice")
    assert answered(talks) == before
    person.sees_question("q08")
    assert talks.pana.words.plural(language, texts.FILES_SAVED, 1) in person.seen


@EACH_LANGUAGE
def test_a_number_from_the_phone_that_is_sent_there_answers_nothing(talks: Talks, language: str) -> None:
    """Under the question that asks for it, it is the answer."""
    person = free_at_words(talks, language)
    before = answered(talks)
    for there in (False, True):
        if not there:
            person.says("/help")
        person.sends(What.number, "+7 700 000 00 00")
        assert (answered(talks) != before) is there
        assert person.is_told(texts.EARLIER) is not there


def test_after_the_next_press_a_text_is_for_the_question_again(talks: Talks) -> None:
    """As soon as it stands there."""
    person = held(talks, "ru")
    person.says("/status")
    person.presses(texts.BACK)
    person.says("4")
    person.sees_question("q04")


def test_news_that_take_the_place_of_the_card_end_it(talks: Talks) -> None:
    """The question stands there again, and a number is its answer."""
    person = held(talks, "ru")
    person.says("/help")
    talks.say(BORIS, f"/take {talks.case().code}")
    person.sees_question("q03")
    person.says("4")
    person.sees_question("q04")


# --- the words of buttons elsewhere ---


@EACH_LANGUAGE
def test_what_a_lawyer_wrote_is_opened_by_the_words_of_its_button(talks: Talks, language: str) -> None:
    """Also while a question is open: where presses are lost, it is the only way to it."""
    person = held(talks, language)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.press(BORIS, "Написать")
    talks.press(BORIS, "Ничего не подписывайте")
    phrase = person.words("Sign nothing without a lawyer")
    assert phrase not in person.seen
    person.says(person.words(texts.SHOW))
    assert phrase in person.seen
    person.sees_question("q03")


@EACH_LANGUAGE
def test_a_call_is_withdrawn_and_everything_deleted_by_the_words_of_their_buttons(talks: Talks, language: str) -> None:
    """Each is asked first, as it is when it is pressed."""
    person = held(talks, language)
    person.says(person.words(texts.WITHDRAW))
    person.sees(texts.WITHDRAW_CONFIRM)
    person.says(person.words(texts.DELETE_YES))
    assert person.words(texts.DELETE_YES) in person.labels
    assert isinstance(talks.case(), Waiting)


@EACH_LANGUAGE
def test_news_ring_or_not_by_the_words_of_their_buttons(talks: Talks, language: str) -> None:
    """It is no message to the lawyer."""
    person = held(talks, language)
    person.presses(texts.HIDE_CHAT)
    person.says("/start")
    person.presses({"ru": "1. Русский", "kk": "2. Қазақша"}[language], texts.URGENT)
    person.says(next(one for one in talks.cases() if one.hidden).code)
    for label, other in ((texts.NOTIFY_ON, texts.NOTIFY_OFF), (texts.NOTIFY_OFF, texts.NOTIFY_ON)):
        person.says(person.words(label))
        assert person.words(other) in person.labels


# --- news while somebody chooses, or reads the status ---


def chooses(person: Walker, card: str) -> list[str]:
    """What stands in the place of the question, and is looked at; its buttons."""
    if card == "stop calling?":
        person.says("/status")
        person.presses(texts.WITHDRAW)
    else:
        person.says(card)
    assert not person.asks("q03")
    return person.labels


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/delete", "/language", "stop calling?"])
def test_news_do_not_come_under_the_finger_of_somebody_who_chooses(talks: Talks, language: str, card: str) -> None:
    """What they press is what they saw; what is new is on the card to which it leads."""
    person = held(talks, language)
    labels = chooses(person, card)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.pass_by(seconds=100)
    assert person.labels == labels
    back = {"/delete": both.CANCEL, "stop calling?": texts.GO_ON_CALLING}
    person.presses(back.get(card, labels[0]))
    person.language = "ru" if card == "/language" else language
    person.sees_question("q03")
    assert not person.is_told(texts.CALLING_BARE)


@EACH_LANGUAGE
@pytest.mark.parametrize("card", ["/delete", "/language", "stop calling?"])
def test_news_come_when_nobody_has_chosen_for_two_minutes(talks: Talks, language: str, card: str) -> None:
    """Nothing waits for ever behind a card that somebody has left standing."""
    person = held(talks, language)
    chooses(person, card)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.pass_by(minutes=3)
    person.sees_question("q03")


@EACH_LANGUAGE
def test_the_status_that_somebody_reads_stays_and_is_true_all_the_time(talks: Talks, language: str) -> None:
    """A lawyer takes the case, which is told there; what they write has a button of its own, and comes in its place."""
    person = held(talks, language)
    person.says("/status")
    assert person.words(texts.WITHDRAW) in person.labels
    talks.say(BORIS, f"/take {talks.case().code}")
    person.sees(texts.STATUS_TAKEN)
    assert not person.asks("q03")
    assert person.words(texts.WITHDRAW) not in person.labels
    assert person.words(texts.BACK) in person.labels
    person.says("4")  # answers nothing that nobody sees
    assert "q03" not in intake(talks).state.answers
    person.says("/status")
    talks.press(BORIS, "Написать")
    talks.press(BORIS, "Ничего не подписывайте")
    person.sees_question("q03")
    assert person.words(texts.SHOW) in person.labels


def test_a_status_that_is_remembered_comes_over_no_question_that_stands_there(talks: Talks) -> None:
    """Another process has shown the question since, and this one does not know: a number would be its answer."""
    person = held(talks, "ru")
    person.says("/status")
    remembered = dict(talks.pana.seeker.screen.chats.others._shown)
    person.presses(texts.BACK)
    talks.pana.seeker.screen.chats.others._shown.update(remembered)
    talks.say(BORIS, f"/take {talks.case().code}")
    person.sees_question("q03")


def test_what_became_of_a_file_comes_before_the_status(talks: Talks) -> None:
    """It is said once, and would be lost behind it."""
    person = held(talks, "ru")
    talks.telegram.away = True
    talks.file(PERSON, FileKind.photo, b"a photo")
    person.says("/status")
    assert not person.asks("q03")
    talks.telegram.away = False
    person.waits(minutes=5)
    person.sees_question("q03")


def test_the_status_goes_with_the_silence_of_whoever_reads_it(talks: Talks) -> None:
    """Somebody else may hold the phone: the question shows less."""
    person = held(talks, "ru")
    person.waits(minutes=5)
    person.says("/status")
    person.waits(minutes=9)
    assert not person.asks("q03")
    person.waits(minutes=2)
    person.sees_question("q03")
    assert intake(talks).silent


def test_a_call_that_a_lawyer_has_taken_meanwhile_is_not_stopped(talks: Talks) -> None:
    """Whoever confirms it sees that a lawyer has taken the request."""
    person = held(talks, "ru")
    chooses(person, "stop calling?")
    talks.say(BORIS, f"/take {talks.case().code}")
    person.presses(texts.WITHDRAW_YES)
    assert isinstance(talks.case(), Claimed)
    person.sees_question("q03")


def test_what_a_lawyer_wrote_fades_behind_what_somebody_chooses(talks: Talks) -> None:
    """It does not come under their finger either."""
    person = held(talks, "ru")
    labels = chooses(person, "/delete")
    over_time = talks.pana.seeker.over_time
    row = talks.case().row
    assert talks.change(lambda tx: over_time.fade(tx, row)) is None
    assert person.labels == labels
    talks.at += timedelta(minutes=2)
    assert talks.change(lambda tx: over_time.fade(tx, row)) is not None


# --- at the consent ---


@EACH_LANGUAGE
@pytest.mark.parametrize("what", [What.other, What.paper, What.sound, What.place, What.number, What.video, What.file])
def test_what_is_no_text_leads_nobody_back_from_the_consent_to_the_languages(
    talks: Talks, language: str, what: What
) -> None:
    """It is said that it was not kept, and how to answer."""
    person = Walker(talks, PERSON, language)
    person.says("/start")
    person.presses({"ru": "1. Русский", "kk": "2. Қазақша"}[language])
    person.sends(what, {What.place: "GPS 51.23, 51.37", What.number: "+7 700 000 00 00"}.get(what, ""))
    person.sees(texts.CONSENT_HOW)
    assert person.words(texts.URGENT) in person.labels


@EACH_LANGUAGE
@pytest.mark.parametrize("command", ["/help", "/status", "/back", "/skip"])
def test_a_command_leads_nobody_back_from_the_consent_to_the_languages(
    talks: Talks, language: str, command: str
) -> None:
    """There is nothing yet that it could be about."""
    person = Walker(talks, PERSON, language)
    person.says("/start")
    person.presses({"ru": "1. Русский", "kk": "2. Қазақша"}[language])
    person.says(command)
    person.sees(texts.CONSENT_HOW)


FIRST = {
    "ru": {
        "Здравствуйте, меня задержали на границе": texts.CONSENT_HOW,
        "подскажите а это бесплатно": texts.CONSENT_FREE,
        "здравствуйте": None,
    },
    "kk": {
        "Сәлеметсіз бе, мені шекарада ұстады": texts.CONSENT_HOW,
        "айтыңызшы бұл тегін бе": texts.CONSENT_FREE,
        "сәлеметсіз бе": None,
    },
}


@EACH_LANGUAGE
@pytest.mark.parametrize("number", range(3))
def test_a_first_message_that_says_something_is_answered_and_not_lost_without_a_word(
    talks: Talks, language: str, number: int
) -> None:
    """Nothing is kept of a stranger: whoever has told everything already must know that nobody has read it."""
    person = Walker(talks, PERSON, language)
    said, answer = list(FIRST[language].items())[number]
    person.says(said)
    assert person.words(texts.URGENT) in person.labels
    answers = [texts.CONSENT_HOW, texts.CONSENT_FREE, texts.CONSENT_WHO, texts.CONSENT_DATA]
    assert [one for one in answers if person.is_told(one)] == ([answer] if answer is not None else [])


@EACH_LANGUAGE
def test_a_caption_at_the_consent_is_a_text(talks: Talks, language: str) -> None:
    """A cry for help beside a photo is no less urgent for it; of the photo it is said that it was not kept."""
    person = Walker(talks, PERSON, language)
    person.says("/start")
    person.presses({"ru": "1. Русский", "kk": "2. Қазақша"}[language])
    person.sends(What.paper, {"ru": "помогите", "kk": "көмектесіңіздер"}[language])
    person.sees_question("q02")
    person.sees(texts.NOT_YET)
