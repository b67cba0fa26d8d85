"""The one door to a person's chat: whatever is sent there or changed there goes through `Door.bring`.

Between drawing a message and Telegram's answer a person may hide the chat, the case be closed, or this process die. So
a new message is asked for at the moment it leaves, and noted; once it has arrived it is looked at again, and the note
goes. What nobody may see any more is removed, and where the note stays, whatever has come (bot/permits.py asks,
bot/front.py looks up). Deletions need no asking.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from bot.errors import TryAgain, Undeliverable, Unfit, Withheld
from bot.speech.outgoing import Outcome
from bot.telegram.post import Post


@dataclass(frozen=True, slots=True)
class Door:
    """`may(chat_id, outcome)`: may this change still leave? `leaves(chat_id, outcome, by)`: may this new message, now?

    `came(chat_id, message_id, outcome, by)`: it has arrived; None: Telegram has refused it. `by`: this door's name and
    a mark of its own for each attempt, so that none takes what was lost at another one for its own.
    """

    post: Post
    may: Callable[[int, Outcome], Awaitable[bool]]
    leaves: Callable[[int, Outcome, str], Awaitable[bool]]
    came: Callable[[int, int | None, Outcome, str], Awaitable[None]]
    name: str = field(default_factory=lambda: secrets.token_hex(4))

    async def bring(self, chat_id: int, outcome: Outcome, target: int | None, *, waited: bool = True) -> int | None:
        """Changes message `target`, or sends a new one where that may be; the id of a new one.

        `waited`: something may have happened since it was drawn. Raises CallError.
        """
        assert outcome.card is not None
        if target is not None:
            if waited and outcome.of and not await self.may(chat_id, outcome):
                return None
            if await self.post.edit(outcome.lane, chat_id, target, outcome.card):
                return None
        return None if outcome.only_edit else await self._send(chat_id, outcome)

    async def _send(self, chat_id: int, outcome: Outcome) -> int | None:
        assert outcome.card is not None
        by = f"{self.name}:{secrets.token_hex(4)}"
        asks = partial(self.leaves, chat_id, outcome, by) if outcome.is_kept else None
        silent = not outcome.rings
        try:
            message_id = await self.post.send(outcome.lane, chat_id, outcome.card, silent=silent, asks=asks)
        except Withheld:
            return None
        except (Undeliverable, Unfit, TryAgain) as error:
            # Anything else that failed may have arrived all the same: its answer was lost.
            if outcome.is_kept and (not isinstance(error, TryAgain) or error.too_many):
                await self.came(chat_id, None, outcome, by)
            raise
        await self.came(chat_id, message_id, outcome, by)
        return message_id
