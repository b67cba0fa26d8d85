"""The ladder decides: who is told, when again, and that nobody at all is never a silence."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.handoff.ladder import Candidate, Decision, Standing, decide
from bot.settings import Ladder

BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
POLICY = Ladder()


def lawyer(number: int, *, on_call: bool = True, can_open: bool = True, passed: bool = False) -> Candidate:
    """A lawyer."""
    return Candidate(id=number, role="lawyer", on_call=on_call, can_open=can_open, passed=passed)


COORDINATOR = Candidate(id=9, role="coordinator", on_call=False, can_open=False, passed=False)


def climb(roster: list[Candidate], level: str, minutes: list[float]) -> list[tuple[float, Decision]]:
    """What the ladder does at these minutes, each time going on from where it was."""
    rung, rang_at, found = 0, None, []
    for minute in minutes:
        now = BEGAN + timedelta(minutes=minute)
        standing = Standing(level=level, began_at=BEGAN, rung=rung, rang_at=rang_at)
        decision = decide(standing, roster, POLICY, now)
        rung, rang_at = decision.rung, now if decision.rings else rang_at
        found.append((minute, decision))
    return found


def test_a_critical_case_rings_wider_and_wider_and_again_every_two_minutes() -> None:
    """On call at once, everybody after five minutes, coordinators after ten; anew every two minutes."""
    roster = [lawyer(1), lawyer(2, on_call=False), COORDINATOR]
    told = {
        minute: (one.lawyers, one.coordinators) for minute, one in climb(roster, "critical", [0, 1, 2, 5, 6, 7, 10])
    }
    assert told == {
        0: ((1,), ()),
        1: ((), ()),
        2: ((1,), ()),
        5: ((1, 2), ()),
        6: ((), ()),
        7: ((1, 2), ()),
        10: ((1, 2), (9,)),
    }


@pytest.mark.parametrize("late", [5, 60, 60 * 24 * 30])
def test_overdue_means_now_however_late(late: int) -> None:
    """After an outage everything that should have rung by now rings at once."""
    roster = [lawyer(1), lawyer(2, on_call=False)]
    ((_, one),) = climb(roster, "critical", [late])
    assert one.lawyers == (1, 2)
    assert one.next_due_at is not None
    assert one.next_due_at <= BEGAN + timedelta(minutes=late + 5)


def test_an_empty_rung_is_skipped_at_once() -> None:
    """Nobody on call: everybody is rung now; only coordinators left: they are told now that nobody can be reached."""
    ((_, one),) = climb([lawyer(2, on_call=False), COORDINATOR], "critical", [0])
    assert (one.lawyers, one.coordinators, one.nobody) == ((2,), (), False)
    ((_, one),) = climb([lawyer(1, can_open=False), lawyer(2, passed=True), COORDINATOR], "critical", [0])
    assert (one.lawyers, one.coordinators, one.nobody) == ((), (9,), True)
    ((_, one),) = climb([], "critical", [0])
    assert one.nobody
    assert one.next_due_at is not None


@pytest.mark.parametrize("level", ["critical", "high", "normal"])
def test_a_clock_that_is_set_back_delays_nothing_that_has_rung(level: str) -> None:
    """A rung that was reached stays reached."""
    steps = climb([lawyer(1), lawyer(2, on_call=False), COORDINATOR], level, [0, 300, -600])
    assert steps[2][1].rung == steps[1][1].rung
