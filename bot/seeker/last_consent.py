"""In which language a stranger has read the consent last: kept in memory alone, and forgotten soon.

Nothing about a person is stored before "urgent" or "continue", and a typed text carries no button that would tell what
stands on the screen. Lost with the process; then a text is read as if it were the first.
"""

from datetime import datetime, timedelta

KEPT_FOR = timedelta(hours=2)
MOST = 10_000


class LastConsent:
    """By the look-up of a chat, never by its number."""

    def __init__(self) -> None:
        self._shown: dict[bytes, tuple[str, datetime]] = {}

    def show(self, look_up: bytes, language: str, now: datetime) -> None:
        """The consent stands there now."""
        self.forget(look_up)
        while len(self._shown) >= MOST:
            self._shown.pop(next(iter(self._shown)), None)
        self._shown[look_up] = (language, now)

    def forget(self, look_up: bytes) -> None:
        """Something else stands there."""
        self._shown.pop(look_up, None)

    def language(self, look_up: bytes, now: datetime) -> str | None:
        """In which language it was shown; None when it was not, or long ago."""
        language, at = self._shown.get(look_up, (None, now))
        return language if now - at <= KEPT_FOR else None
