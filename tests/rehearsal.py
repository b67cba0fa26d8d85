"""Which changes run twice (storage/database.py): all of them, and in talks in process a sample that leaves no kind out.

In each process the first change of each kind is rehearsed: each press, each command, each row of the outbox, each job,
at each place that asks for it. Of those that follow, one in sixty-four is, the same ones in each run of a test. `make
both` rehearses all.
"""

import contextlib
import functools
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.speech.incoming import Pushed, Reach, Said
from storage import database
from storage.outbox import Due
from storage.tx import Tx

T = TypeVar("T")
ONE_IN = 64
Kind = tuple[object, ...]


class Sample:
    """What has been rehearsed in this process. Outside `begin` and `end` all is."""

    def __init__(self) -> None:
        self._met: set[Kind] = set()
        self._test: str | None = None
        self._number = 0

    def begin(self, test: str) -> None:
        """A test begins."""
        self._test, self._number = None if os.environ.get("BOTH") else test, 0

    def end(self) -> None:
        """All is rehearsed again."""
        self._test = None

    def takes(self, change: Callable[..., object]) -> bool:
        """Whether this change is rehearsed."""
        if self._test is None:
            return True
        kind = kind_of(change)
        self._number += 1
        if kind not in self._met:
            self._met.add(kind)
            return True
        return zlib.crc32(f"{self._test} {self._number}".encode()) % ONE_IN == 0


SAMPLE = Sample()


def committed(kept: database.Database, change: Callable[[Tx], T], at: datetime) -> T:
    """A change as the running bot has it committed (storage/writer.py), rehearsed if it is in the sample."""
    (answer,) = together(kept, [change], at)
    return answer


def together(kept: database.Database, changes: Sequence[Callable[[Tx], T]], at: datetime) -> list[T]:
    """Changes in one transaction, rehearsed if one of them is in the sample; raises the error of the first that fails.

    Then what the others did is kept.
    """
    batch = [database.Pending(change, at) for change in changes]
    if batch:
        with sampled(*changes):
            kept.run_batch(batch)
    for pending in batch:
        if pending.error is not None:
            raise pending.error
    return [pending.answer for pending in batch]


@contextlib.contextmanager
def sampled(*changes: Callable[..., object]) -> Iterator[None]:
    """While these changes run, they are rehearsed if one is in the sample; never where nothing is."""
    before = database.REHEARSED
    chosen = [SAMPLE.takes(change) for change in changes] if before else []
    database.REHEARSED = any(chosen)
    try:
        yield
    finally:
        database.REHEARSED = before


def kind_of(change: Any) -> Kind:
    """Where it was written, and what kind of thing was heard, or is to be sent, in it."""
    given: list[object] = []
    while isinstance(change, functools.partial):
        given += [*change.args, *change.keywords.values()]
        change = change.func
    function = getattr(change, "__func__", change)
    given += [*(function.__defaults__ or ()), *(cell.cell_contents for cell in function.__closure__ or ())]
    return function.__code__, *filter(None, map(_word, given))


def _word(given: object) -> str | None:
    match given:
        case Pushed(data=data):
            verb, *about = data.split(".")[:-1]  # then its MAC
            return " ".join((verb, *(one for one in about if len(verb) > 1 and one.isalpha() and one.islower())))
        case Said(text=text):
            return text.split()[0] if text.startswith("/") else "said"
        case Reach(here=here):
            return f"here: {here}"
        case Due(kind=kind, args=args):
            return f"{kind} {args.get('what')}"
        case _ if callable(given):
            return str(getattr(given, "__qualname__", ""))
    return None
