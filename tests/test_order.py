"""The lists of the workers (tests/order.py)."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.order import SECONDS, dealt

TESTS = Path(__file__).parent


@dataclass(frozen=True)
class Item:
    """What is looked at of a test."""

    nodeid: str
    fixturenames: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Of its function."""
        return self.nodeid.partition("::")[2]


LONG = sorted(SECONDS, key=lambda name: SECONDS[name])[-4:]
SOME = [
    *(Item(f"long::{name}") for name in LONG),
    *(Item(f"walks::test_{number}", ["instance"]) for number in range(30)),
    *(Item(f"file {number % 7}::test_{number}") for number in range(200)),
]


@pytest.mark.parametrize("workers", [1, 2, 3, 7, 300])
def test_every_test_is_dealt_once_and_the_same_in_each_worker(workers: int) -> None:
    """Whichever order they were found in."""
    found = dealt(SOME, workers)  # type: ignore[arg-type, type-var]
    assert sorted(one.nodeid for one in found) == sorted(one.nodeid for one in SOME)
    assert dealt(SOME, workers) == found  # type: ignore[arg-type, comparison-overlap]


@pytest.mark.parametrize("workers", [2, 4])
def test_each_worker_has_about_as_much_to_wait_for_and_it_stands_before_the_end(workers: int) -> None:
    """Whoever is done takes from the end of another's list, where nothing waits."""
    found = [one.nodeid for one in dealt(SOME, workers)]  # type: ignore[arg-type]
    size = len(found) // workers
    lists = [found[number * size : (number + 1) * size] for number in range(workers)]
    long = [sum("long" in name for name in some) for some in lists]
    assert max(long) - min(long) <= 1
    assert not [name for some in lists for name in some[-size // 10 :] if "long" in name or "walks" in name]


def test_what_is_said_to_take_long_is_a_test() -> None:
    """A name that is gone says nothing."""
    names = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^ *(?:async )?def (\w+)\(", path.read_text(), re.M)
    }
    assert SECONDS.keys() - names == set()
