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
import socket
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
from typing import IO, NoReturn

from bot.demo.instance import Instance
from storage import database
from tests.rehearsal import rule
from tests.shared import one_at_a_time

NAME = "warm"

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
    """The process that has read the modules, and what was forked from it for whoever has this.

    `folder`: where those who share one find it. It is begun when the first of them needs it, and ends with the last.
    """

    def __init__(self, folder: Path) -> None:
        self.rehearses: Sequence[str] | bool = False  # which changes run twice (tests/rehearsal.py)
        self.ahead = 0.0  # seconds by which the clocks of those that are begun are wrong
        self._folder = folder
        self._begun: SimpleQueue[Forked] = SimpleQueue()
        self._running: dict[int, Forked] = {}
        self._lock = threading.Lock()

    @functools.cached_property
    def _line(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        with one_at_a_time(self._folder, f"{NAME}.lock"):
            if not (self._folder / NAME).exists():
                begin = [sys.executable, "-m", "tests.warm", str(self._folder)]
                subprocess.run(begin, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
            line.connect(str(self._folder / NAME))
        self._listener = threading.Thread(target=self._listen, args=[line.makefile()], daemon=True)
        self._listener.start()
        return line

    def begin(self, arguments: Sequence[str], environment: dict[str, str], folder: Path, out: str, err: str) -> Forked:
        """Begins `pana ARGUMENTS`; its output goes to the end of two files."""
        asked = json.dumps([arguments, environment, str(folder), out, err, self.rehearses, self.ahead])
        with self._lock:
            self._line.sendall(f"{asked}\n".encode())
            return self._begun.get(timeout=60)

    def run(
        self, arguments: Sequence[str], environment: dict[str, str], folder: Path
    ) -> "subprocess.CompletedProcess[str]":
        """Runs `pana ARGUMENTS` to its end."""
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            code = self.begin(arguments, environment, folder, out.name, err.name).ended.result(120)
            return subprocess.CompletedProcess(list(arguments), code, out.read(), err.read())

    def close(self) -> None:
        """Needs it no more; what was forked must have ended before."""
        if "_line" not in vars(self):
            return
        self._line.shutdown(socket.SHUT_RDWR)
        self._listener.join(10)
        self._line.close()

    def _listen(self, told: IO[str]) -> None:
        with told:
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


class Server:
    """What reads what to begin, a line each, and tells every process id at its beginning and its status at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / NAME))
        self._door.listen()
        self._asked: dict[socket.socket, bytes] = {}
        self._for: dict[int, socket.socket] = {}

    def serve(self) -> None:
        """Until nobody needs it any more."""
        gc.collect()
        gc.freeze()
        self._woken, self._wakes = os.pipe()
        for one in (self._woken, self._wakes):
            os.set_blocking(one, False)
        self._before: dict[int, object] = {signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda *_: None)}
        signal.set_wakeup_fd(self._wakes)
        while self._accept(30.0) or self._asked:
            ready, _, _ = select.select([self._door, self._woken, *self._asked], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                for pid, status in iter(_ended, None):
                    _tell(self._for.pop(pid), pid, status)
            for one in self._asked.keys() & set(ready):
                self._hear(one)
            if not self._asked and self._leaves():
                return

    def _accept(self, seconds: float) -> bool:
        """Whoever knocks; waits for that only while there is nobody."""
        ready, _, _ = select.select([self._door], [], [], 0 if self._asked else seconds)
        if ready:
            self._asked[self._door.accept()[0]] = b""
        return bool(ready)

    def _leaves(self) -> bool:
        """Unless somebody comes at this moment."""
        with one_at_a_time(self._folder, f"{NAME}.lock"):
            if not self._accept(0):
                (self._folder / NAME).unlink()
        return not self._asked

    def _hear(self, line: socket.socket) -> None:
        read = b""
        with contextlib.suppress(OSError):  # it was killed
            read = line.recv(65536)
        *lines, rest = (self._asked.pop(line) + read).split(b"\n")
        if not read:
            line.close()
            return
        self._asked[line] = rest
        for one in lines:
            if (pid := os.fork()) == 0:
                self._leave_to(one.decode())
            self._for[pid] = line
            _tell(line, pid, None)

    def _leave_to(self, asked: str) -> NoReturn:
        """What is `pana` from here on."""
        from bot.cli import main

        for one in (self._door, *self._asked):
            one.close()
        for end in (self._woken, self._wakes):
            os.close(end)
        _end(_become(main, asked, self._before))


def _tell(line: socket.socket, pid: int, status: int | None) -> None:
    with contextlib.suppress(OSError):  # who asked has gone
        line.sendall(f"{json.dumps([pid, status])}\n".encode())


def _ended() -> tuple[int, int] | None:
    """One process that has ended, and its status."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _serve(folder: Path) -> None:
    """Behind the back of whoever has begun it, who may knock at once."""
    server = Server(folder)
    if os.fork():
        os._exit(0)
    for one in READ_FIRST:
        importlib.import_module(one)
    from bot.cli.commands import app  # noqa: F401
    from tests.compiled import compile_once

    compile_once()
    _tell_a_story()
    server.serve()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
