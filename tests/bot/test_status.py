"""Where a request stands: every sentence that its person is shown is true, whatever has happened before."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.handoff.ladder import Candidate, Progress, decide
from bot.handoff.status import Request, Say, Sentence, are_called, status
from bot.settings import Ladder
from flows.model import Level
from storage.case import Claim
from tests.places import KAZAKHSTAN
from tests.whole import WHOLE

BEGAN = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # noon in Kazakhstan
NIGHT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # one o'clock
POLICY = Ladder()
_NEVER = datetime.max.replace(tzinfo=UTC)
A, B, C = 1, 2, 9  # two lawyers, a coordinator
PART = 13  # of the lives one in so many: in no way are there as many values, so each meets each


@dataclass(frozen=True)
class Life:
    """What has happened to one request, told by whoever saw all of it."""

    request: Request
    roster: Sequence[Candidate]
    now: datetime


PAIRS = (
    ("there", "there"),
    ("there", "passed"),
    ("passed", "there"),
    ("gone", "there"),
    ("there", "gone"),
    ("cannot open", "there"),
    ("passed", "passed"),
    ("gone", "gone"),
    ("passed", "gone"),
    ("cannot open", "passed and gone"),
)
MOMENTS, RUNGS = ((BEGAN, 0), (BEGAN, 700), (NIGHT, 0), (NIGHT, 7)), (0, 1, 4)
TOLD: Sequence[dict[int, int | None]] = ({}, {A: None}, {A: 0}, {A: 0, B: 5})  # so many minutes after it began
COORDINATORS = ("none", "gone", "there", "queued", "told", "gone, told")


def _claimed_by(request: Request, now: datetime, lease_until: datetime, **more: Any) -> Request:
    claim = replace(Claim(by=A, at=now - timedelta(minutes=3)), **more)
    return replace(request, claim=claim, lease_until=lease_until)


STATES: Sequence[Callable[[Request, datetime], Request]] = (
    lambda request, now: request,
    lambda request, now: replace(request, muted=True),
    lambda request, now: replace(request, over="lapsed"),
    lambda request, now: replace(request, over="returned"),
    lambda request, now: _claimed_by(request, now, now + timedelta(minutes=12)),
    lambda request, now: _claimed_by(request, now, now - timedelta(seconds=1)),  # the tick is late
    lambda request, now: _claimed_by(request, now, now + timedelta(hours=2), by=77),  # no member any more
    lambda request, now: replace(_claimed_by(request, now, now, contacted_at=now), lease_until=None),
)


def lives(every: int = 1) -> Iterator[Life]:
    """Combinations of what can have happened, one of so many: of no way in which they differ is a value left out."""
    ways = itertools.product(Level, MOMENTS, RUNGS, PAIRS, TOLD, COORDINATORS, STATES)
    for level, (began, age), rung, pair, told, coordinator, state in itertools.islice(ways, 0, None, every):
        now = began + timedelta(minutes=age)
        progress = Progress(level=level, began_at=began, rung=rung, rang_at=began if rung else None)
        known = {one: None if at is None else began + timedelta(minutes=at) for one, at in told.items()}
        if coordinator == "queued":
            known[C] = None
        if coordinator.endswith("told"):
            known[C] = began
        roster = [_lawyer(A, pair[0]), _lawyer(B, pair[1])]
        if coordinator != "none":
            roster.append(replace(_lawyer(C, "gone" if "gone" in coordinator else "there"), role="coordinator"))
        yield Life(state(Request(progress=progress, told=known), now), roster, now)


def _lawyer(number: int, kind: str) -> Candidate:
    return Candidate(
        id=number,
        role="lawyer",
        on_call=number == A,
        can_open=kind != "cannot open",
        passed="passed" in kind,
        gone="gone" in kind,
    )


# --- the oracle: what each sentence says, asked of the life itself ---


def true(one: Sentence, life: Life) -> bool:
    """Whether a sentence is true; asked without what computes it."""
    return _ORACLE[one.say](life, one)


def _here(life: Life, role: str = "lawyer") -> list[Candidate]:
    return [one for one in life.roster if one.role == role]


def _able(life: Life, but: int | None = None) -> list[Candidate]:
    lawyers = [one for one in _here(life) if one.id != but]
    return [one for one in lawyers if one.can_open and not one.passed and not one.gone]


def _delivered(life: Life, role: str) -> list[datetime]:
    return [at for one in _here(life, role) if (at := life.request.told.get(one.id)) is not None]


def _rings_until(life: Life, until: datetime) -> bool:
    """Plays the ladder, minute by minute, until it calls somebody who is able."""
    progress, at = life.request.progress, life.now
    able = {one.id for one in _able(life)}
    while at <= until:
        decision = decide(progress, life.roster, POLICY, at, place=KAZAKHSTAN)
        if able & set(decision.lawyers):
            return True
        progress = replace(progress, rung=decision.rung, rang_at=at if decision.rings else progress.rang_at)
        at = max(decision.next_due_at or until + timedelta(days=1), at + timedelta(minutes=1))
    return False


def _fresh(life: Life, role: str) -> list[datetime]:
    """Plays the ladder: when somebody is called who was not called before, of those who can be reached."""
    progress, at, known, times = life.request.progress, life.now, set(life.request.told), []
    here = {one.id for one in (_able(life) if role == "lawyer" else _here(life, role)) if not one.gone}
    ends = life.now + (timedelta(hours=1) if progress.level is Level.critical else timedelta(days=2))
    while at <= ends:
        decision = decide(progress, life.roster, POLICY, at, place=KAZAKHSTAN)
        fresh = here & {*decision.lawyers, *decision.coordinators} - known
        times += [at] if fresh and at > life.now else []
        known |= fresh
        progress = replace(progress, rung=decision.rung, rang_at=at if decision.rings else progress.rang_at)
        at = max(decision.next_due_at or _NEVER, at + timedelta(minutes=1))
    return times


def _heard(life: Life, at: datetime) -> datetime:
    """What is not of the gravest kind is heard in the morning."""
    return KAZAKHSTAN.next_morning(at) if life.request.progress.level is Level.high and KAZAKHSTAN.is_night(at) else at


def _waits(life: Life) -> bool:
    return life.request.claim is None


def _claimed(life: Life) -> bool:
    return life.request.claim is not None


def _claimer(life: Life) -> int | None:
    return life.request.claim.by if life.request.claim is not None else None


def _contacted(life: Life) -> bool:
    return life.request.claim is not None and life.request.claim.contacted_at is not None


def _soon(life: Life) -> bool:
    return _waits(life) and bool(_able(life)) and _rings_until(life, life.now + timedelta(days=3))


_ORACLE = {
    Say.told: lambda life, one: one.num == sum(at == one.time for at in _delivered(life, "lawyer")) > 0,
    Say.coordinators_told: lambda life, one: one.time in _delivered(life, "coordinator"),
    Say.coordinators_next: lambda life, _: (
        any(not one.gone and one.id in life.request.told for one in _here(life, "coordinator"))
        and not _delivered(life, "coordinator")
    ),
    Say.looked_at: lambda life, _: life.request.muted and any(not one.gone for one in _here(life, "coordinator")),
    Say.unseen: lambda life, _: life.request.muted and all(one.gone for one in _here(life, "coordinator")),
    Say.calling: lambda life, _: _soon(life) and not _delivered(life, "lawyer"),
    Say.untaken: lambda life, _: _waits(life) and not life.request.over,
    Say.go_on: lambda life, _: _soon(life),
    Say.more: lambda life, one: _waits(life) and one.time in {_heard(life, at) for at in _fresh(life, "lawyer")[:1]},
    Say.coordinators_at: lambda life, one: (
        _waits(life)
        and one.time in _fresh(life, "coordinator")
        and one.time < min(_fresh(life, "lawyer"), default=_NEVER)
    ),
    Say.morning: lambda life, one: (
        _soon(life) and KAZAKHSTAN.is_night(life.now) and one.time == KAZAKHSTAN.next_morning(life.now)
    ),
    Say.listed: lambda life, one: (
        _waits(life)
        and bool(_able(life))
        and one.time is not None
        and one.time >= life.now
        and _rings_until(life, one.time)
    ),
    Say.nobody: lambda life, _: _waits(life) and not _able(life) and not any(one.passed for one in _here(life)),
    Say.passed: lambda life, _: _waits(life) and not _able(life) and any(one.passed for one in _here(life)),
    Say.lapsed: lambda life, _: _waits(life) and life.request.over == "lapsed",
    Say.returned: lambda life, _: _waits(life) and life.request.over == "returned",
    Say.taken: lambda life, one: life.request.claim is not None and one.time == life.request.claim.at,
    Say.wait_here: lambda life, _: (
        _claimed(life)
        and not _contacted(life)
        and any(one.id == _claimer(life) and not one.gone for one in life.roster)
    ),
    Say.claimer_gone: lambda life, _: (
        _claimed(life) and not any(one.id == _claimer(life) and not one.gone for one in life.roster)
    ),
    Say.lease: lambda life, one: (
        one.time == life.request.lease_until
        and one.time is not None
        and one.time > life.now
        and bool(_able(life, but=_claimer(life)))
    ),
    Say.lease_alone: lambda life, one: (
        one.time == life.request.lease_until
        and one.time is not None
        and one.time > life.now
        and not _able(life, but=_claimer(life))
    ),
    Say.reached: lambda life, _: _contacted(life),
}


CALLS = {Say.calling, Say.go_on, Say.more, Say.coordinators_at}


def test_every_sentence_that_a_person_is_shown_is_true() -> None:
    """Levels, rungs, who was told, who has passed or is gone, coordinators, claims: each sentence by the oracle.

    Of one combination in thirteen; of all in `make both`.
    """
    looked, said = 0, set[Say]()
    for life in lives(1 if WHOLE else PART):
        sentences = status(life.request, life.roster, POLICY, life.now, place=KAZAKHSTAN)
        looked += 1
        said |= {one.say for one in sentences}
        wrong = [one for one in sentences if not true(one, life)]
        assert not wrong, (wrong, life)
        assert sentences, life
        assert len(sentences) <= 6
        called = any(one.say in CALLS for one in sentences)
        assert called == are_called(life.request, life.roster, POLICY, life.now, place=KAZAKHSTAN), life
    assert said == set(Say)
    print(f"\n{looked} requests, every sentence true")


def test_who_reads_that_lawyers_are_called_reads_what_comes_next() -> None:
    """Whenever the ladder has somebody ahead who was not called yet, one sentence has a time that is still to come.

    Of one combination in thirteen; of all in `make both`.
    """
    looked = 0
    for life in lives(1 if WHOLE else PART):
        if not _waits(life) or life.request.muted or not _able(life):
            continue
        said = status(life.request, life.roster, POLICY, life.now, place=KAZAKHSTAN)
        if any(one.time is not None and one.time > life.now for one in said):
            looked += 1
        else:  # then nobody is ahead either: to play a life on for days takes longer than all the rest
            assert _fresh(life, "lawyer") + _fresh(life, "coordinator") == [], (said, life)
    assert looked > 100


@pytest.mark.parametrize(
    ("told", "kinds", "expected"),
    [
        ({A: None}, ("there", "there"), [Say.calling, Say.more]),
        ({A: BEGAN}, ("there", "there"), [Say.told, Say.untaken, Say.go_on, Say.more]),
        ({A: BEGAN, B: BEGAN}, ("there", "there"), [Say.told, Say.untaken, Say.go_on, Say.coordinators_at]),
        ({A: BEGAN, B: BEGAN, C: None}, ("there", "there"), [Say.told, Say.untaken, Say.go_on]),
        ({A: BEGAN, B: BEGAN}, ("passed", "passed"), [Say.told, Say.passed]),
        ({A: None}, ("gone", "gone"), [Say.nobody]),
        ({A: None, C: BEGAN}, ("gone", "gone"), [Say.nobody, Say.coordinators_told]),
    ],
)
def test_what_is_said_of_a_waiting_request(
    told: dict[int, datetime | None], kinds: tuple[str, str], expected: list[Say]
) -> None:
    """The usual ones, in their order."""
    progress = Progress(level=Level.critical, began_at=BEGAN, rung=1, rang_at=BEGAN)
    roster = [_lawyer(A, kinds[0]), _lawyer(B, kinds[1]), replace(_lawyer(C, "there"), role="coordinator")]
    found = status(Request(progress=progress, told=told), roster, POLICY, BEGAN, place=KAZAKHSTAN)
    assert [one.say for one in found] == expected
