"""docs/performance.md and its plots, from what the rounds have shown."""

import os
import platform
import re
import sqlite3
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import rounds as by
from bench.bots import ROOT
from bench.plot import Axis, Points, svg
from bench.rounds import Series, median, milliseconds, rate, ratios
from bench.server import Figures

NAMES = {
    by.PANA: "**Pana**, the limit of new messages lifted",
    by.HELD: "**Pana**, the same, and everybody is held",
    by.LIMITED: "**Pana**, as in life",
    by.POSTGRESQL: "**Pana** on PostgreSQL, the limit of new messages lifted",
    by.BARE: "(a) bare python-telegram-bot, as installed, stores nothing",
    by.BARE_AT_ONCE: "(a) with `concurrent_updates`",
    by.PICKLE: "(b) python-telegram-bot, ConversationHandler and PicklePersistence every 5 s",
    by.MEMORY: "(c) aiogram, FSM in memory",
    by.REDIS: "(c) aiogram, FSM in Redis",
    by.SAME_CLIENT: "(d) bare python-telegram-bot on aiohttp and uvloop, stores nothing",
    by.SAME_CLIENT_AT_ONCE: "(d) with `concurrent_updates`",
}
SHORT = {by.PANA: "Pana", by.LIMITED: "Pana", by.BARE: "(a) bare", by.SAME_CLIENT: "(d) same client"}
PICTURES = ("latency-by-load.svg", "tap-by-stored-cases.svg")

INTRO = """# What a tap costs

Written by `make bench`; nothing here is edited by hand. {machine}

People use each bot over a local Bot API server, from `/start` to the end of its questionnaire, and press what leads on.
The server and they have one core, the bot has another. Of Pana: SQLite with `synchronous=FULL` on a disk, two lawyers
on duty, two recovery keys; its people are at liberty, and send what they have answered at the end; a fourth of them
answers all of the questionnaire (48 updates), the others stop when it has enough (18). Where they are held lawyers are
called from their second answer on, and every answer goes on into the sealed case and the alerts: that row stands beside
the others. Of the others: twenty questions with cards of the same size, each press answered by `answerCallbackQuery`
and `editMessageText`.

CPU is what the system has counted for the bot and all its processes, by the updates that were answered meanwhile
(that of Redis and PostgreSQL, which share the bot's core, is left out). Latency is counted from the moment an update
was due, also where it could not be made before the answer to the one before had come, to the arrival of its card at the
server. The bots take turns; figures are medians of up to {rounds} rounds, ratios are taken within each round. Ratios
carry over to other machines; figures do not.
"""

LARGE = """The stored cases (40,000) are exported by `pana export`, again and again, and half of them are erased,
because their time is over. People press 60 times a second.
"""
FLOOD = """Two hundred accounts press whatever their card shows, whether it was answered or not. Beside them 60 people
read their cards and press every second; who has come to the end goes, and somebody new comes. Theirs is the latency,
once it has shown who presses without end. The limit of new messages is lifted.
"""

Results = dict[str, Series]


class Found(msgspec.Struct):
    """What every part has shown; a part that was not run is empty. `commits`: of which each was run."""

    saturated: Results = {}
    arrivals: Results = {}
    network: Results = {}
    latency: Results = {}
    stored: Results = {}
    intakes: Results = {}
    large: Results = {}
    flood: Results = {}
    commits: dict[str, str] = {}

    @classmethod
    def parts(cls) -> tuple[str, ...]:
        """Their names."""
        return tuple(name for name in cls.__struct_fields__ if name != "commits")

    def commit(self) -> str:
        """Of which commit all of it is, or which part of it."""
        parts: dict[str, list[str]] = {}
        for name in self.parts():
            if getattr(self, name):
                parts.setdefault(self.commits.get(name, "an earlier one"), []).append(name)
        if len(parts) <= 1:
            return next(iter(parts), commit())
        return ", ".join(f"{one} ({', '.join(names)})" for one, names in parts.items())


def commit() -> str:
    """The one that stands here."""
    changed = " with changes" if _git("status", "--porcelain", "--", "bot", "flows", "storage") else ""
    return f"{_git('rev-parse', '--short', 'HEAD')}{changed}"


def machine(found: Found) -> str:
    """Where and of which commit."""
    model = _found(r"^model name\s*: (.+)$", Path("/proc/cpuinfo"))
    memory = int(_found(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo"))) / 1024**2
    lock, peers = ROOT / "bench" / "requirements.lock", ("python-telegram-bot", "aiogram", "aiohttp")
    versions = ", ".join(f"{name} {_found(f'^{name}==([^ ]+)', lock)}" for name in peers)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {found.commit()};"
        f" {model or platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB; Linux {platform.release()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {versions}."
    )


def _found(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(), re.MULTILINE)
    return found[1] if found else ""


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def write(found: Found, page: Path, pictures: Path) -> None:
    """The page, and the plots beside it."""
    pictures.mkdir(parents=True, exist_ok=True)
    rounds = max((len(series) for part in (found.saturated, found.stored) for series in part.values()), default=1)
    parts = [INTRO.format(machine=machine(found), rounds=rounds), *_goals(found)]
    if found.saturated:
        parts += ["## As fast as they can: 32 people\n", *_table(found.saturated, by.BARE)]
    if found.arrivals:
        parts += ["## 60 updates a second, at moments that were set before\n", *_table(found.arrivals, by.SAME_CLIENT)]
    if found.network:
        parts += ["## 60 ms until each answer of the Bot API, 200 people\n", *_table(found.network, by.BARE)]
    if found.latency:
        parts += [
            "## Latency by load\n",
            f"![Latency by load]({_link(page, pictures)}{PICTURES[0]})\n",
            *_latency(found),
        ]
        (pictures / PICTURES[0]).write_text(_latency_plot(found.latency))
    if found.stored:
        parts += [
            "## Stored cases\n",
            f"![Tap by stored cases]({_link(page, pictures)}{PICTURES[1]})\n",
            *_stored(found),
        ]
        (pictures / PICTURES[1]).write_text(_stored_plot(found.stored))
    parts += [_intakes(count, series[0]) for count, series in found.intakes.items()]
    if found.large:
        parts += ["## Beside large work\n", LARGE, *_latencies("beside", found.large)]
    if found.flood:
        parts += ["## In a flood\n", FLOOD, *_latencies("updates a second of the others", found.flood)]
    page.write_text("\n".join(parts))


def _link(page: Path, pictures: Path) -> str:
    return f"{pictures.relative_to(page.parent)}/"


# --- goals ---


def _goals(found: Found) -> Sequence[str]:
    rows = [row for row in (*_cpu_goals(found), *_time_goals(found)) if row]
    return ["| what | goal | seen |", "|---|---|---|", *rows, ""] if rows else []


def _cpu_goals(found: Found) -> Sequence[str]:
    return [
        _goal(found.saturated, by.PANA, by.BARE, milliseconds, "CPU of (a), saturated", 0.30),
        _goal(found.saturated, by.LIMITED, by.BARE, milliseconds, "CPU of (a), as in life", 0.50),
        _goal(found.saturated, by.PANA, by.PICKLE, milliseconds, "CPU of (b), saturated", 1.0),
        _goal(found.saturated, by.PANA, by.REDIS, milliseconds, "CPU of (c) with Redis, saturated", 0.8),
        _goal(found.arrivals, by.LIMITED, by.SAME_CLIENT, milliseconds, "CPU of (d), 60 updates a second", 1.25),
        _goal(
            found.stored,
            _last(found.stored),
            "0",
            milliseconds,
            f"CPU of an empty database, at {int(_last(found.stored)):,} stored cases",
            1.05,
        ),
    ]


def _time_goals(found: Found) -> Sequence[str]:
    rows = [
        _goal(found.arrivals, by.LIMITED, by.BARE, lambda one: one.p99, "p99 of (a), 60 updates a second", 1.0),
        _goal(found.network, by.PANA, by.BARE, rate, "updates of (a), 60 ms of network", 30, at_least=True),
    ]
    if pana := found.network.get(by.PANA):
        rows.append(f"| p50 at 60 ms of network | under 200 ms | {1000 * median(pana, lambda one: one.p50):.0f} ms |")
    for count, series in found.intakes.items():
        rows.append(f"| memory at {int(count):,} open intakes | at most 90 MB | {series[0].megabytes:.0f} MB |")
        rows.append(f"| p99 beside them, 200 updates a second | under 50 ms | {1000 * series[0].p99:.0f} ms |")
    if large := found.large.get(by.LARGE_WORK):
        rows.append(f"| p99 beside an export and a sweep | under 50 ms | {1000 * large[0].p99:.0f} ms |")
    for others, series in found.flood.items():
        what = f"p99 of who reads the cards, in a flood of {int(others):,} updates a second"
        rows.append(f"| {what} | under 300 ms | {1000 * series[0].p99:.0f} ms |")
    return rows


def _goal(
    results: Results,
    one: str,
    other: str,
    of: Callable[[Figures], float],
    what: str,
    goal: float,
    *,
    at_least: bool = False,
) -> str:
    if one not in results or other not in results:
        return ""
    each = ratios(results[one], results[other], of)
    asked = f"at {'least' if at_least else 'most'} {goal:g} times"
    return f"| {what} | {asked} | {_spread(each)} |"


def _last(results: Results) -> str:
    return max(results, key=int, default="0")


# --- tables ---


def _table(results: Results, against: str) -> Sequence[str]:
    label = NAMES[against].partition(" ")[0]
    head = [
        "bot",
        "CPU ms an update",
        f"CPU of {label}",
        "updates a second",
        "p50 ms",
        "p99 ms",
        "calls an update",
        "MB",
    ]
    rows = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, series in results.items():
        each = ratios(series, results[against], milliseconds) if against in results else [0.0]
        cells = [
            NAMES[name],
            f"{median(series, milliseconds):.2f}",
            _spread(each),
            f"{median(series, rate):.0f}",
            f"{1000 * median(series, lambda one: one.p50):.1f}",
            f"{1000 * median(series, lambda one: one.p99):.1f}",
            f"{median(series, _calls):.2f}",
            f"{median(series, lambda one: one.megabytes):.0f}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return [*rows, ""]


def _spread(each: Sequence[float]) -> str:
    return f"{statistics.median(each):.2f} ({each[0]:.2f} to {each[-1]:.2f})"


def _calls(figures: Figures) -> float:
    return sum(count for method, count in figures.calls.items() if method != "getupdates") / max(1, figures.updates)


def _latency(found: Found) -> Sequence[str]:
    rows = ["| bot | updates a second | answered | CPU ms an update | p50 ms | p99 ms |", "|---|---|---|---|---|---|"]
    for name, series in found.latency.items():
        for one in series:
            rows.append(
                f"| {NAMES[name]} | {one.asked:.0f} | {rate(one):.0f} | {milliseconds(one):.2f}"
                f" | {1000 * one.p50:.1f} | {1000 * one.p99:.1f} |"
            )
    return [*rows, ""]


def _stored(found: Found) -> Sequence[str]:
    rows = ["| stored cases | CPU ms an update | of none | p99 ms |", "|---|---|---|---|"]
    for size, series in found.stored.items():
        each, p99 = ratios(series, found.stored["0"], milliseconds), 1000 * median(series, lambda one: one.p99)
        rows.append(f"| {int(size):,} | {median(series, milliseconds):.2f} | {_spread(each)} | {p99:.1f} |")
    return [*rows, ""]


def _intakes(count: str, one: Figures) -> str:
    return (
        f"## Open intakes\n\nBeside {int(count):,} of them, {one.asked:.0f} updates a second asked for, {rate(one):.0f}"
        f" answered: {one.megabytes:.0f} MB"
        f" resident, {milliseconds(one):.2f} ms an update, p50 {1000 * one.p50:.1f} ms, p99 {1000 * one.p99:.1f} ms.\n"
    )


def _latencies(what: str, results: Results) -> Sequence[str]:
    rows = [f"| {what} | updates a second | p50 ms | p99 ms | longest ms |", "|---|---|---|---|---|"]
    for name, series in results.items():
        one = series[0]
        times = f"{1000 * one.p50:.1f} | {1000 * one.p99:.1f} | {1000 * one.longest:.1f}"
        rows.append(f"| {name} | {rate(one):.0f} | {times} |")
    return [*rows, ""]


# --- plots ---


def _latency_plot(results: Results) -> str:
    lines: dict[str, Points] = {}
    for name, series in results.items():
        lines[f"{SHORT[name]}, p50"] = [(one.asked, 1000 * one.p50) for one in series]
        lines[f"{SHORT[name]}, p99"] = [(one.asked, 1000 * one.p99) for one in series]
    across = Axis("updates a second, at moments that were set before", (10, 30, 60, 100, 200, 400, 800), log=True)
    return svg("Latency by load", across, Axis("milliseconds", (1, 3, 10, 30, 100, 300, 1000), log=True), lines)


def _stored_plot(results: Mapping[str, Series]) -> str:
    points = [(max(1000.0, float(size)), median(series, milliseconds)) for size, series in results.items()]
    most = max(y for _, y in points)
    step = next(one for one in (0.25, 0.5, 1, 2, 5) if most * 1.2 / one <= 8)
    up = Axis("CPU ms an update", [number * step for number in range(int(most * 1.2 / step) + 2)])
    across = Axis("stored cases (an empty database at the left)", (1000, 10_000, 100_000, 400_000), log=True)
    return svg("Cost of a tap by stored cases", across, up, {"Pana": points})
