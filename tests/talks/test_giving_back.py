"""A case goes back to those who wait, in each of the ways that there are: whichever it is, nothing is left undone."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from bot.handoff.giving_back import GivingBack
from bot.speech.presses import Claim, Free, OfClaim
from bot.speech.texts import coordinator
from storage.case import Case, Claimed, Waiting
from tests.talks.talks import Talks, talks
from tests.talks.test_claims import AIGUL, BORIS, CLARA, PERSON, contact, does, handoff, member, reached, taken

__all__ = ["talks"]  # a fixture


def gives_back(talks: Talks) -> Case:
    """Boris presses the button."""
    case = taken(talks)
    does(talks, BORIS, OfClaim(case.code, Claim.give_back))
    return case


def is_stopped(talks: Talks) -> Case:
    """Boris is suspended."""
    case = taken(talks)
    boris = member(talks, "Boris")
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, boris, force=True))
    talks.deliver()
    return case


def is_freed(talks: Talks) -> Case:
    """Nothing was heard for three days, and Clara gives the case to others."""
    case = reached(talks)
    talks.pass_by(hours=73)
    does(talks, CLARA, Free(case.code))
    return case


def lapses(talks: Talks) -> Case:
    """Nobody was reached in time; the ladder looks once."""
    case = taken(talks)
    until = handoff(talks).lease_until
    assert until is not None
    talks.at = until
    talks.change(lambda tx: talks.core.looking.look(tx, case.row))
    talks.deliver()
    return case


# How each comes about, what the person's card says of it, and a line to the coordinators.
WAYS: Mapping[str, tuple[Callable[[Talks], Case], str, str]] = {
    "given_back": (gives_back, "returned", coordinator.LINE_GIVEN_BACK),
    "stopped": (is_stopped, "returned", coordinator.LINE_SUSPENDED),
    "freed": (is_freed, "returned", coordinator.LINE_FREED),
    "lapsed": (lapses, "lapsed", coordinator.LINE_LAPSED),
}


def test_each_way_is_seen_here() -> None:
    """A new one has its story too."""
    assert set(WAYS) == {name for name, of in vars(GivingBack).items() if callable(of) and not name.startswith("_")}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_case_goes_back_whole(talks: Talks, way: str) -> None:
    """At once others are called, everybody is told, and the chat of who had it keeps nothing of the case."""
    happens, over, line = WAYS[way]
    case = happens(talks)
    assert isinstance(talks.case(), Waiting)
    assert [at for chat, at in talks.rings if chat == AIGUL][-1] == talks.at
    assert "Зовём юриста" in talks.text(PERSON)
    assert contact(talks).over == over
    told = line % {"time": "|", "code": case.code, "name": "Boris", "key": "|"}
    assert max(told.split("|"), key=len) in talks.seen(CLARA)
    assert [one for one in talks.chats[BORIS].values() if one.document is not None] == []


@pytest.mark.parametrize("way", ["freed", "lapsed"])
def test_a_claim_that_holds_goes_back_in_no_other_way(talks: Talks, way: str) -> None:
    """Time and coordinators ask for it; nothing happens before it is due."""
    case = taken(talks)
    until = handoff(talks).lease_until
    assert until is not None
    talks.at = until - timedelta(seconds=1)
    of = getattr(talks.core.giving_back, way)
    assert talks.change(lambda tx: of(tx, talks.core.cases.get(tx, case.row))) is False
    assert isinstance(talks.case(), Claimed)
