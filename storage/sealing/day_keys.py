"""Keys of a day, which are destroyed when nobody needs them any more: what their homes have in common.

They rest in the key file, beside it in a folder of memory (storage/sealing/key_file.py), or sealed in the database
(storage/key_rows.py).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol

from storage.sealing.key_slots import Name

Needed = Callable[[], Collection[date]]


class DayKeys(Protocol):
    """Where keys of a day rest."""

    def known(self, name: Name) -> bytes | None:
        """A key as it was read last; None when it is not known."""

    def found(self, name: Name) -> bytes | None:
        """A key, read anew; None when it was destroyed, or never was."""

    def held(self, name: Name) -> bytes:
        """A key, made where there is none: it is kept before it is used."""

    def kept(self, name: Name) -> bytes | None:
        """A key as it rests now; None when it was destroyed."""

    def every(self, kind: str) -> Mapping[date, bytes]:
        """The keys of a kind, read anew."""

    def destroy(self, kind: str, over: Callable[[date], bool], needed: Needed) -> int:
        """Destroys the keys of a kind whose days are `over`; returns how many.

        `needed`: days whose keys stay all the same. It is asked only where there is anything to destroy, and from then
        on nobody else can come to need another one.
        """


def nothing_more() -> Collection[date]:
    """No key is needed."""
    return ()
