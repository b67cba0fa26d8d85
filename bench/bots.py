"""The bots that are measured, each a process of its own on one core; the server and its people have the other."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import create_engine, text

from bench.postgresql import Postgres
from bench.server import Figures, Run
from bot.demo.instance import Instance

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-bench" / "bin" / "python"
TOKEN = "4242:token-of-the-bench-that-is-none-at-all"
READY_SECONDS = 60.0
LAWYERS = (("Aigul", 201, "kk"), ("Boris", 202, "ru"))


@contextlib.contextmanager
def on_core(last: bool) -> Iterator[None]:
    """What is started here runs on the last of this machine's cores, or on the first."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before) if last else min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Server:
    """The Bot API server and its people, in a process of their own."""

    def __init__(self, delay_ms: float = 0.0) -> None:
        with on_core(last=False):
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.server", str(delay_ms), *(["trace"] if os.environ.get("TRACE") else [])],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.url = f"http://127.0.0.1:{msgspec.json.decode(self._line(), type=int)}"

    def run(self, asked: Run) -> Figures:
        """Lets people use the bot and says what was seen."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(asked).decode() + "\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._line(), type=Figures)

    def close(self) -> None:
        """Ends it."""
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        if line := self._process.stdout.readline():
            return line
        raise RuntimeError("the server of the bench has ended")


@dataclass(slots=True)
class Pana:
    """Pana on a real file, two lawyers on duty, two recovery keys; made once, each run on a copy of it."""

    folder: Path
    _made: Path = field(init=False)

    def __post_init__(self) -> None:
        self._made = self.folder / "made"
        if not self._made.exists():
            _make(self._made)

    def on(self, postgres: Postgres, url: str) -> "Bot":
        """Starts it on a fresh copy in PostgreSQL, the limit of new messages lifted."""
        made = self.folder / "made-on-postgresql"
        if not made.exists():
            _make(made, postgres.make("made"))
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        shutil.copytree(made, self.folder / "run")
        return self.begin(url, self.folder / "run", limited=False, database=postgres.make("run", "made"))

    def copy(self, name: str = "run") -> Path:
        """A fresh instance."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self._made, self.folder / name)
        return self.folder / name

    def begin(self, url: str, folder: Path, *, limited: bool, database: str | None = None) -> "Bot":
        """Starts it on an instance, with Telegram's limit of new messages or without.

        `database`: the address of another than its own.
        """
        instance = Instance(folder, TOKEN, url, database)
        module = "bot" if limited else "bench.unlimited"
        return Bot([sys.executable, "-m", module, "run"], folder, instance.environment)


def _make(folder: Path, database: str | None = None) -> None:
    """An instance with its lawyers, who have pressed Start once."""
    folder.mkdir(parents=True)
    instance = Instance(folder, TOKEN, "http://127.0.0.1:9", database)
    instance.set_up()
    for name, number, language in LAWYERS:
        instance.add_member(name, number, "--language", language, "--on-call")
    engine = create_engine(database or f"sqlite:///{folder / 'pana.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE member SET met_at = joined_at"))
    engine.dispose()


def peer(url: str, folder: Path, module: str, *words: str) -> "Bot":
    """Starts another bot."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return Bot([str(PEERS), "-m", f"bench.peers.{module}", url, *words], folder, environment)


class Bot:
    """A bot that runs; it has said `ready`."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        log, began = folder / "bot.log", time.monotonic()
        with on_core(last=True), log.open("wb") as out:
            self._process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=out, stderr=out)
        self.pid = self._process.pid
        while b"ready\n" not in log.read_bytes():
            if self._process.poll() is not None or time.monotonic() - began > READY_SECONDS:
                self._process.kill()
                raise RuntimeError(f"{' '.join(command)}: {log.read_text()[-2000:]}")
            time.sleep(0.02)

    def close(self) -> None:
        """Ends it at once: what it leaves behind is thrown away, or has been committed."""
        self._process.kill()
        self._process.wait()
