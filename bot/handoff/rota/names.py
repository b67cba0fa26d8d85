"""Names as calendar programs and people write them: one spelling for what looks the same. Pure.

Apple writes й as и with a mark, a copied name brings a no-break or zero-width space along, a hand adds a second blank.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

LONGEST_TITLE = 200  # of what stands in a calendar; longer ones name nobody
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CANCELLED = re.compile(
    r"(?:cancell?ed|отмен[её]н\w*|бас тартылды|болдырылмады|күші жойылды)(?: event)?\s*:", re.IGNORECASE
)


def tidy(text: str) -> str:
    """The text composed, without what nobody sees, with single blanks."""
    composed = unicodedata.normalize("NFKC", text[:LONGEST_TITLE])
    return " ".join(_UNSEEN.sub("", composed).split())


def folded(name: str) -> str:
    """By which two spellings of one name are the same."""
    return tidy(unicodedata.normalize("NFKC", tidy(name).casefold()))


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
