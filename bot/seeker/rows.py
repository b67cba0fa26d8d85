"""Rows of buttons as they fit a small phone: two side by side where both can be read, and pages of a long list."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from bot.speech import phone
from bot.speech.outgoing import Button

Row = tuple[Button, ...]
Turn = Callable[[int | None, int | None], Row]  # the way to the page before and to the next, by the place it begins at


def in_rows(buttons: Sequence[Button]) -> list[Row]:
    """One per row, unless two short ones stand side by side."""
    rows: list[Row] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and all(phone.fits(each, 2) for each in (*rows[-1], button)):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def page(rows: Sequence[Row], around: int, most: int, turn: Turn) -> list[Row]:
    """Those of the rows that fit, with the ways to the others in a row of their own; all of them where they fit.

    `around`: the place of a button that must be among them, from 1 on; `most`: how many rows there may be.
    """
    if len(rows) <= most:
        return list(rows)
    size = max(most - 1, 1)
    ends = list(accumulate(len(row) for row in rows))
    row = next((number for number, end in enumerate(ends) if around <= end), 0)
    first = row - row % size
    shown = rows[first : first + size]
    before = _begins(ends, first - size) if first else None
    after = _begins(ends, first + size) if first + size < len(rows) else None
    return [*shown, turn(before, after)]


def _begins(ends: Sequence[int], row: int) -> int:
    """The place of the first button of a row."""
    return ends[row - 1] + 1 if row > 0 else 1
