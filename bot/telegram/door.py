"""The one door to a person's chat: whatever is sent there or changed there goes through `Door.bring`.

Between drawing a message and Telegram's answer a person may hide the chat, or the case be closed. So what shows
something of a request is asked for once more before it is sent, and looked at again when it has arrived: what nobody
may see any more is removed (bot/gate.py decides, bot/conversation/front.py looks up). Deletions need no asking.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation.incoming import Outcome
from bot.telegram.post import Post


@dataclass(frozen=True, slots=True)
class Door:
    """`may(chat_id, outcome)`: may it still leave? `came(chat_id, message_id, outcome)`: it has arrived."""

    post: Post
    may: Callable[[int, Outcome], Awaitable[bool]]
    came: Callable[[int, int, Outcome], Awaitable[None]]

    async def bring(self, chat_id: int, outcome: Outcome, target: int | None, *, waited: bool = True) -> int | None:
        """Changes message `target`, or sends a new one where that may be; the id of a new one.

        `waited`: something may have happened since it was drawn. Raises CallError.
        """
        assert outcome.card is not None
        if waited and not await self._may(chat_id, outcome):
            return None
        if target is not None:
            if await self.post.edit(outcome.lane, chat_id, target, outcome.card):
                return None
            if outcome.only_edit or not await self._may(chat_id, outcome):
                return None
        elif outcome.only_edit:
            return None
        message_id = await self.post.send(outcome.lane, chat_id, outcome.card, silent=not outcome.rings)
        await self.came(chat_id, message_id, outcome)
        return message_id

    async def _may(self, chat_id: int, outcome: Outcome) -> bool:
        return not outcome.of or await self.may(chat_id, outcome)
