"""What a lawyer wrote, on the person's card: it waits behind "show", and stays readable for a quarter of an hour."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.seeker.cards import SeekerCards
from bot.speech.outgoing import Card
from bot.speech.texts import seeker as texts
from storage.case import Case
from storage.contact import Contacts
from storage.relay import Relay, Relayed
from storage.tx import Tx

MOST_SHOWN = 2100  # characters of a lawyer's messages on the card, of 4096: one of the longest, with its number


@dataclass(frozen=True, slots=True, kw_only=True)
class FromLawyer:
    """Every method runs inside a change."""

    cards: SeekerCards
    relay: Relay
    contacts: Contacts

    def show(self, tx: Tx, case: Case) -> int:
        """Pressed "show": opens as many messages as fit the card; what does not fit waits for the next press.

        The number of the last one that was opened, 0 when nothing was.
        """
        unseen = [message for message in self.relay.to_seeker(tx, case.row) if message.shown_at is None]
        ends = accumulate(len(_numbered(message)) for message in unseen)
        fitting = [message for message, end in zip(unseen, ends, strict=True) if end <= MOST_SHOWN]
        self.relay.show(tx, [message.id for message in fitting])
        return max((message.number for message in fitting), default=0)

    def on(self, tx: Tx, case: Case | None, chat_id: int, language: str, card: Card) -> Card:
        """The card with the opened messages above it, newest last, and a button where something waits unopened."""
        if case is None:
            return card
        contact = self.contacts.get(tx, case.row)
        found = self.relay.to_seeker(tx, case.row) if contact.sent else []
        reader, kept = self.cards.speech.to(chat_id, language), _newest(found)
        said = "\n".join([reader.text(texts.FROM_LAWYER), *kept]) if kept else None
        unseen = any(message.shown_at is None for message in found)
        if contact.owes:  # where it is seen: the end of a card
            card = replace(card, text=f"{card.text}\n\n{reader.text(texts.MISSED)}")
        return self.cards.with_messages(card, reader, said, unseen=unseen)


def _newest(found: Sequence[Relayed]) -> list[str]:
    """As many of the opened messages as fit, the newest last."""
    kept: list[str] = []
    for message in reversed([message for message in found if message.shown_at is not None]):
        if sum(map(len, kept)) + len(_numbered(message)) > MOST_SHOWN:
            break
        kept.insert(0, _numbered(message))
    return kept


def _numbered(message: Relayed) -> str:
    """With its number from the second on, so that a gap can be seen."""
    return f"{message.number}. {message.text}" if message.number > 1 else message.text
