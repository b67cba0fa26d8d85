"""«Вчера», «завтра», "the day before yesterday", "this morning"."""

from datetime import timedelta

from flows.dates.asked import Asked
from flows.dates.found import Found, exact


def from_today(said: str, asked: Asked) -> Found | None:
    """A day by its name from today, with whatever carries no date beside it."""
    words = asked.words
    days = words.days_in_a_phrase.get(said)
    if days is None and said not in words.days_beside:
        ignored = words.fillers - words.no_day_beside
        days = words.days_from_today.get(" ".join(word for word in said.split() if word not in ignored))
    return None if days is None else exact(asked.today + timedelta(days=days))
