"""How much of a card the smallest phones show: a message and its buttons in Telegram for Android's measures. Pure.

Telegram keeps a chat at its end, also when a card is edited: what does not fit stands out of sight above. Widths are
those of Roboto, the font of Android (bot/speech/widths.json, made by `make widths`); kerning, which makes a text
narrower, is left out.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from bot.speech.outgoing import Button, Card, Look

Weight = Literal["regular", "medium", "bold"]

TEXT_SIZE, LINE = 16.0, 19.5  # sp and dp at the normal font size
LABEL_SIZE, ROW = 15.0, 48.0  # a row of buttons: 44 dp, and 4 between two rows
MARGIN, PADDING = 80.0, 22.0  # beside a message, and inside it
FRAME = 25.0  # above and below the text, the time of day included
GAP, LABEL_PADDING = 4.0, 16.0
BARS = 128.0  # status bar, name of the chat, field to type in
FIXED_PITCH = 0.602 * 15 / 16  # of the size: what is shown as code
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
    return FRAME + LINE * lines(card, phone) + ROW * len(card.rows)


def rows_beside(card: Card, phone: Phone = SMALLEST) -> int:
    """How many rows of buttons fit below a card, beside those that it has."""
    return int((phone.chat - height(card, phone)) // ROW)


def cut(card: Card, phone: Phone = SMALLEST) -> Sequence[str]:
    """The labels of buttons that do not fit and end in dots."""
    return [button.text for row in card.rows for button in row if not fits(button, len(row), phone)]


def fits(button: Button, beside: int, phone: Phone = SMALLEST) -> bool:
    """Whether a label can be read whole in a row of so many buttons."""
    most = (phone.width - MARGIN - GAP * (beside - 1)) / beside - LABEL_PADDING
    return width(button.text, LABEL_SIZE, "medium") <= most


def lines(card: Card, phone: Phone = SMALLEST) -> int:
    """How many lines the text of a card takes; of a folded quotation those that are seen before it is opened."""
    looks, at, taken = _looks(card), 0, list[tuple[bool, int]]()
    for paragraph in card.text.split("\n"):
        folded = looks[at] is Look.folded
        most = phone.text_width - (QUOTE if folded else 0)
        taken.append((folded, _wrapped(paragraph, looks[at : at + len(paragraph)], most)))
        at += len(paragraph) + 1
    together = ((folded, sum(count for _, count in some)) for folded, some in groupby(taken, lambda each: each[0]))
    return sum(min(count, FOLDED) if folded else count for folded, count in together)


def width(text: str, size: float = TEXT_SIZE, weight: Weight = "regular") -> float:
    """The width of a text on one line."""
    known = _widths()[weight]
    return sum(known.get(letter, 1.0) for letter in text) * size


def _looks(card: Card) -> list[Look | None]:
    """The look of each letter, and of the end."""
    looks: list[Look | None] = [None] * (len(card.text) + 1)
    for mark in card.marks:
        looks[mark.at : mark.at + mark.length] = [mark.look] * mark.length
    return looks


def _wrapped(paragraph: str, looks: Sequence[Look | None], most: float) -> int:
    """Lines of a paragraph: a line breaks after a space or a dash, and anywhere in what is wider than a line."""
    count, used, at = 1, 0.0, 0
    for word in _BREAKS.split(paragraph):
        widths = [_of_letter(letter, look) for letter, look in zip(word, looks[at : at + len(word)], strict=True)]
        at += len(word)
        bare = sum(widths[: len(word.rstrip(" "))])
        if used and used + bare > most:
            count, used = count + 1, 0.0
        used += sum(widths)
        if bare > most:
            count, used = count + int(bare // most), bare % most
    return count


def _of_letter(letter: str, look: Look | None) -> float:
    if look is Look.code:
        return FIXED_PITCH * TEXT_SIZE
    return width(letter, weight="bold" if look is Look.strong else "regular")


@cache
def _widths() -> dict[Weight, dict[str, float]]:
    """Weight -> letter -> its width, of the size of the font; an unknown letter is as wide as it is high."""
    read: dict[Weight, dict[str, float]] = json.loads(_WIDTHS.read_text(encoding="utf-8"))
    return read
