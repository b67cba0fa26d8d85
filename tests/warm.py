"""`pana` in processes that begin warm: forked from one that has read the program's modules already.

Reading them takes a second on a slow machine, and the tests start the program hundreds of times. What runs is the
same `main()` in a process of its own, with its environment, folder, output and signals. The demo's tests start it cold.
"""

import asyncio
import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from bot.demo.instance import Instance
from storage import database
from tests.rehearsal import rule

# What `pana run` reads, also where it reads it late.
READ_FIRST = (
    "bot.cli.operations",
    "bot.cli.options",
    "bot.signable",
    "bot.wiring.made",
    "bot.wiring.running",
    "concurrent.futures.thread",
    "encodings.idna",
    "psycopg",
    "storage.belongs",
    "uvloop",
)


@dataclass(slots=True)
class Forked:
    """A process that was begun warm, seen as asyncio would show it."""

    pid: int
    ended: "Future[int]" = field(default_factory=Future)

    @property
    def returncode(self) -> int | None:
        """The exit code, or the signal's number below zero; None while it runs."""
        return self.ended.result() if self.ended.done() else None

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            if not self.ended.done():
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Waits for the end."""
        return await asyncio.wrap_future(self.ended)


class Warm:
    """The process that has read the modules, and those that were forked from it. It is begun when it is needed."""

    def __init__(self) -> None:
        self.rehearses: Sequence[str] | bool = False  # which changes run twice (tests/rehearsal.py)
        self.ahead = 0.0  # seconds by which the clocks of those that are begun are wrong
        self._begun: SimpleQueue[Forked] = SimpleQueue()
        self._running: dict[int, Forked] = {}
        self._lock = threading.Lock()

    @functools.cached_property
    def _process(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._listener = threading.Thread(target=self._listen, args=[process.stdout], daemon=True)
        self._listener.start()
        return process

    def begin(self, arguments: Sequence[str], environment: dict[str, str], folder: Path, out: str, err: str) -> Forked:
        """Begins `pana ARGUMENTS`; its output goes to the end of two files."""
        with self._lock:
            print(
                json.dumps([arguments, environment, str(folder), out, err, self.rehearses, self.ahead]),
                file=self._process.stdin,
                flush=True,
            )
            return self._begun.get(timeout=60)

    def run(
        self, arguments: Sequence[str], environment: dict[str, str], folder: Path
    ) -> "subprocess.CompletedProcess[str]":
        """Runs `pana ARGUMENTS` to its end."""
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            code = self.begin(arguments, environment, folder, out.name, err.name).ended.result(120)
            return subprocess.CompletedProcess(list(arguments), code, out.read(), err.read())

    def close(self) -> None:
        """Ends it; what was forked must have ended before."""
        if "_process" not in vars(self):
            return
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._listener.join(10)
        self._process.stdout.close()

    def _listen(self, told: IO[str]) -> None:
        for line in told:
            pid, status = json.loads(line)
            if status is None:
                self._running[pid] = Forked(pid)
                self._begun.put(self._running[pid])
            else:
                self._running.pop(pid).ended.set_result(os.waitstatus_to_exitcode(status))


@dataclass(slots=True)
class WarmInstance(Instance):
    """An instance whose commands and bot begin warm."""

    warm: Warm = field(kw_only=True)

    def pana(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Runs one command."""
        done = self.warm.run(arguments, self.environment, self.folder)
        if check:
            done.check_returncode()
        return done

    async def begin(self, log: IO[bytes]) -> Forked:
        """The bot."""
        return self.warm.begin(["run"], self.environment, self.folder, log.name, log.name)


def _become(main: Callable[[], None], line: str, before: dict[int, object]) -> int:
    """What the fork does: it takes on environment, folder and output, and is `pana`. Returns its exit code."""
    arguments, environment, folder, out, err, told, ahead = json.loads(line)
    database.rehearses = rule(told)
    if ahead:
        _set_clock(timedelta(seconds=ahead))
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)  # type: ignore[arg-type]
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for path, standard in ((os.devnull, 0), (out, 1), (err, 2)):
        kept = os.open(path, os.O_RDWR | os.O_APPEND)
        os.dup2(kept, standard)
        os.close(kept)
    sys.argv = ["pana", *arguments]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    raise AssertionError("main() always exits")


def _end(code: int) -> None:
    """Ends as Python does, but for taking apart all that was read before the fork: every page of it would be copied."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _set_clock(ahead: timedelta) -> None:
    """The machine's clock is wrong: wherever `pana` asks for the time."""
    import bot.cli.options
    import storage.tx

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    for module in (storage.tx, bot.cli.options):
        vars(module)["datetime"] = Wrong


def _tell_a_story() -> None:
    """What most of those that are forked do has been done once: its statements are compiled, its texts looked up."""
    from tests.talks.life import Life, answers, begun, closed, living, prepare, taken, written
    from tests.virtual_time import run
    from tests.ways import CALM_ON

    async def story(life: Life) -> None:
        await begun(life, 900)
        await answers(life, 900, ["7", "1", "2", "1", "5", "1", "2", "1", *CALM_ON, "1", "отправить"])
        await taken(life)
        await written(life)
        await life.pass_time(timedelta(seconds=61))
        await closed(life)

    with tempfile.TemporaryDirectory() as folder, living(prepare(Path(folder, "made")), Path(folder, "life")) as life:
        run(life.live(story))


def _serve() -> None:
    """Reads what to begin, a line each; tells every process id at its beginning and its status at the end."""
    for one in READ_FIRST:
        importlib.import_module(one)
    from bot.cli import main
    from bot.cli.commands import app  # noqa: F401
    from tests.compiled import compile_once

    compile_once()
    _tell_a_story()
    gc.collect()
    gc.freeze()
    woken, wakes = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wakes, False)
    before: dict[int, object] = {signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda *_: None)}
    signal.set_wakeup_fd(wakes)
    answers, asked = os.dup(1), b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            for pid, status in iter(_ended, None):
                os.write(answers, f"[{pid}, {status}]\n".encode())
        if 0 not in ready:
            continue
        if not (read := os.read(0, 65536)):
            return
        *lines, asked = (asked + read).split(b"\n")
        for line in lines:
            if (pid := os.fork()) == 0:
                for one in (woken, wakes, answers):
                    os.close(one)
                _end(_become(main, line.decode(), before))
            os.write(answers, f"[{pid}, null]\n".encode())


def _ended() -> tuple[int, int] | None:
    """One process that has ended, and its status."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


if __name__ == "__main__":
    _serve()
