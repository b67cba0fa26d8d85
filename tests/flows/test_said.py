"""What people type is understood, and never taken for something else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.speech.words import Words
from flows.errors import FlowErrors
from flows.model import Kind, OptionId, Question, QuestionId
from flows.release import compile_release, read_release
from flows.said.asking import Asking
from flows.said.before import Consents, read_consent
from flows.said.check import check_words
from flows.said.choices import Offer, Taken, read_choice
from flows.said.commands import read_sent, read_wish
from flows.words.file import load_words
from flows.words.fold import words_in
from flows.words.numbers import Numbers
from flows.words.vocabulary import Vocabulary
from flows.words.written import File
from tests.flows.said.measure import LANGUAGES, LISTS, TODAY, Line, flow, judged, lines, measured, read, share, table
from tests.flows.test_engine import SOURCE
from tests.whole import WHOLE, one_in

UNDERSTOOD, WRONG = 0.85, 0.0
ASKED = [one for one in flow().questions if one.kind in {Kind.single, Kind.multiple}]
DENIALS = {"no", "none", "nothing", "unknown", "unsafe", "safe", "free"}  # what a denied word of a question may say
TOLD = yaml.safe_load(Path("tests/flows/told.yaml").read_text(encoding="utf-8"))
DOES = {"hide", "delete", "send", "withdraw", "back", "skip", "done", "language", "wait"}
FIRST = {"hide", "delete"}  # wherever they are said
BEFORE = {"any", "language", "consent"}  # commands, and what is typed before there is a question
ANSWERS = {
    "нет",
    "да",
    "жоқ",
    "иә",
    "no",
    "yes",
    "мүмкін",
    "белгісіз",
    "unknown",
    "бір",
    "one",
    "первую",
    *map(str, range(1, 20)),
}  # answers wherever they stand
DENIED = {"ru": "не {}", "kk": "{} емес", "en": "not {}"}


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.tsv")), ids=lambda one: one.stem)
def test_a_list_of_phrasings_is_understood(path: Path) -> None:
    """Nothing wrongly; the table shows each card (`make said` shows each line). The suite reads one line in six.

    Every list was written without a look at the vocabulary, and all are known to it by now. At first sight the second
    ones were understood to 90 % (20 of 560 wrong in Russian, 13 of 419 in Kazakh), the third ones to 84 % and 91 % (6
    of 165 and 3 of 156 wrong, none of them taken). So what is new may be understood somewhat less than what stands
    here. The first of the evening ones, the first for every question, found 22 questions without any words: 70 % and
    72 %; the second ones 88 % and 82 %, the third ones 86 % and 90 %, one taken wrongly in each Kazakh list and in the
    last Russian one. The fresh ones, which look for what a list of words would miss, 83 % and 83 %, then 81 % (with 25
    traps; 7 wrong, two of them taken) and 87 %. The lists of cries 78 % and 84 %; once these were mended the second,
    written with them, 88 % and 83 % (73 % and 71 % before): 19 of 80 that are no cry were still read as one. The third
    ones 80 % and 76 %: of 50 cries 44 were heard, of 50 that are none 16 as well.
    """
    counted, every = measured(path, 1 if WHOLE else 6)
    print(path.name, *table(counted), sep="\n")
    every_card = sum(counted.values(), start=type(next(iter(counted.values())))())
    wrong = [(line.at, line.means, line.said, got) for line, got, how in every if how == "wrong"]
    assert not wrong
    assert share(every_card) >= UNDERSTOOD


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_what_is_told_of_others_is_no_command(language: str) -> None:
    """«Уничтожили все мои документы», «түрмеге жауып тастады»: whoever says so would find the chat empty."""
    read = {said: (read_wish(flow(), said), read_sent(flow(), said)) for said in TOLD["of_others"][language]}
    assert {said: does for said, does in read.items() if DOES & set(does)} == {}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_whoever_tells_of_danger_at_the_consent_is_not_taken_leave_of(language: str) -> None:
    """«Мне не надо в Россию, меня там убьют»: a lawyer is called, or it is asked again what they want."""
    read = {said: read_consent(flow().vocabulary, said) for said in TOLD["in_danger"][language]}
    assert {said: one for said, one in read.items() if one not in {None, Consents.urgent}} == {}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_whoever_declines_has_not_consented(language: str) -> None:
    """«Не хочу, боюсь полиции»: no lawyer reads anything, and none is called, against what they say."""
    read = {said: read_consent(flow().vocabulary, said) for said in TOLD["declined"][language]}
    assert {said for said, one in read.items() if one in {Consents.urgent, Consents.proceed}} == set()


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_who_asks_whether_we_are_the_police_is_answered(language: str) -> None:
    """«Вы передадите меня полиции?», «жазсам ұстап алмай ма?»: who we are, or who sees it; no consent and no cry."""
    read = {said: read_consent(flow().vocabulary, said) for said in TOLD["asks_us"][language]}
    assert {said: one for said, one in read.items() if one not in {Consents.who, Consents.data}} == {}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_danger_that_is_denied_is_neither_a_cry_nor_consent(language: str) -> None:
    """«Мені ешкім ұстаған жоқ»: they are asked once more."""
    read = {said: read_consent(flow().vocabulary, said) for said in TOLD["no_danger"][language]}
    assert {said: one for said, one in read.items() if one in {Consents.urgent, Consents.proceed}} == {}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_whoever_cries_for_help_is_heard_whatever_they_ask_beside_it(language: str) -> None:
    """«Полиция забирает меня, вы поможете?»."""
    read = {said: read_consent(flow().vocabulary, said) for said in TOLD["cries"][language]}
    assert {said: one for said, one in read.items() if one is not Consents.urgent} == {}


@pytest.mark.parametrize("wish", ["hide", "delete", "send", "withdraw"])
def test_a_command_is_done_as_it_is_asked_for(wish: str) -> None:
    """In every form of the verb in which somebody asks, and with the reason beside it: the reason is what hurries."""
    read = {said: read_wish(flow(), said) for said in TOLD["asked"][wish]}
    assert {said: one for said, one in read.items() if one != wish} == {}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_whoever_was_released_and_is_held_again_is_not_taken_for_free(language: str) -> None:
    """Their case would be one of those that can wait."""
    asking = Asking(today=TODAY, language=language)
    read = {said: read_choice(flow(), flow().question("q02"), said, asking) for said in TOLD["held_again"][language]}
    assert {said for said, one in read.items() if isinstance(one, Taken) and one.options == ("free",)} == set()


def test_no_answer_of_the_lists_hides_the_chat_or_deletes_anything() -> None:
    """These two are done wherever they are said."""
    every = [one for path in sorted(LISTS.glob("*.tsv")) for one in lines(path) if one.at not in BEFORE]
    meant = {one.said: read_wish(flow(), one.said) for one in one_in(6, every) if not FIRST & set(one.means.split("|"))}
    assert {said: wish for said, wish in meant.items() if wish in FIRST} == {}


def test_every_question_with_options_has_words_in_both_languages() -> None:
    """A label is what nobody types."""
    asked = {question.id for question in ASKED}
    assert [asked - flow().vocabulary.files[one].questions.keys() for one in ("ru", "kk")] == [set(), set()]


@pytest.mark.parametrize(
    "said", ["20 декабря депортация назначена", "экстрадиция 20 декабря", "20 желтоқсанда депортация"]
)
def test_a_day_outweighs_a_word_that_only_may_say_when(said: str) -> None:
    """«Депортация» alone may be soon, decided or a threat; with its day it is none of these."""
    assert read(Line("q03", "dated", said), "ru") == Taken((OptionId("dated"),))


@pytest.mark.parametrize(
    ("question", "said", "option"),
    [
        ("q02", "сестра забрала меня из отдела", "free"),
        ("q02", "мужа забрали из отдела", "held"),
        ("q02", "в прошлом году держали и сейчас держат", "held"),
        ("q02", "апкем мени болимнен алып кетти", "free"),
        ("q02", "күйеуімді бөлімнен алып кетті", "held"),
        ("q27", "думаю что уже объявили", "likely"),
        ("q29", "полиция не приходила", "none"),
        ("q29", "полиция келген жоқ", "none"),
        ("q20", "загран отобрали", "taken"),
        ("q31", "жена осталась в россии", "family_ru"),
        ("q39", "консулу не сообщали", "no"),
    ],
)
def test_who_does_it_and_what_is_denied_decide(question: str, said: str, option: str) -> None:
    """Who is fetched by a sister is free, who is fetched by nobody named is not; what did not happen is no answer."""
    assert judged(Line(question, option, said), read(Line(question, option, said), "ru")) in {"right", "offered"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("q15", "в европе мне отказали"),
        ("q13", "меня заставляют подписать согласие вернуться"),
        ("q20", "загранпаспорта нет"),
        ("q31", "балам жоқ"),
        ("q32", "дәрігер керек емес"),
        ("q36", "аудармашы болды"),
        ("consent_share", "кроме оон"),
        ("consent_share", "с фондами нельзя"),
        ("q02", "үйге кіріп келе жатырмын"),
        ("q30", "бітті"),
        ("q36", "всё"),  # that is "done", where several may be chosen
    ],
)
def test_what_is_there_or_elsewhere_or_not_wanted_is_no_answer(question: str, said: str) -> None:
    """Another country's refusal, a paper one is pressed to sign, what is not at hand, whom nothing may be shown to."""
    assert read(Line(question, "-", said), "ru") is None


def own_words(question: Question, language: str) -> Iterator[str]:
    """The words of a question's texts and hints."""
    for form in ("self", "other"):
        for text in (question.text, question.hint):
            if text is not None:
                yield from text.of(form)[language].split()


def each_in_turn() -> Iterator[tuple[Question, str]]:
    """Each question in every language; in the suite in one after the other, each at every third question."""
    for at, question in enumerate(ASKED):
        for language in LANGUAGES if WHOLE else LANGUAGES[at % len(LANGUAGES) :][:1]:
            yield question, language


def test_no_word_of_a_question_is_an_answer_that_does_not_say_it() -> None:
    """Nor is its denial; where an option's label has the word, that option may be meant.

    In the suite one word in three, in one language.
    """
    wrong = []
    for question, language in each_in_turn():
        asking = Asking(today=TODAY, language=language)
        for word in one_in(3, [*dict.fromkeys(own_words(question, language))]):
            for said in (word, DENIED[language].format(word)):
                got = read_choice(flow(), question, said, asking)
                if isinstance(got, Taken) and not all(may(question, one, word, said, language) for one in got.options):
                    wrong.append((question.id, said, got.options))
    assert not wrong


def may(question: Question, option: str, word: str, said: str, language: str) -> bool:
    """Its label has the word; or the word is denied, or is a no itself, and the option denies."""
    denied = said != word and option in DENIALS
    return denied or word.casefold().strip("“”.,:?") in ANSWERS or has(question, option, word, language)


def has(question: Question, option: str, word: str, language: str) -> bool:
    """Whether the label of this option has this word."""
    found = question.option(option)
    assert found is not None
    label = [form for one in words_in(found.label[language]) for form in one.forms]
    return any(one[:5] == form[:5] for each in words_in(word) for form in each.forms for one in label)


def test_a_label_is_its_option_and_denied_it_is_not() -> None:
    """In every language; and a word of a label is no option whose label has it not.

    In the suite in one language, and of the words one in three.
    """
    wrong = []
    for question, language in each_in_turn():
        asking = Asking(today=TODAY, language=language)
        for option in question.options:
            label = option.label[language]
            got = read_choice(flow(), question, label, asking)
            if not isinstance(got, Taken) or question.option(got.options[0]).label[language] != label:  # type: ignore[union-attr]
                wrong.append((question.id, label, got))
            denied = read_choice(flow(), question, DENIED[language].format(label), asking)
            if isinstance(denied, Taken) and option.id in denied.options and not _says_no(label, language):
                wrong.append((question.id, DENIED[language].format(label), denied))
            for word in one_in(3, label.split()):
                read_word = read_choice(flow(), question, word, asking)
                taken = read_word.options[0] if isinstance(read_word, Taken) else None
                if taken is not None and not may(question, taken, word, word, language):
                    wrong.append((question.id, word, read_word))
    assert not wrong


def _says_no(label: str, language: str) -> bool:
    """A label that denies itself: "no", "I don't know"."""
    return bool({"не", "нет", "no", "not", "don't", "жоқ", "білмеймін", "никак"} & set(label.casefold().split()))


def test_a_story_is_offered_and_a_question_back_is_nothing() -> None:
    """Of many words one danger is never taken; who asks has not answered."""
    story = "Здравствуйте, пишу вам потому что мужа вчера забрали на рынке и увезли в отдел и с тех пор держат, " * 2
    assert judged(Line("q02", "held", story), read(Line("q02", "held", story), "ru")) == "offered"
    assert read(Line("q02", "-", "а как меня могут держать?"), "ru") is None


@pytest.mark.parametrize(
    ("question", "said", "option"),
    [
        ("q02", "меня держат в полиции", "held"),
        ("q02", "мужа задержали пограничники", "held"),
        ("q02", "сменщика закрыли за пьянку", "held"),
        ("q02", "күйеуімді полиция ұстап отыр", "held"),
        ("q02", "менты дверь ломают, прячусь под кроватью", "coming"),
        ("q02", "меня везут в аэропорт", "moving"),
        ("q02", "фурамен шекарада кезекте тұрмын", "border"),
    ],
)
def test_a_danger_is_taken_beside_words_that_nobody_knows(question: str, said: str, option: str) -> None:
    """An alert hangs on it."""
    assert read(Line(question, option, said), "ru") == Taken((OptionId(option),))


@pytest.mark.parametrize(
    ("question", "said", "option"),
    [
        ("q02", "папа дома, водочку пьёт", "free"),  # of who is free nobody hears again
        ("q02", "сегодня в Самаре разгружаюсь", "outside"),
        ("q02", "стучат, мама не открывает", "coming"),  # something is denied, and nobody knows what
        ("q19", "тайком, мотоцикл одолжил", "outside"),
    ],
)
def test_beside_words_that_say_something_else_an_answer_is_offered(question: str, said: str, option: str) -> None:
    """What is denied there, or what nobody knows beside an answer that calls nobody, may change it."""
    assert read(Line(question, option, said), "ru") == Offer((OptionId(option),))


@pytest.mark.parametrize("said", ["на кпп держат", "мужа держат на кпп", "кпп-да ұстап тұр", "бекетте ұстап отыр"])
def test_held_at_a_checkpoint_is_offered_as_held_and_as_at_the_border(said: str) -> None:
    """A military unit has one as well; which it is decides what runs for the person."""
    got = read(Line("q02", "held|border", said), "ru")
    assert isinstance(got, Offer)
    assert {*got.options} == {"held", "border"}


def test_words_that_change_nothing_may_stand_beside_an_answer() -> None:
    """Whom it is about, when it was, a plea; but where these are the answers, they are read."""
    assert read(Line("q02", "free", "папа дома, слава богу"), "ru") == Taken((OptionId("free"),))
    assert read(Line("q01", "relative", "папа"), "ru") == Taken((OptionId("relative"),))


def test_a_plus_joins_and_a_question_may_end_in_its_word() -> None:
    """«отказ + повестка» are two papers; «Интерпол деген не» asks what that is."""
    two = Line("q10", "asylum_refusal+summons", "отказ в статусе + повестка")
    assert judged(two, read(two, "ru")) == "right"
    assert read(Line("q27", "-", "Интерпол деген не"), "kk") is None
    assert isinstance(read(Line("q27", "official", "Интерпол"), "kk"), Taken)


@pytest.mark.parametrize(
    ("file", "says", "line"),
    [
        ("questions: {q99: {held: [держат]}}\n", "no question", 1),
        ("questions:\n  q02:\n    caught: [держат]\n", "no option `caught`", 3),
        ("questions:\n  q02:\n    held:\n      - держат\n    free:\n      - держат\n", "reads as", 4),
        ("questions:\n  q02:\n    held:\n      - на *воле\n", "is no word", 4),
        ("questions:\n  q02:\n    held: [<nobody>]\n", "no group", 3),
        ("questions:\n  q02:\n    held: [ж]\n", "too short", 3),
        ("questions:\n  q02:\n    free: [удерживают]\n", "the label of `held` reads as `free`", 3),
        ("commands: {fly: [лети]}\n", "no option `fly`", 1),
        ("days: {q03: {someday: [1, 2]}}\n", "no option `someday`", 1),
        ("bears: {q03: {someday: 1}}\n", "no option `someday`", 1),
        ("stems: []\n", "unknown field", 1),
    ],
)
def test_a_vocabulary_that_says_what_cannot_be_is_refused_with_its_line(
    tmp_path: Path, file: str, says: str, line: int
) -> None:
    """Unknown questions and options, unreadable patterns, words that can be read two ways."""
    (tmp_path / "ru.yaml").write_text(file, encoding="utf-8")
    try:
        source = replace(SOURCE, words=load_words(tmp_path))
        compiled = read_release(compile_release(source, Words.load().translate, LANGUAGES))
        found = list(check_words(source.words, compiled))
    except FlowErrors as error:
        found = list(error.problems)
    assert any(one.file.endswith("/ru.yaml") and one.line == line and says in one.what for one in found), found


def test_a_release_without_a_vocabulary_still_reads() -> None:
    """Numbers and labels, as before."""
    bare = replace(flow(), vocabulary=Vocabulary({}))
    question = bare.question("q02")
    asking = Asking(today=TODAY, language="ru")
    assert read_choice(bare, question, "1", asking) == Taken((question.options[0].id,))
    assert read_choice(bare, question, question.options[0].label["ru"], asking) == Taken((question.options[0].id,))
    assert read_choice(bare, question, "держат", asking) is None


# --- numbers in words ---

# Of each number how it is typed, in both languages and in Latin letters.
COUNTED = {
    1: ("один", "Один.", "номер один", "первый", "первую", "odin", "бір", "бірінші", "нөмір бір", "bir", "1-ші", "1й"),
    2: ("два", "пункт два", "вариант два", "второй", "dva", "екі", "екінші", "екі болсын", "eki", "2-нұсқа", "2ші"),
    3: ("три", "№ три", "3-й", "3-е", "третий", "пункт 3", "№ 3", "3)", "N3", "үш", "үшінші", "3-ші"),
    7: ("семь", "седьмое", "жеті", "жетінші", "seven"),
    9: ("девять", "тоғыз", "тоғызыншы"),
    11: ("одиннадцать", "одиннадцатый", "он бір", "он бірінші", "on bir"),
    12: ("двенадцать", "он екі", "он екінші", "нөмір он екі"),
    13: ("тринадцать", "он үш", "он үшінші"),
    19: ("девятнадцать", "девятнадцатое", "nineteen", "он тоғыз", "он тоғызыншы"),
    20: ("двадцать", "двадцатый", "жиырма", "жиырмасыншы"),
    22: ("двадцать два", "двадцать второе", "twenty two", "жиырма екі", "жиырма екінші"),
}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_an_answer_is_taken_by_its_number_in_words(language: str) -> None:
    """As by its digits, wherever the card numbers the answers."""
    question = flow().question(QuestionId("q10"))
    asking, wrong = Asking(today=TODAY, language=language), []
    for number, said in [(number, one) for number, each in COUNTED.items() for one in each]:
        if said.startswith(("он", "on", "нөмір он")) and language != "kk":  # it is "he" there
            continue
        got = read_choice(flow(), question, said, asking)
        if got != Taken((question.options[number - 1].id,)):
            wrong.append((said, got))
    assert not wrong


def test_a_number_may_be_named_by_the_beginning_of_a_word() -> None:
    """As in every pattern; the longest name counts, wherever it is written."""
    numbers = Numbers({"ru": File(ordinals=("перв*", "втор*", "перв*+втор*"))})
    assert [numbers.read(words_in(said)) for said in ("первая", "перв", "вторую", "первая вторая", "пер")] == [
        (1,),
        (1,),
        (2,),
        (3,),
        (),
    ]


@pytest.mark.parametrize("said", ["двадцать три", "двадцать третье", "жиырма үш", "жиырма үшінші", "twenty three"])
def test_a_number_that_no_answer_has_is_not_two_that_some_have(said: str) -> None:
    """Of 22 answers none is the 23rd."""
    question = flow().question(QuestionId("q10"))
    assert read_choice(flow(), question, said, Asking(today=TODAY, language="kk")) is None


@pytest.mark.parametrize(("said", "numbers"), [("один, три", (1, 3)), ("екі және бес", (2, 5)), ("2 и семь", (2, 7))])
def test_several_numbers_in_words_are_several_answers(said: str, numbers: tuple[int, ...]) -> None:
    """Where several are possible."""
    question = flow().question(QuestionId("q29"))
    options = tuple(question.options[number - 1].id for number in numbers if number <= len(question.options))
    read = read_choice(flow(), question, said, Asking(today=TODAY, language="ru"))
    assert read == (Taken(options) if len(options) == len(numbers) else None)


@pytest.mark.parametrize(
    "said",
    [
        *("я один", "два дня", "один из них", "один и", "три недели назад", "он", "екі адам", "мен бір", "бір рет"),
        *("двое", "но один", "no one", "No one", "девяносто", "восемьдесят", "отыз үш"),
        *("седьмого", "девятого", "двенадцатого", "бесіншіде", "жетіншіде", "біріншіден"),  # days, and "firstly"
    ],
)
def test_a_number_in_a_sentence_is_the_number_of_no_answer(said: str) -> None:
    """Nor is the Russian "he", which in Kazakh is ten."""
    words = words_in(said)
    assert flow().vocabulary.numbers.read(words) == flow().vocabulary.numbers.counted(words, "ru") == ()


@pytest.mark.parametrize("said", ["один", "бір"])
def test_a_number_that_means_something_else_in_words_too_is_offered(said: str) -> None:
    """«Один» is also nobody else."""
    for question in ASKED:
        first = question.options[0].id
        read = read_choice(flow(), question, said, Asking(today=TODAY, language="ru"))
        assert read == Taken((first,)) or (isinstance(read, Offer) and first in read.options), question.id
        assert isinstance(read, Offer) is ((question.id, said) == ("q31", "один")), question.id


@pytest.mark.parametrize("said", ["два", "екі", "two", "три", "үш"])
def test_how_many_fines_is_no_answer_that_there_were_none(said: str) -> None:
    """Asked whether there were any, people say how many."""
    question = flow().question(QuestionId("q38"))
    read = read_choice(flow(), question, said, Asking(today=TODAY, language="ru"))
    assert isinstance(read, Offer)
    assert OptionId("yes") in read.options


@pytest.mark.parametrize("said", ["West", "on", "on one"])
def test_an_english_word_is_no_number_of_another_language(said: str) -> None:
    """In Latin letters «шесть» looks like "west", and «он» like "on"."""
    words = words_in(said)
    assert flow().vocabulary.numbers.read(words) == flow().vocabulary.numbers.counted(words, "en") == ()
