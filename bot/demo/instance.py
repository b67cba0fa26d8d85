"""A throw-away instance: keys, two lawyers, a coordinator, and the real bot as a process of its own."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

PANA = (sys.executable, "-m", "bot")
READY_SECONDS = 30.0


class Process(Protocol):
    """A process that runs, as asyncio shows one."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def returncode(self) -> int | None:
        """The exit code, or the signal's number below zero; None while it runs."""

    def send_signal(self, signal: int, /) -> None:
        """Sends a signal."""

    def kill(self) -> None:
        """Ends it at once."""

    async def wait(self) -> int:
        """Waits for the end."""


@dataclass(slots=True)
class Instance:
    """One instance in a folder. Commands run as a user would run them."""

    folder: Path
    token: str
    api_url: str
    database_url: str | None = None
    process: Process | None = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "bot.log"

    @property
    def environment(self) -> dict[str, str]:
        """What the commands and the bot see; the token comes from a file."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("PANA_")}
        root = str(Path(__file__).parent.parent.parent)
        mine |= {"PANA_DATABASE_URL": self.database_url} if self.database_url else {}
        return mine | {
            "PYTHONPATH": root,
            "PANA_CONFIG": str(self.folder / "pana.toml"),
            "PANA_TELEGRAM_TOKEN_FILE": str(self.folder / "token"),
            "PANA_TELEGRAM_API_URL": self.api_url,
        }

    def pana(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs one command."""
        return subprocess.run(
            [*PANA, *arguments], env=self.environment, check=check, capture_output=True, text=True, cwd=self.folder
        )

    def keygen(self, name: str) -> Path:
        """A member's identity; its recipient stands in NAME.pub."""
        path = self.folder / f"{name}.txt"
        self.pana("keygen", "-o", str(path))
        path.with_name(f"{path.name}.pub").rename(path.with_suffix(".pub"))
        return path

    def set_up(self) -> None:
        """Makes the instance with two recovery keys."""
        (self.folder / "token").write_text(self.token)
        (self.folder / "token").chmod(0o600)
        for name in ("recovery1", "recovery2"):
            self.keygen(name)
        recovery = [str(self.folder / f"{name}.pub") for name in ("recovery1", "recovery2")]
        self.pana("init", str(self.folder), "--recovery", recovery[0], "--recovery", recovery[1])

    def add_member(self, name: str, telegram_id: int, *options: str, role: str = "lawyer") -> Path:
        """A member with a key of their own."""
        identity = self.keygen(name)
        recipient = str(identity.with_suffix(".pub"))
        self.pana(
            "member", "add", name, "--role", role, "--telegram-id", str(telegram_id), "--recipient", recipient, *options
        )
        return identity

    async def start(self) -> None:
        """Starts the bot and waits for its line `ready`."""
        with self.log.open("ab") as log:
            begun = log.tell()
            self.process = await self.begin(log)
        async with asyncio.timeout(READY_SECONDS):
            while b"ready\n" not in self.log.read_bytes()[begun:]:
                if self.process.returncode is not None:
                    raise RuntimeError(f"the bot ended: {self.log.read_text()[begun:]}")
                await asyncio.sleep(0.02)

    async def begin(self, log: IO[bytes]) -> Process:
        """The bot's process; its output goes to the end of a file."""
        return await asyncio.create_subprocess_exec(
            *PANA, "run", env=self.environment, stderr=log, stdout=log, cwd=self.folder
        )

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends the bot; returns its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.process.wait()
