"""What many stories begin with, walked once in a test run: each moment goes on from the one before it."""

import fcntl
import pickle
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from tests.talks.life import Life, Moment, moment

# A function of a life, and what it is called with besides.
Step: TypeAlias = tuple[Any, ...]


def _name(step: Step) -> str:
    does: Callable[..., Awaitable[object]] = step[0]
    return f"{does.__module__}.{does.__qualname__}{step[1:]!r}"


@dataclass(frozen=True, slots=True)
class Moments:
    """Every worker's, in a folder that all of them see. `begins`: the instance that every story begins with."""

    begins: Path
    folder: Path
    _known: dict[tuple[str, ...], Moment] = field(default_factory=dict)

    def after(self, *steps: Step) -> Moment:
        """Where these steps lead to, one after the other; whatever is on its way has arrived after each."""
        names = tuple(map(_name, steps))
        assert not any("lambda" in name or " at 0x" in name for name in names), "a step is known by its name"
        if names not in self._known:
            self._known[names] = self._kept(names, steps)
        return self._known[names]

    def _kept(self, names: tuple[str, ...], steps: tuple[Step, ...]) -> Moment:
        place = self.folder / f"{len(names)}-{zlib.crc32(repr(names).encode()):08x}"
        with place.with_suffix(".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the others wait, and find it made
            kept = place.with_suffix(".moment")
            if not kept.exists():
                kept.write_bytes(pickle.dumps((names, self._made(steps, place))))
            found, made = pickle.loads(kept.read_bytes())
        assert found == names, "two stories under one number"
        assert isinstance(made, Moment)
        return made

    def _made(self, steps: tuple[Step, ...], place: Path) -> Moment:
        does, *given = steps[-1]

        async def story(life: Life) -> None:
            await does(life, *given)

        return moment(self.after(*steps[:-1]) if steps[1:] else self.begins, place, story)
