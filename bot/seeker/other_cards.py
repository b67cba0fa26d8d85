"""Cards that stand in the place of the question for a while: what is typed under one of them is not for the question.

Kept in memory alone, by the look-up of a chat, and forgotten with whatever is shown next. Lost with the process; then
a text is read as if the question stood there.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.seeker.own_words import CLEARLY
from bot.seeker.repeats import SAME_WITHIN
from bot.speech.incoming import Said

STANDS_FOR = timedelta(minutes=15)  # later nobody remembers what a bare "yes" was for
MOST = 10_000


class Stands(StrEnum):
    """What stands there: the languages, *delete everything?*, *stop calling?*, or something that is only read."""

    languages = "languages"
    erasing = "erasing"
    withdrawing = "withdrawing"
    told = "told"


class OtherCards:
    """What stands in whose chat."""

    def __init__(self) -> None:
        self._shown: dict[bytes, tuple[Stands, datetime]] = {}

    def put(self, look_up: bytes, stands: Stands, at: datetime) -> None:
        """It is shown now."""
        self.gone(look_up)
        while len(self._shown) >= MOST:
            self._shown.pop(next(iter(self._shown)), None)
        self._shown[look_up] = (stands, at)

    def gone(self, look_up: bytes) -> None:
        """Something else is shown."""
        self._shown.pop(look_up, None)

    def under(self, look_up: bytes, said: Said, now: datetime) -> Stands | None:
        """The card under which a text was typed; None when it was the question, or it was typed before."""
        found, at = self._shown.get(look_up, (None, now))
        return found if now - at <= STANDS_FOR and said.at >= at - CLEARLY else None

    def may_be_the_same(self, look_up: bytes, said: Said) -> bool:
        """The words that have brought the card may have come twice, as on a bad line."""
        found = self._shown.get(look_up)
        return found is not None and said.at - found[1] <= SAME_WITHIN
