"""What `pana doctor` says about one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: ok, warning or failed; `said`: what is so, and what to do."""

    what: str
    state: str
    said: str
