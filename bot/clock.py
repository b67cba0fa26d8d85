"""Whether this machine's clock is believed. What cannot be undone waits until it is.

Telegram's answers carry its time (RFC 9110, Date). Without them there is only the last time at which the clock was
believed. Due alerts do not wait: one that comes too early costs little.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

OFF = timedelta(minutes=5)
UNCONFIRMED = timedelta(days=1)


def believed(now: datetime, ahead: timedelta | None, last: datetime | None) -> bool:
    """True when what depends on `now` may be destroyed.

    `ahead`: by how much the clock is ahead of Telegram's, None when Telegram has not been heard. `last`: when the clock
    was believed the last time, None before the first.
    """
    if ahead is not None:
        return abs(ahead) <= OFF
    return last is None or abs(now - last) <= UNCONFIRMED


@dataclass(frozen=True, slots=True)
class _Heard:
    ahead: timedelta
    wall: datetime
    steady: float


class TelegramTime:
    """How far the clock is ahead of Telegram's: as it was at the last answer, and by what it has been set since."""

    def __init__(self, clock: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._steady = clock, steady
        self._heard: _Heard | None = None

    def answered(self, date: str | None) -> None:
        """Telegram has answered. `date`: the answer's Date header; one that says nothing changes nothing."""
        now = self._clock()
        with contextlib.suppress(ValueError, TypeError):
            if date:
                self._heard = _Heard(now - parsedate_to_datetime(date), now, self._steady())

    @property
    def ahead(self) -> timedelta | None:
        """None before the first answer."""
        heard = self._heard
        if heard is None:
            return None
        passed = timedelta(seconds=self._steady() - heard.steady)
        return heard.ahead + (self._clock() - heard.wall) - passed
