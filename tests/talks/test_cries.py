"""A cry for help is heard at the first question too; a question about who we are, and fear, are none anywhere."""

from pathlib import Path

import pytest
import yaml

from bot.speech.texts import seeker as texts
from flows.triage import Level
from storage.case import Waiting
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import intake, opened, words_in
from tests.talks.walking import Walker
from tests.whole import one_in

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, PERSON = 201, 202, 900
TOLD = yaml.safe_load(Path("tests/flows/told.yaml").read_text(encoding="utf-8"))
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk"])
# What is typed at "who needs help?": what it answers there, and at "where are you?".
CRIES = {
    "ru": {
        "меня задержали": ("self", "held"),
        "мужа увозят": ("relative", "moving"),
        "брата задержали": ("relative", "held"),
        "нас задержали на границе": ("group", "held"),
        "мама в сизо": ("relative", "held"),
        "срочно мужа забрали": ("relative", "held"),
        "меня депортируют": ("self", None),
        "мой муж в полиции": ("relative", None),
        "помогите моему мужу": ("relative", None),
        "мужу срочно нужна помощь": ("relative", None),
    },
    "kk": {
        "анамды ұстады": ("relative", "held"),
        "балам СИЗО-да": ("relative", "held"),
        "күйеуім полицияда": ("relative", None),
        "інім полицияда": ("relative", None),
        "маған тез көмек керек": ("self", None),
        "балама көмектесіңіз": ("relative", None),
    },
}
EACH_CRY = [(language, said) for language, each in CRIES.items() for said in each]
# Answers in the words of the question, and no more than that.
ONLY_FOR_WHOM = {
    "ru": ("мне нужна помощь", "мужу нужна помощь", "нам нужна помощь", "нужна помощь моему брату", "мне"),
    "kk": ("маған көмек керек", "балама көмек керек", "көмек маған керек", "күйеуіме көмек керек еді"),
}
SOON = "Через минуту", "Минуттан"


def comes_to_for_whom(talks: Talks, language: str, chat: int = PERSON) -> Walker:
    """Somebody who has pressed *continue*."""
    person = Walker(talks, chat, language)
    person.begins(texts.CONTINUE)
    return person


def chosen(talks: Talks, question: str) -> str | None:
    """What was answered."""
    answer = intake(talks).state.answers.get(question)
    return None if answer is None else answer.options[0]


@pytest.mark.parametrize(("language", "said"), EACH_CRY)
def test_a_cry_at_the_question_for_whom_answers_it_and_brings_a_lawyer_in_a_minute(
    talks: Talks, tmp_path: Path, language: str, said: str
) -> None:
    """At once where it says what the danger is, and the lawyer reads what is no answer."""
    for_whom, danger = CRIES[language][said]
    comes_to_for_whom(talks, language).says(said)
    assert (chosen(talks, "q01"), chosen(talks, "q02")) == (for_whom, danger)
    assert isinstance(talks.case(), Waiting) is (danger is not None)
    if danger is None:
        assert intake(talks).state.asked == "q02"
        assert said in words_in(opened(talks, tmp_path))
        assert any(one in talks.text(PERSON) for one in SOON)
    talks.pass_by(minutes=2)
    assert not any(one in talks.text(PERSON) for one in SOON)
    case = talks.case()
    assert isinstance(case, Waiting) and case.level is Level.critical
    assert talks.rung(AIGUL, BORIS)


@pytest.mark.parametrize("said", ["меня депортируют", "мой муж в полиции"])
def test_who_is_free_after_all_is_not_called_for_a_cry_at_the_question_for_whom(talks: Talks, said: str) -> None:
    """As after one that answers nothing; what was cried is kept."""
    comes_to_for_whom(talks, "ru").says(said)
    for one in ("на свободе", "безопасно"):
        talks.say(PERSON, one)
    assert (chosen(talks, "q02"), chosen(talks, "q02_free")) == ("free", "safe")
    talks.pass_by(minutes=3)
    assert not isinstance(talks.case(), Waiting)


@pytest.mark.parametrize(("language", "said"), [(one, said) for one, each in ONLY_FOR_WHOM.items() for said in each])
def test_who_answers_for_whom_in_the_words_of_the_question_does_not_cry(talks: Talks, language: str, said: str) -> None:
    """«Кому нужна помощь?» «Мне нужна помощь»: where they are is asked next, and that decides."""
    comes_to_for_whom(talks, language).says(said)
    assert chosen(talks, "q01") is not None
    assert (intake(talks).state.asked, intake(talks).state.urgent) == ("q02", False)
    talks.pass_by(minutes=3)
    assert talks.cases() == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "маме, она дома"), ("ru", "мужа отпустили"), ("ru", "брату он в грузии"), ("kk", "балама, ол үйде")],
)
def test_that_somebody_is_in_no_danger_is_not_taken_from_what_says_for_whom(
    talks: Talks, language: str, said: str
) -> None:
    """Only a danger is: where they are is asked."""
    comes_to_for_whom(talks, language).says(said)
    assert (chosen(talks, "q01"), chosen(talks, "q02")) == ("relative", None)
    assert intake(talks).state.asked == "q02"


@EACH_LANGUAGE
@pytest.mark.parametrize("said", ["🆘", "SOS", "sos!"])
def test_the_sign_of_distress_is_a_cry(talks: Talks, language: str, said: str) -> None:
    """At the consent and at the first question."""
    for chat, at_consent in ((PERSON, True), (PERSON + 1, False)):
        person = Walker(talks, chat, language)
        if at_consent:
            person.says("/start")
            talks.press(chat, {"ru": "Русский", "kk": "Қазақша"}[language])
        else:
            person.begins(texts.CONTINUE)
        person.says(said)
        assert any(one in talks.text(chat) for one in SOON)
    talks.pass_by(minutes=2)
    assert [isinstance(one, Waiting) for one in talks.cases()] == [True, True]


# --- who are you? ---


@EACH_LANGUAGE
def test_who_asks_whether_we_are_the_police_has_not_consented_and_is_answered(talks: Talks, language: str) -> None:
    """Whoever fears that, or that we tell them, too: nothing is kept, nobody is called, and the answer stands there."""
    for chat, said in enumerate(one_in(4, TOLD["asks_us"][language]), PERSON):
        person = Walker(talks, chat, language)
        person.says("/start")
        talks.press(chat, {"ru": "Русский", "kk": "Қазақша"}[language])
        person.says(said)
        assert _answers(person), said
    assert intake(talks) is None
    talks.pass_by(minutes=2)
    assert talks.cases() == []


@EACH_LANGUAGE
def test_who_asks_that_at_the_first_question_is_answered_and_nobody_is_called(talks: Talks, language: str) -> None:
    """The question stays."""
    person = comes_to_for_whom(talks, language)
    for said in one_in(4, TOLD["asks_us"][language]):
        person.says(said)
        assert _answers(person) or person.is_told(texts.DID_YOU_MEAN), said  # without its mark it may be "me"
        assert (intake(talks).state.asked, intake(talks).state.urgent) == ("q01", False)
    talks.pass_by(minutes=2)
    assert talks.cases() == []


@pytest.mark.parametrize(
    "said", ["откуда мне знать что вы не полиция", "вы полиция? я за себя пишу", "откуда мне знать что вы не из кнб"]
)
def test_who_asks_that_and_says_what_a_command_or_an_answer_would_is_answered_too(talks: Talks, said: str) -> None:
    """«Мне знать» is no *skip*, and whoever also says for whom they write has asked all the same."""
    person = comes_to_for_whom(talks, "ru")
    person.says(said)
    assert _answers(person)
    assert talks.cases() == []


def _answers(person: Walker) -> bool:
    """Who we are, or who sees what is written."""
    return any(person.words(one) in person.text for one in (texts.CONSENT_WHO, texts.CONSENT_DATA))
