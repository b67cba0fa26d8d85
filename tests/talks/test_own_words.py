"""People's own words: bound to the card that was on the screen, and never destroyed once there is a case."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.speech.incoming import Corrected, Said, What
from bot.speech.texts import seeker as texts
from flows.model import Asks, QuestionId
from storage.bundle import write_bundle
from storage.case import Case
from storage.opened import OpenedCase
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from storage.tx import Reading
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
BORIS, PERSON = 202, 900


def _without_files(talks: Talks, shown: str) -> str:
    """What the card says of words, apart from what it says of the file with which they came."""
    for one in (texts.NO_FILES, texts.NO_VIDEO, texts.ONLY_TEXT):
        shown = shown.replace(ru(talks, one), "")
    return shown


def ru(talks: Talks, text: str, **values: str) -> str:
    """A text as the person sees it."""
    return talks.pana.words.text("ru", text, **values)


def opened(talks: Talks, tmp_path: Path, case: Case | None = None) -> dict[str, Any]:
    """What the recovery key opens of a case, the newest one where none is named."""
    core, row, out = talks.core, (case or talks.case()).row, BytesIO()

    def write(tx: Reading) -> None:
        bundle = core.cases.chain.bundle(tx, core.cases.get(tx, row))
        write_bundle(out, [bundle], core.ring.sign, core.ring.verify_key, talks.at.date())

    core.database.read(write)
    path = tmp_path / "opened.zip"
    path.write_bytes(out.getvalue())
    identities = read_identity_file((tmp_path / "pana" / "recovery1.txt").read_bytes(), lambda: "").identities
    (read,) = read_bundle(path, identities, None)
    assert read.problems == []
    return OpenedCase(read).as_json()


def words_in(case: dict[str, Any]) -> list[str]:
    """Everything that somebody said in words: answers, what was said earlier, messages."""
    answers = [one["text"] for one in (*case["answers"], *case["earlier"])]
    return [*answers, *(one["text"] for one in case["messages"] if one["from"] == "seeker")]


def intake(talks: Talks) -> Any:
    """The open intake."""
    intakes = talks.core.intakes
    return talks.change(lambda tx: next((intakes.of_row(tx, row) for row in reversed(intakes.rows(tx))), None))


def asked(talks: Talks) -> QuestionId | None:
    """The open question."""
    found: QuestionId | None = intake(talks).state.asked
    return found


@walked_once
def until(talks: Talks, question: str) -> None:
    """The first button of each question, or skip, until this one is asked."""
    for _ in range(40):
        if asked(talks) == question:
            return
        labels = talks.labels(PERSON)
        ways = [one for one in labels if one in {ru(talks, texts.SKIP), ru(talks, texts.DO_NOT_KNOW)}]
        talks.press(PERSON, next(iter([*ways, *(one for one in labels if one.startswith("1"))])))
    raise AssertionError(f"{question} is not asked")


@walked_once
def taken(talks: Talks) -> None:
    """A case in the middle of its questions, and a lawyer who has proved the key."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")


@walked_once
def comes_to_the_day(talks: Talks, waits: int = 0) -> None:
    """Everything is typed until it is asked for, and nothing for so many minutes."""
    for one in ("/start", "русский", *_TO_REGION, "1", "1", "1"):
        talks.say(PERSON, one)
    assert asked(talks) == "q18"
    talks.pass_by(minutes=waits)


def writes(talks: Talks, phrase: str = "Я юрист-волонтёр") -> None:
    """The claimer sends a ready phrase."""
    talks.press(BORIS, "Написать")
    talks.press(BORIS, phrase)


# --- what fits no answer ---


def test_before_there_is_a_case_what_fits_nothing_is_not_kept_and_the_card_says_so(talks: Talks) -> None:
    """A text, a date, a place, a number and a caption alike."""
    for said in ("/start", "русский", "продолжить"):
        talks.say(PERSON, said)
    talks.say(PERSON, "Здравствуйте, у меня вопрос")
    assert ru(talks, texts.NO_OPTION) in talks.text(PERSON)
    for what in (What.place, What.number):
        talks.send(PERSON, what, "GPS 51.2, 51.3")
        assert ru(talks, texts.NOT_KEPT) in talks.text(PERSON)
    talks.send(PERSON, What.file, "вот постановление")
    assert ru(talks, texts.NO_OPTION) in talks.text(PERSON) and ru(talks, texts.NO_FILES) in talks.text(PERSON)
    assert talks.cases() == []
    assert "не сохранено" in ru(talks, texts.NO_DATE, example="1").lower()


def test_what_fits_no_answer_of_a_case_is_sealed_and_told_to_the_claimer(talks: Talks, tmp_path: Path) -> None:
    """The question stays; the lawyer hears that something was added, and reads it word for word."""
    taken(talks)
    before, rung = asked(talks), talks.rung(BORIS)
    talks.say(PERSON, "меня везут в сторону Уральска")
    assert asked(talks) == before
    assert ru(talks, texts.KEPT) in talks.text(PERSON)
    assert talks.rung(BORIS) == rung + 1
    assert "меня везут в сторону Уральска" in words_in(opened(talks, tmp_path))


@pytest.mark.parametrize(
    ("question", "said", "notice"),
    [
        ("q02_by", "не понимаю вас", texts.KEPT),
        ("q02_by", "хватит", texts.KEPT),  # no card with one answer has a button "done"
        ("q10", "3, 1", texts.KEPT_NOT_TOGETHER),
        ("q10", "1, 3", texts.KEPT_NOT_TOGETHER),
        ("q10", "нам тут страшно очень", texts.KEPT),
    ],
)
def test_each_kind_of_question_says_what_became_of_it(
    talks: Talks, tmp_path: Path, question: str, said: str, notice: str
) -> None:
    """A ruling that is typed together with what excludes it is never dropped without a word."""
    urgent(talks, PERSON)
    until(talks, question)
    talks.say(PERSON, said)
    assert asked(talks) == question
    assert ru(talks, notice) in talks.text(PERSON)
    assert said in words_in(opened(talks, tmp_path))


def test_at_a_date_and_at_the_summary_words_are_kept_too(talks: Talks, tmp_path: Path) -> None:
    """A date that was not understood, one that has not come yet, and a word where no question is open."""
    urgent(talks, PERSON)
    until(talks, "q10")
    talks.say(PERSON, "4")
    said = ["когда он приходил", "24.12.2027"]
    for one in said:
        talks.say(PERSON, one)
    assert asked(talks) == "q11_exp_ruling"
    until(talks, "more_held")
    talks.say(PERSON, "1")
    assert intake(talks).state.asked is None
    talks.say(PERSON, "тут холодно и темно")
    assert ru(talks, texts.ADDED) in talks.text(PERSON)
    assert {*said, "тут холодно и темно"} <= set(words_in(opened(talks, tmp_path)))


@pytest.mark.parametrize("what", [None, What.file], ids=["typed", "beside a photo"])
def test_two_words_that_were_only_offered_stay_when_another_answer_is_pressed(
    talks: Talks, tmp_path: Path, what: What | None
) -> None:
    """However few they are."""
    urgent(talks, PERSON)
    until(talks, "q10")
    talks.say(PERSON, "постановление суда") if what is None else talks.send(PERSON, what, "постановление суда")
    assert ru(talks, texts.DID_YOU_MEAN) in talks.text(PERSON)
    assert ru(talks, texts.WORDS_NOT_KEPT) not in talks.text(PERSON)
    talks.press(PERSON, "1. ")
    assert "постановление суда" in words_in(opened(talks, tmp_path))


def test_before_there_is_a_case_a_sentence_that_may_be_an_answer_is_said_not_to_be_kept(talks: Talks) -> None:
    """Whoever has told something must not believe that a lawyer will read it."""
    for one in ("/start", "русский", "продолжить", "1", "8"):
        talks.say(PERSON, one)
    talks.say(PERSON, "тут следователь 3й раз")
    said = f"{ru(talks, texts.WORDS_NOT_KEPT)}\n{ru(talks, texts.DID_YOU_MEAN)}"
    assert said in talks.text(PERSON)
    assert not talks.cases()


_TO_REGION = ("продолжить", "1", "7", "2", "6", "5", "5")  # free and safe
# How a sentence is taken for one answer before there is a case: to /start, and after these words.
_NAMES_ONE = [
    (("русский", "продолжить", "1"), "я на свободе, но вчера приходил участковый", texts.REST_NOT_KEPT),
    (("қазақша", "жалғастыру"), "мен інім үшін жазып отырмын, оның астмасы бар", texts.REST_NOT_KEPT),
    (("русский", *_TO_REGION), "давайте пропустим этот вопрос, тут участковый", texts.WORDS_NOT_KEPT),
    (("русский", "продолжить", "1", "7"), "подождите минутку, тут пришёл участковый", texts.WORDS_NOT_KEPT),
    (("русский", "продолжить", "1", "7"), "нужен юрист срочно, тут пришёл участковый", texts.CHOOSE_BELOW),
    (("русский", "продолжить"), "нужен юрист срочно, тут пришёл участковый", texts.CHOOSE_BELOW),
    (("русский", "продолжить", "1"), "нужен юрист срочно, я совсем один и без денег", texts.CHOOSE_BELOW),
    (("қазақша", "жалғастыру", "1", "7"), "маған шұғыл заңгер керек, мұнда учаскелік келді", texts.CHOOSE_BELOW),
    (("русский",), "помогите срочно, нас ведут к участковому", texts.CHOOSE_BELOW),
]


@pytest.mark.parametrize(("before", "said", "notice"), _NAMES_ONE, ids=[said for _, said, _ in _NAMES_ONE])
def test_before_there_is_a_case_of_a_sentence_only_the_answer_is_kept_and_the_next_card_says_so(
    talks: Talks, before: tuple[str, ...], said: str, notice: str
) -> None:
    """It names one answer, a command or the consent, and says more."""
    for one in ("/start", *before):
        talks.say(PERSON, one)
    language = "ru" if before[0] == "русский" else "kk"
    was = talks.text(PERSON)
    talks.say(PERSON, said)
    assert talks.text(PERSON) != was
    assert talks.pana.words.text(language, notice) in talks.text(PERSON)
    assert talks.cases() == []
    talks.say(PERSON, "/back")
    assert talks.pana.words.text(language, notice) not in talks.text(PERSON)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        *[((), said) for said in ("1", "на свободе", "Идут забирать или уже у двери!", "не знаю", "7)")],
        (("7", "2", "6", "5", "5", "1", "1", "1"), "я думаю это было где-то 12 марта"),
    ],
)
def test_who_says_no_more_than_the_answer_is_told_nothing_of_it(
    talks: Talks, before: tuple[str, ...], said: str
) -> None:
    """A notice at every answer would be read by nobody; a date is said as it was understood."""
    for one in ("/start", "русский", "продолжить", "1", *before, said):
        talks.say(PERSON, one)
    shown = talks.text(PERSON)
    assert ru(talks, texts.REST_NOT_KEPT) not in shown and ru(talks, texts.WORDS_NOT_KEPT) not in shown


# --- to whom a text goes ---


@pytest.mark.parametrize("sees", [False, True], ids=["unseen", "read"])
@pytest.mark.parametrize("question", ["q02_by", "q08"])
def test_when_the_lawyers_words_are_newest_a_text_goes_to_the_lawyer(
    talks: Talks, tmp_path: Path, question: str, sees: bool
) -> None:
    """Not to the question; the next one answers it again."""
    taken(talks)
    until(talks, question)
    writes(talks)
    if sees:
        talks.press(PERSON, "Показать")
    talks.say(PERSON, "застава Маштаково, Уральский погранотряд")
    assert asked(talks) == question
    assert ru(talks, texts.ADDED) in talks.text(PERSON)
    talks.say(PERSON, "1" if question == "q02_by" else "в здании на окраине")
    assert asked(talks) != question
    case = opened(talks, tmp_path)
    assert [one["text"] for one in case["messages"] if one["from"] == "seeker"] == [
        "застава Маштаково, Уральский погранотряд"
    ]


@pytest.mark.parametrize("said", ["1", "1)", "№1", " 1. "])
def test_a_bare_number_is_a_tap_and_no_word_to_the_lawyer(talks: Talks, tmp_path: Path, said: str) -> None:
    """The answers are numbered on the same card; at a question for a text a number may be anything."""
    taken(talks)
    writes(talks)
    talks.press(PERSON, "Показать")
    before = asked(talks)
    talks.say(PERSON, said)
    assert asked(talks) != before or said in words_in(opened(talks, tmp_path))
    until(talks, "q08")
    writes(talks)
    talks.say(PERSON, "12")
    assert asked(talks) == "q08"
    assert [one["text"] for one in opened(talks, tmp_path)["messages"] if one["from"] == "seeker"][-1] == "12"


def test_who_goes_on_answering_has_the_question_before_them_again(talks: Talks) -> None:
    """After a button was pressed the newest thing on the card is the question that follows."""
    taken(talks)
    writes(talks)
    talks.press(PERSON, "Показать")
    talks.press(PERSON, "1. ")
    before = asked(talks)
    talks.say(PERSON, "1")
    assert asked(talks) != before


# --- the card that was on the screen ---


def says_at(talks: Talks, text: str, seconds: float, number: int | None = None) -> None:
    """A text that was sent so many seconds ago."""
    number = next(talks._numbers) if number is None else number
    at = talks.at - timedelta(seconds=seconds)
    talks.hear(Said(update_id=next(talks._numbers), chat_id=PERSON, message_id=number, text=text, at=at))


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_text_of_the_same_moment_counts(talks: Talks, seconds: float) -> None:
    """Telegram dates in whole seconds: only what is clearly earlier falls out."""
    urgent(talks, PERSON)
    before = asked(talks)
    says_at(talks, "1", seconds)
    assert asked(talks) != before


def test_a_text_from_before_the_card_answers_nothing_and_is_kept(talks: Talks, tmp_path: Path) -> None:
    """Typed while the bot was away: the first one answers, the others belonged to the same card."""
    for said in ("/start", "русский", "продолжить"):
        talks.say(PERSON, said)
    talks.at += timedelta(minutes=3)
    says_at(talks, "1", 100)
    before = asked(talks)
    says_at(talks, "2", 60)
    assert asked(talks) == before
    assert ru(talks, texts.EARLIER) in talks.text(PERSON)
    talks.press(PERSON, "1. ")  # held: from here on there is a case
    before = asked(talks)
    says_at(talks, "нас тут двое", 30)
    assert asked(talks) == before
    assert ru(talks, texts.KEPT_EARLIER) in talks.text(PERSON)
    assert "нас тут двое" in words_in(opened(talks, tmp_path))


def test_a_message_that_is_older_than_the_one_that_brought_the_card_answers_nothing(talks: Talks) -> None:
    """By its number, where the second is the same."""
    urgent(talks, PERSON)
    older = next(talks._numbers)
    talks.say(PERSON, "1")
    before = asked(talks)
    says_at(talks, "2", 0, older)
    assert asked(talks) == before


@pytest.mark.parametrize(("seconds", "counts"), [(0, False), (15, False), (16, True)])
def test_the_same_text_within_a_quarter_of_a_minute_is_counted_once(talks: Talks, seconds: int, counts: bool) -> None:
    """On a bad line a text is sent twice; it is not put to the next question."""
    urgent(talks, PERSON)
    talks.say(PERSON, "1")
    before = asked(talks)
    talks.at += timedelta(seconds=seconds)
    talks.say(PERSON, "1", again=True)
    assert (asked(talks) != before) == counts
    assert (ru(talks, texts.CAME_TWICE) in talks.text(PERSON)) == (not counts)


def test_the_second_half_of_a_long_text_belongs_to_its_answer(talks: Talks, tmp_path: Path) -> None:
    """Telegram cuts at 4096 characters; both halves have one date."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.say(PERSON, "а" * 4096)
    talks.say(PERSON, "и конец")
    case = opened(talks, tmp_path)
    (answer,) = [one for one in case["answers"] if one["question"] == "q08"]
    assert answer["text"] == "а" * 4096 + "и конец"


@pytest.mark.parametrize(
    ("said", "read"),
    [("вчера", "23.11.2026"), ("сегодня", "24.11.2026"), ("3 дня назад", "21.11.2026"), ("24.11.2026", "24.11.2026")],
)
@pytest.mark.parametrize("waited", [timedelta(minutes=20), timedelta(hours=8)], ids=["a while", "the night"])
def test_a_day_is_counted_from_the_one_on_which_it_was_written(
    talks: Talks, said: str, read: str, waited: timedelta
) -> None:
    """A text that has waited past midnight: a deadline counted from when it was heard would end a day late."""
    comes_to_the_day(talks, waits=30)
    talks.at = datetime(2026, 11, 24, 18, 50, tzinfo=UTC) + waited  # written ten minutes before midnight there
    says_at(talks, said, waited.total_seconds())
    (dated,) = [one for question, one in intake(talks).state.answers.items() if question == "q18"]
    assert f"{dated.earliest:%d.%m.%Y}" == f"{dated.latest:%d.%m.%Y}" == read


@pytest.mark.parametrize(("label", "days"), [("Сегодня", (24, 25)), ("Вчера", (23, 24))])
@pytest.mark.parametrize(("second", "both"), [(1, True), (149, True), (150, False)])
def test_a_day_that_is_pressed_right_after_midnight_is_either_of_two(
    talks: Talks, label: str, days: tuple[int, int], second: int, *, both: bool
) -> None:
    """A press may have waited for two and a half minutes, and the earliest plausible day counts."""
    comes_to_the_day(talks, waits=30)
    talks.at = datetime(2026, 11, 24, 19, 0, tzinfo=UTC) + timedelta(seconds=second)  # of the 25th there
    talks.press(PERSON, label)
    dated = intake(talks).state.answers["q18"]
    assert (dated.earliest.day, dated.latest.day) == (days[0 if both else 1], days[1])


def test_who_is_asked_how_it_was_by_a_wrong_clock_is_never_read_as_of_a_later_day(talks: Talks) -> None:
    """Telegram's clock is ahead of this machine's: the earlier of both counts."""
    comes_to_the_day(talks)
    says_at(talks, "сегодня", -86_400)
    assert intake(talks).state.answers["q18"].latest == talks.core.place.today(talks.at)


# --- what is no text ---


def test_the_captions_of_an_album_are_one_answer_and_the_refusal_says_two_words(talks: Talks, tmp_path: Path) -> None:
    """Some files are not taken; what was written beside them is."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.send(PERSON, What.file, "здание суда", album="7")
    assert ru(talks, texts.NO_FILES) in talks.text(PERSON) and ru(talks, texts.SAVED) in talks.text(PERSON)
    before = asked(talks)
    talks.send(PERSON, What.file, "и дверь", album="7")
    talks.send(PERSON, What.file, album="7")
    assert asked(talks) == before
    (answer,) = [one for one in opened(talks, tmp_path)["answers"] if one["question"] == "q08"]
    assert answer["text"] == "здание суда\nи дверь"


@pytest.mark.parametrize(
    ("what", "notice"), [(What.video, texts.NO_VIDEO), (What.other, texts.ONLY_TEXT), (What.file, texts.NO_FILES)]
)
@pytest.mark.parametrize("sent", [False, True], ids=["asking", "sent"])
def test_a_refusal_says_how_to_say_it(talks: Talks, what: What, notice: str, sent: bool) -> None:
    """Also once the answers are sent."""
    urgent(talks, PERSON)
    if sent:
        until(talks, "more_held")
        for said in ("1", "отправить"):
            talks.say(PERSON, said)
        assert intake(talks) is None
    talks.send(PERSON, what)
    assert ru(talks, notice) in talks.text(PERSON)


def test_a_place_answers_where_it_is_asked_for_and_is_sealed_elsewhere(talks: Talks, tmp_path: Path) -> None:
    """At the region the region stays as asked; a number answers how to be reached."""
    for said in ("/start", "русский", "продолжить"):
        talks.say(PERSON, said)
    for said in ("1", "7", "2", "6", "5", "3"):  # free, safe: no case
        talks.say(PERSON, said)
    assert (asked(talks), talks.cases()) == ("q06", [])
    talks.send(PERSON, What.number, "+7 700 000 00 00, Анна")
    assert asked(talks) == "q07"
    talks.send(PERSON, What.place, "GPS 51.2, 51.3")
    assert asked(talks) == "q07"
    assert ru(talks, texts.KEPT) in talks.text(PERSON)
    case = opened(talks, tmp_path)
    assert [one["text"] for one in case["answers"] if one["question"] == "q06"] == ["+7 700 000 00 00, Анна"]
    assert [one["text"] for one in case["messages"]] == ["GPS 51.2, 51.3"]


def test_a_place_is_sealed_where_the_case_is_opened_by_it(talks: Talks, tmp_path: Path) -> None:
    """The region asks for a place, and nothing was sealed before."""
    for said in ("/start", "русский", "продолжить", "1", "7", "2", "6", "5", "1"):
        talks.say(PERSON, said)
    assert (asked(talks), talks.cases()) == ("q07", [])
    talks.send(PERSON, What.place, "GPS 51.2, 51.3")
    assert asked(talks) == "q07"
    assert words_in(opened(talks, tmp_path)) == ["GPS 51.2, 51.3"]


@pytest.mark.parametrize(("question", "button", "asks"), [("q07", texts.MY_PLACE, Asks.place)])
def test_the_keyboard_that_sends_a_place_comes_when_it_is_wanted_and_goes_with_whatever_comes_next(
    talks: Talks, question: str, button: str, asks: Asks
) -> None:
    """One message of its own; no trace of it is left."""
    urgent(talks, PERSON)
    until(talks, question)
    stood = len(talks.chats[PERSON])
    talks.press(PERSON, ru(talks, button))
    assert talks.sends(PERSON) == [asks]
    talks.send(PERSON, What.place, "GPS 51.2, 51.3")
    assert (talks.sends(PERSON), len(talks.chats[PERSON])) == ([], stood)
    talks.press(PERSON, ru(talks, button))
    talks.pass_by(minutes=3)
    assert (talks.sends(PERSON), len(talks.chats[PERSON])) == ([], stood)
    talks.press(PERSON, ru(talks, button))
    talks.press(PERSON, ru(talks, texts.HIDE_CHAT))
    assert talks.chats[PERSON] == {}


def test_who_writes_for_somebody_else_is_not_asked_for_the_place_of_their_own_phone(talks: Talks) -> None:
    """It would send the lawyers to the wrong place."""
    urgent(talks, PERSON)
    until(talks, "q01")
    talks.say(PERSON, "2")
    until(talks, "q08")
    assert ru(talks, texts.MY_PLACE) not in talks.labels(PERSON)


# --- a branch that another answer closes ---


def test_a_text_whose_question_no_longer_applies_stays_readable_and_counts_when_it_comes_back(
    talks: Talks, tmp_path: Path
) -> None:
    """A mistaken tap destroys nothing; the card says so both times."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.say(PERSON, "застава Маштаково")
    until(talks, "more_held")
    talks.say(PERSON, "1")
    talks.say(PERSON, "2")
    assert asked(talks) == "q02"
    talks.say(PERSON, "7")
    assert ru(talks, texts.TEXT_STAYS) in talks.text(PERSON)
    case = opened(talks, tmp_path)
    assert [(one["question"], one["text"], one["why"]) for one in case["earlier"]] == [
        ("q08", "застава Маштаково", "not_asked")
    ]
    assert not any(one["text"] == "застава Маштаково" for one in case["answers"])
    talks.say(PERSON, "/back")
    talks.say(PERSON, "1")
    assert ru(talks, texts.TEXT_COUNTS) in talks.text(PERSON)
    case = opened(talks, tmp_path)
    assert case["earlier"] == []
    assert [one["text"] for one in case["answers"] if one["question"] == "q08"] == ["застава Маштаково"]


def test_a_text_that_is_written_anew_leaves_the_first_one_readable(talks: Talks, tmp_path: Path) -> None:
    """The newest counts."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.say(PERSON, "в полиции")
    talks.say(PERSON, "/back")
    talks.say(PERSON, "на границе")
    case = opened(talks, tmp_path)
    assert [one["text"] for one in case["answers"] if one["question"] == "q08"] == ["на границе"]
    assert [(one["text"], one["why"]) for one in case["earlier"]] == [("в полиции", "replaced")]


# --- the property ---


_SAYS = ("тут следователь", "что делать", "нас везут", "спасибо", "я на свободе", "подождите минутку", "мне и брату")


@dataclass(slots=True)
class Somebody:
    """Types, presses, corrects, sends twice, hides; and remembers what they said, and what the card answered."""

    talks: Talks
    dice: random.Random
    said: list[str] = field(default_factory=list)
    last: tuple[int, str] | None = None
    count: int = 0

    def sentence(self) -> str:
        """Words that nobody has said before."""
        self.count += 1
        return f"{self.dice.choice(_SAYS)} {self.count}й раз"

    def keeps(self, text: str) -> None:
        """What was just said must be in the case, unless the card says that it was not kept."""
        shown = self.talks.seen(PERSON)
        if not re.search("не сохран[её]н", _without_files(self.talks, shown)):
            self.said.append(text)
        else:
            assert not self.talks.cases(), (text, shown)

    def types(self) -> None:
        """A sentence."""
        text = self.sentence()
        self.talks.say(PERSON, text)
        self.last = self.talks.newest, text
        self.keeps(text)

    def sends_twice(self) -> None:
        """The same once more, at once."""
        if self.last is not None:
            self.talks.say(PERSON, self.last[1], again=True)

    def sends_late(self) -> None:
        """A sentence of some time ago."""
        text = self.sentence()
        says_at(self.talks, text, self.dice.choice((3, 30, 300)))
        self.keeps(text)

    def sends_other(self) -> None:
        """A caption, a place, a number."""
        text = self.sentence()
        self.talks.send(
            PERSON,
            self.dice.choice([one for one in What if one is not What.notice]),
            text,
            self.dice.choice((None, "1", "2")),
        )
        self.keeps(text)

    def corrects(self) -> None:
        """The last sentence, edited."""
        if self.last is None:
            return
        text, number = self.sentence(), next(self.talks._numbers)
        self.talks.hear(
            Corrected(update_id=number, chat_id=PERSON, message_id=self.last[0], text=text, at=self.talks.at)
        )
        self.keeps(text)

    def presses(self) -> None:
        """Any answer, or back."""
        labels = [one for one in self.talks.labels(PERSON) if one[0].isdigit() or one in {"Назад", "Пропустить"}]
        if labels:
            self.talks.press(PERSON, self.dice.choice(labels))

    def answers(self) -> None:
        """A number, typed."""
        self.talks.say(PERSON, str(self.dice.randint(1, 9)))

    def shows(self) -> None:
        """What the lawyer wrote."""
        if "Показать" in self.talks.labels(PERSON):
            self.talks.press(PERSON, "Показать")

    def hides(self) -> None:
        """And comes back with the code."""
        if self.talks.cases() and not self.talks.case().hidden:
            self.talks.say(PERSON, "/clear")
            self.talks.say(PERSON, self.talks.case().code)

    def is_written_to(self) -> None:
        """A lawyer takes the case, or writes."""
        if not self.talks.cases():
            return
        if "Написать" in self.talks.labels(BORIS):
            writes(self.talks)
        else:
            self.talks.say(BORIS, f"/take {self.talks.case().code}")

    def waits(self) -> None:
        """A little."""
        self.talks.pass_by(seconds=self.dice.choice((20, 60, 1200)))


@pytest.mark.parametrize("seed", range(60 if WHOLE else 2))
def test_once_there_is_a_case_every_sentence_is_in_it_word_for_word(talks: Talks, tmp_path: Path, seed: int) -> None:
    """A random talk: nothing that was said is lost, and what was not kept was said not to be.

    Two in the suite, sixty in `make both`.
    """
    dice = random.Random(seed)
    one = Somebody(talks, dice)
    for said in ("/start", "русский", dice.choice(("срочно", "продолжить"))):
        talks.say(PERSON, said)
    does: Sequence[Callable[[], None]] = [
        *(one.types, one.types, one.presses, one.presses, one.presses, one.answers, one.sends_twice, one.sends_late),
        *(one.sends_other, one.corrects, one.shows, one.hides, one.is_written_to, one.waits),
    ]
    for _ in range(60):
        dice.choice(does)()
    if talks.cases():
        found = "\n".join(text for case in talks.cases() for text in words_in(opened(talks, tmp_path, case)))
        assert [text for text in one.said if text not in found] == []


def test_what_was_not_kept_of_an_old_text_is_said_behind_the_neutral_message(talks: Talks) -> None:
    """After an outage a free phone gets a ping in place of the card: the notice comes with "show"."""
    for said in ("/start", "русский", "продолжить", "1", "7", "2"):
        talks.say(PERSON, said)
    number = next(talks._numbers)
    at = talks.at - timedelta(minutes=5)
    talks.hear(Said(update_id=number, chat_id=PERSON, message_id=number, text="нас двое", at=at, late=True))
    assert talks.text(PERSON) == ru(talks, texts.NEW_MESSAGE)
    talks.press(PERSON, ru(talks, texts.SHOW))
    assert ru(talks, texts.EARLIER) in talks.text(PERSON)
    talks.press(PERSON, "2. ")
    assert ru(talks, texts.EARLIER) not in talks.text(PERSON)
