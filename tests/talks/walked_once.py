"""What many tests begin with is walked once in a process; after that, what it has led to is put in place.

Only where the test has done nothing else so far: nobody has opened the database since the talks began, or since such a
walk was put in place. What the bot keeps in memory is then as after a start: all that it knows it reads. `make both`
walks everything.
"""

import contextlib
import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from tests.whole import WHOLE

if TYPE_CHECKING:
    from tests.talks.talks import Talks

P = ParamSpec("P")
T = TypeVar("T")
_NOT_SEEN = {"pana", "running", "environment", "led_here"}
_MOST = 160  # they are held in memory, half a megabyte each


@dataclass(frozen=True, slots=True)
class End:
    """Where a walk has led to: database and key file (it has a key for each day), what the chats show, the answer."""

    database: bytes = field(repr=False)
    keys: bytes = field(repr=False)
    seen: dict[str, Any] = field(repr=False)
    answer: Any = field(repr=False)


_ends: dict[object, End] = {}


def walked_once(walk: Callable[Concatenate["Talks", P], T]) -> Callable[Concatenate["Talks", P], T]:
    """A walk that does the same each time: what it does depends on its arguments and on what led there alone.

    What it returns must be such that several tests may have it in common.
    """

    @functools.wraps(walk)
    def walks(talks: "Talks", *arguments: P.args, **named: P.kwargs) -> T:
        file = None if WHOLE else _untouched(talks)
        if file is None:
            return walk(talks, *arguments, **named)
        before = talks.led_here or (file.with_name("pana.toml").read_text(), file.stat().st_mtime_ns)
        key = before, walk, type(talks), talks.at, arguments, tuple(named.items())
        if key not in _ends:
            answer = walk(talks, *arguments, **named)
            if len(_ends) < _MOST and not _untouched(talks):
                _ends[key] = _end(talks, answer)
            return answer
        _put_in_place(_ends[key], talks, file)
        talks.led_here = key
        kept: T = _ends[key].answer
        return kept

    return walks


def _untouched(talks: "Talks") -> Path | None:
    """The file of a database that nobody has opened yet for these talks; None where anything else has happened."""
    database, file = talks.core.database, talks.core.database.file
    pools: tuple[Any, ...] = (database._engine.pool, database._reading.pool)
    if file is None or any(pool.checkedin() or pool.checkedout() for pool in pools):
        return None
    if file.with_name(file.name + "-wal").exists():
        return None
    begun = _ends[talks.led_here].seen if talks.led_here else _seen(type(talks)(talks.pana, talks.running))
    same = all(repr(value) == repr(begun[name]) for name, value in _seen(talks).items() if name != "at")
    return file if same else None


def _end(talks: "Talks", answer: object) -> End:
    with contextlib.closing(talks.core.database._engine.raw_connection()) as connection:
        held: Any = connection.driver_connection
        database = held.serialize()
    return End(database, _key_file(talks).read_bytes(), copy.deepcopy(_seen(talks)), answer)


def _put_in_place(end: End, talks: "Talks", file: Path) -> None:
    file.write_bytes(end.database)
    _key_file(talks).write_bytes(end.keys)
    for name, value in copy.deepcopy(end.seen).items():
        setattr(talks, name, value)


def _seen(talks: "Talks") -> dict[str, Any]:
    return {one.name: getattr(talks, one.name) for one in fields(talks) if one.name not in _NOT_SEEN}


def _key_file(talks: "Talks") -> Path:
    return talks.core.settings.server.key_file
