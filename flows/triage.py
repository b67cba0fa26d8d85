"""Which level, and why: every rule is tried after every answer, and the highest that holds wins."""

from dataclasses import dataclass
from datetime import date

from flows.conditions import because, holds
from flows.model import Answers, Flow, Level, Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level and its reasons, the gravest first; a `normal` rule is named only when nothing graver holds."""

    level: Level
    reasons: tuple[Reason, ...]


def judge(flow: Flow, answers: Answers, today: date) -> Verdict:
    """Judges the answers so far, on a day where the person is. Deterministic; reads nothing but its arguments."""
    held = [rule for rule in flow.rules if holds(rule.when, answers, today)]
    level = max((rule.level for rule in held), key=lambda one: one.rank, default=Level.normal)
    told = [rule for rule in held if rule.level is not Level.normal or level is Level.normal]
    told.sort(key=lambda rule: -rule.level.rank)
    return Verdict(level, tuple(Reason(rule.id, because(rule.when, answers)) for rule in told))
