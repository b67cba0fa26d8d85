"""Deadlines: never later than the law has them, and what they do to the level as the days go by."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from flows.clocks import days_of_change, deadlines, levels_on, reminders, soonest
from flows.conditions import questions_in
from flows.model import (
    AllOf,
    Answer,
    AnyOf,
    AtClock,
    Chosen,
    ClockId,
    Dated,
    Day,
    Kind,
    Level,
    Not,
    OptionId,
    QuestionId,
    RuleId,
    Skipped,
    WasAnswered,
    Written,
    reads_the_day,
)
from flows.release import compile_release, read_release
from flows.source import load_source
from flows.triage import judge, risings
from tests.flows.samples import examples
from tests.flows.test_engine import FLOW, SOURCE

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def given_answers(*, dates: dict[str, str], **chosen: str) -> dict[QuestionId, Answer]:
    """Answers as the model has them."""
    answers: dict[QuestionId, Answer] = {QuestionId(name): Chosen((OptionId(one),)) for name, one in chosen.items()}
    for name, day in dates.items():
        answers[QuestionId(name)] = Dated(date.fromisoformat(day), date.fromisoformat(day), "exact")
    return answers


@pytest.mark.parametrize(
    ("clock", "begins", "ends"),
    [
        ("K07", "2026-01-31", "2026-02-28"),  # no 31 February: its last day, before 30 days are over
        ("K07", "2026-02-10", "2026-03-10"),
        ("K07", "2026-03-10", "2026-04-09"),  # thirty days end before the same day of a month of 31
        ("K07", "2028-01-30", "2028-02-29"),
        ("K08", "2026-11-30", "2027-02-28"),
        ("K26", "2026-12-24", "2027-01-23"),
    ],
)
def test_months_end_on_the_same_day_or_after_thirty_days_whichever_comes_first(
    clock: str, begins: str, ends: str
) -> None:
    """Ends of months, leap years, the turn of the year."""
    dates = {"q16_received": begins, "q16_decided": begins}
    found = {one.clock: str(one.ends) for one in deadlines(FLOW, given_answers(dates=dates))}
    assert found[clock] == ends


@examples(40, 2000)
@given(DAYS, st.integers(0, 40))
def test_an_uncertain_date_never_gives_a_later_deadline_than_a_sure_one(earliest: date, width: int) -> None:
    """The earliest plausible day counts, for every clock that it starts."""
    sure = Dated(earliest, earliest, "exact")
    about = Dated(earliest, earliest + timedelta(days=width), "about")
    for question in (one.id for one in FLOW.questions if one.kind.value == "date"):
        said = [structs.replace(one, latest=None) for one in deadlines(FLOW, {question: about})]
        assert said == [structs.replace(one, latest=None) for one in deadlines(FLOW, {question: sure})]


@examples(40, 2000)
@given(DAYS, st.integers(0, 40))
def test_nothing_is_said_to_have_passed_that_may_still_run(earliest: date, width: int) -> None:
    """By the latest day that was told and the longest term of the law; where all is certain there is no other day."""
    latest = earliest + timedelta(days=width)
    about = Dated(earliest, latest, "about" if width else "exact")
    longest = {clock.id: max(clock.hours) for clock in FLOW.clocks if clock.hours}
    for question in (one.id for one in FLOW.questions if one.kind.value == "date"):
        ends = {one.clock: one for one in deadlines(FLOW, {question: Dated(latest, latest, "exact")})}
        for one in deadlines(FLOW, {question: about}):
            certain = one.latest or one.ends
            assert certain is not None
            assert certain >= (ends[one.clock].ends or latest)
            if one.clock in longest:
                assert certain >= latest + timedelta(hours=longest[one.clock])
            elif not width:
                assert one.latest is None


@examples(40, 2000)
@given(DAYS)
def test_on_its_last_day_a_clock_that_pages_is_critical_unless_it_only_rises_to_high(begins: date) -> None:
    """Each clock stands at its gravest level on its last day, and informing clocks never page."""
    gravest = {clock.id: max((page.level.rank for page in clock.pages), default=-1) for clock in FLOW.clocks}
    answers = {question.id: Dated(begins, begins, "exact") for question in FLOW.questions if question.kind == "date"}
    for one in deadlines(FLOW, answers):
        assert one.ends is not None
        ranks = [level.rank for level in levels_on(FLOW, (one,), one.ends)]
        assert max(ranks, default=-1) == gravest[one.clock]
    assert {clock.id for clock in FLOW.clocks if not clock.pages} >= {"K01", "K02", "K20", "K23", "K24", "K25", "K26a"}


def test_a_case_that_waits_rises_by_itself_when_its_deadline_comes_near() -> None:
    """A refusal: high at first, critical from a week before the month to leave is over."""
    dates = {"q16_decided": "2026-03-02", "q16_received": "2026-03-05"}
    answers = given_answers(q15="refused", dates=dates)
    today = date(2026, 3, 6)
    assert judge(FLOW, answers, today).level is Level.high
    (rising,) = risings(FLOW, answers, today)
    assert (rising.on.isoformat(), rising.level, rising.rule) == ("2026-03-25", Level.critical, "C9")
    assert judge(FLOW, answers, date(2026, 3, 24)).level is Level.high
    assert judge(FLOW, answers, rising.on).level is Level.critical


@examples(10, 500)
@given(DAYS, st.integers(0, 60), st.sampled_from(["refused", "pending_cert", "none"]))
def test_risings_are_where_the_level_rises(begins: date, gone: int, state: str) -> None:
    """Day by day over a year: a level never goes above what the risings said, and each rising is true."""
    day = Dated(begins, begins, "exact")
    answers: dict[QuestionId, Answer] = {QuestionId("q15"): Chosen((OptionId(state),))}
    answers |= {QuestionId(name): day for name in ("q16_decided", "q16_received", "q18")}
    today = begins + timedelta(days=gone)
    level, ahead = judge(FLOW, answers, today).level, {one.on: one.level for one in risings(FLOW, answers, today)}
    for days in range(1, 130):
        on = today + timedelta(days=days)
        level = max(level, ahead.get(on, level), key=lambda one: one.rank)
        assert judge(FLOW, answers, on).level.rank <= level.rank


def test_a_rise_is_told_with_the_first_of_its_reasons() -> None:
    """Of two rules of one level that come to hold on one day, as a verdict names them."""
    rule = next(one for one in FLOW.rules if one.id == "C9")
    flow = replace(FLOW, rules=(replace(rule, id=RuleId("first")), replace(rule, id=RuleId("second"))))
    answers = given_answers(q15="refused", dates={"q16_decided": "2026-03-02", "q16_received": "2026-03-05"})
    (rising,) = risings(flow, answers, date(2026, 3, 6))
    assert rising.rule == "first"


def test_a_rule_reads_the_day_wherever_in_it_the_day_stands() -> None:
    """In one of several conditions, or in what must not hold."""
    told, clock = WasAnswered(QuestionId("q15")), AtClock(Level.high)
    for day in (
        clock,
        AllOf((told, clock)),
        AnyOf((told, clock)),
        Not(clock),
        AllOf((told, Not(AnyOf((told, clock))))),
    ):
        assert reads_the_day(day)
    for same in (told, AllOf((told, told)), Not(AnyOf((told, told)))):
        assert not reads_the_day(same)


SINGLE = [one.id for one in FLOW.questions if one.kind is Kind.single]


@examples(15, 500)
@given(st.dictionaries(st.sampled_from([one.id for one in FLOW.questions]), st.integers(0, 9), max_size=8), DAYS)
def test_a_rule_that_is_not_tried_does_not_hold(chosen: dict[QuestionId, int], today: date) -> None:
    """With any answers, skipped ones among them: rules are left out by what they need to know."""
    answers: dict[QuestionId, Answer] = {}
    for one, number in chosen.items():
        options = FLOW.question(one).options
        told = Chosen((options[number % len(options)].id,)) if options else Dated(today, today, "exact")
        answers[one] = Skipped() if number == 0 else told
    tried = {rule.id for rule in FLOW.rules_for(answers)}
    assert len(tried) < len(FLOW.rules)
    day = Day(today, frozenset(Level))
    assert not [rule.id for rule in FLOW.rules if rule.when.holds(answers, day) and rule.id not in tried]


@examples(15, 500)
@given(
    st.dictionaries(st.sampled_from(SINGLE), st.integers(0, 9), max_size=8),
    st.lists(st.tuples(st.sampled_from([one.id for one in FLOW.questions if one.kind is Kind.date]), DAYS), max_size=5),
    DAYS,
)
def test_risings_are_those_of_a_judgement_of_every_day(
    chosen: dict[QuestionId, int], dated: list[tuple[QuestionId, date]], today: date
) -> None:
    """With any answers: the day, the level, and the rule that a verdict of that day names first."""
    answers: dict[QuestionId, Answer] = {one: Dated(day, day, "exact") for one, day in dated}
    for one, number in chosen.items():
        options = FLOW.question(one).options
        answers[one] = Chosen((options[number % len(options)].id,))
    found, level = [], judge(FLOW, answers, today).level
    for on in days_of_change(FLOW, deadlines(FLOW, answers)):
        verdict = judge(FLOW, answers, on)
        if on > today and verdict.level.rank > level.rank:
            level = verdict.level
            found.append((on, level, verdict.reasons[0].rule))
    assert found == [(one.on, one.level, one.rule) for one in risings(FLOW, answers, today)]


def test_no_charge_and_no_ground_against_extradition_lowers_a_level() -> None:
    """Whatever stands in q26 the level is the same or higher than without it."""
    for option in FLOW.question("q26").options:
        for where in FLOW.question("q02").options:
            without = given_answers(q02=where.id, dates={})
            charged = without | {QuestionId("q26"): Chosen((option.id,))}
            today = date(2026, 3, 1)
            assert judge(FLOW, charged, today).level.rank >= judge(FLOW, without, today).level.rank


def test_a_clock_is_data_for_an_advocate_to_sign() -> None:
    """Every row has its basis, period and certainty; none is signed yet, and half a signature is an error."""
    rows = SOURCE.flow.clocks
    assert len(rows) == 46
    assert all(row.basis and row.period and row.certainty in {"A", "A-old", "B", "C"} for row in rows)
    assert [row.id for row in rows if row.verified_by] == []


def test_every_clock_says_when_a_lawyer_is_to_be_reminded() -> None:
    """Days before the end, the earliest first, within the term; interim measures have no end, an appeal nothing due."""
    for clock in FLOW.clocks:
        assert bool(clock.remind) == (clock.id not in {"K25", "K26a"})
        assert list(clock.remind) == sorted(set(clock.remind), reverse=True)
        term = clock.days if clock.days is not None else 30 * clock.months if clock.months else 3650
        assert all(0 <= day <= term for day in clock.remind), clock.id
    reminds = {clock.id: clock.remind for clock in FLOW.clocks}
    assert (reminds["K05"], reminds["K22"], reminds["K31"]) == ((14, 7, 3), (60, 30, 15), (60, 30, 14))


def test_what_an_advocate_signs_is_in_the_release() -> None:
    """Whose term it is, where to file, how long and whether filing suspends: readers have the release only."""
    clock = next(one for one in FLOW.clocks if one.id == "K12a")
    assert (clock.side, clock.file_at, clock.period) == (
        "person",
        "the court that decided",
        "in force the same day",
    )
    assert clock.suspends == "only if it arrives before the day of departure (GPK 386)"


@examples(40, 2000)
@given(DAYS, st.times())
def test_a_term_in_hours_is_never_shown_later_than_it_ends(day: date, held_at: time) -> None:
    """Whatever the hour of the event, the shortest term ends on the day that is shown or after it."""
    hours = {clock.id: clock.hours for clock in FLOW.clocks if clock.hours}
    assert hours == {"K03": (24,), "K14": (72,), "K14m": (60,), "K14a": (24, 48, 72), "K14b": (3, 24, 48)}
    answers: dict[QuestionId, Answer] = {
        QuestionId("q02"): Chosen((OptionId("held"),)),
        QuestionId("q19"): Chosen((OptionId("outside"),)),
        QuestionId("q09"): Dated(day, day, "exact"),
        QuestionId("q18"): Dated(day, day, "exact"),
    }
    shown = {one.clock: one.ends for one in deadlines(FLOW, answers)}
    for clock, terms in hours.items():
        ends = shown[ClockId(clock)]
        assert ends is not None
        for term in terms:
            assert ends <= (datetime.combine(day, held_at) + timedelta(hours=term)).date()
        first = datetime.combine(day, time()) + timedelta(hours=min(terms))
        assert ends == first.date()


@pytest.mark.parametrize(
    ("dates", "ends", "is_critical_on"),
    [
        ({"q11_exp_decision": "2026-03-05", "q12": "2026-03-20"}, "2026-03-19", "2026-03-06"),
        ({"q11_exp_decision": "2026-03-05", "q12": "2026-03-05"}, "2026-03-04", "2026-03-05"),
        ({"q12": "2026-03-20"}, "2026-03-19", "2027-03-20"),
        ({"q11_exp_decision": "2026-03-05"}, None, "2026-03-14"),
        ({"q11_exp_decision": "2026-03-05", "q41_exp_decision": "2026-03-04"}, None, "2028-03-14"),
        ({}, None, "2026-03-14"),
    ],
)
def test_a_complaint_against_an_expulsion_is_due_the_day_before_the_departure_or_at_once(
    dates: dict[str, str], ends: str | None, is_critical_on: str
) -> None:
    """Never on the day of the decision itself: where the day of departure is not known, there is no day at all."""
    answers = given_answers(q10="exp_decision", dates=dates)
    running = deadlines(FLOW, answers)
    (complaint,) = [one for one in running if one.clock == "K12a"]
    assert complaint.ends == (date.fromisoformat(ends) if ends else None)
    on = date.fromisoformat(is_critical_on)
    assert Level.critical in levels_on(FLOW, (complaint,), on)
    assert ends is not None or running[0] == complaint
    assert "K12a" not in [one.clock for one in deadlines(FLOW, given_answers(q10="exp_ruling", dates=dates))]


def test_a_deadline_without_a_day_is_named_before_one_far_ahead_and_is_said_once_to_who_takes_the_case() -> None:
    """It is not over, it raises no level later, and reminders of it are due today."""
    answers = given_answers(q10="exp_decision", dates={"q11_exp_decision": "2026-03-05"})
    today = date(2026, 3, 14)
    running = deadlines(FLOW, answers)
    assert soonest(FLOW, running, today) == running[0]
    assert (running[0].clock, running[0].ends) == ("K12a", None)
    assert [day for day, one in reminders(FLOW, running, today) if one.ends is None] == [today]
    assert risings(FLOW, answers, today) == ()


def test_a_certificate_brings_its_case_forward_by_itself() -> None:
    """Normal for months, high from two weeks before the printed day, and from three months when none is known."""
    for printed, on in ((date(2026, 6, 30), "2026-06-16"), (None, "2026-05-17")):
        answers = given_answers(q15="pending_cert", dates={"q16_request": "2026-03-02"})
        if printed:
            answers[QuestionId("q17")] = Dated(printed, printed, "exact")
        assert judge(FLOW, answers, date(2026, 3, 10)).level is Level.normal
        (rising,) = risings(FLOW, answers, date(2026, 3, 10))
        assert (rising.on.isoformat(), rising.level) == (on, Level.high)


def test_the_deadline_that_is_named_first_is_one_that_pages() -> None:
    """Not the soonest that only informs; and one that was missed stays named for as long as it pages."""
    today = date(2026, 3, 10)

    def named(*, dates: dict[str, str], **chosen: str) -> str | None:
        one = soonest(FLOW, deadlines(FLOW, given_answers(dates=dates, **chosen)), today)
        return one.clock if one else None

    assert named(dates={"q18": "2026-03-08"}, q19="checkpoint_foreign") == "K21"  # pages later; K01, K20 only inform
    assert named(dates={"q24": "2026-03-09"}, q23="draft") == "K24"  # better than nothing
    assert named(dates={"q24": "2026-02-09"}, q23="draft") is None  # over, and it never paged
    assert named(dates={"q41_exp_decision": "2026-02-01"}, q10="exp_decision") == "K12a"  # no day: at once
    assert named(dates={"q16_decided": "2025-03-10"}) == "K26"
    assert named(dates={"q12": "2026-03-20", "q11_exp_ruling": "2026-03-05"}) == "K11"  # critical before high
    assert named(dates={"q09": "2026-03-08"}, q02="held") == "K14m"  # ahead before missed: three hours are over
    assert named(dates={}) is None


@pytest.mark.parametrize(
    ("chosen", "backed"),
    [
        ({}, False),
        ({"q10": "nothing"}, False),
        ({"q10": "unknown"}, False),
        ({"q10": "detention_protocol"}, True),
        ({"q10": "photo"}, True),
        ({"q02": "held"}, False),
    ],
)
def test_a_case_is_backed_by_a_paper_or_by_words(chosen: dict[str, str], backed: bool) -> None:
    """A paper that was given, or a free text about the case; a name to be called by is none."""
    answers = given_answers(dates={}, **chosen)
    assert FLOW.backed.holds(answers) is backed
    assert not FLOW.backed.holds(answers | {QuestionId("q10"): Skipped(), QuestionId("alias"): Written(1)})
    for text in ("q06", "q08", "q34"):
        assert FLOW.backed.holds(answers | {QuestionId(text): Written(1)})
        assert not FLOW.backed.holds({QuestionId(text): Skipped()})


def test_what_backs_a_case_is_asked_and_a_flow_without_it_backs_nothing() -> None:
    """The condition names questions that exist, and it is never true where none is written."""
    assert questions_in(FLOW.backed) <= {question.id for question in FLOW.questions}
    flow = read_release(
        compile_release(
            load_source(Path(__file__).parent / "dated.yaml"), lambda _context, text, _language: text, ["en"]
        )
    )
    assert not flow.backed.holds(given_answers(dates={"q01": "2026-03-01"}, q02="self"))


def test_a_sensitive_question_says_why_it_is_asked_and_can_be_passed_over() -> None:
    """In every language, in words; with the button "skip", or with "I don't know" for what decides who is called."""
    sensitive = "q02 q05 q06 q08 q10 q13 q19 q20 q23 q24 q25 q26 q27 q28 q30 q32 q33 q34"
    for question in map(FLOW.question, sensitive.split()):
        assert question.skippable or question.option("unknown"), question.id
        assert question.hint is not None, question.id
        for language in FLOW.languages:
            assert len(question.hint.of("self")[language]) > 20, (question.id, language)


def test_advice_is_there_for_every_first_hour_and_shown_to_nobody_before_it_is_signed() -> None:
    """Whatever is answered about where and what, some advice fits; none is signed yet."""
    assert [one.id for one in FLOW.advice if one.verified_by] == []
    fitting = {
        "custody": {"q02": "held"},
        "lost": {"q02": "lost"},
        "outside": {"q02": "outside"},
        "refused": {"q02": "free", "q02_free": "safe", "q15": "refused"},
        "selfharm": {"q02": "free", "q02_free": "safe", "q32": "selfharm"},
        "calm": {"q02": "free", "q02_free": "safe", "q03": "no", "q04": "none"},
    }
    for advice, chosen in fitting.items():
        held = [one.id for one in FLOW.advice if one.when.holds(given_answers(dates={}, **chosen))]
        assert advice in held
    for danger in (
        {"q02": "free", "q02_free": "unsafe"},
        {"q02": "free", "q02_free": "safe", "q03": "threat"},
        {"q02": "free", "q02_free": "safe", "q04": "later"},
    ):
        calm = next(one for one in FLOW.advice if one.id == "calm")
        assert not calm.when.holds(given_answers(dates={}, **danger))
