"""What a lawyer wrote, on the person's card: it waits behind "show", and stays readable for a quarter of an hour."""

from dataclasses import dataclass, replace
from itertools import accumulate

from bot.seeker.cards import Cards
from bot.speech import texts
from bot.speech.outgoing import Card
from storage.cases import Case
from storage.contact import Contacts
from storage.relay import Relay, Relayed
from storage.tx import Tx

MOST_SHOWN = 2100  # characters of a lawyer's messages on the card, of 4096: one of the longest, with its number


@dataclass(frozen=True, slots=True)
class FromLawyer:
    """Every method runs inside a change."""

    cards: Cards
    relay: Relay
    contacts: Contacts

    def show(self, tx: Tx, case: Case) -> int:
        """Pressed "show": opens as many messages as fit the card; what does not fit waits for the next press.

        The number of the last one that was opened, 0 when nothing was.
        """
        unseen = [one for one in self.relay.to_seeker(tx, case.row) if one.shown_at is None]
        ends = accumulate(len(_numbered(one)) for one in unseen)
        fitting = [one for one, end in zip(unseen, ends, strict=True) if end <= MOST_SHOWN]
        self.relay.show(tx, [one.id for one in fitting])
        return max((one.number for one in fitting), default=0)

    def on(self, tx: Tx, case: Case | None, chat_id: int, language: str, card: Card) -> Card:
        """The card with the opened messages above it, newest last, and a button where something waits unopened."""
        if case is None:
            return card
        found = self.relay.to_seeker(tx, case.row)
        kept: list[str] = []
        for one in reversed([one for one in found if one.shown_at is not None]):
            if sum(map(len, kept)) + len(_numbered(one)) > MOST_SHOWN:
                break
            kept.insert(0, _numbered(one))
        said = "\n".join([self.cards.words.text(language, texts.FROM_LAWYER), *kept]) if kept else None
        unseen = any(one.shown_at is None for one in found)
        if self.contacts.get(tx, case.row).owes:  # where it is seen: the end of a card
            card = replace(card, text=f"{card.text}\n\n{self.cards.words.text(language, texts.MISSED)}")
        return self.cards.with_messages(card, chat_id, language, said, unseen=unseen)


def _numbered(message: Relayed) -> str:
    """With its number from the second on, so that a gap can be seen."""
    return f"{message.number}. {message.text}" if message.number > 1 else message.text
