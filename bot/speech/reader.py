"""To whom something is said: texts in their language, and buttons that only their chat can press."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.speech.outgoing import Button, Card, Outcome, Style
from bot.speech.presses import Press, button_data, read_press
from bot.speech.words import Words, clock, shift_in_words
from flows.place import Place
from storage.members import Member
from storage.sealing.keyring import KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Says a text, makes a button or a card, for one chat and in one language."""

    ring: KeyRing = field(repr=False)
    words: Words
    place: Place
    chat_id: int = field(repr=False)
    language: str

    def text(self, text: str, /, **values: object) -> str:
        """A text of the catalogs with its named placeholders filled in."""
        return self.words.text(self.language, text, **values)

    def plural(self, forms: tuple[str, str], num: int, /, **values: object) -> str:
        """A text that depends on a number."""
        return self.words.plural(self.language, forms, num, **values)

    def clock(self, when: datetime, now: datetime | None = None) -> str:
        """A time of day where people are helped; with `now`, the day too where it is another one."""
        return clock(self.place, self.language, when, now)

    def shift(self, begins: datetime, ends: datetime) -> str:
        """From when to when."""
        return shift_in_words(self.place, self.language, begins, ends)

    def button(self, label: str, press: Press, style: Style | None = None) -> Button:
        """A button whose label is a text of the catalogs."""
        return self.named(self.text(label), press, style)

    def named(self, label: str, press: Press, style: Style | None = None) -> Button:
        """A button that is labelled as it is: a code, a name, a number, an answer."""
        return Button(label, button_data(self.ring, self.chat_id, press), style)

    def card(self, text: str, /, *rows: tuple[Button, ...], **values: object) -> Card:
        """A card that says one text, with its buttons."""
        return Card(self.text(text, **values), rows)

    def answer(self, text: str, /, **values: object) -> Outcome:
        """A text without buttons, as a new message."""
        return Outcome(card=self.card(text, **values), fresh=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Finds words and signs buttons for whoever reads them."""

    ring: KeyRing = field(repr=False)
    words: Words
    place: Place

    def to(self, chat_id: int, language: str) -> Reader:
        """A person's chat."""
        return Reader(ring=self.ring, words=self.words, place=self.place, chat_id=chat_id, language=language)

    def to_member(self, member: Member) -> Reader:
        """A member's chat."""
        return self.to(member.telegram_id, member.language)

    def press(self, chat_id: int, data: str) -> Press | None:
        """What a button says that was pressed in this chat; None for data that was not made for it."""
        return read_press(self.ring, chat_id, data)
