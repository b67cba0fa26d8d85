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
    left = [one for one in found if not any(_covers(other, one) for other in found)]
    left = sorted(left, key=lambda one: any(_outweighs(other, one) for other in left))
    left = left if story else [one for one in left if not any(_outweighs(other, one) for other in left)]
    nothing = [one.words for one in left if NOTHING in one.keys]
    left = [one for one in left if NOTHING not in one.keys and not any(one.words & words for words in nothing)]
    single = dict.fromkeys(key for one in left if len(one.keys) == 1 and not one.weak for key in one.keys)
    open_ones = [one.keys for one in left if (len(one.keys) > 1 or one.weak) and not one.keys & set(single)]
    return Resolved(tuple(single), tuple(dict.fromkeys(key for keys in open_ones for key in sorted(keys))))


def _outweighs(other: Match, one: Match) -> bool:
    """What cannot be told apart goes with any of its meanings. Two that outweigh each other both stay."""
    if other.keys <= one.over:
        return False
    return bool(one.keys & other.over) if len(one.keys) > 1 else one.keys <= other.over


def _covers(other: Match, one: Match) -> bool:
    """Of two that say different things the longer one."""
    return one.words < other.words and not one.keys <= other.keys
