"""Where a request stands, as its person is told: computed from who can still come and who was really told. Pure.

`status` says which sentences are true now; `bot/seeker/status.py` only words them. What was queued has told
nobody; somebody whom the bot cannot reach, or who has passed, does not come.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.handoff.ladder import Candidate, Progress, can_come, decide, rung_time
from bot.settings import Ladder
from flows.model import Level
from flows.place import Place
from storage.case import Claim


class Say(StrEnum):
    """A sentence about a request; with a time or a number where its text has one."""

    told = "told"  # so many lawyers were told at that time
    coordinators_told = "coordinators told"
    coordinators_next = "coordinators next"  # they are being told
    looked_at = "looked at"  # a coordinator decides whether lawyers are called
    unseen = "unseen"  # there is no coordinator who could decide it
    calling = "calling"  # nobody was told yet, and somebody is being called
    untaken = "untaken"
    go_on = "go on"  # lawyers are called until one takes it
    more = "more"  # if nobody takes it by then, lawyers are called who were not called yet
    coordinators_at = "coordinators at"  # if nobody takes it by then, coordinators are told
    morning = "morning"  # at night nothing rings for it; it does then
    listed = "listed"  # lawyers get it with their list then
    nobody = "nobody"  # no lawyer can be reached
    passed = "passed"  # nobody can be reached who has not passed
    lapsed = "lapsed"  # a lawyer took it and was not in touch in time
    returned = "returned"  # a lawyer took it and does not have it any more
    taken = "taken"
    wait_here = "wait here"  # the lawyer writes in this chat
    claimer_gone = "claimer gone"  # the bot cannot reach the lawyer at the moment
    lease = "lease"  # if the lawyer is not in touch by then, others are called
    lease_alone = "lease alone"  # if not, the request waits again; there is nobody else at the moment
    reached = "reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence. `time`: when; `num`: how many."""

    say: Say
    time: datetime | None = None
    num: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is known of a case, beside its roster. `told`: member -> when an alert was delivered, None while queued.

    `over`: why the last claim ended (`lapsed`, `returned`). `claim`: None while it waits.
    """

    progress: Progress
    told: Mapping[int, datetime | None]
    muted: bool = False
    over: str | None = None
    claim: Claim | None = None
    lease_until: datetime | None = None


def status(
    request: Request, roster: Sequence[Candidate], policy: Ladder, now: datetime, *, place: Place
) -> tuple[Sentence, ...]:
    """What is true of a request now, in the order in which it is said."""
    if request.claim is not None:
        return tuple(_claimed(request.claim, request.lease_until, roster, now))
    if request.muted:
        return (Sentence(say=Say.looked_at if _somebody_looks(roster) else Say.unseen),)
    told, coordinators = _told(request, roster), _coordinators(request, roster)
    over = [Sentence(say=Say(request.over))] if request.over else []
    if any(can_come(one) for one in roster):
        said = [one for one in coordinators if one.say is Say.coordinators_told]
        return (*told, *said, *over, *_waits(request, roster, policy, now, place))
    return (*told, *over, Sentence(say=Say.passed if _somebody_passed(roster) else Say.nobody), *coordinators)


def are_called(request: Request, roster: Sequence[Candidate], policy: Ladder, now: datetime, *, place: Place) -> bool:
    """Whether `status` tells of a waiting request that lawyers are called: now, again, or whom next, and when.

    For what stands on each question's card, where only this is wanted: working out the rest takes longer.
    """
    level = request.progress.level
    if request.claim or request.muted or level is Level.normal or not any(can_come(one) for one in roster):
        return False
    if not _a_lawyer_was_told(request, roster) and _is_being_called(request, roster):
        return True
    at = next_call(request.progress, roster, policy, now, place)
    if level is Level.high and place.is_night(now):
        return at == now and not _a_lawyer_was_told(request, roster)
    return at is not None


def _somebody_looks(roster: Sequence[Candidate]) -> bool:
    return any(one.role == "coordinator" and not one.gone for one in roster)


def _somebody_passed(roster: Sequence[Candidate]) -> bool:
    return any(one.passed and one.role == "lawyer" for one in roster)


def next_call(
    progress: Progress, roster: Sequence[Candidate], policy: Ladder, now: datetime, place: Place
) -> datetime | None:
    """When the ladder calls a lawyer next, with the roster as it is now; None when it calls nobody any more."""
    at = now
    for _ in range(len(policy.rungs_for(progress.level).rungs) + 2):
        decision = decide(progress, roster, policy, at, place=place)
        if decision.lawyers:
            return at
        if decision.next_due_at is None:
            return None
        progress = replace(progress, rung=decision.rung, rang_at=at if decision.rings else progress.rang_at)
        at = max(decision.next_due_at, at + timedelta(seconds=1))
    return None


def _told(request: Request, roster: Sequence[Candidate]) -> list[Sentence]:
    """A line for each minute in which lawyers were told; whoever has left since was told as well."""
    coordinators = {one.id for one in roster if one.role == "coordinator"}
    times = [at.replace(second=0, microsecond=0) for one, at in request.told.items() if at and one not in coordinators]
    return [Sentence(say=Say.told, time=at, num=num) for at, num in sorted(Counter(times).items())]


def _coordinators(request: Request, roster: Sequence[Candidate]) -> list[Sentence]:
    here = [one for one in roster if one.role == "coordinator"]
    times = [at for one in here if (at := request.told.get(one.id)) is not None]
    if times:
        return [Sentence(say=Say.coordinators_told, time=min(times))]
    queued = any(one.id in request.told and not one.gone for one in here)
    return [Sentence(say=Say.coordinators_next)] if queued else []


def _waits(
    request: Request, roster: Sequence[Candidate], policy: Ladder, now: datetime, place: Place
) -> list[Sentence]:
    """Somebody can still come: what happens next."""
    level, at = request.progress.level, next_call(request.progress, roster, policy, now, place)
    told = _a_lawyer_was_told(request, roster)
    still = [] if request.over else [Sentence(say=Say.untaken)]
    untaken = still if told else []
    if level is Level.normal:
        return [*untaken, Sentence(say=Say.listed, time=at)] if at else still
    if not told and (at == now or _is_being_called(request, roster)):
        return [Sentence(say=Say.calling), *_next_step(request, roster, policy, now, place)]
    if level is Level.high and place.is_night(now):
        return [*untaken, Sentence(say=Say.morning, time=place.next_morning(now))]
    return [*untaken, *_goes_on(request, roster, policy, now, place)] if at is not None else still


def _a_lawyer_was_told(request: Request, roster: Sequence[Candidate]) -> bool:
    return any(request.told.get(one.id) for one in roster if one.role == "lawyer")


def _is_being_called(request: Request, roster: Sequence[Candidate]) -> bool:
    """An alert is on its way to a lawyer who could come."""
    return any(can_come(one) and one.id in request.told and not request.told[one.id] for one in roster)


def _goes_on(
    request: Request, roster: Sequence[Candidate], policy: Ladder, now: datetime, place: Place
) -> list[Sentence]:
    """Lawyers are called again: until when, and whom else it will be as far as that is known."""
    step, rungs = _next_step(request, roster, policy, now, place), policy.rungs_for(request.progress.level)
    return step if step and rungs.repeat is None else [Sentence(say=Say.go_on), *step]


def _next_step(
    request: Request, roster: Sequence[Candidate], policy: Ladder, now: datetime, place: Place
) -> list[Sentence]:
    """When somebody is called next who was not called yet: with the next ring, or on a rung that lies ahead.

    What is not of the gravest kind is heard in the morning.
    """
    level, first = request.progress.level, decide(request.progress, roster, policy, now, place=place)
    known = {*request.told, *first.lawyers, *first.coordinators}
    progress = replace(request.progress, rung=first.rung, rang_at=now if first.rings else request.progress.rang_at)
    rungs = [rung_time(one, progress.began_at, place) for one in policy.rungs_for(level).rungs[first.rung :]]
    for at in sorted(one for one in {first.next_due_at, *rungs} if one is not None and one > now):
        called = decide(progress, roster, policy, at, place=place)
        if set(called.lawyers) - known:
            quiet = level is Level.high and place.is_night(at)
            return [Sentence(say=Say.more, time=place.next_morning(at) if quiet else at)]
        if set(called.coordinators) - known:
            return [Sentence(say=Say.coordinators_at, time=at)]
    return []


def _claimed(claim: Claim, until: datetime | None, roster: Sequence[Candidate], now: datetime) -> list[Sentence]:
    said = [Sentence(say=Say.taken, time=claim.at)]
    if claim.has_reached:
        return [*said, Sentence(say=Say.reached)]
    claimer = next((one for one in roster if one.id == claim.by), None)
    gone = claimer is None or claimer.gone
    said.append(Sentence(say=Say.claimer_gone if gone else Say.wait_here))
    if until is not None and until > now:
        others = any(can_come(one) and one.id != claim.by for one in roster)
        said.append(Sentence(say=Say.lease if others else Say.lease_alone, time=until))
    return said
