"""A time of day as people write it, wherever they write one: in the chat, at a terminal, in a file. Pure."""

import re
from datetime import time

_WRITTEN = re.compile(r"([01]?[0-9]|2[0-4])(?:[:.]([0-5][0-9])(?::00)?)?")
DAY = 24 * 60


def minutes_of_day(text: str) -> int | None:
    """Minutes since the day began: 7, 7:00, 07.00, and 24:00, at which it ends; None for what is no time of day."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    return minutes if minutes <= DAY else None


def time_of_day(text: str) -> time | None:
    """What the clock shows then; at the end of a day that is 00:00."""
    minutes = minutes_of_day(text)
    return None if minutes is None else time(*divmod(minutes % DAY, 60))
