"""Rounds in which the bots take turns, so that a machine that slows down slows all of them.

What is told of a bot is the median of its rounds; a ratio is taken within each round, and its median afterwards.
"""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from bench import cpu, fill, postgresql
from bench.bots import Bot, Pana, Server, on_core, peer
from bench.postgresql import Postgres
from bench.server import Figures, Run
from bot.demo.instance import Instance

PANA, LIMITED, HELD, BARE = "pana", "pana-limited", "pana-held", "ptb_bare"
PICKLE, MEMORY, REDIS, SAME_CLIENT = "ptb_conversation", "aiogram_fsm", "aiogram_fsm redis", "ptb_aiohttp"
POSTGRESQL = "pana-postgresql"
BARE_AT_ONCE, SAME_CLIENT_AT_ONCE = f"{BARE} concurrent", f"{SAME_CLIENT} concurrent"
SETTLED, SETTLED_SECONDS = 0.05, 1.0  # of a core, for so long
Tell = Callable[[str], None]
Series = list[Figures]  # the same bot under the same load, round by round


class Load(msgspec.Struct, frozen=True):
    """What people do. `rate`: updates a second; 0 is a closed loop, in which everybody acts as soon as they can.

    `flood`: of others, who press without end.
    """

    people: int = 32
    rate: float = 0.0
    delay_ms: float = 0.0
    seconds: float = 5.0
    warm: float = 3.0
    held: bool = False
    flood: float = 0.0


# Who reads the cards presses every second, and comes and goes. It counts once it is known who presses without end.
IN_A_FLOOD = Load(people=60, rate=60.0, seconds=24.0, warm=8.0, flood=1000.0)


def at_rate(rate: float, seconds: float) -> Load:
    """Arrivals at set moments: each person acts about six times a second.

    So the warm-up is as long as a conversation, and people are everywhere in theirs when it ends.
    """
    return Load(people=max(4, round(rate / 6)), rate=rate, seconds=seconds, warm=5.0)


def milliseconds(figures: Figures) -> float:
    """CPU of the bot for an update, in milliseconds."""
    return 1000 * figures.cpu / max(1, figures.updates)


def rate(figures: Figures) -> float:
    """Updates a second."""
    return figures.updates / figures.seconds


def median(series: Series, of: Callable[[Figures], float]) -> float:
    """The middle one of the rounds."""
    return statistics.median(map(of, series))


def middle(series: Series) -> Figures:
    """The round whose CPU is the middle one."""
    return sorted(series, key=milliseconds)[len(series) // 2]


def ratios(one: Series, other: Series, of: Callable[[Figures], float]) -> Sequence[float]:
    """Of one to the other, round by round, the least first."""
    return sorted(of(mine) / max(of(its), 1e-9) for mine, its in zip(one, other, strict=True))


class Bots:
    """How each bot is started, by its name: `pana`, `pana-limited`, or a peer's module and its words.

    `pana-held` is `pana`, with people who are held; `pana-postgresql` has the other database.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.pana = folder, Pana(folder)
        self._postgres = Postgres(folder / "postgresql")

    def begin(self, name: str, url: str) -> Bot:
        """Starts it afresh."""
        if name in {PANA, LIMITED, HELD}:
            return self.pana.begin(url, self.pana.copy(), limited=name == LIMITED)
        if name == POSTGRESQL:
            return self.pana.on(self._postgres, url)
        module, *words = name.split()
        folder = self.folder / "peer"
        shutil.rmtree(folder, ignore_errors=True)
        if name == REDIS:
            words = [*words, f"unix://{self.folder / 'redis.sock'}"]
        return peer(url, folder, module, *words)

    def begin_on(self, folder: Path, url: str) -> Bot:
        """Pana on an instance that is there, the limit of new messages lifted."""
        return self.pana.begin(url, folder, limited=False)

    def known(self, names: Sequence[str]) -> Sequence[str]:
        """Those that can run on this machine."""
        lacks = {REDIS: not shutil.which("redis-server"), POSTGRESQL: not postgresql.is_here()}
        return [name for name in names if not lacks.get(name)]

    @contextlib.contextmanager
    def beside(self, name: str) -> Iterator[None]:
        """Redis or PostgreSQL, where a bot needs it: on the bot's core; its CPU is not counted as the bot's."""
        if name == POSTGRESQL:
            with on_core(last=True), self._postgres.running():
                yield
            return
        if name != REDIS:
            yield
            return
        socket = self.folder / "redis.sock"
        with on_core(last=True):
            redis = subprocess.Popen(
                ["redis-server", "--port", "0", "--unixsocket", str(socket), "--dir", str(self.folder)],
                stdout=subprocess.DEVNULL,
            )
        try:
            yield
        finally:
            redis.terminate()
            redis.wait()


def measured(begin: Callable[[str], Bot], load: Load, *, settles: bool = False) -> Figures:
    """One round of a bot, which is started for it. `settles`: what it does at its start is over before people come."""
    with contextlib.closing(Server(load.delay_ms)) as server, contextlib.closing(begin(server.url)) as bot:
        while settles and cpu_of(bot.pid, SETTLED_SECONDS) > SETTLED:
            pass
        return server.run(
            Run(
                pid=bot.pid,
                people=load.people,
                seconds=load.seconds,
                warm=load.warm,
                rate=load.rate,
                held=load.held,
                flood=load.flood,
            )
        )


def cpu_of(pid: int, within: float) -> float:
    """The part of a core that it uses in so many seconds."""
    before = cpu.seconds(pid)
    time.sleep(within)
    return (cpu.seconds(pid) - before) / within


def take_turns(bots: Bots, names: Sequence[str], load: Load, rounds: int, tell: Tell) -> Mapping[str, Series]:
    """So many rounds of each."""
    names = bots.known(names)
    found: dict[str, Series] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            with bots.beside(name):
                figures = measured(partial(bots.begin, name), msgspec.structs.replace(load, held=name == HELD))
            found[name].append(figures)
            tell(f"{number + 1}/{rounds} {name}: {line(figures)}")
    return found


def stored_cases(bots: Bots, sizes: Sequence[int], rounds: int, load: Load, tell: Tell) -> Mapping[str, Series]:
    """The cost of a tap on instances with so many closed cases, which take turns."""
    found: dict[str, Series] = {str(size): [] for size in sizes}
    folders = {size: bots.pana.copy(f"with-{size}") for size in sizes}
    for size, folder in folders.items():
        if size:
            fill.cases(folder, size)
            tell(f"{size} cases are stored")
    for number in range(rounds):
        for size, folder in folders.items():
            figures = measured(partial(bots.begin_on, folder), load, settles=True)
            fill.close_all(folder)
            found[str(size)].append(figures)
            tell(f"{number + 1}/{rounds} {size} cases: {line(figures)}")
    for folder in folders.values():
        shutil.rmtree(folder)
    return found


def open_intakes(bots: Bots, count: int, load: Load, tell: Tell) -> Figures:
    """Beside so many open intakes, which some people have left behind."""
    folder = bots.pana.copy()
    measured(partial(bots.begin_on, folder), Load(seconds=1.0, warm=1.0))
    fill.intakes(folder, count)
    figures = measured(partial(bots.begin_on, folder), load, settles=True)
    tell(f"{count} open intakes: {line(figures)}")
    return figures


NOTHING_ELSE, LARGE_WORK = "nothing else", "an export and a sweep"


def beside_large_work(bots: Bots, cases: int, load: Load, tell: Tell) -> Mapping[str, Series]:
    """Taps while so many cases are exported, again and again, and half of them are erased: their time is over."""
    folder = bots.pana.copy()
    fill.cases(folder, cases)
    tell(f"{cases} cases are stored")
    found = {NOTHING_ELSE: [measured(partial(bots.begin_on, folder), load, settles=True)]}
    tell(f"{NOTHING_ELSE}: {line(found[NOTHING_ELSE][0])}")
    fill.close_all(folder)
    fill.overdue(folder, cases // 2)
    with exports(folder):
        found[LARGE_WORK] = [measured(partial(bots.begin_on, folder), load)]
    left = fill.count(folder)
    tell(f"{LARGE_WORK}: {line(found[LARGE_WORK][0])}; {left} of {cases} cases are left")
    if left >= cases:
        raise RuntimeError("nothing was erased meanwhile")
    shutil.rmtree(folder)
    return found


@contextlib.contextmanager
def exports(folder: Path) -> Iterator[None]:
    """`pana export` beside it, one after the other, wherever the system has a core for it."""
    again = f"while {sys.executable} -m bot export one.zip; do rm one.zip; done"
    with (folder / "export.log").open("wb") as log:
        loop = subprocess.Popen(
            ["sh", "-c", again],
            cwd=folder,
            env=Instance(folder, "", fill.NOWHERE).environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield
        if loop.poll() is not None:
            raise RuntimeError(f"the export failed: {(folder / 'export.log').read_text()[-2000:]}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(loop.pid, signal.SIGKILL)
        loop.wait()


def in_a_flood(bots: Bots, load: Load, tell: Tell) -> Figures:
    """What whoever reads the cards meets beside those who press without end."""
    figures = measured(partial(bots.begin, PANA), load)
    tell(f"{load.flood:.0f} a second of others: {line(figures)}")
    return figures


def latency(bots: Bots, names: Sequence[str], rates: Sequence[float], tell: Tell) -> Mapping[str, Series]:
    """Each bot at these rates; no more of them once it is behind by a second."""
    found: dict[str, Series] = {}
    for name in names:
        series = found.setdefault(name, [])
        for wanted in rates:
            figures = measured(partial(bots.begin, name), at_rate(wanted, 3.0))
            series.append(figures)
            tell(f"{wanted:.0f}/s {name}: {line(figures)}")
            if figures.p99 > 1.0 or figures.behind > wanted:
                break
    return found


def line(figures: Figures) -> str:
    """What one round has shown."""
    calls = sum(count for method, count in figures.calls.items() if method != "getupdates")
    return (
        f"{rate(figures):.0f}/s, CPU {milliseconds(figures):.2f} ms an update, p50 {1000 * figures.p50:.1f} ms,"
        f" p99 {1000 * figures.p99:.1f} ms, {calls / max(1, figures.updates):.2f} calls an update,"
        f" {figures.whole} whole conversations, {figures.megabytes:.0f} MB,"
        f" the other core {figures.own_cpu / figures.seconds:.0%}"
    )
