"""What a lawyer wrote, on the person's card: it waits behind "show", and stays readable for a quarter of an hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from bot.seeker.rows import Room
from bot.speech import presses
from bot.speech.lines import Lines
from bot.speech.outgoing import Button, Look
from bot.speech.reader import Reader
from bot.speech.texts import seeker as texts
from storage.case import Case, Claimed
from storage.contact import Contacts
from storage.intakes import OpenIntake
from storage.relay import Relay, Relayed
from storage.tx import Reading, Tx

MOST_SHOWN = 2100  # characters of a lawyer's messages on the card, of 4096: one of the longest, with its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The opened messages that can be read, whether others wait, and whether one was never opened and is gone.

    `asks`: a lawyer has the case, who can be asked for it.
    """

    opened: tuple[str, ...] = field(default=(), repr=False)
    waits: bool = False
    missed: bool = False
    asks: bool = False

    def above(self, lines: Lines, reader: Reader, room: Room, *, crowded: bool) -> None:
        """The opened ones stand at the top of a card, three lines of them; a tap opens the rest.

        `crowded`: something else is said once. With little room what was read makes way to it and to what is new; it
        comes back with the next card.
        """
        if room is Room.least and crowded and self.waits:
            return
        if self.opened and room is not Room.least:
            lines.add(reader.text(texts.FROM_LAWYER))
        if self.opened:
            lines.add("\n".join(self.opened), Look.folded)

    def below(self, lines: Lines, reader: Reader, room: Room) -> None:
        """What is new stands where it is seen, at the end of the text; with little room only that something waits."""
        if self.missed and not (self.waits and room is Room.least):
            gone = (texts.MISSED, texts.MISSED_ASK) if self.asks else (texts.MISSED,)
            lines.add(" ".join(map(reader.text, gone)))
        if self.waits:
            lines.add(reader.text(texts.NEW_MESSAGE), Look.strong)

    def rows(self, reader: Reader) -> list[tuple[Button, ...]]:
        """The way to what waits, right under the text."""
        return [(reader.button(texts.SHOW, presses.ShowMessages()),)] if self.waits else []


@dataclass(frozen=True, slots=True, kw_only=True)
class FromLawyer:
    """Every method runs inside a change."""

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

    def has_said(self, tx: Reading, case: Case) -> tuple[int, int]:
        """The numbers of the last message that was sent, and of the last one that was opened."""
        contact = self.contacts.get(tx, case.row)
        return contact.sent, contact.seen

    def speaks_last(self, tx: Reading, case: Case | None, intake: OpenIntake) -> bool:
        """What is newest on the card is the lawyer's: it came, or was opened, after the question, and waits for a word.

        What a lawyer wrote to a hidden request stands on no card.
        """
        if case is None or (intake.joined and case.hidden) or self.has_said(tx, case) == intake.lawyer_said:
            return False
        return bool(self.relay.to_seeker(tx, case.row))

    def waits(self, tx: Reading, case: Case | None) -> bool:
        """Whether something of this case waits to be opened."""
        return case is not None and self.relay.waits(tx, case.row)

    def of(self, tx: Reading, case: Case | None) -> Letters:
        """What of it a card shows."""
        if case is None:
            return Letters()
        contact = self.contacts.get(tx, case.row)
        found = self.relay.to_seeker(tx, case.row) if contact.sent else []
        waits = any(message.shown_at is None for message in found)
        return Letters(opened=tuple(_newest(found)), waits=waits, missed=contact.owes, asks=isinstance(case, Claimed))


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
