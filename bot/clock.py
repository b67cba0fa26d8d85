"""What the bot takes the time to be, and whether what cannot be undone may go by it.

Telegram's answers carry its time (RFC 9110, Date); seconds that pass are counted by a clock that nobody sets. The
machine's own clock counts while it is within five minutes of what follows from the two; one that is set to another time
changes nothing. Where Telegram has not been heard there is only the last time that was sure, and how it is used follows
from what a mistake costs: an alert comes rather too early, and nothing is erased before its time.

A Bot API server of one's own on the same machine confirms that machine's clock, right or wrong.
"""

import contextlib
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.tx import utc_now

OFF = timedelta(minutes=5)
UNCONFIRMED = timedelta(days=1)
LATELY = 120.0  # seconds; a poll is answered every ten


def steady() -> float:
    """Seconds that nobody sets; those of a suspended machine count where the system tells them (clock_gettime(2))."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


@functools.lru_cache(maxsize=2)
def _told(date: str) -> datetime:
    """A Date header; hundreds of answers a second carry the same."""
    return parsedate_to_datetime(date)


def as_of(wall: datetime, sure: datetime | None, *, confirmed: bool) -> datetime | None:
    """What counts as now for what cannot be undone; None while the machine's clock is not believed.

    `sure`: a time that is not later than the true one, None when there is none yet. `confirmed`: it is Telegram's.
    """
    if sure is None:
        return wall
    return min(wall, sure) if abs(wall - sure) <= (OFF if confirmed else UNCONFIRMED) else None


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer of Telegram: its time, and by how much the machine's clock was ahead of it."""

    date: datetime
    ahead: timedelta
    steady: float


class TelegramTime:
    """Telegram's time as its last answer gave it, and the seconds since."""

    def __init__(self, wall: Callable[[], datetime] = utc_now, steady: Callable[[], float] = steady) -> None:
        self._wall, self._steady = wall, steady
        self.heard: _Heard | None = None

    def answered(self, date: str | None) -> None:
        """Telegram has answered. `date`: the answer's Date header; one that says nothing changes nothing."""
        with contextlib.suppress(ValueError, TypeError, OverflowError, IndexError):
            if date:
                told = _told(date)
                self.heard = _Heard(told, self._wall() - told, self._steady())

    @property
    def now(self) -> datetime | None:
        """None before the first answer."""
        heard = self.heard
        return None if heard is None else heard.date + timedelta(seconds=self._steady() - heard.steady)

    @property
    def ahead(self) -> timedelta | None:
        """How far the machine's clock is ahead of Telegram's; None before the first answer."""
        now = self.now
        return None if now is None else self._wall() - now

    @property
    def lately(self) -> bool:
        """True when it was heard a moment ago."""
        return self.heard is not None and self._steady() - self.heard.steady <= LATELY

    @property
    def denied(self) -> timedelta:
        """By how much the machine's clock was wrong when Telegram was heard last; zero when it was believed."""
        off = timedelta() if self.heard is None else self.heard.ahead
        return off if abs(off) > OFF else timedelta()


class Clock:
    """The running bot's time. `begin` is called once, before anything is due."""

    def __init__(self, wall: Callable[[], datetime] = utc_now, steady: Callable[[], float] = steady) -> None:
        self._wall, self.steady = wall, steady
        self.telegram = TelegramTime(wall, steady)
        self._base, self._since = wall(), steady()
        self._sure: datetime | None = None

    def begin(self, last: datetime | None, sure: datetime | None) -> None:
        """`last`: when the bot was seen last; its time does not fall behind that by itself. `sure`: as it was kept."""
        passed = timedelta(seconds=self.steady() - self._since)
        self._base = max(self._wall(), last or self._wall()) - passed
        self._sure = None if sure is None else sure - passed

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
        wall = self._wall() - self.telegram.denied
        expected = self.telegram.now or self._base + self._passed
        # Without Telegram a clock that is set ahead may be right, after a pause of the whole machine.
        early_enough = wall - expected <= OFF or not self.telegram.lately
        return wall if expected - wall <= OFF and early_enough else expected

    @property
    def sure(self) -> datetime | None:
        """A time that is not later than the true one: Telegram's, or the last that was sure and the seconds since."""
        return self.telegram.now or (None if self._sure is None else self._sure + self._passed)

    @property
    def as_of(self) -> datetime | None:
        """What counts as now for what cannot be undone; None while the machine's clock is not believed."""
        return as_of(self._wall(), self.sure, confirmed=self.telegram.heard is not None)

    @property
    def _passed(self) -> timedelta:
        return timedelta(seconds=self.steady() - self._since)
