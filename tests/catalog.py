"""Every text of the program, looked for once: that goes through all of its sources."""

from functools import cache

from babel.messages.catalog import Message

from locales.messages import extract


@cache
def every_text() -> tuple[Message, ...]:
    """In the order of its files."""
    return tuple(one for one in extract() if one.id)
