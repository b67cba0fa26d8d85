"""A case that waits rises by itself when a deadline comes near, although the server can no longer read its answers."""

from datetime import UTC, datetime, timedelta

import msgspec

from bot.demo.instance import Instance
from bot.house import build
from bot.settings import load_settings
from storage.handoffs import Facts
from storage.writer import Connection

BEGAN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def test_the_level_rises_at_its_time_and_it_rings_again(instance: Instance) -> None:
    """High until the morning that was computed at submission, then critical; late is now; it happens once."""
    house = build(load_settings(instance.folder / "pana.toml", instance.environment))
    office = house.office
    rises = BEGAN + timedelta(days=3)
    facts = Facts(
        "high", (("H5", ()),), None, "ru", soonest=("K26", rises.date()), risings=((rises, "critical", "C9"),)
    )

    def call(connection: Connection) -> int:
        house.shelf.store(connection)
        case = office.cases.open(
            connection, chat_id=5, look_up=b"x" * 32, language="ru", revision=house.shelf.current.revision, now=BEGAN
        )
        office.desk.call(connection, case, facts, BEGAN)
        return case.row

    row = office.database.now(call)
    sooner = msgspec.structs.replace(facts, risings=((BEGAN + timedelta(minutes=10), "high", "H16"), *facts.risings))
    for one, due in ((sooner, BEGAN + timedelta(minutes=10)), (facts, None)):  # an answer brings it forward
        office.database.now(
            lambda connection, one=one: office.desk.changed(connection, office.cases.get(connection, row), one, BEGAN)
        )
        told = office.database.now(lambda connection: office.cases.handoffs.get(connection, row)).next_due_at
        assert told is not None
        assert due is None or told <= due

    def at(now: datetime) -> tuple[str, list[str]]:
        def tick(connection: Connection) -> tuple[str, list[str]]:
            for due in office.dispatch.outbox.take(connection, now):
                office.dispatch.outbox.sent(connection, due)
            office.desk.tick(connection, now)
            rung = [due.kind for due in office.dispatch.outbox.take(connection, now) if due.kind == "ring"]
            return office.cases.get(connection, row).level, rung

        return office.database.now(tick)

    assert at(rises - timedelta(minutes=1))[0] == "high"
    assert at(rises + timedelta(hours=9)) == ("critical", ["ring", "ring"])  # the process was away: overdue means now
    handoff = office.database.now(lambda connection: office.cases.handoffs.get(connection, row))
    assert (handoff.facts.reasons[0][0], handoff.facts.risings) == ("C9", ())
    assert handoff.next_due_at is not None
    office.database.close()
