"""Wires the real objects by hand and runs them: receive, send, watch, in one task group.

A task that dies ends the process; the supervisor starts it again and nothing is lost, because nothing was confirmed
before it was kept.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.conversation import texts
from bot.conversation.alerts import Alerts
from bot.conversation.card import Cards
from bot.conversation.casework import Casework
from bot.conversation.from_lawyer import FromLawyer
from bot.conversation.front import Front
from bot.conversation.incoming import Incoming, Outcome, Pushed
from bot.conversation.member import MemberTalk
from bot.conversation.seeker import Seeker
from bot.conversation.shelf import Shelf
from bot.conversation.standing import Standing
from bot.conversation.vanish import Vanish
from bot.conversation.words import Words
from bot.errors import CallError, PanaError, TryAgain
from bot.handoff.desk import Desk
from bot.handoff.sender import Sender
from bot.logs import log
from bot.settings import Settings
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from bot.telegram.receive import Group, Ignored, Received, Receiver, Unreadable
from bot.telegram.replies import Replies
from flows.check import released
from flows.source import load_source
from storage import updates
from storage.cases import Cases
from storage.errors import TryLater
from storage.intakes import Intakes
from storage.members import Members
from storage.outbox import Outbox
from storage.relay import Relay
from storage.sealing.keyring import KeyRing
from storage.writer import Connection, Database, Writer

REDRAWN = timedelta(seconds=60)
DRAIN_SECONDS, DRAIN_STEP = 10.0, 0.02


def wall_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """The objects that commands and the running bot share."""

    settings: Settings
    ring: KeyRing
    database: Database
    words: Words
    shelf: Shelf
    members: Members
    cases: Cases
    intakes: Intakes
    outbox: Outbox
    desk: Desk
    cards: Cards
    casework: Casework
    seeker: Seeker

    def sweep(self, connection: Connection, now: datetime) -> int:
        """What time alone brings besides the ladder: expiry, retention, draft keys. Returns expired intakes."""
        expired = self.intakes.expired(connection, now)
        for one in expired:
            self.casework.expire(connection, one, now)
        kept = self.settings.retention
        old = self.cases.past_retention(
            connection, closed_before=now - kept.closed_after, unclaimed_before=(now - kept.unclaimed_after).date()
        )
        for case in old:
            self.desk.erased(connection, case, now)
            self.database.shred_after_commit()
        updates.forget_old(connection, now)
        self.desk.relay.forget_old(connection, now)
        self.cases.without_due_time(connection, now)
        self.ring.destroy_drafts((now - self.settings.intake.expires_after - timedelta(days=1)).date())
        return len(expired)


def leaf(errors: BaseExceptionGroup[PanaError]) -> PanaError:
    """The first error of ours in a group."""
    first = errors.exceptions[0]
    return leaf(first) if isinstance(first, BaseExceptionGroup) else first


def compiled_flow(settings: Settings, words: Words) -> bytes:
    """The configured questionnaire, checked and compiled; raises FlowErrors."""
    return released(load_source(settings.flow_file), words.translate, ["ru", "kk", "en"])


def build(settings: Settings) -> House:
    """Opens key file, database and questionnaire and wires what works on them."""
    ring = KeyRing.load(settings.server.key_file)
    database = Database(settings.database.url)
    words = Words.load()
    shelf = Shelf(compiled_flow(settings, words))
    members = Members(ring)
    cases = Cases(ring, members, settings.recovery.recipients)
    intakes = Intakes(ring, settings.intake.expires_after)
    outbox = Outbox(ring)
    relay = Relay(ring)
    desk = Desk(cases, members, outbox, relay, settings.oncall.ladder)
    cards = Cards(ring, words, settings.intake.languages)
    casework = Casework(database, shelf, intakes, cases, desk)
    vanish = Vanish(cards, intakes, cases, desk)
    standing, from_lawyer = Standing(words, cases, shelf, settings.contacts), FromLawyer(cards, relay)
    seeker = Seeker(ring, shelf, cards, intakes, cases, desk, casework, standing, from_lawyer, vanish)
    return House(settings, ring, database, words, shelf, members, cases, intakes, outbox, desk, cards, casework, seeker)


class _Stopped(Exception):
    """The bot was asked to end."""


class Bot:
    """The running bot."""

    def __init__(self, house: House, token: str, now: Callable[[], datetime] = wall_clock) -> None:
        self._house, self._now = house, now
        self._writer = Writer(house.database)
        self._api = Api(token, house.settings.telegram.api_url)
        self._post = Post(self._api, Lanes())
        self._replies: Replies | None = None
        alerts = Alerts(house.ring, house.words, house.shelf, house.cases)
        talk = MemberTalk(house.ring, house.words, house.cases, house.desk, house.casework, alerts)
        self._front = Front(house.seeker, talk, house.members, house.cards)
        self._sender = Sender(
            writer=self._writer,
            outbox=house.outbox,
            cases=house.cases,
            members=house.members,
            alerts=alerts,
            seeker=house.seeker,
            relay=house.desk.relay,
            post=self._post,
            show=self._show,
            now=now,
        )
        self._election = house.database.election()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Works until SIGTERM or SIGINT; finishes what it has begun and sends what is due for at most 10 s."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stopping.set)
        self._house.database.claim_for_bot()
        self._house.database.now(self._house.shelf.store)
        if not self._house.database.shared:
            self._house.database.now(self._house.outbox.give_back)
        self._writer.start()
        try:
            await self._connect()
            await self._work()
        except* PanaError as errors:
            raise leaf(errors) from None
        finally:
            await self._writer.stop()
            await self._api.close()
            self._election.resign()

    async def _leads(self) -> bool:
        return not self._house.database.shared or await asyncio.to_thread(self._election.leads)

    async def _connect(self) -> None:
        """Waits for the Bot API: a server that starts before its network comes up must not give up."""
        wait = 1.0
        while not self._stopping.is_set():
            try:
                await self._api.open()
                break
            except TryAgain as error:
                log.warning("the Bot API cannot be reached", error=str(error), seconds=wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, 30.0)

    async def _work(self) -> None:
        try:
            await self._work_until_stopped()
        except* _Stopped:
            log.info("stopped")

    async def _work_until_stopped(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._replies = Replies(self._post, self._remember, group)
            await self._redraw()
            receiving = group.create_task(Receiver(self._api, self._handle, self._leads).run())
            for one in (self._sender.run(), self._watch(), self._introduce()):
                group.create_task(one)
            print("ready", file=sys.stderr, flush=True)  # noqa: T201 - the contract's line, alone
            await self._stopping.wait()
            log.info("stopping")
            receiving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await receiving
            await self._finish(self._replies)
            raise _Stopped  # ends what is still waiting, such as a reply that is held for minutes

    async def _finish(self, replies: Replies) -> None:
        """Shows what was answered and sends what is due, for at most ten seconds."""
        self._sender.wake()
        for _ in range(int(DRAIN_SECONDS / DRAIN_STEP)):
            if replies.idle and self._sender.idle:
                return
            await asyncio.sleep(DRAIN_STEP)

    # --- one update ---

    async def _handle(self, received: Received) -> None:
        """Handles one update to its commit. What a program error stops is set aside; TryLater passes through."""
        match received:
            case Group():
                await self._leave(received)
            case Ignored():
                await self._writer.run(lambda connection: self._front.skip(connection, received.update_id, self._now()))
            case Unreadable():
                await self._aside(received.update_id, received.chat_id, received.error_class)
            case _:
                await self._hear(received)

    async def _hear(self, incoming: Incoming) -> None:
        now = self._now()
        try:
            outcome = await self._writer.run(
                lambda connection: self._front.hear(connection, incoming, now), place=incoming.chat_id
            )
        except TryLater:
            raise
        except Exception as error:  # an edge: one update may fail, nobody else's waits for it
            log.error("set aside", error=type(error).__name__)
            await self._aside(incoming.update_id, incoming.chat_id, type(error).__name__)
            return
        self._show(incoming.chat_id, outcome, incoming.callback_id if isinstance(incoming, Pushed) else None)

    async def _aside(self, update_id: int, chat_id: int | None, error_class: str) -> None:
        outcome = await self._writer.run(
            lambda connection: self._front.aside(connection, update_id, chat_id, error_class, self._now())
        )
        if chat_id is not None:
            self._show(chat_id, outcome)

    async def _leave(self, group: Group) -> None:
        await self._writer.run(lambda connection: self._front.skip(connection, group.update_id, self._now()))
        try:
            await self._post.leave(group.chat_id)
        except CallError as error:
            log.info("could not leave a group", error=str(error))

    def _show(self, chat_id: int, outcome: Outcome, callback_id: str | None = None) -> None:
        assert self._replies is not None
        self._replies.show(chat_id, outcome, callback_id)
        if outcome.wake:
            self._sender.wake()

    async def _remember(self, chat_id: int, message_id: int) -> None:
        now = self._now()
        try:
            await self._writer.run(lambda connection: self._front.remember_card(connection, chat_id, message_id, now))
        except TryLater:  # the next card is then sent anew instead of edited
            log.error("storage is not available, a card's place is not kept")

    # --- time ---

    async def _redraw(self) -> None:
        """After a start: cards whose reply may have been lost are drawn again."""

        def look(connection: Connection) -> list[tuple[int, Outcome]]:
            now = self._now()
            lately = self._house.intakes.touched_since(connection, now - REDRAWN)
            return [(one.chat_id, self._house.seeker.view(connection, one.chat_id, now)) for one in lately]

        for chat_id, outcome in await self._writer.run(look):
            self._show(chat_id, outcome)

    async def _watch(self) -> None:
        """Once a second: due ladders and unanswered urgent calls; once a minute: the sweep."""
        swept: datetime | None = None
        while True:
            now = self._now()
            await self._later(self._tick, now)
            if swept is None or abs(now - swept) >= timedelta(minutes=1):
                swept = now
                await self._later(self._house.sweep, now)
            self._sender.wake()
            await asyncio.sleep(1.0)

    def _tick(self, connection: Connection, now: datetime) -> None:
        for one in self._house.intakes.call_due(connection, now):
            self._house.casework.call_after_silence(connection, one, now)
        self._house.desk.tick(connection, now)

    async def _later(self, change: Callable[[Connection, datetime], object], now: datetime) -> None:
        try:
            await self._writer.run(lambda connection: change(connection, now))
        except TryLater:
            log.error("storage is not available, due work waits")

    async def _introduce(self) -> None:
        """Sets the public face and the menu: harmless words only."""
        menu = {
            "start": texts.MENU_START,
            "language": texts.MENU_LANGUAGE,
            "clear": texts.MENU_CLEAR,
            "help": texts.MENU_HELP,
        }
        bot = self._house.settings.bot
        try:
            for language in (None, "ru", "kk"):
                said = {name: self._house.words.text(language or "en", text) for name, text in menu.items()}
                await self._post.set_menu(language, said)
            await self._post.set_face(bot.name, bot.about)
        except CallError as error:
            log.warning("the public face was not set", error=str(error))
