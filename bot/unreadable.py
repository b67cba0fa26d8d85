"""How many rows of each table cannot be read: for `pana doctor`, and for the coordinators."""

from collections.abc import Mapping

from bot.office import Office
from storage.tx import Reading


def unreadable(office: Office, reading: Reading) -> Mapping[str, int]:
    """Table -> how many of its rows do not open; tables without one are left out. Opens every row once."""
    found: dict[str, int] = {}
    for store in (
        office.members,
        office.cases,
        office.cases.handoffs,
        office.intakes,
        office.relay,
        office.invites,
        office.queue.outbox,
        office.duty.duties,
    ):
        for table, count in store.unreadable(reading).items():
            if count:
                found[table] = found.get(table, 0) + count
    return found
