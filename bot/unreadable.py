"""How many rows of each table cannot be read: for `pana doctor`, and for the coordinators."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from storage.tx import Reading


class Sealed(Protocol):
    """Keeps sealed rows."""

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""


def unreadable(stores: Iterable[Sealed], reading: Reading) -> Mapping[str, int]:
    """Table -> how many of its rows do not open; tables without one are left out. Opens every row once."""
    found: dict[str, int] = {}
    for store in stores:
        for table, count in store.unreadable(reading).items():
            if count:
                found[table] = found.get(table, 0) + count
    return found
