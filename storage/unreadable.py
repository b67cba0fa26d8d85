"""Rows that cannot be read: one damaged byte, or a key that is gone, is that row's affair and nobody else's.

Whoever reads many rows goes on without such a one; whoever needs this very row hears `Unreadable`. `pana doctor` and
the coordinators hear how many there are.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from storage.errors import NotKept, Unreadable
from storage.sealing.errors import BadKeyFile, SealingError

T = TypeVar("T")
Row = TypeVar("Row")


@contextlib.contextmanager
def reading(table: str) -> Iterator[None]:
    """Around the opening of one row: whatever is wrong with its bytes is raised as Unreadable.

    A key file that cannot be read at this moment is not the row's fault: that is NotKept.
    """
    try:
        yield
    except BadKeyFile:
        raise NotKept("BadKeyFile") from None
    except (SealingError, msgspec.MsgspecError, ValueError, TypeError, AttributeError):
        raise Unreadable(table) from None


def readable(rows: Iterable[Row], read: Callable[[Row], T]) -> list[T]:
    """What can be read of many rows, in their order."""
    found = []
    for row in rows:
        with contextlib.suppress(Unreadable):
            found.append(read(row))
    return found


def unreadable(rows: Iterable[Row], read: Callable[[Row], object]) -> int:
    """How many of many rows cannot be read."""
    found = 0
    for row in rows:
        try:
            read(row)
        except Unreadable:
            found += 1
    return found
