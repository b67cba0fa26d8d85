"""Plans in memory: a calendar is worked out once, and what could not be is tried again ever more seldom."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.handoff.rota.plan import AHEAD, BACK, Plan
from bot.handoff.rota.plans import MOST_KEPT, STALE_AFTER, TOO_MUCH, Plans

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Work:
    """Stands for the other process: counts, and fails when it is told to."""

    fails: bool = False
    at: list[datetime] = field(default_factory=list)

    def __call__(self, _: bytes, around: datetime) -> Plan | None:
        self.at.append(around)
        return None if self.fails else Plan(begins=around - BACK, ends=around + AHEAD)


def test_a_file_is_worked_out_once_and_again_when_its_days_have_moved_on() -> None:
    """Each look, each minute's judging and each change find what is there."""
    plans = Plans(work := Work())
    for moment in (NOW, NOW + MINUTE, NOW + STALE_AFTER - MINUTE, NOW + STALE_AFTER):
        prepared = plans.prepare(b"file", moment)
        assert prepared.plan.refused is None
    assert work.at == [NOW, NOW + STALE_AFTER]
    found = plans.of(prepared.sha256, NOW + timedelta(days=30))
    assert found is not None
    assert found.begins == NOW + STALE_AFTER - BACK
    assert plans.of(prepared.sha256, NOW + timedelta(days=90)) is None


def test_what_takes_too_much_is_tried_again_with_a_growing_pause() -> None:
    """A file that holds a core for a second must not do it each second."""
    plans = Plans(work := Work(fails=True))
    for minute in range(4 * 60):
        assert plans.prepare(b"file", NOW + minute * MINUTE).plan.refused == TOO_MUCH
    assert [(one - NOW) // MINUTE for one in work.at] == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    work.fails = False
    assert plans.prepare(b"file", NOW + timedelta(hours=5)).plan.refused is None


def test_a_rota_that_fails_when_its_days_have_moved_on_keeps_what_was_known_of_it() -> None:
    """The last good plan reaches sixty days ahead."""
    plans = Plans(work := Work())
    plans.prepare(b"file", NOW)
    work.fails = True
    assert plans.prepare(b"file", NOW + timedelta(days=20)).plan.begins == NOW - BACK
    assert plans.prepare(b"file", NOW + timedelta(days=70)).plan.refused == TOO_MUCH


def test_a_clock_that_was_set_back_does_not_stretch_a_pause() -> None:
    """Nor does one that was set ahead."""
    plans = Plans(work := Work(fails=True))
    for moment in (NOW, NOW - timedelta(days=300), NOW + timedelta(days=300)):
        plans.prepare(b"file", moment)
    assert len(work.at) == 3


def test_what_is_asked_for_outlives_what_is_not() -> None:
    """Memory holds a few plans: a file saved many times does not push the rota in force out."""
    plans = Plans(Work())
    in_force = plans.prepare(b"in force", NOW).sha256
    for number in range(3 * MOST_KEPT):
        plans.prepare(b"file %d" % number, NOW)
        assert plans.of(in_force, NOW) is not None
