"""Direct replies: shown right after the commit, in order per chat, and only the newest card counts.

A reply is no row of the outbox, because a lost one repairs itself: a repeated update draws it again, and at start
the cards of intakes changed in the last minute are drawn again.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.errors import CallError, TryAgain, Undeliverable
from bot.logs import log
from bot.speech.outgoing import Outcome
from bot.telegram.door import Door
from storage.outbox import Lane

LATE_AFTER, LONGEST_WAIT = 5, 30.0


class Replies:
    """Shows outcomes in chats, each behind the door. `lost(chat_id)` is told that nobody is reached in a chat."""

    def __init__(self, door: Door, lost: Callable[[int], Awaitable[None]], group: asyncio.TaskGroup) -> None:
        self._door, self._post, self._lost, self._group = door, door.post, lost, group
        self._newest: dict[int, Outcome] = {}
        self._busy: dict[int, Outcome] = {}  # what is being shown
        self._done: dict[int, asyncio.Event] = {}  # set once nothing is being shown there any more
        self._emptied: set[int] = set()  # chats that were emptied while something was being shown there

    def show(self, chat_id: int, outcome: Outcome, callback_id: str | None = None) -> None:
        """Answers the press at once and shows the card as soon as the chat's earlier ones are out."""
        if callback_id is not None:
            self._group.create_task(self._answer(chat_id, callback_id, outcome))
        if outcome.wipe:
            self._group.create_task(self._wipe(chat_id, outcome.wipe))
        if outcome.empties:
            self._newest.pop(chat_id, None)
            self._emptied |= {chat_id} & self._busy.keys()
        if outcome.card is None:
            return
        outcome = self._newest[chat_id] = self._in_place_of_others(chat_id, outcome)
        if chat_id not in self._busy:
            self._busy[chat_id], self._done[chat_id] = outcome, asyncio.Event()
            self._group.create_task(self._work(chat_id))

    def _in_place_of_others(self, chat_id: int, outcome: Outcome) -> Outcome:
        """A newer card takes the place of one that waits: it is new if that was to be, and somebody may wait for it."""
        before = self._newest.get(chat_id)
        if before is not None and before.fresh:
            outcome = replace(outcome, fresh=True)
        if chat_id in self._busy and not all(one.only_edit for one in (before, self._busy[chat_id]) if one):
            outcome = replace(outcome, only_edit=False)
        return outcome

    async def shown(self, chat_id: int, outcome: Outcome) -> None:
        """Shows it, and returns once the chat has it or a newer card in its place."""
        self.show(chat_id, outcome)
        if chat_id in self._done:
            await self._done[chat_id].wait()

    @property
    def idle(self) -> bool:
        """True when nothing waits to be shown."""
        return not self._busy

    async def _work(self, chat_id: int) -> None:
        sent, waited = None, False
        try:
            while (outcome := self._newest.pop(chat_id, None)) is not None:
                self._busy[chat_id] = outcome
                self._emptied.discard(chat_id)  # what was emptied before this was drawn
                try:
                    sent = await self._show(chat_id, outcome, sent, waited=waited) or sent
                except Exception as error:  # an edge: what one chat is to be shown stops no other
                    log.error("a reply could not be shown", error=type(error).__name__)
                if sent is not None and chat_id in self._emptied:
                    await self._wipe(chat_id, (sent,))
                    sent = None
                waited = True
        finally:
            self._busy.pop(chat_id, None)
            self._done.pop(chat_id).set()
            self._emptied.discard(chat_id)

    async def _show(self, chat_id: int, outcome: Outcome, just_sent: int | None, *, waited: bool) -> int | None:
        """Edits the card, or sends it anew when there is none to edit; returns the id of a new one."""
        target = None if outcome.fresh else outcome.edit or just_sent
        for attempt in itertools.count():
            try:
                return await self._door.bring(chat_id, outcome, target, waited=waited or attempt > 0)
            except TryAgain as error:
                if chat_id in self._newest or chat_id in self._emptied:
                    return None  # a newer card takes its place, or nothing
                # Never given up: nothing else would show this person the next question.
                await _wait(error, attempt)
            except Undeliverable:
                await self._lost(chat_id)
                return None
            except CallError as error:
                log.error("a reply was refused", error=str(error))
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


async def _wait(error: TryAgain, attempt: int) -> None:
    """As long as Telegram says, or longer each time."""
    if attempt == LATE_AFTER:
        log.warning("a reply is late", error=str(error), attempts=attempt)
    wait = min(LONGEST_WAIT, 0.5 * 2 ** min(attempt, 8))
    await asyncio.sleep(error.after if error.after is not None else wait)
