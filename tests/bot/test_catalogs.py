"""The catalogs are complete, and their rules catch what they are for."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.speech.texts import seeker as texts
from bot.speech.words import Words
from locales import messages
from locales.language_rules import faults

extracted = cache(messages.extract)  # every source is read once for all that is said of them here


def test_every_text_is_there_in_russian_and_kazakh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing missing, fuzzy or stale; placeholders, plurals and letters are right."""
    monkeypatch.setattr(messages, "extract", extracted)
    assert messages.check() == []


def test_every_text_is_said_somewhere() -> None:
    """A text that nobody says any more is not translated for ever."""
    bot = messages.ROOT / "bot"
    of_texts = [*(bot / "speech" / "texts").glob("*.py")]
    named = {name for path in of_texts for name in re.findall(r"^([A-Z_]+) = ", path.read_text(), re.MULTILINE)}
    others = [path for path in bot.rglob("*.py") if path not in of_texts]
    said = {name for path in others for name in re.findall(r"\.([A-Z_]+)\b", path.read_text())}
    assert len(named) > 300
    assert named - said == set()


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
        ("ru", "A word", "Дезертир", "an unfit word"),
        ("kk", "Flat", "Баспана", "a word we do not use"),
        ("kk", "Wait", "Күтiп тұрыңыз", "mixes alphabets in Күтiп"),  # Latin i
        ("kk", "Night", "түндəгі", "mixes alphabets in түндəгі"),  # Latin ə
        ("kk", "Paper", "hәм қағаз", "mixes alphabets in hәм"),  # Latin h
        ("kk", "And", "қағаз ə күн", "Latin word ə"),
        ("ru", "With a lawyer", "c юристом", "Latin word c"),
        ("ru", "Case", "дело cop", "Latin word cop"),
        ("ru", "Where are you right now?", "Where are you right now?", "Latin word Where"),
        ("kk", "Where are you right now?", "Where are you right now?", "Latin word Where"),
        ("ru", "Code %(code)s", "Код", "placeholders"),
        ("ru", "Code %(code)s", "Код %(code)s %(code)s", "placeholders"),
        ("ru", "Code %(code)s", "Код %(code)d", "placeholders"),
        ("ru", "Code %(code)s", "Код %(code)s, 100%", "stray %"),
        ("kk", "Code", "Код %(code)s", "placeholders"),
    ],
)
def test_a_seeded_mistake_is_caught(language: str, source: str, text: str, said: str) -> None:
    """Each rule finds the mistake that it is there for."""
    assert any(said in fault for fault in faults(text, source, language, label=False))


GENDERED = [
    "Вы подписал", "уехал", "задержан", "потерял", "Готов", "пересёк", "Вы уже получила повестку", "Вы не согласна",
    "Был задержан", "Если вы потерял паспорт", "Да, подписала", "Контракт, уехал из части", "Вы пересёк границу",
    "Я готова", "ВЫ УЕХАЛ", "ГОТОВА", "Вы сами не подписал", "Подписал ли вы", "Вы должен", "Вы обязана прийти",
    "Готов(а)", "Вы были задержан", "Вы был на допросе", "Ранена", "Служила по контракту", "Не согласен",
    "Если потеряла паспорт", "избит", "Арестована", "Вы принёс", "Не смог уехать", "вы сам",
    "Юрист спросит, где вы служил.",
]  # fmt: skip
NOT_GENDERED = [
    "взял в работу юрист", "Ваше обращение взял в работу юрист.", "Когда этот человек в последний раз въехал?",
    "Отказ вручён: месяц", "Связь потеряна", "Назначен ли суд?", "Срок прошёл", "Вы подписали", "Вы готовы?", "Отмена",
    "Протокол задержания", "Помощь оказана", "Сначала вы отвечаете", "Жалоба должна дойти", "Был ли запрет?",
    "Нужен день", "Ключ получен. Его отпечаток", "Никто не взял", "Вы ранены", "Вас задержали", "Охрана", "Казахстан",
    "Врач", "Адвокат", "Военный, связист", "Учитель, инженер", "Отдел полиции", "Через минуту", "Файл графика",
    "Кто-нибудь приходил, звонил или писал?", "Когда пришла повестка?", "Ближайший срок: неизвестен",
    "Этот текст никуда не отправлен.",
]  # fmt: skip


@pytest.mark.parametrize("text", GENDERED)
def test_a_text_that_takes_the_person_for_a_man_or_a_woman_is_caught(text: str) -> None:
    """In the singular past, as a participle or adjective, to "you" or to nobody named; in any case of letters."""
    assert any("gendered" in fault for fault in faults(text, "Text", "ru", label=len(text) < 29))


@pytest.mark.parametrize("text", NOT_GENDERED)
def test_words_that_agree_with_a_noun_are_left_alone(text: str) -> None:
    """Professions, lawyers, papers, and the plural."""
    assert not any("gendered" in fault for fault in faults(text, "Text", "ru", label=len(text) < 29))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Catalogs of a program with three texts, translated."""
    template = Catalog(project="pana", charset="utf-8")
    template.add("Wait", context="q01.wait")
    template.add("Code %(code)s")
    template.add(("%(num)d message", "%(num)d messages"))
    monkeypatch.setattr(messages, "extract", lambda: template)
    messages.update(tmp_path)
    fill(tmp_path, "ru", "Ждите", "Код %(code)s", "%(num)d письмо", "%(num)d письма", "%(num)d писем")
    fill(tmp_path, "kk", "Күтіңіз", "Код %(code)s", "%(num)d хабар", "%(num)d хабар")
    return tmp_path


def fill(folder: Path, language: str, *strings: str) -> None:
    """Translations in the order of the empty ones."""
    path, left = messages.path_of(folder, language), iter(strings)
    head, _, body = path.read_text().partition("\n\n")
    path.write_text(head + "\n\n" + re.sub(r'(msgstr(?:\[\d\])?) ""', lambda found: f'{found[1]} "{next(left)}"', body))


@pytest.mark.parametrize(
    ("language", "good", "bad", "said"),
    [
        ("ru", 'msgstr "Ждите"', 'msgstr ""', "q01.wait: Wait: has no translation: add one"),
        ("kk", 'msgctxt "q01.wait"', '#, fuzzy\nmsgctxt "q01.wait"', "q01.wait: Wait: is fuzzy: confirm it"),
        ("ru", 'msgid "Wait"', 'msgid "Wait!"', "q01.wait: Wait!: is used nowhere: run `make messages`"),
        ("ru", 'msgid "Wait"', 'msgid "Wait!"', "q01.wait: Wait: has no translation: add one"),
        ("ru", 'msgstr[2] "%(num)d писем"\n', "", "%(num)d message: needs 3 plural forms"),
        ("ru", 'msgstr[2] "%(num)d писем"', 'msgstr[2] ""', "%(num)d message: needs 3 plural forms"),
        ("kk", 'msgstr[1] "%(num)d хабар"\n', "", "%(num)d message: needs 2 plural forms"),
        ("ru", "Код %(code)s", "Код %(kod)s", "Code %(code)s: its placeholders differ from the English ones"),
        ("ru", 'msgstr[1] "%(num)d письма"', 'msgstr[1] "два письма"', "its placeholders differ"),
        ("kk", "Күтіңіз", "Күтiңiз", "q01.wait: Wait: mixes alphabets in Күтiңiз"),
        ("ru", "Ждите", "Wait", "q01.wait: Wait: has the Latin word Wait"),
        ("ru", "Ждите", "Уехал", "q01.wait: Wait: a gendered form"),
    ],
)
def test_a_mistake_in_a_catalog_is_told_with_its_file_and_text(
    folder: Path, language: str, good: str, bad: str, said: str
) -> None:
    """Nothing is wrong before; afterwards the file, the text and the remedy are named."""
    assert messages.check(folder) == []
    path = messages.path_of(folder, language)
    assert good in path.read_text()
    path.write_text(path.read_text().replace(good, bad, 1))
    found = messages.check(folder)
    assert [one for one in found if one.startswith(f"locales/{language}/LC_MESSAGES/pana.po: ") and said in one], found


def test_a_text_that_changed_in_the_program_is_stale_until_it_is_extracted(folder: Path) -> None:
    """The template and the catalogs are behind; extracting leaves the new text to be translated."""
    messages.extract().add("A new text")
    found = messages.check(folder)
    assert "locales/messages.pot is stale: run `make messages`" in found
    messages.update(folder)
    assert messages.check(folder) == [
        f"locales/{language}/LC_MESSAGES/pana.po: A new text: has no translation: add one" for language in ("ru", "kk")
    ]


def test_what_is_fuzzy_stays_fuzzy_when_texts_are_extracted(folder: Path) -> None:
    """Extracting confirms nothing: the check goes on failing until a translator has read it."""
    path = messages.path_of(folder, "kk")
    path.write_text(path.read_text().replace('msgctxt "q01.wait"', '#, fuzzy\nmsgctxt "q01.wait"'))
    before = path.read_text()
    messages.update(folder)
    assert path.read_text() == before
    assert messages.check(folder) == ["locales/kk/LC_MESSAGES/pana.po: q01.wait: Wait: is fuzzy: confirm it"]


def test_extracting_again_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogs are as `make messages` writes them."""
    monkeypatch.setattr(messages, "extract", extracted)
    for name in ("messages.pot", "ru/LC_MESSAGES/pana.po", "kk/LC_MESSAGES/pana.po"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((messages.FOLDER / name).read_bytes())
    messages.update(tmp_path)
    for name in ("messages.pot", "ru/LC_MESSAGES/pana.po", "kk/LC_MESSAGES/pana.po"):
        assert (tmp_path / name).read_bytes() == (messages.FOLDER / name).read_bytes(), name


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
