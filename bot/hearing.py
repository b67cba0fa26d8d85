"""Is anybody heard? What the poll loop has met, and what follows from it.

Deciding is pure: `alarm`, `must_stop` and `status` take what was seen and the time. Seconds are those of a clock that
is never set back.

A loop that turns and people who are heard are two things. An outage of Telegram is not mended by starting the bot
again, and that would hold up mail and push: so the supervisor asks only whether the loop turns, and somebody outside is
called when nobody is heard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why a getUpdates was not answered with updates."""

    webhook = "webhook"  # 409: a webhook takes them
    rival = "rival"  # 409: another program polls with this token
    refused = "refused"  # 401 or 404: Telegram does not know the token
    unreachable = "unreachable"  # 5xx, 429, no connection, no answer


HEARD_WITHIN = 60.0
TURNS_WITHIN = 90.0  # seconds over the pause that was announced: a long poll, and a batch that takes its time
LATELY, KEPT = 120.0, 3000.0  # KEPT: less than an hour, after which it is told again
MANY, MANY_KEPT = 3, 6  # conflicts lately, or one now and then: not the last long poll of a process that has ended
MOST_KEPT = 1000
REFUSED_FOR, CONFLICT_FOR, DEAF_FOR = 10.0, 30.0, 300.0
_TAKEN = {Trouble.webhook, Trouble.rival}
_WORDS = {
    Trouble.webhook: "a webhook that is not ours receives what people write",
    Trouble.rival: "another program receives what people write",
    Trouble.refused: "Telegram does not know the token",
    Trouble.unreachable: "Telegram cannot be reached",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the poll loop has met. `failures`: when and why, of the last 50 minutes, the oldest first.

    `heard_at`: the last getUpdates that was answered, or the last moment of standing by; None before the first.
    `failing_since`: the first failure since then.
    """

    began: float
    heard_at: float | None = None
    stands_by: bool = False
    failing_since: float | None = None
    failures: tuple[tuple[float, Trouble], ...] = ()

    @property
    def since(self) -> float:
        """Since when nobody has been heard."""
        return self.began if self.heard_at is None else self.heard_at

    @property
    def trouble(self) -> Trouble | None:
        """Why nobody is heard just now; None when the last call was answered."""
        return self.failures[-1][1] if self.failing_since is not None and self.failures else None

    @property
    def failing_from(self) -> float | None:
        """When it began to fail; None when nothing has failed lately."""
        return self.failing_since if self.failing_since is not None or not self.failures else self.failures[0][0]

    def heard(self, now: float) -> bool:
        """True while people are heard, here or by the process that this one stands behind."""
        within = self.heard_at is not None and now - self.heard_at <= HEARD_WITHIN
        return within and lasts(self, now) is None

    def times(self, why: Trouble, since: float) -> list[float]:
        """When it failed for this reason since then."""
        return [at for at, one in self.failures if one is why and at > since]


def alarm(seen: Seen, now: float) -> Trouble | None:
    """What everybody must be told, if anything: what lasts, and a rival that looks in now and then."""
    now_and_then = seen.heard_at is not None and len(seen.times(Trouble.rival, now - KEPT)) >= MANY_KEPT
    return lasts(seen, now) or (Trouble.rival if now_and_then and not seen.stands_by else None)


def lasts(seen: Seen, now: float) -> Trouble | None:
    """Why people are not heard, if it lasts: short faults and the end of an earlier process are none."""
    if seen.stands_by:
        return None
    if seen.heard_at is not None:  # who was never let in stops instead
        if seen.times(Trouble.webhook, seen.since):
            return Trouble.webhook
        if len(seen.times(Trouble.rival, now - LATELY)) >= MANY:  # each hears some of the people
            return Trouble.rival
    refused = seen.times(Trouble.refused, max(seen.since, now - LATELY))
    if len(refused) >= MANY and now - refused[0] >= REFUSED_FOR:
        return Trouble.refused
    return Trouble.unreachable if now - seen.since >= DEAF_FOR else None


def must_stop(seen: Seen, now: float) -> bool:
    """True for a process that has never been let in: it is the second one on this token, and the first goes on."""
    if seen.heard_at is not None or seen.failing_since is None:
        return False
    lately = [why for at, why in seen.failures if now - at <= LATELY]
    return len(lately) >= MANY and _TAKEN.issuperset(lately) and now - seen.failing_since >= CONFLICT_FOR


def status(seen: Seen, now: float, since: str) -> str:
    """A line for `systemctl status`; `since`: the time of day at which it began to fail."""
    if seen.stands_by:
        return "Progress by: another process polls"
    trouble = lasts(seen, now) or seen.trouble
    if trouble is not None:
        return f"{_WORDS[trouble][0].upper()}{_WORDS[trouble][1:]} since {since}; ladder, mail and push run"
    return "People are heard" if seen.heard_at is not None else "Connecting to Telegram; ladder, mail and push run"


def words(trouble: Trouble) -> str:
    """What is wrong, for the log."""
    return _WORDS[trouble]


class Hearing:
    """Kept by the poll loop. `first` is called once: people are heard, or this process stands by."""

    def __init__(self, first: Callable[[], None], clock: Callable[[], float]) -> None:
        self._first, self.clock = first, clock
        self.seen = Seen(began=clock())
        self._turned = clock()

    def heard(self) -> float:
        """A getUpdates was answered; for how many seconds there had been none."""
        return self._is_well(stands_by=False)

    def stands_by(self) -> None:
        """Another process polls."""
        self._is_well(stands_by=True)

    def failed(self, why: Trouble, pause: float) -> None:
        """A call failed, and after so many seconds comes the next."""
        now, seen = self.clock(), self.seen
        first = now if seen.failing_since is None else seen.failing_since
        failures = (*self._lately(now), (now, why))
        self.seen = Seen(began=seen.began, heard_at=seen.heard_at, failing_since=first, failures=failures)
        self.turned(pause)

    def turned(self, pause: float = 0.0) -> None:
        """The loop has come round, and is silent for so many seconds."""
        self._turned = self.clock() + pause

    def turns(self, now: float) -> bool:
        """False when the loop is stuck."""
        return now - self._turned <= TURNS_WITHIN

    def _is_well(self, *, stands_by: bool) -> float:
        now, before = self.clock(), self.seen
        self.seen = Seen(began=before.began, heard_at=now, stands_by=stands_by, failures=self._lately(now))
        self.turned()
        if before.heard_at is None:
            self._first()
        return now - before.since

    def _lately(self, now: float) -> tuple[tuple[float, Trouble], ...]:
        return tuple((at, why) for at, why in self.seen.failures if now - at <= KEPT)[-MOST_KEPT:]
