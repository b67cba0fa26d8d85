"""What tests ask of a case that must be in one state, and who joins those that may take it."""

from bot.wiring.core import Core
from storage.case import Case, Claim, Claimed, Handed, Handoff
from storage.members import Member, Role
from storage.sealing import age
from storage.tx import Tx


def joins(
    tx: Tx, core: Core, name: str, telegram_id: int, *, role: Role = "lawyer", language: str = "ru", met: bool = False
) -> Member:
    """One more member with a key of their own, who is not on call."""
    return core.membership.add(
        tx,
        name=name,
        telegram_id=telegram_id,
        role=role,
        languages=[language],
        regions=(),
        recipient=age.recipient_of(age.generate_identity()),
        on_call=False,
        met=met,
    )


def claim(case: Case | None) -> Claim:
    """Its claim; it must have one."""
    assert isinstance(case, Claimed), case
    return case.claim


def handoff(case: Case | None) -> Handoff:
    """Its handoff; it must be before the lawyers."""
    assert isinstance(case, Handed), case
    return case.handoff
