"""The ladder: who is told next about a waiting case, and when to look again. Pure.

A rung that has nobody on it is skipped at once. Nobody at all is an outcome of its own, never a silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.settings import Ladder, Rung, Rungs


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A member as the ladder sees them. `can_open`: holds a wrap of this case."""

    id: int
    role: str
    on_call: bool
    can_open: bool
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a handoff has come: the next rung to ring, and when it last rang."""

    level: str
    began_at: datetime
    rung: int
    rang_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whom to ring now (lawyers can take, coordinators are told), and when to decide again."""

    lawyers: tuple[int, ...]
    coordinators: tuple[int, ...]
    rung: int
    rings: bool
    nobody: bool
    next_due_at: datetime | None


def decide(standing: Standing, roster: Sequence[Candidate], policy: Ladder, now: datetime) -> Decision:
    """What the ladder does at `now`. Overdue means now, however late it is."""
    rungs: Rungs = getattr(policy, standing.level)
    reached = _reached(standing, rungs, roster, now)
    told = [one for rung in rungs.rungs[:reached] for one in _on(rung, roster)]
    climbed = reached > standing.rung
    again = rungs.repeat is not None and _due_again(standing, rungs, now)
    rings = climbed or again or standing.rang_at is None
    lawyers = tuple(dict.fromkeys(one.id for one in told if one.role == "lawyer"))
    coordinators = tuple(dict.fromkeys(one.id for one in told if one.role == "coordinator"))
    return Decision(
        lawyers=lawyers if rings else (),
        coordinators=coordinators if rings else (),
        rung=reached,
        rings=rings,
        nobody=not any(_on(rung, roster) for rung in rungs.rungs if rung.who != "coordinators"),
        next_due_at=_next_due(standing, rungs, reached, now if rings else standing.rang_at),
    )


def _reached(standing: Standing, rungs: Rungs, roster: Sequence[Candidate], now: datetime) -> int:
    """How many rungs have begun: those whose time has come, and empty ones up to the first that has somebody."""
    reached = max(standing.rung, sum(1 for rung in rungs.rungs if standing.began_at + rung.after <= now))
    while reached < len(rungs.rungs) and not any(_on(rung, roster) for rung in rungs.rungs[:reached]):
        reached += 1
    return reached


def _on(rung: Rung, roster: Sequence[Candidate]) -> list[Candidate]:
    if rung.who == "coordinators":
        return [one for one in roster if one.role == "coordinator"]
    able = [one for one in roster if one.role == "lawyer" and one.can_open and not one.passed]
    return [one for one in able if one.on_call or rung.who == "all"]


def _due_again(standing: Standing, rungs: Rungs, now: datetime) -> bool:
    return bool(standing.rang_at and rungs.repeat and standing.rang_at + rungs.repeat <= now)


def _next_due(standing: Standing, rungs: Rungs, reached: int, rang_at: datetime | None) -> datetime | None:
    times = [standing.began_at + rung.after for rung in rungs.rungs[reached : reached + 1]]
    if rungs.repeat and rang_at:
        times.append(rang_at + rungs.repeat)
    return min(times, default=None)
