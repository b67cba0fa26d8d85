"""What of all that was found in a text counts: the longest, what outweighs, what cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.words.matching import Match
from flows.words.vocabulary import NOTHING

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Resolved:
    """`sure`: what is said; `perhaps`: what of it cannot be told apart, to be offered."""

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


def resolved(found: Sequence[Match], *, story: bool = False) -> Resolved:
    """The longest match counts where one covers another; then those that are outweighed go; then what is no answer.

    Of a story, which tells what came before as well, what is outweighed stays, behind the rest.
    """
    longest = [one for one in found if not any(_covers(other, one) for other in found)]
    outweighed = [one for one in longest if any(_outweighs(other, one) for other in longest)]
    first = [one for one in longest if one not in outweighed]
    return _told(_answers([*first, *outweighed] if story else first))


def _answers(found: Sequence[Match]) -> Sequence[Match]:
    """Without what is no answer, and what it shares a word with."""
    nothing = [one.words for one in found if NOTHING in one.keys]
    return [one for one in found if NOTHING not in one.keys and not any(one.words & words for words in nothing)]


def _told(found: Sequence[Match]) -> Resolved:
    """What is said for certain, and what remains open beside it."""
    certain = [one.keys for one in found if len(one.keys) == 1 and not one.weak]
    sure = dict.fromkeys(key for keys in certain for key in keys)
    open_ones = [one.keys for one in found if one.keys not in certain and not one.keys & set(sure)]
    return Resolved(tuple(sure), tuple(dict.fromkeys(key for keys in open_ones for key in sorted(keys))))


def _outweighs(other: Match, one: Match) -> bool:
    """What cannot be told apart goes with any of its meanings. Two that outweigh each other, or say the same, stay."""
    if other.keys <= one.over or other.keys == one.keys:
        return False
    return bool(one.keys & other.over) if len(one.keys) > 1 else one.keys <= other.over


def _covers(other: Match, one: Match) -> bool:
    """Of two that say different things the longer one."""
    return one.words < other.words and not one.keys <= other.keys
