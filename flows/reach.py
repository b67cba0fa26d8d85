"""Which conditions can hold, and which of their parts decide anything: tried on every situation they can tell apart.

A situation answers the questions that a condition reads, and those that decide whether these are asked. Options that
nothing tells apart stand for each other; of several choices every combination of such groups is tried; dates lie on
both sides of each boundary. So what is found here holds for every conversation, not for a sample.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, combinations

from flows.conditions import questions_in
from flows.model import (
    AllOf,
    Answer,
    AnyOf,
    AtClock,
    Chose,
    Chosen,
    Condition,
    Dated,
    Day,
    Flow,
    Kind,
    Not,
    Option,
    OptionId,
    Question,
    QuestionId,
    Since,
    Skipped,
    Until,
    Written,
)

TODAY = date(2026, 1, 15)


@dataclass(frozen=True, slots=True)
class Situation:
    """Answers to the questions that matter; `whole` when none of them is still to be asked."""

    answers: Mapping[QuestionId, Answer]
    day: Day
    whole: bool


def situations(flow: Flow, condition: Condition) -> Iterator[Situation]:
    """Every situation that a condition, or what leads to its questions, can tell apart."""
    asked = [question for question in flow.questions if question.id in _leading_to(flow, questions_in(condition))]
    parts = [part for one in (condition, *(question.show_if for question in asked)) for part in leaves(one)]
    days = _days(parts)
    return (Situation(answers, day, whole) for answers, whole in _answered(asked, parts, {}) for day in days)


def _days(parts: Sequence[Condition]) -> list[Day]:
    """With clocks at every combination of the levels that a part names."""
    levels = sorted({part.level for part in parts if isinstance(part, AtClock)})
    return [Day(TODAY, frozenset(some)) for size in range(len(levels) + 1) for some in combinations(levels, size)]


def never_holds(flow: Flow, condition: Condition) -> bool:
    """No situation makes it hold."""
    return not any(condition.holds(one.answers, one.day) for one in situations(flow, condition))


def always_holds(flow: Flow, condition: Condition) -> bool:
    """It reads something, and holds whatever was answered, as soon as it was."""
    if not questions_in(condition):
        return False
    return all(condition.holds(one.answers, one.day) for one in situations(flow, condition) if one.whole)


def idle(flow: Flow, condition: Condition) -> Iterator[str]:
    """The parts of a condition without which it would hold in the same situations, as paths (`.any[1].all[0]`)."""
    for path, without in _without_one(condition):
        both = AllOf((condition, without))  # the situations that either can tell apart
        if all(
            condition.holds(one.answers, one.day) == without.holds(one.answers, one.day)
            for one in situations(flow, both)
        ):
            yield path


def _without_one(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition with one part left out, for each part that may be left out."""
    match condition:
        case AllOf(conditions) | AnyOf(conditions):
            name = "all" if isinstance(condition, AllOf) else "any"
            for at, one in enumerate(conditions):
                yield from _without_part(condition, f".{name}[{at}]", conditions[:at], one, conditions[at + 1 :])
        case Not(inner):
            for path, without in _without_one(inner):
                yield f".not{path}", Not(without)
        case Chose(question, options) if len(options) > 1:
            for option in sorted(options):
                yield f".{question}/{option}", Chose(question, options - {option})
        case _:
            return


def _without_part(
    whole: AllOf | AnyOf,
    path: str,
    before: tuple[Condition, ...],
    part: Condition,
    after: tuple[Condition, ...],
) -> Iterator[tuple[str, Condition]]:
    """All or any, without one of its parts, and with that part made less."""
    if before or after:
        yield path, replace(whole, conditions=(*before, *after))
    for inside, less in _without_one(part):
        yield f"{path}{inside}", replace(whole, conditions=(*before, less, *after))


def leaves(condition: Condition) -> list[Condition]:
    """The tests inside a condition, without all, any and not."""
    match condition:
        case AllOf(conditions) | AnyOf(conditions):
            return list(chain.from_iterable(map(leaves, conditions)))
        case Not(inner):
            return leaves(inner)
        case _:
            return [condition]


def _leading_to(flow: Flow, questions: set[QuestionId]) -> set[QuestionId]:
    before = {one for question in questions for one in questions_in(flow.question(question).show_if)}
    return questions | _leading_to(flow, before) if before else questions


def _answered(
    asked: Sequence[Question], parts: Sequence[Condition], answers: Mapping[QuestionId, Answer], whole: bool = True
) -> Iterator[tuple[Mapping[QuestionId, Answer], bool]]:
    if not asked:
        yield answers, whole
        return
    question, *rest = asked
    if not question.show_if.holds(answers):
        yield from _answered(rest, parts, answers, whole)
        return
    yield from _answered(rest, parts, answers, False)  # rules are judged after every answer: not asked yet
    for answer in _classes(question, parts):
        yield from _answered(rest, parts, {**answers, question.id: answer}, whole)


def _classes(question: Question, parts: Sequence[Condition]) -> list[Answer]:
    """One answer for all that these tests do not tell apart."""
    mine = [part for part in parts if question.id in questions_in(part)]
    skipped: list[Answer] = [Skipped()] if question.skippable else []
    match question.kind:
        case Kind.text:
            return [Written(1), *skipped]
        case Kind.date:
            return [*(Dated(day, day, "exact") for day in days_near(mine)), *skipped]
        case Kind.single:
            return [*(Chosen((one,)) for one in _alike(question.options, mine)), *skipped]
        case Kind.multiple:
            return [*map(Chosen, _several(question.options, mine)), *skipped]


def _several(options: Sequence[Option], parts: Sequence[Condition]) -> Iterator[tuple[OptionId, ...]]:
    """Every combination of what goes together, and each exclusive option alone."""
    together = _alike([option for option in options if not option.exclusive], parts)
    yield from chain.from_iterable(combinations(together, size) for size in range(1, len(together) + 1))
    yield from ((one,) for one in _alike([option for option in options if option.exclusive], parts))


def _alike(options: Sequence[Option], parts: Sequence[Condition]) -> list[OptionId]:
    """One option for all that no test tells apart."""
    named = [part.options for part in parts if isinstance(part, Chose)]
    return list({tuple(option.id in one for one in named): option.id for option in options}.values())


def days_near(parts: Sequence[Condition]) -> list[date]:
    """Days on both sides of every boundary; one day when there is none."""
    days = {TODAY - timedelta(days=30)}
    for part in parts:
        if isinstance(part, Since):
            days |= {TODAY - timedelta(days=part.days), TODAY - timedelta(days=part.days + 1)}
        if isinstance(part, Until):
            days |= {TODAY + timedelta(days=part.days), TODAY + timedelta(days=part.days + 1)}
    return sorted(days)
