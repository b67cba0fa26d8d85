"""What alerts may say of a case: of the answers, put together with what was known, and changed by time and claimer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.clocks import Deadline
from flows.engine import stopped
from flows.facts import Facts, Reminded, Reminder, Rising, Soonest, facts_of, lost_facts, together
from flows.hands import Hands
from flows.model import (
    Advice,
    Always,
    Answer,
    Answers,
    Chose,
    Chosen,
    ClockId,
    Dated,
    Intake,
    Level,
    Not,
    OptionId,
    QuestionId,
    Reason,
    RuleId,
    Skipped,
    Written,
)
from flows.triage import judge
from tests.flows.samples import examples
from tests.flows.test_engine import FLOW
from tests.places import HERE, KAZAKHSTAN

NOW = datetime(2026, 3, 10, 17, tzinfo=HERE)
HOUR = timedelta(hours=1)
WHERE, CONTACT = FLOW.danger, FLOW.contact or QuestionId("")
HELD, FREE, UNTOLD = "held", "free", "unknown"
UNTOLD_OPTION = OptionId(UNTOLD)


def chose(**options: str) -> Answers:
    """Answers that are options."""
    return {QuestionId(question): Chosen((OptionId(option),)) for question, option in options.items()}


def asked(given: Mapping[QuestionId, Answer]) -> Intake:
    """An open intake in which this was answered."""
    verdict = judge(FLOW, given, NOW.date())
    return Intake(
        flow=FLOW.revision, language="ru", answers=given, asked=None, level=verdict.level, reasons=verdict.reasons
    )


def of(
    given: Mapping[QuestionId, Answer],
    *,
    urgent: bool = False,
    at_least: Level = Level.normal,
    known: Facts | None = None,
) -> Facts:
    """What may be said of these answers."""
    return facts_of(FLOW, asked(given), NOW, place=KAZAKHSTAN, asked_urgent=urgent, at_least=at_least, known=known)


def dated(q10: str, **days: date) -> Answers:
    """Answers about papers with their days."""
    return chose(q10=q10) | {QuestionId(name): Dated(day, day, "exact") for name, day in days.items()}


def added(before: Facts, given: Mapping[QuestionId, Answer]) -> Facts:
    """What may be said once this was answered beside what was known."""
    return together(FLOW, before, of(given, at_least=before.level, known=before), given)


def calm(level: Level = Level.high, **more: object) -> Facts:
    """Known facts."""
    return Facts(level=level, language="ru", **more)  # type: ignore[arg-type]


def rising(hours: int, level: Level, rule: str = "C9") -> Rising:
    """A level that is reached so many hours from now."""
    return Rising(NOW.astimezone(UTC) + hours * HOUR, level, RuleId(rule))


def reminder(hours: int, clock: str = "K26") -> Reminder:
    """A reminder that is due so many hours from now."""
    return Reminder(NOW.astimezone(UTC) + hours * HOUR, ClockId(clock), NOW.date())


# --- of the answers ---


def test_every_deadline_is_known_to_an_alert_the_missed_one_and_the_one_without_a_day_too() -> None:
    """Which of them it names is decided when it is read: what was ahead may have passed by then."""
    expelled = of(dated("exp_decision", q41_exp_decision=date(2026, 2, 1)))
    assert {one.clock: one.ends for one in expelled.deadlines} == {"K12a": None, "K12b": date(2026, 3, 1)}


def test_what_was_judged_before_a_clock_came_near_rises_on_the_day_on_which_it_has() -> None:
    """The last answer was given the evening before, and nobody has judged since."""
    given = chose(q15="refused") | {
        QuestionId("q16_received"): Dated(date(2026, 3, 5), date(2026, 3, 5), "exact"),
        QuestionId("q16_decided"): Dated(date(2026, 3, 2), date(2026, 3, 2), "exact"),
    }
    near = datetime(2026, 3, 25, 9, tzinfo=HERE)
    facts = facts_of(FLOW, asked(given), near, place=KAZAKHSTAN, asked_urgent=False, at_least=Level.normal)
    assert facts.level is Level.high
    assert [(one.level, one.rule) for one in facts.risings] == [(Level.critical, "C9")]
    assert facts.risings[0].at.astimezone(HERE).date() == near.date()


def test_an_alert_may_say_what_was_chosen_and_dated_on_its_lines_and_nothing_else() -> None:
    """No free text, not even that there is one; no date but those of papers; what was skipped as skipped."""
    given = dated("exp_decision", q11_exp_decision=date(2026, 3, 8), q18=date(2026, 3, 1)) | chose(q02=HELD, q20="iin")
    given |= {QuestionId("q08"): Written(1), QuestionId("q03"): Skipped(), QuestionId("q27"): Chosen((UNTOLD_OPTION,))}
    assert {one.question: one.options or one.first for one in of(given).told} == {
        "q02": ("held",),
        "q03": None,
        "q10": ("exp_decision",),
        "q11_exp_decision": date(2026, 3, 8),
        "q27": ("unknown",),  # a reason
    }


def test_rules_that_hold_because_nothing_more_was_answered_are_told_from_those_that_an_answer_made_hold() -> None:
    """Somebody at liberty who falls silent after the place: what was not asked counts as not known."""
    silent = stopped(FLOW, asked(chose(q01="self", q02=FREE)), NOW.date())
    found = facts_of(FLOW, silent, NOW, place=KAZAKHSTAN, asked_urgent=False, at_least=Level.normal)
    assert {one.rule for one in found.reasons} == {*found.assumed}
    assert found.assumed
    assert of(chose(q01="self", q02=HELD)).assumed == ()


def test_where_somebody_is_told_anew_takes_the_place_of_all_that_was_told_of_it() -> None:
    """Held by the police, then free: nobody holds the person; and "I don't know" takes nothing back."""
    before = of(chose(q01="self", q02=HELD, q02_by="police", q03="no"))
    after = added(before, chose(q01="self", q02=FREE, q02_free="safe", q03="unknown"))
    assert {one.question: one.options[0] for one in after.told} == {
        "q01": "self",
        "q02": "free",
        "q02_free": "safe",
        "q03": "no",
    }


def test_who_asked_for_urgent_help_is_a_critical_case_and_a_level_that_was_reached_stays() -> None:
    """Nothing else needs to be said; what is said later does not lower it."""
    assert (of({}, urgent=True).level, of({}, urgent=True).unanswered) == (Level.critical, True)
    assert (of({}).level, of({}, at_least=Level.high).level) == (Level.normal, Level.high)
    held = of(chose(q02=HELD), at_least=Level.high)
    assert (held.level, held.unanswered) == (Level.critical, False)
    assert {one.rule for one in held.reasons} == {one.rule for one in asked(chose(q02=HELD)).reasons} != set()


def test_only_advice_that_an_advocate_has_signed_is_given() -> None:
    """It is said to somebody in danger; and only where it fits."""
    fits, never = Chose(WHERE, frozenset([OptionId(HELD)])), Not(Always())
    flow = replace(
        FLOW,
        advice=tuple(
            Advice(id=name, when=when, text={}, verified_by="A", signed_in=signed)
            for name, when, signed in (("signed", fits, ("ru",)), ("unsigned", fits, ()), ("other", never, ("ru",)))
        ),
    )
    found = facts_of(flow, asked(chose(q02=HELD)), NOW, place=KAZAKHSTAN, asked_urgent=False, at_least=Level.normal)
    assert found.advice == ("signed",)


def test_region_contact_language_and_what_stands_behind_a_case_are_those_of_the_answers() -> None:
    """Ids only; a question that was skipped says nothing."""
    region = FLOW.region or QuestionId("")
    one = of(chose(**{region: "almaty", CONTACT: "here", "q10": "exp_decision"}))
    assert (one.region, one.contact, one.language, one.backed) == ("almaty", "here", "ru", True)
    assert (one.hands, of(chose(q02=HELD)).hands, of({}).hands) == (Hands.chosen, Hands.held, Hands.unsure)
    none = of({region: Skipped(), CONTACT: Skipped()})
    assert (none.region, none.contact, none.backed) == (None, None, False)


def test_a_level_that_a_clock_will_reach_is_known_with_its_morning_and_its_rule() -> None:
    """At eight where the person is, since it wakes nobody at midnight; only what is graver than the case is."""
    given = dated("asylum_refusal", q41_asylum_refusal=NOW.date() - timedelta(days=1))
    ahead = of(given).risings
    assert ahead
    assert {(one.at.astimezone(HERE).hour, one.at.tzinfo) for one in ahead} == {(8, UTC)}
    assert list(ahead) == sorted(ahead)
    assert all(FLOW.rule(one.rule) is not None and one.at > NOW for one in ahead)
    assert of(given, at_least=Level.critical).risings == ()
    reminders = of(given).reminders
    assert {one.at.astimezone(HERE).hour for one in reminders} == {8}
    assert {one.clock for one in reminders} <= {clock.id for clock in FLOW.clocks}


def test_how_to_reach_the_person_of_before_counts_when_the_situation_has_changed() -> None:
    """The question is not asked again, and its answer decides whether anything may ring on the phone."""
    apart = of(chose(q02=FREE, **{CONTACT: "phone"}))
    assert apart.quiet
    assert not of(chose(q02=FREE)).quiet
    assert of(chose(q02=FREE), known=apart).quiet
    assert not of(chose(q02=FREE, **{CONTACT: "here"}), known=apart).quiet


def grave(*because: tuple[str, str], rule: str = "C7") -> Facts:
    """A critical case with one reason."""
    pairs = tuple((QuestionId(question), OptionId(option)) for question, option in because)
    return calm(Level.critical, reasons=(Reason(RuleId(rule), pairs),))


def test_what_is_graver_is_another_reason_or_another_answer_to_the_same_question() -> None:
    """A first answer to what was not asked yet is only more about a reason that was known."""
    ruling, decision, no_date = ("q10", "exp_ruling"), ("q10", "exp_decision"), ("q03", "no_date")
    for before, after, new in (
        (grave(ruling), grave(decision), grave(decision).reasons),
        (grave(ruling), grave(ruling, decision), grave(decision).reasons),
        (grave(no_date), grave(no_date, ruling), ()),
        (grave(ruling), grave(ruling), ()),
        (grave(ruling, decision), grave(ruling), ()),
        (grave(ruling), grave(("q02", "moving"), rule="C1"), grave(("q02", "moving"), rule="C1").reasons),
        (grave(ruling), grave(("q03", "threat"), rule="H14"), ()),
        (grave(("q02", "held"), rule="C3"), grave(("q02_by", "police"), rule="C3a"), ()),
        (
            grave(("q02_by", "police"), rule="C3a"),
            grave(("q02_by", "border"), rule="C3a"),
            grave(("q02_by", "border"), rule="C3a").reasons,
        ),
        (
            grave(("q02", "held"), rule="C3"),
            grave(("q02_by", "military"), rule="C2"),
            grave(("q02_by", "military"), rule="C2").reasons,
        ),
    ):
        assert after.graver_than(FLOW, before) == new
    calmer = calm(Level.normal, reasons=(Reason(RuleId("N1"), ()),))
    high = calm(Level.high, reasons=(Reason(RuleId("H14"), ()),))
    assert high.graver_than(FLOW, calmer) == high.reasons
    assert high.graver_than(FLOW, calm(Level.high)) == ()


@pytest.mark.parametrize("way", ["other_app", "phone", "trusted", "none"])
@pytest.mark.parametrize(
    ("told", "hands"),
    [
        ({"q01": "relative", "q02": HELD}, Hands.free),
        ({"q01": "relative", "q02": FREE}, Hands.free),
        ({"q01": "relative"}, Hands.free),
        ({"q01": "self", "q02": FREE}, Hands.free),
        ({"q01": "self", "q02": "free_unsafe"}, Hands.free),
        ({"q02": FREE}, Hands.free),
        ({"q01": "self", "q02": HELD}, Hands.held),
        ({"q01": "self", "q02": UNTOLD}, Hands.held),
        ({"q01": "self"}, Hands.held),
        ({}, Hands.held),
    ],
)
def test_another_way_of_contact_silences_only_a_phone_that_may_be_in_other_hands(
    told: dict[str, str], hands: Hands, way: str
) -> None:
    """ "By phone" is where a lawyer calls; the phone of a relative, or of somebody at liberty, rings all the same."""
    assert of(chose(**told, **{CONTACT: way})).hands is hands


def test_of_facts_that_cannot_be_read_the_level_is_left_and_nothing_rings_on_the_phone() -> None:
    """The lawyers are called all the same."""
    lost = lost_facts(Level.high)
    assert (lost.level, lost.lost, lost.hands, lost.reasons) == (Level.high, True, Hands.held, ())


# --- put together ---


def test_what_has_changed_is_named_first_and_what_was_known_besides() -> None:
    """A reason of before that names no danger counts only while there is none."""
    free = calm(Level.normal, reasons=(Reason(RuleId("N1"), ()), Reason(RuleId("H5"), ())))
    held = added(free, chose(q02=HELD))
    assert held.reasons[0] in of(chose(q02=HELD)).reasons
    assert (RuleId("H5") in {one.rule for one in held.reasons}, held.level) == (True, Level.critical)
    assert RuleId("N1") not in {one.rule for one in held.reasons}
    still = added(free, chose(q01="self"))
    assert RuleId("N1") in {one.rule for one in still.reasons}


@pytest.mark.parametrize(
    ("where", "before", "after"),
    [
        (HELD, Hands.free, Hands.held),
        (FREE, Hands.held, Hands.free),
        (UNTOLD, Hands.held, Hands.held),
        (UNTOLD, Hands.free, Hands.free),
        (None, Hands.held, Hands.held),
        (None, Hands.chosen, Hands.chosen),
    ],
)
def test_the_phone_stays_in_the_hands_it_was_in_unless_where_the_person_is_was_told_anew(
    where: str | None, before: Hands, after: Hands
) -> None:
    """ "I don't know" tells nothing anew."""
    known = calm(quiet=before is Hands.held, phone=before.value)
    given = chose(q01="self") if where is None else chose(q01="self", q02=where)
    found = added(known, given)
    assert (found.hands, found.quiet) == (after, after is Hands.held)


def test_of_facts_that_only_say_quiet_the_phone_stays_in_other_hands() -> None:
    """Those of before that was told apart."""
    assert added(calm(quiet=True), chose(q01="self")).phone == Hands.held
    assert added(calm(), chose(q01="self")).phone == Hands.unsure


def test_what_was_known_is_not_forgotten_by_a_few_new_answers() -> None:
    """Region, contact, papers, advice, the earliest deadline, what was asked for."""
    soon, later = (Deadline(ClockId("K26"), None, date(2026, month, 6)) for month in (3, 6))
    known = calm(
        region=OptionId("almaty"),
        contact=OptionId("here"),
        asked_urgent=True,
        backed=True,
        advice=("A",),
        running=(soon,),
        unanswered=False,
    )
    found = added(known, chose(q02=HELD))
    assert (found.region, found.contact, found.asked_urgent, found.backed) == ("almaty", "here", True, True)
    assert (found.deadlines, found.unanswered) == ((soon,), False)
    assert added(known, chose(q02=HELD, **{CONTACT: "phone"})).contact == "phone"
    assert together(FLOW, known, calm(advice=("B", "A", "C")), {}).advice == ("B", "A", "C")
    assert together(FLOW, known, calm(advice=("B",)), {}).advice == ("B", "A")
    assert together(FLOW, known, calm(running=(later,)), {}).deadlines == (soon,)
    assert together(FLOW, calm(running=(later,)), calm(running=(soon,)), {}).deadlines == (soon,)
    other = Deadline(ClockId("K12a"), None, None)
    assert together(FLOW, known, calm(running=(later, other)), {}).deadlines == (other, soon)
    old = calm(soonest=Soonest(ClockId("K26"), date(2026, 3, 6)))
    assert together(FLOW, old, calm(running=(later,)), {}).deadlines == (soon,)
    assert together(FLOW, calm(unanswered=True), calm(unanswered=True), {}).unanswered
    assert not together(FLOW, calm(unanswered=True), calm(), {}).unanswered


# --- what time brings ---


def test_of_several_levels_that_are_due_the_gravest_counts_and_what_is_no_graver_is_past() -> None:
    """Its rule is named first; what will be graver still is kept."""
    ahead = (rising(-2, Level.high, "H5"), rising(0, Level.critical, "C9"), rising(5, Level.critical, "C8"))
    facts = calm(Level.normal, reasons=(Reason(RuleId("N1"), ()),), risings=ahead)
    risen = facts.risen(NOW)
    assert risen is not None
    assert (risen.level, [one.rule for one in risen.reasons], risen.risings) == (Level.critical, ["C9", "N1"], ())
    first = facts.risen(NOW - HOUR)
    assert first is not None
    assert (first.level, first.risings) == (Level.high, ahead[1:])
    assert facts.risen(NOW - 3 * HOUR) is None
    assert calm(Level.critical, risings=ahead).risen(NOW) is None


def test_a_claimer_is_reminded_once_of_what_is_due_and_of_the_rest_in_its_time() -> None:
    """What was said is known, so that no later answer brings it back."""
    facts = calm(reminders=(reminder(-1), reminder(0, "K5"), reminder(1)))
    assert facts.due_reminders(NOW) == (reminder(-1), reminder(0, "K5"))
    after = facts.after_reminding(NOW)
    assert after.reminders == (reminder(1),)
    assert after.reminded == (reminder(-1).told, reminder(0, "K5").told)
    assert after.due_reminders(NOW) == ()
    assert facts.continuing(after).reminders == (reminder(1),)


def test_a_clock_that_is_settled_reminds_nobody_any_more() -> None:
    """Nor does it when the person answers anew; settled twice is settled."""
    facts = calm(reminders=(reminder(1), reminder(2, "K5"), reminder(3)))
    after = facts.settling(ClockId("K26"))
    assert (after.reminders, after.settled) == ((reminder(2, "K5"),), ("K26",))
    assert after.settling(ClockId("K26")) == after
    assert facts.continuing(after) == after


def test_a_named_danger_is_graver_than_a_cry_for_help_and_each_level_than_the_one_before() -> None:
    """What decides whether it rings again."""
    cry, danger = calm(Level.critical, unanswered=True), calm(Level.critical)
    assert danger.grade > cry.grade > calm(Level.high).grade > calm(Level.normal).grade


# --- whatever happens ---

_hours = st.integers(-48, 48)
_rules = st.sampled_from(["C9", "H5", "N1"])
_reasons = st.lists(_rules, unique=True, max_size=3).map(lambda some: tuple(Reason(RuleId(one), ()) for one in some))
_risings = st.lists(st.builds(rising, _hours, st.sampled_from(list(Level)), _rules), max_size=4)
_reminders = st.lists(st.builds(reminder, _hours, st.sampled_from(["K26", "K5"])), max_size=4)
_clocks = st.lists(st.sampled_from(["K26", "K5"]).map(ClockId), unique=True, max_size=2).map(tuple)
known = st.builds(
    calm,
    st.sampled_from(list(Level)),
    reasons=_reasons,
    quiet=st.booleans(),
    phone=st.sampled_from(["", *(one.value for one in Hands)]),
    risings=_risings.map(lambda some: tuple(sorted(some))),
    reminders=_reminders.map(lambda some: tuple(sorted(set(some)))),
    settled=_clocks,
    unanswered=st.booleans(),
)
told = st.sampled_from([{}, chose(q02=HELD), chose(q02=FREE), chose(q02=UNTOLD), chose(q01="self")])


def graver_ahead(facts: Facts, than: Level, now: datetime) -> set[Rising]:
    """The risings to come that are graver than a level."""
    return {one for one in facts.risings if one.at > now and one.level.rank > than.rank}


@examples(40, 3000)
@given(known, known, told, _hours)
def test_no_change_lowers_a_level_or_forgets_a_graver_one_that_is_ahead(
    before: Facts, new: Facts, given_: Answers, hours: int
) -> None:
    """Whether time, the claimer or the person brings it."""
    now = NOW + hours * HOUR
    both = together(FLOW, before, new, given_)
    for after in (both, both.continuing(before), before.risen(now), before.after_reminding(now)):
        if after is not None:
            assert after.level.rank >= before.level.rank
            assert set(after.risings) >= graver_ahead(before, after.level, now)
            assert all(one.level.rank > after.level.rank for one in after.risings) or after.risings == before.risings
    settled = before.settling(ClockId("K5"))
    assert (settled.level, settled.risings) == (before.level, before.risings)


@examples(40, 3000)
@given(known, known, told, _hours)
def test_no_reminder_is_forgotten_or_comes_back_once_it_was_said_or_settled(
    before: Facts, new: Facts, given_: Answers, hours: int
) -> None:
    """However often the person answers anew."""
    now = NOW + hours * HOUR
    reminded = before.after_reminding(now)
    after = together(FLOW, reminded, new, given_).continuing(reminded)
    assert not {one.told for one in after.reminders} & {one.told for one in before.due_reminders(now)}
    assert not {one.clock for one in after.reminders} & set(before.settled)
    owed = {one for one in (*before.reminders, *new.reminders) if one.clock not in before.settled}
    assert set(after.reminders) | {one for one in owed if one.told in reminded.reminded} >= owed
    assert (after.settled, after.reminded) == (reminded.settled, reminded.reminded)


@examples(40, 3000)
@given(known, known, told)
def test_who_may_be_held_is_called_aloud_only_after_where_they_are_was_told_anew(
    before: Facts, new: Facts, given_: Answers
) -> None:
    """A few answers that say nothing of it make no phone ring."""
    after = together(FLOW, before, new, given_)
    if given_ in ({}, chose(q02=UNTOLD), chose(q01="self")):
        assert after.quiet >= before.quiet
        assert after.hands is Hands.held or before.hands is not Hands.held
    assert after.hands is Hands.held or new.phone != Hands.held.value


# --- as they rest ---

OLD = (
    b'{"level":"high","reasons":[["H5",[["q10","exp_decision"]]],["N1",[]]],"region":"almaty","language":"kk",'
    b'"asked_urgent":true,"contact":"chat","quiet":true,"soonest":["K26","2026-11-27"],'
    b'"risings":[["2026-11-25T03:00:00Z","critical","C9"]],"advice":["A1"],"backed":true,'
    b'"reminders":[["2026-11-25T03:00:00Z","K26","2026-11-27"]],"settled":["K21"],'
    b'"reminded":[["2026-11-25T03:00:00Z","K5"]],"lost":false,"hands":"held","unanswered":false}'
)
LATER = (
    b',"change":null,"moment":null,"told":[],"running":[],"assumed":[]}'  # fields that came after it stand at the end
)


def test_facts_that_an_earlier_version_has_sealed_are_read_and_written_the_same() -> None:
    """Databases hold them for months: names, order and form of every part."""
    at, day = datetime(2026, 11, 25, 3, tzinfo=UTC), date(2026, 11, 27)
    found = msgspec.json.decode(OLD, type=Facts)
    assert found == Facts(
        level=Level.high,
        reasons=(
            Reason(RuleId("H5"), ((QuestionId("q10"), OptionId("exp_decision")),)),
            Reason(RuleId("N1"), ()),
        ),
        region=OptionId("almaty"),
        language="kk",
        asked_urgent=True,
        contact=OptionId("chat"),
        quiet=True,
        soonest=Soonest(ClockId("K26"), day),
        risings=(Rising(at, Level.critical, RuleId("C9")),),
        advice=("A1",),
        backed=True,
        reminders=(Reminder(at, ClockId("K26"), day),),
        settled=(ClockId("K21"),),
        reminded=(Reminded(at, ClockId("K5")),),
        phone="held",
    )
    assert msgspec.json.encode(found) == OLD[:-1] + LATER


@pytest.mark.parametrize(("quiet", "hands"), [(True, Hands.held), (False, Hands.free)])
def test_of_the_oldest_facts_only_quiet_says_whose_hands_the_phone_is_in(quiet: bool, hands: Hands) -> None:
    """They have none of the fields that came later."""
    old = {"level": "critical", "reasons": [], "region": None, "language": "ru", "quiet": quiet}
    found = msgspec.json.decode(msgspec.json.encode(old), type=Facts)
    assert (found.hands, found.reminders, found.unanswered) == (hands, (), False)


@examples(40, 3000)
@given(known)
def test_facts_come_back_as_they_were_sealed(facts: Facts) -> None:
    """Bit by bit."""
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts
