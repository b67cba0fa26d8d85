"""Rounds in which the bots take turns, so that a machine that slows down slows all of them; medians, and ratios.

A ratio is taken within each round, and its median afterwards.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.bots import Bot, Pana, Server, peer
from bench.server import Figures, Run

Begin = Callable[[str], Bot]


@dataclass(frozen=True, slots=True)
class Load:
    """What people do. `rate`: updates a second; 0 is a closed loop, in which everybody acts at once."""

    people: int = 32
    rate: float = 0.0
    delay_ms: float = 0.0
    seconds: float = 6.0
    warm: float = 2.0


@dataclass(slots=True)
class Series:
    """The same bot under the same load, round by round."""

    rounds: list[Figures] = field(default_factory=list)

    def median(self, of: Callable[[Figures], float]) -> float:
        """The middle one of the rounds."""
        return statistics.median(map(of, self.rounds))


def milliseconds(figures: Figures) -> float:
    """CPU of the bot for an update, in milliseconds."""
    return 1000 * figures.cpu / max(1, figures.updates)


def rate(figures: Figures) -> float:
    """Updates a second."""
    return figures.updates / figures.seconds


def ratios(one: Series, other: Series, of: Callable[[Figures], float]) -> list[float]:
    """Round by round."""
    return [of(mine) / of(its) for mine, its in zip(one.rounds, other.rounds, strict=True)]


class Bots:
    """How each bot is started, by its name."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._pana = folder, Pana(folder)

    def begin(self, name: str, url: str) -> Bot:
        """`pana`, `pana-limited`, or a peer: its module and its words."""
        if name.startswith("pana"):
            return self._pana.begin(url, self._pana.copy(), limited=name == "pana-limited")
        module, *words = name.split()
        return peer(url, self._folder / "peer", module, *words)


def once(bots: Bots, name: str, load: Load) -> Figures:
    """One round of one bot, which is started for it."""
    server = Server(load.delay_ms)
    try:
        bot = bots.begin(name, server.url)
        try:
            return server.run(
                Run(pid=bot.pid, people=load.people, seconds=load.seconds, warm=load.warm, rate=load.rate)
            )
        finally:
            bot.end()
    finally:
        server.close()


def take_turns(
    bots: Bots, names: Sequence[str], load: Load, rounds: int, tell: Callable[[str], None]
) -> Mapping[str, Series]:
    """So many rounds of each."""
    found = {name: Series() for name in names}
    for number in range(rounds):
        for name in names:
            figures = once(bots, name, load)
            found[name].rounds.append(figures)
            tell(f"{number + 1}/{rounds} {name}: {line(figures)}")
    return found


def line(figures: Figures) -> str:
    """What one round has shown."""
    calls = sum(count for method, count in figures.calls.items() if method != "getupdates")
    return (
        f"{rate(figures):.0f}/s, CPU {milliseconds(figures):.2f} ms an update, p50 {1000 * figures.p50:.1f} ms,"
        f" p99 {1000 * figures.p99:.1f} ms, {calls / max(1, figures.updates):.2f} calls an update,"
        f" {figures.whole} whole conversations, {figures.megabytes:.0f} MB,"
        f" the server's core {figures.own_cpu / figures.seconds:.0%}"
    )
