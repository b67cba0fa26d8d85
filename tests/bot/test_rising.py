"""A case that waits rises by itself when a deadline comes near, although the server can no longer read its answers."""

from datetime import UTC, datetime, timedelta

import msgspec

from bot.demo.instance import Instance
from bot.settings import load_settings
from bot.wiring.pana import Pana, open_pana
from flows.facts import Facts, Rising
from flows.model import Level, Reason, RuleId
from storage.tx import Tx
from tests.cases import handoff
from tests.talks.talks import tick

BEGAN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def rising(at: datetime, level: Level, rule: str) -> Rising:
    """A level that will be reached."""
    return Rising(at, level, RuleId(rule))


def calm(level: Level, rule: str, *ahead: Rising) -> Facts:
    """What may be said of a case before its level rises."""
    return Facts(level=level, reasons=(Reason(RuleId(rule), ()),), language="ru", risings=ahead)


def waiting(pana: Pana, facts: Facts) -> int:
    """The row of a case that waits with these facts."""

    def call(tx: Tx) -> int:
        pana.questionnaires.store(tx)
        case = pana.core.cases.chain.open(
            tx, chat_id=5, look_up=b"x" * 32, language="ru", revision=pana.questionnaires.current.revision
        )
        pana.core.calls.call(tx, case, facts)
        return case.row

    return pana.core.database.change(call, at=BEGAN)


def test_the_level_rises_at_its_time_and_it_rings_again(instance: Instance) -> None:
    """High until the morning that was computed at submission, then critical; late is now; it happens once."""
    pana = open_pana(load_settings(instance.folder / "pana.toml", instance.environment))
    core = pana.core
    rises = BEGAN + timedelta(days=3)
    facts = calm(Level.high, "H5", rising(rises, Level.critical, "C9"))
    row = waiting(pana, facts)
    sooner = msgspec.structs.replace(
        facts, risings=(rising(BEGAN + timedelta(minutes=10), Level.high, "H16"), *facts.risings)
    )
    for one, due in ((sooner, BEGAN + timedelta(minutes=10)), (facts, None)):  # an answer brings it forward
        core.database.change(
            lambda tx, one=one: core.calls.bring_up_to_date(tx, core.cases.get(tx, row), one), at=BEGAN
        )
        told = handoff(core.database.change(lambda tx: core.cases.get(tx, row))).next_due_at
        assert told is not None
        assert due is None or told <= due

    def at(now: datetime) -> tuple[str, list[str]]:
        def settle(tx: Tx) -> list[str]:
            due = core.queue.outbox.take(tx)
            for one in due:
                core.queue.outbox.sent(tx, one)
            return [one.kind for one in due if one.kind == "ring"]

        core.database.change(settle, at=now)
        tick(core, now)
        rung = core.database.change(settle, at=now)
        return core.database.read(lambda tx: core.cases.get(tx, row).level), rung

    assert at(rises - timedelta(minutes=1))[0] == "high"
    assert at(rises + timedelta(hours=9)) == ("critical", ["ring", "ring"])  # the process was away: overdue means now
    found = handoff(core.database.change(lambda tx: core.cases.get(tx, row)))
    assert (found.facts.reasons[0].rule, found.facts.risings) == ("C9", ())
    assert found.next_due_at is not None
    core.database.close()


def test_of_several_that_are_due_the_gravest_counts_and_no_level_falls(instance: Instance) -> None:
    """A case that was opened again has the risings of both; one that is less grave than the case is past."""
    pana = open_pana(load_settings(instance.folder / "pana.toml", instance.environment))
    core, first = pana.core, BEGAN + timedelta(days=3)
    later = first + timedelta(days=2)
    ahead = (
        rising(first, Level.critical, "C9"),
        rising(first, Level.high, "H5"),
        rising(later, Level.high, "H5"),
    )
    facts = calm(Level.normal, "N1", *ahead)
    row = waiting(pana, facts)
    for now in (first, later):
        tick(core, now)
        assert core.database.change(lambda tx: core.cases.get(tx, row)).level == "critical"
    core.database.close()
