"""Hide chat: everything goes out of sight, nothing is lost, and only the case code typed from this account leads back.

/start then looks like the first time, so whoever holds the phone learns nothing from it.
"""

from dataclasses import dataclass, replace

from bot.conversation import texts
from bot.conversation.card import Cards
from bot.conversation.chat import Chat, as_shown
from bot.conversation.incoming import Outcome
from bot.handoff.dispatch import Dispatch
from storage.cases import Case, Cases
from storage.intakes import Intakes
from storage.record import tidy_code
from storage.tx import Reading, Tx

NEARBY = 60  # message ids


def up_to(message_id: int) -> tuple[int, ...]:
    """A typed message and what stands before it: the cards of somebody about whom nothing is kept.

    Message ids of a bot's chats grow together, so they lie close; ids that belong to another chat or to nobody are
    passed over (Bot API, deleteMessages).
    """
    return tuple(range(max(1, message_id - NEARBY), message_id + 1))


@dataclass(frozen=True, slots=True)
class Vanish:
    """Every method runs inside a change."""

    cards: Cards
    intakes: Intakes
    cases: Cases
    dispatch: Dispatch

    def hide(self, tx: Tx, chat: Chat, pressed: int | None) -> Outcome:
        """Removes everything that Telegram lets a bot remove; what was sent stays, and only the code leads back."""
        language = chat.language(self.cards.languages[0])
        known = [one for one in (chat.card_message, pressed) if one is not None]
        left = self.dispatch.wipe_all(tx, chat.chat_id, known)
        code = self._put_out_of_sight(tx, chat)
        card = self.cards.left_over(language, left) if left else None
        toast = self.cards.words.text(language, texts.HIDDEN, code=code) if code else None
        return Outcome(card=card, fresh=True, toast=toast, alert=True, wake=True)

    def _put_out_of_sight(self, tx: Tx, chat: Chat) -> str | None:
        """Hides intake and case; the code that leads back, None when nothing has been sealed yet."""
        row = chat.case.row if chat.case is not None else None
        if chat.one is not None:
            row = chat.one.case_row or row
            self.intakes.put(tx, replace(chat.one, hidden=True, card_message=None))
        if row is None:
            return None
        self.cases.hide(tx, row, hidden=True)
        return self.cases.get(tx, row).code

    def named_by_code(self, tx: Reading, chat: Chat, text: str) -> Case | None:
        """The hidden case of this very account whose code was typed."""
        code = tidy_code(text[:40])
        if code is None:
            return None
        mine = self.cases.all_of_chat(tx, chat.look_up)
        return next((one for one in mine if one.hidden and one.code == code), None)

    def bring_back(self, tx: Tx, chat: Chat, case: Case) -> None:
        """That request is in sight again, and whatever was in its place is hidden."""
        if not chat.is_stranger:
            self.hide(tx, chat, None)
        self.cases.hide(tx, case.row, hidden=False)
        one = self.intakes.find(tx, chat.look_up)
        if one is not None and one.case_row == case.row:
            self.intakes.put(tx, replace(as_shown(one, chat.now), hidden=False))
