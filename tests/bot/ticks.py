"""What the watch does once a second, without a process: every due handoff, each as a change of its own."""

from datetime import datetime

from bot.wiring.core import Core
from storage import ladder_due


def tick(core: Core, at: datetime) -> None:
    """All that is due at a moment."""
    while rows := core.database.change(ladder_due.due, at=at):
        for row in rows:
            core.database.change(lambda tx, row=row: core.calls.look(tx, row), at=at)
