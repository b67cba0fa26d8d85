"""What the workers of one run of the suite have in common: a folder, in which one at a time makes something."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(shared: Path, lock: str = "lock") -> Iterator[None]:
    """Holds the other workers back: what one makes here, the next finds made."""
    with (shared / lock).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
