"""One update to its commit. What a program error stops is set aside; NotKept passes through: it is not confirmed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from bot.errors import CallError
from bot.front import Front
from bot.logs import log
from bot.lost_words import LostWords
from bot.showing import Showing
from bot.speech.incoming import Incoming, Pushed
from bot.telegram.parse import Group, Ignored, Received, Unreadable
from storage.database import Database
from storage.errors import NotKept
from storage.waiting import Raw, WaitingUpdates
from storage.writer import Writer


class Updates:
    """`heard(chat_id)`: a chat is being answered. `leave(chat_id)`: leaves a group."""

    def __init__(
        self,
        *,
        front: Front,
        writer: Writer,
        database: Database,
        waiting: WaitingUpdates,
        showing: Showing,
        lost_words: LostWords,
        leave: Callable[[int], Awaitable[None]],
        heard: Callable[[int], None],
    ) -> None:
        self._front, self._writer, self._database = front, writer, database
        self._waiting, self._showing, self._lost_words = waiting, showing, lost_words
        self._leaves, self._heard = leave, heard

    async def handle(self, received: Received, *, later: bool = False) -> None:
        """Returns after the commit; what is to be shown then is on its way. `later`: others go before it."""
        match received:
            case Group():
                await self._leave(received)
            case Ignored():
                await self._skip(received.update_id)
            case Unreadable():
                await self._aside(received.update_id, received.chat_id, received.error_class)
            case _:
                await self._hear(received, later=later)

    async def known(self, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have something open, or are members'."""
        try:
            # Beside the writer: whoever is asked about must not wait behind everybody who is being heard.
            return await asyncio.to_thread(self._database.read, partial(self._front.known, chats=chats))
        except NotKept:
            raise
        except Exception as error:  # then nobody is set apart
            log.error("who is known could not be looked up", error=type(error).__name__)
            return frozenset(chats)

    async def keep(self, updates: Mapping[int, Raw], heard: Sequence[int]) -> None:
        """These wait in a flood, by their number; those that were `heard` do so no more."""
        await self._writer.run(lambda tx: self._waiting.keep(tx, updates, heard))

    async def kept(self) -> Sequence[Raw]:
        """What waits since before this process began to receive."""
        return await self._writer.run(self._waiting.all)

    async def _hear(self, incoming: Incoming, *, later: bool) -> None:
        self._heard(incoming.chat_id)
        try:
            slow = await self._lost_words.before(incoming)
            outcome = await self._writer.run(
                lambda tx: self._front.hear(tx, incoming, slow), place=incoming.chat_id, later=later
            )
        except NotKept:
            raise
        except Exception as error:  # an edge: one update may fail, nobody else's waits for it
            log.error("set aside", error=type(error).__name__)
            await self._aside(incoming.update_id, incoming.chat_id, type(error).__name__)
            return
        callback_id = incoming.callback_id if isinstance(incoming, Pushed) else None
        self._showing.show(incoming.chat_id, outcome, callback_id)

    async def _aside(self, update_id: int, chat_id: int | None, error_class: str) -> None:
        try:
            outcome = await self._writer.run(lambda tx: self._front.aside(tx, update_id, chat_id, error_class))
        except NotKept:
            raise
        except Exception as error:  # nothing is known of this person then; they are asked to send it again all the same
            log.error("an update could not be set aside", error=type(error).__name__)
            outcome = self._front.again()
        if chat_id is not None:
            self._showing.show(chat_id, outcome)

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
            await self._leaves(group.chat_id)
        except CallError as error:
            log.info("could not leave a group", error=str(error))
        except Exception as error:
            log.error("could not leave a group", error=type(error).__name__)
