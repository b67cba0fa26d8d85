"""Which level, and why: every rule is tried after every answer, and the highest that holds wins."""

from collections.abc import Iterable
from datetime import date

import msgspec

from flows.clocks import Deadline, days_of_change, deadlines, levels_on
from flows.conditions import because
from flows.model import (
    GO_ON,
    UNKNOWN,
    Answer,
    Answers,
    Chosen,
    Day,
    Flow,
    Level,
    Question,
    Reason,
    RuleId,
    Skipped,
)


class Verdict(msgspec.Struct, frozen=True):
    """A level and its reasons, the gravest first; a `normal` rule is named only when nothing graver holds."""

    level: Level
    reasons: tuple[Reason, ...]


class RisingDay(msgspec.Struct, frozen=True):
    """A day on which a clock raises the level, although nobody answers anything any more."""

    on: date
    level: Level
    rule: RuleId


def judge(flow: Flow, answers: Answers, today: date) -> Verdict:
    """Judges the answers so far, on a day where the person is. Deterministic; reads nothing but its arguments."""
    day = Day(today, levels_on(flow, deadlines(flow, answers), today))
    held = [rule for rule in flow.rules_for(answers) if rule.when.holds(answers, day)]
    level = max((rule.level for rule in held), key=lambda level: level.rank, default=Level.normal)
    told = [rule for rule in held if rule.level is not Level.normal or level is Level.normal]
    told.sort(key=lambda rule: -rule.level.rank)
    return Verdict(level, tuple(Reason(rule.id, because(rule.when, answers)) for rule in told))


def as_not_known(questions: Iterable[Question], answers: Answers) -> Answers:
    """These answers, and "I don't know" to those of the questions that they, and it, still lead to.

    Whoever was offered to stop is treated as if they had gone on: no offer is safer than not knowing.
    """
    given = dict(answers)
    for question in questions:
        offers = question.option(GO_ON) is not None
        if (offers or question.id not in given) and question.show_if.holds(given):
            given[question.id] = Chosen((GO_ON,)) if offers else not_known(question)
    return given


def not_known(question: Question) -> Answer:
    """How "I don't know" is kept: as its option, or as skipped, which counts as the same."""
    return Chosen((UNKNOWN,)) if question.option(UNKNOWN) else Skipped()


def risings(flow: Flow, answers: Answers, today: date) -> tuple[RisingDay, ...]:
    """When the level will rise by itself: computed while the answers can still be read, for a case that waits."""
    running = deadlines(flow, answers)
    return risings_from(judge(flow, answers, today).level, flow, answers, running, today)


def risings_from(
    level: Level, flow: Flow, answers: Answers, running: tuple[Deadline, ...], today: date
) -> tuple[RisingDay, ...]:
    """The same from a level that counts already. `running`: the clocks that these answers start."""
    found: list[RisingDay] = []
    for on in days_of_change(flow, running):
        if on < today:
            continue
        day = Day(on, levels_on(flow, running, on))
        # Whatever does not read the day holds today as well, and raises nothing.
        graver = [one for one in flow.rules_by_day if one.level.rank > level.rank and one.when.holds(answers, day)]
        if graver:
            gravest = max(graver, key=lambda rule: rule.level.rank)  # the first of them, as in a verdict
            level = gravest.level
            found.append(RisingDay(on, level, gravest.id))
    return tuple(found)
