"""`python -m bench`: every part, and docs/performance.md; with the name of a part, that part and its ratios alone.

`python -m bench saturated pana ptb_bare --rounds 3` compares some bots under one load and writes nothing.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench import rounds as by
from bench.bots import ROOT
from bench.page import Found, commit, write
from bench.rounds import Bots, Load, at_rate, line, milliseconds, ratios, take_turns

SCRATCH = ROOT / ".bench"  # on the disk of the program: /tmp may be memory, where a durable write costs nothing
LOADS = {
    "saturated": Load(seconds=4.0, warm=2.5),
    "arrivals": at_rate(60.0, 4.0),
    "network": Load(people=200, delay_ms=60.0, seconds=5.0, warm=5.0),
}
BOTS = {
    "saturated": (by.PANA, by.LIMITED, by.HELD, by.POSTGRESQL, by.BARE, by.PICKLE, by.MEMORY, by.REDIS, by.SAME_CLIENT),
    "arrivals": (by.LIMITED, by.BARE, by.SAME_CLIENT),
    "network": (by.PANA, by.BARE, by.BARE_AT_ONCE, by.SAME_CLIENT_AT_ONCE),
}
EXPORTED = 40_000  # cases
SIZES, INTAKES = (0, 10_000, 100_000, 400_000), 10_000
RATES = (30.0, 60.0, 120.0, 200.0, 300.0, 450.0, 600.0, 800.0)


def tell(text: str) -> None:
    """A line while it runs."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def scratch() -> Iterator[Bots]:
    """A folder for instances, which goes again."""
    SCRATCH.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=SCRATCH))
    try:
        yield Bots(folder)
    finally:
        shutil.rmtree(folder)


def compare(part: str, names: list[str], rounds: int, seconds: float | None) -> None:
    """Some bots under one load, and the ratios of the first to each of the others."""
    load = LOADS[part] if seconds is None else msgspec.structs.replace(LOADS[part], seconds=seconds)
    with scratch() as bots:
        found = take_turns(bots, names or BOTS[part], load, rounds, tell)
    first, *others = found
    for name, series in found.items():
        print(f"{name}: {line(by.middle(series))}")
    for other in others:
        each = ratios(found[first], found[other], milliseconds)
        print(f"{first} / {other}: {statistics.median(each):.3f} of its CPU ({each[0]:.3f} to {each[-1]:.3f})")


def everything(rounds: int, only: str | None) -> None:
    """Every part in turn, then the page: about twenty minutes. Fewer rounds where each takes long.

    `only`: one part anew; the others are as they were found before.
    """
    few, kept = (rounds + 1) // 2, SCRATCH / "found.json"
    parts: dict[str, Callable[[Bots], Mapping[str, by.Series]]] = {
        "saturated": lambda bots: take_turns(bots, BOTS["saturated"], LOADS["saturated"], rounds, tell),
        "arrivals": lambda bots: take_turns(bots, BOTS["arrivals"], LOADS["arrivals"], rounds, tell),
        "network": lambda bots: take_turns(bots, BOTS["network"], LOADS["network"], few, tell),
        "latency": lambda bots: by.latency(bots, (by.PANA, by.BARE, by.SAME_CLIENT), RATES, tell),
        "stored": lambda bots: by.stored_cases(bots, SIZES, few, Load(seconds=3.0, warm=1.5), tell),
        "intakes": lambda bots: {str(INTAKES): [by.open_intakes(bots, INTAKES, at_rate(200.0, 5.0), tell)]},
        "large": lambda bots: by.beside_large_work(bots, EXPORTED, at_rate(60.0, 10.0), tell),
        "flood": lambda bots: {f"{by.IN_A_FLOOD.flood:.0f}": [by.in_a_flood(bots, by.IN_A_FLOOD, tell)]},
    }
    found = msgspec.json.decode(kept.read_bytes(), type=Found) if only and kept.exists() else Found()
    with scratch() as bots:
        for name, part in parts.items():
            if only in {None, name}:
                setattr(found, name, dict(part(bots)))
                found.commits[name] = commit()
                kept.write_bytes(msgspec.json.encode(found))
    write(found, ROOT / "docs" / "performance.md", ROOT / "docs" / "pictures")
    tell("docs/performance.md is written")


def quick() -> None:
    """A glimpse of every part in two minutes; the documentation stays as it is."""
    short = Load(seconds=2.0, warm=1.5)
    far = Load(people=200, delay_ms=60.0, seconds=2.0, warm=2.0)
    with scratch() as bots:
        found = Found(
            saturated=dict(take_turns(bots, BOTS["saturated"], short, 1, tell)),
            arrivals=dict(take_turns(bots, BOTS["arrivals"], at_rate(60.0, 2.0), 1, tell)),
            network=dict(take_turns(bots, BOTS["network"][:2], far, 1, tell)),
            latency=dict(by.latency(bots, (by.PANA,), RATES[:2], tell)),
            stored=dict(by.stored_cases(bots, SIZES[:2], 1, short, tell)),
            intakes={"1000": [by.open_intakes(bots, 1000, at_rate(60.0, 2.0), tell)]},
            large=dict(by.beside_large_work(bots, 1000, at_rate(60.0, 2.0), tell)),
            flood={"1000": [by.in_a_flood(bots, by.IN_A_FLOOD, tell)]},
        )
    write(found, SCRATCH / "quick.md", SCRATCH / "pictures")
    print((SCRATCH / "quick.md").read_text())


def main() -> None:
    """Reads the words of the command line."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("part", nargs="?", choices=LOADS, help="one load; without it, every part, and the page")
    parser.add_argument("bots", nargs="*", help="pana, pana-limited, pana-held, or one of bench/peers and its words")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, help="that count, of each round")
    parser.add_argument("--only", choices=Found.parts(), help="this part anew, and the page")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    if asked.part:
        compare(asked.part, asked.bots, asked.rounds, asked.seconds)
    elif asked.quick:
        quick()
    else:
        everything(asked.rounds, asked.only)


if __name__ == "__main__":
    main()
