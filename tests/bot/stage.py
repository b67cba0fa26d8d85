"""The real bot, without its loops, on a clock of its own: its steps are taken by hand."""

import asyncio
import itertools
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from bot.cli.doctor import _work_that_fails as work_that_fails
from bot.clock import Clock
from bot.settings import load_settings
from bot.speech.outgoing import Card, Outcome
from bot.telegram.files import Files
from bot.telegram.post import Post
from bot.wiring.pana import Pana, open_pana
from bot.wiring.running import Running, wire_bot
from flows.facts import Facts
from flows.model import Level
from storage.outbox import Lane
from storage.tx import Tx
from tests.bot.in_process import BESIDE

STARTS = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)


class Silent:
    """In place of the way to Telegram, where time must be virtual: everything is sent at once."""

    def __init__(self) -> None:
        self.sent: Counter[int] = Counter()
        self.cards: list[tuple[int, Card, bool]] = []  # chat, card, whether it came without a sound
        self.numbers = itertools.count(1000)
        self.fails: Callable[[int], None] = lambda _chat: None

    async def send(self, _lane: Lane, chat_id: int, card: Card, *, silent: bool = False, asks: object = None) -> int:
        """A card."""
        del asks
        self.cards.append((chat_id, card, silent))
        return self._said(chat_id)

    async def edit(self, _lane: Lane, chat_id: int, _message: int, _card: Card) -> bool:
        """A card that changes."""
        self._said(chat_id)
        return True

    async def document(self, _lane: Lane, chat_id: int, *_: object, silent: bool = False) -> int:
        """A file."""
        return self._said(chat_id)

    async def set_menu(self, _commands: object, *, chat_id: int) -> None:
        """A member's menu."""
        self._said(chat_id)

    async def drop_menu(self, chat_id: int) -> None:
        """A menu that goes."""
        self._said(chat_id)

    async def delete(self, _lane: Lane, chat_id: int, _message_id: int) -> bool:
        """A message that goes."""
        self._said(chat_id)
        return True

    async def remove(self, _lane: Lane, chat_id: int, _messages: list[int]) -> None:
        """Messages that go."""
        self._said(chat_id)

    async def leave(self, chat_id: int) -> None:
        """A group."""
        self._said(chat_id)

    async def whole(self, _lane: Lane, _file_id: str) -> bytes:
        """Somebody's file."""
        return b"no zip"

    def _said(self, chat_id: int) -> int:
        self.fails(chat_id)
        self.sent[chat_id] += 1
        return next(self.numbers)


@dataclass
class Wall:
    """What the clock shows."""

    at: datetime = STARTS

    def __call__(self) -> datetime:
        return self.at

    # As bot/clock.py shows a time that Telegram has confirmed.

    @property
    def as_of(self) -> datetime:
        """What counts as now for what destroys."""
        return self.at

    sure = as_of
    heard = True

    @property
    def telegram(self) -> "Wall":
        """Telegram has been heard."""
        return self

    @property
    def now(self) -> datetime:
        """Telegram's time."""
        return self.at

    def steady(self) -> float:
        """Seconds that pass with it: it is never set."""
        return (self.at - STARTS).total_seconds()

    def begin(self, *_: object) -> None:
        """Nothing was seen before."""


@dataclass
class Stage:
    """A bot whose steps are taken by hand."""

    pana: Pana
    running: Running
    wall: Wall
    post: Silent = field(default_factory=Silent)
    shown: list[tuple[int, Outcome]] = field(default_factory=list)

    def change(self, change: Callable[[Tx], Any]) -> Any:
        """One change, now."""
        return self.pana.core.database.change(change)

    def ask(self, query: str) -> list[Any]:
        """The first column of what a query finds."""
        return list(self.change(lambda tx: tx.execute(text(query)).scalars().all()))

    async def does(self, name: str) -> None:
        """One round of a job of the watch."""
        (job,) = (one for one in self.running.watch.jobs.table if one.name == name)
        await job.work()

    async def send(self) -> None:
        """One round of the sender."""
        sender = self.running.sender
        await asyncio.gather(*(sender._deliver(due) for due in await sender._take()))

    def tries(self, what: str, which: object) -> int:
        """How often something has failed."""
        return sum(self.ask(f"SELECT tries FROM trouble WHERE what = '{what}' AND which = '{which}'"))

    def told(self) -> int:
        """How many lines wait for the coordinator about something that was set aside."""
        return len(self.ask("SELECT id FROM outbox WHERE kind = 'line' AND args LIKE '%\"aside\"%'"))

    def doctor(self) -> str:
        """What `pana doctor` says of work that fails."""
        return "\n".join(f"{one.state} {one.what}: {one.said}" for one in work_that_fails(self.pana))

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.wall.at += timedelta(seconds=seconds)


@pytest.fixture
async def stage(tmp_path: Path, kept_once: Path) -> AsyncIterator[Stage]:
    """The real bot on SQLite, its writer running, nothing else."""
    shutil.copytree(kept_once, tmp_path / "pana", ignore=BESIDE)
    async with on_stage(tmp_path / "pana") as made:
        yield made


@asynccontextmanager
async def on_stage(folder: Path) -> AsyncIterator[Stage]:
    """The same of an instance that stands in a folder."""
    pana, wall, post = open_pana(load_settings(folder / "pana.toml", {})), Wall(), Silent()
    token = "4242:local-token-for-tests-and-the-story-0"
    running = wire_bot(pana, token=token, post=cast(Post, post), files=cast(Files, post), clock=cast(Clock, wall))
    made = Stage(pana, running, wall, post)

    def show(chat: int, outcome: Outcome, *_: object) -> None:
        made.shown.append((chat, outcome))

    async def at_once(chat: int, outcome: Outcome) -> None:
        show(chat, outcome)

    running.showing.show = running.rows._show = show  # type: ignore[method-assign]
    running.sender._carrier._shown = at_once
    made.change(pana.questionnaires.store)
    running.writer.start()
    yield made
    await running.writer.stop()
    await running.api.close()
    pana.core.database.close()


def opened_case(stage: Stage, tx: Tx, chat_id: int, *, claimed_by: int | None = None) -> int:
    """A critical case that waits, or is claimed."""
    core = stage.pana.core
    case = core.cases.chain.open(
        tx,
        chat_id=chat_id,
        look_up=core.ring.look_up("telegram", chat_id),
        language="ru",
        revision=stage.pana.questionnaires.current.revision,
    )
    waits = core.cases.hand_over(tx, case, Facts(level=Level.critical, language="ru"))
    if claimed_by is not None:
        assert core.cases.claims.claim(tx, waits, core.members.get(tx, claimed_by), timedelta(hours=1))
    return case.row
