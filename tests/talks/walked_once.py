"""What many tests begin with is walked once in a process; after that, what it has led to is put in place.

Only where the test has done nothing else so far: nobody has opened the database since the talks began, or since such a
walk was put in place. What the bot keeps in memory is then as after a start: all that it knows it reads. `make both`
walks everything.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from tests.talks.stand import Contents, Stand

if TYPE_CHECKING:
    from tests.talks.talks import Talks

P = ParamSpec("P")
T = TypeVar("T")
_NOT_SEEN = {"pana", "running", "environment", "led_here", "stand"}


@dataclass(frozen=True, slots=True)
class End:
    """Where a walk has led to: what is kept, what the chats show, the answer."""

    contents: Contents
    seen: dict[str, Any] = field(repr=False)
    answer: Any = field(repr=False)


_ends: dict[object, End] = {}


def walked_once(walk: Callable[Concatenate["Talks", P], T]) -> Callable[Concatenate["Talks", P], T]:
    """A walk that does the same each time: what it does depends on its arguments and on what led there alone.

    What it returns must be such that several tests may have it in common.
    """

    @functools.wraps(walk)
    def walks(talks: "Talks", *arguments: P.args, **named: P.kwargs) -> T:
        stand = talks.stand
        if not isinstance(stand, Stand) or not _untouched(talks):
            return walk(talks, *arguments, **named)
        before = talks.led_here or (stand.begins, (stand.folder / "pana.toml").read_text())
        key = before, walk, type(talks), talks.at, arguments, tuple(named.items())
        if key not in _ends:
            answer = walk(talks, *arguments, **named)
            if not _untouched(talks):
                _ends[key] = End(stand.contents(), copy.deepcopy(_seen(talks)), answer)
            return answer
        stand.put(_ends[key].contents)
        for name, value in copy.deepcopy(_ends[key].seen).items():
            setattr(talks, name, value)
        talks.led_here = key
        kept: T = _ends[key].answer
        return kept

    return walks


def _untouched(talks: "Talks") -> bool:
    """Nobody has done anything for these talks since they began, or since such a walk was put in place."""
    if not talks.stand.untouched:
        return False
    begun = _ends[talks.led_here].seen if talks.led_here else _seen(type(talks)(talks.pana, talks.running))
    return all(repr(value) == repr(begun[name]) for name, value in _seen(talks).items() if name != "at")


def _seen(talks: "Talks") -> dict[str, Any]:
    return {one.name: getattr(talks, one.name) for one in fields(talks) if one.name not in _NOT_SEEN}
