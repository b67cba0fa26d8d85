"""Which changes run twice (storage/database.py): in a run of the suite a sample that leaves no kind out.

The first change of each kind is rehearsed, whichever process of the run meets it: each press, each command, each row
of the outbox, each job, at each place that asks for it. Of those that follow, one in sixty-four is; in talks in process
the same ones in each run of a test. `make both` rehearses all, and the tests of storage always do.
"""

import contextlib
import functools
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import CellType
from typing import Any, TypeVar

from bot.speech.incoming import Pushed, Reach, Said
from storage import database
from storage.outbox import Due
from storage.tx import Tx

T = TypeVar("T")
ONE_IN = 64
Kind = tuple[str, ...]


class Sample:
    """What is rehearsed in one test. `folder`: where the processes of a run tell one another what they have met."""

    def __init__(self, test: str, folder: Path) -> None:
        self._test, self._folder = test, folder
        self._number = 0

    def __call__(self, batch: Sequence[database.Pending]) -> bool:
        """Whether these changes are rehearsed, which run together: if one of them is in the sample."""
        return bool(sum(self.takes(pending.change) for pending in batch))  # each of them is met

    def takes(self, change: Callable[..., object]) -> bool:
        """Whether this change is in the sample."""
        self._number += 1
        return _first_of(kind_of(change), self._folder) or (
            zlib.crc32(f"{self._test} {self._number}".encode()) % ONE_IN == 0
        )


_met: set[tuple[Path, Kind]] = set()


def _first_of(kind: Kind, folder: Path) -> bool:
    if (folder, kind) in _met:
        return False
    _met.add((folder, kind))
    folder.mkdir(exist_ok=True)
    try:
        (folder / hashlib.sha256(repr(kind).encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:  # another process has met it
        return False
    return True


def rule(told: Sequence[str] | bool) -> Callable[[Sequence[database.Pending]], bool]:
    """What is rehearsed: all, nothing, or a sample of a test, of which its name and the folder of the run are told."""
    if isinstance(told, bool):
        return lambda _batch: told
    test, folder = told
    return Sample(test, Path(folder))


def rehearsed(test: str, marks: Sequence[str], folder: Path) -> Sequence[str] | bool:
    """What is rehearsed in a test with these marks."""
    if "timed" in marks or "once" in marks:
        return False
    return bool(os.environ.get("BOTH")) or test.startswith("tests/storage/") or (test, str(folder))


@contextlib.contextmanager
def rehearsing(told: Sequence[str] | bool) -> Iterator[None]:
    """In this process, meanwhile."""
    before, database.rehearses = database.rehearses, rule(told)
    try:
        yield
    finally:
        database.rehearses = before


def committed(kept: database.Database, change: Callable[[Tx], T], at: datetime) -> T:
    """A change as the running bot has it committed (storage/writer.py)."""
    (answer,) = together(kept, [change], at)
    return answer


def together(kept: database.Database, changes: Sequence[Callable[[Tx], T]], at: datetime) -> list[T]:
    """Changes in one transaction; raises the error of the first that fails, and what the others did is kept."""
    batch = [database.Pending(change, at) for change in changes]
    if batch:
        kept.run_batch(batch)
    for pending in batch:
        if pending.error is not None:
            raise pending.error
    return [pending.answer for pending in batch]


def kind_of(change: Any) -> Kind:
    """Where it was written, and what kind of thing was heard, or is to be sent, in it. The same in every process."""
    given: list[object] = []
    while isinstance(change, functools.partial):
        given += [*change.args, *change.keywords.values()]
        change = change.func
    function = getattr(change, "__func__", change)
    if not hasattr(function, "__code__"):  # an object that can be called
        function = type(function).__call__
    code = function.__code__
    given += [*(function.__defaults__ or ()), *map(_held, function.__closure__ or ())]
    return code.co_filename, str(code.co_firstlineno), code.co_qualname, *filter(None, map(_word, given))


def _held(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # nothing has been put there yet
        return None


def _word(given: object) -> str | None:
    match given:
        case Pushed(data=data):
            verb, *about = data.split(".")[:-1] or [""]  # then its MAC
            return " ".join((verb, *(one for one in about if len(verb) > 1 and one.isalpha() and one.islower())))
        case Said(text=text):
            return next(iter(text.split()), "") if text.startswith("/") else "said"
        case Reach(here=here):
            return f"here: {here}"
        case Due(kind=kind, args=args):
            return f"{kind} {args.get('what')}"
        case _ if callable(given):
            return str(getattr(given, "__qualname__", ""))
    return None
