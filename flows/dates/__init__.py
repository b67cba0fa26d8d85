"""Dates as people write them, as the earliest and latest day they may mean.

Where the words leave room, the room is kept: what is computed from a date uses its earliest day. A text that is not
understood as a whole is not understood; nothing is guessed from a part of it. Where two readings lie far apart («март
22»: a day or a year?) both are given, for whoever wrote it to choose, since the earlier one might let a deadline seem
long over.

A module here is one way of writing, in whatever language; the words of a language are all in `words/`.
"""

from flows.dates.found import Either, Found, Hours, Reading, readings
from flows.dates.read import read
from flows.dates.term import read_term

__all__ = ["Either", "Found", "Hours", "Reading", "read", "read_term", "readings"]
