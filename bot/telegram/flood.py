"""A flood: what happens while updates come faster than they can be handled.

What one chat sends too much of is dropped before the writer. Strangers wait while known people are heard: nothing about
a stranger is stored, their state is in the buttons, and only their newest message counts; so their updates are kept in
memory and confirmed, and nobody who has an open request waits behind ten thousand /start.
"""

import time
from collections.abc import Callable

from bot.telegram.lanes import Bucket

AT_ONCE, A_SECOND = 60.0, 1.0  # more than anybody can press
FULL_BATCHES = 3  # so many full fetches in a row: they come faster than they are handled
MOST_CHATS = 20_000


class ChatLimit:
    """How much one chat may send; no person gets near it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chats: dict[int, Bucket] = {}

    def admits(self, chat_id: int) -> bool:
        """False for an update that is one too many."""
        now = self._clock()
        bucket = self._chats.pop(chat_id, None)
        if bucket is None:
            bucket = Bucket(A_SECOND, AT_ONCE, AT_ONCE, now)
            if len(self._chats) >= MOST_CHATS:
                self._chats.pop(next(iter(self._chats)))
        self._chats[chat_id] = bucket  # the newest last: whoever has been silent longest is forgotten first
        if bucket.wait(now) > 0.0:
            return False
        bucket.take()
        return True
