"""When and for whom a text is read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The day, and the language of the conversation."""

    today: date
    language: str
