"""What the watch does once a second, without a process: every due handoff, each as a change of its own."""

from datetime import datetime

from bot.office import Office


def tick(office: Office, at: datetime) -> None:
    """All that is due at a moment."""
    handoffs = office.cases.handoffs
    while rows := office.database.change(handoffs.due, at=at):
        for row in rows:
            office.database.change(lambda tx, row=row: office.calls.look(tx, row), at=at)
