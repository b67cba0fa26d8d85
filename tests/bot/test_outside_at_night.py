"""Who is woken outside Telegram: a bot's message does not pass "do not disturb", an e-mail or push may."""

from datetime import timedelta

import pytest

from flows.facts import Facts
from flows.model import Level
from storage.tx import Tx
from tests.bot.stage import Stage, stage

__all__ = ["stage"]  # a fixture
BY_DAY, AT_NIGHT = timedelta(), timedelta(hours=12)  # 14:00 and 02:00 in Kazakhstan


@pytest.mark.parametrize(
    ("level", "later", "said"),
    [
        (Level.critical, BY_DAY, 1),
        (Level.critical, AT_NIGHT, 1),
        (Level.high, BY_DAY, 1),
        (Level.high, AT_NIGHT, 0),
    ],
)
async def test_at_night_only_what_is_critical_is_said_outside(
    stage: Stage, level: Level, later: timedelta, said: int
) -> None:
    """A high case is rung silently then, and said aloud in the morning."""
    stage.wait(later.total_seconds())
    core = stage.pana.core

    def call(tx: Tx) -> None:
        aigul = core.members.get(tx, 1)
        core.members.set_about(tx, aigul, languages=["ru"], regions=(), email="aigul@example.org", push=None)
        revision = stage.pana.questionnaires.current.revision
        case = core.cases.chain.open(tx, chat_id=900, look_up=b"x" * 32, language="ru", revision=revision)
        core.calls.call(tx, case, Facts(level=level, language="ru"))

    stage.change(call)
    rung = stage.ask("SELECT id FROM outbox WHERE kind IN ('ring', 'rings') AND member_id = 1")
    outside = stage.ask("SELECT id FROM outbox WHERE kind = 'outside' AND member_id = 1")
    assert (len(rung), len(outside)) == (1, said)
