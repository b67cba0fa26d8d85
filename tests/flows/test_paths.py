"""The questionnaire tried whole: against a second reading of its rules, and against a walk with nothing merged."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import combinations, cycle, product
from pathlib import Path
from time import perf_counter

import pytest

from flows import engine
from flows.check import check, released
from flows.clocks import deadlines, levels_on
from flows.conditions import chosen_in
from flows.model import (
    Answer,
    Answers,
    Chosen,
    Dated,
    Flow,
    Intake,
    Kind,
    Level,
    Question,
    QuestionId,
    Skipped,
    Written,
)
from flows.paths import walk
from flows.reach import TODAY
from flows.release import read_release
from flows.source import SourceRule, load_source
from flows.triage import judge
from tests.flows.test_engine import FLOW, SOURCE
from tests.whole import WHOLE, one_in

RULES = SOURCE.flow.rules
NOON = datetime.combine(TODAY, time(12), UTC)


@pytest.mark.skipif(not WHOLE, reason="two seconds: `make both`; that each rule is reached, `make check` says as well")
def test_every_class_of_answers_has_been_through_the_rules() -> None:
    """Every way ends, and every level is reached."""
    ways = walk(FLOW)
    print(f"\n{ways.ways} ways of {ways.least} to {ways.most} questions: {dict(ways.levels)}")
    assert set(ways.levels) == set(Level)


# --- a second reading of the rules, from the file as it is written ------------------------------------------------


WORDS = {"all", "any", "not", "clock", "answered", "skipped", "days_since", "days_until"}


def true(written: Mapping[str, object] | None, answers: Answers, at_clock: Set[str]) -> bool:
    """Does a condition hold, read from the YAML and with nothing of the engine."""
    if written is None:
        return True
    ((name, value),) = written.items()
    if name not in WORDS:
        skipped = ("unknown",) if type(answers.get(name)) is Skipped else ()  # not told is not known
        return not set(value).isdisjoint(getattr(answers.get(name), "options", skipped))
    if name == "all":
        return all(true(one, answers, at_clock) for one in value)
    if name == "any":
        return any(true(one, answers, at_clock) for one in value)
    if name == "not":
        return not true(value, answers, at_clock)
    if name == "clock":
        return value in at_clock
    if name in {"answered", "skipped"}:
        return value in answers and (type(answers[value]) is Skipped) == (name == "skipped")
    if name in {"days_since", "days_until"}:
        ((asked, days),) = value.items()
        answer = answers.get(asked)
        if not isinstance(answer, Dated):
            return False
        return (
            answer.latest >= TODAY - timedelta(days)
            if name == "days_since"
            else answer.earliest <= TODAY + timedelta(days)
        )
    raise AssertionError(name)


def read(written: object) -> set[str]:
    """The questions that a condition reads."""
    match written:
        case {"all": list(inner)} | {"any": list(inner)}:
            return set().union(*map(read, inner))
        case {"not": inner}:
            return read(inner)
        case {"answered": str(name)} | {"skipped": str(name)}:
            return {name}
        case {"days_since": dict(inner)} | {"days_until": dict(inner)}:
            return set(inner)
        case dict() if "clock" not in written:
            return set(written)
        case _:
            return set()


def leaves(written: object) -> list[dict[str, object]]:
    """The tests inside a condition."""
    match written:
        case {"all": list(inner)} | {"any": list(inner)}:
            return [leaf for one in inner for leaf in leaves(one)]
        case {"not": inner}:
            return leaves(inner)
        case _:
            return [written] if written else []


def every_answer(question: Question) -> list[Answer | None]:
    """Not asked, skipped, and what may be answered: of several choices each alone, every pair, and all at once."""
    found: list[Answer | None] = [None, *([Skipped()] if question.skippable else [])]
    options = [option.id for option in question.options]
    match question.kind:
        case Kind.text:
            return [*found, Written(1)]
        case Kind.date:
            bounds = [
                TODAY + (days if "days_until" in leaf else -days) * timedelta(1)
                for rule in RULES
                for leaf in leaves(rule.when)
                for name in ("days_since", "days_until")
                for asked, days in leaf.get(name, {}).items()
                if asked == question.id
            ]
            near = sorted({day + timedelta(shift) for day in (*bounds, TODAY) for shift in (-1, 0, 1)})
            return [*found, *(Dated(first, last, "about") for first in near for last in near if first <= last)]
        case Kind.single:
            return [*found, *(Chosen((one,)) for one in options)]
        case Kind.multiple:
            together = [option.id for option in question.options if not option.exclusive]
            several = [*combinations(together, 2), tuple(together)]
            return [*found, *(Chosen((one,)) for one in options), *map(Chosen, several)]


def classes(rule: SourceRule, question: str) -> list[list[Answer | None]]:
    """The answers to a question that this rule tells apart."""
    mine = [leaf for leaf in leaves(rule.when) if question in read(leaf)]
    alike: dict[tuple[bool, ...], list[Answer | None]] = {}
    for answer in every_answer(FLOW.question(question)):
        given = {} if answer is None else {QuestionId(question): answer}
        alike.setdefault(tuple(true(leaf, given, set()) for leaf in mine), []).append(answer)
    return list(alike.values())


def combinations_for(rule: SourceRule) -> Iterator[dict[QuestionId, Answer]]:
    """Each answer to each question that a rule reads, with each class of answers to the others, its members in turn."""
    asked = sorted(read(rule.when))
    of = {question: [cycle(alike) for alike in classes(rule, question)] for question in asked}
    for question in asked:
        rest = [one for one in asked if one != question]
        for member in every_answer(FLOW.question(question)):
            for chosen in product(*(of[one] for one in rest)):
                given = {question: member} | {one: next(alike) for one, alike in zip(rest, chosen, strict=True)}
                yield {QuestionId(name): answer for name, answer in given.items() if answer is not None}


READING = {question.id: {rule.id for rule in RULES if question.id in read(rule.when)} for question in FLOW.questions}


@cache
def true_of_nothing(at_clock: frozenset[str]) -> set[str]:
    """The rules that hold where nothing that they read was answered, by the second reading."""
    return {rule.id for rule in RULES if true(rule.when, {}, at_clock)}


def held_by(answers: Answers, at_clock: frozenset[str]) -> list[SourceRule]:
    """The rules that hold by the second reading; only those that read an answer are read again."""
    before, read_now = true_of_nothing(at_clock), set().union(*(READING[question] for question in answers))
    return [one for one in RULES if (true(one.when, answers, at_clock) if one.id in read_now else one.id in before)]


def compared(given: Answers) -> set[str]:
    """The rules that hold, by both readings; the level is the gravest of them, and `normal` is told alone."""
    held = held_by(given, frozenset(level.value for level in levels_on(FLOW, deadlines(FLOW, given), TODAY)))
    level = max((rule.level for rule in held), key=["normal", "high", "critical"].index)
    verdict = judge(FLOW, given, TODAY)
    assert verdict.level == level, given
    told = {rule.id for rule in held if level == "normal" or rule.level != "normal"}
    assert {one.rule for one in verdict.reasons} == told, given
    return {rule.id for rule in held}


def test_each_rule_decides_as_it_is_written_for_every_combination_of_the_answers_that_it_reads() -> None:
    """Also for pairs of choices, and for dates that are not sure; each rule holds in some and not in others.

    Of a rule with many combinations, the suite tries a hundred: an odd step, so that it meets each answer.
    """
    begun, tried = perf_counter(), 0
    for rule in (one for one in RULES if read(one.when)):
        every = list(combinations_for(rule))
        found = Counter(rule.id in compared(given) for given in one_in(len(every) // 150 * 2 + 1, every))
        print(f"\n{rule.id}: {found.total()} combinations, holds in {found[True]}", end="")
        assert set(found) == {True, False}, rule.id
        tried += found.total()
    print(f"\n{tried} combinations, {perf_counter() - begun:.1f} s")
    assert tried > (5000 if WHOLE else 1000)


def test_clocks_raise_the_level_on_the_days_on_which_they_page() -> None:
    """The rules that look at clocks, for each clock that pages and each day around it; in the suite every third day."""
    begun, held, tried = perf_counter(), Counter[str](), 0
    apart = 1 if WHOLE else 3
    for at, clock in enumerate(one for one in FLOW.clocks if one.pages):
        options = {chose.question: Chosen(tuple(chose.options)[:1]) for chose in chosen_in(clock.when)}
        for question, days in product((*clock.starts, *clock.ends), range(-60 + at % apart, 60, apart)):
            day = TODAY + timedelta(days)
            held.update(compared({**options, question: Dated(day, day, "exact")}))
            tried += 1
    print(f"\n{tried} days, {perf_counter() - begun:.1f} s")
    looking = {rule.id for rule in RULES if "clock" in str(rule.when)}
    assert looking and all(0 < held[rule] < tried for rule in looking)


# --- the merged walk against one that merges nothing --------------------------------------------------------------

SMALL = """id: small
subject: q01
danger: q02
questions:
  - {id: q01, kind: single, text: "Who?", options: [{id: self, label: Me}, {id: other, label: Other}]}
  - id: q02
    kind: single
    text: Where?
    options: [{id: held, label: Held, danger: true}, {id: free, label: Free}, {id: gone, label: Gone}]
  - {id: q03, kind: text, text: "How?", skip: true, show_if: {q01: [other]}}
  - id: q04
    kind: multiple
    text: Papers?
    skip: true
    show_if: {not: {q02: [gone]}}
    options:
      - {id: a, label: A}
      - {id: b, label: B}
      - {id: c, label: C}
      - {id: none, label: None, exclusive: true}
  - {id: q05, kind: date, text: "When?", past: true, skip: true, show_if: {q04: [a, b]}}
  - {id: q06, kind: date, text: "Until?", skip: true, show_if: {any: [{q02: [held]}, {skipped: q05}]}}
  - id: q07
    kind: single
    text: More?
    show_if: {answered: q06}
    options: [{id: "yes", label: Y}, {id: "no", label: N}]
rules:
  - {id: C1, level: critical, reason: Held, when: {q02: [held]}}
  - {id: C2, level: critical, reason: Both, when: {all: [{q04: [a]}, {q04: [b]}, {not: {q04: [c]}}]}}
  - {id: H1, level: high, reason: Recent, when: {all: [{days_since: {q05: 3}}, {not: {q07: ["no"]}}]}}
  - {id: H2, level: high, reason: Soon, when: {days_until: {q06: 5}}}
  - {id: N1, level: normal, reason: Nothing}
"""


def small(folder: Path) -> Flow:
    """A questionnaire small enough to be gone through answer by answer; one of its rules needs a pair of choices."""
    (folder / "small.yaml").write_text(SMALL)
    source = load_source(folder / "small.yaml")
    assert check(source, lambda _context, text, _language: text, ["en"]) == []
    return read_release(released(source, lambda _context, text, _language: text, ["en"]))


def all_events(question: Question) -> Iterator[Sequence[engine.Happened]]:
    """Every way to answer, as a person does it: pressed, ticked, typed, skipped."""
    options = [option.id for option in question.options]
    match question.kind:
        case Kind.text:
            yield [engine.Typed("Something")]
        case Kind.single:
            yield from ([engine.Pressed(one)] for one in options)
        case Kind.date:
            # Both sides of the days that the rules of this questionnaire name, and a day a month ago.
            bounds = {"q05": (-3, -4, -30), "q06": (5, 6, -30)}[question.id]
            yield from ([engine.Typed((TODAY + timedelta(days)).isoformat())] for days in bounds)
        case Kind.multiple:
            together = [option.id for option in question.options if not option.exclusive]
            for several in (*((one,) for one in options), together):  # as the walk has them
                yield [*map(engine.Pressed, several), engine.Done()]
    if question.skippable:
        yield [engine.Skip()]


def driven(flow: Flow, intake: Intake, asked: int) -> Iterator[tuple[Level, int, Answers]]:
    """Every way from here to the summary, one by one, through the engine."""
    if intake.asked is None:
        yield intake.level, asked, intake.answers
        return
    for events in all_events(flow.question(intake.asked)):
        after = intake
        for happened in events:
            after = engine.advance(flow, after, happened, NOON).intake
        assert after.asked != intake.asked
        yield from driven(flow, after, asked + 1)


def test_the_merged_walk_counts_what_the_engine_goes_through_one_by_one(tmp_path: Path) -> None:
    """The same number of ways, of the same lengths, ending in the same levels."""
    begun, flow = perf_counter(), small(tmp_path)
    ends = list(driven(flow, engine.begin(flow, "en", NOON, urgent=False), 0))
    ways = walk(flow)
    print(f"\n{len(ends)} ways one by one, {perf_counter() - begun:.1f} s; {ways}")
    assert len({tuple(sorted(answers.items())) for _, _, answers in ends}) == len(ends) == ways.ways == 417
    assert Counter(level for level, _, _ in ends) == ways.levels
    assert (min(one[1] for one in ends), max(one[1] for one in ends)) == (ways.least, ways.most)
