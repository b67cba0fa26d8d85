"""Every way through a questionnaire, counted without walking each: answers that nothing tells apart are one class.

A question of several choices is answered by each option alone and by all at once; dates that a rule compares with the
day are answered on both sides of each boundary. Clocks are left to their own tests.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from flows.conditions import Day, holds, questions_in
from flows.model import (
    AllOf,
    Answer,
    AnyOf,
    AtClock,
    Chosen,
    Condition,
    Dated,
    Flow,
    Kind,
    Level,
    Not,
    Question,
    QuestionId,
    RuleId,
    Since,
    Skipped,
    Until,
    Written,
)

TODAY = date(2026, 1, 15)
Kept = tuple[tuple[QuestionId, Answer], ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How many classes of answers there are, the fewest and most questions that one meets, and what they end in."""

    ways: int
    least: int
    most: int
    levels: Mapping[Level, int]
    never_asked: tuple[QuestionId, ...]
    never_true: tuple[RuleId, ...]
    always_true: tuple[RuleId, ...]


def walk(flow: Flow) -> Ways:
    """Goes through the questions in their order, and merges what can no longer be told apart."""
    order = {question.id: at for at, question in enumerate(flow.questions)}
    states: dict[tuple[Kept, Level], tuple[int, int, int]] = {((), Level.normal): (1, 0, 0)}
    never: list[QuestionId] = []
    tried: dict[RuleId, set[bool]] = {rule.id: set() for rule in flow.rules if not _reads_clocks(rule.when)}
    for at, question in enumerate(flow.questions):
        decided = [rule for rule in flow.rules if max(_places(rule.when, order), default=0) == at]
        needed, classes = _needed(flow, order, at), _classes(flow, question)
        after: dict[tuple[Kept, Level], tuple[int, int, int]] = {}
        met = False
        for (kept, level), (ways, least, most) in states.items():
            shown = holds(question.show_if, dict(kept))
            met |= shown
            for answer, alike in classes.items() if shown else [(None, 1)]:
                answers = {**dict(kept), **({question.id: answer} if answer is not None else {})}
                held = {rule.id: holds(rule.when, answers, Day(TODAY)) for rule in decided}
                for rule, held_here in held.items():
                    tried.get(rule, set()).add(held_here)
                highest = max([level, *(rule.level for rule in decided if held[rule.id])], key=lambda one: one.rank)
                key = (tuple((one, given) for one, given in answers.items() if one in needed), highest)
                before = after.get(key, (0, least + shown, most + shown))
                after[key] = (
                    before[0] + ways * alike,
                    min(before[1], least + shown),
                    max(before[2], most + shown),
                )
        never += [] if met else [question.id]
        states = after
    levels: Counter[Level] = Counter()
    for (_, level), (ways, _, _) in states.items():
        levels[level] += ways
    least, most = min(one[1] for one in states.values()), max(one[2] for one in states.values())
    only_false = tuple(rule for rule, found in tried.items() if found == {False})
    only_true = tuple(rule.id for rule in flow.rules if tried.get(rule.id) == {True} and questions_in(rule.when))
    return Ways(levels.total(), least, most, dict(levels), tuple(never), only_false, only_true)


def shadowed(flow: Flow) -> tuple[RuleId, ...]:
    """Rules that never decide: whenever one holds by its own questions, another at least as grave holds as well."""
    found = []
    for rule in flow.rules:
        if rule.level is Level.normal or _reads_clocks(rule.when):
            continue
        read = sorted(questions_in(rule.when))
        others = [one for one in flow.rules if one.id != rule.id and one.level.rank >= rule.level.rank]
        choices = [[None, *_classes(flow, flow.question(question))] for question in read]
        alone = (
            answers
            for chosen in product(*choices)
            if holds(rule.when, answers := _answered(read, chosen), Day(TODAY))
            and not any(holds(one.when, answers, Day(TODAY)) for one in others)
        )
        if next(alone, None) is None:
            found.append(rule.id)
    return tuple(found)


def _answered(questions: Sequence[QuestionId], chosen: Sequence[Answer | None]) -> dict[QuestionId, Answer]:
    return {question: one for question, one in zip(questions, chosen, strict=True) if one is not None}


def _reads_clocks(condition: Condition) -> bool:
    return any(isinstance(part, AtClock) for part in _parts(condition))


def _places(condition: Condition, order: Mapping[QuestionId, int]) -> list[int]:
    return [order[question] for question in questions_in(condition)]


def _needed(flow: Flow, order: Mapping[QuestionId, int], at: int) -> set[QuestionId]:
    """The questions whose answers still matter after this one."""
    later = [question.show_if for question in flow.questions[at + 1 :]]
    later += [rule.when for rule in flow.rules if max(_places(rule.when, order), default=0) > at]
    return {question for condition in later for question in questions_in(condition) if order[question] <= at}


def _classes(flow: Flow, question: Question) -> Mapping[Answer, int]:
    """One answer for all that no condition tells apart, and how many those are."""
    conditions = [one.show_if for one in flow.questions] + [rule.when for rule in flow.rules]
    parts = [part for one in conditions for part in _parts(one) if question.id in questions_in(part)]
    alike: dict[tuple[bool, ...], list[Answer]] = {}
    for answer in _answers(flow, question):
        alike.setdefault(tuple(holds(part, {question.id: answer}, Day(TODAY)) for part in parts), []).append(answer)
    return {same[0]: len(same) for same in alike.values()}


def _answers(flow: Flow, question: Question) -> list[Answer]:
    skipped: list[Answer] = [Skipped()] if question.skippable else []
    options = question.options
    match question.kind:
        case Kind.text:
            return [Written(1), *skipped]
        case Kind.date:
            return [*(Dated(day, day, "exact") for day in _days(flow, question.id)), *skipped]
        case Kind.single:
            return [*(Chosen((option.id,)) for option in options), *skipped]
        case Kind.multiple:
            together = Chosen(tuple(option.id for option in options if not option.exclusive))
            return [*(Chosen((option.id,)) for option in options), together, *skipped]


def _days(flow: Flow, question: QuestionId) -> list[date]:
    """Days on both sides of every boundary that a rule draws for this date; one day when there is none."""
    days = {TODAY - timedelta(days=30)}
    for rule in flow.rules:
        for part in _parts(rule.when):
            if isinstance(part, Since) and part.question == question:
                days |= {TODAY - timedelta(days=part.days), TODAY - timedelta(days=part.days + 1)}
            if isinstance(part, Until) and part.question == question:
                days |= {TODAY + timedelta(days=part.days), TODAY + timedelta(days=part.days + 1)}
    return sorted(days)


def _parts(condition: Condition) -> list[Condition]:
    match condition:
        case AllOf(conditions) | AnyOf(conditions):
            return [part for one in conditions for part in _parts(one)]
        case Not(inner):
            return _parts(inner)
        case _:
            return [condition]
