"""What must hold wherever a conversation has got to, and whatever is done there."""

import random
from collections import Counter
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import engine
from flows.model import (
    GO_ON,
    UNKNOWN,
    Chosen,
    Day,
    Intake,
    Kind,
    Level,
    Option,
    OptionId,
    Question,
    QuestionId,
    tells_nothing,
)
from flows.triage import judge
from tests.flows.random_walks import WALKS, Step, choosing, everywhere, to_the_summary, untold, walks
from tests.flows.samples import LARGE, examples
from tests.flows.tables import rested
from tests.flows.test_engine import FLOW, NOW, WORDS

ODD = [
    "1", "2, 3", "99", "0", "\ud800", "\u202e\u2066abc", "<b>x</b>", "*x*", "12.03", "0" * 400, "я" * 10_000, "/x", "",
    " ", "назад", "готово", "отправить", "пропустить", "не знаю", "13.13.1313", "в марте 26", "1 " * 60, "²", "٣", "½",
    "31.12.9999", "00.00.0000", "9999 лет назад", "через 99999999 дней", "29 февраля", "\u200d", "🙏", "1️⃣",
]  # fmt: skip
FORGED = [engine.Pressed(OptionId(one)) for one in ("", "x", "unknown", "stop", "self", "held", "nothing")]
texts = st.one_of(st.text(max_size=60), st.text(alphabet=st.characters(codec=None), max_size=30), st.sampled_from(ODD))


def sound(intake: Intake) -> None:
    """What every intake must be like."""
    assert rested(intake) == intake
    assert all(FLOW.question(one).show_if.holds(intake.answers) for one in intake.answers)
    if intake.asked is not None:
        assert set(intake.ticked) <= {option.id for option in FLOW.question(intake.asked).options}
    levels = [rule.level.rank for one in intake.reasons if (rule := FLOW.rule(one.rule))]
    assert intake.level.rank == max(levels, default=0) >= judge(FLOW, intake.answers, NOW.date()).level.rank


def stays_sound(intake: Intake, event: engine.Happened) -> None:
    """A sound intake, and what happens to it."""
    after = engine.advance(FLOW, intake, event, NOW).intake
    if after != intake:
        sound(after)


def test_nothing_that_holds_is_passed_over() -> None:
    """Questions and rules are tried only where they may hold: with any answers those that are not would not."""
    day = Day(NOW.date(), frozenset(Level))

    def tried(step: Step, _dice: random.Random) -> int:
        answers = step.after.answers
        assert [*FLOW.shown(answers)] == [one for one in FLOW.questions if one.show_if.holds(answers)]
        held = [one for one in FLOW.rules if one.when.holds(answers, day)]
        assert [one for one in FLOW.rules_for(answers) if one.when.holds(answers, day)] == held
        return 1

    everywhere("nothing that holds is passed over", tried)


def test_nothing_that_people_do_raises_and_every_state_can_be_kept() -> None:
    """Odd texts, forged buttons, words, questions to change that are none: in every state, no exception."""
    odd, forged, words = cycle(ODD), cycle(FORGED), cycle(WORDS.values())
    wanted = cycle([*(question.id for question in FLOW.questions), QuestionId("none")])

    def tried(step: Step, dice: random.Random) -> int:
        sound(step.after)
        options = dice.choice(FLOW.questions).options
        events: list[engine.Happened] = [
            engine.Typed(next(odd)),
            next(forged),
            next(words),
            engine.Revisit(next(wanted)),
        ]
        events += [engine.Pressed(dice.choice(options).id)] if options else []
        for event in events:
            stays_sound(step.after, event)
        return len(events)

    everywhere("nothing raises", tried)


@pytest.fixture(scope="module")
def places() -> list[Intake]:
    """Each question on the card, with answers before it, and the summary."""
    found = {step.after.asked: step.after for _, walked in walks() for step in walked}
    assert len(found) == len(FLOW.questions) + 1
    return list(found.values())


def test_any_text_may_be_typed_at_any_question(places: list[Intake]) -> None:
    """Every odd text (in the suite one in eleven) at each question and at the summary, and any letters."""
    tried: Counter[QuestionId | None] = Counter()

    def typed(intake: Intake, text: str) -> None:
        tried[intake.asked] += 1
        stays_sound(intake, engine.Typed(text))

    for at, intake in enumerate(places):
        sound(intake)
        for text in ODD if LARGE else ODD[at % 11 :: 11]:
            typed(intake, text)
    examples(25, 20 * WALKS)(given(st.sampled_from(places), texts)(typed))()
    print(f"\nany text: {tried.total()} cases at {len(tried)} questions")
    assert set(tried) == {None, *(question.id for question in FLOW.questions)}


def test_telling_nothing_never_lowers_the_level() -> None:
    """Skip, "I don't know", "I will tell only a lawyer", "enough": at first, and in place of any answer."""

    def tried(step: Step, dice: random.Random) -> int:
        if any(isinstance(one, engine.Answered) and tells_nothing(one.answer) for one in step.effects):
            assert step.after.level.rank >= step.before.level.rank
        places = [step.after]
        if dice.random() < 0.02:
            summary = to_the_summary(step.after)
            places += [engine.advance(FLOW, summary, engine.Revisit(one), NOW).intake for one in summary.answers]
        cases = [(place, after) for place in places for after in untold(place)]
        for place, after in cases:
            assert after.level.rank >= place.level.rank
            assert {reason.rule for reason in after.reasons} >= grave(place)
        return len(cases)

    everywhere("telling nothing", tried)


def grave(intake: Intake) -> set[str]:
    """The rules of an intake's level that call somebody."""
    return {one.rule for one in intake.reasons if (rule := FLOW.rule(one.rule)) and rule.level.rank}


def test_stopping_anywhere_is_never_safer_than_not_knowing_the_rest() -> None:
    """At every question and at the summary: as if whoever stops had gone on, and known nothing more."""

    def tried(step: Step, dice: random.Random) -> int:
        stops = engine.stopped(FLOW, step.after, NOW.date())
        assert stops.level.rank >= step.after.level.rank
        assert {one.rule for one in stops.reasons} >= grave(step.after)
        if dice.random() < 0.7:
            return 1
        ends = [knowing_nothing_more(step.after, one) for one in FLOW.question(FLOW.subject).options]
        for end in ends:
            assert stops.level.rank >= end.level.rank, (stops.reasons, end.reasons)
        return 1 + len(ends)

    everywhere("stopping", tried)


def knowing_nothing_more(intake: Intake, who: Option) -> Intake:
    """Goes on wherever it may, says "I don't know" to all that is asked; says again what is asked again.

    `who`: for whom they write, where that was not told. Whoever is then asked again where the person is has told it.
    """
    where = intake.answers.get(FLOW.danger)
    while True:
        while intake.asked is not None:
            intake = not_known_at(intake, where if isinstance(where, Chosen) else None, who)
        had_enough = [one for one in FLOW.offers if one in intake.answers and intake.answers[one] != Chosen((GO_ON,))]
        if not had_enough:
            return intake
        intake = engine.advance(FLOW, intake, engine.Revisit(had_enough[0]), NOW).intake
        intake = engine.advance(FLOW, intake, engine.Pressed(GO_ON), NOW).intake


def not_known_at(intake: Intake, where: Chosen | None, who: Option) -> Intake:
    """One question further."""
    assert intake.asked is not None
    question, events = FLOW.question(intake.asked), list[engine.Happened]()
    if question.id in intake.answers:
        events = same_again(intake)
    elif question.id == FLOW.danger and where is not None:
        events = choosing(question, intake, where.options)
    elif question.id == FLOW.subject:
        events = [engine.Pressed(who.id)]
    elif question.option(GO_ON):
        events = [engine.Pressed(GO_ON)]
    else:
        events = choosing(question, intake, [UNKNOWN]) if question.option(UNKNOWN) else [engine.Unknown()]
    for happened in events:
        intake = engine.advance(FLOW, intake, happened, NOW).intake
    return intake


def test_whoever_says_for_whom_they_write_is_asked_again_where_that_person_is() -> None:
    """What was asked of one is never kept of another; until it is told anew the level does not fall."""

    def tried(step: Step, dice: random.Random) -> int:
        if dice.random() < 0.8:
            return 0
        at_the_end = to_the_summary(step.after)
        for option in FLOW.question(FLOW.subject).options:
            revisited = engine.advance(FLOW, at_the_end, engine.Revisit(FLOW.subject), NOW).intake
            after = engine.advance(FLOW, revisited, engine.Pressed(option.id), NOW).intake
            same = FLOW.form(at_the_end.answers) == FLOW.form(after.answers)
            assert (after.asked == FLOW.danger) is not same
            kept = {*filter(differs, at_the_end.answers)} if same else set()
            assert {*filter(differs, after.answers)} == kept
            assert after.level.rank >= at_the_end.level.rank
            assert {one.rule for one in after.reasons} >= grave(at_the_end)
            assert all(one.level.rank >= after.level.rank for one in untold(after))
            back = engine.advance(FLOW, after, engine.Back(), NOW).intake
            once_more = engine.advance(FLOW, back, engine.Pressed(dice.choice(WHO)), NOW).intake
            assert once_more.level.rank >= after.level.rank
            assert engine.stopped(FLOW, after, NOW.date()).level.rank >= at_the_end.level.rank
        return len(FLOW.question(FLOW.subject).options)

    everywhere("for whom", tried)


WHO = [one.id for one in FLOW.question(FLOW.subject).options]


def differs(question: QuestionId) -> bool:
    """It asks something else of oneself than of another person."""
    return FLOW.question(question).text.differ


def test_an_answer_stays_under_the_words_that_it_was_given_to() -> None:
    """The text of a question, as it stood on the card when it was answered, for as long as its answer counts."""
    given_to: dict[int, dict[QuestionId, object]] = {}
    for number, walked in walks():
        words = given_to.setdefault(number, {})
        for step in walked:
            for one in step.effects:
                if isinstance(one, engine.Answered):
                    words[one.question] = words_of(one.question, step.before)
            for question in step.after.answers.keys() - {step.after.asked}:  # what is asked anew stands on the card
                assert words_of(question, step.after) == words[question], (number, question)


def words_of(question: QuestionId, intake: Intake) -> object:
    """How a question is put to the person of this intake."""
    return FLOW.question(question).text.of(FLOW.form_of(question, intake))


def test_another_charge_never_lowers_the_level() -> None:
    """Wherever somebody is: with one more charge the level is the same or higher."""
    charges = [one.id for one in FLOW.question("q26").options if not one.exclusive]
    today, q26 = NOW.date(), QuestionId("q26")

    def tried(step: Step, dice: random.Random) -> int:
        given_before = step.after.answers.get(q26)
        had = [one for one in given_before.options if one in charges] if isinstance(given_before, Chosen) else []
        fewer = {name: one for name, one in step.after.answers.items() if name != q26}
        if had:
            fewer[q26] = Chosen(tuple(had))
        one_more = {*had, dice.choice(charges)}
        more_charges = fewer | {q26: Chosen(tuple(one for one in charges if one in one_more))}
        assert judge(FLOW, more_charges, today).level.rank >= judge(FLOW, fewer, today).level.rank
        return 1

    everywhere("another charge", tried)


def test_every_state_offers_a_way_on_and_a_way_out() -> None:
    """At every question something that is offered there leads on, and from everywhere the end can be reached."""

    def tried(step: Step, dice: random.Random) -> int:
        intake = step.after
        if intake.asked is not None:
            question = FLOW.question(intake.asked)
            on = [engine.advance(FLOW, intake, one, NOW).intake for one in (engine.Skip(), *offered(question))]
            assert any(one.asked != intake.asked for one in on)
        if dice.random() < 0.9:
            return 1
        out = engine.advance(FLOW, to_the_summary(intake), engine.Send(), NOW)
        assert engine.Sent() in out.effects
        return 2

    everywhere("a way on and out", tried)


def offered(question: Question) -> list[engine.Happened]:
    """The buttons of a choice."""
    return [engine.Pressed(one.id) for one in question.options] if question.kind is Kind.single else []


def test_going_back_and_forth_changes_nothing() -> None:
    """Back touches no answer; giving the same answer again, or skipping, leads on with everything as it was."""

    def tried(step: Step, dice: random.Random) -> int:
        here = step.after
        back = engine.advance(FLOW, here, engine.Back(), NOW).intake
        assert (back.answers, back.level, back.reasons) == (here.answers, here.level, here.reasons)
        if not here.trail:
            return 1
        forth = back
        for event in same_again(back):
            forth = engine.advance(FLOW, forth, event, NOW).intake
        assert (forth.answers, forth.level, forth.reasons) == (here.answers, here.level, here.reasons)
        assert here.asked in {*here.answers, forth.asked}  # a question that is new is there again
        return 2

    everywhere("back and forth", tried)


def same_again(intake: Intake) -> list[engine.Happened]:
    """The answer that is there already, once more."""
    assert intake.asked is not None
    question, answer = FLOW.question(intake.asked), intake.answers.get(intake.asked)
    if not isinstance(answer, Chosen):
        return [engine.Skip()]
    return choosing(question, intake, answer.options)
