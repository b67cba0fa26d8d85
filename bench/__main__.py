"""`python -m bench`: everything; `python -m bench saturated|life|arrivals|network [BOT...] [--rounds N]`: one part."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.rounds import Bots, Load, milliseconds, ratios, take_turns

BARE = "ptb_bare"
LOADS = {
    "saturated": (Load(warm=3.0), ("pana", BARE)),
    "life": (Load(warm=3.0), ("pana-limited", BARE)),
    "arrivals": (Load(rate=60.0, people=20, warm=5.0), ("pana-limited", BARE)),
    "network": (Load(people=200, delay_ms=60.0, warm=4.0), ("pana", "ptb_bare concurrent")),
}


def tell(line: str) -> None:
    """One line while it runs."""
    print(line, file=sys.stderr, flush=True)


def part(name: str, chosen: list[str], rounds: int, seconds: float) -> None:
    """One load on some bots, and the ratios of the first to each of the others."""
    load, names = LOADS[name]
    names = tuple(chosen) or names
    load = Load(people=load.people, rate=load.rate, delay_ms=load.delay_ms, seconds=seconds, warm=load.warm)
    with tempfile.TemporaryDirectory(prefix="pana-bench-") as folder:
        found = take_turns(Bots(Path(folder)), names, load, rounds, tell)
    first, *others = names
    for name in names:
        print(f"{name}: CPU {found[name].median(milliseconds):.2f} ms an update")
    for other in others:
        each = sorted(ratios(found[first], found[other], milliseconds))
        shown = " ".join(f"{one:.2f}" for one in each)
        print(f"{first} / {other}: {each[len(each) // 2]:.3f} of its CPU (rounds {shown})")


def main() -> None:
    """Reads the words of the command line."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("part", choices=LOADS)
    parser.add_argument("bots", nargs="*", help="pana, pana-limited, or a module of bench/peers and its words")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0)
    asked = parser.parse_args()
    part(asked.part, asked.bots, asked.rounds, asked.seconds)


if __name__ == "__main__":
    main()
