"""Rows of buttons as they fit a small phone: two side by side where both can be read, and pages of a long list."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from itertools import accumulate

from bot.speech import phone
from bot.speech.outgoing import Button, Card

Row = tuple[Button, ...]


class Room(Enum):
    """How much stands on a card: all of it; no hints; or neither hints nor what /status tells as well."""

    all = auto()
    less = auto()
    least = auto()


LEAST = 2  # rows of a list, however long the text above it is


def in_rows(buttons: Sequence[Button]) -> list[Row]:
    """One per row, unless two short ones stand side by side."""
    rows: list[Row] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and all(phone.fits(each, 2) for each in (*rows[-1], button)):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def first_that_fits(cards: Iterable[Card]) -> Card:
    """Of several ways to draw a card, the fullest first, the one that the smallest phone shows whole; else the last."""
    drawn = None
    for drawn in cards:
        if phone.fits_well(drawn):
            break
    assert drawn is not None
    return drawn


def in_pages(rows: Sequence[Row], around: int, draw: Callable[[Sequence[Row], int, int | None], Card]) -> Card:
    """The page on which a place is, of equal pages that all fit, as long ones as can be.

    `draw` makes a page of these rows, the place of the first button in them, and the place at which the next page
    begins; None when there is one alone.
    """
    for size in range(len(rows), 0, -1):
        begins = [1 + sum(len(row) for row in rows[:at]) for at in range(0, len(rows), size)]
        following = [*begins[1:], begins[0]] if begins[1:] else [None]
        cards = [
            draw(rows[at * size : (at + 1) * size], *places)
            for at, places in enumerate(zip(begins, following, strict=True))
        ]
        if all(map(phone.fits_well, cards)):
            break
    return cards[max(at for at, place in enumerate(begins) if place <= max(around, 1))]


def as_they_fit(
    listed: Sequence[Row],
    around: int,
    card: Callable[[Sequence[Row], Button | None], Card],
    turn: Callable[[int, int], Button],
    least: int = LEAST,
) -> Card:
    """The card with all rows of a list, or with a page of them and the way to the next one.

    `around`: the place of a button that is among them, from 1 on. `card` draws it with these rows of the list and the
    way on, always with the same text; `turn` makes that way: to the place at which the next page begins, and how many
    are left then; after the last page to the first.
    """
    whole = card(listed, None)
    spare = phone.rows_beside(whole)
    if spare >= 0:
        return whole
    begins = [1, *(1 + end for end in accumulate(len(row) for row in listed))]  # of each row, and past the last one
    bare = card([], turn(1, begins[-1]))  # under the same text, which is measured once
    size = max(least, spare + len(whole.rows) - len(bare.rows))
    row = next((number for number, place in enumerate(begins[1:]) if around < place), 0)
    first = row - row % size
    after = first + size if first + size < len(listed) else 0
    left = begins[-1] - begins[after] if after else 0
    return card(listed[first : first + size], turn(begins[after], left))
