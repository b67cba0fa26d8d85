"""How much of a card the smallest phones show: a message and its buttons in Telegram for Android's measures. Pure.

Telegram keeps a chat at its end, also when a card is edited: what does not fit stands out of sight above. Widths are those
of Roboto, the font of Android (bot/speech/widths.json, made by `make widths`); kerning, which makes a text narrower, is
left out.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from bot.speech.outgoing import Card

Weight = Literal["regular", "medium", "bold"]

TEXT_SIZE, LINE = 16.0, 19.5  # sp and dp at the normal font size
LABEL_SIZE, ROW = 15.0, 48.0  # a row of buttons: 44 dp, and 4 between two rows
MARGIN, PADDING = 80.0, 22.0  # beside a message, and inside it
FRAME = 25.0  # above and below the text, the time of day included
GAP, LABEL_PADDING = 4.0, 16.0
BARS = 128.0  # status bar, name of the chat, field to type in
FIXED_PITCH = 0.602  # of the size: what is shown as code
FOLDED = 3  # lines of a folded quotation (Bot API, expandable_blockquote)
QUOTE = 11.0  # what its bar takes of the width
_BREAKS = re.compile(r"(?<=[ \-–—])")
_WIDTHS = Path(__file__).with_name("widths.json")


@dataclass(frozen=True, slots=True)
class Phone:
    """A screen, in dp."""

    width: int
    height: int

    @property
    def chat(self) -> float:
        """What is left for messages while the keyboard is closed."""
        return self.height - BARS

    @property
    def text_width(self) -> float:
        """What a line of a message may take."""
        return self.width - MARGIN - PADDING


SMALLEST, USUAL = Phone(360, 640), Phone(393, 852)


def height(card: Card, phone: Phone = SMALLEST) -> float:
    """The height of a message with its buttons, in dp."""
    return FRAME + LINE * lines(card.text, phone.text_width) + ROW * len(card.rows)


def cut(card: Card, phone: Phone = SMALLEST) -> Sequence[str]:
    """The labels of buttons that do not fit and end in dots."""
    return [
        button.text
        for row in card.rows
        for button in row
        if width(button.text, LABEL_SIZE, "medium") > label_width(len(row), phone)
    ]


def label_width(beside: int, phone: Phone = SMALLEST) -> float:
    """What a label may take in a row of so many buttons."""
    return (phone.width - MARGIN - GAP * (beside - 1)) / beside - LABEL_PADDING


def lines(text: str, most: float, weight: Weight = "regular") -> int:
    """How many lines a text takes in a column of this width."""
    return sum(_wrapped(paragraph, most, weight) for paragraph in text.split("\n"))


def width(text: str, size: float = TEXT_SIZE, weight: Weight = "regular") -> float:
    """The width of a text on one line."""
    known = _widths()[weight]
    return sum(known.get(letter, 1.0) for letter in text) * size


def _wrapped(paragraph: str, most: float, weight: Weight) -> int:
    count, used = 1, 0.0
    for word in _words(paragraph, most, weight):
        if used and used + width(word.rstrip(" "), weight=weight) > most:
            count, used = count + 1, 0.0
        used += width(word, weight=weight)
    return count


def _words(paragraph: str, most: float, weight: Weight) -> Iterable[str]:
    """Where a line may break; what is wider than a line breaks anywhere."""
    for word in _BREAKS.split(paragraph):
        yield from (word if width(word.rstrip(" "), weight=weight) > most else [word])


@cache
def _widths() -> dict[Weight, dict[str, float]]:
    """Weight -> letter -> its width, of the size of the font; an unknown letter is as wide as it is high."""
    read: dict[Weight, dict[str, float]] = json.loads(_WIDTHS.read_text(encoding="utf-8"))
    return read
