"""A day as the answer to a choice: «послезавтра в десять» at the question when a hearing is."""

import re
from collections.abc import Mapping, Sequence

from flows import dates
from flows.said.asking import Asking
from flows.words.matching import Match, Text

_WORD = re.compile(r"\S+")
_MOST_WORDS, _LONGEST_DAY = 16, 5
Days = Mapping[str, tuple[int, int]]


def days_meant(said: Text, text: str, days: Days, found: Sequence[Match], asking: Asking) -> list[Match]:
    """The option of the day that a text names, if it names one and nothing that was found says when.

    What may be one of several says when only if each of them does; a day says more than that, and outweighs it.
    """
    if any(one.keys <= set(days) for one in found):
        return []
    words = _WORD.findall(text)
    if len(words) > _MOST_WORDS:
        return []
    for length in range(min(_LONGEST_DAY, len(words)), 0, -1):
        for begin in range(len(words) - length + 1):
            key = _key(" ".join(words[begin : begin + length]).strip(".,;!?:"), days, asking)
            if key is not None:
                at = range(begin, min(begin + length, len(said)))
                return [Match(frozenset({key}), frozenset(at), over=frozenset(days) - {key})]
    return []


def _key(written: str, days: Days, asking: Asking) -> str | None:
    if written.isdigit():
        return None
    found = dates.readings(dates.read(written, asking.today, language=asking.language, ahead=True))
    if len(found) != 1 or found[0].earliest < asking.today:
        return None
    (day,) = found
    first, last = (day.earliest - asking.today).days, (day.latest - asking.today).days
    fits = [key for key, (begin, end) in days.items() if begin <= first and last <= end]
    return fits[0] if fits else None
