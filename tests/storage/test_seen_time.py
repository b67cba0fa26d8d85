"""The last wall time that was seen: a clock that is set back delays nothing; what belongs together moves at once."""

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from flows.facts import Facts
from flows.model import Level
from storage.cases import Cases
from storage.database import Database
from storage.delivered import Delivered
from storage.outbox import TAKEN_FOR, Outbox, RowKind
from storage.seen_time import see, set_back
from storage.tx import Tx
from tests.cases import handoff
from tests.storage.test_record import NOW, cases, database, fill
from tests.whole import WHOLE

__all__ = ["cases", "database"]  # fixtures
HOUR, LEASE = timedelta(hours=1), timedelta(minutes=15)
TIMES = {
    "case_file": ("claimed_at",),
    "handoff": ("began_at", "rang_at", "next_due_at", "lease_until"),
    "alert": ("at", "outside_at"),
    "delivered": ("at",),
    "outbox": ("next_at",),
}


@pytest.fixture
def claimed(database: Database, cases: Cases) -> None:
    """A case that was rung, taken and delivered, and a message that is due."""

    def change(tx: Tx) -> None:
        lawyer, other = cases.chain.members.all(tx)
        case = fill(tx, cases, [])
        waits = cases.hand_over(tx, case, Facts(level=Level.critical, language="kk"))
        cases.handoffs.climbed(tx, waits, rung=1, rang_at=NOW, next_due_at=NOW)
        for one in (lawyer, other):
            cases.alerted.keep(tx, case.row, one.id, at=NOW, outside_at=NOW)
            for message_id in (7, 8):
                Delivered().keep(tx, one.id, message_id, case.row)
        cases.claims.claim(tx, waits, lawyer, LEASE)
        Outbox(cases.ring).put(tx, RowKind.ring, at=NOW + LEASE, member_id=other.id, key="ring")

    database.change(change, at=NOW)


def times(database: Database) -> dict[str, list[datetime]]:
    """Every time that the bot's work goes by, of each table."""

    def look(tx: Tx) -> dict[str, list[datetime]]:
        return {
            table: [
                datetime.fromisoformat(str(value))
                for row in tx.execute(text(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1")).all()
                for value in row
            ]
            for table, names in TIMES.items()
        }

    return database.change(look)


def test_what_is_due_moves_with_a_clock_that_is_set_back(database: Database, claimed: None) -> None:
    """By an hour, once, however often it is looked; a claim's beginning stays before the end of its lease."""
    before = times(database)
    steps = [
        (NOW, timedelta()),
        (NOW + timedelta(seconds=5), timedelta()),
        (NOW + timedelta(seconds=4), timedelta()),  # a second back is no step
        (NOW + timedelta(seconds=5) - HOUR, HOUR),
        (NOW + timedelta(seconds=9) - HOUR, timedelta()),
        (NOW + timedelta(days=3), timedelta()),
    ]
    for now, back in steps:
        assert database.change(lambda tx, now=now: see(tx, shared=False), at=now) == back
    after = times(database)
    assert all(before.values())
    assert after == {table: [one - HOUR for one in found] for table, found in before.items()}


def test_a_step_that_the_running_bot_has_followed_is_not_followed_again(database: Database, claimed: None) -> None:
    """The watch of the process sees it within a second, the row of the last time within ten."""
    before = times(database)
    database.change(lambda tx: see(tx, shared=False), at=NOW)
    database.change(lambda tx: set_back(tx, HOUR), at=NOW - HOUR)
    assert database.change(lambda tx: see(tx, shared=False), at=NOW - HOUR) == timedelta()
    assert times(database)["handoff"] == [one - HOUR for one in before["handoff"]]


def test_clocks_of_several_machines_may_differ_by_a_minute(database: Database, claimed: None) -> None:
    """Nothing moves when one machine is a little behind another."""
    before = times(database)
    for seconds in (60, 5, 55, 0):
        now = NOW + timedelta(seconds=seconds)
        assert database.change(lambda tx, now=now: see(tx, shared=True), at=now) == timedelta()
    assert times(database) == before


@pytest.mark.parametrize("taken_by_a_wrong_clock", [False, True])
def test_what_is_on_its_way_does_not_go_out_twice_because_the_clock_was_set(
    database: Database, cases: Cases, claimed: None, taken_by_a_wrong_clock: bool
) -> None:
    """It stays in hand for as long as any row; should its process have died, it is taken again after that."""
    outbox, back, due = Outbox(cases.ring), timedelta(days=200), NOW + LEASE
    wrong = due + back
    assert len(database.change(outbox.take, at=wrong if taken_by_a_wrong_clock else due)) == 1
    database.change(lambda tx: set_back(tx, back), at=due)
    assert database.change(outbox.take, at=due + timedelta(seconds=1)) == []
    assert len(database.change(outbox.take, at=due + TAKEN_FOR)) == 1


# Seconds since it rang, and by how much the clock is set back; in the suite each of them with two of the others.
RANG, BACK = (1, 40, 119), (timedelta(seconds=2), timedelta(seconds=30), timedelta(hours=1), timedelta(days=200))
SET_BACK = [(rang, back) for at, (rang, back) in enumerate(itertools.product(RANG, BACK)) if WHOLE or at % 3 != 1]


@pytest.mark.parametrize(("rang", "back"), SET_BACK)
def test_a_ladder_rings_no_later_however_little_the_clock_is_set_back(
    database: Database, cases: Cases, rang: int, back: timedelta
) -> None:
    """It rang a moment ago and rings again two minutes after that; what is due and what it counts from go together."""
    rang_at, again = NOW - timedelta(seconds=rang), NOW + timedelta(seconds=120 - rang)

    def waits(tx: Tx) -> int:
        case = fill(tx, cases, [])
        waits = cases.hand_over(tx, case, Facts(level=Level.critical, language="kk"))
        cases.handoffs.climbed(tx, waits, rung=1, rang_at=rang_at, next_due_at=again)
        return case.row

    row = database.change(waits, at=NOW - timedelta(minutes=7))
    database.change(lambda tx: set_back(tx, back), at=NOW - back)
    found = handoff(database.read(lambda tx: cases.get(tx, row)))
    assert found.next_due_at is not None
    assert found.rang_at is not None
    assert found.next_due_at == again - back
    assert found.next_due_at - found.rang_at <= timedelta(seconds=120)
    assert found.began_at <= NOW - timedelta(minutes=7) - back
