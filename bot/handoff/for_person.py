"""What is queued for the chat of whoever asks for help: their card, neutral messages, the last words of a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.gate import Ring, Way, let_out
from bot.handoff.wipes import Wipes
from bot.rings import Event
from flows.hands import Hands
from storage import shown
from storage.case import Case, Handed, Live
from storage.outbox import Outbox, RowKind
from storage.tx import Tx

REPAIR_AFTER = timedelta(seconds=5)
LAST_CARD_FOR = timedelta(hours=24)
# Longer than a call and what is kept of it take (bot/telegram/api.py, bot/permits.py).
STRAY_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForPerson:
    """Queues; every method runs inside a change."""

    outbox: Outbox
    wipes: Wipes

    # --- news ---

    def news(self, tx: Tx, case: Case, event: Event = Event.told) -> None:
        """The person's card is brought up to date; where the gate lets it (bot/gate.py), a neutral message tells of it.

        The gate is asked again when the rows are sent.
        """
        self.outbox.put(tx, RowKind.news, case_row=case.row, key=f"news:{case.row}")
        if isinstance(case, Handed) and way_of(event, case) in {Way.ping, Way.hint}:
            self.outbox.put(tx, RowKind.ping, case_row=case.row, key=f"ping:{case.row}")

    def unread(self, tx: Tx, case: Case) -> None:
        """A neutral notification: something of the lawyer's waits to be opened, if it still does by then."""
        self.outbox.put(tx, RowKind.unread, case_row=case.row, key=f"unread:{case.row}")

    def repair_card(self, tx: Tx, case: Case) -> None:
        """The person's card once more a little later, in case that a direct reply is lost."""
        self.outbox.put(tx, RowKind.news, at=tx.now + REPAIR_AFTER, case_row=case.row, key=f"repair:{case.row}")

    def news_later(self, tx: Tx, case: Case, at: datetime) -> None:
        """The person chooses on a card that stands in the place of theirs: until then nothing comes over it."""
        self.outbox.put(tx, RowKind.news, at=at, case_row=case.row, key=f"later:{case.row}")

    def at_night(self, tx: Tx, case: Case, begins: datetime) -> None:
        """What rings by day does not by night: from then on the person's card says so."""
        self.outbox.put(tx, RowKind.news, at=begins, case_row=case.row, key=f"night:{case.row}")

    # --- the last words ---

    def last_card(self, tx: Tx, case: Case, card: int | None, way: Way) -> None:
        """The link to the person is about to be cut: their card says for the last time that the case is closed.

        It goes by itself after a day; a hidden chat hears nothing of it. `way`: what may leave.
        """
        if case.chat_id is not None and way is not Way.nothing:
            self._last(tx, case.chat_id, card, {"language": case.language, "way": way.value})

    def joined(self, tx: Tx, chat_id: int, language: str, card: int | None, way: Way) -> None:
        """The same of what was answered for a request that is out of sight: the card says that it is there."""
        self._last(tx, chat_id, card, {"language": language, "way": way.value, "joined": True})

    def expired(self, tx: Tx, chat_id: int, language: str, way: Way) -> None:
        """Nothing is left of what was answered: where it may, a neutral message tells of it."""
        if way in {Way.ping, Way.hint}:
            args = {"language": language, "way": way.value, "expired": True}
            self.outbox.put(tx, RowKind.bye, chat_id=chat_id, args=args, key=self._key("bye", chat_id))

    def said_goodbye(self, tx: Tx, chat_id: int, message_id: int) -> None:
        """A last message has arrived; where the chat was hidden or used anew meanwhile, it goes at once."""
        if self.outbox.waits(tx, self._key("bye", chat_id)):
            self._gone_later(tx, chat_id, message_id)
        else:
            self.wipes.messages(tx, chat_id, [message_id])

    def no_goodbye(self, tx: Tx, chat_id: int) -> None:
        """The chat is hidden or used anew: the last messages of what was closed there go, and none comes any more."""
        for name in ("closed", "repair", "bye"):
            self.outbox.drop(tx, self._key(name, chat_id))
        self.outbox.hurry(tx, self._key("gone", chat_id), tx.at_once)

    def no_goodbye_after_all(self, tx: Tx, chat_id: int, card: int | None) -> None:
        """The case is open again: its card stays, and what told of its end goes."""
        if card is not None:
            self.outbox.drop(tx, self._gone_key(chat_id, card))
        self.no_goodbye(tx, chat_id)

    # --- messages on their way ---

    def leaves(self, tx: Tx, chat_id: int, by: str, *, beside: bool) -> None:
        """A new message leaves for a person's chat, its card or one beside it; if nobody hears of it, it is a stray."""
        key, args = self._stray(chat_id, by, beside), {"since": shown.newest(tx)}
        self.outbox.put(tx, RowKind.stray, at=tx.now + STRAY_AFTER, chat_id=chat_id, args=args, key=key)

    def came(self, tx: Tx, chat_id: int, by: str, *, beside: bool) -> None:
        """It has arrived, and stands where it is known to stand; or it was refused."""
        self.outbox.drop(tx, self._stray(chat_id, by, beside))

    # --- parts ---

    def _last(self, tx: Tx, chat_id: int, card: int | None, args: Mapping[str, object]) -> None:
        self.wipes.everything(tx, chat_id, [], but=card or 0)
        if card is not None:
            # Once more a little later: an answer that was on its way may have been drawn over it.
            for name, at in (("closed", tx.now), ("repair", tx.now + REPAIR_AFTER)):
                key, last = self._key(name, chat_id), {**args, "card": card}
                self.outbox.put(tx, RowKind.closed, at=at, chat_id=chat_id, args=last, key=key)
            self._gone_later(tx, chat_id, card)
        if args["way"] in {Way.ping, Way.hint}:
            self.outbox.put(tx, RowKind.bye, chat_id=chat_id, args=args, key=self._key("bye", chat_id))

    def _gone_later(self, tx: Tx, chat_id: int, message_id: int) -> None:
        key, args = self._gone_key(chat_id, message_id), {"messages": [message_id]}
        self.outbox.put(tx, RowKind.wipe, at=tx.now + LAST_CARD_FOR, chat_id=chat_id, args=args, key=key)

    def _gone_key(self, chat_id: int, message_id: int) -> str:
        return f"{self._key('gone', chat_id)}:{message_id}"

    def _stray(self, chat_id: int, by: str, beside: bool) -> str:
        return f"{self._key('stray', chat_id)}:{by}:{'beside' if beside else 'card'}"

    def _key(self, name: str, chat_id: int) -> str:
        return f"{name}:{self.wipes.place(chat_id)}"


def way_of(event: Event, case: Live) -> Way:
    """What may leave for the phone of a case's person; while nobody was called there is nothing new, only the card."""
    if case.handoff is None:
        return Way.edit
    hands = case.handoff.facts.hands
    ring = {None: Ring.unsaid, True: Ring.yes, False: Ring.no}[case.wants_ping]
    return let_out(event, Hands.hidden if case.hidden else hands, ring)
