"""What the suite tries a part of, so that it takes minutes; `make both` and `make properties` try the whole."""

import os
from collections.abc import Sequence
from itertools import combinations, product
from typing import Any, TypeVar

T = TypeVar("T")
WHOLE = bool({"BOTH", "WALKS"} & os.environ.keys())


def one_in(number: int, values: Sequence[T]) -> Sequence[T]:
    """One of so many values, evenly spread; whole: each of them."""
    return values if WHOLE else values[::number]


def by_pairs(*ways: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Combinations in which each value of one way meets each of every other; whole: all of them."""
    every = list(product(*(range(len(way)) for way in ways)))
    chosen = every if WHOLE else _chosen(every)
    return [tuple(way[at] for way, at in zip(ways, places, strict=True)) for places in chosen]


def _chosen(every: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    missing, chosen = set().union(*map(_pairs, every)), list[tuple[int, ...]]()
    while missing:
        chosen.append(max(every, key=lambda one: len(_pairs(one) & missing)))
        missing -= _pairs(chosen[-1])
    return chosen


def _pairs(places: tuple[int, ...]) -> set[tuple[tuple[int, int], ...]]:
    return set(combinations(enumerate(places), 2))
