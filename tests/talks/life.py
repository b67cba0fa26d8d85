"""The whole bot in the test's own process: real conversations, outbox and door, SQLite, a small Telegram, virtual time.

Only the way over HTTP is left out. A call takes as long as `Telegram.delay` says, so that what happens meanwhile can be
tried; nothing here waits for real.
"""

import asyncio
import copy
import itertools
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.demo.update_queue import Clock
from bot.demo.world import Message, Refusal, World
from bot.due_work import Work
from bot.errors import Undeliverable, Withheld
from bot.settings import load_settings
from bot.speech.incoming import Incoming, Pushed, Said
from bot.speech.outgoing import Card, Outcome
from bot.telegram.post import BLANK, EMPTY_FILE, Post
from bot.wiring.pana import open_pana
from bot.wiring.running import wire_bot
from storage.migrate import migrate
from storage.outbox import Lane
from storage.sealing import age
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from storage.writer import Writer
from tests.bot.in_process import BESIDE
from tests.rehearsal import committed
from tests.talks.stand import placed
from tests.talks.waiting import waits
from tests.virtual_time import run

T = TypeVar("T")
TOKEN = "4242:local-token-for-tests-and-the-story-0"
MEANT_ANEW = timedelta(seconds=16)  # the same text sooner was sent twice (bot/seeker/repeats.py)
BASE = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
MEMBERS = (("Aigul", 201, "lawyer"), ("Boris", 202, "lawyer"), ("Clara", 301, "coordinator"))


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that put something into a chat. `what`: send, edit or remove."""

    what: str
    chat_id: int
    message_id: int
    text: str
    silent: bool

    @property
    def rings(self) -> bool:
        """A new message with a sound."""
        return self.what == "send" and not self.silent


@dataclass(slots=True)
class Telegram:
    """In the place of `Post`: every call happens in a small Telegram, and is written down."""

    world: World
    log: list[Sent] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    delay: Callable[[], float] = lambda: 0.0
    before: Callable[[str, int], Awaitable[None]] | None = None
    holds: int | None = None  # the chat whose next new message arrives, and the answer to its call never does

    async def _called(self, what: str, chat_id: int) -> None:
        if self.before is not None:
            await self.before(what, chat_id)
        await asyncio.sleep(self.delay())

    async def send(
        self,
        _lane: Lane,
        chat_id: int,
        card: Card,
        *,
        silent: bool = False,
        asks: Callable[[], Awaitable[bool]] | None = None,
    ) -> int:
        """A new message; what may not leave when it is its turn stays here."""
        if asks is not None and not await asks():
            raise Withheld("nobody may see it")
        await self._called("send", chat_id)
        markup = _markup(card)
        try:
            made = self.world.send({"chat_id": chat_id, "text": card.text, "reply_markup": markup})
        except Refusal:
            raise Undeliverable("blocked") from None
        message_id = int(made["message_id"])
        self.world.chats[chat_id][message_id].silent = silent
        self.log.append(Sent("send", chat_id, message_id, card.text, silent))
        if chat_id == self.holds:
            self.holds = None
            await asyncio.Event().wait()
        await asyncio.sleep(self.delay())
        return message_id

    async def edit(self, _lane: Lane, chat_id: int, message_id: int, card: Card) -> bool:
        """A message changes; False when it is gone."""
        await self._called("edit", chat_id)
        try:
            self.world.edit(
                {"chat_id": chat_id, "message_id": message_id, "text": card.text, "reply_markup": _markup(card)}
            )
        except Refusal as error:
            return "not modified" in error.description
        self.log.append(Sent("edit", chat_id, message_id, card.text, silent=True))
        await asyncio.sleep(self.delay())
        return True

    async def set_menu(self, _commands: Mapping[str, str], *, chat_id: int) -> None:
        """The menu of a chat."""

    async def drop_menu(self, _chat_id: int) -> None:
        """A menu that goes."""

    async def leave(self, chat_id: int) -> None:
        """There are no groups here."""
        raise AssertionError(f"no group: {chat_id}")

    async def empty(self, lane: Lane, chat_id: int, message_id: int) -> None:
        """A message that stays loses what it says; a file is replaced."""
        if await self.edit(lane, chat_id, message_id, Card(BLANK)):
            return
        try:
            self.world.edit({"chat_id": chat_id, "message_id": message_id}, (EMPTY_FILE, BLANK.encode()))
        except Refusal:
            return

    async def document(
        self, lane: Lane, chat_id: int, name: str, content: bytes, caption: str, *, silent: bool = False
    ) -> int:
        """A file; what is written down of it is its name and its caption."""
        message_id = await self.send(lane, chat_id, Card(f"{name}\n{caption}"), silent=silent)
        message = self.world.chats[chat_id].get(message_id)
        if message is not None:
            message.document, message.text = (name, content), caption
        return message_id

    async def delete(self, _lane: Lane, chat_id: int, message_id: int) -> bool:
        """One message goes, or is too old to."""
        await self._called("remove", chat_id)
        self.world.delete(chat_id, [message_id], strict=False)
        self.log.append(Sent("remove", chat_id, message_id, "", silent=True))
        await asyncio.sleep(self.delay())
        return message_id not in self.world.chats.get(chat_id, {})

    async def remove(self, _lane: Lane, chat_id: int, message_ids: list[int]) -> None:
        """Messages go."""
        await self._called("remove", chat_id)
        self.world.delete(chat_id, message_ids, strict=False)
        self.log += [Sent("remove", chat_id, each, "", silent=True) for each in message_ids]
        await asyncio.sleep(self.delay())

    async def answer_press(self, _chat_id: int, _callback_id: str, toast: str | None, *, alert: bool) -> None:
        """The window or line that answers a press."""
        del alert
        if toast is not None:
            assert len(toast) <= 200  # Bot API, answerCallbackQuery
            self.toasts.append(toast)


def _markup(card: Card) -> dict[str, Any] | None:
    if not card.rows:
        return None
    return {"inline_keyboard": [[{"text": one.text, "callback_data": one.data} for one in row] for row in card.rows]}


class _Inline:
    """In the place of the writer thread: a change is committed where it stands."""

    def __init__(self, life: "Life") -> None:
        self._life = life

    async def run(self, change: Callable[[Tx], T], *, place: int = 0, later: bool = False) -> T:
        """Commits one change."""
        del place, later
        return self._life.change(change)

    def when_queued(self, _table: object, _wake: Callable[[], None]) -> None:
        """`Life.rest` looks for what is due."""


class _Tasks(asyncio.TaskGroup):
    """A process's: they end with it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[asyncio.Task[Any]] = []

    def create_task(self, *arguments: Any, **named: Any) -> asyncio.Task[Any]:
        task = super().create_task(*arguments, **named)
        self.begun.append(task)
        return task


class _Clock(Clock):
    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now

    def now(self) -> float:
        """The life's own time."""
        return self._now().timestamp()


def prepare(folder: Path, url: str | None = None) -> Path:
    """An instance with two lawyers on call and a coordinator, to be copied. `url`: of a database on a server."""
    folder.mkdir()
    recipient = age.recipient_of(age.generate_identity())
    (folder / "pana.toml").write_text(f'[recovery]\nrecipients = ["{recipient}"]\n')
    KeyRing.create(folder / "server.key")
    made = open_pana(load_settings(folder / "pana.toml", _environment(url)))
    migrate(made.core.database)

    def fill(tx: Tx) -> None:
        for name, number, role in MEMBERS:
            made.core.membership.add(
                tx,
                name=name,
                telegram_id=number,
                role=role,
                languages=["ru"],
                regions=(),
                recipient=age.recipient_of(age.generate_identity()),
                on_call=role == "lawyer",
            )

    made.core.database.change(made.questionnaires.store, at=BASE)
    made.core.database.change(fill, at=BASE)
    made.core.database.close()
    return folder


def _environment(url: str | None) -> dict[str, str]:
    return {} if url is None else {"PANA_DATABASE_URL": url}


class Life:
    """One running bot. Only inside `living`, or beside one that is. `url`: of a database on a server."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.ahead = timedelta()
        self.pana = open_pana(load_settings(folder / "pana.toml", _environment(url)))
        self.core = self.pana.core
        self.core.database.clock = self.now
        self.world = World(TOKEN, _Clock(self.now))
        for _, number, _ in MEMBERS:
            self.world.join(number)
        self.telegram = Telegram(self.world)
        self._updates, self.typed = itertools.count(1), dict[int, tuple[str, datetime]]()
        self._built()

    def _built(self) -> None:
        writer, post = cast(Writer, _Inline(self)), cast(Post, self.telegram)
        self.running = wire_bot(self.pana, token=TOKEN, post=post, writer=writer)
        self.front, self.due = self.pana.front, self.pana.due
        self.sender, self.showing = self.running.sender, self.running.showing

    def now(self) -> datetime:
        """Virtual time."""
        try:
            passed = asyncio.get_running_loop().time()
        except RuntimeError:
            passed = 0.0
        return BASE + self.ahead + timedelta(seconds=passed)

    def change(self, change: Callable[[Tx], T]) -> T:
        """Commits one change at this moment."""
        return committed(self.core.database, change, self.now())

    # --- people ---

    async def say(self, chat_id: int, text: str, *, late: bool = False) -> Message:
        """Somebody types, and the bot hears it. Who means the same once more waits until it counts."""
        message = self.world._add(chat_id, from_bot=False, text=text)
        before, at = self.typed.get(chat_id, ("", self.now()))
        at = max(self.now(), at + MEANT_ANEW if text == before else self.now())
        self.typed[chat_id] = text, at
        self.hear(
            Said(
                update_id=next(self._updates),
                chat_id=chat_id,
                message_id=message.id,
                text=text,
                at=at,
                late=late,
            )
        )
        return message

    async def press(self, chat_id: int, label: str) -> None:
        """Somebody presses the newest button of that label, and the bot hears it."""
        for one in reversed(self.seen(chat_id)):
            for button in [button for row in one.buttons for button in row]:
                if label in button.text:
                    self.hear(
                        Pushed(
                            update_id=next(self._updates),
                            chat_id=chat_id,
                            message_id=one.id,
                            callback_id="1",
                            data=button.data,
                        )
                    )
                    return
        raise LookupError(f"no button {label!r}: {[(one.text, one.labels) for one in self.seen(chat_id)]}")

    def hear(self, incoming: Incoming) -> None:
        """One update, to its commit; what follows from it is on its way."""
        outcome = self.change(lambda tx: self.front.hear(tx, incoming))
        self.show(incoming.chat_id, outcome, "1" if isinstance(incoming, Pushed) else None)

    def seen(self, chat_id: int) -> list[Message]:
        """The bot's messages that a chat shows."""
        return [one for one in self.world.chats.get(chat_id, {}).values() if one.from_bot]

    def text(self, chat_id: int) -> str:
        """All that a chat shows: texts and labels, the person's own too."""
        shown = self.world.chats.get(chat_id, {}).values()
        return "\n".join(line for one in shown for line in (one.text, *one.labels))

    # --- the bot ---

    def show(self, chat_id: int, outcome: Outcome, callback_id: str | None = None) -> None:
        """Shows an outcome, as the running bot does."""
        self.showing.show(chat_id, outcome, callback_id)

    async def rest(self) -> None:
        """Until nothing is due and nothing on its way."""
        while True:
            while not self.showing.idle:
                await asyncio.sleep(0.01)
            await asyncio.sleep(5.0)  # what is removed at once is nobody's row
            may_be_sent, _ = waits(self.core.database, self.now())
            batch = await self.sender._take() if may_be_sent else []
            if not batch and self.showing.idle:
                return
            await asyncio.gather(*(self.sender._deliver(due) for due in batch))

    async def pass_time(self, by: timedelta) -> None:
        """Time passes at once; then what is due by then is done."""
        self.ahead += by
        works = (self.due.calls, self.due.handoffs, *self.due.shown, self.due.renew, *self.due.destroys)
        if self.change(lambda tx: any(work.rows(tx) for work in works)):  # mostly nothing is
            for work in works:
                self._each(work)
        self.change(self.due.forget)
        await self.rest()

    def _each(self, work: Work) -> None:
        for row in self.change(work.rows):
            shown = self.change(partial(work.do, row=row))
            if shown is not None:
                self.show(*shown)

    async def live(self, story: Callable[["Life"], Awaitable[T]]) -> T:
        """Runs a story, with what shows replies beside it."""
        async with _Tasks() as self._group:
            self.showing.begin(self._group)
            told = await story(self)
            await self.rest()
        return told

    async def dies(self, down: timedelta = timedelta()) -> None:
        """`kill -9`, and `down` later a start, as the bot does it."""
        for task in self._group.begun:
            task.cancel()
        await asyncio.sleep(0.01)
        self.ahead += down
        self._built()
        self.showing.begin(self._group)
        self.change(self.core.queue.begins_again)
        since = self.now() - timedelta(seconds=60)
        for row in self.change(lambda tx: self.core.intakes.rows(tx, touched_since=since)):
            shown = self.change(lambda tx, row=row: self.pana.seeker.over_time.redraw(tx, row))
            if shown is not None:
                self.show(*shown)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a life has come to, to go on from again and again: its folder, what its chats show, the time."""

    folder: Path
    world: dict[str, Any]
    at: datetime
    updates: int


def moment(begins: Path | Moment, folder: Path, story: Callable[[Life], Awaitable[object]]) -> Moment:
    """Where a story leads to, from the beginning or from another moment."""

    async def and_rests(life: Life) -> Moment:
        await story(life)
        await life.rest()
        return Moment(folder, copy.deepcopy(_shown(life.world)), life.now(), next(life._updates))

    with living(begins, made := folder.with_name(f"{folder.name}-made")) as life:
        told = run(life.live(and_rests))
        life.core.database.checkpoint()
        shutil.copytree(made, folder, ignore=BESIDE)
    return told


def _shown(world: World) -> dict[str, Any]:
    return {name: seen for name, seen in vars(world).items() if name not in {"clock", "changed", "updates"}}


@contextmanager
def living(begins: Path | Moment, folder: Path) -> Iterator[Life]:
    """A life of its own in a folder, at the beginning of an instance or going on from a moment."""
    with (
        placed(begins.folder if isinstance(begins, Moment) else begins, folder) as stand,
        stand.opened(lambda: Life(folder), lambda life: life.core.database) as life,
    ):
        if isinstance(begins, Moment):
            life.ahead, life._updates = begins.at - BASE, itertools.count(begins.updates)
            vars(life.world).update(copy.deepcopy(begins.world))
        yield life


# --- ways that many stories take, in Russian ---


async def answers(life: Life, chat_id: int, said: Sequence[str]) -> None:
    """Types one answer after another."""
    for one in said:
        await life.say(chat_id, one)
        await life.rest()


async def begun(life: Life, chat_id: int, way: str = "Срочно: нужен юрист") -> None:
    """From /start over the consent to the first question."""
    life.world.join(chat_id)
    await life.say(chat_id, "/start")
    await life.rest()
    await life.press(chat_id, "Русский")
    await life.rest()
    await life.press(chat_id, way)
    await life.rest()


async def called(life: Life, chat_id: int) -> None:
    """Nothing is answered, and a lawyer is called."""
    await begun(life, chat_id)
    await life.pass_time(timedelta(seconds=61))


async def taken(life: Life, lawyer: int = 201) -> None:
    """A lawyer takes the newest case."""
    await life.press(lawyer, "Взять в работу")
    await life.rest()


async def written(life: Life, lawyer: int = 201) -> None:
    """The claimer sends the first ready phrase."""
    await life.press(lawyer, "Написать")
    await life.rest()
    await life.press(lawyer, "Я юрист-волонтёр")
    await life.rest()


async def closed(life: Life, lawyer: int = 201) -> None:
    """The claimer closes the case: help was given."""
    await life.press(lawyer, "Закрыть")
    await life.rest()
    await life.press(lawyer, "Помощь оказана")
    await life.rest()
    await life.press(lawyer, "Да, закрыть")
    await life.rest()
