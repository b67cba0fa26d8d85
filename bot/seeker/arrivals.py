"""Messages on their way to a person's chat: whether one may still leave, and what follows once it has come.

Asked by the one door to people's chats (bot/telegram/door.py), through `bot/front.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.handoff.wipes import FAR
from bot.seeker.chat import Chat, Chats
from bot.speech.outgoing import Outcome
from storage import in_sight, sent_files, shown
from storage.cases import Cases
from storage.intakes import Intakes
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Every method runs inside a change."""

    chats: Chats
    intakes: Intakes
    cases: Cases
    queue: Queue

    def may(self, tx: Reading, chat_id: int, outcome: Outcome) -> bool:
        """Whether the chat still shows the request that a message was drawn for."""
        return bool(outcome.of & self.chats.of(tx, chat_id).shows)

    def leaves(self, tx: Tx, chat_id: int, outcome: Outcome, by: str) -> bool:
        """A new message is about to leave; until it has come, a row knows that something may stand there."""
        if outcome.of and not outcome.of & self.chats.of(tx, chat_id, hold=True).shows:
            return False
        self.queue.person.leaves(tx, chat_id, by, beside=outcome.apart)
        return True

    def came(self, tx: Tx, chat_id: int, message_id: int | None, outcome: Outcome, by: str) -> None:
        """A message has arrived: its id is kept, of a stranger none. What nobody may see any more is removed.

        None: it was refused.
        """
        chat = self.chats.of(tx, chat_id, hold=True)
        if outcome.is_kept:
            self.queue.person.came(tx, chat_id, by, beside=outcome.apart)
        if message_id is None:
            return
        gone = bool(outcome.of) and not outcome.of & chat.shows
        if outcome.for_now is not None and not gone:
            self.queue.wipes.messages(tx, chat_id, [message_id], at=tx.now + outcome.for_now)
            if outcome.of:  # it goes sooner with whatever comes next
                shown.keep(tx, chat.look_up, message_id)
        elif outcome.goodbye:
            self.queue.person.said_goodbye(tx, chat_id, message_id)
        elif gone:
            self.queue.wipes.messages(tx, chat_id, [message_id])
        elif not chat.is_stranger:
            self._stands(tx, chat, message_id, card=not outcome.apart)

    def make_room(self, tx: Tx, chat: Chat) -> None:
        """A message comes beside the card: those that stand there say nothing else, and go."""
        self.queue.wipes.messages(tx, chat.chat_id, shown.beside(tx, chat.look_up, chat.card_message))

    def strays(self, tx: Reading, chat_id: int, since: int) -> Sequence[int]:
        """A message left for this chat, and nobody knows whether it has come: what may stand there unknown.

        Its id is one of those after `since`; ids of other chats' messages are passed over (Bot API, deleteMessages).
        """
        chat = self.chats.of(tx, chat_id)
        known = {chat.card_message, *shown.beside(tx, chat.look_up), *sent_files.messages(tx, chat.look_up)}
        return [message for message in range(since + 1, since + FAR + 1) if message not in known]

    def _stands(self, tx: Tx, chat: Chat, message_id: int, *, card: bool) -> None:
        if card and chat.case is not None:
            in_sight.set_card(tx, chat.case.row, message_id)
        if card and chat.intake is not None:
            self.intakes.set_card(tx, chat.look_up, message_id)
        shown.keep(tx, chat.look_up, message_id)
