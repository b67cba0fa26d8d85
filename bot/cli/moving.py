"""What exporting, opening and sharing have in common: much is moved, bit by bit, and somebody may be looking on."""

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from storage.bundle import BundleCase, SealedFile
from storage.files import make_folder, new_file
from storage.taken_out import Taking

STEP = 4 * 1024**2  # bytes
_WIDE = 30
_CODE = re.compile(r"[0-9A-Za-z-]{1,40}")


class Bar:
    """How far something is, on standard error of a terminal; elsewhere, and for what takes no time, nothing is said."""

    def __init__(self, what: str) -> None:
        self._what, self._all, self._done, self._shown = what, 0, 0, ""
        self._seen = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """The line goes, whatever has come of it."""
        if self._shown:
            self._say("")

    def begins(self, size: int) -> None:
        """So many bytes are ahead."""
        self._all = size

    def went(self, size: int) -> None:
        """So many more are done."""
        self._done += size
        if self._seen and self._all >= STEP:
            part = min(1.0, self._done / self._all)
            filled = "#" * round(part * _WIDE)
            self._say(f"{self._what} [{filled:<{_WIDE}}] {round(part * 100)} % of {self._all // 1024**2} MB")

    def _say(self, shown: str) -> None:
        if shown != self._shown:
            sys.stderr.write(f"\r{shown:<{len(self._shown)}}" if shown else f"\r{' ' * len(self._shown)}\r")
            sys.stderr.flush()
            self._shown = shown


class TakenInto(Taking):
    """Files of opened cases go into a folder under their numbers, new and for this user alone; without one nowhere.

    `only`: the one that is wanted.
    """

    def __init__(self, folder: Path | None, only: int | None, bar: Bar) -> None:
        self._folder, self._only, self._bar = folder, only, bar
        self._many = False

    def begins(self, cases: int, size: int) -> None:
        """Of several cases each has a folder of its own."""
        self._many = cases > 1
        self._bar.begins(size if self._only is None else 0)

    def wants(self, seq: int) -> bool:
        """All of them, or one."""
        return self._only is None or self._only == seq

    @contextlib.contextmanager
    def put(self, case: str, name: str) -> Iterator[tuple[BinaryIO, str] | None]:
        """A new file of mode 0600, whole or not at all."""
        if self._folder is None:
            yield None
            return
        place = self._place(self._folder, case)
        make_folder(place)
        with new_file(place / name) as file:
            yield file, str(place / name)

    def went(self, size: int) -> None:
        """Somebody may be looking on."""
        self._bar.went(size)

    def _place(self, folder: Path, case: str) -> Path:
        """A bundle's own names are a stranger's: one that is no code leads nowhere."""
        if not self._many:
            return folder
        return folder / (case if _CODE.fullmatch(case) else "without-a-code")


def in_small_steps(file: BinaryIO, bundles: Iterable[BundleCase], went: Callable[[int], None]) -> Iterator[BundleCase]:
    """What was written reaches the disk bit by bit: a gigabyte at once would keep the bot's commits waiting."""
    on_disk = 0

    def step() -> None:
        nonlocal on_disk
        if file.tell() - on_disk >= STEP:
            file.flush()
            os.fdatasync(file.fileno())
            on_disk = file.tell()

    def watched(sealed: SealedFile) -> SealedFile:
        def parts() -> Iterator[bytes]:
            for part in sealed.parts():
                yield part
                went(len(part))
                step()

        return replace(sealed, parts=parts)

    for case in bundles:
        entries = [one if one.blob is None else replace(one, blob=watched(one.blob)) for one in case.entries]
        yield replace(case, entries=entries)
        went(sum(len(one.sealed) for one in entries))
        step()
