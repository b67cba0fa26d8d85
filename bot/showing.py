"""Shows in chats what has been answered, right after the commit."""

import asyncio
from collections.abc import Callable

from bot.logs import log
from bot.speech.outgoing import Outcome
from bot.telegram.door import Door
from bot.telegram.replies import Replies
from storage.tx import Tx
from storage.writer import Writer


class Showing:
    """Only between `begin` and the end of its group.

    `nobody_there(tx, chat_id)` keeps that a person's chat refuses new messages.
    `answers(member_id)`: a member has pressed or written, and looks at what comes of it.
    """

    def __init__(
        self,
        *,
        door: Door,
        writer: Writer,
        nobody_there: Callable[[Tx, int], None],
        answers: Callable[[int], None],
    ) -> None:
        self._door, self._writer, self._nobody_there = door, writer, nobody_there
        self._answers = answers
        self._replies: Replies | None = None

    def begin(self, group: asyncio.TaskGroup) -> None:
        """Replies are shown by tasks of this group from here on."""
        self._replies = Replies(self._door, self.nobody_there, group)

    def show(self, chat_id: int, outcome: Outcome, callback_id: str | None = None) -> None:
        """Answers a press at once, and shows the card as soon as the chat's earlier ones are out."""
        assert self._replies is not None
        self._replies.show(chat_id, outcome, callback_id)
        if outcome.member is not None:
            self._answers(outcome.member)

    async def shown(self, chat_id: int, outcome: Outcome) -> None:
        """Returns once the chat has it."""
        assert self._replies is not None
        await self._replies.shown(chat_id, outcome)

    @property
    def idle(self) -> bool:
        """True when nothing waits to be shown."""
        return self._replies is None or self._replies.idle

    async def nobody_there(self, chat_id: int) -> None:
        """A person's chat refuses new messages for good."""
        try:
            await self._writer.run(lambda tx: self._nobody_there(tx, chat_id))
        except Exception as error:  # the next message to this chat will tell it again
            log.error("who cannot be reached could not be kept", error=type(error).__name__)
