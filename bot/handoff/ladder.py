"""The ladder: who is told next about a waiting case, and when to look again. Pure: evaluated from rows, by `now` alone.

A rung that has nobody on it is skipped at once, and so is one on which nobody can be reached or has confirmed that they
can. Nobody at all is an outcome of its own, never a silence. Overdue means now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.settings import Ladder, Rung, Rungs
from flows.model import Level
from flows.place import Place
from storage.case import Handoff
from storage.members import Member


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
    progress: Progress,
    roster: Sequence[Candidate],
    policy: Ladder,
    now: datetime,
    *,
    place: Place,
    hurry: bool = False,
) -> Decision:
    """What the ladder does at `now`, however late. `hurry`: somebody could not be reached, so the next rung at once."""
    now = max(now, progress.began_at)  # which rests rounded up: what has begun has begun
    rungs = policy.rungs_for(progress.level)
    reached = _reached(progress, rungs, roster, now, place)
    if hurry:
        reached = min(len(rungs.rungs), max(reached, progress.rung + 1))
    begun = rungs.rungs[:reached]
    told, nobody = _told(progress, begun, roster), not _a_lawyer_is_there(progress, rungs, roster)
    rings = reached > progress.rung or progress.rang_at is None or _due_again(progress, rungs, now, place)
    due = _next_due(progress, rungs, reached, now if rings else progress.rang_at, now, place)
    if not rings:
        return Decision(
            lawyers=(), coordinators=(), rung=reached, rings=False, nobody=nobody, backstop=False, next_due_at=due
        )
    return Decision(
        lawyers=_ids(told, "lawyer"),
        coordinators=_ids(told, "coordinator") or (_ids(_reached_by_the_bot(roster), "coordinator") if nobody else ()),
        rung=reached,
        rings=bool(told) or nobody,
        nobody=nobody,
        backstop=nobody or any(rung.who == "backstop" for rung in begun),
        next_due_at=due,
    )


def _a_lawyer_is_there(progress: Progress, rungs: Rungs, roster: Sequence[Candidate]) -> bool:
    """On some rung, now or later, stands a lawyer who can be relied on."""
    return any(_counts(one) for one in _told(progress, rungs.rungs, roster) if one.role == "lawyer")


def _reached_by_the_bot(roster: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in roster if not one.gone]


def _told(progress: Progress, rungs: Sequence[Rung], roster: Sequence[Candidate]) -> list[Candidate]:
    """Everybody on these rungs, the lowest rung first."""
    return [one for rung in rungs for one in _on(rung, progress, roster)]


def _ids(told: Sequence[Candidate], role: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.id for one in told if one.role == role))


def can_come(candidate: Candidate) -> bool:
    """A lawyer who could still take the case, and whom the bot can reach."""
    return candidate.role == "lawyer" and candidate.can_open and not candidate.passed and not candidate.gone


def rung_time(rung: Rung, began_at: datetime, place: Place) -> datetime:
    """When a rung is due: so long after the beginning, or the first time after it that the clock shows `at`."""
    return place.next_at(rung.at, began_at) if rung.at is not None else began_at + rung.after


def matches(candidate: Candidate | Member, language: str | None, region: str | None) -> int:
    """How well a lawyer fits a case: 2 for the language, 1 for the region; who named no region fits every one."""
    speaks = language is None or language in candidate.languages
    near = region is None or not candidate.regions or region in candidate.regions
    return 2 * speaks + near


def _reached(progress: Progress, rungs: Rungs, roster: Sequence[Candidate], now: datetime, place: Place) -> int:
    """How many rungs have begun: those whose time has come, and idle ones up to the first that has somebody."""
    due = [rung_time(rung, progress.began_at, place) <= now for rung in rungs.rungs]
    reached = max([progress.rung, *(number + 1 for number, is_due in enumerate(due) if is_due)])
    if reached == 0 and rungs.rungs[0].at is not None:
        return 0  # a digest waits for its hour, whoever is on duty then
    while reached < len(rungs.rungs) and not any(map(_counts, _told(progress, rungs.rungs[:reached], roster))):
        reached += 1
    return reached


def _counts(candidate: Candidate) -> bool:
    return candidate.proven and not candidate.gone


def _on(rung: Rung, progress: Progress, roster: Sequence[Candidate]) -> list[Candidate]:
    """Who is on a rung, the best match first. Somebody the bot cannot reach is on none."""
    match rung.who:
        case "backstop":
            return []
        case "coordinators":
            return [one for one in roster if one.role == "coordinator" and not one.gone]
        case "all":
            return _able(progress, roster)
        case _:
            return _on_duty(progress, _able(progress, roster))


def _able(progress: Progress, roster: Sequence[Candidate]) -> list[Candidate]:
    """The lawyers who could take the case, the best match first."""
    able = [one for one in roster if can_come(one)]
    return sorted(able, key=lambda lawyer: -matches(lawyer, progress.language, progress.region))


def _on_duty(progress: Progress, able: Sequence[Candidate]) -> list[Candidate]:
    """Those on duty; where it is not the gravest, those who fit in language and region, if there are any."""
    duty = [one for one in able if one.on_call and not one.full]
    if progress.level is Level.critical:
        return duty
    fitting = [one for one in duty if matches(one, progress.language, progress.region) == 3]
    return fitting or duty


def _due_again(progress: Progress, rungs: Rungs, now: datetime, place: Place) -> bool:
    if progress.rang_at is None:
        return False
    again = rungs.repeat is not None and progress.rang_at + rungs.repeat <= now
    digest = any(at <= now for at in _digests(progress, rungs, progress.rang_at, place))
    return again or digest or _woken(progress, now, place)


def _digests(progress: Progress, rungs: Rungs, after: datetime, place: Place) -> list[datetime]:
    """When the digests of the rungs that have begun come next, after a moment."""
    begun = [rung.at for rung in rungs.rungs if rung.at and rung_time(rung, progress.began_at, place) <= after]
    return [place.next_at(at, after + timedelta(seconds=1)) for at in begun]


def _woken(progress: Progress, now: datetime, place: Place) -> bool:
    """What was said quietly in the night is said aloud in the morning."""
    quietly = progress.level is Level.high and progress.rang_at is not None and place.is_night(progress.rang_at)
    return quietly and not place.is_night(now)


def _next_due(
    progress: Progress, rungs: Rungs, reached: int, rang_at: datetime | None, now: datetime, place: Place
) -> datetime | None:
    times = [rung_time(rung, progress.began_at, place) for rung in rungs.rungs[reached : reached + 1]]
    if rang_at and reached:
        times += [rang_at + rungs.repeat] if rungs.repeat else []
        times += [place.next_morning(rang_at)] if progress.level is Level.high and place.is_night(rang_at) else []
        times += _digests(progress, rungs, max(rang_at, now), place)
    return min(times, default=None)
