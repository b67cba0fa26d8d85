"""Conversations inside the test's own process, on a clock of the test: what people say, press and see.

What the bot shows at once and what the outbox brings arrives in small chats that know their messages; nothing is sent.
"""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import func, select

from bot.delivery import kind
from bot.delivery.carrier import key_in
from bot.delivery.fetching import AT_ONCE, Fetching
from bot.delivery.kind import Came, KeyFile, Outside, Parcel, Removal, ToMember, ToPerson
from bot.edge import Edge
from bot.errors import Refused, TryAgain
from bot.seeker.card_sizes import NOTICES
from bot.settings import load_settings
from bot.speech.incoming import FileKind, Incoming, Pushed, Said, SentFile, SentOther, What
from bot.speech.outgoing import Button, Card, Mark, Outcome
from bot.telegram.files import Files
from bot.telegram.request import PIECE
from bot.wiring.core import Core
from bot.wiring.pana import Pana, open_pana
from bot.wiring.running import Running, wire_bot
from flows.model import Asks
from storage import ladder_due
from storage.case import Case
from storage.outbox import Lane, LineKind, RowKind
from storage.schema import handoff, intake, outbox, sent_file
from storage.writer import Writer
from tests.rehearsal import committed, together
from tests.talks.stand import Copy, Stand, placed
from tests.talks.waiting import WANTED, waits
from tests.talks.walked_once import walked_once

if TYPE_CHECKING:
    from tests.conftest import Kept, Postgres

BEGAN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TOKEN = "4242:local-token-for-tests-and-the-story-0"
MEANT_ANEW = timedelta(seconds=16)  # the same text sooner was sent twice (bot/seeker/repeats.py)
# When anything may have to be done next: a case to be called for or looked at, a row to be sent, a file to be fetched.
# Whether it really has is asked then; what could not be done yet is tried at each step.
_NEXT = select(
    func.min(intake.c.call_due_at),
    select(func.min(handoff.c.next_due_at)).where(handoff.c.muted == 0).scalar_subquery(),
    select(func.min(outbox.c.next_at)).scalar_subquery(),
    select(func.min(sent_file.c.next_at)).where(WANTED).scalar_subquery(),
)
_UNDRAWN = {RowKind.backstop, RowKind.fetch}
_OUTSIDE = {RowKind.outside, *_UNDRAWN}
MOST_ROUNDS = 200  # of one moment: rungs, repeats and rises that are overdue are caught up one by one


@dataclass(slots=True)
class Message:
    """One of the bot's messages. `rang`: it came with a sound."""

    id: int
    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    rang: bool = False
    document: str | None = None
    content: bytes | None = None
    marks: tuple[Mark, ...] = ()
    sends: Asks | None = None

    @property
    def labels(self) -> list[str]:
        """The texts of its buttons, in order."""
        return [button.text for row in self.rows for button in row]


@dataclass(slots=True)
class Shelf:
    """What lies at Telegram, piece by piece. `away`: nothing is fetched now. `fails`: asked before each fetch.

    `cut`: after so many bytes the line breaks, once.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    away: bool = False
    fails: Callable[[str], Exception | None] = lambda _file_id: None
    cut: int | None = None
    fetched: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def fetch(self, _lane: Lane, file_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """As bot/telegram/files.py gives it."""
        self.fetched.append(file_id)
        error = self.fails(file_id) or (None if file_id in self.files else Refused("wrong file_id"))
        if error is not None:
            raise error
        cut, self.cut = self.cut, None
        yield self._pieces(self.files[file_id], cut)

    async def _pieces(self, content: bytes, cut: int | None) -> AsyncIterator[bytes]:
        for at in range(0, len(content if cut is None else content[:cut]), PIECE):
            yield content[at : at + PIECE]
        if cut is not None:
            raise TryAgain("cut off")


@dataclass(frozen=True, slots=True)
class _AtOnce:
    """In place of the writer's thread: a change happens where it is asked for."""

    talks: "Talks"

    async def run(self, change: Any) -> Any:
        return self.talks.change(change)


@dataclass(slots=True)
class Talks:
    """Everybody's chats with one instance. `at`: the time."""

    pana: Pana
    running: Running
    at: datetime = BEGAN
    environment: Mapping[str, str] = field(default_factory=dict)
    chats: dict[int, dict[int, Message]] = field(default_factory=dict)
    rings: list[tuple[int, datetime]] = field(default_factory=list)
    outside: list[datetime] = field(default_factory=list)
    said_outside: list[str] = field(default_factory=list)
    toast: str | None = None
    typed: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    newest: int = 0  # the message that was typed last
    telegram: Shelf = field(default_factory=Shelf)
    here: dict[int, set[int]] = field(default_factory=dict)  # what people sent that was no text, and stands there still
    sent_last: SentOther | None = None
    drawn: int = 0  # how often a card was changed or sent
    led_here: object = None  # the walks that were put in place (tests/talks/walked_once.py)
    stand: Stand | Copy = field(default_factory=Copy)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    @classmethod
    def of(cls, folder: Path, environment: Mapping[str, str] | None = None) -> "Talks":
        """The instance of a folder, with its questionnaire kept."""
        made = cls.again(folder, environment)
        made.core.database.change(made.pana.questionnaires.store, at=BEGAN)
        return made

    @classmethod
    def again(cls, folder: Path, environment: Mapping[str, str] | None = None) -> "Talks":
        """The same of an instance that has kept it already; its database is opened by the first who needs it."""
        pana = open_pana(load_settings(folder / "pana.toml", environment or {}))
        return cls(pana, wire_bot(pana, token=TOKEN), environment=environment or {})

    @property
    def core(self) -> Core:
        """What commands and bot share."""
        return self.pana.core

    def change(self, change: Any) -> Any:
        """A change at this time."""
        return committed(self.core.database, change, self.at)

    def changes(self, changes: Sequence[Any]) -> list[Any]:
        """Several at this time, in one transaction."""
        return together(self.core.database, changes, self.at)

    # --- people ---

    def say(self, chat: int, text: str, *, again: bool = False) -> None:
        """A text; then whatever it brought about.

        Who means the same once more waits until it counts, but for `again`.
        """
        number, (before, at) = next(self._numbers), self.typed.get(chat, ("", self.at))
        at = at + MEANT_ANEW if text == before and not again else self.at
        self.typed[chat], self.newest = (text, max(at, self.at)), number
        self.hear(Said(update_id=number, chat_id=chat, message_id=number, text=text, at=max(at, self.at)))

    def send(
        self, chat: int, what: What, text: str = "", album: str | None = None, file: SentFile | None = None
    ) -> int:
        """Something that is no text, with what of it can be kept; the number of its message."""
        number = next(self._numbers)
        self.sent_last = SentOther(
            update_id=number,
            chat_id=chat,
            message_id=number,
            at=self.at,
            what=what,
            text=text,
            album=album,
            file=file,
        )
        self.here.setdefault(chat, set()).add(number)
        self.hear(self.sent_last)
        return number

    def file(self, chat: int, kind: FileKind, content: bytes, text: str = "", album: str | None = None) -> int:
        """A photo, a PDF or something spoken, which lies at Telegram until it is fetched; the number of its message."""
        file_id = f"file-{next(self._numbers)}"
        self.telegram.files[file_id] = content
        what = What.paper if kind in {FileKind.photo, FileKind.paper} else What.sound
        file = SentFile(kind=kind, file_id=file_id, size=len(content), seconds=7 * (what is What.sound))
        return self.send(chat, what, text, album, file)

    def press(self, chat: int, label: str) -> None:
        """The newest button whose label is this, or contains it."""
        for exact in (True, False):
            for message in reversed(self.chats.get(chat, {}).values()):
                for row in message.rows:
                    for button in row:
                        if button.text == label if exact else label in button.text:
                            self.push(chat, button.data, message.id)
                            return
        raise LookupError(f"no button {label!r}; there are {[one.labels for one in self.chats.get(chat, {}).values()]}")

    def push(self, chat: int, data: str, message: int) -> None:
        """Any button data, also of a message that is gone."""
        number = next(self._numbers)
        self.hear(Pushed(update_id=number, chat_id=chat, message_id=message, callback_id="c", data=data))

    def data(self, chat: int) -> list[tuple[str, str, int]]:
        """Every button of a chat: label, data, message."""
        return [
            (button.text, button.data, one.id)
            for one in self.chats.get(chat, {}).values()
            for row in one.rows
            for button in row
        ]

    def pass_by(self, **time: float) -> None:
        """Time passes in small steps, larger ones where it is long; the ladder and the outbox do their work."""
        until, due = self.at + timedelta(**time), self._next()
        step = max(timedelta(seconds=30), timedelta(**time) / 240)
        while self.at < until:
            self.at = min(until, self.at + step)
            if due <= self.at:  # else nothing has happened
                self.tick()
                due = self._next()

    def _next(self) -> datetime:
        """The first moment at which anything may be due."""
        found = self.core.database.read(lambda tx: tx.execute(_NEXT).one(), at=self.at)
        return min((one for one in found if one is not None), default=datetime.max.replace(tzinfo=UTC))

    def tick(self) -> None:
        """What the watch does; mostly nothing is due."""
        intakes, intake_to_case = self.core.intakes, self.pana.intake_to_case
        calls, handoffs = self.core.database.read(lambda tx: (intakes.due(tx, "call"), ladder_due.due(tx)), at=self.at)
        self.changes([partial(intake_to_case.call_after_silence, row=row) for row in calls])
        if calls or handoffs:
            tick(self.core, self.at)
        self.deliver()

    # --- what is seen ---

    def text(self, chat: int) -> str:
        """The newest message of the bot."""
        return list(self.chats[chat].values())[-1].text

    def seen(self, chat: int) -> str:
        """All that the bot's messages say in a chat."""
        return "\n".join(one.text for one in self.chats.get(chat, {}).values())

    def labels(self, chat: int) -> list[str]:
        """The labels of every button of a chat."""
        return [label for one in self.chats.get(chat, {}).values() for label in one.labels]

    def sends(self, chat: int) -> list[Asks]:
        """What a chat's keyboards send, in place of the phone's own."""
        return [one.sends for one in self.chats.get(chat, {}).values() if one.sends is not None]

    def rung(self, *chats: int) -> int:
        """How many messages rang in these chats."""
        return sum(chat in chats for chat, _ in self.rings)

    def cases(self) -> list[Case]:
        """Every case, the oldest first."""
        return list(self.core.database.read(self.core.cases.listed, at=self.at))

    def case(self) -> Case:
        """The newest case."""
        return self.cases()[-1]

    # --- the post ---

    def hear(self, incoming: Incoming) -> None:
        """One update; then whatever it brought about."""
        outcome = self.change(lambda tx: self.pana.front.hear(tx, incoming))
        self.toast = outcome.toast
        self._show(incoming.chat_id, outcome)
        self.deliver()

    def _show(self, chat: int, outcome: Outcome) -> None:
        for one in outcome.wipe:
            self._gone(chat, one)
        if outcome.card is None:
            return
        assert outcome.notice is None or outcome.notice in NOTICES, outcome.notice  # it fits the smallest phone
        self.drawn += 1
        shown = self.chats.setdefault(chat, {})
        if outcome.edit is not None and outcome.edit in shown and not outcome.fresh:
            self._edit(chat, outcome.edit, outcome.card)
            return
        if outcome.only_edit:
            return
        number = self._put(chat, outcome.card, rang=outcome.rings)
        self.change(lambda tx: self.pana.front.came(tx, chat, number, outcome, "here"))

    def _put(self, chat: int, card: Card | None, *, rang: bool = False, document: str | None = None) -> int:
        number = next(self._numbers)
        text, rows, marks = (card.text, card.rows, card.marks) if card else ("", (), ())
        sends = card.sends[0] if card is not None and card.sends is not None else None
        self.chats.setdefault(chat, {})[number] = Message(number, text, rows, rang, document, None, marks, sends)
        if rang:
            self.rings.append((chat, self.at))
        return number

    def _edit(self, chat: int, message: int, card: Card) -> None:
        here = self.chats[chat][message]
        here.text, here.rows, here.marks = card.text, card.rows, card.marks

    def deliver(self) -> None:
        """Sends what is due, and fetches what people have sent, until nothing is."""
        while True:
            rows, files = waits(self.core.database, self.at)
            if not ((rows and self._send_due()) or (files and self._fetch())):
                return

    def _fetch(self) -> bool:
        """Fetches what is wanted now; False when nothing is, or Telegram lets it wait."""
        if self.telegram.away:
            return False
        files, at_once = self.core.case_files, cast(Writer, _AtOnce(self))
        wanted = self.change(lambda tx: files.files.take(tx, AT_ONCE))
        fetching = Fetching(
            writer=at_once,
            case_files=files,
            files=cast(Files, self.telegram),
            edge=Edge(at_once, lambda tx, _: self.core.queue.to_coordinators(tx, LineKind.aside)),
            now=lambda: self.at,
            works=lambda: True,
        )
        for one in wanted:
            asyncio.run(fetching.bring(one))
        return bool(wanted)

    def _send_due(self) -> bool:
        """Sends what is due, if anything is; rows that are taken together are drawn and settled together, as always."""
        sender, queued = self.running.sender, self.core.queue.outbox
        rows = self.change(queued.take)
        drawn = [due for due in rows if due.kind not in _UNDRAWN]
        found = self.changes([partial(sender._draw, due=due) for due in drawn])
        parcels = {due.id: parcel for due, parcel in zip(drawn, found, strict=True)}
        settled = list[Any]()
        for due in rows:
            if due.kind in _OUTSIDE:
                self.outside.append(self.at)
                said = parcels.get(due.id)
                self.said_outside += [said.text] if isinstance(said, Outside) else []
                settled.append(partial(queued.sent, due=due))
            else:
                settled.append(partial(sender._settle, due=due, came=self._brought(parcels[due.id])))
        self.changes(settled)
        return bool(rows)

    def _brought(self, found: Parcel | None) -> Came:
        return self._fetched(found) if isinstance(found, KeyFile) else Came(message_id=self._send(found))

    def _fetched(self, found: KeyFile) -> Came:
        return Came(content=asyncio.run(key_in(cast(Files, self.telegram), Lane.bulk, found)))

    def _send(self, found: Parcel | None) -> int | None:
        match found:
            case ToMember():
                return self._bring(found)
            case ToPerson():
                self._show(found.chat_id, found.outcome)
            case Removal():
                for one in (*found.messages, found.alone or 0):
                    self._gone(found.chat_id, one)
            case Outside() | kind.SentFile() | None:
                pass
        return None

    def _gone(self, chat: int, message: int) -> None:
        self.chats.get(chat, {}).pop(message, None)
        self.here.get(chat, set()).discard(message)

    def _bring(self, parcel: ToMember) -> int | None:
        chat = self.chats.setdefault(parcel.chat_id, {})
        if parcel.sealed is not None:
            content = self.running.bundles.made(parcel.sealed)
            if content is None:
                return None
            number = self._put(parcel.chat_id, None, rang=not parcel.silent, document=parcel.sealed.name)
            chat[number].text, chat[number].content = parcel.sealed.caption, content
            return number
        if parcel.document is not None:
            number = self._put(parcel.chat_id, None, rang=not parcel.silent, document=parcel.document[0])
            chat[number].content, chat[number].text = parcel.document[1:]
            return number
        if parcel.card is None:
            return None
        if parcel.edit is not None and parcel.edit in chat:
            self._edit(parcel.chat_id, parcel.edit, parcel.card)
            return None
        if parcel.edit is not None and not parcel.anew:
            return None
        if parcel.replaces is not None:
            chat.pop(parcel.replaces, None)
        return self._put(parcel.chat_id, parcel.card, rang=not parcel.silent)


def tick(core: Core, at: datetime) -> None:
    """What the watch does once a second, without a process: every due handoff, all in one transaction as there."""
    for _ in range(MOST_ROUNDS):
        rows = committed(core.database, ladder_due.due, at)
        together(core.database, [partial(core.looking.look, row=row) for row in rows], at)
        if not rows:
            return
    raise AssertionError("a case stays due although it was looked at")


@walked_once
def urgent(talks: Talks, person: int, where: str | None = "Удерживают") -> None:
    """The shortest way to a lawyer; `where` None: nothing is answered."""
    talks.say(person, "срочно")
    if where is not None:
        talks.press(person, where)


# Where the two databases differ in what such a test is about: locks, types of times and bytes, foreign keys.
ON_BOTH = pytest.mark.parametrize(
    "talks", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture
def talks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Talks]:
    """Two lawyers on call and a coordinator; on SQLite where a test does not say otherwise."""
    if getattr(request, "param", "sqlite") == "sqlite":
        own = request.node.get_closest_marker("own") is not None
        with (
            placed(request.getfixturevalue("kept_once"), tmp_path / "pana", own=own) as stand,
            stand.opened(lambda: Talks.again(tmp_path / "pana"), lambda made: made.core.database) as made,
        ):
            made.stand = stand
            yield made
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    kept: Kept = request.getfixturevalue("made_once_on_postgres")
    assert kept.database is not None
    shutil.copytree(kept.folder, tmp_path / "pana")
    name = postgres.make(kept.database)
    made = Talks.of(tmp_path / "pana", {"PANA_DATABASE_URL": postgres.url(name)})
    yield made
    made.core.database.close()
    postgres.drop(name)
