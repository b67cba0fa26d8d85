"""The running bot: receive, send, watch, in one task group.

A task that dies ends the process; the supervisor starts it again and nothing is lost, because nothing was confirmed
before it was kept.
"""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.carrier import Carrier
from bot.delivery.kinds import Kinds
from bot.delivery.kinds.person import nobody_there
from bot.delivery.sender import Sender
from bot.edge import Edge, keep_alive
from bot.errors import CallError, PanaError, TokenInUse, TryAgain
from bot.handoff.alarm import Alarm
from bot.handoff.checks import Checks
from bot.handoff.rota.file import RotaFile
from bot.hearing import Hearing, Trouble
from bot.house import House
from bot.logs import log
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.pulse import IN_USE, Pulse
from bot.speech.incoming import Incoming, Pushed
from bot.speech.outgoing import Outcome
from bot.speech.texts import both
from bot.telegram.api import Api
from bot.telegram.door import Door
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from bot.telegram.receive import Group, Ignored, Received, Receiver, Unreadable, trouble
from bot.telegram.replies import Replies
from bot.watch import Watch
from bot.watchdog import Watchdog
from storage.errors import NotKept
from storage.tx import Tx
from storage.writer import Writer

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
REFUSED_WAIT, MOST_REFUSED = 5.0, 3  # a wrong token is told in ten seconds; one refusal may pass
LONG_START = 30.0  # seconds without Telegram; it may have been away before this process began, too
DRAIN_SECONDS, DRAIN_STEP = 10.0, 0.02
STEP = timedelta(seconds=1)
CAME_PAUSES = (0.1, 1.0, 5.0, 10.0)  # seconds
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
        self._house, self._office = house, office
        self._writer = Writer(office.database)
        self._edge = Edge(self._writer, lambda tx, _trouble: office.queue.to_coordinators(tx, "aside"))
        clock = self._clock = Clock(office.database.clock)
        office.database.clock = clock
        self._api = Api(token, house.settings.telegram.api_url, clock.telegram)
        self._post = Post(self._api, Lanes())
        self._door = Door(self._post, self._may, self._leaves, self._came)
        self._replies: Replies | None = None
        self._push = Push(house.settings.push)
        self._watchdog = Watchdog()
        self._hearing = Hearing(self._ready, time.monotonic)
        self._pulse = Pulse(self._hearing, self._watchdog, self._everybody, self._api.answers)
        self._front = house.front
        self._sender = Sender(
            writer=self._writer,
            outbox=office.queue.outbox,
            kinds=Kinds.of(
                calls=office.calls,
                alerts=house.member.alerts,
                lines=house.member.lines,
                duty=house.member.duty,
                coordinators=house.member.coordinators,
                screen=house.seeker.screen,
                arrivals=house.seeker.arrivals,
            ),
            carrier=Carrier(door=self._door, mail=Mail(house.settings.mail), push=self._push, shown=self._shown),
            edge=self._edge,
            now=office.database.clock,
            works=self._works,
        )
        rota = house.settings.oncall.rota
        self._alarm = Alarm(office.queue, len(house.settings.oncall.backstop))
        self._election = office.database.election()
        self._polls = not office.database.shared
        self._watch = Watch(
            house=house,
            writer=self._writer,
            edge=self._edge,
            clock=clock,
            rota=RotaFile(rota, office.duty, office.queue) if rota else None,
            checks=Checks(office.queue, office.duty, office.invites),
            leads=lambda: self._polls,
            works=self._works,
            is_heard=lambda: self._hearing.seen.heard_at is not None,
            ticked=self._pulse.ticked,
            show=self._show,
            wake=self._sender.wake,
        )
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Works until SIGTERM or SIGINT; finishes what it has begun and sends what is due for at most 10 s.

        Nothing but the poll loop waits for Telegram: ladder, mail and push run while it cannot be reached.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stopping.set)
        self._office.database.claim_for_bot()
        self._office.database.change(self._house.questionnaires.store)
        if not self._office.database.shared:
            self._office.database.change(self._office.queue.begins_again)
        self._writer.start()
        try:
            await self._edge.begin()
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

    def _works(self) -> bool:
        """Whoever leads has followed the time that was kept; one that stands by works only by Telegram's."""
        return self._polls or self._clock.telegram.heard is not None

    async def _take_up(self) -> None:
        """At the start: a clock that was set back while nobody ran, and the rota as its file now is."""
        if self._house.settings.oncall.rota is None:  # whoever takes it out of the configuration has no rota any more
            await self._edge.job("no rota", lambda: self._writer.run(self._office.duty.duties.drop_rota))
        await self._watch.begin()

    async def _listen(self) -> None:
        """Reaches Telegram, however long that takes; then polls until it is cancelled."""
        await self._connect()
        await self._see_that_it_is_alone()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._introduce())
            receiver = Receiver(self._api, self._handle, self._leads, self._known, self._watch.missed, self._hearing)
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
            self._watch.missed()

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
        self._watch.reached()

    async def _everybody(self, why: Trouble) -> bool:
        """Nobody is heard: everybody is told, on every way."""
        if not self._polls:
            return True
        try:
            await self._writer.run(lambda tx: self._alarm.ring(tx, why))
        except Exception as error:  # it is tried again in a second
            log.error("an alarm could not be kept", error=type(error).__name__)
            return False
        self._sender.wake()
        return True

    async def _work(self) -> None:
        try:
            await self._work_until_stopped()
        except* _Stopped:
            log.info("stopped")

    async def _work_until_stopped(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._replies = Replies(self._door, self._nobody_there, group)
            if self._polls:
                await self._edge.job("redraw", self._watch.redraw)
            listening = group.create_task(self._listen())
            watcher = self._house.settings.server.heartbeat_url
            beats = partial(self._pulse.beat, self._push, watcher)
            pulse = group.create_task(self._pulse.run())
            for name, work in (("sender", self._sender.run), ("watch", self._watch.run)):
                group.create_task(keep_alive(name, work))
            group.create_task(keep_alive("heartbeat", beats))
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
        """Handles one update to its commit. What a program error stops is set aside; NotKept passes through."""
        match received:
            case Group():
                await self._leave(received)
            case Ignored():
                await self._skip(received.update_id)
            case Unreadable():
                await self._aside(received.update_id, received.chat_id, received.error_class)
            case _:
                await self._hear(received)

    async def _known(self, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have something open, or are members'."""
        try:
            # Beside the writer: whoever is asked about must not wait behind everybody who is being heard.
            return await asyncio.to_thread(self._office.database.read, partial(self._front.known, chats=chats))
        except NotKept:
            raise
        except Exception as error:  # then nobody is set apart
            log.error("who is known could not be looked up", error=type(error).__name__)
            return frozenset(chats)

    async def _hear(self, incoming: Incoming) -> None:
        self._watch.heard(incoming.chat_id)
        try:
            outcome = await self._writer.run(lambda tx: self._front.hear(tx, incoming), place=incoming.chat_id)
        except NotKept:
            raise
        except Exception as error:  # an edge: one update may fail, nobody else's waits for it
            log.error("set aside", error=type(error).__name__)
            await self._aside(incoming.update_id, incoming.chat_id, type(error).__name__)
            return
        self._show(incoming.chat_id, outcome, incoming.callback_id if isinstance(incoming, Pushed) else None)

    async def _aside(self, update_id: int, chat_id: int | None, error_class: str) -> None:
        try:
            outcome = await self._writer.run(lambda tx: self._front.aside(tx, update_id, chat_id, error_class))
        except NotKept:
            raise
        except Exception as error:  # nothing is known of this person then; they are asked to send it again all the same
            log.error("an update could not be set aside", error=type(error).__name__)
            outcome = self._front.again()
        if chat_id is not None:
            self._show(chat_id, outcome)

    async def _skip(self, update_id: int) -> None:
        try:
            await self._writer.run(lambda tx: self._front.skip(tx, update_id))
        except NotKept:
            raise
        except Exception as error:
            log.error("an update could not be counted", error=type(error).__name__)

    async def _leave(self, group: Group) -> None:
        await self._skip(group.update_id)
        try:
            await self._post.leave(group.chat_id)
        except CallError as error:
            log.info("could not leave a group", error=str(error))
        except Exception as error:
            log.error("could not leave a group", error=type(error).__name__)

    def _show(self, chat_id: int, outcome: Outcome, callback_id: str | None = None) -> None:
        assert self._replies is not None
        self._replies.show(chat_id, outcome, callback_id)
        if outcome.wake:
            self._sender.wake()

    async def _shown(self, chat_id: int, outcome: Outcome) -> None:
        """Returns once the chat has it."""
        assert self._replies is not None
        await self._replies.shown(chat_id, outcome)

    async def _may(self, chat_id: int, outcome: Outcome) -> bool:
        return await self._asked(lambda tx: self._front.may(tx, chat_id, outcome))

    async def _leaves(self, chat_id: int, outcome: Outcome, by: str) -> bool:
        return await self._asked(lambda tx: self._front.leaves(tx, chat_id, outcome, by))

    async def _asked(self, question: Callable[[Tx], bool]) -> bool:
        try:
            return await self._writer.run(question)
        except NotKept:
            raise TryAgain("storage is not available") from None

    async def _came(self, chat_id: int, message_id: int | None, outcome: Outcome, by: str) -> None:
        for pause in CAME_PAUSES:
            try:
                await self._writer.run(lambda tx: self._front.came(tx, chat_id, message_id, outcome, by))
                break
            except NotKept:  # it may have to be removed at once
                await asyncio.sleep(pause)
            except Exception as error:  # the next card is then sent anew instead of edited
                log.error("a card's place could not be kept", error=type(error).__name__)
                break
        self._sender.wake()

    async def _nobody_there(self, chat_id: int) -> None:
        """A person's chat refuses new messages for good."""
        try:
            await self._writer.run(lambda tx: nobody_there(tx, self._office.calls, chat_id))
        except Exception as error:  # the next message to this chat will tell it again
            log.error("who cannot be reached could not be kept", error=type(error).__name__)
        self._sender.wake()

    async def _introduce(self) -> None:
        """Sets the public face and the menu: harmless words only."""
        menu = {
            "start": both.MENU_START,
            "language": both.MENU_LANGUAGE,
            "clear": both.MENU_CLEAR,
            "help": both.MENU_HELP,
        }
        bot = self._house.settings.bot
        try:
            for language in (None, "ru", "kk"):
                said = {name: self._house.words.text(language or "en", text) for name, text in menu.items()}
                await self._post.set_menu(language, said)
            await self._post.set_face(bot.name, bot.about)
        except CallError as error:
            log.warning("the public face was not set", error=str(error))
        except Exception as error:  # no reason to hear nobody
            log.error("the public face was not set", error=type(error).__name__)
