"""The catalogs are complete, and their rules catch what they are for."""

import pytest

from bot.conversation import texts
from bot.conversation.words import Words
from locales import messages
from locales.language_rules import faults


def test_every_text_is_there_in_russian_and_kazakh() -> None:
    """Nothing missing, fuzzy or stale; placeholders, plurals and letters are right."""
    assert messages.check() == []


@pytest.mark.parametrize(
    ("language", "source", "text", "said"),
    [
        ("kk", "Wait", "Күтiңiз", "mixes alphabets"),
        ("kk", "Wait", "Күтіңіз, пожалуйста", "Russian word"),
        ("kk", "Code %(code)s", "%(code)s-ді алдыңыз", "suffix"),
        ("kk", "%(num)d questions", "%(num)d сұрақтар", "no plural"),
        ("kk", "You", "Жауап, Сіз", "lower case"),
        ("kk", "A long text", "Это русский текст без нужных букв", "no Kazakh letter"),
        ("kk", "Flat", "баспана", "a word we do not use"),
        ("ru", "Ready", "Вы готов(а)", "gendered"),
        ("ru", "Press", "нажмите, Вы можете", "lower case"),
        ("ru", "A - b", "А - б", "dash"),
        ("ru", "Code %(code)s", "Код %(kod)s", "placeholders"),
        ("ru", "Send /start", "Отправьте /старт", "/commands"),
        ("ru", "Quote", 'Слово "так"', "quotes"),
        ("ru", "Press the button", "Нажмите button", "Latin word"),
        ("ru", "A word", "дезертир", "an unfit word"),
    ],
)
def test_a_seeded_mistake_is_caught(language: str, source: str, text: str, said: str) -> None:
    """Each rule finds the mistake that it is there for."""
    assert any(said in fault for fault in faults(text, source, language, label=False))


def test_plurals_follow_the_number() -> None:
    """One, few, many in Russian; one text in Kazakh."""
    words = Words.load()
    said = [words.plural("ru", texts.WRITTEN_MARK, number) for number in (1, 2, 5, 11, 21)]
    assert said == [
        "сохранено, 1 сообщение",
        "сохранено, 2 сообщения",
        "сохранено, 5 сообщений",
        "сохранено, 11 сообщений",
        "сохранено, 21 сообщение",
    ]
    assert words.plural("kk", texts.WRITTEN_MARK, 5) == "сақталды, 5 хабарлама"


def test_the_consent_text_says_what_it_must_in_about_fifty_words() -> None:
    """Short enough to be read by somebody who is afraid."""
    words = Words.load()
    for language, most in (("en", 70), ("ru", 60), ("kk", 60)):
        said = words.text(language, texts.CONSENT)
        assert "/delete" in said
        assert 35 <= len(said.split()) <= most
