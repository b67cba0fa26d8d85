"""The ladder: who is told next about a waiting case, and when to look again. Pure: evaluated from rows, by `now` alone.

A rung that has nobody on it is skipped at once, and so is one on which nobody can be reached or has confirmed that they
can. Nobody at all is an outcome of its own, never a silence. Overdue means now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.hours import is_night, next_at, next_morning
from bot.settings import Ladder, Rung, Rungs
from flows.model import Level
from storage.case import Handoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A member as the ladder sees them.

    `on_call`: on duty at this moment. `can_open`: holds a wrap of this case. `gone`: the bot cannot reach them.
    `proven`: has confirmed the last test page. `full`: holds as many cases as one lawyer should.
    """

    id: int
    role: str
    on_call: bool
    can_open: bool
    passed: bool
    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    gone: bool = False
    proven: bool = True
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a handoff has come: the next rung to ring, and when it last rang; what the case needs."""

    level: Level
    began_at: datetime
    rung: int
    rang_at: datetime | None
    language: str | None = None
    region: str | None = None

    @classmethod
    def of(cls, handoff: Handoff) -> Self:
        """That of a case."""
        return cls(
            level=handoff.facts.level,
            began_at=handoff.began_at,
            rung=handoff.rung,
            rang_at=handoff.rang_at,
            language=handoff.facts.language,
            region=handoff.facts.region,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whom to ring now (lawyers can take, coordinators are told), and when to decide again.

    `backstop`: everybody's e-mail and push, since nobody in Telegram has helped. `nobody`: no lawyer can be reached.
    """

    lawyers: tuple[int, ...]
    coordinators: tuple[int, ...]
    rung: int
    rings: bool
    nobody: bool
    backstop: bool
    next_due_at: datetime | None


def decide(
    progress: Progress, roster: Sequence[Candidate], policy: Ladder, now: datetime, *, hurry: bool = False
) -> Decision:
    """What the ladder does at `now`, however late. `hurry`: somebody could not be reached, so the next rung at once."""
    now = max(now, progress.began_at)  # which rests rounded up: what has begun has begun
    rungs = policy.rungs_for(progress.level)
    reached = _reached(progress, rungs, roster, now)
    if hurry:
        reached = min(len(rungs.rungs), max(reached, progress.rung + 1))
    told = [one for rung in rungs.rungs[:reached] for one in _on(rung, progress, roster)]
    climbed = reached > progress.rung
    rings = climbed or _due_again(progress, rungs, now) or progress.rang_at is None
    lawyers = tuple(dict.fromkeys(one.id for one in told if one.role == "lawyer"))
    coordinators = tuple(dict.fromkeys(one.id for one in told if one.role == "coordinator"))
    nobody = not any(
        _counts(one) for rung in rungs.rungs for one in _on(rung, progress, roster) if one.role == "lawyer"
    )
    if nobody:
        coordinators = coordinators or tuple(one.id for one in roster if one.role == "coordinator" and not one.gone)
    return Decision(
        lawyers=lawyers if rings else (),
        coordinators=coordinators if rings else (),
        rung=reached,
        rings=rings and bool(told or nobody),
        nobody=nobody,
        backstop=rings and (nobody or any(rung.who == "backstop" for rung in rungs.rungs[:reached])),
        next_due_at=_next_due(progress, rungs, reached, now if rings else progress.rang_at, now),
    )


def can_come(candidate: Candidate) -> bool:
    """A lawyer who could still take the case, and whom the bot can reach."""
    return candidate.role == "lawyer" and candidate.can_open and not candidate.passed and not candidate.gone


def rung_time(rung: Rung, began_at: datetime) -> datetime:
    """When a rung is due: so long after the beginning, or the first time after it that the clock shows `at`."""
    return next_at(rung.at, began_at) if rung.at is not None else began_at + rung.after


def matches(candidate: Candidate, language: str | None, region: str | None) -> int:
    """How well a lawyer fits a case: 2 for the language, 1 for the region; who named no region fits every one."""
    speaks = language is None or language in candidate.languages
    near = region is None or not candidate.regions or region in candidate.regions
    return 2 * speaks + near


def _reached(progress: Progress, rungs: Rungs, roster: Sequence[Candidate], now: datetime) -> int:
    """How many rungs have begun: those whose time has come, and idle ones up to the first that has somebody."""
    due = [rung_time(rung, progress.began_at) <= now for rung in rungs.rungs]
    reached = max([progress.rung, *(place + 1 for place, is_due in enumerate(due) if is_due)])
    if reached == 0 and rungs.rungs[0].at is not None:
        return 0  # a digest waits for its hour, whoever is on duty then
    while reached < len(rungs.rungs) and not _somebody(rungs.rungs[:reached], progress, roster):
        reached += 1
    return reached


def _somebody(rungs: Sequence[Rung], progress: Progress, roster: Sequence[Candidate]) -> bool:
    return any(_counts(one) for rung in rungs for one in _on(rung, progress, roster))


def _counts(candidate: Candidate) -> bool:
    return candidate.proven and not candidate.gone


def _on(rung: Rung, progress: Progress, roster: Sequence[Candidate]) -> list[Candidate]:
    """Who is on a rung, the best match first. Somebody the bot cannot reach is on none."""
    here = [one for one in roster if not one.gone]
    if rung.who == "backstop":
        return []
    if rung.who == "coordinators":
        return [one for one in here if one.role == "coordinator"]
    able = [one for one in here if one.role == "lawyer" and one.can_open and not one.passed]
    able.sort(key=lambda lawyer: -matches(lawyer, progress.language, progress.region))
    if rung.who == "all":
        return able
    duty = [one for one in able if one.on_call and not one.full]
    if progress.level is Level.critical:
        return duty
    fitting = [one for one in duty if matches(one, progress.language, progress.region) == 3]
    return fitting or duty


def _due_again(progress: Progress, rungs: Rungs, now: datetime) -> bool:
    if progress.rang_at is None:
        return False
    again = rungs.repeat is not None and progress.rang_at + rungs.repeat <= now
    digest = any(at <= now for at in _digests(progress, rungs, progress.rang_at))
    return again or digest or _woken(progress, now)


def _digests(progress: Progress, rungs: Rungs, after: datetime) -> list[datetime]:
    """When the digests of the rungs that have begun come next, after a moment."""
    begun = [rung.at for rung in rungs.rungs if rung.at and rung_time(rung, progress.began_at) <= after]
    return [next_at(at, after + timedelta(seconds=1)) for at in begun]


def _woken(progress: Progress, now: datetime) -> bool:
    """What was said quietly in the night is said aloud in the morning."""
    quietly = progress.level is Level.high and progress.rang_at is not None and is_night(progress.rang_at)
    return quietly and not is_night(now)


def _next_due(
    progress: Progress, rungs: Rungs, reached: int, rang_at: datetime | None, now: datetime
) -> datetime | None:
    times = [rung_time(rung, progress.began_at) for rung in rungs.rungs[reached : reached + 1]]
    if rang_at and reached:
        times += [rang_at + rungs.repeat] if rungs.repeat else []
        times += [next_morning(rang_at)] if progress.level is Level.high and is_night(rang_at) else []
        times += _digests(progress, rungs, max(rang_at, now))
    return min(times, default=None)
