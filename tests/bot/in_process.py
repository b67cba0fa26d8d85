"""`pana` inside the test's own process: the same `main()`, with arguments, folder, environment, output of its own."""

import contextlib
import ctypes
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bot.cli import main
from bot.demo.instance import Instance


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    before, mask = Path.cwd(), os.umask(0o022)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.umask(mask)


def pana(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, encoding: str | None = None
) -> Ended:
    """Runs one command in a folder whose pana.toml it uses. `encoding`: of a standard output that has one."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PANA_")}
    out, err = io.TextIOWrapper(io.BytesIO(), encoding=encoding) if encoding else io.StringIO(), io.StringIO()
    with (
        _in(folder),
        mock.patch.dict(os.environ, mine | dict(environment or {}), clear=True),
        mock.patch.object(sys, "argv", ["pana", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            out.seek(0)
            return Ended(int(ended.code or 0), out.read(), err.getvalue())
    raise AssertionError("main() always exits")


def pana_without_privileges(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """The same as somebody whom modes of files bind: root, too, without its capabilities (capset(2), of one thread)."""

    def bound() -> Ended:
        if os.geteuid() == 0:
            head, none = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
            assert ctypes.CDLL(None).capset(head, none) == 0
        return pana(folder, *arguments, environment=environment)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(bound).result()


_CAPABILITIES = 0x20080522  # linux/capability.h, version 3
# What stands beside a database only while somebody has it open.
BESIDE = shutil.ignore_patterns("*-wal", "*-shm")


class InstanceInProcess(Instance):
    """An instance whose commands run here."""

    def pana(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Runs one command; it may have a loop of its own, where this thread's is running."""
        with ThreadPoolExecutor(1) as thread:
            ended = thread.submit(pana, self.folder, *arguments, environment=self.environment).result()
        done = subprocess.CompletedProcess(list(arguments), ended.code, ended.out, ended.err)
        if check:
            done.check_returncode()
        return done
