"""Every way through a questionnaire, counted without walking each: answers that nothing tells apart are one class.

A question of several choices is answered by each option alone and by all at once; dates that a rule compares with the
day are answered on both sides of each boundary. Clocks are left to their own tests.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from flows.conditions import Day, holds, questions_in
from flows.model import (
    Answer,
    AtClock,
    Chosen,
    Condition,
    Dated,
    Flow,
    Kind,
    Level,
    Question,
    QuestionId,
    RuleId,
    Skipped,
    Written,
)
from flows.reach import TODAY, days_near, leaves

Kept = tuple[tuple[QuestionId, Answer], ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How many classes of answers there are, the fewest and most questions that one meets, and what they end in."""

    ways: int
    least: int
    most: int
    levels: Mapping[Level, int]


def walk(flow: Flow) -> Ways:
    """Goes through the questions in their order, and merges what can no longer be told apart."""
    order = {question.id: at for at, question in enumerate(flow.questions)}
    states: dict[tuple[Kept, Level], tuple[int, int, int]] = {((), Level.normal): (1, 0, 0)}
    for at, question in enumerate(flow.questions):
        decided = [rule for rule in flow.rules if max(_places(rule.when, order), default=0) == at]
        needed, classes = _needed(flow, order, at), _classes(flow, question, _answers(flow, question))
        after: dict[tuple[Kept, Level], tuple[int, int, int]] = {}
        for (kept, level), (ways, least, most) in states.items():
            shown = holds(question.show_if, dict(kept))
            for answer, alike in classes.items() if shown else [(None, 1)]:
                answers = {**dict(kept), **({question.id: answer} if answer is not None else {})}
                held = [rule.level for rule in decided if holds(rule.when, answers, Day(TODAY))]
                highest = max([level, *held], key=lambda level: level.rank)
                key = (tuple((one, given) for one, given in answers.items() if one in needed), highest)
                before = after.get(key, (0, least + shown, most + shown))
                after[key] = (
                    before[0] + ways * alike,
                    min(before[1], least + shown),
                    max(before[2], most + shown),
                )
        states = after
    levels: Counter[Level] = Counter()
    for (_, level), (ways, _, _) in states.items():
        levels[level] += ways
    least, most = min(one[1] for one in states.values()), max(one[2] for one in states.values())
    return Ways(levels.total(), least, most, dict(levels))


def shadowed(flow: Flow) -> tuple[RuleId, ...]:
    """Rules that never decide: whenever one holds by its own questions, another at least as grave holds as well."""
    found = []
    for rule in flow.rules:
        if rule.level is Level.normal or _reads_clocks(rule.when):
            continue
        read = sorted(questions_in(rule.when))
        others = [one for one in flow.rules if one.id != rule.id and one.level.rank >= rule.level.rank]
        choices = [
            [None, *_classes(flow, one, [*_answers(flow, one), *_pairs(one)])] for one in map(flow.question, read)
        ]
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
    return any(isinstance(part, AtClock) for part in leaves(condition))


def _places(condition: Condition, order: Mapping[QuestionId, int]) -> list[int]:
    return [order[question] for question in questions_in(condition)]


def _needed(flow: Flow, order: Mapping[QuestionId, int], at: int) -> set[QuestionId]:
    """The questions whose answers still matter after this one."""
    later = [question.show_if for question in flow.questions[at + 1 :]]
    later += [rule.when for rule in flow.rules if max(_places(rule.when, order), default=0) > at]
    return {question for condition in later for question in questions_in(condition) if order[question] <= at}


def _classes(flow: Flow, question: Question, answers: Sequence[Answer]) -> Mapping[Answer, int]:
    """One answer for all that no condition tells apart, and how many those are."""
    conditions = [one.show_if for one in flow.questions] + [rule.when for rule in flow.rules]
    parts = [part for one in conditions for part in leaves(one) if question.id in questions_in(part)]
    alike: dict[tuple[bool, ...], list[Answer]] = {}
    for answer in answers:
        alike.setdefault(tuple(holds(part, {question.id: answer}, Day(TODAY)) for part in parts), []).append(answer)
    return {same[0]: len(same) for same in alike.values()}


def _answers(flow: Flow, question: Question) -> list[Answer]:
    skipped: list[Answer] = [Skipped()] if question.skippable else []
    options = question.options
    match question.kind:
        case Kind.text:
            return [Written(1), *skipped]
        case Kind.date:
            parts = [part for rule in flow.rules for part in leaves(rule.when) if question.id in questions_in(part)]
            return [*(Dated(day, day, "exact") for day in days_near(parts)), *skipped]
        case Kind.single:
            return [*(Chosen((option.id,)) for option in options), *skipped]
        case Kind.multiple:
            together = Chosen(tuple(option.id for option in options if not option.exclusive))
            return [*(Chosen((option.id,)) for option in options), together, *skipped]


def _pairs(question: Question) -> list[Answer]:
    together = [option.id for option in question.options if not option.exclusive]
    return list(map(Chosen, combinations(together, 2))) if question.kind is Kind.multiple else []
