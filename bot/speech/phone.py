"""How much of a card the smallest phones show: a message and its buttons in Telegram for Android's measures. Pure.

Telegram keeps a chat at its end, also when a card is edited: what does not fit stands out of sight above. Widths are
those of Roboto, the font of Android (bot/speech/widths.json, made by `make widths`); kerning, which makes a text
narrower, is left out.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from bot.speech.outgoing import Button, Card, Look

Face = Literal["regular", "medium", "bold", "italic"]

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
_FACES: dict[Look, Face] = {Look.strong: "bold", Look.quiet: "italic"}
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


def fits_well(card: Card) -> bool:
    """It is seen whole on the smallest phone, with a line to spare: a client may break one line more than we reckon."""
    return height(card) + LINE <= SMALLEST.chat


def rows_beside(card: Card) -> int:
    """How many rows of buttons fit well below a card, beside those that it has."""
    return int((SMALLEST.chat - LINE - height(card)) // ROW)


def cut(card: Card, phone: Phone = SMALLEST) -> Sequence[str]:
    """The labels of buttons that do not fit and end in dots."""
    return [button.text for row in card.rows for button in row if not fits(button, len(row), phone)]


def fits(button: Button, beside: int, phone: Phone = SMALLEST) -> bool:
    """Whether a label can be read whole in a row of so many buttons."""
    most = (phone.width - MARGIN - GAP * (beside - 1)) / beside - LABEL_PADDING
    return width(button.text, LABEL_SIZE, "medium") <= most


def lines(card: Card, phone: Phone = SMALLEST) -> int:
    """How many lines the text of a card takes; of a folded quotation those that are seen before it is opened."""
    count, at, quoted, left = 0, 0, -1, 0
    for paragraph in card.text.split("\n"):
        begins, ends = at, at + max(len(paragraph), 1)
        at += len(paragraph) + 1
        quotation = _quotation(card, begins, ends)
        if quotation is None:
            count += _wrapped(paragraph, _marks_in(card, begins, ends), phone.text_width)
            continue
        quoted, left = quotation, left if quotation == quoted else FOLDED
        if left:  # what somebody wrote: kept in no cache
            taken = min(left, _broken(paragraph, (), phone.text_width - QUOTE, enough=left))
            count, left = count + taken, left - taken
    return count


def width(text: str, size: float = TEXT_SIZE, face: Face = "regular") -> float:
    """The width of a text on one line."""
    return sum(map(_widths()[face].__getitem__, text)) * size


Runs = tuple[tuple[Look, int, int], ...]  # a look, from where to where


def _quotation(card: Card, begins: int, ends: int) -> int | None:
    """Where the folded quotation begins to which a part of the text belongs; None for none."""
    folded = (mark for mark in card.marks if mark.look is Look.folded)
    return next((mark.at for mark in folded if mark.at < ends and mark.at + mark.length > begins), None)


def _marks_in(card: Card, begins: int, ends: int) -> Runs:
    """The looks within a part of the text, by places in that part."""
    found = ((mark.look, mark.at - begins, mark.at + mark.length - begins) for mark in card.marks)
    return tuple((look, max(first, 0), last) for look, first, last in found if first < ends - begins and last > 0)


@lru_cache(maxsize=2048)
def _wrapped(paragraph: str, marks: Runs, most: float) -> int:
    """Lines of a paragraph of the bot's own."""
    return _broken(paragraph, marks, most)


def _broken(paragraph: str, marks: Runs, most: float, enough: float = math.inf) -> int:
    """Lines of a paragraph: a line breaks after a space or a dash, and anywhere in what is wider than a line.

    What comes after `enough` lines is not measured.
    """
    count, used, at, space = 1, 0.0, 0, width(" ")
    for word in _BREAKS.split(paragraph):
        bare = word.rstrip(" ")
        wide = _width(paragraph, at, at + len(bare), marks)
        if used and used + wide > most:
            count, used = count + 1, 0.0
        used += wide + (len(word) - len(bare)) * space
        at += len(word)
        if wide > most:
            count, used = count + int(wide // most), wide % most
        if count >= enough:
            break
    return count


def _width(paragraph: str, begins: int, ends: int, marks: Runs) -> float:
    """The width of a part of a paragraph, each letter as it looks."""
    wide, at = 0.0, begins
    for look, opens, closes in marks:
        first, last = max(opens, at), min(closes, ends)
        if first < last:
            wide += width(paragraph[at:first]) + _of_look(paragraph[first:last], look)
            at = last
    return wide + width(paragraph[at:ends])


def _of_look(piece: str, look: Look) -> float:
    if look is Look.code:
        return FIXED_PITCH * TEXT_SIZE * len(piece)
    return width(piece, face=_FACES.get(look, "regular"))


class _Letters(dict[str, float]):
    """Letter -> its width, of the size of the font; an unknown letter is as wide as it is high, and is not kept."""

    def __missing__(self, letter: str) -> float:
        return 1.0


@cache
def _widths() -> dict[Face, _Letters]:
    read: dict[Face, dict[str, float]] = json.loads(_WIDTHS.read_text(encoding="utf-8"))
    return {face: _Letters(letters) for face, letters in read.items()}
