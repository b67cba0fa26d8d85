"""A false alarm is undone while its person has begun another request: neither is lost, and a lawyer's word arrives."""

import pytest

from bot.speech.texts import seeker as texts
from storage.case import Case, Claimed
from tests.talks.requests import sends
from tests.talks.talks import ON_BOTH, Talks, talks, urgent
from tests.talks.walking import Walker

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
PHRASE = "Ничего не подписывайте без юриста"
NEW = "Есть новое сообщение"
AGAIN = "Ваше прежнее обращение снова в работе"


def closed_by_mistake(talks: Talks, where: str = "На свободе") -> tuple[Case, tuple[str, int]]:
    """Taken by Boris and closed as a false alarm; the button that undoes it."""
    urgent(talks, PERSON, None)
    talks.pass_by(seconds=61)
    talks.press(PERSON, where)
    talks.say(BORIS, f"/take {talks.case().code}")
    for label in ("Закрыть", "Ложный вызов", "Да, закрыть"):
        talks.press(BORIS, label)
    return talks.case(), next((data, one) for label, data, one in talks.data(BORIS) if label.startswith("Отменить"))


def at_the_consent(talks: Talks) -> None:
    """The language is chosen, and nothing more."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")


def asked(talks: Talks) -> None:
    """The first question is open, and nothing is sealed."""
    at_the_consent(talks)
    talks.press(PERSON, "Продолжить")


def answering(talks: Talks) -> None:
    """One answer is given, and nobody called."""
    asked(talks)
    talks.press(PERSON, "Мне")


def called(talks: Talks) -> None:
    """Lawyers are called, or would be but for the false alarm."""
    at_the_consent(talks)
    talks.press(PERSON, "Срочно")
    talks.press(PERSON, "Удерживают")


def sent(talks: Talks) -> None:
    """Every answer is sent."""
    called(talks)
    sends(talks)


def taken(talks: Talks) -> None:
    """Another lawyer has it."""
    called(talks)
    talks.press(CLARA, "Call the lawyers")
    talks.say(AIGUL, f"/take {talks.case().code}")
    assert isinstance(talks.case(), Claimed)


FRONT = [asked, answering, called, sent, taken]
EVERY = pytest.mark.parametrize("begins", FRONT, ids=[one.__name__ for one in FRONT])


def undone(talks: Talks, begins: object, where: str = "На свободе") -> Case:
    """Closed by mistake, another one begun, and the mistake undone: the first one."""
    case, undo = closed_by_mistake(talks, where)
    begins(talks)  # type: ignore[operator]
    talks.pass_by(minutes=1)
    talks.push(BORIS, *undo)
    talks.pass_by(seconds=30)
    again = talks.core.database.read(lambda tx: talks.core.cases.get(tx, case.row))
    assert isinstance(again, Claimed)
    return again


def writes(talks: Talks) -> None:
    """Boris sends a ready phrase."""
    talks.press(BORIS, "Написать")
    talks.press(BORIS, PHRASE)
    talks.pass_by(seconds=30)


@ON_BOTH
@EVERY
def test_what_the_lawyer_writes_reaches_the_chat_and_counts_as_read_only_then(talks: Talks, begins: object) -> None:
    """It is told on the card that stands there; *show* leads to the request that it belongs to, with all of it."""
    case = undone(talks, begins)
    writes(talks)
    assert NEW in talks.seen(PERSON)
    assert PHRASE not in talks.seen(PERSON)
    assert f"{case.code}, сообщение 1: ещё не прочитано" in talks.seen(BORIS)
    talks.press(PERSON, "Показать")
    assert PHRASE in talks.text(PERSON)
    assert f"{case.code}, сообщение 1: прочитано" in talks.seen(BORIS)


@EVERY
def test_the_old_code_gives_the_old_request_and_the_new_one_is_not_lost(talks: Talks, begins: object) -> None:
    """With what its lawyer wrote; the other's code is told, and leads back to that."""
    case = undone(talks, begins)
    assert f"{AGAIN}. Чтобы увидеть его, напишите сюда: {case.code}" in talks.text(PERSON)
    writes(talks)
    talks.say(PERSON, case.code)
    other = next((one.code for one in talks.cases() if one.row != case.row), None)
    assert AGAIN not in talks.text(PERSON)
    assert "юрист" in talks.text(PERSON)
    assert (f"напишите сюда: {other}" in talks.text(PERSON)) is (other is not None)
    talks.press(PERSON, "Показать")
    assert PHRASE in talks.text(PERSON)
    if other is not None:
        talks.say(PERSON, other)
        assert PHRASE not in talks.text(PERSON)
        assert case.code in talks.text(PERSON)


def test_who_has_not_consented_again_finds_the_old_request(talks: Talks) -> None:
    """Nothing stands before it."""
    undone(talks, at_the_consent)
    writes(talks)
    talks.press(PERSON, "Показать")
    assert PHRASE in talks.text(PERSON)
    talks.say(PERSON, "/status")
    assert "Юрист вышел на связь" in talks.text(PERSON)


@EVERY
def test_a_chat_that_is_hidden_then_is_silent_about_both(talks: Talks, begins: object) -> None:
    """The lawyer writes into nothing; /start looks like the first time, and the code leads back."""
    case = undone(talks, begins)
    talks.press(PERSON, "Скрыть чат")
    assert talks.seen(PERSON) == ""
    assert talks.toast is not None
    assert all(one.code in talks.toast for one in talks.cases())  # each of them leads back
    writes(talks)
    assert not talks.chats[PERSON]
    talks.say(PERSON, "/start")
    assert "Выберите язык" in talks.text(PERSON)
    talks.say(PERSON, case.code)
    talks.press(PERSON, "Показать")
    assert PHRASE in talks.text(PERSON)


@EVERY
def test_when_the_old_request_is_closed_the_new_one_stays(talks: Talks, begins: object) -> None:
    """Its card is not wiped, and says nothing false any more."""
    undone(talks, begins)
    before = talks.labels(PERSON)
    for label in ("Закрыть", "Помощь оказана", "Да, закрыть"):
        talks.press(BORIS, label)
    talks.pass_by(minutes=1)
    assert talks.labels(PERSON) == before
    if begins in {called, sent, taken}:
        assert AGAIN not in talks.text(PERSON)
    talks.say(PERSON, "/start")
    assert AGAIN not in talks.text(PERSON)


def test_when_the_new_request_is_closed_the_old_one_stands_there(talks: Talks) -> None:
    """Nothing stands before it any more."""
    case = undone(talks, taken)
    for label in ("Өтінішті жабу", "Көмек көрсетілді", "Иә, жабу"):
        talks.press(AIGUL, label)
    talks.pass_by(minutes=1)
    talks.say(PERSON, "/start")
    assert case.code in talks.text(PERSON)
    writes(talks)
    talks.press(PERSON, "Показать")
    assert PHRASE in talks.text(PERSON)


@pytest.mark.parametrize(("before", "since"), [("Удерживают", answering), ("На свободе", called)])
def test_on_a_phone_in_other_hands_nothing_rings(talks: Talks, before: str, since: object) -> None:
    """Whichever of the two requests says so."""
    undone(talks, since, before)
    rung = talks.rung(PERSON)
    writes(talks)
    assert talks.rung(PERSON) == rung
    assert NEW in talks.seen(PERSON)


def test_after_a_silence_no_code_stands_there(talks: Talks) -> None:
    """Whoever looks at the phone then may be somebody else."""
    case = undone(talks, answering)
    talks.press(BORIS, "Занимаюсь этим")
    talks.pass_by(minutes=20)
    writes(talks)
    assert case.code not in talks.seen(PERSON)
    assert NEW in talks.seen(PERSON)


# --- in which language ---

KAZAKH = frozenset("әғқңөұүһі")


def test_the_neutral_message_of_the_old_request_is_in_the_language_of_the_new_one(talks: Talks) -> None:
    """Whoever reads the chat has chosen that one last."""

    def begins(talks: Talks) -> None:
        person = Walker(talks, PERSON, "kk")
        person.begins()
        person.chooses("q02", "free")

    undone(talks, begins)
    writes(talks)
    assert talks.pana.words.text("kk", texts.NEW_MESSAGE) in talks.seen(PERSON)
    assert NEW not in talks.seen(PERSON)


def joined_in_another_language(talks: Talks) -> Walker:
    """New answers in Russian joined the second of two hidden Kazakh requests, whose code was typed then."""
    for _ in range(2):
        person = Walker(talks, PERSON, "kk")
        person.begins()
        person.answers(q02="lost", q01="relative")
        person.says("/clear")
        talks.pass_by(seconds=30)
    code = talks.case().code
    person = Walker(talks, PERSON, "ru")
    person.begins()
    person.answers(q02="coming", q01="relative")
    person.says(code)
    return person


def test_what_comes_about_a_request_that_answers_in_another_language_have_joined_is_in_that_one(talks: Talks) -> None:
    """The neutral message, the card, and the last words."""
    joined_in_another_language(talks)
    talks.pass_by(minutes=2)
    talks.say(BORIS, f"/take {talks.case().code}")
    assert NEW in talks.seen(PERSON)
    for label in ("Закрыть", "Помощь оказана", "Да, закрыть"):
        talks.press(BORIS, label)
    talks.pass_by(minutes=1)
    assert talks.seen(PERSON)
    assert not KAZAKH & set(talks.seen(PERSON).lower())
