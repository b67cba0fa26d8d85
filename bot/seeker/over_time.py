"""What time brings to a person's chat: a silence, a message that grows old, an outage, a new start."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from msgspec import structs

from bot.handoff.queue import Queue
from bot.rings import Event
from bot.seeker.chat import veil
from bot.seeker.screen import Screen
from bot.speech.outgoing import Outcome
from bot.speech.texts import seeker as texts
from storage import ladder_due, shown
from storage.case import Case
from storage.cases import Cases
from storage.intakes import Intakes
from storage.outbox import Lane
from storage.relay import Relay
from storage.tx import Tx

RENEWED_AFTER = timedelta(hours=46)  # Bot API, deleteMessage: within 48 hours
Shown = tuple[int, Outcome]  # a chat, and what it shows now


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """Every method runs inside a change; None when the chat stays as it is."""

    screen: Screen
    intakes: Intakes
    cases: Cases
    queue: Queue
    relay: Relay

    def veil(self, tx: Tx, row: int) -> Shown | None:
        """Once its person has been silent, a card is drawn without the earlier answers."""
        intake = self.intakes.take(tx, "veil", row)
        if intake is None:
            return None
        self.intakes.put(tx, veil(intake))
        if intake.silent or intake.hidden:  # drawn so already
            return None
        return intake.chat_id, replace(self.screen.view(tx, intake.chat_id), only_edit=True)

    def hide_code(self, tx: Tx, row: int) -> Shown | None:
        """Once its person has been silent, the card of a sent request is drawn without its code."""
        ladder_due.show_code(tx, row, None)
        return self._drawn_anew(tx, self.cases.get(tx, row))

    def fade(self, tx: Tx, row: int) -> Shown | None:
        """What a lawyer wrote has been readable for long enough."""
        self.relay.fade(tx, row)
        return self._drawn_anew(tx, self.cases.get(tx, row))

    def warn(self, tx: Tx, row: int) -> Shown | None:
        """What was not sent is about to end: behind a neutral ping, or on the card. What lawyers have stays anyway."""
        intake = self.intakes.take(tx, "warning", row)
        if intake is None:
            return None
        self.intakes.put(tx, structs.replace(intake, warned_at=tx.now), touched=False)
        if (intake.handed and not intake.withdrawn) or intake.hidden:
            return None
        chat = structs.replace(self.screen.chats.of(tx, intake.chat_id), beside=texts.ENDS)
        seen = self.screen.of(tx, chat, speaks=False)
        return intake.chat_id, self.screen.replaced(tx, chat, seen, Event.ends)

    def renew(self, tx: Tx, row: int) -> Shown | None:
        """A message that Telegram would soon let nobody remove: it goes, and in a card's place a neutral one comes.

        `row`: the message's id. Nothing of it rings, and nothing is left in a chat that shows nothing.
        """
        look_up = shown.where(tx, row, tx.now - RENEWED_AFTER)
        chat_id = self.screen.chats.id_of(tx, look_up) if look_up is not None else None
        if chat_id is None:
            shown.forget(tx, row, tx.now - RENEWED_AFTER)
            return None
        chat = self.screen.chats.of(tx, chat_id)
        self.queue.wipes.messages(tx, chat_id, [row])
        if row != chat.card_message:
            return None
        self.screen.covers(tx, chat)
        card = self.screen.cards.rests(chat_id, chat.language)
        return chat_id, Outcome(card=card, fresh=True, lane=Lane.bulk, of=chat.shows)

    def ask_again(self, tx: Tx, row: int, *, heard: Collection[int]) -> Shown | None:
        """After an outage, in which presses may have been lost: behind a neutral ping, the question once more.

        `heard`: chats that have been answered since. Nothing rings on a phone that may be in other hands: there the
        card simply stays.
        """
        intake = self.intakes.of_row(tx, row)
        if intake is None or intake.hidden or intake.chat_id in heard or intake.card_message is None:
            return None
        chat = self.screen.chats.of(tx, intake.chat_id)
        seen = self.screen.replaced(tx, chat, Outcome(of=chat.shows, lane=Lane.bulk), Event.asked_again)
        return (intake.chat_id, seen) if seen.card is not None else None

    def redraw(self, tx: Tx, row: int) -> Shown | None:
        """After a start: a card whose reply may have been lost."""
        intake = self.intakes.of_row(tx, row)
        return None if intake is None or intake.hidden else (intake.chat_id, self.screen.view(tx, intake.chat_id))

    def _drawn_anew(self, tx: Tx, case: Case) -> Shown | None:
        if case.chat_id is None or case.hidden or self.screen.chats.chooses_until(tx, case.chat_id) is not None:
            return None  # what is chosen there leads to the card as it is then
        return case.chat_id, replace(self.screen.view(tx, case.chat_id), only_edit=True)
