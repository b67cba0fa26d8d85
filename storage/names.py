"""Names as calendar programs, phones and people write them: one spelling for what looks the same. Pure.

Apple writes й as и with a mark, a copied name brings a no-break or zero-width space along, a hand adds a second blank.
"""

import re
import unicodedata

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def tidy(text: str) -> str:
    """The text composed, without what nobody sees, with single blanks."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).split())


def folded(name: str) -> str:
    """By which two spellings of one name are the same."""
    return tidy(unicodedata.normalize("NFKC", tidy(name).casefold()))
