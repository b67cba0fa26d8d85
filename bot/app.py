"""The running bot: receive, send, watch, in one task group.

A task that dies ends the process; the supervisor starts it again and nothing is lost, because nothing was confirmed
before it was kept.
"""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.conversation import texts
from bot.conversation.alerts import Alerts
from bot.conversation.claim_talk import ClaimTalk
from bot.conversation.coordinator_talk import CoordinatorTalk
from bot.conversation.duty_talk import DutyTalk
from bot.conversation.front import Front
from bot.conversation.incoming import Incoming, Outcome, Pushed
from bot.conversation.member import MemberTalk
from bot.delivery.parcels import Parcels
from bot.delivery.sender import Sender
from bot.errors import CallError, PanaError, TokenInUse
from bot.handoff.alarm import Alarm
from bot.handoff.rota_file import RotaFile
from bot.handoff.upkeep import Upkeep
from bot.hearing import Hearing, Trouble
from bot.house import House
from bot.logs import log
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.pulse import IN_USE, Pulse
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from bot.telegram.receive import PRESSES_LIVE, Group, Ignored, Received, Receiver, Unreadable, trouble
from bot.telegram.replies import Replies
from bot.watchdog import Watchdog
from storage import seen_time
from storage.errors import TryLater
from storage.tx import Change, Tx
from storage.writer import Writer

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
REFUSED_WAIT, MOST_REFUSED = 5.0, 3  # a wrong token is told in ten seconds; one refusal may pass
LONG_START = 30.0  # seconds without Telegram; it may have been away before this process began, too
REDRAWN = timedelta(seconds=60)
DRAIN_SECONDS, DRAIN_STEP = 10.0, 0.02
SEEN_EVERY = timedelta(seconds=10)
STEP = timedelta(seconds=1)
CAUGHT_UP = timedelta(seconds=5)  # what was typed meanwhile is answered first


def leaf(errors: BaseExceptionGroup[PanaError]) -> PanaError:
    """The first error of ours in a group."""
    first = errors.exceptions[0]
    return leaf(first) if isinstance(first, BaseExceptionGroup) else first


class _Stopped(Exception):
    """The bot was asked to end."""


class Bot:
    """The running bot."""

    def __init__(self, house: House, token: str) -> None:
        office = house.office
        self._house, self._office, self._now = house, office, office.database.clock
        self._writer = Writer(office.database)
        self._api = Api(token, house.settings.telegram.api_url)
        self._post = Post(self._api, Lanes())
        self._replies: Replies | None = None
        self._push = Push(house.settings.push)
        self._watchdog = Watchdog()
        self._hearing = Hearing(self._ready, time.monotonic)
        self._pulse = Pulse(self._hearing, self._watchdog, self._everybody, self._api.answers)
        alerts = Alerts(office.ring, house.words, house.shelf, office.cases, office.members)
        duty = DutyTalk(office.ring, house.words, office.members, office.duty, office.dispatch)
        coordinators = CoordinatorTalk(
            office.ring,
            house.words,
            office.cases,
            office.members,
            office.desk,
            office.duty,
            office.dispatch,
            office.staff,
        )
        claims = ClaimTalk(
            office.ring,
            house.words,
            office.cases,
            office.members,
            office.relay,
            office.claims,
            office.desk,
            house.casework,
            alerts,
        )
        talk = MemberTalk(
            office.ring, house.words, office.cases, office.members, office.desk, claims, duty, coordinators
        )
        self._front = Front(house.seeker, talk, office.members, house.cards)
        self._sender = Sender(
            writer=self._writer,
            desk=office.desk,
            parcels=Parcels(
                office.cases,
                office.members,
                office.relay,
                office.claims,
                alerts,
                house.seeker,
                duty,
                coordinators,
            ),
            post=self._post,
            mail=Mail(house.settings.mail),
            push=self._push,
            show=self._show,
            now=self._now,
        )
        rota = house.settings.oncall.rota
        self._rota = RotaFile(rota, office.duty, office.dispatch) if rota else None
        self._alarm = Alarm(office.dispatch, len(house.settings.oncall.backstop))
        self._upkeep = Upkeep(office.dispatch, office.duty, office.invites)
        self._election = office.database.election()
        self._polls = not office.database.shared
        self._back_at: datetime | None = None  # when an outage was over, until those it may have cost are asked again
        self._heard: set[int] = set()  # chats that were answered since
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Works until SIGTERM or SIGINT; finishes what it has begun and sends what is due for at most 10 s.

        Nothing but the poll loop waits for Telegram: ladder, mail and push run while it cannot be reached.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stopping.set)
        self._office.database.claim_for_bot()
        self._office.database.change(self._house.shelf.store)
        if not self._office.database.shared:
            self._office.database.change(self._office.dispatch.outbox.give_back)
        self._writer.start()
        try:
            await self._take_up()
            async with self._push:
                await self._work()
        except* PanaError as errors:
            raise leaf(errors) from None
        finally:
            await self._writer.stop()
            await self._api.close()
            self._election.resign()

    async def _leads(self) -> bool:
        if self._office.database.shared:
            self._polls = await asyncio.to_thread(self._election.leads)
        return self._polls

    async def _take_up(self) -> None:
        """At the start: a clock that was set back while nobody ran, and the rota as its file now is."""
        if self._polls:
            await self._later(self._see)
        if self._rota is None:  # whoever takes the file out of the configuration has no rota any more
            await self._later(self._office.duty.duties.drop_rota)
        if self._polls:
            await self._look_at_rota(self._now())

    async def _listen(self) -> None:
        """Reaches Telegram, however long that takes; then polls until it is cancelled."""
        await self._connect()
        await self._see_that_it_is_alone()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._introduce())
            receiver = Receiver(self._api, self._handle, self._leads, self._known, self._missed, self._hearing)
            await receiver.run()

    async def _connect(self) -> None:
        """Asks until Telegram answers; raises TokenTrouble when it refuses the token for ten seconds."""
        wait, refused = FIRST_WAIT, 0
        while True:
            await self._leads()  # of several processes one tells everybody that Telegram is away
            try:
                await self._api.open()
                break
            except CallError as error:
                why = trouble(error)
                pause = REFUSED_WAIT if why is Trouble.refused else wait
                refused = refused + 1 if why is Trouble.refused else 0
                if refused == MOST_REFUSED:
                    raise
                log.warning("the Bot API cannot be reached", error=str(error), seconds=pause)
            self._hearing.failed(why, pause)
            await asyncio.sleep(pause)
            wait = min(wait * 2, LONGEST_WAIT)
        if self._hearing.clock() - self._hearing.seen.began > LONG_START:
            self._missed()

    async def _see_that_it_is_alone(self) -> None:
        """Raises TokenInUse when a webhook takes the updates; Pana never sets one."""
        try:
            webhook = await self._api.webhook()
        except CallError as error:  # getUpdates tells the same
            log.warning("a webhook could not be looked for", error=str(error))
            return
        if webhook.is_set:
            raise TokenInUse(IN_USE)

    def _ready(self) -> None:
        """People are heard for the first time, or this process stands by."""
        print("ready", file=sys.stderr, flush=True)  # noqa: T201 - the contract's line, alone
        self._watchdog.ready()
        if self._back_at is not None:
            self._missed()  # Telegram is reached only now

    async def _everybody(self, why: Trouble) -> bool:
        """Nobody is heard: everybody is told, on every way."""
        if not self._polls:
            return True
        rung = await self._later(lambda tx: self._alarm.ring(tx, why))
        self._sender.wake()
        return rung

    async def _work(self) -> None:
        try:
            await self._work_until_stopped()
        except* _Stopped:
            log.info("stopped")

    async def _work_until_stopped(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._replies = Replies(self._post, self._remember, group)
            await self._redraw()
            listening = group.create_task(self._listen())
            beats = self._pulse.beat(self._push, self._house.settings.server.heartbeat_url)
            pulse = group.create_task(self._pulse.run())
            for one in (self._sender.run(), self._watch(), beats):
                group.create_task(one)
            await self._stopping.wait()
            log.info("stopping")
            self._watchdog.stopping()
            pulse.cancel()
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
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
                await self._writer.run(lambda tx: self._front.skip(tx, received.update_id))
            case Unreadable():
                await self._aside(received.update_id, received.chat_id, received.error_class)
            case _:
                await self._hear(received)

    async def _known(self, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have something open, or are members'."""
        return await self._writer.run(lambda tx: self._front.known(tx, chats))

    async def _hear(self, incoming: Incoming) -> None:
        if self._back_at is not None:
            self._heard.add(incoming.chat_id)
        try:
            outcome = await self._writer.run(lambda tx: self._front.hear(tx, incoming), place=incoming.chat_id)
        except TryLater:
            raise
        except Exception as error:  # an edge: one update may fail, nobody else's waits for it
            log.error("set aside", error=type(error).__name__)
            await self._aside(incoming.update_id, incoming.chat_id, type(error).__name__)
            return
        self._show(incoming.chat_id, outcome, incoming.callback_id if isinstance(incoming, Pushed) else None)

    async def _aside(self, update_id: int, chat_id: int | None, error_class: str) -> None:
        outcome = await self._writer.run(lambda tx: self._front.aside(tx, update_id, chat_id, error_class))
        if chat_id is not None:
            self._show(chat_id, outcome)

    async def _leave(self, group: Group) -> None:
        await self._writer.run(lambda tx: self._front.skip(tx, group.update_id))
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
        try:
            await self._writer.run(lambda tx: self._front.remember_card(tx, chat_id, message_id))
        except TryLater:  # the next card is then sent anew instead of edited
            log.error("storage is not available, a card's place is not kept")

    # --- time ---

    async def _redraw(self) -> None:
        """After a start: cards whose reply may have been lost are drawn again."""

        def look(tx: Tx) -> list[tuple[int, Outcome]]:
            lately = self._office.intakes.touched_since(tx, tx.now - REDRAWN)
            return [(one.chat_id, self._house.seeker.view(tx, one.chat_id)) for one in lately]

        for chat_id, outcome in await self._writer.run(look):
            self._show(chat_id, outcome)

    async def _watch(self) -> None:
        """Once a second: due ladders, unanswered urgent calls, a rota that has changed; once a minute, the sweep."""
        swept = seen = datetime.min.replace(tzinfo=UTC)
        wall, steady = self._now(), time.monotonic()
        while True:
            now, moved = self._now(), time.monotonic()
            back = wall + timedelta(seconds=moved - steady) - now
            if back > STEP and self._polls:
                await self._set_back(back)
            wall, steady = now, moved
            if await self._later(self._tick):
                self._pulse.ticked()
            if self._polls and abs(now - seen) >= SEEN_EVERY:  # of several machines one has the clock that counts
                seen = now
                await self._later(self._see)
            if self._back_at is not None and self._heard_after(self._back_at, now):
                await self._ask_again()
            if self._polls:  # one process has the file that counts, and speaks to the coordinators
                await self._look_at_rota(now)
            if abs(now - swept) >= timedelta(minutes=1):
                swept = now
                await self._later(self._house.sweep)
                await self._veil()
                if self._polls:
                    await self._later(self._upkeep.minute)
            self._sender.wake()
            await asyncio.sleep(1.0)

    def _missed(self, now: datetime | None = None) -> None:
        """An outage is over in which presses may have been lost."""
        self._back_at = now or self._now()

    def _heard_after(self, back_at: datetime, now: datetime) -> bool:
        return self._hearing.seen.heard_at is not None and now - back_at >= CAUGHT_UP

    async def _ask_again(self) -> None:
        """Once after an outage: people may have pressed, and Telegram has dropped it."""
        cards: list[tuple[int, Outcome]] = []

        def ask(tx: Tx) -> None:
            cards.extend(self._house.seeker.ask_again(tx, self._heard))

        if await self._later(ask):
            self._back_at = None
            self._heard.clear()
        for chat_id, outcome in dict(cards).items():
            self._show(chat_id, outcome)

    async def _veil(self) -> None:
        """Cards of people who have been silent no longer show what was answered."""
        cards: list[tuple[int, Outcome]] = []
        await self._later(lambda tx: cards.extend(self._house.seeker.veil_silent(tx)))
        for chat_id, outcome in cards:
            self._show(chat_id, outcome)

    async def _set_back(self, back: timedelta) -> None:
        log.warning("the clock was set back; due times follow it", seconds=round(back.total_seconds()))
        await self._later(lambda tx: seen_time.set_back(tx, back))

    def _tick(self, tx: Tx) -> None:
        for one in self._office.intakes.call_due(tx):
            self._house.casework.call_after_silence(tx, one)
        self._office.desk.tick(tx)

    def _see(self, tx: Tx) -> None:
        before = seen_time.last(tx)
        if self._back_at is None and before is not None and tx.now - before > timedelta(seconds=PRESSES_LIVE):
            self._missed(tx.now)
        back = seen_time.see(tx, shared=self._office.database.shared)
        if back:
            log.warning("the clock was set back; due times follow it", seconds=round(back.total_seconds()))

    async def _look_at_rota(self, now: datetime) -> None:
        rota = self._rota
        text = await asyncio.to_thread(rota.read, now) if rota is not None else None
        if rota is not None and text is not None:
            await self._later(lambda tx: rota.take(tx, text))

    async def _later(self, change: Change[object]) -> bool:
        """Runs a change of the watch; False when storage is not available, and then it waits."""
        try:
            await self._writer.run(change)
        except TryLater:
            log.error("storage is not available, due work waits")
            return False
        return True

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
