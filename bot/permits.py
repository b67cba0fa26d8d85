"""What the door (bot/telegram/door.py) asks before something leaves for a chat, and tells once it is there."""

import asyncio
from collections.abc import Callable

from bot.errors import TryAgain
from bot.front import Front
from bot.logs import log
from bot.speech.outgoing import Outcome
from storage.errors import NotKept
from storage.tx import Tx
from storage.writer import Writer

CAME_PAUSES = (0.1, 1.0, 5.0, 10.0)  # seconds


class Permits:
    """Each question and each answer is a change of its own."""

    def __init__(self, *, front: Front, writer: Writer) -> None:
        self._front, self._writer = front, writer

    async def may(self, chat_id: int, outcome: Outcome) -> bool:
        """Whether a change of what stands there may still be shown."""
        return await self._asked(lambda tx: self._front.may(tx, chat_id, outcome))

    async def leaves(self, chat_id: int, outcome: Outcome, by: str) -> bool:
        """Whether a new message may leave, now."""
        return await self._asked(lambda tx: self._front.leaves(tx, chat_id, outcome, by))

    async def came(self, chat_id: int, message_id: int | None, outcome: Outcome, by: str) -> None:
        """A message has arrived; None: it was refused."""
        for pause in CAME_PAUSES:
            try:
                await self._writer.run(lambda tx: self._front.came(tx, chat_id, message_id, outcome, by))
                return
            except NotKept:  # it may have to be removed at once
                await asyncio.sleep(pause)
            except Exception as error:  # the next card is then sent anew instead of edited
                log.error("a card's place could not be kept", error=type(error).__name__)
                return

    async def _asked(self, question: Callable[[Tx], bool]) -> bool:
        try:
            return await self._writer.run(question)
        except NotKept:
            raise TryAgain("storage is not available") from None
