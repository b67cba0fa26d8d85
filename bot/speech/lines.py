"""The text of a card, line by line, each with its look. Nothing typed ever becomes markup: looks are entities."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.speech.outgoing import Button, Card, Look, Mark


@dataclass(slots=True)
class Lines:
    """Lines from top to bottom; what matters most is written last, for a phone shows the end of a chat."""

    _text: str = ""
    _marks: list[Mark] = field(default_factory=list)
    _begun: bool = False

    def add(self, text: str, look: Look | None = None, *, code: str | None = None) -> None:
        """One more line, or several. `code`: a case's code in it, which can be tapped to be copied."""
        self._text += "\n" if self._begun else ""
        self._begun = True
        before, found, after = text.partition(code) if code else (text, "", "")
        for part, its in ((before, look), (found, Look.code), (after, look)):
            self._put(part, its)

    def apart(self, text: str, look: Look | None = None, *, code: str | None = None) -> None:
        """The same after an empty line, where something stands before it."""
        if self._begun:
            self.add("")
        self.add(text, look, code=code)

    def card(self, rows: Sequence[tuple[Button, ...]] = ()) -> Card:
        """The card."""
        return Card(self._text, tuple(rows), marks=tuple(self._marks))

    def _put(self, text: str, look: Look | None) -> None:
        bare = text.strip()
        if look is not None and bare:  # Telegram trims what is marked, and refuses what is empty then
            self._marks.append(Mark(look, len(self._text) + text.index(bare), len(bare)))
        self._text += text
