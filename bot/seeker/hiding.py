"""Hide chat: everything goes out of sight, nothing is lost, and only the case code typed from this account leads back.

/start then looks like the first time, so whoever holds the phone learns nothing from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from msgspec import structs

from bot.handoff.intake_to_case import IntakeToCase
from bot.handoff.queue import Queue
from bot.handoff.wipes import NEARBY
from bot.seeker.cards import SeekerCards
from bot.seeker.chat import Chat, as_shown
from bot.speech.outgoing import Outcome
from bot.speech.texts import seeker as texts
from storage import in_sight
from storage.case import Case
from storage.cases import Cases
from storage.intakes import Intakes
from storage.record import codes_in
from storage.tx import Reading, Tx
from storage.undoing import Undoing

LONGEST_WITH_CODE = 60  # characters: a code, and a few words beside it; in more it leads back, where it has to
CODE_SHOWN_FOR = timedelta(seconds=15)  # in the one message that answers a typed /clear


def up_to(message_id: int) -> tuple[int, ...]:
    """A typed message and what stands before it: the cards of somebody about whom nothing is kept.

    Message ids of a bot's chats grow together, so they lie close; ids that belong to another chat or to nobody are
    passed over (Bot API, deleteMessages).
    """
    return tuple(range(max(1, message_id - NEARBY), message_id + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding:
    """Every method runs inside a change."""

    cards: SeekerCards
    intake_to_case: IntakeToCase
    intakes: Intakes
    cases: Cases
    queue: Queue
    undoing: Undoing

    def hide(
        self, tx: Tx, chat: Chat, *, pressed: int | None = None, typed: int | None = None, language: str | None = None
    ) -> Outcome:
        """Removes everything that Telegram lets a bot remove; what was sent stays, and only the code leads back.

        One tap, never a question: whoever is in a hurry sees the code in the press's window. Somebody who typed gets it
        in a message that goes by itself. `language`: of a chat of which nothing is known any more.
        """
        language = language or chat.language
        known = [chat.card_message] if chat.card_message is not None else []
        known += [pressed] if pressed is not None else []
        known += up_to(typed) if typed is not None else up_to(pressed) if pressed and chat.is_stranger else []
        code, left = self._clear(tx, chat, known)
        said = self._said(tx, chat, language, code, left)
        if pressed is not None or said is None:
            return Outcome(toast=said, alert=True, empties=True)
        card = self.cards.hidden(chat.chat_id, language, said)
        return Outcome(card=card, fresh=True, for_now=CODE_SHOWN_FOR, empties=True)

    def _clear(self, tx: Tx, chat: Chat, known: Sequence[int]) -> tuple[str | None, int]:
        """The code that leads back, and how many messages stay without their text."""
        for row in sorted({*chat.rows, *([chat.behind.row] if chat.behind is not None else [])}):
            self.cases.hold(tx, row)
        self.leave_closed(tx, chat)
        left = self.queue.wipes.everything(tx, chat.chat_id, known)
        return self._put_out_of_sight(tx, chat), left

    def leave_closed(self, tx: Tx, chat: Chat) -> None:
        """What was closed here goes, and stays out of sight should it be opened again (storage/undoing.py)."""
        self.queue.person.no_goodbye(tx, chat.chat_id)
        for row in self.undoing.of_chat(tx, chat.look_up):
            in_sight.hide(tx, row, hidden=True)

    def _said(self, tx: Reading, chat: Chat, language: str, code: str | None, left: int) -> str | None:
        """What is said of a chat that was hidden: each code that leads back, and what could only be blanked.

        Nothing comes any more, so it says now when that ends which nobody was sent. What has no code of its own went
        to an earlier request, or was never begun; of somebody unknown nothing is said.
        """
        reader = self.cards.speech.to(chat.chat_id, language)
        code = ", ".join(filter(None, (code, chat.behind.code if chat.behind is not None else None)))
        lines = [reader.text(texts.HIDDEN, code=code)] if code else []
        if not code and chat.intake is not None:
            joined = self.intakes.find(tx, chat.look_up) is not None
            lines = [reader.text(texts.HIDDEN_JOINED if joined else texts.LEFT)]
        if code and chat.intake is not None and chat.intake.withdrawn:
            ends = reader.clock(chat.intake.expires_at, chat.now)
            lines = [reader.text(texts.HIDDEN_UNSENT, code=code, time=ends)]
        lines += [reader.plural(texts.LEFT_OVER, left)] if left else []
        return "\n".join(lines) or None

    def _put_out_of_sight(self, tx: Tx, chat: Chat) -> str | None:
        """Hides intake and case; the code that leads back, None when there is nothing to come back to."""
        row = chat.case.row if chat.case is not None else None
        if chat.behind is not None:
            in_sight.hide(tx, chat.behind.row, hidden=True)
        if chat.intake is not None:
            intake = self.intake_to_case.keep(tx, chat.intake)
            row = intake.case_row or row
            if row is None:  # nothing was answered
                self.intakes.remove(tx, chat.look_up)
                return None
            self.intakes.put(tx, structs.replace(intake, hidden=True, card_message=None))
            if intake.joined and self.cases.get(tx, row).hidden:  # only who knows its code comes back to it
                return None
        if row is None:
            return None
        in_sight.hide(tx, row, hidden=True)
        return self.cases.get(tx, row).code

    def named_by_code(self, tx: Reading, chat: Chat, text: str) -> Case | None:
        """The case of this very account whose code was typed."""
        codes, short = codes_in(text), len(text) <= LONGEST_WITH_CODE
        if not codes:
            return None
        named = (case for case in self.cases.all_of_chat(tx, chat.look_up) if case.code in codes)
        return next((case for case in named if short or case.hidden or case.behind), None)

    def bring_back(self, tx: Tx, chat: Chat, case: Case) -> str | None:
        """That request is in sight again, and whatever was in its place is hidden: by which code that is found."""
        if not case.hidden and (chat.behind is None or chat.behind.row != case.row):
            return None
        other = None
        if not chat.is_stranger:
            other, _ = self._clear(tx, chat, [chat.card_message] if chat.card_message is not None else [])
        in_sight.hide(tx, case.row, hidden=False)
        intake = self.intakes.find(tx, chat.look_up)
        if intake is not None and intake.case_row == case.row:
            self.intakes.put(
                tx, self.intakes.alive(structs.replace(as_shown(intake, chat.now), hidden=False, silent=False), tx.now)
            )
            in_sight.set_language(tx, self.cases.ring, case, intake.state.language)  # it may have joined in another
        return other
