"""A member's chat stays tidy: an answer goes with whatever its reader does next, a question once it is answered.

What is said at a press, and asks nothing, is said in the window over the chat and stands nowhere.
"""

from dataclasses import dataclass, replace

from bot.handoff.queue import Queue
from bot.speech.incoming import Incoming, Pushed, Reach
from bot.speech.outgoing import Outcome
from storage import in_chat
from storage.members import Member
from storage.tx import Tx

LONGEST_TOAST = 200  # Bot API, answerCallbackQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidying:
    """Every method runs inside a change."""

    queue: Queue

    def goes_on(self, tx: Tx, member: Member, incoming: Incoming) -> None:
        """The member types or presses: what answered them before goes, but for the card that is pressed."""
        if not isinstance(incoming, Reach):
            gone = in_chat.take(tx, member.id, in_chat.ANSWER, but=incoming.message_id)
            if gone.young or gone.old:  # among them what asks for a text, unless it is pressed itself
                self.queue.not_over(tx, member.id)
            self.queue.wipes.stood(tx, member.id, gone)

    def after(self, tx: Tx, member: Member, incoming: Incoming, seen: Outcome) -> Outcome:
        """What is shown in the end."""
        return self._pressed(tx, member, incoming, seen) if isinstance(incoming, Pushed) else seen

    def _pressed(self, tx: Tx, member: Member, pushed: Pushed, seen: Outcome) -> Outcome:
        part = in_chat.part_of(tx, member.id, pushed.message_id)
        too_old = in_chat.has_outlived(tx, member.id, pushed.message_id)
        if seen.card is not None and seen.card.rows:
            opens = seen.fresh and part == in_chat.ANSWER  # one card of a dialogue takes the place of the one before
            return replace(seen, fresh=False, edit=pushed.message_id) if opens else seen
        in_chat.answered(tx, member.id, pushed.message_id)
        if part is None and seen.edit is not None:  # it stays, or is too old to go and says itself that it is over
            return seen
        if too_old:  # it has nothing to say: it loses its text
            self.queue.wipes.one_by_one(tx, member.telegram_id, [pushed.message_id])
        if part is None:
            return _said_over_the_chat(seen)
        self.queue.wipes.messages(tx, member.telegram_id, [pushed.message_id])
        return replace(_said_over_the_chat(seen), edit=None)


def _said_over_the_chat(seen: Outcome) -> Outcome:
    """A text that asks nothing goes into the window of the press; one that is too long for it is a new message."""
    if seen.card is None:
        return seen
    if len(seen.card.text) > LONGEST_TOAST:
        return replace(seen, fresh=True)
    return replace(seen, card=None, toast=seen.card.text)
