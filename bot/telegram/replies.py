"""Direct replies: shown right after the commit, in order per chat, and only the newest card counts.

A reply is no row of the outbox, because a lost one repairs itself: a repeated update draws it again, and at start
the cards of intakes changed in the last minute are drawn again.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation.incoming import Outcome
from bot.errors import CallError, TryAgain
from bot.logs import log
from bot.telegram.post import Post
from storage.outbox import Lane

LATE_AFTER, LONGEST_WAIT = 5, 30.0


class Replies:
    """Shows outcomes in chats. `remember(chat_id, message_id)` is told of a card that was sent anew."""

    def __init__(self, post: Post, remember: Callable[[int, int], Awaitable[None]], group: asyncio.TaskGroup) -> None:
        self._post, self._remember, self._group = post, remember, group
        self._newest: dict[int, Outcome] = {}
        self._busy: set[int] = set()

    def show(self, chat_id: int, outcome: Outcome, callback_id: str | None = None) -> None:
        """Answers the press at once and shows the card as soon as the chat's earlier ones are out."""
        if callback_id is not None:
            self._group.create_task(self._answer(chat_id, callback_id, outcome))
        if outcome.wipe:
            self._group.create_task(self._wipe(chat_id, outcome.wipe))
        if outcome.card is None:
            return
        before = self._newest.get(chat_id)
        if before is not None and before.fresh:
            outcome = replace(outcome, fresh=True)
        if chat_id in self._busy:  # it takes the place of a card that somebody waits for
            outcome = replace(outcome, only_edit=False)
        self._newest[chat_id] = outcome
        if chat_id not in self._busy:
            self._busy.add(chat_id)
            self._group.create_task(self._work(chat_id))

    @property
    def idle(self) -> bool:
        """True when nothing waits to be shown."""
        return not self._busy

    async def _work(self, chat_id: int) -> None:
        sent: int | None = None
        try:
            while (outcome := self._newest.pop(chat_id, None)) is not None:
                try:
                    sent = await self._show(chat_id, outcome, sent) or sent
                except Exception as error:  # an edge: what one chat is to be shown stops no other
                    log.error("a reply could not be shown", error=type(error).__name__)
        finally:
            self._busy.discard(chat_id)

    async def _show(self, chat_id: int, outcome: Outcome, just_sent: int | None) -> int | None:
        """Edits the card, or sends it anew when there is none to edit; returns the id of a new one."""
        assert outcome.card is not None
        target = None if outcome.fresh else outcome.edit or just_sent
        for attempt in itertools.count():
            try:
                if target is not None and await self._post.edit(outcome.lane, chat_id, target, outcome.card):
                    return None
                if outcome.only_edit:
                    return None
                message_id = await self._post.send(outcome.lane, chat_id, outcome.card)
                await self._remember(chat_id, message_id)
                return message_id
            except TryAgain as error:
                if chat_id in self._newest:
                    return None  # a newer card takes its place
                if attempt == LATE_AFTER:
                    log.warning("a reply is late", error=str(error), attempts=attempt)
                # Never given up: nothing else would show this person the next question.
                wait = min(LONGEST_WAIT, 0.5 * 2 ** min(attempt, 8))
                await asyncio.sleep(error.after if error.after is not None else wait)
            except CallError as error:
                log.warning("a reply was refused", error=str(error))
                return None
        return None

    async def _answer(self, chat_id: int, callback_id: str, outcome: Outcome) -> None:
        try:
            await self._post.answer_press(chat_id, callback_id, outcome.toast, alert=outcome.alert)
        except CallError as error:
            log.info("a press was not answered", error=str(error))
        except Exception as error:
            log.error("a press was not answered", error=type(error).__name__)

    async def _wipe(self, chat_id: int, messages: tuple[int, ...]) -> None:
        try:
            await self._post.remove(Lane.wipe, chat_id, list(messages))
        except CallError as error:
            log.info("a message stays", error=str(error))
        except Exception as error:
            log.error("a message stays", error=type(error).__name__)
