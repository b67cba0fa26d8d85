"""«Вчера», «завтра», "the day before yesterday"."""

from datetime import timedelta

from flows.dates.asked import Asked
from flows.dates.found import Found, exact


def from_today(said: str, asked: Asked) -> Found | None:
    """A day by its name from today, with whatever carries no date beside it."""
    words = asked.words
    days = words.days_from_today.get(said)
    if days is None:
        days = words.days_from_today.get(" ".join(word for word in said.split() if word not in words.fillers))
    return None if days is None else exact(asked.today + timedelta(days=days))
