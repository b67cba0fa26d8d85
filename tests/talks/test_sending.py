"""Whoever was offered to stop may send at every question; whoever stops or falls silent is as one who knows no more."""

import pytest

from bot.speech.presses import DaySpan, Send, button_data
from flows.model import Dated, Level, QuestionId
from flows.triage import as_not_known, judge
from storage.case import Case, Waiting
from storage.intakes import OpenIntake
from tests.cases import handoff
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once
from tests.ways import CALM_ON, HELD_ON

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, PERSON = 201, 202, 900
SEND, SENT = "Отправить юристу", "Ответы отправлены"
# Free and safe, nothing ahead, no paper; then all that decides, and the offer.
CALM = ("1", "7", "2", "6", "5", "1", "2", "1", *CALM_ON)
HELD = ("1", "1", "2", "6", "5", "1", "2", "/skip", "1", *HELD_ON)


@walked_once
def says(talks: Talks, *said: str, person: int = PERSON) -> None:
    """One answer after another; with what leads to the last one, others begin as well."""
    if said[1:]:
        says(talks, *said[:-1], person=person)
    talks.say(person, said[-1])


@walked_once
def begins(talks: Talks, person: int = PERSON) -> None:
    """From /start over the consent to the first question."""
    talks.say(person, "/start")
    talks.press(person, "Русский")
    talks.press(person, "Продолжить")


def intakes(talks: Talks) -> list[OpenIntake]:
    """Every open intake."""
    rows = talks.change(talks.core.intakes.rows)
    return [talks.change(lambda tx, row=row: talks.core.intakes.of_row(tx, row)) for row in rows]


def asked(talks: Talks) -> str | None:
    """The question on the card."""
    return intakes(talks)[0].state.asked


def forged(talks: Talks, press: type[Send] | type[DaySpan], *more: int) -> None:
    """A button that stands on no card, with the tag and the visit of the one that is shown."""
    (intake,) = intakes(talks)
    data = button_data(talks.core.ring, PERSON, press(intake.tag, intake.state.visit, *more))
    talks.push(PERSON, data, list(talks.chats[PERSON])[-1])


@pytest.mark.parametrize(("urgently", "way"), [(False, CALM), (True, HELD)], ids=["calm", "held"])
def test_before_the_offer_nothing_sends(talks: Talks, urgently: bool, way: tuple[str, ...]) -> None:
    """At every question up to it: neither a button, nor a forged one, nor the word; at the offer no button either."""
    urgent(talks, PERSON, None) if urgently else begins(talks)
    met = []
    for said in way:
        met.append(asked(talks))
        assert SEND not in talks.labels(PERSON)
        forged(talks, Send)
        talks.say(PERSON, "отправить") if met[-1] != "q08" else None  # there it is what somebody writes
        assert asked(talks) == met[-1]
        assert SENT not in talks.seen(PERSON)
        says(talks, said)
    assert asked(talks) == ("more_held" if urgently else "more")
    assert SEND not in talks.labels(PERSON)
    forged(talks, Send)
    assert asked(talks) is not None
    assert SENT not in talks.seen(PERSON)


@pytest.mark.parametrize(("urgently", "way"), [(False, CALM), (True, HELD)], ids=["calm", "held"])
@pytest.mark.parametrize("said", ["1", "хватит", "отправить", "Жіберу", "готово"])
def test_whoever_takes_the_offer_in_words_checks_the_answers_before_they_are_sent(
    talks: Talks, urgently: bool, way: tuple[str, ...], said: str
) -> None:
    """ "You can send it now": who says so is led to the summary, where the button is."""
    urgent(talks, PERSON, None) if urgently else begins(talks)
    says(talks, *way, said)
    assert asked(talks) is None
    assert SENT not in talks.seen(PERSON)
    assert SEND in talks.labels(PERSON)


@pytest.mark.parametrize(("urgently", "way"), [(False, CALM), (True, HELD)], ids=["calm", "held"])
def test_behind_the_offer_every_card_can_be_sent_from(talks: Talks, urgently: bool, way: tuple[str, ...]) -> None:
    """The button stands on each of them, to the last."""
    urgent(talks, PERSON, None) if urgently else begins(talks)
    says(talks, *way, "2")
    met = []
    while (question := asked(talks)) is not None:
        met.append(question)
        assert talks.labels(PERSON).count(SEND) == 1, question
        says(talks, "/skip")
    assert len(met) > 15
    assert SENT not in talks.seen(PERSON)


@pytest.mark.parametrize("how", ["the button", "отправить", "Жіберу", "/skip and the button"])
@pytest.mark.parametrize("to", ["q14", "q16_request", "q20", "q34"], ids=["one choice", "a date", "several", "a text"])
def test_from_a_card_of_any_kind_it_is_sent_as_it_stands(talks: Talks, to: str, how: str) -> None:
    """Pressed or typed; what was not answered stays open, and counts as not known."""
    begins(talks)
    says(talks, *(CALM[:-5]), "2", *CALM[-4:], "2")  # asylum was asked for in words
    while asked(talks) != to:
        says(talks, "/skip")
    if how.startswith("/skip"):
        says(talks, "/skip")
    says(talks, how) if how in {"отправить", "Жіберу"} else talks.press(PERSON, SEND)
    assert SENT in talks.text(PERSON)
    assert intakes(talks) == []
    assert isinstance(talks.case(), Waiting)
    assert talks.case().level is Level.normal


# --- silence ---


def as_not_knowing(talks: Talks) -> Level:
    """The level of the open intake if every further answer were "I don't know"."""
    (intake,) = intakes(talks)
    flow = talks.pana.questionnaires.of(talks.change(lambda tx: tx), intake.state.flow)
    rest = as_not_known(flow.questions, intake.state.answers)
    return max(judge(flow, rest, talks.at.date()).level, intake.state.level, key=lambda one: one.rank)


@pytest.mark.parametrize("answered", range(1, len(CALM) + 1))
def test_whoever_falls_silent_after_any_answer_is_a_case_at_the_level_of_not_knowing(
    talks: Talks, answered: int
) -> None:
    """A calm person too, whom nobody heard of before; their card and /status say what is true of it."""
    begins(talks)
    says(talks, *CALM[:answered])
    assert talks.cases() == []
    expected = as_not_knowing(talks)
    talks.pass_by(minutes=14)
    assert talks.cases() == []
    talks.pass_by(minutes=2)
    (case,) = talks.cases()
    assert isinstance(case, Waiting)
    assert (case.level, handoff(case).facts.level) == (expected, expected)
    assert (expected is Level.normal) is (answered == len(CALM))
    tells_the_truth(talks, case)


def tells_the_truth(talks: Talks, case: Case) -> None:
    """Whose case waits reads who is called, or when the list comes; it is not said to be sent."""
    card = talks.seen(PERSON)
    called = {chat for chat in (AIGUL, BORIS) if case.code in talks.seen(chat)}
    assert ("Зовём юриста" in card) is (case.level is not Level.normal)
    assert ("в ближайшем списке, в 09:00" in card) is (case.level is Level.normal)
    assert bool(called) is (case.level is not Level.normal)
    assert SENT not in card
    assert "Вопрос" in card
    talks.say(PERSON, "/status")
    assert ("в ближайшем списке, в 09:00" in talks.text(PERSON)) is (case.level is Level.normal)
    assert ("сообщили" in talks.text(PERSON)) is (case.level is not Level.normal)


def test_a_calm_case_of_somebody_who_fell_silent_stands_in_the_next_list(talks: Talks) -> None:
    """It rings nobody before, is not destroyed with the open questions, and can be added to meanwhile."""
    begins(talks)
    says(talks, *CALM, "2")
    talks.pass_by(minutes=16)
    code = talks.case().code
    assert talks.rung(AIGUL, BORIS) == 0
    says(talks, "1")
    assert asked(talks) is not None
    talks.pass_by(hours=24)
    assert code in talks.seen(AIGUL) + talks.seen(BORIS)
    talks.at += talks.core.intakes.expires_after
    for row in talks.change(lambda tx: talks.core.intakes.due(tx, "expiry")):
        talks.change(lambda tx, row=row: talks.pana.intake_ends.expire_due(tx, row))
    talks.deliver()
    assert intakes(talks) == []
    assert isinstance(talks.case(), Waiting)
    assert "ответы удалены" not in talks.seen(PERSON)


def test_what_is_told_after_a_silence_takes_the_place_of_not_knowing(talks: Talks) -> None:
    """The reasons follow the answers; the level of a case that lawyers have never falls by itself."""
    begins(talks)
    says(talks, *CALM[:-1])
    talks.pass_by(minutes=16)
    assert talks.case().level is Level.high
    assert [one.because for one in handoff(talks.case()).facts.reasons if one.rule == "H1"] == [
        ((QuestionId("q27"), "unknown"),)
    ]
    says(talks, "1")  # wanted: officials said so
    assert [one.because for one in handoff(talks.case()).facts.reasons if one.rule == "H1"] == [
        ((QuestionId("q27"), "official"),)
    ]
    assert talks.case().level is Level.high


def test_who_stops_sends_at_the_level_of_not_knowing(talks: Talks) -> None:
    """Who passes over what decides and then takes the offer is as who knew none of it."""
    begins(talks)
    says(talks, *CALM[:7], "/skip", "/skip", "/skip", "/skip", "/skip", "/skip", "1")
    talks.press(PERSON, SEND)
    assert talks.case().level is Level.high
    assert {one.rule for one in handoff(talks.case()).facts.reasons} >= {"H1", "H3", "H4a", "H17"}


# --- a date as a span ---


@pytest.mark.parametrize(
    ("label", "most", "least", "rules"),
    [
        ("2–5 дней назад", 5, 2, ["H4"]),
        ("До 2 месяцев назад", 62, 6, ["N1"]),
        ("2–3 месяца назад", 92, 63, ["N1"]),
        ("Раньше", 7300, 93, ["N1"]),
    ],
)
def test_a_day_may_be_given_as_a_span(talks: Talks, label: str, most: int, least: int, rules: list[str]) -> None:
    """In doubt somebody has just come, and a term is nearly over; what was pressed need not be read back."""
    begins(talks)
    says(talks, *CALM[:9])
    assert asked(talks) == "q18"
    talks.press(PERSON, label)
    (intake,) = intakes(talks)
    answer = intake.state.answers[QuestionId("q18")]
    assert isinstance(answer, Dated)
    today = talks.core.place.today(talks.at)
    assert ((today - answer.earliest).days, (today - answer.latest).days, answer.sure) == (most, least, "about")
    assert "Записали" not in talks.text(PERSON)
    assert [one.rule for one in intake.state.reasons] == rules


def test_of_a_span_the_first_day_counts_for_the_ninety_days(talks: Talks) -> None:
    """They may end this week; only for who came through a checkpoint, or does not tell."""
    begins(talks)
    says(talks, *CALM[:9])
    talks.press(PERSON, "2–3 месяца назад")
    talks.say(PERSON, "/skip")
    (intake,) = intakes(talks)
    assert "H16" in [one.rule for one in intake.state.reasons]


def test_a_span_that_is_not_there_is_no_answer(talks: Talks) -> None:
    """A forged number, and a forged span at a question that has none."""
    begins(talks)
    forged(talks, DaySpan, 1)
    assert asked(talks) == "q01"
    says(talks, *CALM[:9])
    for number in (0, 5, 99):
        forged(talks, DaySpan, number)
        assert asked(talks) == "q18"
