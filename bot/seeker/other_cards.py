"""Cards that stand in the place of the question for a while: what is typed under one of them is not for the question.

Which card it is is kept in memory alone, by the look-up of a chat, and forgotten with whatever is shown next. Lost with
the process; that something covers the question is kept with the intake, so that no text answers it then either. Another
process on the same database may have shown something else since: there a bare yes to something that cannot be undone is
not enough.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.seeker.own_words import CLEARLY
from bot.seeker.repeats import SAME_WITHIN
from bot.speech.incoming import Said
from flows.typed import plain

STANDS_FOR = timedelta(minutes=15)  # later nobody remembers what a bare "yes" was for
CHOOSES_FOR = timedelta(minutes=2)  # so long somebody reads and presses; news wait for it, and no longer
MOST = 10_000


class Stands(StrEnum):
    """What stands there: the languages, *delete everything?*, *stop calling?*, the status, or what else is read."""

    languages = "languages"
    erasing = "erasing"
    withdrawing = "withdrawing"
    status = "status"
    told = "told"


_READ = {Stands.status, Stands.told}


@dataclass(frozen=True, slots=True)
class _Shown:
    """`words`: those that were typed for it, as a number; None when it was pressed."""

    stands: Stands
    at: datetime
    words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCards:
    """What stands in whose chat. `alone`: no other process shows anything to the same people."""

    alone: bool = True
    _shown: dict[bytes, _Shown] = field(default_factory=dict, repr=False)

    def put(self, look_up: bytes, stands: Stands, at: datetime) -> None:
        """It is shown now."""
        self.gone(look_up)
        while len(self._shown) >= MOST:
            self._shown.pop(next(iter(self._shown)), None)
        self._shown[look_up] = _Shown(stands, at)

    def brought_by(self, look_up: bytes, text: str) -> None:
        """What is shown now, if anything, is the answer to this text."""
        found = self._shown.get(look_up)
        if found is not None:
            self._shown[look_up] = replace(found, words=hash(plain(text)))

    def stays(self, look_up: bytes) -> Callable[[], None]:
        """What does so after a change in which it was only drawn anew: it has been asked for as long as before."""
        found = self._shown[look_up]

        def put_back() -> None:
            self._shown[look_up] = found

        return put_back

    def gone(self, look_up: bytes) -> None:
        """Something else is shown."""
        self._shown.pop(look_up, None)

    def under(self, look_up: bytes, said: Said, now: datetime) -> Stands | None:
        """The card under which a text was typed; None when it was the question, or it was typed before."""
        found = self._shown.get(look_up)
        if found is None:
            return None
        return found.stands if now - found.at <= STANDS_FOR and said.at >= found.at - CLEARLY else None

    def chooses_until(self, look_up: bytes, now: datetime) -> datetime | None:
        """Until when whoever looks at it chooses, so that nothing else may come under their finger; None for nobody."""
        found = self._shown.get(look_up)
        if found is None or found.stands in _READ or now - found.at >= CHOOSES_FOR:
            return None
        return found.at + CHOOSES_FOR

    def shows_status(self, look_up: bytes, now: datetime) -> bool:
        """Whether the status was asked for at a question a short while ago, and still stands there."""
        found = self._shown.get(look_up)
        return found is not None and found.stands is Stands.status and now - found.at < STANDS_FOR

    def came_after(self, look_up: bytes, said: Said) -> bool:
        """True for what was typed while the question still stood there."""
        found = self._shown.get(look_up)
        return found is not None and said.at < found.at - CLEARLY

    def covers(self, look_up: bytes) -> bool:
        """Whether any of them stands there."""
        return look_up in self._shown

    def may_be_the_same(self, look_up: bytes, said: Said) -> bool:
        """It is the words that have brought the card, which may have come twice, as on a bad line."""
        found = self._shown.get(look_up)
        if found is None or found.words != hash(plain(said.text)):
            return False
        return said.at - found.at <= SAME_WITHIN
