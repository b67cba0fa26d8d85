"""How much the tests try at random: a little in the suite, which takes seconds; much in `make properties`."""

import os

from hypothesis import settings

LARGE = "WALKS" in os.environ  # as `make properties` sets it


def examples(suite: int, properties: int) -> settings:
    """So many examples in the suite, and so many in `make properties`."""
    return settings(max_examples=properties if LARGE else suite, deadline=None, database=None)
