"""What people did and the bot has not confirmed: true offsets, messages kept 24 hours and presses 150 seconds."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MESSAGE_SECONDS = 86_400.0


class Clock:
    """Wall time that can be pushed forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Pushes the clock."""
        self._ahead += seconds


@dataclass(slots=True)
class Queued:
    """An update that the bot has not confirmed."""

    update_id: int
    expires: float
    payload: dict[str, Any]


class UpdateQueue:
    """In the order in which it happened. `tell()` wakes whoever waits for something."""

    def __init__(self, clock: Clock, tell: Callable[[], None]) -> None:
        self._clock, self._tell = clock, tell
        self._queue: list[Queued] = []
        self._ids = itertools.count(1001)

    def begin_at(self, number: int) -> None:
        """Numbers go on from here."""
        self._ids = itertools.count(number)

    def put(self, payload: dict[str, Any], seconds: float = MESSAGE_SECONDS) -> None:
        """Queues an update; one with an `update_id` keeps it, so that it can come twice or be no number at all."""
        place = next(self._ids)
        shown = {"update_id": place, **payload}
        if isinstance(shown["update_id"], int) and 0 <= shown["update_id"] < 2**53:
            place = shown["update_id"]
        self._queue.append(Queued(place, self._clock.now() + seconds, shown))
        self._tell()

    def fetch(self, offset: int | None, limit: int) -> list[dict[str, Any]]:
        """Unconfirmed updates; those below `offset` are confirmed by it and forgotten."""
        now = self._clock.now()
        below = offset if offset is not None and offset > 0 else None
        self._queue = [one for one in self._queue if one.expires > now and (below is None or one.update_id >= below)]
        waiting = self._queue[offset:] if offset is not None and offset < 0 else self._queue
        return [one.payload for one in waiting[:limit]]

    @property
    def unconfirmed(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._queue)
