"""Times rest no finer than they must, and nothing comes early for it: a microsecond leads to an update of Telegram."""

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, DateTime, literal, select, text

from flows.facts import Facts
from flows.model import Level
from storage import ladder_due
from storage.case import Waiting
from storage.cases import Cases
from storage.database import Database
from storage.migrate import migrate
from storage.outbox import Outbox, RowKind
from storage.schema import DAY, HOUR, MINUTE, SECOND, Moment, Past, metadata
from storage.tx import Tx
from tests.cases import handoff
from tests.storage.test_record import NOW, cases, database, fill

__all__ = ["cases", "database"]  # fixtures
MODEL = Path(__file__).parent.parent.parent / "docs" / "threat-model.md"
MICROSECOND = timedelta(microseconds=1)
# How coarse each time rests: what only tells when something was is rounded down, what is due or counted from is not.
UP = {
    SECOND: (
        "intake.call_due_at intake.touched_at intake.expires_at intake.warned_at member.reach_asked_at "
        "member.reach_confirmed_at "
        "handoff.began_at handoff.next_due_at handoff.lease_until handoff.backstop_at handoff.code_until "
        "handoff.quiet_until contact.spoke_at contact.asked_at contact.raised_at contact.ending_at relay.at "
        "relay.shown_at writing.at alert.outside_at on_until.ends_at handed.begins_at handed.ends_at swap.begins_at "
        "swap.ends_at list_card.rang_at delivered.at suspending.at undoing.ends_at account.since account.rang_at "
        "account.told_at invite.expires_at trouble.next_at trouble.at trouble.told_at outbox.next_at turn.until "
        "outbox.taken_until sent_file.sent_at sent_file.next_at sent_file.taken_until"
    ),
    MINUTE: "case_file.erase_at practice.began_at",
    HOUR: "set_aside.at waiting_update.at case_file.closed_at",
    DAY: "seen_update.at member.joined_at muted.at",
}
DOWN = {
    SECOND: (
        "case_file.claimed_at case_file.contacted_at handoff.rang_at contact.seen_at on_until.begins_at in_chat.at "
        "taken.at seen_time.at shown.at"
    ),
    MINUTE: "alert.at alert.told_at",
    DAY: (
        "member.met_at member.gone_at member.practised_at contact.acted_at contact.unreached_at swap.at rota.at "
        "offer.accepted_at offer.at instance_key.lost_at lost_word.replaced_at"
    ),
}
WANTED = {
    name: (whole, down)
    for down, table in ((False, UP), (True, DOWN))
    for whole, names in table.items()
    for name in names.split()
}


def times() -> dict[str, Column[datetime]]:
    """Every column that holds a time."""
    return {
        f"{table.name}.{column.name}": column
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(getattr(column.type, "impl", column.type), DateTime)
    }


def test_every_time_rests_as_coarse_as_this_table_says() -> None:
    """A new column is a line here, with a reason to be finer than a day; none is finer than a second."""
    found = {
        name: (column.type.whole, isinstance(column.type, Past)) if isinstance(column.type, Moment) else None
        for name, column in times().items()
    }
    assert found == WANTED


def test_the_threat_model_names_what_rests_coarser_than_a_second() -> None:
    """A line each for a day, an hour and a minute."""
    rows = re.findall(r"^\| (a day|an hour|a minute) \| (.*) \|$", MODEL.read_text(), re.MULTILINE)
    said = {words: sorted(names.replace("`", "").split(", ")) for words, names in rows}
    coarse = {"a day": DAY, "an hour": HOUR, "a minute": MINUTE}
    assert said == {
        words: sorted(name for name, (one, _) in WANTED.items() if one == whole) for words, whole in coarse.items()
    }


def test_what_a_column_keeps_of_a_moment_is_whole_and_on_the_right_side(database: Database) -> None:
    """Through the driver, for every column: never before what is due, never after what was; whole ones stay as is."""
    chance = random.Random(7)
    moments = [NOW, NOW + MICROSECOND, NOW - MICROSECOND, datetime(2026, 12, 31, 23, 59, 59, 999_999, UTC)]
    moments += [NOW + timedelta(seconds=chance.uniform(-1e6, 1e6)) for _ in range(5)]

    def look(tx: Tx) -> None:
        for name, column in times().items():
            whole, down = WANTED[name]
            for at in moments:
                kept = tx.execute(select(literal(at, column.type))).scalar_one()
                assert (kept - datetime(2020, 1, 1, tzinfo=UTC)) % whole == timedelta(), name
                assert (at - whole < kept <= at) if down else (at <= kept < at + whole), name
                assert tx.execute(select(literal(kept, column.type))).scalar_one() == kept, name

    database.change(look)


@pytest.mark.parametrize("apart", [timedelta(), MICROSECOND, timedelta(milliseconds=300), SECOND - MICROSECOND])
def test_nothing_is_due_early_no_lease_ends_early_and_what_is_due_at_once_waits_for_no_second(
    database: Database, cases: Cases, apart: timedelta
) -> None:
    """Begun at any part of a second: looked at just before its time and at the next whole second."""
    begun, outbox, lease = NOW + apart, Outbox(cases.ring), timedelta(minutes=15)

    def begin(tx: Tx) -> Waiting:
        case = cases.hand_over(tx, fill(tx, cases, []), Facts(level=Level.critical, language="kk"))
        outbox.put(tx, RowKind.ring, member_id=1, key="at once")
        outbox.put(tx, RowKind.list, member_id=1, at=tx.now + timedelta(seconds=5), key="later")
        return case

    case = database.change(begin, at=begun)
    assert database.change(ladder_due.due, at=begun) == [case.row]
    assert [one.kind for one in database.change(outbox.take, at=begun)] == ["ring"]
    assert database.change(outbox.take, at=begun + timedelta(seconds=5) - MICROSECOND) == []
    assert [one.kind for one in database.change(outbox.take, at=begun + timedelta(seconds=6))] == ["list"]
    database.change(lambda tx: cases.handoffs.set_lease(tx, case, lease), at=begun)
    until = handoff(database.read(lambda tx: cases.get(tx, case.row))).lease_until
    assert until is not None and begun + lease <= until < begun + lease + SECOND
    ask = begun + lease * 2 / 3
    assert database.change(ladder_due.due, at=ask - MICROSECOND) == []
    assert database.change(ladder_due.due, at=ask + SECOND) == [case.row]


def test_times_of_before_are_made_whole(database_url: str) -> None:
    """By the step that brings the tables up to date; what is due is still due, and no earlier."""
    database = Database(database_url)
    migrate(database, "0012")
    fine = "2026-11-24 09:00:00.123456"
    rows = (
        f"INSERT INTO seen_update (update_id, at) VALUES (7, '{fine}')",
        f"INSERT INTO seen_time (id, at) VALUES (1, '{fine}')",
        "INSERT INTO trouble (what, which, error_class, tries, next_at, at)"
        f" VALUES ('outbox', '1', 'E', 1, '{fine}', '{fine}'), ('outbox', '2', 'E', 1, NULL, '{fine[:19]}')",
    )
    database.change(lambda tx: [tx.execute(text(row)) for row in rows])
    migrate(database)

    def look(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
        tables = [metadata.tables[name] for name in ("seen_update", "seen_time", "trouble")]
        wanted = {one.name: [column for column in one.columns if isinstance(column.type, Moment)] for one in tables}
        return {
            name: [tuple(row) for row in tx.execute(select(*some).order_by(some[-1 if len(some) == 1 else 1]))]
            for name, some in wanted.items()
        }

    found = database.read(look)
    database.close()
    assert found == {
        "seen_update": [(datetime(2026, 11, 25, tzinfo=UTC),)],
        "seen_time": [(NOW,)],
        "trouble": [(None, NOW, None), (NOW + SECOND, NOW + SECOND, None)],
    }
