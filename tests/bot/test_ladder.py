"""The ladder decides: who is told, when again, and that nobody at all is never a silence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.ladder import Candidate, Decision, Progress, decide
from bot.settings import Ladder, Rung
from flows.model import Level
from tests.places import HERE, KAZAKHSTAN

BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
POLICY = Ladder()


def lawyer(number: int, *, on_call: bool = True, can_open: bool = True, passed: bool = False) -> Candidate:
    """A lawyer."""
    return Candidate(id=number, role="lawyer", on_call=on_call, can_open=can_open, passed=passed)


COORDINATOR = Candidate(id=9, role="coordinator", on_call=False, can_open=False, passed=False)


def climb(roster: list[Candidate], level: Level, minutes: list[float]) -> list[tuple[float, Decision]]:
    """What the ladder does at these minutes, each time going on from where it was."""
    rung, rang_at, found = 0, None, []
    for minute in minutes:
        now = BEGAN + timedelta(minutes=minute)
        standing = Progress(level=level, began_at=BEGAN, rung=rung, rang_at=rang_at)
        decision = decide(standing, roster, POLICY, now, place=KAZAKHSTAN)
        rung, rang_at = decision.rung, now if decision.rings else rang_at
        found.append((minute, decision))
    return found


def test_a_critical_case_rings_wider_and_wider_and_again_every_two_minutes() -> None:
    """On call at once, everybody after five minutes, coordinators after ten; anew every two minutes."""
    roster = [lawyer(1), lawyer(2, on_call=False), COORDINATOR]
    told = {
        minute: (one.lawyers, one.coordinators) for minute, one in climb(roster, Level.critical, [0, 1, 2, 5, 6, 7, 10])
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


@pytest.mark.parametrize("level", list(Level))
def test_a_case_that_begins_within_a_second_is_called_for_like_one_that_has_begun(level: Level) -> None:
    """Its beginning rests rounded up, so that it may lie a moment ahead: every rung that is due at once is."""
    rungs = tuple(Rung.model_construct(at=None, after=timedelta(), who=who) for who in ("on_call", "coordinators"))
    at_once = POLICY.critical.model_copy(update={"rungs": rungs})
    policy = POLICY.model_copy(update={"critical": at_once, "high": at_once})
    standing = Progress(level=level, began_at=BEGAN, rung=0, rang_at=None)
    roster = [lawyer(1), lawyer(2, on_call=False), COORDINATOR]
    found = decide(standing, roster, policy, BEGAN, place=KAZAKHSTAN)
    assert decide(standing, roster, policy, BEGAN - timedelta(milliseconds=700), place=KAZAKHSTAN) == found
    assert (found.coordinators == (9,)) is (level is not Level.normal)


@pytest.mark.parametrize("late", [5, 60, 60 * 24 * 30])
def test_overdue_means_now_however_late(late: int) -> None:
    """After an outage everything that should have rung by now rings at once."""
    roster = [lawyer(1), lawyer(2, on_call=False)]
    ((_, one),) = climb(roster, Level.critical, [late])
    assert one.lawyers == (1, 2)
    assert one.next_due_at is not None
    assert one.next_due_at <= BEGAN + timedelta(minutes=late + 5)


def test_an_empty_rung_is_skipped_at_once() -> None:
    """Nobody on call: everybody is rung now; only coordinators left: they are told now that nobody can be reached."""
    ((_, one),) = climb([lawyer(2, on_call=False), COORDINATOR], Level.critical, [0])
    assert (one.lawyers, one.coordinators, one.nobody) == ((2,), (), False)
    ((_, one),) = climb([lawyer(1, can_open=False), lawyer(2, passed=True), COORDINATOR], Level.critical, [0])
    assert (one.lawyers, one.coordinators, one.nobody) == ((), (9,), True)
    ((_, one),) = climb([], Level.critical, [0])
    assert one.nobody
    assert one.next_due_at is not None


@pytest.mark.parametrize("level", list(Level))
def test_a_clock_that_is_set_back_delays_nothing_that_has_rung(level: Level) -> None:
    """A rung that was reached stays reached."""
    steps = climb([lawyer(1), lawyer(2, on_call=False), COORDINATOR], level, [0, 300, -600])
    assert steps[2][1].rung == steps[1][1].rung


def at_hour(hour: int, day: int = 24) -> datetime:
    """That hour in Kazakhstan."""
    return datetime(2026, 11, day, hour, tzinfo=HERE)


def told(
    roster: list[Candidate],
    level: Level,
    now: datetime = BEGAN,
    *,
    began: datetime | None = None,
    rang: datetime | None = None,
    rung: int = 0,
    language: str | None = "kk",
    region: str | None = "west",
    hurry: bool = False,
) -> Decision:
    """One decision."""
    standing = Progress(level=level, began_at=began or now, rung=rung, rang_at=rang, language=language, region=region)
    return decide(standing, roster, POLICY, now, place=KAZAKHSTAN, hurry=hurry)


def speaking(
    number: int, *languages: str, regions: tuple[str, ...] = (), on_call: bool = True, **more: bool
) -> Candidate:
    """A lawyer with languages and regions."""
    return Candidate(
        id=number,
        role="lawyer",
        on_call=on_call,
        can_open=True,
        passed=False,
        languages=languages,
        regions=regions,
        **more,
    )


def test_a_critical_case_rings_everybody_on_duty_and_names_the_best_match_first() -> None:
    """Language counts before region; nobody is left out."""
    roster = [
        speaking(1, "ru", regions=("east",)),
        speaking(2, "ru", regions=("west",)),
        speaking(3, "kk", regions=("west",)),
    ]
    assert told(roster, Level.critical).lawyers == (3, 2, 1)


def test_what_is_less_urgent_goes_to_who_speaks_the_language_and_is_near() -> None:
    """A lawyer without a region fits every one; where nobody fits, everybody on duty is called."""
    roster = [
        speaking(1, "ru"),
        speaking(2, "kk", regions=("east",)),
        speaking(3, "kk"),
        speaking(4, "kk", regions=("east", "west")),
    ]
    assert told(roster, Level.high, at_hour(12)).lawyers == (3, 4)
    assert told(roster[:2], Level.high, at_hour(12)).lawyers == (2, 1)


def test_a_full_or_unproven_or_unreachable_lawyer_does_not_fill_a_rung() -> None:
    """At the cap only "all" rings; who has not confirmed is rung, not relied on; who cannot be reached is neither."""
    full, unproven, gone = speaking(1, full=True), speaking(2, proven=False), speaking(3, gone=True)
    other = speaking(4, on_call=False)
    assert told([full, other], Level.critical).lawyers == (1, 4)  # nobody else on duty: everybody at once
    assert told([full, speaking(5), other], Level.critical).lawyers == (5,)
    assert told([unproven, other], Level.critical).lawyers == (2, 4)
    assert told([gone, other], Level.critical).lawyers == (4,)
    nobody = told([gone, COORDINATOR], Level.critical)
    assert (nobody.nobody, nobody.coordinators, nobody.backstop) == (True, (9,), True)
    assert told([unproven, COORDINATOR], Level.critical).nobody  # rung all the same, and coordinators know
    assert told([unproven, COORDINATOR], Level.critical).lawyers == (2,)


def test_somebody_who_cannot_be_reached_brings_the_next_rung_at_once() -> None:
    """Also when others on the rung can be."""
    roster = [speaking(1), speaking(2, on_call=False), COORDINATOR]
    assert told(roster, Level.critical, rung=1, rang=BEGAN).lawyers == ()
    hurried = told(roster, Level.critical, rung=1, rang=BEGAN, hurry=True)
    assert (hurried.lawyers, hurried.rung) == ((1, 2), 2)
    assert told(roster, Level.critical, rung=4, rang=BEGAN, hurry=True).rung == 4


def test_the_backstop_comes_last() -> None:
    """After a quarter of an hour everybody hears it outside Telegram, too, at every ring."""
    roster = [speaking(1), COORDINATOR]
    fourteen, fifteen = (
        told(roster, Level.critical, BEGAN + timedelta(minutes=minute), began=BEGAN, rung=3, rang=BEGAN)
        for minute in (14, 15)
    )
    assert (fourteen.backstop, fifteen.backstop) == (False, True)


def test_what_is_said_quietly_at_night_is_said_aloud_in_the_morning() -> None:
    """High at 02:00 is sent without a sound; at 08:00 it rings, once."""
    roster = [speaking(1, "kk"), COORDINATOR]
    night = told(roster, Level.high, at_hour(2))
    assert night.lawyers == (1,)
    assert night.next_due_at == at_hour(3)  # everybody
    morning = told(roster, Level.high, at_hour(8), began=at_hour(2), rung=3, rang=at_hour(7))
    assert morning.rings
    assert not told(roster, Level.high, at_hour(9), began=at_hour(2), rung=3, rang=at_hour(8)).rings


def test_a_calm_case_waits_for_nine_and_comes_again_every_day() -> None:
    """Nobody is rung before; the list has it at nine, and the next day again; coordinators hear after two days."""
    roster = [speaking(1, "kk"), COORDINATOR]
    first = told(roster, Level.normal, at_hour(14))
    assert (first.lawyers, first.rings, first.next_due_at) == ((), False, at_hour(9, 25))
    nine = told(roster, Level.normal, at_hour(9, 25), began=at_hour(14))
    assert (nine.lawyers, nine.next_due_at) == ((1,), at_hour(9, 26))
    assert not told(roster, Level.normal, at_hour(10, 25), began=at_hour(14), rung=1, rang=at_hour(9, 25)).rings
    again = told(roster, Level.normal, at_hour(14, 26), began=at_hour(14), rung=1, rang=at_hour(9, 26))
    assert again.coordinators == (9,)


@given(
    level=st.sampled_from(list(Level)),
    minutes=st.lists(st.integers(0, 5000), min_size=1, max_size=12),
    people=st.lists(st.tuples(*[st.booleans()] * 6), max_size=5),
    hours=st.integers(0, 23),
)
def test_it_never_falls_silent_while_the_case_waits(
    level: Level, minutes: list[int], people: list[tuple[bool, ...]], hours: int
) -> None:
    """Whoever is there and whenever it is looked at: there is a next time, and it lies ahead."""
    roster = [
        Candidate(
            id=number,
            role="lawyer",
            on_call=one[0],
            can_open=one[1],
            passed=one[2],
            gone=one[3],
            proven=one[4],
            full=one[5],
        )
        for number, one in enumerate(people)
    ]
    began, rung, rang = at_hour(hours), 0, None
    for minute in sorted(minutes):
        now = began + timedelta(minutes=minute)
        standing = Progress(level=level, began_at=began, rung=rung, rang_at=rang)
        one = decide(standing, [*roster, COORDINATOR], POLICY, now, place=KAZAKHSTAN)
        assert one.next_due_at is not None
        assert one.next_due_at > now
        assert one.nobody or any(not who.gone for who in roster)
        rung, rang = one.rung, now if one.rings else rang
