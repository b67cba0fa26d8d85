"""Keeps a card in sight on the smallest phone: what a text may take above its buttons, and what is folded. Pure."""

from collections.abc import Callable, Sequence

from bot.speech import phone
from bot.speech.lines import Lines
from bot.speech.outgoing import Button, Card, Look

_DOTS = "…"


def room(rows: int) -> int:
    """How many lines of text a message with so many rows of buttons may have, with one to spare."""
    return int((phone.SMALLEST.chat - phone.FRAME - phone.ROW * rows) // phone.LINE) - 1


def lines_of(*texts: str) -> int:
    """How many lines these take, one below the other."""
    return sum(phone.lines(Card(text)) for text in texts)


def shortened(text: str, most: int) -> str:
    """At most so many lines of it; dots stand for the rest."""
    if lines_of(text) <= most:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if lines_of(text[:middle].rstrip() + _DOTS) <= most:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + _DOTS


def stacked(groups: Sequence[Sequence[str]], rows: int) -> str:
    """Groups of lines, set apart by an empty line where there is room for that above so many rows of buttons."""
    parts = ["\n".join(group) for group in groups if group]
    apart = "\n\n".join(parts)
    return apart if lines_of(apart) <= room(rows) else "\n".join(parts)


def card_of(
    groups: Sequence[Sequence[str]],
    folds: Sequence[str],
    last: Sequence[str],
    rows: tuple[tuple[Button, ...], ...],
) -> Card:
    """A card that is seen whole: of `folds`, which stand between `groups` and `last`, the end is folded if need be."""

    def draw(clear: int, *, apart: bool) -> Card:
        lines = Lines()
        for group in (*groups, folds[:clear]):
            for at, text in enumerate(group):
                (lines.apart if apart and not at else lines.add)(text)
        if folds[clear:]:
            lines.add("\n".join(folds[clear:]), Look.folded)
        for at, text in enumerate(last):
            (lines.apart if apart and not at else lines.add)(text)
        return lines.card(rows)

    whole = draw(len(folds), apart=True)
    if phone.fits_well(whole):
        return whole
    return largest(lambda many: draw(many - 1, apart=False), len(folds) + 1)  # what is folded shows three lines still


def label(text: str, beside: int = 1) -> str:
    """A name as the label of a button in a row of so many: dots stand for what would be cut."""
    if phone.fits(Button(text, ""), beside):
        return text
    shorter = (text[:size].rstrip() + _DOTS for size in range(len(text), 0, -1))
    return next(one for one in shorter if phone.fits(Button(one, ""), beside))


def folded(texts: Sequence[str], most: int, more: Callable[[int], str]) -> list[str]:
    """The first of them, as many as so many lines take; where some are left out, the last line is `more` of so many."""
    if lines_of(*texts) <= most:
        return list(texts)
    kept: list[str] = []
    for text in texts:
        if lines_of(*kept, text, more(len(texts) - len(kept) - 1)) > most:
            break
        kept.append(text)
    return [*kept, more(len(texts) - len(kept))] if most > 0 else []


def largest(draw: Callable[[int], Card], most: int) -> Card:
    """A card with as many things on it as are in sight together, at the most so many and at least one, if there is."""
    drawn = (draw(many) for many in range(most, 1, -1))
    return next(filter(phone.fits_well, drawn), None) or draw(1)
