"""Whom a title of a calendar names, in whichever spelling (storage/names.py), and what is no shift. Pure."""

import re
from collections.abc import Iterable, Mapping

from storage import names as spelt

LONGEST_TITLE = 200  # of what stands in a calendar; longer ones name nobody
_CANCELLED = re.compile(
    r"(?:cancell?ed|отмен[её]н\w*|бас тартылды|болдырылмады|күші жойылды)(?: event)?\s*:", re.IGNORECASE
)


def tidy(text: str) -> str:
    """As storage has it, of a text that may be endless."""
    return spelt.tidy(text[:LONGEST_TITLE])


def folded(text: str) -> str:
    """By which two spellings of one name are the same; of a text that may be endless."""
    return spelt.folded(text[:LONGEST_TITLE])


def known(names: Iterable[str]) -> Mapping[str, str]:
    """By which spelling a calendar may name whom: «Артем» is Артём, unless there is an Артем too."""
    exact = {folded(name): name for name in names}
    dotless = [_dotless(name) for name in exact]
    return {_dotless(name): whole for name, whole in exact.items() if dotless.count(_dotless(name)) == 1} | exact


def named(title: str, names: Mapping[str, str]) -> str | None:
    """Whom of those that are `known` a calendar names so; None for nobody."""
    return names.get(folded(title), names.get(_dotless(folded(title))))


def _dotless(name: str) -> str:
    return name.replace("ё", "е")


def is_cancelled(title: str) -> bool:
    """True for a tidy title that a program has marked: "Canceled: Aigul", «Отменено: Айгуль» (Outlook, Exchange)."""
    return _CANCELLED.match(title) is not None
