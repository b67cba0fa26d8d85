"""What a lawyer wrote, on the person's card: it waits behind "show", and stays readable for a quarter of an hour."""

from dataclasses import dataclass
from itertools import accumulate

from bot.conversation import texts
from bot.conversation.card import Cards
from bot.conversation.incoming import Card
from storage.cases import Case
from storage.relay import Relay
from storage.tx import Tx

MOST_SHOWN = 2000  # characters of a lawyer's messages on the card, of 4096


@dataclass(frozen=True, slots=True)
class FromLawyer:
    """Every method runs inside a change."""

    cards: Cards
    relay: Relay

    def show(self, tx: Tx, case: Case) -> None:
        """Pressed "show": opens as many messages as fit the card; what does not fit waits for the next press."""
        unseen = [one for one in self.relay.to_seeker(tx, case.row) if one.shown_at is None]
        ends = accumulate(len(one.text) for one in unseen)
        fitting = [one.id for one, end in zip(unseen, ends, strict=True) if end <= MOST_SHOWN]
        self.relay.show(tx, fitting)

    def on(self, tx: Tx, case: Case | None, chat_id: int, language: str, card: Card) -> Card:
        """The card with the opened messages above it, newest last, and a button where something waits unopened."""
        if case is None:
            return card
        found = self.relay.to_seeker(tx, case.row)
        kept: list[str] = []
        for text in reversed([one.text for one in found if one.shown_at is not None]):
            if sum(map(len, kept)) + len(text) <= MOST_SHOWN:
                kept.insert(0, text)
        said = "\n".join([self.cards.words.text(language, texts.FROM_LAWYER), *kept]) if kept else None
        unseen = any(one.shown_at is None for one in found)
        return self.cards.with_messages(card, chat_id, language, said, unseen=unseen)
