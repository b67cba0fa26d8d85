"""The ladder by night, beside full hands and silent phones: decided from rows alone."""

from datetime import UTC, datetime, timedelta

from bot.handoff.ladder import Candidate, Decision, Progress, decide, matches
from bot.settings import Ladder
from flows.model import Level
from tests.places import KAZAKHSTAN

NIGHT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # one in the morning in Kazakhstan
DAY = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
POLICY = Ladder()


def lawyer(
    number: int, *languages: str, full: bool = False, proven: bool = True, regions: tuple[str, ...] = ()
) -> Candidate:
    """A lawyer on duty."""
    return Candidate(
        id=number,
        role="lawyer",
        on_call=True,
        can_open=True,
        passed=False,
        languages=languages,
        regions=regions,
        full=full,
        proven=proven,
    )


def at(
    now: datetime,
    *roster: Candidate,
    level: Level = Level.high,
    rung: int = 0,
    rang_at: datetime | None = None,
    language: str | None = None,
) -> Decision:
    """What is decided for a case of the night."""
    progress = Progress(level=level, began_at=NIGHT, rung=rung, rang_at=rang_at, language=language)
    return decide(progress, roster, POLICY, now, place=KAZAKHSTAN)


def test_what_was_said_quietly_at_night_is_said_aloud_in_the_morning() -> None:
    """The ladder is looked at again when the morning comes, and rings then whatever its next rung is."""
    assert KAZAKHSTAN.is_night(NIGHT)
    first = at(NIGHT, lawyer(1))
    assert first.rings
    morning = KAZAKHSTAN.next_morning(NIGHT)
    assert first.next_due_at is not None
    assert first.next_due_at <= morning
    last, quietly = len(POLICY.high.rungs), morning - timedelta(minutes=20)
    assert at(morning - timedelta(seconds=1), lawyer(1), rung=last, rang_at=quietly).next_due_at == morning
    assert at(morning, lawyer(1), rung=last, rang_at=quietly).rings
    assert not at(morning, lawyer(1), rung=last, rang_at=morning).rings


def test_who_holds_as_many_cases_as_they_should_is_not_rung_first() -> None:
    """As long as somebody on duty has a hand free."""
    assert at(DAY, lawyer(1, full=True), lawyer(2), level=Level.critical).lawyers[:1] == (2,)


def test_where_nobody_speaks_the_language_whoever_is_on_duty_is_called() -> None:
    """Nobody is worse than somebody with an interpreter."""
    found = at(NIGHT, lawyer(1, "en"), language="kk")
    assert found.lawyers == (1,)
    assert found.rung == at(NIGHT, lawyer(1, "kk"), language="kk").rung  # that rung is not empty


def test_the_language_counts_more_than_the_region() -> None:
    """A lawyer can drive, a person cannot learn a language in a night."""
    speaks, near = lawyer(1, "kk", regions=("a",)), lawyer(2, "en", regions=("b",))
    assert matches(speaks, "kk", "b") > matches(near, "kk", "b")


def test_a_phone_that_did_not_answer_its_last_test_is_not_counted_on() -> None:
    """It is rung, and the next rung as well at once."""
    off = Candidate(id=2, role="lawyer", on_call=False, can_open=True, passed=False)
    found = at(NIGHT, lawyer(1, proven=False), off, level=Level.critical)
    assert set(found.lawyers) == {1, 2}
