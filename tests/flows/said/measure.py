"""How much of what people type is understood: each line of the lists, read where it was typed.

`python -m tests.flows.said.measure [-v] [file...]` prints the table; `make said` does it for every list.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bot.seeker.own_words import cries_for_help
from flows.model import Flow
from flows.said.asking import Asking
from flows.said.before import read_consent, read_language
from flows.said.choices import Offer, Taken, read_choice
from flows.said.commands import Wish, read_sent, read_wish

LISTS = Path(__file__).parent
FLOW = Path("flows/kazakhstan/intake.yaml")
TODAY = date(2026, 11, 26)  # a Thursday
LANGUAGES = ("ru", "kk", "en")
GONE = {Wish.hide, Wish.delete, Wish.withdraw}
HOW = ("right", "offered", "none", "wrong")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: where it was typed, what it means, what was said."""

    at: str
    means: str
    said: str

    @property
    def accepted(self) -> set[frozenset[str]]:
        """The readings that are right."""
        return {frozenset(one.split("+")) for one in self.means.split(" ")[0].split("|")}

    @property
    def nothing(self) -> bool:
        """It must not be taken as any answer."""
        return self.means.startswith("-")


@cache
def flow() -> Flow:
    """That of every other test of the questionnaire, read once."""
    from tests.flows import test_engine

    return test_engine.FLOW


def lines(path: Path) -> Iterator[Line]:
    for one in path.read_text(encoding="utf-8").splitlines():
        if one and not one.startswith("#"):
            at, means, said = one.split("\t")
            yield Line(at, means, said)


def read(line: Line, language: str) -> Taken | Offer | None:
    """What the program makes of it."""
    match line.at:
        case "language":
            found = read_language(flow().vocabulary, line.said, LANGUAGES, "ru")
        case "consent":
            said = read_consent(flow().vocabulary, line.said)
            found = said.value if said is not None and said.value in {"urgent", "continue", "leave"} else None
        case "any":
            wish = read_wish(flow(), line.said)
            found = wish.value if wish is not None else None
        case "sent":
            found = read_sent(flow(), line.said)
        case "cry":  # wherever it is typed
            found = "urgent" if cries_for_help(flow(), line.said) else None
        case "gone":  # what nobody can take back, before sending or after it
            both = read_wish(flow(), line.said), read_sent(flow(), line.said)
            found = next((one for one in both if one in GONE), None)
        case _:
            question = flow().question(line.at)
            return read_choice(flow(), question, line.said, Asking(today=TODAY, language=language))
    return Taken((found,)) if found is not None else None


def judged(line: Line, got: Taken | Offer | None) -> str:
    """One of HOW. `wrong`: another answer, or buttons among which the right one is not."""
    if got is None:
        return "right" if line.nothing else "none"
    if line.nothing:
        return "wrong"
    accepted = line.accepted
    if isinstance(got, Taken):
        return "right" if frozenset(got.options) in accepted else "wrong"
    return "offered" if any(one <= {*got.options} for one in accepted) else "wrong"


def measured(path: Path, part: int = 1) -> tuple[dict[str, Counter[str]], list[tuple[Line, Taken | Offer | None, str]]]:
    """By place how many of each kind, and every line with what became of it. `part`: of one line in so many."""
    counted, every = defaultdict[str, Counter[str]](Counter), []
    for line in list(lines(path))[::part]:
        got = read(line, path.stem[:2])
        how = judged(line, got)
        counted[line.at][how] += 1
        every.append((line, got, how))
    return counted, every


def table(counted: dict[str, Counter[str]]) -> Iterator[str]:
    yield f"{'':10}" + "".join(f"{one:>9}" for one in HOW)
    for at, each in [*counted.items(), ("all", sum(counted.values(), Counter[str]()))]:
        yield f"{at:10}" + "".join(f"{each[one]:9}" for one in HOW) + f"{share(each):8.0%}"


def share(each: Counter[str]) -> float:
    """Understood: right, or offered."""
    return (each["right"] + each["offered"]) / max(1, each.total())


def main(arguments: Sequence[str]) -> None:
    shown = "-v" in arguments
    for path in [Path(one) for one in arguments if one != "-v"] or sorted(LISTS.glob("*.tsv")):
        counted, every = measured(path)
        print(path.name, *table(counted), sep="\n")
        for line, got, how in every:
            if how == "wrong" or (shown and how == "none"):
                print(
                    f"{how:6} {line.at:9} {line.means:22} {line.said!r}: {got and (type(got).__name__, *got.options)}"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
